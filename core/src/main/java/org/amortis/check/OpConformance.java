package org.amortis.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.runtime.Device;
import org.amortis.tensor.CustomOp;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * A backend against the reference. The reference computes in double from the same operands, rounded to the float type
 * under test. Integers, truth values, keys, NaN and infinities must agree exactly; floats within the sum of the bounds
 * that the operations of the formula state, times the unit roundoff, times the scale of the sample. In F64 the reference
 * itself rounds, so the bound is doubled there and at least 8 units.
 */
public final class OpConformance {
    private OpConformance() {}

    /**
     * Checks a sample in one float type.
     *
     * @param sample the sample
     * @param floatType F32 or F64
     * @param backend the backend
     * @return the largest error, as a share of the bound
     * @throws AssertionError if the backend is off by more than the bound
     */
    public static double check(Sample sample, DType floatType, Evaluator backend) {
        List<HostArray> at = sample.arrays(floatType);
        Tensor[] x = Sample.inputs(at);
        List<Tensor> results = List.of(sample.formula().of(x));
        List<HostArray> truth = Evaluator.reference().prepare(results).run(Sample.feeds(at));
        List<HostArray> got = backend.prepare(results).run(Sample.feeds(at));
        List<HostArray> scale = scale(sample, at, results, truth);
        double worst = 0;
        for (int r = 0; r < results.size(); r++) {
            TypeCheck.same(sample.name(), r, results.get(r), got.get(r));
            if (!results.get(r).dtype().isFloat()) {
                exact(sample.name(), r, truth.get(r), got.get(r));
                continue;
            }
            DType type = results.get(r).dtype();
            double bound = bound(results, type);
            double allowed = bound * (type == DType.F32 ? 0x1p-24 : 0x1p-53);
            for (int i = 0; i < truth.get(r).shape().size(); i++) {
                double e = truth.get(r).get(i);
                double g = got.get(r).get(i);
                double share = share(e, g, allowed * Math.max(scale.get(r).get(i), smallest(type)), type);
                if (!(share <= 1)) {
                    throw new AssertionError(String.format(
                            Locale.ROOT,
                            "%s in %s: result %d, element %d is %s, reference %s, off by %.2f times the bound of %s"
                                    + " ulps at scale %s",
                            sample.name(),
                            floatType,
                            r,
                            i,
                            g,
                            e,
                            share,
                            bound,
                            scale.get(r).get(i)));
                }
                worst = Math.max(worst, share);
            }
        }
        return worst;
    }

    /**
     * All there is to check: gradients against differences, then values and first gradients of both float types on the
     * scalar backend and on the best one there is.
     *
     * @param sample the sample
     * @throws AssertionError if anything is off
     */
    public static void everywhere(Sample sample) {
        GradientCheck.check(sample, Evaluator.reference());
        try (Device scalar = Device.builder().backend("scalar").threads(1).build();
                Device best = Device.best()) {
            for (Device d : List.of(scalar, best)) {
                for (DType t : List.of(DType.F32, DType.F64)) {
                    check(sample, t, Evaluator.on(d));
                    if (sample.derivatives() == Sample.Derivatives.TWICE) {
                        check(gradient(sample), t, Evaluator.on(d));
                    }
                }
            }
        }
    }

    /**
     * The gradients of a sample as a sample.
     *
     * @param sample a sample that can be differentiated
     * @return gradients of the sum of its results with respect to its float operands
     */
    public static Sample gradient(Sample sample) {
        return new Sample(
                sample.name() + " gradient",
                sample.operands(),
                x -> {
                    List<Tensor> wrt = new ArrayList<>();
                    for (Tensor t : x) {
                        if (t.dtype().isFloat()) {
                            wrt.add(t);
                        }
                    }
                    Tensor loss = Tensors.zeros(wrt.get(0).dtype(), Shape.SCALAR);
                    for (Tensor t : sample.formula().of(x)) {
                        if (t.dtype() == loss.dtype()) {
                            // a square, so that the cotangent is no constant
                            loss = loss.add(t.square().sum());
                        }
                    }
                    return Gradients.orZeros(loss, wrt).toArray(Tensor[]::new);
                },
                Sample.Derivatives.UNTESTED,
                Sample.Scale.OPERANDS);
    }

    /**
     * A user's function of one number, checked everywhere.
     *
     * @param op the operation
     * @param at where; away from kinks
     * @throws AssertionError if anything is off
     */
    public static void check(CustomOp.Unary op, double... at) {
        everywhere(new Sample(
                op.name(),
                List.of(Sample.Operand.real(Values.cycle(at), at.length)),
                x -> new Tensor[] {op.apply(x[0])},
                Sample.Derivatives.TWICE,
                Sample.Scale.RESULT));
    }

    /**
     * A user's function of two numbers, checked everywhere, at all pairs.
     *
     * @param op the operation
     * @param a first arguments; away from kinks
     * @param b second arguments
     * @throws AssertionError if anything is off
     */
    public static void check(CustomOp.Binary op, double[] a, double[] b) {
        everywhere(new Sample(
                op.name(),
                List.of(
                        Sample.Operand.real(Values.cycle(a), a.length, 1),
                        Sample.Operand.real(Values.cycle(b), b.length)),
                x -> new Tensor[] {op.apply(x[0], x[1])},
                Sample.Derivatives.TWICE,
                Sample.Scale.RESULT));
    }

    /** Checks of types. */
    private interface TypeCheck {
        static void same(String name, int result, Tensor want, HostArray got) {
            if (got.dtype() != want.dtype() || !got.shape().equals(want.shape())) {
                throw new AssertionError(
                        name + ": result " + result + " is " + got.dtype() + got.shape() + ", not " + want.type());
            }
        }
    }

    private static void exact(String name, int result, HostArray truth, HostArray got) {
        if (!Arrays.equals(truth.ints(), got.ints())) {
            throw new AssertionError(name + ": result " + result + " is " + got + ", reference " + truth);
        }
    }

    /** Below this, numbers are subnormal or may be flushed to zero. */
    private static double smallest(DType t) {
        return t == DType.F32 ? Float.MIN_NORMAL * 0x1p24 : Double.MIN_NORMAL * 0x1p53;
    }

    private static double share(double expected, double got, double allowed, DType t) {
        double rounded = t == DType.F32 ? (float) expected : expected;
        if (Double.isNaN(rounded) || Double.isInfinite(rounded) || Double.isNaN(got) || Double.isInfinite(got)) {
            return Double.compare(rounded, got) == 0 || (Double.isNaN(rounded) && Double.isNaN(got))
                    ? 0
                    : Double.POSITIVE_INFINITY;
        }
        // the rounding of the right answer is not the backend's error
        double off = Math.min(Math.abs(got - expected), Math.abs(got - rounded));
        return off == 0 ? 0 : off / allowed;
    }

    private static double bound(List<Tensor> results, DType type) {
        double sum = 0;
        for (Node n : Graphs.topological(results)) {
            sum += n.op() instanceof LeafOp ? 0 : n.op().ulps(type);
        }
        return Math.max(type == DType.F32 ? 1 : 8, sum);
    }

    private static List<HostArray> scale(
            Sample sample, List<HostArray> at, List<Tensor> results, List<HostArray> truth) {
        List<HostArray> source = switch (sample.scale()) {
            case RESULT, OPERANDS -> truth;
            case TERMS -> {
                List<HostArray> absolute = new ArrayList<>();
                for (HostArray a : at) {
                    absolute.add(a.dtype().isFloat() ? absolute(a, 0) : a);
                }
                yield Evaluator.reference().prepare(results).run(Sample.feeds(absolute));
            }
        };
        double largest = 0;
        if (sample.scale() == Sample.Scale.OPERANDS) {
            largest = Math.max(largest(at), largest(truth));
        }
        List<HostArray> r = new ArrayList<>();
        for (HostArray a : source) {
            r.add(a.dtype().isFloat() ? absolute(a, largest) : a);
        }
        return r;
    }

    private static double largest(List<HostArray> arrays) {
        double m = 0;
        for (HostArray a : arrays) {
            for (int i = 0; a.dtype().isFloat() && i < a.shape().size(); i++) {
                double v = Math.abs(a.get(i));
                m = Double.isFinite(v) ? Math.max(m, v) : m;
            }
        }
        return m;
    }

    private static HostArray absolute(HostArray a, double plus) {
        double[] v = a.toDoubles();
        for (int i = 0; i < v.length; i++) {
            v[i] = Math.abs(v[i]) + plus;
        }
        HostArray r = HostArray.wrap(v, a.shape());
        return a.dtype() == DType.F64 ? r : r.cast(a.dtype());
    }
}
