package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Matrix products on small integers, so that every order of summation gives the same exact number and results can be
 * compared for equality.
 */
class GemmTest {
    private static final int[] SIZES = {1, 2, 3, 5, 7, 11, 13, 16, 17, 31, 33, 37, 64, 67};
    private static final float[] NONE = {};

    record Case(boolean transA, boolean transB, int m, int n, int k, int start, int gap) {}

    static Stream<Case> cases() {
        Random random = new Random(5);
        Stream.Builder<Case> out = Stream.builder();
        for (int m : SIZES) {
            for (int n : SIZES) {
                for (int t = 0; t < 4; t++) {
                    int k = SIZES[random.nextInt(SIZES.length)];
                    out.add(new Case((t & 1) != 0, (t & 2) != 0, m, n, k, random.nextInt(3), random.nextInt(3)));
                }
            }
        }
        for (int t = 0; t < 4; t++) {
            for (int start = 0; start < 3; start++) {
                out.add(new Case((t & 1) != 0, (t & 2) != 0, 5, 7, 0, start, 1));
                out.add(new Case((t & 1) != 0, (t & 2) != 0, 0, 7, 3, start, 1));
                out.add(new Case((t & 1) != 0, (t & 2) != 0, 50, 40, 900, start, 0));
                out.add(new Case((t & 1) != 0, (t & 2) != 0, 400, 1100, 5, start, 0));
                out.add(new Case((t & 1) != 0, (t & 2) != 0, 1, 200, 401, start, 0));
                out.add(new Case((t & 1) != 0, (t & 2) != 0, 200, 1, 1030, start, 0));
                out.add(new Case((t & 1) != 0, (t & 2) != 0, 1, 1, 1, start, 0));
            }
        }
        return out.build();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithThreeLoops(Case s) {
        Random random = new Random(s.hashCode());
        int lda = (s.transA ? s.m : s.k) + s.gap;
        int ldb = (s.transB ? s.k : s.n) + s.gap;
        int ldc = s.n + s.gap;
        int ao = random.nextInt(4);
        int bo = random.nextInt(4);
        int co = random.nextInt(4);
        float[] a = integers(random, ao + (s.transA ? s.k : s.m) * lda);
        float[] b = integers(random, bo + (s.transB ? s.n : s.k) * ldb);
        float[] c = integers(random, co + s.m * ldc + 3);
        float[] bias = integers(random, 2 + s.n);
        float[] expected = c.clone();
        for (int i = 0; i < s.m; i++) {
            for (int j = 0; j < s.n; j++) {
                float sum =
                        s.start == FloatGemm.ZERO ? 0 : s.start == FloatGemm.BIAS ? bias[2 + j] : c[co + i * ldc + j];
                for (int p = 0; p < s.k; p++) {
                    float x = a[ao + (s.transA ? p * lda + i : i * lda + p)];
                    float y = b[bo + (s.transB ? j * ldb + p : p * ldb + j)];
                    sum += x * y;
                }
                expected[co + i * ldc + j] = sum;
            }
        }
        double[] c64 = widen(c);
        int size = FloatGemm.scratchSize(s.transA, s.transB, s.m, s.n, s.k);
        float[] scratch = new float[1 + size + 1];
        Arrays.fill(scratch, Float.NaN);
        FloatGemm.gemm(
                s.transA, s.transB, s.m, s.n, s.k, a, ao, lda, b, bo, ldb, s.start, bias, 2, c, co, ldc, 0, s.m, 0, s.n,
                scratch, 1);
        assertArrayEquals(expected, c, s.toString());
        assertEquals(Float.NaN, scratch[0]);
        assertEquals(Float.NaN, scratch[size + 1]);

        double[] scratch64 = new double[DoubleGemm.scratchSize(s.transA, s.transB, s.m, s.n, s.k)];
        DoubleGemm.gemm(
                s.transA,
                s.transB,
                s.m,
                s.n,
                s.k,
                widen(a),
                ao,
                lda,
                widen(b),
                bo,
                ldb,
                s.start,
                widen(bias),
                2,
                c64,
                co,
                ldc,
                0,
                s.m,
                0,
                s.n,
                scratch64,
                0);
        assertArrayEquals(widen(expected), c64, s.toString());
    }

    @Test
    void anySplitGivesTheSameBits() {
        Random random = new Random(9);
        int[][] shapes = {{100, 70, 500}, {1, 333, 97}, {333, 1, 97}, {29, 45, 64}, {2, 64, 64}, {450, 90, 20}};
        for (int[] shape : shapes) {
            for (int t = 0; t < 4; t++) {
                boolean transA = (t & 1) != 0;
                boolean transB = (t & 2) != 0;
                int m = shape[0];
                int n = shape[1];
                int k = shape[2];
                float[] a = reals(random, m * k);
                float[] b = reals(random, k * n);
                float[] whole = reals(random, m * n);
                float[] parts = whole.clone();
                float[] scratch = new float[FloatGemm.scratchSize(transA, transB, m, n, k)];
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
                        FloatGemm.ACCUMULATE,
                        NONE,
                        0,
                        whole,
                        0,
                        n,
                        0,
                        m,
                        0,
                        n,
                        scratch,
                        0);
                int rowCut = random.nextInt(m + 1);
                int colCut = random.nextInt(n + 1);
                for (int part = 0; part < 4; part++) {
                    boolean top = part < 2;
                    boolean left = part % 2 == 0;
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
                            FloatGemm.ACCUMULATE,
                            NONE,
                            0,
                            parts,
                            0,
                            n,
                            top ? 0 : rowCut,
                            top ? rowCut : m,
                            left ? 0 : colCut,
                            left ? colCut : n,
                            scratch,
                            0);
                }
                assertArrayEquals(whole, parts, Arrays.toString(shape) + " " + t + " at " + rowCut + ", " + colCut);
            }
        }
    }

    /** The number of each element is that of multiply-adds in the order of k, whatever the layout and the tiles. */
    @Test
    void everyLayoutGivesTheBitsOfOneChain() {
        Random random = new Random(11);
        int[][] shapes = {{16, 64, 64}, {37, 33, 63}, {59, 40, 2}, {14, 50, 1}, {20, 48, 448}};
        for (int[] shape : shapes) {
            int m = shape[0];
            int n = shape[1];
            int k = shape[2];
            float[] a = reals(random, m * k);
            float[] b = reals(random, k * n);
            float[] expected = new float[m * n];
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    float sum = 0;
                    for (int p = 0; p < k; p++) {
                        sum = Math.fma(a[i * k + p], b[p * n + j], sum);
                    }
                    expected[i * n + j] = sum;
                }
            }
            for (int t = 0; t < 4; t++) {
                boolean transA = (t & 1) != 0;
                boolean transB = (t & 2) != 0;
                float[] x = transA ? transposed(a, m, k) : a;
                float[] y = transB ? transposed(b, k, n) : b;
                float[] c = new float[m * n];
                float[] scratch = new float[FloatGemm.scratchSize(transA, transB, m, n, k)];
                FloatGemm.gemm(
                        transA,
                        transB,
                        m,
                        n,
                        k,
                        x,
                        0,
                        transA ? m : k,
                        y,
                        0,
                        transB ? k : n,
                        FloatGemm.ZERO,
                        NONE,
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
                assertArrayEquals(expected, c, Arrays.toString(shape) + " " + t);
            }
        }
    }

    @Test
    void nonFiniteNumbersReachOnlyTheirRowsAndColumns() {
        int n = 40;
        float[] a = new float[n * n];
        float[] b = new float[n * n];
        float[] c = new float[n * n];
        Arrays.fill(a, 1);
        Arrays.fill(b, 1);
        a[3 * n + 5] = Float.NaN;
        b[7 * n + 39] = Float.POSITIVE_INFINITY;
        FloatGemm.gemm(
                false,
                false,
                n,
                n,
                n,
                a,
                0,
                n,
                b,
                0,
                n,
                FloatGemm.ZERO,
                NONE,
                0,
                c,
                0,
                n,
                0,
                n,
                0,
                n,
                new float[FloatGemm.scratchSize(false, false, n, n, n)],
                0);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                float expected = i == 3 ? Float.NaN : j == 39 ? Float.POSITIVE_INFINITY : n;
                assertEquals(expected, c[i * n + j]);
            }
        }
    }

    private static float[] integers(Random random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = random.nextInt(9) - 4;
        }
        return x;
    }

    private static float[] reals(Random random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    private static float[] transposed(float[] x, int rows, int columns) {
        float[] y = new float[x.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                y[j * rows + i] = x[i * columns + j];
            }
        }
        return y;
    }

    private static double[] widen(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i];
        }
        return y;
    }
}
