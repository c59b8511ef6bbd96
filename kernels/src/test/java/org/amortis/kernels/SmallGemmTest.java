package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.amortis.spi.SmallProducts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products of small matrices against sums in double, in every layout, at the very end of their arrays and before it. */
class SmallGemmTest {
    private static final int[] SIZES = {1, 2, 3, 4, 5, 7, 8, 9, 13, 16};

    /** Sums of at most 16 products below 1, each step rounded to half a unit. */
    private static double tolerance(boolean single, int k) {
        return (k + 1) * (single ? 0x1p-24 : 0x1p-53) * Math.max(1, k);
    }

    private static Object array(boolean single, double[] v) {
        if (!single) {
            return v.clone();
        }
        float[] f = new float[v.length];
        for (int i = 0; i < f.length; i++) {
            f[i] = (float) v[i];
        }
        return f;
    }

    private static double get(Object x, int i) {
        return x instanceof float[] f ? f[i] : ((double[]) x)[i];
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everySize(boolean single) {
        int taken = 0;
        for (int m : SIZES) {
            for (int n : SIZES) {
                for (int k : new int[] {0, 1, 2, 3, 4, 5, 8, 11, 16}) {
                    for (int layout = 0; layout < 8; layout++) {
                        taken += check(single, m, n, k, layout) ? 1 : 0;
                    }
                }
            }
        }
        assertTrue(taken > 100, "kernels for " + taken + " sizes only");
    }

    private static boolean check(boolean single, int m, int n, int k, int layout) {
        boolean ta = (layout & 1) != 0;
        boolean tb = (layout & 2) != 0;
        boolean add = (layout & 4) != 0;
        SmallProducts p = single ? FloatSmallGemm.of(ta, tb, m, n, k) : DoubleSmallGemm.of(ta, tb, m, n, k);
        if (p == null) {
            return false;
        }
        SplittableRandom random = new SplittableRandom(m * 10_000L + n * 100L + k);
        // once whole vectors can be read behind the last matrix, once not
        for (int behind : new int[] {0, 70}) {
            // matrices that follow each other, and some that repeat
            for (int count : new int[] {1, 9}) {
                int repeat = count == 9 && behind == 0 ? 3 : 1;
                Object a = array(
                        single,
                        random.doubles(3 + (long) count * m * k + behind, -1, 1).toArray());
                Object b = array(
                        single,
                        random.doubles(1 + (long) count * k * n + behind, -1, 1).toArray());
                double[] before =
                        random.doubles(2 + (long) count * m * n, -1, 1).toArray();
                Object c = array(single, before);
                Object old = array(single, before);
                int[] atA = new int[count];
                int[] atB = new int[count];
                for (int q = 0; q < count; q++) {
                    atA[q] = q / repeat * repeat * m * k;
                    atB[q] = q * k * n;
                }
                double[] filled = new double[p.scratch()];
                Arrays.fill(filled, Double.NaN);
                Object scratch = array(single, filled);
                int split = count / 2;
                p.run(a, 3, atA, b, 1, atB, add, c, 1, 0, split, scratch);
                p.run(a, 3, atA, b, 1, atB, add, c, 1, split, count, scratch);
                for (int q = 0; q < count; q++) {
                    for (int i = 0; i < m; i++) {
                        for (int j = 0; j < n; j++) {
                            int at = 1 + (q * m + i) * n + j;
                            double sum = add ? get(old, at) : 0;
                            for (int s = 0; s < k; s++) {
                                sum += get(a, 3 + atA[q] + (ta ? s * m + i : i * k + s))
                                        * get(b, 1 + atB[q] + (tb ? j * k + s : s * n + j));
                            }
                            assertEquals(
                                    sum,
                                    get(c, at),
                                    tolerance(single, k + 1),
                                    () -> m + "x" + n + "x" + k + " layout " + layout);
                        }
                    }
                }
                assertEquals(get(old, 0), get(c, 0), "wrote beside its place");
                assertEquals(get(old, 1 + count * m * n), get(c, 1 + count * m * n), "wrote beside its place");
            }
        }
        return true;
    }

    /** Which products run together, and in which vector a product lies, changes no bit. */
    @ParameterizedTest
    @CsvSource({"2,2,2", "3,3,3", "1,4,4", "2,3,1", "5,4,3", "7,7,7"})
    void alone(int m, int n, int k) {
        int count = 13;
        FloatSmallGemm p = FloatSmallGemm.of(false, false, m, n, k);
        if (p == null) {
            return;
        }
        SplittableRandom random = new SplittableRandom(5);
        float[] a = (float[])
                array(true, random.doubles(100L + (long) count * m * k).toArray());
        float[] b = (float[])
                array(true, random.doubles(100L + (long) count * k * n).toArray());
        int[] atA = new int[count];
        int[] atB = new int[count];
        for (int q = 0; q < count; q++) {
            atA[q] = q * m * k;
            atB[q] = q * k * n;
        }
        List<float[]> results = new ArrayList<>();
        for (int step : new int[] {13, 1, 5}) {
            float[] c = new float[count * m * n];
            for (int q = 0; q < count; q += step) {
                p.run(a, 0, atA, b, 0, atB, false, c, 0, q, Math.min(count, q + step), new float[p.scratch()]);
            }
            results.add(c);
        }
        assertTrue(Arrays.equals(results.get(0), results.get(1)));
        assertTrue(Arrays.equals(results.get(0), results.get(2)));
    }

    @Test
    void largeOnesAreLeftToTiles() {
        assertNull(FloatSmallGemm.of(false, false, 16, 16, 16));
        assertNull(FloatSmallGemm.of(false, false, 17, 2, 2));
        assertNull(FloatSmallGemm.of(false, false, 0, 2, 2));
        assertNull(DoubleSmallGemm.of(false, false, 2, 0, 2));
        assertNotNull(FloatSmallGemm.of(false, false, 2, 2, 2));
    }
}
