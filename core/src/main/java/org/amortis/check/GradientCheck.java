package org.amortis.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.amortis.array.AmortisException;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Gradients against differences, in float64. The first order is compared with central differences of the formula, the
 * second with central differences of the first; both extrapolated once (Richardson), so that the error of the differences
 * is of the fourth order in the step. An error is relative to max(1, |g|).
 */
public final class GradientCheck {
    /** Errors below this pass. */
    public static final double TOLERANCE = 1e-6;

    /** Elements of an operand that are moved; of larger operands every n-th. */
    private static final int MOVED = 12;

    /**
     * Step, relative to max(1, |x|): the truncation error, h^4 times a fifth derivative over 480, and the rounding error,
     * 1e-16 / h, are then both near 1e-12.
     */
    private static final double STEP = 1e-3;

    private GradientCheck() {}

    /**
     * Checks a sample as far as it says it can be differentiated.
     *
     * @param sample the sample
     * @param evaluator how numbers are got
     * @throws AssertionError if a gradient is wrong, or is not refused although it should be
     */
    public static void check(Sample sample, Evaluator evaluator) {
        List<HostArray> at = sample.arrays(DType.F64);
        switch (sample.derivatives()) {
            case TWICE -> check(sample.name(), sample.formula(), at, 2, evaluator);
            case IMPLICIT -> refused(sample.name(), sample.formula(), at, true);
            case REFUSED -> refused(sample.name(), sample.formula(), at, false);
            case UNTESTED -> {}
        }
    }

    /**
     * Checks the gradients of a formula with respect to its float operands.
     *
     * @param name what messages call it
     * @param formula the formula
     * @param at F64 values of the operands, others as they are; away from kinks
     * @param orders 1 or 2
     * @param evaluator how numbers are got
     * @return the largest error
     * @throws AssertionError if an error is not below {@link #TOLERANCE}
     */
    public static double check(
            String name, Sample.Formula formula, List<HostArray> at, int orders, Evaluator evaluator) {
        Tensor[] x = Sample.inputs(at);
        List<Tensor> wrt = floats(x);
        Tensor loss = weightedSum(List.of(formula.of(x)), 1);
        List<Tensor> first = Gradients.orZeros(loss, wrt);
        double worst = compare(name + ", order 1", loss, first, wrt, at, evaluator);
        if (orders > 1) {
            Tensor slope = weightedSum(first, 2);
            List<Tensor> second = Gradients.orZeros(slope, wrt);
            worst = Math.max(worst, compare(name + ", order 2", slope, second, wrt, at, evaluator));
        }
        return worst;
    }

    private static void refused(String name, Sample.Formula formula, List<HostArray> at, boolean second) {
        Tensor[] x = Sample.inputs(at);
        List<Tensor> wrt = floats(x);
        if (wrt.isEmpty()) {
            return;
        }
        Tensor loss = weightedSum(List.of(formula.of(x)), 1);
        List<Tensor> g = second ? Gradients.of(loss, wrt) : wrt;
        try {
            g = Gradients.of(second ? weightedSum(g, 2) : loss, wrt);
            throw new AssertionError(name + ": the gradient is not refused but " + g);
        } catch (AmortisException e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError(name + ": the gradient is refused without a reason", e);
            }
        }
    }

    private static List<Tensor> floats(Tensor[] x) {
        List<Tensor> r = new ArrayList<>();
        for (Tensor t : x) {
            if (t.dtype().isFloat()) {
                r.add(t);
            }
        }
        return r;
    }

    /** One number that every element of every float tensor enters with its own weight. */
    private static Tensor weightedSum(List<Tensor> results, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor sum = Tensors.zeros(DType.F64, org.amortis.array.Shape.SCALAR);
        for (Tensor t : results) {
            if (t.dtype() == DType.KEY) {
                continue;
            }
            double[] w = new double[t.shape().size()];
            for (int i = 0; i < w.length; i++) {
                w[i] = random.nextDouble(0.5, 1.5);
            }
            Tensor weights = Tensors.resident(HostArray.wrap(w, t.shape()));
            sum = sum.add(t.cast(DType.F64).mul(weights).sum());
        }
        return sum;
    }

    private static double compare(
            String name, Tensor value, List<Tensor> gradients, List<Tensor> wrt, List<HostArray> at, Evaluator by) {
        List<HostArray> formula = by.prepare(gradients).run(Sample.feeds(at));
        Evaluator.Evaluation f = by.prepare(List.of(value));
        double worst = 0;
        int operand = -1;
        for (int k = 0; k < wrt.size(); k++) {
            do {
                operand++;
            } while (!at.get(operand).dtype().isFloat());
            int n = at.get(operand).shape().size();
            for (int i = 0; i < n; i += Math.max(1, (n + MOVED - 1) / MOVED)) {
                double x = at.get(operand).get(i);
                double h = STEP * Math.max(1, Math.abs(x));
                double coarse = slope(f, at, operand, i, h);
                double fine = slope(f, at, operand, i, h / 2);
                double expected = (4 * fine - coarse) / 3;
                double g = formula.get(k).get(i);
                double error = Math.abs(g - expected) / Math.max(1, Math.abs(expected));
                if (!(error < TOLERANCE)) {
                    throw new AssertionError(String.format(
                            Locale.ROOT,
                            "gradient of %s: operand %d, element %d, at %s: formula %s, differences %s, error %.2e",
                            name,
                            operand,
                            i,
                            x,
                            g,
                            expected,
                            error));
                }
                worst = Math.max(worst, error);
            }
        }
        return worst;
    }

    private static double slope(Evaluator.Evaluation f, List<HostArray> at, int operand, int i, double h) {
        double x = at.get(operand).get(i);
        // the steps as they come out in floating point, not as they were asked for
        double above = x + h;
        double below = x - h;
        return (moved(f, at, operand, i, above) - moved(f, at, operand, i, below)) / (above - below);
    }

    private static double moved(Evaluator.Evaluation f, List<HostArray> at, int operand, int i, double x) {
        Map<String, HostArray> feeds = Sample.feeds(at);
        double[] v = at.get(operand).toDoubles();
        v[i] = x;
        feeds.put("x" + operand, HostArray.wrap(v, at.get(operand).shape()));
        return f.run(feeds).get(0).get(0);
    }
}
