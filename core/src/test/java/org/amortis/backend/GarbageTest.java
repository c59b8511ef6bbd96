package org.amortis.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.check.OpCatalog;
import org.amortis.check.OpConformance;
import org.amortis.check.Sample;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.CustomOp;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** Every operation, and the gradient of each that has one: once compiled, a run allocates nothing. */
class GarbageTest {
    /** Samples of one operation that are run; the first may be empty or a scalar, so the largest are taken. */
    private static final int SAMPLES = 2;

    private static final int WARM = 30;
    private static final int RUNS = 200;
    private static final int ROUNDS = 40;

    /**
     * Operations that may allocate, with the reason. None does at the time of writing: an entry is a debt.
     */
    private static final Map<String, String> EXCEPTIONS = Map.of();

    /** Bytes allocated by this thread; by reflection, since the module of the tests does not read jdk.management. */
    private static final class Counter {
        private final Object bean;
        private final Method count;

        Counter() throws ReflectiveOperationException {
            this.bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            this.count = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
        }

        long read() throws ReflectiveOperationException {
            return ((Number) count.invoke(bean)).longValue();
        }

        /** What reading it allocates itself. */
        long own() throws ReflectiveOperationException {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 20_000; i++) {
                long before = read();
                least = Math.min(least, read() - before);
            }
            return least;
        }
    }

    private static int size(Sample s) {
        int n = 0;
        for (Sample.Operand o : s.operands()) {
            n += o.shape().size();
        }
        return n;
    }

    /** The largest samples of each operation, and their gradients. */
    private static List<Sample> samples() {
        Map<String, List<Sample>> byOperation = new LinkedHashMap<>();
        for (Sample s : OpCatalog.samples()) {
            String operation = s.name().replaceAll(" ?\\[[^]]*]", "");
            byOperation.computeIfAbsent(operation, k -> new ArrayList<>()).add(s);
        }
        List<Sample> r = new ArrayList<>();
        for (List<Sample> all : byOperation.values()) {
            List<Sample> sorted = new ArrayList<>(all);
            sorted.sort(Collections.reverseOrder(java.util.Comparator.comparingInt(GarbageTest::size)));
            for (Sample s : sorted.subList(0, Math.min(SAMPLES, sorted.size()))) {
                r.add(s);
                if (s.derivatives() == Sample.Derivatives.TWICE) {
                    r.add(OpConformance.gradient(s));
                }
            }
        }
        return r;
    }

    private static Runner runner(Sample sample, DType type, Device device) {
        List<HostArray> at = sample.arrays(type);
        Tensor[] x = new Tensor[at.size()];
        for (int i = 0; i < x.length; i++) {
            HostArray a = at.get(i);
            x[i] = Tensors.input("x" + i, a.dtype(), a.shape().toArray());
        }
        Runner r = Program.of(sample.formula().of(x)).open(device);
        for (int i = 0; i < x.length; i++) {
            if (r.plan().inputs().containsKey("x" + i)) {
                r.feed("x" + i, at.get(i));
            }
        }
        return r;
    }

    /** Runners whose runs allocated in the last round. */
    private static List<Integer> allocating(List<Runner> runners, List<Integer> which, Counter counter, long own)
            throws ReflectiveOperationException {
        List<Integer> r = new ArrayList<>();
        for (int i : which) {
            Runner runner = runners.get(i);
            long before = counter.read();
            for (int k = 0; k < RUNS; k++) {
                runner.run();
            }
            if (counter.read() - before - own >= RUNS) {
                r.add(i);
            }
        }
        return r;
    }

    /** Leaves an array behind at every call. */
    private static final class Leak implements CustomOp.Unary {
        private double[] last = new double[1];

        @Override
        public double reference(double x) {
            last = new double[] {x, last[0]};
            return x;
        }

        @Override
        public Tensor vjp(Tensor x, Tensor y, Tensor dy) {
            return dy;
        }
    }

    @Test
    void aLeakIsSeen() throws ReflectiveOperationException {
        Counter counter = new Counter();
        try (Device device = Device.builder().backend("scalar").threads(1).build()) {
            Runner r = Program.of(new Leak().apply(Tensors.zeros(DType.F32, Shape.of(3))))
                    .open(device);
            assertEquals(List.of(0), allocating(List.of(r), List.of(0), counter, counter.own()));
        }
    }

    @Test
    void aRunAllocatesNothing() throws ReflectiveOperationException {
        Counter counter = new Counter();
        long own = counter.own();
        try (Device device = Device.builder().backend("scalar").threads(1).build()) {
            List<Runner> runners = new ArrayList<>();
            List<String> names = new ArrayList<>();
            List<Integer> left = new ArrayList<>();
            for (Sample s : samples()) {
                for (DType type : List.of(DType.F32, DType.F64)) {
                    if (!EXCEPTIONS.containsKey(s.name().split(" ", 2)[0])) {
                        left.add(runners.size());
                        runners.add(runner(s, type, device));
                        names.add(s.name() + " in " + type);
                    }
                }
            }
            for (Runner r : runners) {
                for (int k = 0; k < WARM; k++) {
                    r.run();
                }
            }
            // what the JIT has not compiled yet may box and capture; what leaks does so in every round
            for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
                left = allocating(runners, left, counter, own);
            }
            assertTrue(
                    left.isEmpty(),
                    "allocate in every run: " + left.stream().map(names::get).toList());
        }
    }
}
