package org.amortis.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.math.Fnv1a;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * One row of a table of operations: a formula, its operands and what is expected of it.
 *
 * @param name what it is, with the shapes
 * @param operands the operands
 * @param formula the formula
 * @param derivatives how often it can be differentiated
 * @param scale what errors are relative to
 */
public record Sample(String name, List<Operand> operands, Formula formula, Derivatives derivatives, Scale scale) {
    /** A formula of operands. */
    @FunctionalInterface
    public interface Formula {
        /**
         * Builds the formula.
         *
         * @param operands the operands
         * @return one result or more
         */
        Tensor[] of(Tensor... operands);
    }

    /** What is expected of the gradient. */
    public enum Derivatives {
        /** Right to second order. */
        TWICE,
        /**
         * There is a first order, which differences of the draw do not show: what is held fixed is the distribution
         * function and not the random words. The second is refused.
         */
        IMPLICIT,
        /** Refused. */
        REFUSED,
        /** Not looked at: the point lies on a kink or is not finite. */
        UNTESTED
    }

    /** What the error of a backend is relative to. */
    public enum Scale {
        /** The absolute value of the result. */
        RESULT,
        /** The result for the absolute values of the operands: of sums of products the sum of their absolute values. */
        TERMS,
        /** The absolute value of the result plus the largest absolute value among operands and results. */
        OPERANDS
    }

    /** What kind of element an operand has. */
    public enum Kind {
        /** The float type that is tested. */
        FLOAT,
        /** I32. */
        INT,
        /** BOOL. */
        BOOL,
        /** KEY. */
        KEY
    }

    /**
     * One operand.
     *
     * @param kind kind of element
     * @param shape shape
     * @param values its numbers; ignored for keys
     */
    public record Operand(Kind kind, Shape shape, Values values) {
        /**
         * A float operand.
         *
         * @param values its numbers
         * @param dims sizes
         * @return the operand
         */
        public static Operand real(Values values, int... dims) {
            return new Operand(Kind.FLOAT, Shape.of(dims), values);
        }

        /**
         * An I32 operand.
         *
         * @param values its numbers
         * @param dims sizes
         * @return the operand
         */
        public static Operand ints(Values values, int... dims) {
            return new Operand(Kind.INT, Shape.of(dims), values);
        }

        /**
         * A BOOL operand.
         *
         * @param dims sizes
         * @return the operand
         */
        public static Operand bools(int... dims) {
            return new Operand(Kind.BOOL, Shape.of(dims), Values.below(2));
        }

        /**
         * A KEY operand.
         *
         * @param dims sizes
         * @return the operand
         */
        public static Operand keys(int... dims) {
            return new Operand(Kind.KEY, Shape.of(dims), Values.below(2));
        }

        /**
         * The numbers.
         *
         * @param floatType type of float operands
         * @param random fixed-seed generator
         * @return an array of the operand's type
         */
        public HostArray array(DType floatType, SplittableRandom random) {
            int n = shape.size();
            if (kind == Kind.KEY) {
                int[] words = new int[2 * n];
                for (int i = 0; i < words.length; i++) {
                    words[i] = random.nextInt();
                }
                return HostArray.wrap(DType.KEY, words, shape);
            }
            double[] v = values.make(shape, random);
            if (kind == Kind.FLOAT) {
                HostArray a = HostArray.wrap(v, shape);
                return floatType == DType.F64 ? a : a.cast(floatType);
            }
            int[] k = new int[n];
            for (int i = 0; i < n; i++) {
                k[i] = (int) v[i];
            }
            return HostArray.wrap(kind == Kind.INT ? DType.I32 : DType.BOOL, k, shape);
        }
    }

    /** Copies the list. */
    public Sample {
        operands = List.copyOf(operands);
    }

    /**
     * Numbers for the operands, the same at every call.
     *
     * @param floatType type of float operands
     * @return one array an operand
     */
    public List<HostArray> arrays(DType floatType) {
        SplittableRandom random = new SplittableRandom(Fnv1a.hash64(name));
        List<HostArray> r = new ArrayList<>();
        for (Operand o : operands) {
            r.add(o.array(floatType, random));
        }
        return r;
    }

    /**
     * Inputs of a formula for arrays, named x0, x1, ..
     *
     * @param arrays values
     * @return one input an array
     */
    static Tensor[] inputs(List<HostArray> arrays) {
        Tensor[] t = new Tensor[arrays.size()];
        for (int i = 0; i < t.length; i++) {
            HostArray a = arrays.get(i);
            t[i] = Tensors.input("x" + i, a.dtype(), a.shape().toArray());
        }
        return t;
    }

    /** Values by the names of {@link #inputs}. */
    static Map<String, HostArray> feeds(List<HostArray> arrays) {
        Map<String, HostArray> r = new LinkedHashMap<>();
        for (int i = 0; i < arrays.size(); i++) {
            r.put("x" + i, arrays.get(i));
        }
        return r;
    }

    @Override
    public String toString() {
        return name;
    }
}
