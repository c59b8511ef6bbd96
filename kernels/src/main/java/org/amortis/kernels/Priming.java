package org.amortis.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.RowLoop;
import org.amortis.spi.ScalarLoop;
import org.amortis.spi.SplineLoop;
import org.amortis.tensor.Axes;
import org.amortis.tensor.Binary;
import org.amortis.tensor.Compare;
import org.amortis.tensor.Composites;
import org.amortis.tensor.ConvOp;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.ParamUnary;
import org.amortis.tensor.RowOp;
import org.amortis.tensor.SoftmaxOp;
import org.amortis.tensor.SplineForm;
import org.amortis.tensor.SplineOp;
import org.amortis.tensor.Unary;
import org.amortis.tensor.Where;
import org.jspecify.annotations.Nullable;

/**
 * Runs the float kernels on small data until the optimising compiler has them: until then each vector operation allocates
 * and a product takes a thousand times as long. Called on request only; takes a few seconds. Double serves references and
 * is left to warm up by itself.
 */
final class Priming {
    /** HotSpot compiles for good at 5000 calls, or from 600 on if the loop ran 15,000 times. */
    private static final int CALLS = 3_000;

    /** Patience with one loop: a busy machine, or one that is no vector loop and stays slow. */
    private static final long LIMIT_NANOS = 250_000_000;

    /** A long call below this is compiled: vector loops take less than 1 ns for an element, uncompiled ones 50 and more. */
    private static final long COMPILED_NANOS = 5;

    /** Compiled calls in a row before the next loop's turn. */
    private static final int ENOUGH = 20;

    private static final int LONG = 32 * Species.F32.length() + 3;

    /** Nothing but a tail, nothing but full vectors, both: what a compilation has not seen makes it start again. */
    private static final int[] LENGTHS = {3, 2 * Species.F32.length(), LONG};

    private Priming() {}

    /** Independent tasks, the products first: nothing takes as long. */
    static List<Runnable> tasks() {
        List<Runnable> tasks = new ArrayList<>();
        int wide = 2 * Species.F32.length();
        for (int n : new int[] {wide, wide / 2, wide + 3}) {
            tasks.add(() -> products(n));
        }
        tasks.add(Priming::convolutions);
        tasks.add(Priming::draws);
        rows(tasks);
        splines(tasks);
        elementwise(tasks);
        tasks.add(Priming::reductions);
        tasks.add(Priming::recurrences);
        tasks.add(Priming::algebra);
        tasks.add(Priming::smallProducts);
        return tasks;
    }

    /** Every tile height, forward and back, rows copied as they are and every second pixel. */
    private static void convolutions() {
        int channels = 4;
        int size = Species.F32.length() + 1;
        for (int h : new int[] {12, 10, 8, 6, 4, 3, 2, 1}) {
            for (int stride = 1; stride <= 2; stride++) {
                ConvOp.Window g = ConvOp.Window.of(stride, 1, 1);
                Shape x = Shape.of(1, channels, size, size);
                Shape k = Shape.of(h, channels, 3, 3);
                Shape y = Shape.of(1, h, g.outHeight(size, 3), g.outWidth(size, 3));
                Shape back = Shape.of(channels, h, 3, 3);
                FloatConv forward = new FloatConv(new ConvPlan(false, g, x, k, y, Species.F32.length()));
                FloatConv adjoint = new FloatConv(new ConvPlan(
                        true,
                        g,
                        Shape.of(1, h, size, size),
                        back,
                        Shape.of(1, channels, y.dim(2), y.dim(3)),
                        Species.F32.length()));
                float[] a = new float[h * size * size * channels];
                float[] b = new float[a.length];
                float[] scratch = new float[Math.max(forward.scratch(), adjoint.scratch())];
                for (int i = 0; i < CALLS / 8; i++) {
                    forward.run(a, 0, a, 0, b, 0, 0, 1, scratch);
                    adjoint.run(a, 0, a, 0, b, 0, 0, 1, scratch);
                }
            }
        }
        weightGradients();
    }

    /** Groups of outputs of several heights. */
    private static void weightGradients() {
        int l = Species.F32.length();
        Shape x = Shape.of(1, 2 * l, 7, 7);
        Shape k = Shape.of(13, 2 * l, 1, 1);
        FloatConvWeights loop = FloatConvWeights.of(ConvOp.Window.of(1, 0, 1), x, k, Shape.of(1, 13, 7, 7));
        if (loop != null) {
            float[] a = new float[x.size()];
            float[] b = new float[k.size()];
            float[] scratch = new float[loop.scratch()];
            for (int i = 0; i < CALLS / 8; i++) {
                loop.run(a, 0, a, 0, b, 0, 0, 1, scratch);
            }
        }
    }

    /** Whole results and rows of them in a vector, in every layout, to the last element of the arrays. */
    private static void smallProducts() {
        int count = 13;
        for (int layout = 0; layout < 8; layout++) {
            for (int n : new int[] {2, 3, 7}) {
                FloatSmallGemm kernel = FloatSmallGemm.of((layout & 1) != 0, (layout & 2) != 0, n, n, n);
                if (kernel != null) {
                    int[] at = new int[count];
                    for (int q = 0; q < count; q++) {
                        at[q] = q * n * n;
                    }
                    float[] x = new float[count * n * n];
                    float[] y = new float[count * n * n];
                    float[] scratch = new float[kernel.scratch()];
                    for (int i = 0; i < CALLS / 10; i++) {
                        kernel.run(x, 0, at, x, 0, at, layout > 3, y, 0, 0, count, scratch);
                    }
                }
            }
        }
    }

    /** Groups of matrices of 9 x 9, in floats and in doubles, and a block of right-hand sides. */
    private static void algebra() {
        int n = 9;
        int l = Species.F64.length();
        SimdAlgebra algebra = new SimdAlgebra();
        int[] at = new int[l];
        for (int q = 0; q < l; q++) {
            at[q] = q * n * n;
        }
        double[] x = new double[n * n * l];
        double[] y = new double[x.length + algebra.scratch()];
        float[] f = new float[x.length];
        Arrays.fill(x, 1);
        Arrays.fill(f, 1);
        for (int i = 0; i < CALLS; i++) {
            Object memory = i % 2 == 0 ? x : f;
            algebra.load(memory, 0, at, 0, n * n, y, 0, y, x.length);
            algebra.cholesky(n, y);
            algebra.load(memory, 0, at, 0, n * n, y, 0, y, x.length);
            algebra.solve(n, n, y, 0, n * l, l, y, 0, n * l);
            algebra.store(y, 0, n * n, memory, 0, n * n, y, x.length);
            algebra.solveColumns(i % 4 == 0, n, i % 3 * l, x, 0, n, 1, y, 0, 2 * l);
        }
    }

    /** Every tile height of a width, in every layout, with and without addition. */
    private static void products(int n) {
        int k = 32;
        int[] heights = {12, 8, 6, 4, 3, 2, 1, 48};
        float[] a = new float[48 * k];
        float[] b = new float[k * n];
        float[] c = new float[48 * n];
        float[] scratch = new float[FloatGemm.scratchSize(false, true, 48, n, k)];
        for (int round = 0; round < 60 * 8 * heights.length; round++) {
            int m = heights[round % heights.length];
            int bits = round / heights.length;
            boolean transA = (bits & 1) != 0;
            boolean transB = (bits & 2) != 0;
            int lda = transA ? m : k;
            int ldb = transB ? k : n;
            FloatGemm.gemm(
                    transA,
                    transB,
                    m,
                    n,
                    k,
                    a,
                    0,
                    lda,
                    b,
                    0,
                    ldb,
                    bits >> 2 & 1,
                    c,
                    0,
                    c,
                    0,
                    n,
                    0,
                    m,
                    0,
                    n,
                    scratch,
                    0);
        }
    }

    private static void elementwise(List<Runnable> tasks) {
        SimdLoops loops = new SimdLoops();
        List<ElementwiseOp> ops = new ArrayList<>();
        ops.addAll(List.of(Unary.values()));
        ops.addAll(List.of(Binary.values()));
        ops.addAll(List.of(Compare.values()));
        ops.add(new ParamUnary.LeakyRelu(0.1));
        ops.add(new ParamUnary.Elu(1));
        ops.add(new ParamUnary.Clamp(-1, 1));
        // scalar, nothing to wait for
        ops.remove(Binary.POW);
        // long to compile and rare: who needs them waits for them
        ops.removeAll(List.of(Unary.ERFC, Unary.LOG_NORMAL_CDF, Unary.INVERSE_MILLS));
        for (ElementwiseOp op : ops) {
            Object y = op instanceof Compare ? new int[LONG] : new float[LONG];
            ElementwiseLoop loop = loops.elementwise(op, DType.F32);
            if (loop != null) {
                float[] x = new float[LONG];
                if (op == Unary.GELU) {
                    // its other half
                    Arrays.fill(x, LONG / 2, LONG, -7);
                }
                tasks.add(() -> prime(loop, x, y));
            }
            tasks.add(() -> prime(loops.scalarRight(op, DType.F32), y));
            tasks.add(() -> prime(loops.scalarLeft(op, DType.F32), y));
        }
        ElementwiseLoop where = loops.elementwise(Where.WHERE, DType.F32);
        if (where != null) {
            tasks.add(() -> prime(where, new int[LONG], new float[LONG]));
        }
    }

    private static void prime(ElementwiseLoop loop, Object a, Object y) {
        float[] b = new float[LONG];
        prime((p, po, scalar, q, qo, n) -> loop.run(p, po, b, 0, b, 0, q, qo, n), a, y);
    }

    private static void prime(@Nullable ScalarLoop loop, Object y) {
        if (loop != null) {
            prime(loop, new float[LONG], y);
        }
    }

    private static void prime(ScalarLoop loop, Object a, Object y) {
        long start = System.nanoTime();
        long now = start;
        int fast = 0;
        for (int i = 0; fast < ENOUGH && now - start < LIMIT_NANOS; i++) {
            loop.run(a, 0, 1, y, 0, LENGTHS[i % 3]);
            if (i % 3 == 2) {
                long before = now;
                now = System.nanoTime();
                fast = now - before < COMPILED_NANOS * LONG ? fast + 1 : 0;
            }
        }
    }

    /** Several rows in a vector, rows of a few vectors, longer ones with a tail. */
    private static void rows(List<Runnable> tasks) {
        int l = Species.F32.length();
        List<RowOp> ops = List.of(
                new SoftmaxOp.Softmax(1),
                new SoftmaxOp.LogSoftmax(1),
                new SoftmaxOp.LogSumExp(Axes.of(1)),
                new SoftmaxOp.SoftmaxGradient(1),
                new SoftmaxOp.LogSoftmaxGradient(1),
                new SoftmaxOp.LogSumExpGradient(Axes.of(1)),
                new Composites.LayerNorm(1),
                new Composites.LayerNormGradient(1),
                new Composites.GruCell(),
                new Composites.GruCellGradient());
        float[][] arrays = new float[7][LONG];
        int[] at = new int[7];
        for (RowOp op : ops) {
            RowLoop loop = FloatRows.of(op);
            if (loop != null) {
                tasks.add(() -> prime(
                        (p, po, scalar, q, qo, n) -> {
                            int cols = n == 3 ? 3 : n == LONG ? 5 * l + 3 : 3 * l;
                            loop.run(arrays, at, 0, (LONG - LONG / 4) / cols, cols / 3 * 3, q);
                        },
                        arrays[0],
                        new float[2 * LONG]));
            }
        }
    }

    /** Rows of single elements, of half a vector, of a vector and more. */
    private static void splines(List<Runnable> tasks) {
        SplineForm form = new SplineForm(5, SplineForm.Ends.ONE, 1e-2, 1e-2, 1);
        for (int i = 0; i < 4; i++) {
            boolean inverse = i % 2 == 1;
            SplineOp op = i < 2 ? new SplineOp.Map(form, inverse) : new SplineOp.Gradient(form, inverse);
            SplineLoop loop = new FloatSpline(op);
            float[][] arrays = new float[6][LONG * form.parameters()];
            int[] at = new int[6];
            int l = Species.F32.length();
            tasks.add(() -> prime(
                    (p, po, scalar, q, qo, n) -> {
                        int size = n == 3 ? 1 : n == LONG ? l + 3 : l / 2;
                        loop.run(arrays, at, size, 0, n / size * size, q);
                    },
                    arrays[0],
                    new float[loop.scratch()]));
        }
    }

    private static void reductions() {
        float[] x = new float[LONG];
        float[] y = new float[LONG];
        float sum = 0;
        for (int i = 0; i < CALLS; i++) {
            int n = LENGTHS[i % 3];
            sum += FloatReduce.sum(x, 0, n) + FloatReduce.dot(x, 0, y, 0, n);
            sum += FloatReduce.max(x, 0, n) + FloatReduce.min(x, 0, n);
            FloatReduce.columnSums(x, 0, LONG / 4, 4, 0, LONG / 4, y, 0, false);
        }
        // keeps the sums alive
        if (Float.isNaN(sum)) {
            throw new IllegalStateException("sums of zeros are not a number");
        }
    }

    /** Four vectors of columns, one, and some left. */
    private static void recurrences() {
        FloatRecurrence loop = new FloatRecurrence();
        int width = 5 * Species.F64.length() + 1;
        int lines = LONG / width;
        float[] x = new float[LONG];
        float[] y = new float[LONG];
        double[] value = new double[width];
        for (int i = 0; i < CALLS; i++) {
            loop.lines(x, 0, null, 0, value, y, 0, lines, width, width);
            loop.lines(x, 0, x, 0, value, y, 0, lines, width, width);
        }
    }

    private static void draws() {
        float[] y = new float[LONG];
        float[] scratch = new float[PhiloxKernel.SCRATCH];
        for (int i = 0; i < CALLS; i++) {
            PhiloxKernel.uniforms(y, 0, LENGTHS[i % 3], i, 0, 0, 0, scratch);
            PhiloxKernel.normals(y, 0, LENGTHS[i % 3], i, 0, 0, 0, scratch);
        }
    }
}
