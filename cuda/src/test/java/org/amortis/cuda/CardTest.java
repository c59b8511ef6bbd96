package org.amortis.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Precision;
import org.amortis.array.Shape;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only a card can show. Skipped where there is none. */
class CardTest {
    @BeforeEach
    void onlyWithACard() {
        String why = new CudaProvider().unavailable();
        Assumptions.assumeTrue(why == null, why);
    }

    private static Device cuda() {
        return Device.builder().backend("cuda").threads(1).build();
    }

    @Test
    void drawsHaveTheBitsOfTheProcessor() {
        Shape s = Shape.of(100_003);
        Tensor bits = Random.bits(Key.of(1), s);
        Tensor uniform = Random.uniform(Key.of(2), DType.F32, s);
        Tensor wide = Random.uniform(Key.of(3), DType.F64, s);
        Tensor normal = Random.normal(Key.of(4), DType.F32, s);
        try (Device d = cuda();
                Device cpu = Device.builder().backend("scalar").build()) {
            List<HostArray> a = Run.eval(d, List.of(bits, uniform, wide, normal));
            List<HostArray> b = Run.eval(cpu, List.of(bits, uniform, wide, normal));
            assertArrayEquals(b.get(0).ints(), a.get(0).ints());
            assertArrayEquals(b.get(1).floats(), a.get(1).floats());
            assertArrayEquals(b.get(2).doubles(), a.get(2).doubles());
            for (int i = 0; i < s.size(); i++) {
                float x = b.get(3).floats()[i];
                assertEquals(x, a.get(3).floats()[i], 2 * Math.ulp(x), "normal " + i);
            }
        }
    }

    /** Factors of at most 1 that are rounded to 11 or 8 bits; without such tensor cores they stay floats. */
    @Test
    void ownProductsOfLessPrecisionAreInTheirBounds() {
        Shape s = Shape.of(70, 150);
        float[] x = new float[s.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(0.7 * i);
        }
        Tensor a = Tensors.constant(HostArray.wrap(x, s));
        List<Tensor> y = List.of(
                Tensors.matmul(a, a, false, true), Tensors.matmul(a, a.mul(0.5), true, false), a.sum(0), a.tanh());
        for (Precision p : Precision.values()) {
            try (Device d = Device.builder()
                            .backend("cuda")
                            .threads(1)
                            .precision(p)
                            .build();
                    Device cpu = Device.builder().backend("scalar").build()) {
                List<HostArray> exact = Run.eval(cpu, y);
                List<HostArray> got = Run.eval(d, y);
                double bound = 150 * (p == Precision.BF16 ? 0x1p-7 : p == Precision.TF32 ? 0x1p-10 : 0x1p-20);
                for (int i = 0; i < y.size(); i++) {
                    assertArrayEquals(exact.get(i).toDoubles(), got.get(i).toDoubles(), bound, p + " result " + i);
                }
            }
        }
    }

    @Test
    void aProgramTooLargeIsRefusedAndASmallOneRuns() {
        Tensor x = Tensors.input("x", DType.F32, 1 << 15, 1 << 15);
        try (Device d = cuda()) {
            // four gigabytes each
            Runner[] open = new Runner[64];
            PlanException e = assertThrows(PlanException.class, () -> {
                for (int i = 0; i < open.length; i++) {
                    open[i] = Program.of(x.sum()).open(d);
                }
            });
            assertTrue(e.getMessage().contains("out of memory on the device"), e.getMessage());
            for (Runner r : open) {
                if (r != null) {
                    r.close();
                }
            }
            assertEquals(
                    3,
                    Run.eval(d, List.of(Tensors.ones(DType.F32, Shape.of(3)).sum()))
                            .get(0)
                            .get(0));
        }
    }

    @Test
    void aFaultOfAKernelLosesOnlyItsDevice() {
        String store = """
            .version 6.3
            .target sm_75
            .address_size 64
            .visible .entry bad(
            .param .align 8 .b8 bad_param_0[8]
            )
            {
            .reg .b64 %a;
            .reg .b32 %r;
            mov.u64 %a, 64;
            mov.u32 %r, 1;
            st.global.u32 [%a], %r;
            ret;
            }
            """;
        JCudaDriverCalls driver = new JCudaDriverCalls(0);
        long m = driver.load(Images.terminated(store));
        driver.launch(driver.function(m, "bad"), Launch.single("bad", "bad", new Args().pointer(0)));
        DriverException e = assertThrows(DriverException.class, driver::synchronize);
        assertEquals(DriverException.Kind.FAULT, e.kind(), e.getMessage());
        driver.close();
        try (Device d = cuda()) {
            assertEquals(
                    2,
                    Run.eval(d, List.of(Tensors.ones(DType.F32, Shape.of(2)).sum()))
                            .get(0)
                            .get(0));
        }
    }

    @Test
    void aHundredThousandStepsTakeNoMemory() {
        State s = new State("s", new TensorType(DType.F32, Shape.of(64)));
        StateStore store = new StateStore();
        store.set(s, HostArray.zeros(DType.F32, Shape.of(64)));
        JCudaDriverCalls probe = new JCudaDriverCalls(0);
        try (Device d = cuda()) {
            Runner r = Program.of(
                            List.of(s.value().sum()),
                            Map.of(s, s.value().mul(0.999).add(1)))
                    .open(d, store);
            r.run(1000);
            r.run();
            long free = probe.free();
            System.gc();
            long heap =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            for (int i = 0; i < 50_000; i++) {
                r.run();
            }
            r.run(50_000);
            System.gc();
            long after =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            // the driver takes memory in chunks of 2 MB
            assertTrue(free - probe.free() <= 4L << 20, free - probe.free() + " bytes of the device");
            assertTrue(after - heap < 8L << 20, after - heap + " bytes of the heap");
            r.close();
        } finally {
            probe.close();
        }
    }
}
