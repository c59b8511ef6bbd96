package org.amortis.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.amortis.array.AmortisException;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScanUntilTest {
    private final ScanFixtures f = new ScanFixtures();

    /** Rows grow until they pass their bound; written out with the masks by hand, all steps. */
    private record Unrolled(Tensor z, Tensor stacked, Tensor finished, Tensor count) {
        static Unrolled of(Tensor a, Tensor w, Tensor bound, Tensor xs, int steps) {
            int rows = a.shape().dim(0);
            Tensor z = a;
            Tensor done = Tensors.zeros(DType.BOOL, Shape.of(rows));
            Tensor count = Tensors.zeros(DType.I32, Shape.of(rows));
            Tensor y = Tensors.zeros(DType.F64, Shape.of(rows));
            Tensor[] ys = new Tensor[steps];
            for (int t = 0; t < steps; t++) {
                Tensor next = z.mul(w).add(xs.at(0, t));
                Tensor out = next.square().sum(1).add(0.01 * t);
                y = Tensors.where(done, y, out);
                z = Tensors.where(done.reshape(rows, 1), z, next);
                count = Tensors.where(done, count, count.add(1));
                done = done.or(z.sum(1).gt(bound));
                ys[t] = y;
            }
            return new Unrolled(z, Tensors.stack(0, ys), done, count);
        }
    }

    private static Scan.Result looped(Tensor a, Tensor w, Tensor bound, Tensor xs, int steps, int every) {
        Scan s = Scan.until(steps).carry(a).sequences(xs);
        if (every > 0) {
            s.checkpointEvery(every);
        }
        return s.body((t, c, x) -> {
            Tensor next = c.get(0).mul(w).add(x.get(0));
            Tensor out = next.square().sum(1).add(t.cast(DType.F64).mul(0.01));
            return Scan.Step.of(next).output(out).doneWhen(next.sum(1).gt(bound));
        });
    }

    /** All rows done early, all done exactly at the end, some never done, none done. */
    @ParameterizedTest
    @CsvSource({
        "12, 3, 6, 9, 0", "12, 3, 6, 9, 5", "12, 3, 6, 9, 4", "12, 0.1, 0.1, 0.1, 0", "12, 0.1, 0.1, 0.1, 5",
        "12, 3, 6, 1e9, 0", "12, 1e9, 1e9, 1e9, 0", "12, 1e9, 3, 1e9, 5", "1, 0.1, 0.1, 9, 0", "4, 3, 6, 9, 0"
    })
    void rowsStopOnTheirOwn(int steps, double b0, double b1, double b2, int every) {
        Tensor a = f.input("a", 3, 2).square();
        Tensor w = f.input("w", 2).square().add(1);
        Tensor xs = f.input("xs", steps, 3, 2).square();
        Tensor bound = f.constant(b0, b1, b2);
        Unrolled e = Unrolled.of(a, w, bound, xs, steps);
        Scan.Result r = looped(a, w, bound, xs, steps, every);
        Tensor finished = Objects.requireNonNull(r.finished());
        Tensor taken = Objects.requireNonNull(r.stepsTaken());
        f.assertSame(
                List.of(e.z(), e.stacked(), e.finished(), e.count()), List.of(r.last(0), r.output(0), finished, taken));
        f.assertSameToSecondOrder(
                ScanFixtures.mix(List.of(e.z(), e.stacked())),
                ScanFixtures.mix(List.of(r.last(0), r.output(0))),
                List.of(a, w, xs));
    }

    @Test
    void stepsAfterTheLastRowAreNotRun() {
        // the body divides by zero from step 3 on: numbers stay finite only if those steps are skipped
        Tensor a = f.input("a", 2);
        Scan.Result r = Scan.until(1000).carry(a).body((t, c, x) -> {
            Tensor divisor = t.lt(3).cast(DType.F64);
            return Scan.Step.of(c.get(0).div(divisor))
                    .output(c.get(0).div(divisor))
                    .doneWhen(t.ge(2).reshape(1).broadcastTo(Shape.of(2)));
        });
        assertArrayEquals(f.eval(a), f.eval(r.last(0)));
        assertArrayEquals(new double[] {3, 3}, f.eval(Objects.requireNonNull(r.stepsTaken())));
        for (double y : f.eval(r.output(0))) {
            assertTrue(Double.isFinite(y));
        }
    }

    @Test
    void newtonIterationToConvergence() {
        // square roots by Newton; the gradient of the iterates converges to 1 / (2 sqrt(x))
        Tensor x = Tensors.constant(org.amortis.array.HostArray.wrap(new double[] {0.25, 2, 9, 1e4}, Shape.of(4)));
        Scan.Result r = Scan.until(60).carry(x.add(1)).body((t, c, s) -> {
            Tensor z = c.get(0);
            Tensor next = z.add(x.div(z)).mul(0.5);
            return Scan.Step.of(next).doneWhen(next.sub(z).abs().le(next.mul(1e-12)));
        });
        double[] root = {0.5, Math.sqrt(2), 3, 100};
        assertArrayEquals(root, f.eval(r.last(0)), 1e-10);
        double[] g = f.eval(Gradients.of(r.last(0).sum(), x));
        double[] counts = f.eval(Objects.requireNonNull(r.stepsTaken()));
        for (int i = 0; i < 4; i++) {
            assertEquals(1 / (2 * root[i]), g[i], 1e-9);
            assertTrue(counts[i] < 25, () -> java.util.Arrays.toString(counts));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneMarkForAll(boolean chunks) {
        Tensor a = f.input("a", 2);
        Scan s = Scan.until(11).carry(a);
        if (chunks) {
            s.checkpointEvery(4);
        }
        Scan.Result r = s.body(
                (t, c, x) -> Scan.Step.of(c.get(0).mul(1.5).sin()).output(t).doneWhen(t.ge(4)));
        Tensor e = a;
        for (int i = 0; i < 5; i++) {
            e = e.mul(1.5).sin();
        }
        assertArrayEquals(new double[] {0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4}, f.eval(r.output(0)));
        f.assertSameToSecondOrder(ScanFixtures.mix(List.of(e)), ScanFixtures.mix(r.finals()), List.of(a));
    }

    @Test
    void backwards() {
        Tensor a = f.input("a", 2);
        Tensor xs = f.input("xs", 9, 2);
        for (int every : new int[] {0, 2}) {
            Scan s = Scan.until(9).carry(a).sequences(xs).reverse();
            if (every > 0) {
                s.checkpointEvery(every);
            }
            Scan.Result r = s.body((t, c, x) ->
                    Scan.Step.of(c.get(0).mul(x.get(0)).cos()).output(t).doneWhen(t.le(5)));
            Tensor e = a;
            for (int t = 8; t >= 5; t--) {
                e = e.mul(xs.at(0, t)).cos();
            }
            assertArrayEquals(new double[] {5, 5, 5, 5, 5, 5, 6, 7, 8}, f.eval(r.output(0)));
            f.assertSameToSecondOrder(ScanFixtures.mix(List.of(e)), ScanFixtures.mix(r.finals()), List.of(a, xs));
        }
    }

    @Test
    void noSteps() {
        Tensor a = f.input("a", 2);
        Scan.Result r = Scan.until(0)
                .carry(a)
                .body((t, c, x) ->
                        Scan.Step.of(c.get(0).sin()).doneWhen(c.get(0).gt(0)));
        f.assertSame(a, r.last(0));
        assertArrayEquals(new double[2], f.eval(Objects.requireNonNull(r.finished())));
        f.assertSameToSecondOrder(ScanFixtures.mix(List.of(a)), ScanFixtures.mix(r.finals()), List.of(a));
    }

    @Test
    void wrongUseIsExplained() {
        Tensor a = f.input("a", 3);
        assertMessage(() -> Scan.until(2).carry(a).body((t, c, x) -> Scan.Step.of(c.get(0))), "add doneWhen(mask)");
        assertMessage(
                () -> Scan.until(2)
                        .carry(a)
                        .body((t, c, x) -> Scan.Step.of(c.get(0)).doneWhen(c.get(0))),
                "not BOOL");
        assertMessage(
                () -> Scan.until(2)
                        .carry(a)
                        .body((t, c, x) -> Scan.Step.of(c.get(0))
                                .output(t)
                                .doneWhen(c.get(0).gt(0))),
                "need its axes first, but there is step I32[]");
        assertMessage(
                () -> Scan.until(2)
                        .carry(a, Key.of(1).tensor())
                        .body((t, c, x) -> Scan.Step.of(c).doneWhen(t.gt(0))),
                "keys cannot be selected between");
    }

    private static void assertMessage(Runnable code, String part) {
        AmortisException e = assertThrows(AmortisException.class, code::run);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
