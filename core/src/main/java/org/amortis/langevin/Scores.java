package org.amortis.langevin;

import org.amortis.array.PlanException;
import org.amortis.dist.LogDensity;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Tensor;

/**
 * Gradients of the two log densities, as formulas that can be differentiated again.
 *
 * @param target log g
 * @param first q0
 * @param limit elements of the target's score are limited to this, in both kernels, which keeps every bound valid
 */
record Scores(LogDensity target, InitialDensity first, double limit) {
    Tensor target(Tensor x) {
        Tensor value = target.logDensity(x);
        if (!value.shape().equals(x.shape().drop(-1))) {
            throw new org.amortis.array.ShapeException("langevin(target=" + target + "): the log density of x="
                    + x.describe() + " is " + value.describe() + ", needs one number for each row, "
                    + x.shape().drop(-1));
        }
        Tensor score;
        try {
            // rows do not see each other: the gradient of the sum is each row's own
            score = Gradients.of(value.sum(), x);
        } catch (PlanException e) {
            throw new PlanException("langevin(target=" + target + "): the log density has no gradient with respect to"
                    + " x, so it cannot drive a path; " + e.getMessage());
        }
        return Double.isInfinite(limit) ? score : score.clamp(-limit, limit);
    }

    Tensor first(Tensor x) {
        return first.score(x);
    }
}
