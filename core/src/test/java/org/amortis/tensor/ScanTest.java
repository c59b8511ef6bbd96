package org.amortis.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.grad.Gradients;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScanTest {
    private final ScanFixtures f = new ScanFixtures();

    /** A recurrent network written out: the oracle of the loop below. */
    private static Tensor unrolled(Tensor h0, Tensor xs, Tensor w, Tensor u, boolean reverse) {
        int steps = xs.shape().dim(0);
        Tensor[] ys = new Tensor[steps];
        Tensor h = h0;
        Tensor k = u.square();
        for (int i = 0; i < steps; i++) {
            int t = reverse ? steps - 1 - i : i;
            h = xs.at(0, t).matmul(w).add(h.matmul(k)).add(0.1 * t).tanh();
            ys[t] = h.mul(xs.at(0, t).sum());
        }
        Tensor y = steps == 0 ? Tensors.zeros(DType.F64, Shape.of(0)) : Tensors.stack(0, ys);
        return ScanFixtures.mix(List.of(h, y));
    }

    private static Tensor looped(Tensor h0, Tensor xs, Tensor w, Tensor u, boolean reverse, int every) {
        Scan s = Scan.of(xs.shape().dim(0)).carry(h0).sequences(xs);
        if (reverse) {
            s.reverse();
        }
        if (every > 0) {
            s.checkpointEvery(every);
        }
        Tensor k = u.square();
        Scan.Result r = s.body((t, c, x) -> {
            Tensor shift = t.cast(DType.F64).mul(0.1);
            Tensor h = x.get(0).matmul(w).add(c.get(0).matmul(k)).add(shift).tanh();
            return Scan.Step.of(h).output(h.mul(x.get(0).sum()));
        });
        return ScanFixtures.mix(List.of(r.last(0), r.output(0)));
    }

    @ParameterizedTest
    @CsvSource({
        "1, false, 0",
        "5, false, 0",
        "5, true, 0",
        "5, false, 1",
        "6, false, 2",
        "6, true, 3",
        "7, false, 3",
        "7, true, 3",
        "7, false, 9",
        "0, false, 0",
        "0, true, 2",
    })
    void recurrentNetworkIsItsUnrolledSelf(int steps, boolean reverse, int every) {
        Tensor h0 = f.input("h0", 2, 3);
        Tensor xs = f.input("xs", steps, 2, 4);
        Tensor w = f.input("w", 4, 3);
        Tensor u = f.input("u", 3, 3);
        f.assertSameToSecondOrder(
                unrolled(h0, xs, w, u, reverse), looped(h0, xs, w, u, reverse, every), List.of(h0, xs, w, u));
    }

    @Test
    void thirdOrder() {
        Tensor a = f.input("a");
        Tensor x = a;
        for (int i = 0; i < 4; i++) {
            x = x.sin().mul(a);
        }
        Tensor y = Scan.of(4)
                .carry(a)
                .body((t, c, s) -> Scan.Step.of(c.get(0).sin().mul(a)))
                .last(0);
        for (int order = 0; order < 3; order++) {
            x = Gradients.of(x, a);
            y = Gradients.of(y, a);
            f.assertSame(x, y);
        }
    }

    /** Constants are legal to differentiate with respect to; those of the body itself stay inside it. */
    @Test
    void constantsFromOutsideHaveGradients() {
        Tensor a = f.constant(0.3, -0.4);
        Tensor w = Tensors.fill(0.7, DType.F64, Shape.SCALAR);
        Tensor e = a;
        for (int i = 0; i < 3; i++) {
            e = e.mul(w).sin().add(a.mul(2));
        }
        Tensor y = Scan.of(3)
                .carry(a)
                .body((t, c, x) -> Scan.Step.of(c.get(0).mul(w).sin().add(a.mul(2))))
                .last(0);
        f.assertSameToSecondOrder(ScanFixtures.mix(List.of(e)), ScanFixtures.mix(List.of(y)), List.of(a, w));
        Tensor z = Scan.of(3)
                .carry(f.input("b", 2))
                .body((t, c, x) -> Scan.Step.of(c.get(0).mul(2).add(w).add(1)))
                .last(0);
        assertEquals(1, ScanFixtures.loops(List.of(z)).get(0).captureVariables().size());
        List<Tensor> sunk = LoopRewrites.simplify(List.of(z));
        assertEquals(0, ScanFixtures.loops(sunk).get(0).captureVariables().size());
        f.assertSame(z, sunk.get(0));
    }

    @Test
    void severalCarriesOfSeveralTypes() {
        Tensor a = f.input("a", 3);
        Tensor b = f.input("b", 3);
        Tensor count = Tensors.zeros(DType.I32, Shape.of(3));
        Tensor flag = Tensors.zeros(DType.BOOL, Shape.of(3));
        Tensor[] e = {a, b};
        Tensor c = count;
        Tensor g = flag;
        for (int t = 0; t < 6; t++) {
            Tensor u = e[0].mul(e[1]).add(c.cast(DType.F64));
            Tensor v = Tensors.where(g, e[0], e[1].sin());
            c = c.add(e[0].gt(0).cast(DType.I32));
            g = g.xor(e[1].lt(u));
            e = new Tensor[] {u.tanh(), v};
        }
        Scan.Result r = Scan.of(6).carry(a, b, count, flag).body((t, s, x) -> {
            Tensor u = s.get(0).mul(s.get(1)).add(s.get(2).cast(DType.F64));
            Tensor v = Tensors.where(s.get(3), s.get(0), s.get(1).sin());
            return Scan.Step.of(
                    u.tanh(),
                    v,
                    s.get(2).add(s.get(0).gt(0).cast(DType.I32)),
                    s.get(3).xor(s.get(1).lt(u)));
        });
        f.assertSame(List.of(e[0], e[1], c, g), r.finals());
        f.assertSameToSecondOrder(
                ScanFixtures.mix(List.of(e[0], e[1])),
                ScanFixtures.mix(r.finals().subList(0, 2)),
                List.of(a, b));
    }

    @Test
    void bodyIsWrittenOnceWhateverTheSteps() {
        int[] calls = new int[1];
        Tensor a = f.input("a", 3);
        List<Integer> sizes = new ArrayList<>();
        for (int steps : new int[] {10, 10_000}) {
            Tensor y = Scan.of(steps)
                    .carry(a)
                    .body((t, c, x) -> {
                        calls[0]++;
                        return Scan.Step.of(c.get(0).mul(a).cos());
                    })
                    .last(0)
                    .sum();
            Tensor g = Gradients.of(y, a);
            Tensor h = Gradients.of(g.square().sum(), a);
            sizes.add(ScanFixtures.size(List.of(y)));
            sizes.add(ScanFixtures.size(List.of(g)));
            sizes.add(ScanFixtures.size(List.of(h)));
        }
        assertEquals(2, calls[0]);
        assertEquals(sizes.subList(0, 3), sizes.subList(3, 6));
    }

    @Test
    void tenThousandStepsCompileToTheProgramOfTen() {
        List<Integer> nodes = new ArrayList<>();
        List<Integer> instructions = new ArrayList<>();
        for (int steps : new int[] {10, 10_000}) {
            Tensor a = f.input("a" + steps, 3);
            Tensor y = Scan.of(steps)
                    .carry(a)
                    .body((t, c, x) -> Scan.Step.of(c.get(0).mul(0.5).add(a).cos()))
                    .last(0);
            Tensor g = Gradients.of(y.sum(), a);
            Program program = Program.of(y, g, Gradients.of(g.square().sum(), a));
            nodes.add(program.plan().statistics().nodes());
            instructions.add(program.plan().statistics().instructions());
            try (Device device = Device.builder().threads(1).build()) {
                Runner runner = program.open(device);
                runner.feed("a" + steps, HostArray.wrap(new double[] {0.1, 0.2, 0.3}, Shape.of(3)));
                runner.run();
                // the fixed point z = cos(z / 2 + a) has dz/da = -s / (1 + s / 2), s = sin(z / 2 + a)
                double z = RefArray.of(runner.output(0)).get(0);
                double s = Math.sin(z / 2 + 0.1);
                double d = RefArray.of(runner.output(1)).get(0);
                assertEquals(-s / (1 + s / 2), d, steps == 10 ? 1e-2 : 1e-12);
            }
        }
        assertEquals(nodes.get(0), nodes.get(1));
        assertEquals(instructions.get(0), instructions.get(1));
    }

    @Test
    void formulasFromOutsideAreComputedOnce() {
        Tensor a = f.input("a", 3);
        Scan.Result r = Scan.of(5).carry(a).body((t, c, x) -> {
            // written inside, but nothing in it depends on the step
            Tensor lifted = a.exp().add(1).log();
            return Scan.Step.of(c.get(0).mul(lifted));
        });
        ScanOp op = ScanFixtures.loops(r.finals()).get(0);
        assertEquals(1, op.captureVariables().size());
        assertEquals(3, Graphs.topological(op.bodyResults()).size(), "carry, capture, product");
        double[] x = f.eval(a);
        double[] y = new double[3];
        for (int i = 0; i < 3; i++) {
            y[i] = x[i] * Math.pow(Math.log(1 + Math.exp(x[i])), 5);
        }
        assertArrayEquals(y, f.eval(r.last(0)), 1e-13);
    }

    @Test
    void nextCarryMayBeACarryACaptureOrAConstant() {
        Tensor a = f.input("a", 2);
        Tensor b = f.input("b", 2);
        Scan.Result r = Scan.of(3)
                .carry(a, b, b)
                .body((t, c, x) -> Scan.Step.of(c.get(1), a, Tensors.ones(DType.F64, Shape.of(2)))
                        .output(c.get(0), a, c.get(2)));
        Tensor one = Tensors.ones(DType.F64, Shape.of(2));
        Tensor[] p = {a, b, b};
        Tensor[][] ys = new Tensor[3][3];
        for (int i = 0; i < 3; i++) {
            ys[0][i] = p[0];
            ys[1][i] = a;
            ys[2][i] = p[2];
            p = new Tensor[] {p[1], a, one};
        }
        List<Tensor> expected = new ArrayList<>(List.of(p));
        for (Tensor[] y : ys) {
            expected.add(Tensors.stack(0, y));
        }
        List<Tensor> actual = new ArrayList<>(r.finals());
        actual.addAll(r.outputs());
        f.assertSame(expected, actual);
        List<Tensor> squares = expected.stream().map(Tensor::square).toList();
        List<Tensor> others = actual.stream().map(Tensor::square).toList();
        f.assertSameToSecondOrder(ScanFixtures.mix(squares), ScanFixtures.mix(others), List.of(a, b));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void loopsInLoops(int every) {
        Tensor a = f.input("a", 2);
        Tensor w = f.input("w", 2);
        Tensor xs = f.input("xs", 3, 2);
        Tensor e = a;
        for (int i = 0; i < 3; i++) {
            Tensor scale = e.mul(w).cos();
            Tensor v = e;
            for (int j = 0; j < 4; j++) {
                v = v.mul(scale).add(xs.at(0, i)).add(0.01 * (10 * i + j)).sin();
            }
            e = v.add(scale);
        }
        Scan outer = Scan.of(3).carry(a).sequences(xs);
        if (every > 0) {
            outer.checkpointEvery(every);
        }
        Tensor r = outer.body((i, c, x) -> {
                    Tensor scale = c.get(0).mul(w).cos();
                    Scan inner = Scan.of(4).carry(c.get(0));
                    if (every > 0) {
                        inner.checkpointEvery(every);
                    }
                    Tensor v = inner.body((j, d, y) -> {
                                Tensor shift = i.mul(10).add(j).cast(DType.F64).mul(0.01);
                                return Scan.Step.of(d.get(0)
                                        .mul(scale)
                                        .add(x.get(0))
                                        .add(shift)
                                        .sin());
                            })
                            .last(0);
                    return Scan.Step.of(v.add(scale));
                })
                .last(0);
        f.assertSameToSecondOrder(ScanFixtures.mix(List.of(e)), ScanFixtures.mix(List.of(r)), List.of(a, w, xs));
    }

    /** Composites are decomposed when a program is compiled, also in the body of a loop in the body of a loop. */
    @Test
    void compositesInBodies() {
        Tensor a = f.input("a", 2, 3);
        Tensor w = f.input("w", 2, 9);
        Tensor e = a;
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 3; j++) {
                e = Composites.gruCell(w.mul(0.1 * j), w.sin(), e);
            }
            e = Composites.layerNorm(e, 1e-3);
        }
        Tensor r = Scan.of(2)
                .carry(a)
                .body((i, c, x) -> {
                    Tensor z = Scan.of(3)
                            .carry(c.get(0))
                            .body((j, d, y) -> Scan.Step.of(
                                    Composites.gruCell(w.mul(j.cast(DType.F64).mul(0.1)), w.sin(), d.get(0))))
                            .last(0);
                    return Scan.Step.of(Composites.layerNorm(z, 1e-3));
                })
                .last(0);
        f.assertSameToSecondOrder(ScanFixtures.mix(List.of(e)), ScanFixtures.mix(List.of(r)), List.of(a, w));
    }

    @Test
    void gradientInsideABody() {
        Tensor a = f.input("a", 3);
        Tensor w = f.input("w", 3);
        Tensor e = a;
        for (int i = 0; i < 3; i++) {
            Tensor energy = e.mul(w).sin().sum();
            e = e.sub(Gradients.of(energy, e).mul(0.1));
        }
        Tensor r = Scan.of(3)
                .carry(a)
                .body((t, c, x) -> {
                    Tensor z = c.get(0);
                    Tensor energy = z.mul(w).sin().sum();
                    return Scan.Step.of(z.sub(Gradients.of(energy, z).mul(0.1)));
                })
                .last(0);
        f.assertSameToSecondOrder(ScanFixtures.mix(List.of(e)), ScanFixtures.mix(List.of(r)), List.of(a, w));
    }

    @Test
    void gradientOfALoopInsideABody() {
        Tensor a = f.input("a", 2);
        Tensor w = f.input("w", 2);
        Tensor e = a;
        for (int i = 0; i < 3; i++) {
            Tensor z = e;
            for (int j = 0; j < 2; j++) {
                z = z.mul(w).sin();
            }
            e = e.sub(Gradients.of(z.sum(), e));
        }
        Tensor r = Scan.of(3)
                .carry(a)
                .body((t, c, x) -> {
                    Tensor z = Scan.of(2)
                            .carry(c.get(0))
                            .body((s, d, y) -> Scan.Step.of(d.get(0).mul(w).sin()))
                            .last(0);
                    return Scan.Step.of(c.get(0).sub(Gradients.of(z.sum(), c.get(0))));
                })
                .last(0);
        f.assertSameToSecondOrder(ScanFixtures.mix(List.of(e)), ScanFixtures.mix(List.of(r)), List.of(a, w));
    }

    @Test
    void emptyCarriesAndNoCarries() {
        Tensor a = f.input("a", 0, 3);
        Tensor xs = f.input("xs", 4, 3);
        Scan.Result r = Scan.of(4)
                .carry(a)
                .sequences(xs)
                .body((t, c, x) -> Scan.Step.of(c.get(0).mul(x.get(0))).output(c.get(0)));
        assertEquals(Shape.of(0, 3), r.last(0).shape());
        assertEquals(Shape.of(4, 0, 3), r.output(0).shape());
        assertArrayEquals(new double[12], f.eval(Gradients.of(r.last(0).sum(), xs)));
        Tensor squares = Scan.of(4)
                .sequences(xs)
                .body((t, c, x) -> Scan.Step.of().output(x.get(0).square()))
                .output(0);
        f.assertSameToSecondOrder(
                ScanFixtures.mix(List.of(xs.square())), ScanFixtures.mix(List.of(squares)), List.of(xs));
    }

    @Test
    void carriesThatTheGradientDoesNotReadAreNotStored() {
        Tensor a = f.input("a", 3);
        Tensor w = f.input("w", 3);
        Tensor y = Scan.of(9)
                .carry(a)
                .body((t, c, x) -> Scan.Step.of(c.get(0).mul(w.exp())))
                .last(0);
        // of a linear recurrence with respect to its start: no stored carry; with respect to the factor: all
        for (ScanOp op : ScanFixtures.loops(List.of(Gradients.of(y.sum(), a)))) {
            assertEquals(0, op.outputs().size());
        }
        assertEquals(
                1,
                ScanFixtures.loops(List.of(Gradients.of(y.sum(), w))).stream()
                        .mapToInt(op -> op.outputs().size())
                        .sum());
    }

    @Test
    void capturesWithoutNeedGetNoCotangent() {
        Tensor a = f.input("a", 3);
        Tensor w = f.input("w", 3);
        Tensor y = Scan.of(9)
                .carry(a)
                .body((t, c, x) -> Scan.Step.of(c.get(0).mul(w).sin()))
                .last(0);
        ScanOp back = ScanFixtures.loops(List.of(Gradients.of(y.sum(), a))).getLast();
        assertTrue(back.reverse());
        assertEquals(1, back.carryVariables().size());
    }

    /** Weights much larger than the factors of a step: no accumulator of their size, one product after the loop. */
    @ParameterizedTest
    @CsvSource({"4, 0, true", "4, 3, true", "0, 0, true", "4, 0, false"})
    void cotangentsOfWeightsAreProductsOfStackedFactors(int steps, int every, boolean small) {
        int batch = small ? 1 : 40;
        Tensor h0 = f.input("h0", batch, 5);
        Tensor xs = f.input("xs", steps, 3, batch, 4);
        Tensor w = f.input("w", 4, 5);
        Tensor u = f.input("u", 5, 5);
        Tensor h = h0;
        Tensor v = u.sin();
        for (int t = 0; t < steps; t++) {
            Tensor x = xs.at(0, t).mul(h.sum()).matmul(w).sum(0);
            h = Tensors.matmul(h, v, false, true).add(x).tanh().matmul(v);
        }
        Scan s = Scan.of(steps).carry(h0).sequences(xs);
        if (every > 0) {
            s.checkpointEvery(every);
        }
        Tensor r = s.body((t, c, xt) -> {
                    Tensor x = xt.get(0).mul(c.get(0).sum()).matmul(w).sum(0);
                    Tensor y = Tensors.matmul(c.get(0), v, false, true).add(x).tanh();
                    return Scan.Step.of(y.matmul(v));
                })
                .last(0);
        if (small) {
            f.assertSameToSecondOrder(
                    ScanFixtures.mix(List.of(h)), ScanFixtures.mix(List.of(r)), List.of(h0, xs, w, u));
        }
        if (every == 0) {
            ScanOp back =
                    ScanFixtures.loops(Gradients.of(r.sum(), List.of(w, u))).getLast();
            boolean accumulates = back.carryVariables().stream()
                    .anyMatch(c -> c.shape().equals(u.shape()) || c.shape().equals(w.shape()));
            assertEquals(!small, accumulates);
        }
    }

    @Test
    void stopGradientAndIndependence() {
        Tensor a = f.input("a", 3);
        Tensor w = f.input("w", 3);
        Tensor y = Scan.of(3)
                .carry(a)
                .body((t, c, x) -> Scan.Step.of(c.get(0).mul(w.stopGradient()).sin()))
                .last(0);
        assertThrows(PlanException.class, () -> Gradients.of(y.sum(), w));
        assertArrayEquals(
                new double[3], f.eval(Gradients.orZeros(y.sum(), List.of(w)).get(0)));
    }

    @Test
    void aLoopVariableOutsideItsLoopIsAnErrorWhereItIsUsed() {
        Tensor a = f.input("a", 3);
        List<Tensor> leaked = new ArrayList<>();
        Scan.of(3).carry(a).body((t, c, x) -> {
            leaked.add(c.get(0).mul(2));
            return Scan.Step.of(c.get(0));
        });
        PlanException e = assertThrows(PlanException.class, () -> leaked.get(0).add(a));
        assertTrue(e.getMessage().contains("used outside its loop"), e.getMessage());
        assertTrue(e.getMessage().contains("ScanTest.java"), e.getMessage());
        PlanException g = assertThrows(
                PlanException.class, () -> Scan.of(2).carry(a).body((t, c, x) -> Scan.Step.of(leaked.get(0))));
        assertTrue(g.getMessage().contains("used outside its loop"), g.getMessage());
    }

    @Test
    void wrongUseIsExplained() {
        Tensor a = f.input("a", 3);
        assertMessage(PlanException.class, () -> Scan.of(-1), "Scan.of(steps=-1): a negative number");
        assertMessage(
                ShapeException.class,
                () -> Scan.of(4).sequences(a),
                "Scan.sequences(a F64[3]): 3 slices are not one slice for each of 4 steps");
        assertMessage(
                ShapeException.class,
                () -> Scan.of(4).sequences(f.input("s")),
                "a scalar is not one slice for each of 4 steps");
        assertMessage(
                PlanException.class,
                () -> Scan.of(2).carry(a, a).body((t, c, x) -> Scan.Step.of(c.get(0))),
                "the body returns 1 next carries for 2 carries");
        assertMessage(
                ShapeException.class,
                () -> Scan.of(2)
                        .carry(a)
                        .body((t, c, x) -> Scan.Step.of(c.get(0).sum())),
                "carry 0 enters as F64[3] and leaves as F64[]");
        assertMessage(
                PlanException.class,
                () -> Scan.of(2)
                        .carry(a)
                        .body((t, c, x) ->
                                Scan.Step.of(c.get(0)).doneWhen(c.get(0).gt(0))),
                "use Scan.until");
        assertMessage(PlanException.class, () -> Scan.of(2).checkpointEvery(0), "checkpointEvery(0)");
        Tensor big = Tensors.input("big", DType.F64, 300_000);
        Tensor y = Scan.of(10_000)
                .carry(big)
                .body((t, c, x) -> Scan.Step.of(c.get(0).sin()))
                .last(0);
        assertMessage(PlanException.class, () -> Gradients.of(y.sum(), big), "use checkpointEvery");
    }

    private static void assertMessage(Class<? extends RuntimeException> type, Runnable code, String part) {
        RuntimeException e = assertThrows(type, code::run);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void automaticCheckpointsByTheSizeOfTheCarries() {
        Tensor a = f.input("a", 5);
        Scan.Body body = (t, c, x) -> Scan.Step.of(c.get(0).mul(a).sin());
        Tensor all = Scan.of(50).carry(a).checkpointAuto(50 * 5 * 8).body(body).last(0);
        Tensor some =
                Scan.of(50).carry(a).checkpointAuto(50 * 5 * 8 - 1).body(body).last(0);
        assertEquals(1, ScanFixtures.loops(List.of(all)).size());
        List<ScanOp> chunks = ScanFixtures.loops(List.of(some));
        assertEquals(List.of(6, 2), chunks.stream().map(ScanOp::steps).toList());
        f.assertSameToSecondOrder(ScanFixtures.mix(List.of(all)), ScanFixtures.mix(List.of(some)), List.of(a));
        // what the gradient stores: six starts of chunks outside, eight carries in a chunk, two in the tail
        List<Tensor> g = LoopRewrites.simplify(List.of(Gradients.of(some.sum(), a)));
        int stored = ScanFixtures.loops(g).stream()
                .mapToInt(op -> op.steps() * op.outputs().size())
                .sum();
        assertEquals(6 + 2, stored);
    }
}
