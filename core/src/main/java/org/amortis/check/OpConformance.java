package org.amortis.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.Tensor;

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
        double bound = bound(results);
        double worst = 0;
        for (int r = 0; r < results.size(); r++) {
            TypeCheck.same(sample.name(), r, results.get(r), got.get(r));
            if (!results.get(r).dtype().isFloat()) {
                exact(sample.name(), r, truth.get(r), got.get(r));
                continue;
            }
            DType type = results.get(r).dtype();
            double allowed = type == DType.F32 ? bound * 0x1p-24 : Math.max(8, 2 * bound) * 0x1p-53;
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

    private static double bound(List<Tensor> results) {
        double sum = 0;
        for (Node n : Graphs.topological(results)) {
            sum += n.op() instanceof LeafOp ? 0 : n.op().ulps();
        }
        return Math.max(1, sum);
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
