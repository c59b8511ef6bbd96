package org.amortis.flow;

import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * The noise levels of a consistency model and how their number grows in training (Song and Dhariwal 2023). Level i of N,
 * i = 1..N, is (e^(1/rho) + (i-1)/(N-1) (T^(1/rho) - e^(1/rho)))^rho. After k of K steps there are
 * min(s0 2^floor(k/k'), s1) + 1 levels, k' = floor(K / (log2 floor(s1/s0) + 1)).
 *
 * @param least e, the level at which the model is the identity
 * @param most T
 * @param rho bend of the grid
 * @param first s0, intervals at the start
 * @param last s1, intervals at the end
 * @param steps K, training steps
 */
public record NoiseLevels(double least, double most, double rho, int first, int last, int steps) {
    /** Checks the numbers. */
    public NoiseLevels {
        if (!(least > 0 && least < most) || Double.isInfinite(most) || !(rho > 0) || Double.isInfinite(rho)) {
            throw new PlanException("noiseLevels(least=" + least + ", most=" + most + ", rho=" + rho
                    + "): needs 0 < least < most and rho > 0, all finite");
        }
        if (first < 1 || last < first || steps < 1) {
            throw new PlanException("noiseLevels(first=" + first + ", last=" + last + ", steps=" + steps
                    + "): needs 1 <= first <= last and at least one step");
        }
    }

    /**
     * Levels from 0.001 to 80 bent by 7, in 10 intervals at the start and 150 at the end.
     *
     * @param steps training steps
     * @return levels
     */
    public static NoiseLevels usual(int steps) {
        return new NoiseLevels(1e-3, 80, 7, 10, 150, steps);
    }

    /**
     * A level of a grid.
     *
     * @param i which, from 1
     * @param n number of levels, at least 2
     * @return standard deviation of the noise
     * @throws PlanException if there is no such level
     */
    public double level(int i, int n) {
        if (n < 2 || i < 1 || i > n) {
            throw new PlanException("noiseLevels.level(i=" + i + ", n=" + n + "): needs 1 <= i <= n and n >= 2");
        }
        // both ends are exact
        if (i == 1 || i == n) {
            return i == 1 ? least : most;
        }
        double a = Math.pow(least, 1 / rho);
        return Math.pow(a + (i - 1.0) / (n - 1) * (Math.pow(most, 1 / rho) - a), rho);
    }

    /** k': training steps after which the number of intervals doubles. */
    int period() {
        int ratio = last / first;
        return Math.max(1, (int) Math.floor(steps / (Math.log(ratio) / Math.log(2) + 1)));
    }

    /**
     * Number of levels after so many training steps.
     *
     * @param k completed training steps
     * @return N
     */
    public int count(int k) {
        int n = first;
        for (int at = period(); at <= k && n < last; at += period()) {
            n = (int) Math.min(2L * n, last);
        }
        return n + 1;
    }

    /**
     * Number of levels as a formula.
     *
     * @param step I32 scalar, completed training steps
     * @return N, I32 scalar
     */
    public Tensor count(Tensor step) {
        Tensor n = Tensors.fill(first + 1, DType.I32, Shape.SCALAR);
        int intervals = first;
        for (long at = period(); intervals < last && at <= Integer.MAX_VALUE; at += period()) {
            intervals = (int) Math.min(2L * intervals, last);
            n = Tensors.where(step.ge(at), Tensors.fill(intervals + 1, DType.I32, Shape.SCALAR), n);
        }
        return n;
    }

    /**
     * All levels of a grid whose number is a formula.
     *
     * @param n N, I32 scalar, at most last + 1
     * @param dtype F32 or F64
     * @return [last + 1], the first N the levels, the rest T
     */
    public Tensor levels(Tensor n, DType dtype) {
        double a = Math.pow(least, 1 / rho);
        double b = Math.pow(most, 1 / rho);
        Tensor i = Tensors.iota(Shape.of(last + 1), 0).cast(dtype);
        Tensor share = i.div(n.cast(dtype).sub(1)).minimum(1);
        return share.mul(b - a).add(a).pow(rho);
    }
}
