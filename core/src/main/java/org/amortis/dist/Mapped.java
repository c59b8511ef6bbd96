package org.amortis.dist;

import org.amortis.tensor.Tensor;

/**
 * What a bijection returns: values and the logarithm of the absolute Jacobian determinant of the direction taken.
 *
 * @param value mapped values [.., event]
 * @param logDet log |det| of the map at each value [..]
 */
public record Mapped(Tensor value, Tensor logDet) {}
