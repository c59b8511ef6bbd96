package org.amortis.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.amortis.bench.step.MeasuredStep;

/**
 * One thing that is measured. Products are C[m, n] = op(A) op(B) over k; elementwise rows and sums have m numbers; softmax
 * has m rows of n.
 *
 * @param op what is computed
 * @param m rows of the product, or numbers
 * @param k inner size, else 1
 * @param n columns, else 1
 * @param threads threads that compute
 * @param goal speed against the fastest library as it comes, that the project aims at; 0 if none is set
 * @param wideGoal the same against the fastest library with AVX-512 forced
 */
public record Row(Op op, int m, int k, int n, int threads, double goal, double wideGoal) {
    /** What a row computes. */
    public enum Op {
        /** A B. */
        GEMM,
        /** A^T B, A stored [k, m]. */
        GEMM_TN,
        /** A B^T, B stored [n, k]. */
        GEMM_NT,
        /** x + y. */
        ADD,
        /** e^x. */
        EXP,
        /** Logarithm. */
        LOG,
        /** Hyperbolic tangent. */
        TANH,
        /** log(1 + e^x). */
        SOFTPLUS,
        /** x times the normal distribution function of x. */
        GELU,
        /** Sum of all. */
        SUM,
        /** Softmax of each row. */
        SOFTMAX,
        /** Standard normal draws, new ones in each call. */
        NORMAL,
        /** Training step of {@link MeasuredStep#VAE}. */
        VAE,
        /** Training step of {@link MeasuredStep#FLOW}. */
        FLOW,
        /** Training step of {@link MeasuredStep#GRU}. */
        GRU,
        /** Training step of {@link MeasuredStep#MLP}. */
        MLP;

        /**
         * Whether this is a matrix product.
         *
         * @return true for the three layouts
         */
        public boolean isGemm() {
            return this == GEMM || this == GEMM_TN || this == GEMM_NT;
        }

        /**
         * Whether this is a training step.
         *
         * @return true for the last four
         */
        public boolean isStep() {
            return compareTo(VAE) >= 0;
        }
    }

    /** The rows of the table, in its order. */
    public static final List<Row> TABLE = table();

    private static List<Row> table() {
        List<Row> t = new ArrayList<>();
        t.add(new Row(Op.GEMM, 1, 64, 64, 1, 2.0, 0.9));
        t.add(new Row(Op.GEMM, 16, 64, 64, 1, 2.3, 0.9));
        t.add(new Row(Op.GEMM, 64, 128, 128, 1, 1.9, 1.1));
        t.add(new Row(Op.GEMM, 128, 784, 400, 1, 1.75, 1.0));
        t.add(new Row(Op.GEMM, 256, 256, 256, 1, 1.85, 1.0));
        t.add(new Row(Op.GEMM, 1024, 1024, 1024, 1, 1.7, 0.93));
        t.add(new Row(Op.GEMM_TN, 784, 128, 400, 1, 1.75, 0.95));
        t.add(new Row(Op.GEMM_NT, 128, 400, 784, 1, 1.7, 1.0));
        t.add(new Row(Op.EXP, 65_536, 1, 1, 1, 1.4, 1.3));
        t.add(new Row(Op.LOG, 65_536, 1, 1, 1, 1.3, 1.3));
        t.add(new Row(Op.TANH, 65_536, 1, 1, 1, 5, 5));
        t.add(new Row(Op.SOFTPLUS, 65_536, 1, 1, 1, 3, 3));
        t.add(new Row(Op.SOFTMAX, 128, 1, 64, 1, 1.6, 1.5));
        t.add(new Row(Op.NORMAL, 65_536, 1, 1, 1, 2.3, 2.3));
        t.add(new Row(Op.GELU, 1 << 20, 1, 1, 1, 1, 1));
        t.add(new Row(Op.SUM, 1 << 20, 1, 1, 1, 1, 1));
        t.add(new Row(Op.ADD, 1 << 20, 1, 1, 1, 1, 1));
        t.add(step(Op.VAE, 1, 1.9, 1.2));
        t.add(step(Op.FLOW, 1, 2.5, 1.9));
        t.add(step(Op.GRU, 1, 4, 3.2));
        t.add(step(Op.MLP, 1, 7, 6));
        t.add(new Row(Op.GEMM, 256, 256, 256, 2, 1.8, 0));
        t.add(new Row(Op.GEMM, 1024, 1024, 1024, 2, 1.6, 0));
        t.add(step(Op.VAE, 2, 0, 0));
        t.add(step(Op.FLOW, 2, 0, 0));
        t.add(step(Op.GRU, 2, 0, 0));
        t.add(step(Op.MLP, 2, 0, 0));
        return List.copyOf(t);
    }

    private static Row step(Op op, int threads, double goal, double wideGoal) {
        return new Row(op, 1, 1, 1, threads, goal, wideGoal);
    }

    /**
     * Short name, unique in the table, that expressions select rows by.
     *
     * @return such as gemm/256x256x256/1
     */
    public String id() {
        String name = op.name().toLowerCase(Locale.ROOT);
        if (op.isStep()) {
            return "step/" + name + "/" + threads;
        }
        String size = op.isGemm() ? m + "x" + k + "x" + n : op == Op.SOFTMAX ? m + "x" + n : String.valueOf(m);
        return name + "/" + size + "/" + threads;
    }

    /**
     * The step of this row.
     *
     * @return what {@link Op#isStep} rows train
     */
    public MeasuredStep step() {
        return MeasuredStep.valueOf(op.name());
    }

    /**
     * Floating-point operations of products and steps, numbers of the others.
     *
     * @return work of one call
     */
    public double work() {
        return op.isStep() ? step().work() : op.isGemm() ? 2.0 * m * k * n : (double) m * n;
    }

    /** Whether two rows compute the same, on any number of threads. */
    boolean sameWork(Row other) {
        return op == other.op && m == other.m && k == other.k && n == other.n;
    }
}
