package org.amortis.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.Key;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.Random;
import org.amortis.tensor.RefArray;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ProgramTest {
    private static final Shape S = Shape.SCALAR;

    /** A two-layer network over one flat state, its loss, and Adam. */
    private static final class Net {
        final DType t;
        final State flat;
        final State m;
        final State v;
        final State step;
        final Tensor x;
        final Tensor loss;
        final Tensor grad;
        final Map<State, Tensor> updates = new LinkedHashMap<>();

        Net(DType t, int batch, int in, int hidden, int out) {
            this.t = t;
            int p = in * hidden + hidden + hidden * out + out;
            flat = new State("params", new TensorType(t, Shape.of(p)));
            m = new State("m", flat.type());
            v = new State("v", flat.type());
            step = new State("step", new TensorType(DType.I32, S));
            x = Tensors.input("x", t, batch, in);
            Tensor f = flat.value();
            int o = 0;
            Tensor w1 = f.slice(0, o, o += in * hidden).reshape(in, hidden);
            Tensor b1 = f.slice(0, o, o += hidden);
            Tensor w2 = f.slice(0, o, o += hidden * out).reshape(hidden, out);
            Tensor b2 = f.slice(0, o, o += out);
            Tensor noise = Random.normal(Key.of(3).fold(step.value()).fold("noise"), t, Shape.of(batch, out));
            Tensor y = x.matmul(w1).add(b1).tanh().matmul(w2).add(b2).add(noise.mul(0.1));
            loss = y.softplus().sub(y.mul(0.3)).sum(1).mean();
            grad = Gradients.of(loss, f);
            Tensor norm = grad.square().sum().sqrt();
            Tensor k = step.value().add(1).cast(t);
            Tensor m1 = m.value().mul(0.9).add(grad.mul(0.1));
            Tensor v1 = v.value().mul(0.999).add(grad.square().mul(0.001));
            Tensor c1 = Tensors.scalarLike(k, 0.9).pow(k).rsub(1);
            Tensor c2 = Tensors.scalarLike(k, 0.999).pow(k).rsub(1);
            updates.put(flat, f.sub(m1.div(c1).div(v1.div(c2).sqrt().add(1e-8)).mul(1e-2)));
            updates.put(m, m1);
            updates.put(v, v1);
            updates.put(step, step.value().add(1));
            this.norm = norm;
        }

        final Tensor norm;

        StateStore store() {
            StateStore s = new StateStore();
            double[] p = new double[flat.type().shape().size()];
            for (int i = 0; i < p.length; i++) {
                p[i] = 0.3 * Math.sin(1.7 * i + 0.2);
            }
            s.set(flat, HostArray.of(p).cast(t));
            s.set(m, HostArray.zeros(t, flat.type().shape()));
            s.set(v, HostArray.zeros(t, flat.type().shape()));
            s.set(step, HostArray.wrap(new int[1], S));
            return s;
        }

        HostArray data() {
            double[] d = new double[x.shape().size()];
            for (int i = 0; i < d.length; i++) {
                d[i] = Math.cos(0.37 * i);
            }
            return HostArray.wrap(d, x.shape()).cast(t);
        }

        Program program(boolean reuse) {
            return Program.builder()
                    .outputs(loss, grad, norm)
                    .updates(updates)
                    .guards(loss, norm)
                    .reuseMemory(reuse)
                    .build();
        }
    }

    private static List<RefArray> reference(List<Tensor> outputs, Map<State, RefArray> states, HostArray x) {
        return Graphs.evaluate(outputs, t -> switch (t.node().op()) {
            case LeafOp.Input i -> RefArray.of(x);
            case LeafOp.StateValue s -> states.get(s.state());
            default -> throw new IllegalStateException(t.toString());
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F64"})
    void trainingStepsAgreeWithTheReference(DType t) {
        Net n = new Net(t, 7, 5, 17, 3);
        Map<State, RefArray> states = new LinkedHashMap<>();
        StateStore store = n.store();
        for (State s : n.updates.keySet()) {
            states.put(s, RefArray.of(store.get(s)));
        }
        try (Device d = Device.builder().threads(1).build()) {
            Runner r = n.program(true).open(d, store);
            r.feed("x", n.data());
            double tolerance = t == DType.F32 ? 2e-5 : 1e-12;
            for (int k = 0; k < 20; k++) {
                r.run();
                List<Tensor> all = new ArrayList<>(List.of(n.loss, n.grad));
                all.addAll(n.updates.values());
                List<RefArray> want = reference(all, states, n.data());
                assertEquals(want.get(0).get(0), r.scalar(0), tolerance, "loss at step " + k);
                assertArrayEquals(want.get(1).doubles(), r.output(1).toDoubles(), tolerance);
                int i = 2;
                for (State s : n.updates.keySet()) {
                    states.put(s, want.get(i++));
                }
            }
            // twenty steps of Adam amplify rounding where a moment is near zero
            assertArrayEquals(
                    states.get(n.flat).doubles(), store.get(n.flat).toDoubles(), t == DType.F32 ? 2e-3 : 1e-10);
            assertEquals(20, store.get(n.step).scalar());
        }
    }

    private static float[] trained(Net n, boolean reuse, int threads, boolean poison) {
        StateStore store = n.store();
        try (Device d = Device.builder().threads(threads).build()) {
            Runner r = n.program(reuse).open(d, store);
            if (poison) {
                r.poison();
            }
            r.feed("x", n.data());
            for (int k = 0; k < 5; k++) {
                r.run();
            }
        }
        return store.get(n.flat).floats();
    }

    @Test
    void reuseThreadsAndStaleMemoryDoNotChangeABit() {
        Net n = new Net(DType.F32, 130, 61, 257, 33);
        float[] want = trained(n, true, 1, false);
        assertArrayEquals(want, trained(n, false, 1, false));
        assertArrayEquals(want, trained(n, true, 2, false));
        assertArrayEquals(want, trained(n, true, 4, true));
    }

    @Test
    void aCheckedRunHasTheSameBitsAndFindsNothing() {
        Net n = new Net(DType.F32, 13, 11, 19, 5);
        StateStore plain = n.store();
        StateStore checked = n.store();
        try (Device d = Device.builder().threads(1).build()) {
            Runner a = n.program(true).open(d, plain);
            Runner b = n.program(true).open(d, checked);
            a.feed("x", n.data());
            b.feed("x", n.data());
            for (int k = 0; k < 3; k++) {
                a.run();
                b.runChecked();
            }
        }
        assertArrayEquals(plain.get(n.flat).floats(), checked.get(n.flat).floats());
    }

    @Test
    void updatesAppearTogether() {
        State a = new State("a", new TensorType(DType.F64, Shape.of(3)));
        State b = new State("b", a.type());
        StateStore s = new StateStore();
        s.set(a, HostArray.of(1.0, 2, 3));
        s.set(b, HostArray.of(4.0, 5, 6));
        try (Device d = Device.builder().threads(1).build()) {
            Runner swap = Program.of(List.of(a.value()), Map.of(a, b.value(), b, a.value()))
                    .open(d, s);
            swap.run();
            assertArrayEquals(new double[] {4, 5, 6}, s.get(a).doubles());
            assertArrayEquals(new double[] {1, 2, 3}, s.get(b).doubles());
            assertArrayEquals(new double[] {1, 2, 3}, swap.output(0).doubles(), "outputs read the values before");
            Map<State, Tensor> u = new LinkedHashMap<>();
            u.put(a, a.value().add(b.value()));
            u.put(b, a.value().sub(b.value()));
            Program.of(List.of(), u).open(d, s).run();
            assertArrayEquals(new double[] {5, 7, 9}, s.get(a).doubles());
            assertArrayEquals(new double[] {3, 3, 3}, s.get(b).doubles());
            u.clear();
            u.put(a, b.value().flip(0).add(a.value()));
            u.put(b, a.value().flip(0).mul(b.value()));
            Program.of(List.of(), u).open(d, s).run();
            assertArrayEquals(new double[] {8, 10, 12}, s.get(a).doubles());
            assertArrayEquals(new double[] {27, 21, 15}, s.get(b).doubles());
        }
    }

    @Test
    void aStepThatIsNotFiniteWritesNothingAndNamesTheOperation() {
        State a = new State("a", new TensorType(DType.F32, Shape.of(4)));
        StateStore s = new StateStore();
        s.set(a, HostArray.of(1f, 2f, 3f, 4f));
        Tensor x = Tensors.input("x", DType.F32, 4);
        Tensor bad = x.sub(2).sqrt();
        Tensor loss = bad.mul(a.value()).sum();
        Program p = Program.builder()
                .outputs(loss)
                .updates(Map.of(a, a.value().add(loss)))
                .guards(loss)
                .build();
        try (Device d = Device.builder().threads(1).build()) {
            Runner r = p.open(d, s);
            r.feed("x", HostArray.of(3f, 3f, 1f, 3f));
            NonFiniteException e = assertThrows(NonFiniteException.class, r::run);
            assertTrue(e.getMessage().contains("SQRT, element 2 of F32[4]"), e.getMessage());
            assertTrue(e.getMessage().contains("ProgramTest.java"), e.getMessage());
            assertArrayEquals(new float[] {1, 2, 3, 4}, s.get(a).floats());
            r.feed("x", HostArray.of(3f, 3f, 3f, 3f));
            r.run();
            assertArrayEquals(new float[] {11, 12, 13, 14}, s.get(a).floats());
        }
    }

    @Test
    void theGradientOfAFlatRangeIsOneConcatAndNoPaddedSum() {
        Net n = new Net(DType.F32, 4, 3, 5, 2);
        long pads = Graphs.topological(List.of(n.grad)).stream()
                .filter(k -> k.op().name().startsWith("pad"))
                .count();
        assertEquals(0, pads);
        long copies = n.program(true).plan().compute().stream()
                .filter(i -> i instanceof org.amortis.spi.Instruction.Copy)
                .count();
        assertEquals(0, copies, "weight gradients are computed in place");
    }

    @Test
    void constantsAboveTheLimitAreRefused() {
        PlanException e =
                assertThrows(PlanException.class, () -> Tensors.constant(HostArray.zeros(DType.F32, Shape.of(20_000))));
        assertTrue(e.getMessage().contains("Tensors.resident"), e.getMessage());
    }

    @Test
    void outOfMemoryReportsThePlan() {
        long heap = Runtime.getRuntime().maxMemory();
        int rows = (int) Math.min(2_000_000_000L / 1024, heap / 4096 + 1);
        Tensor x = Tensors.iota(Shape.of(rows, 1024), 0).cast(DType.F32);
        Program p = Program.of(x.sum(0), x.flip(0).cumsum(1));
        try (Device d = Device.builder().threads(1).build()) {
            PlanException e = assertThrows(PlanException.class, () -> p.open(d));
            assertTrue(e.getMessage().contains("temporaries"), e.getMessage());
        }
    }

    @Test
    void plansPrintWhatTheyDo() {
        Net n = new Net(DType.F32, 4, 3, 5, 2);
        String text = n.program(true).plan().describe();
        assertTrue(text.contains("matmulNN with bias -> F32[4,5] at ProgramTest.java"), text);
        assertTrue(text.contains("-> state F32[32]"), text);
    }

    @ParameterizedTest
    @CsvSource({
        "1,1",
        "1,7",
        "1,1023",
        "1,1024",
        "1,8193",
        "1,100003",
        "2,1",
        "3,784",
        "11,1023",
        "5,1024",
        "7,1025",
        "3,5000",
        "700,16",
        "20,500",
        "0,5"
    })
    void sumsOfRowsAreTakenInsideTheGroup(int rows, int length) {
        for (DType t : new DType[] {DType.F32, DType.F64}) {
            Tensor x = Tensors.input("x", t, rows, length);
            Tensor y = x.mul(2).sub(0.25);
            Tensor z = y.square();
            List<Tensor> outputs = List.of(y.sum(1), z.sum(1), z.sum(), y);
            double[] d = new double[rows * length];
            for (int i = 0; i < d.length; i++) {
                d[i] = (i * 37 % 64) / 64.0;
            }
            HostArray data = HostArray.wrap(d, x.shape()).cast(t);
            List<RefArray> want = reference(outputs, Map.of(), data);
            for (int threads = 1; threads <= 2; threads++) {
                try (Device device = Device.builder().threads(threads).build()) {
                    Program p = Program.of(outputs.toArray(Tensor[]::new));
                    long groups = p.plan().compute().stream()
                            .filter(i -> i instanceof org.amortis.spi.Instruction.Fused f
                                    && !f.sums().isEmpty())
                            .count();
                    assertTrue(
                            rows * length <= rows || groups > 0, () -> p.plan().describe());
                    Runner r = p.open(device);
                    r.feed("x", data);
                    r.runChecked();
                    r.run();
                    for (int i = 0; i < outputs.size(); i++) {
                        // values are multiples of 2^-12 of size one: sums below 2^12 are exact in F32
                        double tolerance = t == DType.F64 || rows * length < 4096 ? 0 : 1e-5 * rows * length;
                        assertArrayEquals(want.get(i).doubles(), r.output(i).toDoubles(), tolerance, "output " + i);
                    }
                }
            }
        }
    }

    @Test
    void aGroupIsWholeBeforeItIsReadTransposed() {
        Tensor x = Tensors.input("x", DType.F32, 2, 2);
        Tensor u = x.mul(2);
        Tensor v = x.add(1).exp().log();
        Tensor across = Tensors.where(u.gt(0), v, u.transpose(1, 0));
        try (Device d = Device.builder().threads(1).build()) {
            Runner r = Program.of(u.add(u.transpose(1, 0)), across).open(d);
            r.poison();
            r.feed("x", HostArray.wrap(new float[] {1, -2, 3, 4}, Shape.of(2, 2)));
            r.run();
            assertArrayEquals(new float[] {4, 2, 2, 16}, r.output(0).floats());
            assertArrayEquals(new float[] {2, 6, 4, 5}, r.output(1).floats());
        }
    }

    private static String failureOf(Tensor guard, float... x) {
        try (Device d = Device.builder().threads(1).build()) {
            Runner r = Program.builder().guards(guard).build().open(d);
            r.feed("x", HostArray.of(x));
            return String.valueOf(assertThrows(NonFiniteException.class, r::run).getMessage());
        }
    }

    @Test
    void whatOverflowsInF32OnlyIsNamed() {
        Tensor x = Tensors.input("x", DType.F32, 2);
        String overflow = failureOf(x.mul(2).exp().mul(0.5).sum(), 1f, 45f);
        assertTrue(overflow.contains("EXP, element 1 of F32[2]"), overflow);
        String sum = failureOf(x.mul(1).add(1).mul(3e38).sum(), 0f, 0f);
        assertTrue(sum.contains("sum of MUL, element 0 of F32[]"), sum);
    }

    @Test
    void theStepOfALoopThatFailsIsNamed() {
        Tensor x = Tensors.input("x", DType.F32, 2);
        // 4, 3, 2, 1, 0, -1: the root of the sixth value fails, and everything after it is NaN
        Tensor y = org.amortis.tensor.Scan.of(10)
                .carry(x)
                .body((t, carry, slices) -> {
                    Tensor root = carry.get(0).sqrt();
                    Tensor next = carry.get(0).sub(1).add(root.sub(root));
                    return org.amortis.tensor.Scan.Step.of(next.mul(2).sub(next));
                })
                .last(0);
        String failure = failureOf(y.exp().sum(), 100f, 4f);
        assertTrue(failure.contains("SQRT, element 1 of F32[2]"), failure);
        assertTrue(failure.contains("in step 5 of its loop"), failure);
        assertTrue(failure.contains("ProgramTest.java"), failure);
    }

    @Test
    void whatIsFilledIsNotWrittenOutToBeFolded() {
        // 2 GB if it were evaluated at compile time
        Tensor x = Tensors.fill(3, DType.F32, Shape.of(1 << 28));
        assertTrue(Program.of(x.max()).plan().statistics().constantBytes() < 1024);
    }

    @Test
    void whatALoopAddsOfItsOwnCarriesTheLineOfItsUser() {
        Tensor x = Tensors.input("x", DType.F32, 2);
        var r = org.amortis.tensor.Scan.until(3)
                .carry(x)
                .body((t, carry, slices) -> org.amortis.tensor.Scan.Step.of(
                                carry.get(0).mul(2))
                        .doneWhen(carry.get(0).gt(4)));
        String text = Program.of(r.last(0)).plan().describe();
        assertTrue(!text.contains("ScopedValue") && text.contains("WHERE"), text);
    }

    @Test
    void anInputThatWasNeverFedIsNamed() {
        Tensor x = Tensors.input("x", DType.F32, 2);
        try (Device d = Device.builder().threads(1).build()) {
            Runner r = Program.of(x.sum()).open(d);
            PlanException e = assertThrows(PlanException.class, r::run);
            assertTrue(e.getMessage().contains("[x]"), e.getMessage());
            assertThrows(ShapeException.class, () -> r.feed("x", new float[3], 2));
            r.feed("x", HostArray.of(1f, 2f)).run();
            assertEquals(3, r.scalar(0));
        }
    }

    @Test
    void cotangentsOfAWeightUsedSeveralTimesAddUpInPlace() {
        Tensor w = Tensors.input("w", DType.F64, 6, 6);
        Tensor x = Tensors.input("x", DType.F64, 5, 6);
        Tensor h = x;
        for (int i = 0; i < 7; i++) {
            h = h.matmul(w).tanh();
        }
        Tensor g = Gradients.of(h.square().sum(), w);
        Program p = Program.of(g, h);
        long accumulated = p.plan().compute().stream()
                .filter(i -> i instanceof org.amortis.spi.Instruction.Accumulate)
                .count();
        assertEquals(6, accumulated, () -> p.plan().describe());
        double[] a = new double[36];
        double[] b = new double[30];
        for (int i = 0; i < a.length; i++) {
            a[i] = Math.sin(i);
        }
        for (int i = 0; i < b.length; i++) {
            b[i] = Math.cos(3 * i);
        }
        HostArray weights = HostArray.wrap(a, w.shape());
        HostArray data = HostArray.wrap(b, x.shape());
        List<RefArray> want = Graphs.evaluate(
                List.of(g, h),
                t -> RefArray.of(
                        t.node().op() instanceof LeafOp.Input i && i.label().equals("w") ? weights : data));
        try (Device d = Device.builder().threads(2).build()) {
            Runner r = p.open(d);
            r.feed("w", weights).feed("x", data);
            r.runChecked();
            for (int k = 0; k < 2; k++) {
                assertArrayEquals(want.get(0).doubles(), r.output(0).doubles(), 1e-12);
                assertArrayEquals(want.get(1).doubles(), r.output(1).doubles(), 1e-13);
                r.run();
            }
        }
    }
}
