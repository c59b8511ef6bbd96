package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.amortis.tensor.SplineForm;
import org.amortis.tensor.SplineForm.Ends;
import org.amortis.tensor.SplineOp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SplineKernelTest {
    private static final int N = 501;

    /** Runs an operation of one set of parameters on many values, which are a single row. */
    private static float[][] run(SplineOp op, float[] values, float[] own, float[]... cotangents) {
        int n = values.length;
        float[] parameters = new float[n * own.length];
        for (int k = 0; k < own.length; k++) {
            Arrays.fill(parameters, k * n, (k + 1) * n, own[k]);
        }
        boolean gradient = op instanceof SplineOp.Gradient;
        float[][] arrays = new float[gradient ? 6 : 4][];
        arrays[0] = values;
        arrays[1] = parameters;
        System.arraycopy(cotangents, 0, arrays, 2, cotangents.length);
        arrays[arrays.length - 2] = new float[n];
        arrays[arrays.length - 1] = new float[gradient ? parameters.length : n];
        FloatSpline loop = new FloatSpline(op);
        loop.run(arrays, new int[6], n, 0, n, new float[loop.scratch()]);
        return arrays;
    }

    private static float[] grid() {
        float[] u = new float[N];
        for (int i = 0; i < N; i++) {
            u[i] = i / (N - 1f);
        }
        return u;
    }

    /** From smooth to bins of a thousandth beside slopes of a thousand: finite, inside, increasing, the ends exact. */
    @ParameterizedTest
    @EnumSource(Ends.class)
    void extremeParameters(Ends ends) {
        SplineForm form = new SplineForm(8, ends, 1e-3, 1e-3, 1);
        Random random = new Random(3);
        float[] u = grid();
        float[] one = new float[N];
        Arrays.fill(one, 1);
        for (int set = 0; set < 60; set++) {
            float[] own = new float[form.parameters()];
            double size = Math.exp(8 * random.nextDouble());
            for (int k = 0; k < own.length; k++) {
                own[k] = (float) (size * random.nextGaussian());
            }
            for (boolean inverse : new boolean[] {false, true}) {
                float[][] r = run(new SplineOp.Map(form, inverse), u, own);
                float[] y = r[2];
                for (int i = 0; i < N; i++) {
                    assertTrue(y[i] >= 0 && y[i] <= 1.000001f, set + ": " + y[i]);
                    assertTrue(i == 0 || y[i] >= y[i - 1] - 2e-7f, set + ": decreasing at " + u[i]);
                    assertTrue(Float.isFinite(r[3][i]), set + ": " + r[3][i]);
                }
                assertEquals(0, y[0], 0, "left end");
                assertEquals(1, y[N - 1], 1e-7, "right end");
                float[][] g = run(new SplineOp.Gradient(form, inverse), u, own, one, one);
                for (float[] a : new float[][] {g[4], g[5]}) {
                    for (float v : a) {
                        assertTrue(Float.isFinite(v), set + ": gradient " + v);
                    }
                }
            }
        }
    }

    /** There and back within some roundings times what the slope makes of them, log slopes of opposite sign. */
    @Test
    void roundTrips() {
        SplineForm form = new SplineForm(6, Ends.FREE, 1e-2, 1e-2, 1);
        Random random = new Random(4);
        float[] u = grid();
        for (int set = 0; set < 40; set++) {
            float[] own = new float[form.parameters()];
            for (int k = 0; k < own.length; k++) {
                own[k] = (float) random.nextGaussian();
            }
            float[][] there = run(new SplineOp.Map(form, false), u, own);
            float[][] back = run(new SplineOp.Map(form, true), there[2], own);
            for (int i = 0; i < N; i++) {
                double slope = Math.exp(there[3][i]);
                assertEquals(u[i], back[2][i], 0x1p-21 * Math.max(1, 1 / slope), set + " at " + u[i]);
                assertEquals(there[3][i], -back[3][i], 1e-3);
            }
        }
    }

    /** Rows of any length in blocks of any cut give the bits of rows alone; nothing but the results is written. */
    @ParameterizedTest
    @CsvSource({"1,1", "1,300", "3,40", "7,9", "8,70", "9,31", "15,5", "16,33", "17,19", "40,7", "129,3", "1000,1"})
    void bitsDoNotDependOnTheCut(int size, int rows) {
        SplineForm form = new SplineForm(5, Ends.ONE, 1e-2, 1e-2, 0.5);
        Random random = new Random(size);
        int n = size * rows;
        int lead = 3;
        float[][] in = {
            new float[n + lead + 1],
            new float[n * form.parameters() + lead + 1],
            new float[n + lead + 1],
            new float[n + lead + 1]
        };
        for (float[] a : in) {
            for (int i = 0; i < a.length; i++) {
                a[i] = random.nextFloat();
            }
        }
        for (boolean inverse : new boolean[] {false, true}) {
            for (SplineOp op : new SplineOp[] {new SplineOp.Map(form, inverse), new SplineOp.Gradient(form, inverse)}) {
                boolean gradient = op instanceof SplineOp.Gradient;
                int first = gradient ? 4 : 2;
                float[][] whole = Arrays.copyOf(in, first + 2);
                float[][] cut = Arrays.copyOf(in, first + 2);
                for (float[][] a : new float[][][] {whole, cut}) {
                    a[first] = filled(n + lead + 1);
                    a[first + 1] = filled((gradient ? n * form.parameters() : n) + lead + 1);
                }
                int[] at = {lead, lead, lead, lead, lead, lead};
                FloatSpline loop = new FloatSpline(op);
                loop.run(whole, at, size, 0, n, new float[loop.scratch()]);
                float[] dirty = new float[loop.scratch()];
                Arrays.fill(dirty, Float.NaN);
                for (int r = rows - 1; r >= 0; r--) {
                    loop.run(cut, at, size, r * size + size / 2, (r + 1) * size, dirty);
                    loop.run(cut, at, size, r * size, r * size + size / 2, dirty);
                }
                for (int k = first; k < first + 2; k++) {
                    assertArrayEquals(whole[k], cut[k], 0);
                    for (int i = 0; i < lead; i++) {
                        assertEquals(-7, cut[k][i]);
                    }
                    assertEquals(-7, whole[k][whole[k].length - 1]);
                    assertEquals(-7, cut[k][cut[k].length - 1]);
                }
            }
        }
    }

    private static float[] filled(int n) {
        float[] a = new float[n];
        Arrays.fill(a, -7);
        return a;
    }
}
