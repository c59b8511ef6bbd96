package org.amortis.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhiloxTest {
    // The philox4x32 10 rows of kat_vectors in the Random123 distribution: counter, key, result.
    @ParameterizedTest
    @CsvSource({
        "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
        "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1",
    })
    void random123KnownAnswers(String counter, String key, String expected) {
        int[] c = words(counter);
        int[] k = words(key);
        int[] out = {1, 2, 3, 4, 5, 6};
        Philox.block(k[0], k[1], c[0], c[1], c[2], c[3], out, 1);
        int[] e = words(expected);
        assertArrayEquals(new int[] {1, e[0], e[1], e[2], e[3], 6}, out);
    }

    private static final long KEY = 0x299f31d0_a4093822L;
    private static final long BLOCK = (1L << 40) + 7;

    // Made with a second Philox in Python, and the normals with mpmath at 50 digits from its words.
    @Test
    void streamOrderUniformsAndNormals() {
        int[] block = {0x1674589a, 0xe900ecbc, 0x67650211, 0x54cfe133};
        double[] normals32 = {1.8640313000358941, -1.1801535125652112, -0.6583095668451735, 1.174682307028833};
        double[] normals64 = {-1.8159834553066407, 1.2528283792769856};
        int[] scratch = new int[4];
        Philox.block(KEY, BLOCK, 5, -3, scratch);
        assertArrayEquals(block, scratch);
        double[] out = new double[5];
        Philox.normals32(block, out, 1);
        for (int lane = 0; lane < 4; lane++) {
            long index = 4 * BLOCK + lane;
            assertEquals(block[lane], Philox.word(KEY, index, 5, -3));
            assertEquals(((block[lane] >>> 8) + 0.5) / (1 << 24), Philox.uniform32(KEY, index, 5, -3));
            assertClose(normals32[lane], Philox.normal32(KEY, index, 5, -3, scratch));
            assertClose(normals32[lane], out[1 + lane]);
        }
        Philox.normals64(block, out, 2);
        for (int lane = 0; lane < 2; lane++) {
            long index = 2 * BLOCK + lane;
            assertClose(normals64[lane], Philox.normal64(KEY, index, 5, -3, scratch));
            assertClose(normals64[lane], out[2 + lane]);
        }
        assertEquals(0.0877128008078249, Philox.uniform64(KEY, 2 * BLOCK, 5, -3, scratch));
        assertEquals(0.4038850109398591, Philox.uniform64(KEY, 2 * BLOCK + 1, 5, -3, scratch));
    }

    @Test
    void uniformsAtTheirEnds() {
        assertEquals(0x1p-25, Philox.uniform32(0xff));
        assertEquals(1 - 0x1p-25, Philox.uniform32(-1));
        assertEquals(0x1p-25f, Philox.uniformFloat(0));
        assertEquals(Math.nextDown(1f), Philox.uniformFloat(-1));
        assertEquals(0x1p-54, Philox.uniform64(0, 0x7ff));
        assertEquals(0x1p-53 * 1.5, Philox.uniform64(0, 0x800));
        assertEquals(1, Philox.uniform64(-1, -1));
        assertEquals(1 - 0x1p-52, Philox.uniform64(-1, 0xffffe800), "tie of 2^53 - 3 + 1/2 goes to the even number");
        assertEquals(0.5, Philox.uniform64(0x80000000, 0));
    }

    @Test
    void boxMullerIsExactOnTheQuartersAndFiniteAtTheEnds() {
        double u = Math.exp(-0.5);
        double r = Math.sqrt(-2 * Math.log(u));
        double[][] turns = {{0.25, 0, r}, {0.5, -r, 0}, {0.75, 0, -r}, {1, r, 0}};
        for (double[] turn : turns) {
            assertEquals(turn[1], Philox.boxMullerCos(u, turn[0]) + 0.0);
            assertEquals(turn[2], Philox.boxMullerSin(u, turn[0]) + 0.0);
        }
        assertEquals(0, Philox.boxMullerCos(1, 0.3), 0);
        assertEquals(Math.sqrt(108 * Math.log(2)), Philox.boxMullerCos(0x1p-54, 1), 0x1p-50);
        for (double v = 0x1p-10; v < 1; v += 0x1p-7) {
            assertEquals(r * Math.cos(2 * Math.PI * v), Philox.boxMullerCos(u, v), 2e-15);
            assertEquals(r * Math.sin(2 * Math.PI * v), Philox.boxMullerSin(u, v), 2e-15);
        }
    }

    // With n = 2^18 independent draws the mean of a statistic of variance s2 has standard deviation sqrt(s2 / n); five
    // of
    // them bound it, whatever the seed.
    @Test
    void momentsOfTheNormals() {
        int n = 1 << 18;
        int[] scratch = new int[4];
        for (int kind = 0; kind < 2; kind++) {
            double m1 = 0;
            double m2 = 0;
            double m4 = 0;
            double lag = 0;
            double previous = 0;
            for (int i = 0; i < n; i++) {
                double z = kind == 0 ? Philox.normal32(9, i, 1, 2, scratch) : Philox.normal64(9, i, 1, 2, scratch);
                m1 += z;
                m2 += z * z;
                m4 += z * z * z * z;
                lag += z * previous;
                previous = z;
            }
            assertTrue(Math.abs(m1 / n) < 5 * Math.sqrt(1.0 / n));
            assertTrue(Math.abs(m2 / n - 1) < 5 * Math.sqrt(2.0 / n));
            assertTrue(Math.abs(m4 / n - 3) < 5 * Math.sqrt(96.0 / n));
            assertTrue(Math.abs(lag / n) < 5 * Math.sqrt(1.0 / n));
        }
    }

    // A double of magnitude below 4 has ulp at most 4.5e-16; log, sqrt, the trigonometric function and two products
    // each
    // add at most one.
    private static void assertClose(double expected, double actual) {
        assertEquals(expected, actual, 5 * Math.ulp(expected));
    }

    private static int[] words(String hex) {
        String[] parts = hex.split(" ", -1);
        int[] out = new int[parts.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = Integer.parseUnsignedInt(parts[i], 16);
        }
        return out;
    }
}
