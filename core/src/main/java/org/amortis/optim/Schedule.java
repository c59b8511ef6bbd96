package org.amortis.optim;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** A number that depends on the step, as a formula of the I32 count of completed steps. */
@FunctionalInterface
public interface Schedule {
    /**
     * The value.
     *
     * @param step I32 scalar, number of completed steps, 0 at the first
     * @param dtype float type of the result
     * @return scalar
     */
    Tensor at(Tensor step, DType dtype);

    /**
     * One value for ever.
     *
     * @param value value
     * @return schedule
     */
    static Schedule constant(double value) {
        return (step, dtype) -> Tensors.fill(value, dtype, Shape.SCALAR);
    }

    /**
     * A straight line, constant after its end.
     *
     * @param from value at step 0
     * @param to value from {@code steps} on
     * @param steps length
     * @return schedule
     */
    static Schedule linear(double from, double to, int steps) {
        positive("linear", steps);
        return (step, dtype) ->
                step.cast(dtype).mul(1.0 / steps).minimum(1).mul(to - from).add(from);
    }

    /**
     * Half a cosine, constant after its end.
     *
     * @param from value at step 0
     * @param to value from {@code steps} on
     * @param steps length
     * @return schedule
     */
    static Schedule cosine(double from, double to, int steps) {
        positive("cosine", steps);
        return (step, dtype) -> step.cast(dtype)
                .mul(1.0 / steps)
                .minimum(1)
                .mul(Math.PI)
                .cos()
                .add(1)
                .mul(0.5 * (from - to))
                .add(to);
    }

    /**
     * from factor^(step / every), continuous.
     *
     * @param from value at step 0
     * @param factor multiplier over {@code every} steps, positive
     * @param every steps
     * @return schedule
     */
    static Schedule exponential(double from, double factor, int every) {
        positive("exponential", every);
        if (!(factor > 0)) {
            throw new PlanException("schedule.exponential(factor=" + factor + "): not positive");
        }
        return (step, dtype) ->
                step.cast(dtype).mul(Math.log(factor) / every).exp().mul(from);
    }

    /**
     * Multiplied by a factor after each so many steps.
     *
     * @param from value of the first steps
     * @param factor multiplier, positive
     * @param every length of a stair
     * @return schedule
     */
    static Schedule stairs(double from, double factor, int every) {
        positive("stairs", every);
        if (!(factor > 0)) {
            throw new PlanException("schedule.stairs(factor=" + factor + "): not positive");
        }
        // half a step is added because (k every) / every can round to just below k in float32
        return (step, dtype) -> step.cast(dtype)
                .add(0.5)
                .mul(1.0 / every)
                .floor()
                .mul(Math.log(factor))
                .exp()
                .mul(from);
    }

    /**
     * Values between boundaries: the first before the first boundary, the second from there on, and so forth.
     *
     * @param boundaries steps, increasing
     * @param values one more than boundaries
     * @return schedule
     */
    static Schedule piecewise(int[] boundaries, double[] values) {
        int[] b = boundaries.clone();
        double[] v = values.clone();
        for (int i = 1; i < b.length; i++) {
            if (b[i] <= b[i - 1]) {
                throw new PlanException(
                        "schedule.piecewise(boundaries=" + Arrays.toString(b) + "): not strictly increasing");
            }
        }
        if (v.length != b.length + 1) {
            throw new PlanException("schedule.piecewise(boundaries=" + Arrays.toString(b) + ", values="
                    + Arrays.toString(v) + "): needs one value more than boundaries");
        }
        return (step, dtype) -> {
            Tensor r = Tensors.fill(v[0], dtype, Shape.SCALAR);
            for (int i = 0; i < b.length; i++) {
                r = Tensors.where(step.ge(b[i]), Tensors.fill(v[i + 1], dtype, Shape.SCALAR), r);
            }
            return r;
        };
    }

    /**
     * Rises linearly from zero to this schedule's first value over so many steps, then this schedule from its own step
     * 0. The first step already moves: value (step + 1) / (steps + 1).
     *
     * @param steps length of the warm-up
     * @return schedule
     */
    default Schedule warmUp(int steps) {
        positive("warmUp", steps);
        return (step, dtype) -> {
            Tensor later = at(step.sub(steps).maximum(0), dtype);
            Tensor part = step.cast(dtype).add(1).mul(1.0 / (steps + 1)).minimum(1);
            return later.mul(part);
        };
    }

    /**
     * This schedule up to a step, then another from its own step 0.
     *
     * @param steps when the other begins
     * @param next the other
     * @return schedule
     */
    default Schedule then(int steps, Schedule next) {
        positive("then", steps);
        return (step, dtype) -> Tensors.where(
                step.lt(steps), at(step, dtype), next.at(step.sub(steps).maximum(0), dtype));
    }

    /**
     * This schedule times a factor.
     *
     * @param factor factor
     * @return schedule
     */
    default Schedule times(double factor) {
        return (step, dtype) -> at(step, dtype).mul(factor);
    }

    private static void positive(String name, int steps) {
        if (steps < 1) {
            throw new PlanException("schedule." + name + "(steps=" + steps + "): not positive");
        }
    }
}
