package org.amortis.flow;

import org.amortis.tensor.Tensor;

/** A velocity dz/dt = v(z, t) of given weights and context. Rows do not depend on each other. */
@FunctionalInterface
public interface VelocityField {
    /**
     * The velocity.
     *
     * @param t time of each row [rows..]
     * @param z [rows.., D]
     * @return [rows.., D]
     */
    Tensor at(Tensor t, Tensor z);
}
