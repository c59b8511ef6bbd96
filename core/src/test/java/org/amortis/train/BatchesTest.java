package org.amortis.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchesTest {
    private static final long KEY = 0x1234_5678_9abcL;

    /** Row r is (r, -r). */
    private static HostArray rows(int n) {
        double[] d = new double[2 * n];
        for (int i = 0; i < n; i++) {
            d[2 * i] = i;
            d[2 * i + 1] = -i;
        }
        return HostArray.wrap(d, Shape.of(n, 2));
    }

    private static Map<String, HostArray> batch(Batches b, int step) {
        Map<String, HostArray> m = new LinkedHashMap<>();
        // poisoned, so that what is not written shows
        b.inputs(step).forEach((name, t) -> {
            HostArray a = HostArray.zeros(t.dtype(), t.shape());
            switch (t.dtype()) {
                case F32 -> Arrays.fill(a.floats(), Float.NaN);
                case F64 -> Arrays.fill(a.doubles(), Double.NaN);
                case I32, BOOL, KEY -> Arrays.fill(a.ints(), -7);
            }
            m.put(name, a);
        });
        b.fill(KEY, step, m);
        return m;
    }

    private static int[] firsts(Batches b, int step) {
        HostArray x = batch(b, step).get("x");
        int[] r = new int[b.rows(step)];
        for (int i = 0; i < r.length; i++) {
            r[i] = (int) x.at(i, 0);
            assertEquals(0, x.at(i, 0) + x.at(i, 1), "rows stay whole");
        }
        return r;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 31, 64, 65, 1000})
    void everyEpochIsAPermutationAndEveryBatchIsFoundByItsNumber(int n) {
        Batches b = Batches.shuffled(rows(n), 4).kept();
        for (int epoch = 0; epoch < 3; epoch++) {
            int[] seen = new int[n];
            int k = 0;
            for (int i = 0; i < b.perEpoch(); i++) {
                for (int r : firsts(b, epoch * b.perEpoch() + i)) {
                    seen[k++] = r;
                }
            }
            assertEquals(n, k);
            Arrays.sort(seen);
            for (int i = 0; i < n; i++) {
                assertEquals(i, seen[i]);
            }
        }
        int far = 1_000_000 * b.perEpoch();
        assertArrayEquals(firsts(b, far), firsts(b, far));
        assertSame(b.inputs(0), b.inputs(2 * b.perEpoch()), "the same map for the same shapes");
    }

    /** Pearson's statistic of which row comes at which place, over many epochs. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 10, 16, 33})
    void everyRowIsAtEveryPlaceEquallyOften(int n) {
        int epochs = 20_000;
        int[][] count = new int[n][n];
        int[][] pair = new int[n][n];
        for (int e = 0; e < epochs; e++) {
            long key = Shuffle.key(KEY, e);
            for (int i = 0; i < n; i++) {
                count[i][Shuffle.at(key, n, i)]++;
            }
            pair[Shuffle.at(key, n, 0)][Shuffle.at(key, n, 1)]++;
        }
        double expected = epochs / (double) n;
        double chi = 0;
        for (int[] place : count) {
            for (int c : place) {
                chi += (c - expected) * (c - expected) / expected;
            }
        }
        // rows and columns of the table have fixed sums, so (n-1)/n of it has (n-1)^2 degrees of freedom
        assertFits("places", chi * (n - 1) / n, (n - 1) * (n - 1));
        expected = epochs / (n * (n - 1.0));
        chi = 0;
        for (int i = 0; i < n; i++) {
            assertEquals(0, pair[i][i]);
            for (int j = 0; j < n; j++) {
                chi += i == j ? 0 : (pair[i][j] - expected) * (pair[i][j] - expected) / expected;
            }
        }
        assertFits("neighbours", chi, n * (n - 1) - 1);
    }

    /** Below mean and five standard deviations; ten more for the heavier tail of few degrees of freedom. */
    private static void assertFits(String what, double chi, int df) {
        assertTrue(chi < df + 5 * Math.sqrt(2 * df) + 10, what + ": chi2 = " + chi + " with " + df);
    }

    @Test
    void keysAndEpochsGiveOtherOrders() {
        Batches b = Batches.shuffled(rows(100), 100);
        assertFalse(Arrays.equals(firsts(b, 0), firsts(b, 1)));
        Map<String, HostArray> other = batch(b, 0);
        int[] want = firsts(b, 0);
        b.fill(KEY + 1, 0, other);
        boolean same = true;
        for (int i = 0; i < 100; i++) {
            same &= other.get("x").at(i, 0) == want[i];
        }
        assertFalse(same);
    }

    @Test
    void restIsDroppedPaddedOrKept() {
        ArrayBatches b = Batches.sequential(rows(10), 4);
        assertEquals(3, b.perEpoch());
        assertArrayEquals(new int[] {8, 9}, firsts(b, 2));
        assertEquals(Shape.of(2, 2), b.inputs(2).get("x").shape());
        assertArrayEquals(new int[] {0, 1, 2, 3}, firsts(b, 3));

        ArrayBatches dropped = b.dropped();
        assertEquals(2, dropped.perEpoch());
        assertArrayEquals(new int[] {0, 1, 2, 3}, firsts(dropped, 2));

        ArrayBatches padded = b.padded();
        assertEquals(3, padded.perEpoch());
        Map<String, HostArray> last = batch(padded, 2);
        assertArrayEquals(new double[] {8, -8, 9, -9, 0, 0, 0, 0}, last.get("x").doubles());
        assertArrayEquals(new double[] {1, 1, 0, 0}, last.get("mask").doubles());
        assertArrayEquals(
                new double[] {1, 1, 1, 1}, batch(padded, 0).get("mask").doubles());
        assertEquals(2, padded.rows(2));
    }

    @Test
    void arraysOfAllTypesStayTogether() {
        int n = 9;
        int[] label = new int[n];
        byte[] image = new byte[3 * n];
        float[] w = new float[n];
        for (int i = 0; i < n; i++) {
            label[i] = 10 * i;
            w[i] = i + 0.5f;
            Arrays.fill(image, 3 * i, 3 * i + 3, (byte) (20 * i));
        }
        ArrayBatches b = Batches.shuffled(
                        Map.of(
                                "x", rows(n),
                                "label", HostArray.wrap(label, Shape.of(n)),
                                "w", HostArray.wrap(w, Shape.of(n))),
                        4)
                .with("image", image, Shape.of(3), DType.F32, 1 / 255.0)
                .kept();
        for (int t = 0; t < 6; t++) {
            Map<String, HostArray> m = batch(b, t);
            for (int i = 0; i < b.rows(t); i++) {
                double r = m.get("x").at(i, 0);
                assertEquals(10 * r, m.get("label").at(i));
                assertEquals(r + 0.5, m.get("w").at(i));
                // bytes are unsigned: 20 * 8 = 160 is -96 as a byte
                assertEquals(20 * r / 255, m.get("image").at(i, 2), 1e-7);
            }
        }
    }

    @Test
    void badDataAreRefused() {
        assertThrows(ShapeException.class, () -> Batches.shuffled(HostArray.wrap(new float[1], Shape.SCALAR), 1));
        assertThrows(ShapeException.class, () -> Batches.shuffled(rows(0), 1));
        assertThrows(ShapeException.class, () -> Batches.shuffled(rows(3), 0));
        ShapeException e = assertThrows(ShapeException.class, () -> Batches.full(Map.of("x", rows(3), "y", rows(4))));
        assertTrue(e.getMessage().contains("4 rows") && e.getMessage().contains("has 3"), e.getMessage());
        assertThrows(
                PlanException.class, () -> Batches.full(Map.of("mask", rows(3))).padded());
        assertThrows(PlanException.class, () -> Batches.full(rows(3)).with("x", rows(3)));
        assertThrows(
                ShapeException.class, () -> Batches.full(rows(3)).with("i", new byte[7], Shape.of(2), DType.F32, 1));
    }
}
