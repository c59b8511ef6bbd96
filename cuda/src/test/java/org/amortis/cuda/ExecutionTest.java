package org.amortis.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.array.UnsupportedOnBackend;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Scan;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Capture and replay, memory, states, failures: what the host does, over a device that runs PTX in Java. */
class ExecutionTest {
    private final EmulatedDriver driver = new EmulatedDriver();

    @AfterEach
    void drivers() {
        EmulatedProvider.drivers = EmulatedDriver::new;
    }

    private Device device() {
        EmulatedProvider.drivers = () -> driver;
        return Device.builder().backend("emulated").threads(1).build();
    }

    private static State state(int... dims) {
        return new State("s", new TensorType(DType.F32, Shape.of(dims)));
    }

    private long count(String call) {
        return driver.calls.stream().filter(c -> c.startsWith(call)).count();
    }

    @Test
    void capturedOnceReplayedOften() {
        State s = state(4);
        Tensor x = Tensors.input("x", DType.F32, 4);
        Program p = Program.of(List.of(s.value().sum()), Map.of(s, s.value().add(x)));
        StateStore store = new StateStore();
        store.set(s, HostArray.of(1, 2, 3, 4));
        try (Device d = device()) {
            Runner r = p.open(d, store);
            r.feed("x", HostArray.of(1, 1, 1, 1));
            for (int i = 0; i < 3; i++) {
                r.run();
            }
            assertEquals(18, r.scalar(0));
            r.run(2);
            assertEquals(26, r.scalar(0));
            assertArrayEquals(new double[] {6, 7, 8, 9}, store.get(s).toDoubles());
            assertEquals(1, count("capture"));
            assertEquals(5, count("replay"));
            // nothing but graphs in the steps: no launch of its own, no copy
            assertEquals(0, count("launch"));
            r.close();
        }
        assertTrue(driver.closed);
    }

    @Test
    void manyStepsAreOneGraphOfMany() {
        State s = state(1);
        Program p = Program.of(List.of(), Map.of(s, s.value().add(1)));
        StateStore store = new StateStore();
        store.set(s, HostArray.of(0f));
        try (Device d = device()) {
            Runner r = p.open(d, store);
            r.run(120);
            assertEquals(120, store.get(s).get(0));
            // two graphs of 50 steps, then 20 of one
            assertEquals(2, count("capture"));
            assertEquals(22, count("replay"));
            r.close();
        }
    }

    @Test
    void statesAreSharedAndStayOnTheDevice() {
        State s = state(3);
        Program add = Program.of(List.of(), Map.of(s, s.value().add(1)));
        Program twice = Program.of(List.of(), Map.of(s, s.value().mul(2)));
        StateStore store = new StateStore();
        store.set(s, HostArray.of(1, 2, 3));
        try (Device d = device();
                Device cpu = Device.builder().backend("scalar").threads(1).build()) {
            Runner a = add.open(d, store);
            Runner b = twice.open(d, store);
            a.run();
            long before = count("download");
            b.run();
            a.run();
            assertEquals(before, count("download"), "a state left the device between steps");
            assertArrayEquals(new double[] {5, 7, 9}, store.get(s).toDoubles());
            // the processor goes on with the value, and the device with the processor's
            twice.open(cpu, store).run();
            a.run();
            assertArrayEquals(new double[] {11, 15, 19}, store.get(s).toDoubles());
            store.set(s, HostArray.of(0, 0, 0));
            a.run();
        }
        // the device is closed: the value has come back
        assertArrayEquals(new double[] {1, 1, 1}, store.get(s).toDoubles());
    }

    @Test
    void nothingIsWrittenWhereAGuardIsNotFinite() {
        State s = state(2);
        Tensor x = Tensors.input("x", DType.F32, 2);
        Tensor loss = x.log().sum();
        Program p = Program.builder()
                .outputs(loss)
                .updates(Map.of(s, s.value().add(x)))
                .guards(loss)
                .build();
        StateStore store = new StateStore();
        store.set(s, HostArray.of(5, 5));
        try (Device d = device()) {
            Runner r = p.open(d, store);
            r.feed("x", HostArray.of(1, -1));
            NonFiniteException e = assertThrows(NonFiniteException.class, r::run);
            assertTrue(e.getMessage().contains("LOG"), e.getMessage());
            assertThrows(NonFiniteException.class, () -> r.run(3));
            assertArrayEquals(new double[] {5, 5}, store.get(s).toDoubles());
            r.feed("x", HostArray.of(1, 1));
            r.run();
            assertArrayEquals(new double[] {6, 6}, store.get(s).toDoubles());
            r.close();
        }
    }

    @Test
    void badIndexIsReportedAndNothingWritten() {
        State s = state(2);
        Tensor at = Tensors.input("at", DType.I32, 2);
        Tensor x = Tensors.input("x", DType.F32, 3);
        Program p = Program.of(List.of(), Map.of(s, s.value().add(x.gather(0, at))));
        StateStore store = new StateStore();
        store.set(s, HostArray.of(1, 1));
        try (Device d = device()) {
            Runner r = p.open(d, store);
            r.feed("x", HostArray.of(1, 2, 3));
            r.feed("at", HostArray.wrap(new int[] {0, 3}, Shape.of(2)));
            ShapeException e = assertThrows(ShapeException.class, r::run);
            assertTrue(e.getMessage().contains("index 3 is outside 0..2"), e.getMessage());
            assertArrayEquals(new double[] {1, 1}, store.get(s).toDoubles());
            r.feed("at", HostArray.wrap(new int[] {0, 2}, Shape.of(2)));
            r.run();
            assertArrayEquals(new double[] {2, 4}, store.get(s).toDoubles());
        }
    }

    @Test
    void outOfMemoryNamesThePlan() {
        driver.budget(10_000);
        Program p = Program.of(Tensors.input("x", DType.F32, 4000).exp().sum());
        try (Device d = device()) {
            PlanException e = assertThrows(PlanException.class, () -> p.open(d));
            assertTrue(e.getMessage().contains("out of memory on the device"), e.getMessage());
            assertTrue(e.getMessage().contains("instructions"), e.getMessage());
            // what was allocated before is given back, and a smaller program still fits
            long live = driver.memory.live();
            assertThrows(PlanException.class, () -> p.open(d));
            assertEquals(live, driver.memory.live());
            Runner r = Program.of(Tensors.input("x", DType.F32, 4).exp().sum()).open(d);
            r.feed("x", HostArray.of(0, 0, 0, 0));
            r.run();
            assertEquals(4, r.scalar(0), 1e-6);
        }
    }

    @Test
    void faultedAndLostDevicesSayWhatToDo() {
        for (DriverException.Kind kind : List.of(DriverException.Kind.FAULT, DriverException.Kind.LOST)) {
            EmulatedDriver failing = new EmulatedDriver();
            EmulatedProvider.drivers = () -> failing;
            Device d = Device.builder().backend("emulated").threads(1).build();
            State s = state(1);
            StateStore store = new StateStore();
            store.set(s, HostArray.of(1f));
            Runner r = Program.of(List.of(), Map.of(s, s.value().add(1))).open(d, store);
            r.run();
            failing.failReplay(0, kind);
            UnsupportedOnBackend e = assertThrows(UnsupportedOnBackend.class, r::run);
            assertTrue(e.getMessage().contains("close the Device"), e.getMessage());
            // the value is on the lost device: that is said, no old value is handed out
            assertThrows(UnsupportedOnBackend.class, () -> store.get(s));
            assertThrows(UnsupportedOnBackend.class, r::run);
            r.close();
            d.close();
            store.set(s, HostArray.of(7f));
            EmulatedProvider.drivers = EmulatedDriver::new;
            try (Device other = Device.builder().backend("emulated").threads(1).build()) {
                Program.of(List.of(), Map.of(s, s.value().add(1)))
                        .open(other, store)
                        .run();
                assertEquals(8, store.get(s).get(0));
            }
        }
    }

    @Test
    void closingGivesAllMemoryBack() {
        Program p = Program.of(Tensors.resident(HostArray.of(1, 2, 3)).add(Tensors.input("x", DType.F32, 3)));
        try (Device d = device()) {
            Runner first = p.open(d);
            first.feed("x", HostArray.of(0, 0, 0));
            first.run();
            long live = driver.memory.live();
            Runner second = p.open(d);
            assertTrue(driver.memory.live() > live);
            second.close();
            second.close();
            assertEquals(live, driver.memory.live());
            assertThrows(PlanException.class, () -> second.feed("x", HostArray.of(0, 0, 0)));
            assertThrows(PlanException.class, second::run);
            first.run();
            assertArrayEquals(new double[] {1, 2, 3}, first.output(0).toDoubles());
        }
    }

    @Test
    void longLoopsAndLoopsThatStop() {
        Tensor x = Tensors.input("x", DType.F32, 3);
        // more launches than one graph holds
        Scan.Result sum = Scan.of(2000)
                .carry(x)
                .body((t, c, in) ->
                        Scan.Step.of(c.get(0).add(1)).output(c.get(0).sum()));
        Scan.Result until = Scan.until(9)
                .carry(x)
                .body((t, c, in) -> Scan.Step.of(c.get(0).mul(2))
                        .output(c.get(0).square())
                        .doneWhen(c.get(0).ge(20)));
        Tensor[] results = {sum.last(0), sum.output(0).sum(), until.last(0), until.output(0)};
        HostArray at = HostArray.of(1, 2, 3);
        try (Device d = device();
                Device cpu = Device.builder().backend("scalar").threads(1).build()) {
            Runner r = Program.of(results).open(d);
            Runner c = Program.of(results).open(cpu);
            r.feed("x", at).run();
            c.feed("x", at).run();
            for (int i = 0; i < results.length; i++) {
                assertArrayEquals(c.output(i).toDoubles(), r.output(i).toDoubles(), "result " + i);
            }
        }
    }

    @Test
    void sameBitsAgainAndWithAndWithoutReuse() {
        Tensor x = Tensors.input("x", DType.F32, 37, 65);
        Tensor y =
                Tensors.matmul(x, x.tanh(), true, false).softplus().sum(1).exp().log1p();
        HostArray at = HostArray.wrap(new float[37 * 65], Shape.of(37, 65));
        for (int i = 0; i < 37 * 65; i++) {
            at.floats()[i] = (float) Math.sin(i);
        }
        double[][] got = new double[4][];
        try (Device d = device()) {
            for (int k = 0; k < 4; k++) {
                Runner r = Program.builder()
                        .outputs(y)
                        .reuseMemory(k % 2 == 0)
                        .build()
                        .open(d);
                r.feed("x", at);
                r.poison();
                r.feed("x", at);
                r.run();
                got[k] = r.output(0).toDoubles();
                r.close();
            }
        }
        for (int k = 1; k < 4; k++) {
            assertArrayEquals(got[0], got[k]);
        }
    }
}
