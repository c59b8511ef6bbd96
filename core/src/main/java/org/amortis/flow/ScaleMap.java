package org.amortis.flow;

import org.amortis.tensor.Tensor;

/** How an affine transformer makes a positive scale s of a number a that a network puts out. */
public enum ScaleMap {
    /**
     * s = exp(a / (1 + |a| / 6.9)): between 1e-3 and 1e3 whatever the network says, slope 1 at zero. The default.
     */
    SOFT_EXP {
        @Override
        Tensor logScale(Tensor a) {
            return a.div(a.abs().mul(1 / LIMIT).add(1));
        }
    },
    /** s = exp(a), unbounded: overflows where the network puts out large numbers. */
    EXP {
        @Override
        Tensor logScale(Tensor a) {
            return a;
        }
    },
    /** s = sigmoid(a + 2) + 1e-3, at most 1.001, as RealNVP code often has it; 0.88 at a = 0, so no identity start. */
    SIGMOID {
        @Override
        Tensor scale(Tensor a) {
            return a.add(2).sigmoid().add(FLOOR);
        }

        @Override
        Tensor logScale(Tensor a) {
            return scale(a).log();
        }
    },
    /** s = softplus(a + constant) + 1e-2, the constant such that a = 0 gives 1; grows only linearly. */
    SOFTPLUS {
        @Override
        Tensor scale(Tensor a) {
            return a.add(Math.log(Math.expm1(1 - 1e-2))).softplus().add(1e-2);
        }

        @Override
        Tensor logScale(Tensor a) {
            return scale(a).log();
        }
    },
    /** s = min(softplus(a + constant) + 1e-3, 3), the constant such that a = 0 gives 1; no gradient at the upper bound. */
    BOUNDED_SOFTPLUS {
        @Override
        Tensor scale(Tensor a) {
            return a.add(Math.log(Math.expm1(1 - FLOOR))).softplus().add(FLOOR).minimum(3);
        }

        @Override
        Tensor logScale(Tensor a) {
            return scale(a).log();
        }
    };

    private static final double FLOOR = 1e-3;

    /** Bound of log s: -log(1e-3). */
    private static final double LIMIT = 6.907755278982137;

    /** s. */
    Tensor scale(Tensor a) {
        return logScale(a).exp();
    }

    /** log s. */
    abstract Tensor logScale(Tensor a);
}
