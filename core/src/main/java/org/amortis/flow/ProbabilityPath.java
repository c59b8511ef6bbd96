package org.amortis.flow;

import org.amortis.array.PlanException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;

/**
 * How a pair (x0, x1) is joined: a point at time t and its velocity there. The velocity that flow matching learns is the
 * mean of these given the point. Written without quotients, so no time is singular.
 */
@FunctionalInterface
public interface ProbabilityPath {
    /**
     * A point between a pair.
     *
     * @param t times [B, 1]
     * @param x0 base variables [B, D]
     * @param x1 data [B, D]
     * @param key key of noise around the path
     * @return point and velocity
     */
    Point at(Tensor t, Tensor x0, Tensor x1, Key key);

    /**
     * A point of a path.
     *
     * @param x where [B, D]
     * @param velocity dx/dt [B, D]
     */
    record Point(Tensor x, Tensor velocity) {}

    /**
     * Straight lines (Liu et al. 2022): x = (1 - t) x0 + t x1, velocity x1 - x0.
     *
     * @return the path
     */
    static ProbabilityPath straight() {
        return (t, x0, x1, key) -> {
            Tensor d = x1.sub(x0);
            return new Point(x0.add(t.mul(d)), d);
        };
    }

    /**
     * Straight lines with normal noise around them (Tong et al. 2023).
     *
     * @param sigma standard deviation of the noise, not negative
     * @return the path
     * @throws PlanException if sigma is negative or no number
     */
    static ProbabilityPath straight(double sigma) {
        if (!(sigma >= 0) || Double.isInfinite(sigma)) {
            throw new PlanException("path.straight(sigma=" + sigma + "): needs a number of at least 0");
        }
        if (sigma == 0) {
            return straight();
        }
        return (t, x0, x1, key) -> {
            Point p = straight().at(t, x0, x1, key);
            return new Point(
                    p.x().add(Random.normal(key, x0.dtype(), x0.shape()).mul(sigma)), p.velocity());
        };
    }

    /**
     * The optimal transport path of Lipman et al. (2022): x is t x1 plus (1 - (1 - sigma) t) x0, so that it ends in a normal
     * of standard deviation sigma around x1. Its velocity is x1 - (1 - sigma) x0, which is their
     * (x1 - (1 - sigma) x) / (1 - (1 - sigma) t) without the pole at t = 1.
     *
     * @param sigma standard deviation at the end, in [0, 1]
     * @return the path
     * @throws PlanException if sigma is outside
     */
    static ProbabilityPath conditionalTransport(double sigma) {
        if (!(sigma >= 0 && sigma <= 1)) {
            throw new PlanException("path.conditionalTransport(sigma=" + sigma + "): must be in [0, 1]");
        }
        return (t, x0, x1, key) -> {
            Tensor v = x1.sub(x0.mul(1 - sigma));
            return new Point(x0.add(t.mul(v)), v);
        };
    }

    /**
     * The path that keeps the variance of two independent standard variables (Albergo and Vanden-Eijnden 2022):
     * x = cos(pi t / 2) x0 + sin(pi t / 2) x1.
     *
     * @return the path
     */
    static ProbabilityPath trigonometric() {
        return (t, x0, x1, key) -> {
            Tensor angle = t.mul(Math.PI / 2);
            Tensor c = angle.cos();
            Tensor s = angle.sin();
            return new Point(c.mul(x0).add(s.mul(x1)), c.mul(x1).sub(s.mul(x0)).mul(Math.PI / 2));
        };
    }
}
