package org.amortis.kernels;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.backend.ScalarLoops;
import org.amortis.spi.Chain;
import org.amortis.spi.ChainSpec;
import org.amortis.spi.ConvLoop;
import org.amortis.spi.ConvWeightLoop;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.LaneAlgebra;
import org.amortis.spi.Loops;
import org.amortis.spi.RecurrenceLoop;
import org.amortis.spi.RowLoop;
import org.amortis.spi.ScalarLoop;
import org.amortis.spi.SmallProducts;
import org.amortis.spi.SplineLoop;
import org.amortis.tensor.Binary;
import org.amortis.tensor.Cast;
import org.amortis.tensor.Compare;
import org.amortis.tensor.ConvOp;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Logical;
import org.amortis.tensor.ParamUnary;
import org.amortis.tensor.RandomOp;
import org.amortis.tensor.RowOp;
import org.amortis.tensor.SplineOp;
import org.amortis.tensor.Unary;
import org.amortis.tensor.Where;
import org.jspecify.annotations.Nullable;

/** The vector kernels as the loops of a CPU backend. */
final class SimdLoops implements Loops {
    /** For tests, which run each program a few times only: chains are called from the start. */
    private static final boolean TRUSTED = "always".equals(System.getProperty("amortis.chains"));

    /** C2 does not compile comparisons, choices and masks of two doubles: what has them is left to the portable loops. */
    private static final boolean TWO_DOUBLES = Species.F64.length() == 2;

    private final Map<ChainSpec, Chain> chains = new ConcurrentHashMap<>();
    private final LaneAlgebra algebra = new SimdAlgebra();

    SimdLoops() {}

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public int vectorBits() {
        return Species.BITS;
    }

    @Override
    public List<Runnable> priming() {
        return Priming.tasks();
    }

    @Override
    public @Nullable ElementwiseLoop elementwise(ElementwiseOp op, DType type) {
        if (op instanceof Cast c) {
            return CastLoops.of(type, c.to());
        }
        if (!type.isFloat()) {
            return type == DType.KEY ? null : IntLoops.elementwise(op);
        }
        boolean f32 = type == DType.F32;
        if (!f32 && TWO_DOUBLES && !isArithmetic(op)) {
            return null;
        }
        return switch (op) {
            case Unary u -> f32 ? FloatLoops.unary(u) : DoubleLoops.unary(u);
            case ParamUnary p -> f32 ? FloatLoops.parametric(p) : DoubleLoops.parametric(p);
            case Binary b -> f32 ? FloatLoops.binary(b) : DoubleLoops.binary(b);
            case Compare c -> f32 ? FloatLoops.compare(c) : DoubleLoops.compare(c);
            case Where w -> f32 ? FloatLoops.where() : DoubleLoops.where();
            case Logical l -> null;
            case Cast c -> null;
        };
    }

    /** Whether the loop of an operation is arithmetic alone. */
    private static boolean isArithmetic(ElementwiseOp op) {
        return switch (op) {
            case Unary u ->
                switch (u) {
                    case NEG, ABS, SQUARE, RECIPROCAL, SQRT, RSQRT, RELU -> true;
                    default -> false;
                };
            case Binary b -> b != Binary.POW;
            default -> op instanceof ParamUnary.Clamp;
        };
    }

    @Override
    public @Nullable ScalarLoop scalarRight(ElementwiseOp op, DType type) {
        if (type == DType.F64 && TWO_DOUBLES && !isArithmetic(op)) {
            return null;
        }
        return switch (type) {
            case F32 -> FloatLoops.scalarRight(op);
            case F64 -> DoubleLoops.scalarRight(op);
            case I32, BOOL -> IntLoops.scalarRight(op);
            case KEY -> null;
        };
    }

    @Override
    public @Nullable ScalarLoop scalarLeft(ElementwiseOp op, DType type) {
        if (type == DType.F64 && TWO_DOUBLES && !isArithmetic(op)) {
            return null;
        }
        return switch (type) {
            case F32 -> FloatLoops.scalarLeft(op);
            case F64 -> DoubleLoops.scalarLeft(op);
            case I32, BOOL -> IntLoops.scalarLeft(op);
            case KEY -> null;
        };
    }

    @Override
    public boolean chains(ElementwiseOp op, DType type) {
        return ChainCompiler.takes(op) && (type != DType.F64 || !TWO_DOUBLES || isArithmetic(op));
    }

    @Override
    public @Nullable Chain chain(ChainSpec spec) {
        return spec.steps().size() > ChainCompiler.LONGEST
                ? null
                : chains.computeIfAbsent(spec, s -> new Chain(() -> ChainCompiler.compile(s), TRUSTED));
    }

    @Override
    public int lanes(DType type) {
        return type == DType.F64 ? Species.F64.length() : Species.F32.length();
    }

    @Override
    public float sum(float[] x, int xo, int n) {
        return FloatReduce.sum(x, xo, n);
    }

    @Override
    public double sum(double[] x, int xo, int n) {
        return TWO_DOUBLES ? ScalarLoops.INSTANCE.sum(x, xo, n) : DoubleReduce.sum(x, xo, n);
    }

    @Override
    public boolean columnSums(float[] x, int xo, int stride, int rows, int from, int to, float[] y, int yo) {
        FloatReduce.columnSums(x, xo, stride, rows, from, to, y, yo, false);
        return true;
    }

    @Override
    public boolean columnSums(double[] x, int xo, int stride, int rows, int from, int to, double[] y, int yo) {
        DoubleReduce.columnSums(x, xo, stride, rows, from, to, y, yo, false);
        return true;
    }

    @Override
    public float max(float[] x, int xo, int n) {
        return FloatReduce.max(x, xo, n);
    }

    @Override
    public double max(double[] x, int xo, int n) {
        return TWO_DOUBLES ? ScalarLoops.INSTANCE.max(x, xo, n) : DoubleReduce.max(x, xo, n);
    }

    @Override
    public int gemmScratch(DType type, boolean transposeA, boolean transposeB, int m, int n, int k) {
        return type == DType.F64
                ? DoubleGemm.scratchSize(transposeA, transposeB, m, n, k)
                : FloatGemm.scratchSize(transposeA, transposeB, m, n, k);
    }

    @Override
    public @Nullable SmallProducts smallProducts(
            DType type, boolean transposeA, boolean transposeB, int m, int n, int k) {
        return type == DType.F64
                ? DoubleSmallGemm.of(transposeA, transposeB, m, n, k)
                : FloatSmallGemm.of(transposeA, transposeB, m, n, k);
    }

    @Override
    public void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float[] a,
            int ao,
            int lda,
            float[] b,
            int bo,
            int ldb,
            float beta,
            float[] c,
            int co,
            int ldc,
            int rowFrom,
            int rowTo,
            float[] scratch) {
        int start = beta == 0 ? FloatGemm.ZERO : FloatGemm.ACCUMULATE;
        FloatGemm.gemm(
                transposeA,
                transposeB,
                m,
                n,
                k,
                a,
                ao,
                lda,
                b,
                bo,
                ldb,
                start,
                c,
                co,
                c,
                co,
                ldc,
                rowFrom,
                rowTo,
                0,
                n,
                scratch,
                0);
    }

    @Override
    public void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            double[] a,
            int ao,
            int lda,
            double[] b,
            int bo,
            int ldb,
            double beta,
            double[] c,
            int co,
            int ldc,
            int rowFrom,
            int rowTo,
            double[] scratch) {
        int start = beta == 0 ? DoubleGemm.ZERO : DoubleGemm.ACCUMULATE;
        DoubleGemm.gemm(
                transposeA,
                transposeB,
                m,
                n,
                k,
                a,
                ao,
                lda,
                b,
                bo,
                ldb,
                start,
                c,
                co,
                c,
                co,
                ldc,
                rowFrom,
                rowTo,
                0,
                n,
                scratch,
                0);
    }

    @Override
    public @Nullable ConvLoop convolution(ConvOp op, DType type, Shape x, Shape weights, Shape y) {
        boolean adjoint = op instanceof ConvOp.InputGradient;
        if (!adjoint && !(op instanceof ConvOp.Conv2d) || !ConvPlan.pays(adjoint, op.window(), weights)) {
            return null;
        }
        ConvPlan plan = new ConvPlan(adjoint, op.window(), x, weights, y, lanes(type));
        return type == DType.F32 ? new FloatConv(plan) : new DoubleConv(plan);
    }

    @Override
    public @Nullable ConvWeightLoop convolutionWeights(
            ConvOp.Window window, DType type, Shape x, Shape weights, Shape y) {
        return type == DType.F32
                ? FloatConvWeights.of(window, x, weights, y)
                : DoubleConvWeights.of(window, x, weights, y);
    }

    @Override
    public boolean draw(boolean normal, int[] key, int ko, int from, int to, float[] y, int yo, float[] scratch) {
        long k = (long) key[ko + 1] << 32 | key[ko] & 0xffffffffL;
        if (normal) {
            PhiloxKernel.normals(y, yo, to - from, k, from >> 2, RandomOp.DRAW, 0, scratch);
        } else {
            PhiloxKernel.uniforms(y, yo, to - from, k, from >> 2, RandomOp.DRAW, 0, scratch);
        }
        return true;
    }

    @Override
    public boolean draw(
            boolean normal, int[] key, int ko, int from, int to, double[] y, int yo, float[] words, double[] scratch) {
        if (TWO_DOUBLES) {
            return false;
        }
        long k = (long) key[ko + 1] << 32 | key[ko] & 0xffffffffL;
        if (normal) {
            PhiloxDoubles.normals(y, yo, to - from, k, from >> 1, RandomOp.DRAW, 0, words, scratch);
        } else {
            PhiloxDoubles.uniforms(y, yo, to - from, k, from >> 1, RandomOp.DRAW, 0, words, scratch);
        }
        return true;
    }

    @Override
    public int drawScratch() {
        return PhiloxDoubles.SCRATCH;
    }

    @Override
    public @Nullable RowLoop rows(RowOp op, DType type) {
        return type == DType.F32 ? FloatRows.of(op) : TWO_DOUBLES ? null : DoubleRows.of(op);
    }

    @Override
    public @Nullable SplineLoop spline(SplineOp op, DType type) {
        if (type == DType.F32) {
            return new FloatSpline(op);
        }
        return TWO_DOUBLES ? null : new DoubleSpline(op);
    }

    @Override
    public RecurrenceLoop recurrence() {
        return new FloatRecurrence();
    }

    @Override
    public LaneAlgebra algebra() {
        return algebra;
    }
}
