package org.amortis.flow;

import org.amortis.tensor.Tensor;

/**
 * Where a continuous flow takes values, and what lies on the way.
 *
 * @param value mapped values [rows.., D]
 * @param logDet log |det| of the direction taken [rows..]
 * @param kinetic integral of |v|^2 over time [rows..], not negative in either direction
 * @param jacobian integral of the squared Frobenius norm of dv/dz, or its unbiased estimate, over time [rows..]
 * @param finished BOOL [rows..], which rows arrived; the others are NaN
 * @param evaluations I32 [rows..], evaluations of the velocity
 */
public record ContinuousSolution(
        Tensor value, Tensor logDet, Tensor kinetic, Tensor jacobian, Tensor finished, Tensor evaluations) {}
