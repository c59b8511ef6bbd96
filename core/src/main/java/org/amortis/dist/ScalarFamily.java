package org.amortis.dist;

import org.amortis.array.Shape;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;

/** What reparameterised distributions of scalars share. */
interface ScalarFamily extends Distribution {
    @Override
    default Shape eventShape() {
        return Shape.SCALAR;
    }

    @Override
    default boolean reparameterized() {
        return true;
    }

    @Override
    default Tensor sample(Key key, int n) {
        return rsample(key, n).stopGradient();
    }
}
