package org.amortis.langevin;

import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Sums of which terms may be absent, and the normal densities of kernels. */
final class Terms {
    private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

    private Terms() {}

    static @Nullable Tensor sum(@Nullable Tensor a, @Nullable Tensor b) {
        return a == null ? b : b == null ? a : a.add(b);
    }

    static @Nullable Tensor neg(@Nullable Tensor a) {
        return a == null ? null : a.neg();
    }

    /** x + factor y. */
    static Tensor plus(Tensor x, Tensor factor, @Nullable Tensor y) {
        return y == null ? x : x.add(factor.mul(y));
    }

    /** Log density of a centred normal at e, of variance s2 that broadcasts against it [..]. */
    static Tensor logNormal(Tensor e, Tensor s2) {
        return e.square().div(s2).add(s2.log()).add(LOG_TWO_PI).mul(-0.5).sum(Tensor.LAST);
    }
}
