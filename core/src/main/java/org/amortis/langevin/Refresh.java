package org.amortis.langevin;

import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A partial refreshment v' = alpha v + s u + sqrt(s m) noise, backward mean alpha v' + s r, the same spread.
 *
 * @param alpha what is kept
 * @param s variance for unit mass
 * @param keep (1 - alpha^2) / s, without cancellation; null for one
 */
record Refresh(Tensor alpha, Tensor s, @Nullable Tensor keep) {
    /** Largest gamma d: beyond one the momentum would be flipped. */
    private static final double LARGEST = 0.99;

    /** One step of Euler: eta = gamma d, alpha = 1 - eta, s = 2 eta. */
    static Refresh euler(Tensor eta) {
        Tensor e = eta.minimum(LARGEST);
        return new Refresh(e.rsub(1), e.mul(2), e.mul(-0.5).add(1));
    }

    /** The exact solution: alpha = exp(-eta), s = 1 - alpha^2. */
    static Refresh exact(Tensor eta) {
        return new Refresh(eta.neg().exp(), eta.mul(-2).expm1().neg(), null);
    }

    private Tensor variance(@Nullable Tensor mass) {
        return mass == null ? s : s.mul(mass);
    }

    Tensor mean(Tensor v, @Nullable Tensor control) {
        return Terms.plus(alpha.mul(v), s, control);
    }

    Tensor draw(Tensor v, @Nullable Tensor control, @Nullable Tensor mass, Tensor noise) {
        return mean(v, control).add(variance(mass).sqrt().mul(noise));
    }

    Tensor logDensity(Tensor to, Tensor from, @Nullable Tensor control, @Nullable Tensor mass) {
        return Terms.logNormal(to.sub(mean(from, control)), variance(mass));
    }

    /**
     * log B - log F of a refreshment made of noise. With w = sqrt(s/m) (keep v - alpha u - r) the backward noise is
     * w - alpha noise, and the ratio is the sum of (1 - alpha^2)/2 noise^2 + w (alpha noise - w/2): every term vanishes
     * with s.
     */
    Tensor ratio(Tensor v, @Nullable Tensor u, @Nullable Tensor r, @Nullable Tensor mass, Tensor noise) {
        Tensor w = keep == null ? v : keep.mul(v);
        w = u == null ? w : w.sub(alpha.mul(u));
        w = r == null ? w : w.sub(r);
        w = (mass == null ? s : s.div(mass)).sqrt().mul(w);
        Tensor half = (keep == null ? s : s.mul(keep)).mul(0.5);
        return noise.square()
                .mul(half)
                .add(w.mul(alpha.mul(noise).sub(w.mul(0.5))))
                .sum(Tensor.LAST);
    }
}
