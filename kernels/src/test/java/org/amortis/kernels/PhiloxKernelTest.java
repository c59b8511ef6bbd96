package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.amortis.math.Philox;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhiloxKernelTest {
    private static final long KEY = 0x243F6A8885A308D3L;
    private static final int GUARD = 77;
    private static final float[] SCRATCH = new float[PhiloxKernel.SCRATCH];
    private static final float[] WORDS = new float[PhiloxDoubles.SCRATCH];
    private static final double[] ENDS = new double[PhiloxDoubles.SCRATCH];

    /** Counters that carry from the low into the high word, within one vector and at the end of the range. */
    private static final long[] STARTS = {0, 5, 0xfffffffdL, 0x1fffffffeL, -3};

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 131})
    void wordsAndUniformsAreTheDefinedBits(int n) {
        int[] block = new int[4];
        for (long start : STARTS) {
            int[] words = new int[n + 3];
            float[] uniforms = new float[n + 3];
            Arrays.fill(words, GUARD);
            Arrays.fill(uniforms, GUARD);
            int[] expected = words.clone();
            float[] expectedUniforms = uniforms.clone();
            for (int i = 0; i < n; i++) {
                Philox.block(KEY, start + i / 4, 9, -7, block);
                expected[1 + i] = block[i % 4];
                expectedUniforms[1 + i] = Philox.uniformFloat(block[i % 4]);
            }
            PhiloxKernel.words(words, 1, n, KEY, start, 9, -7);
            PhiloxKernel.uniforms(uniforms, 1, n, KEY, start, 9, -7, SCRATCH);
            assertArrayEquals(expected, words);
            assertArrayEquals(expectedUniforms, uniforms);
        }
    }

    /** Two ulps, over four million draws; and moments, whose standard errors are 5e-4 and 7e-4. */
    @ParameterizedTest
    @ValueSource(ints = {1 << 22})
    void normalsAreCloseToTheDoubleFormula(int n) {
        float[] x = new float[n];
        PhiloxKernel.normals(x, 0, n, KEY, 0, 1, 0, SCRATCH);
        int[] block = new int[4];
        double[] exact = new double[4];
        double worst = 0;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i += 4) {
            Philox.block(KEY, i / 4, 1, 0, block);
            Philox.normals32(block, exact, 0);
            for (int j = 0; j < 4; j++) {
                worst = Math.max(worst, Math.abs(x[i + j] - exact[j]) / Math.ulp((float) exact[j]));
                sum += x[i + j];
                squares += x[i + j] * x[i + j];
            }
        }
        if (Boolean.getBoolean("amortis.test.print")) {
            System.out.printf("normals %.3f ulp%n", worst);
        }
        assertTrue(worst <= 2, worst + " ulp");
        assertEquals(0, sum / n, 2e-3);
        assertEquals(1, squares / n, 3e-3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 20, 33, 100})
    void normalsOfAnyLengthAreAPrefix(int n) {
        float[] all = new float[128];
        float[] some = new float[n + 2];
        PhiloxKernel.normals(all, 0, 128, KEY, 0xfffffff0L, 1, 0, SCRATCH);
        PhiloxKernel.normals(some, 1, n, KEY, 0xfffffff0L, 1, 0, SCRATCH);
        for (int i = 0; i < n; i++) {
            assertEquals(all[i], some[1 + i]);
        }
        assertEquals(0, some[0]);
        assertEquals(0, some[n + 1]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 1024, 1025, 3001})
    void doublesOfAnyLength(int n) {
        int[] block = new int[4];
        double[] pair = new double[2];
        for (long start : STARTS) {
            double[] uniforms = new double[n + 3];
            Arrays.fill(uniforms, GUARD);
            double[] expected = uniforms.clone();
            double[] normals = uniforms.clone();
            PhiloxDoubles.uniforms(uniforms, 1, n, KEY, start, 9, -7, WORDS, ENDS);
            PhiloxDoubles.normals(normals, 1, n, KEY, start, 9, -7, WORDS, ENDS);
            for (int i = 0; i < n; i++) {
                Philox.block(KEY, start + i / 2, 9, -7, block);
                expected[1 + i] = Philox.uniform64(block[i % 2 * 2], block[i % 2 * 2 + 1]);
                Philox.normals64(block, pair, 0);
                assertEquals(pair[i % 2], normals[1 + i], 3 * Math.ulp(pair[i % 2]), "normal " + i);
            }
            assertArrayEquals(expected, uniforms, 0);
            assertEquals(GUARD, normals[0]);
            assertEquals(GUARD, normals[n + 1]);
        }
    }

    /** Three ulps, over two million draws; and moments. */
    @ParameterizedTest
    @ValueSource(ints = {1 << 21})
    void normalsInDoubleAreCloseToTheFormula(int n) {
        double[] x = new double[n];
        PhiloxDoubles.normals(x, 0, n, KEY, 0, 1, 0, WORDS, ENDS);
        int[] block = new int[4];
        double[] exact = new double[2];
        double worst = 0;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i += 2) {
            Philox.block(KEY, i / 2, 1, 0, block);
            Philox.normals64(block, exact, 0);
            for (int j = 0; j < 2; j++) {
                worst = Math.max(worst, Math.abs(x[i + j] - exact[j]) / Math.ulp(exact[j]));
                sum += x[i + j];
                squares += x[i + j] * x[i + j];
            }
        }
        if (Boolean.getBoolean("amortis.test.print")) {
            System.out.printf("normals in double %.3f ulp%n", worst);
        }
        assertTrue(worst <= 3, worst + " ulp");
        assertEquals(0, sum / n, 3e-3);
        assertEquals(1, squares / n, 4e-3);
    }
}
