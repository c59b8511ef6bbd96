package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reductions against plain double sums; tolerances from the depth of the pairwise order. */
class ReduceTest {
    /** Relative to the sum of magnitudes: four accumulators over 1024 elements, then a tree; depth below 64 additions. */
    private static final double TOLERANCE = 64 * 0x1p-24;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 127, 1023, 1024, 1025, 2049, 5003, 100003})
    void wholeRange(int n) {
        Random random = new Random(n);
        float[] x = new float[n + 3];
        float[] y = new float[n + 3];
        double sum = 0;
        double dot = 0;
        double squares = 0;
        double size = 0;
        double largest = Double.NEGATIVE_INFINITY;
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
            y[i] = (float) random.nextGaussian();
            if (i >= 1 && i <= n) {
                sum += x[i];
                dot += (double) x[i] * y[i];
                squares += (double) x[i] * x[i];
                size += Math.abs(x[i]);
                largest = Math.max(largest, x[i]);
                smallest = Math.min(smallest, x[i]);
            }
        }
        assertEquals(sum, FloatReduce.sum(x, 1, n), TOLERANCE * size);
        assertEquals(dot, FloatReduce.dot(x, 1, y, 1, n), TOLERANCE * (squares + n + 1));
        assertEquals(squares, FloatReduce.sumOfSquares(x, 1, n), TOLERANCE * squares);
        assertEquals(largest, FloatReduce.max(x, 1, n));
        assertEquals(smallest, FloatReduce.min(x, 1, n));
        double[] d = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            d[i] = x[i];
        }
        assertEquals(sum, DoubleReduce.sum(d, 1, n), (64 + n) * 0x1p-53 * size);
        assertEquals(squares, DoubleReduce.sumOfSquares(d, 1, n), (64 + n) * 0x1p-53 * squares);
        assertEquals(largest, DoubleReduce.max(d, 1, n));
        assertEquals(smallest, DoubleReduce.min(d, 1, n));

        int blocks = (n + FloatReduce.BLOCK - 1) / FloatReduce.BLOCK;
        float[] parts = new float[blocks];
        for (int i = 0; i < blocks; i++) {
            int from = i * FloatReduce.BLOCK;
            parts[i] = FloatReduce.sum(x, 1 + from, Math.min(FloatReduce.BLOCK, n - from));
        }
        assertEquals(FloatReduce.sum(x, 1, n), FloatReduce.combine(parts, 0, blocks), "split by blocks");
    }

    @Test
    void notANumberWinsWhereverItStands() {
        for (int n : new int[] {1, 5, 16, 37, 70}) {
            for (int at = 0; at < n; at++) {
                float[] x = new float[n];
                x[at] = Float.NaN;
                x[(at + 1) % n] = n == 1 ? Float.NaN : Float.POSITIVE_INFINITY;
                assertEquals(Float.NaN, FloatReduce.max(x, 0, n));
                assertEquals(Float.NaN, FloatReduce.min(x, 0, n));
                assertEquals(Float.NaN, FloatReduce.sum(x, 0, n));
            }
        }
        assertEquals(0f, FloatReduce.max(new float[] {-0f, 0f, -0f}, 0, 3));
        assertEquals(-0f, FloatReduce.min(new float[] {0f, -0f, 0f}, 0, 3));
    }

    @Test
    void columnSumsOfAnyColumnRange() {
        Random random = new Random(8);
        int rows = 200;
        int stride = 75;
        float[] x = new float[2 + rows * stride];
        double[] exact = new double[stride];
        for (int i = 0; i < rows * stride; i++) {
            x[2 + i] = random.nextInt(9) - 4;
            exact[i % stride] += x[2 + i];
        }
        for (int from : new int[] {0, 1, 16, 40}) {
            for (int to : new int[] {40, 41, 56, 75}) {
                float[] y = new float[1 + stride];
                FloatReduce.columnSums(x, 2, stride, rows, from, to, y, 1, false);
                FloatReduce.columnSums(x, 2, stride, rows, from, to, y, 1, true);
                double[] d = new double[1 + stride];
                double[] wide = new double[x.length];
                for (int i = 0; i < x.length; i++) {
                    wide[i] = x[i];
                }
                DoubleReduce.columnSums(wide, 2, stride, rows, from, to, d, 1, false);
                for (int j = 0; j < stride; j++) {
                    assertEquals(j >= from && j < to ? 2 * exact[j] : 0, y[1 + j]);
                    assertEquals(j >= from && j < to ? exact[j] : 0, d[1 + j]);
                }
            }
        }
    }

    @Test
    void softmaxOfRows() {
        Random random = new Random(12);
        int rows = 5;
        for (int cols : new int[] {1, 2, 10, 16, 33, 100, 1500}) {
            float[] x = new float[rows * cols];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (10 * random.nextGaussian());
            }
            float[] soft = new float[x.length];
            float[] logSoft = new float[x.length];
            float[] lse = new float[rows];
            float[] scratch = new float[(cols + 1) * rows];
            FloatSoftmax.softmax(x, 0, rows, cols, soft, 0, scratch);
            FloatSoftmax.logSoftmax(x, 0, rows, cols, logSoft, 0, scratch);
            FloatSoftmax.logSumExp(x, 0, rows, cols, lse, 0, scratch);
            for (int i = 0; i < rows; i++) {
                double max = Double.NEGATIVE_INFINITY;
                for (int j = 0; j < cols; j++) {
                    max = Math.max(max, x[i * cols + j]);
                }
                double sum = 0;
                for (int j = 0; j < cols; j++) {
                    sum += Math.exp(x[i * cols + j] - max);
                }
                // x - max is rounded to half an ulp of at most 100, which exp turns into a relative error
                double shift = 100 * 0x1p-24;
                assertEquals(max + Math.log(sum), lse[i], shift + 4e-7);
                for (int j = 0; j < cols; j++) {
                    double p = Math.exp(x[i * cols + j] - max) / sum;
                    assertEquals(p, soft[i * cols + j], p * (shift + 1e-6) + 1e-44);
                    assertEquals(x[i * cols + j] - max - Math.log(sum), logSoft[i * cols + j], 2 * shift + 1e-6);
                }
            }
        }
        float inf = Float.POSITIVE_INFINITY;
        float[] edge = {-inf, -inf, inf, 1, Float.NaN, 1};
        float[] lse = new float[3];
        FloatSoftmax.logSumExp(edge, 0, 3, 2, lse, 0, new float[9]);
        assertEquals(-inf, lse[0]);
        assertEquals(inf, lse[1]);
        assertEquals(Float.NaN, lse[2]);
    }
}
