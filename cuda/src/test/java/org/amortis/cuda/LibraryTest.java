package org.amortis.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Precision;
import org.amortis.array.Shape;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Large products through a library that thinks in columns: layouts, transpositions, batches, rows and chains behind. */
class LibraryTest {
    private final EmulatedDriver driver = EmulatedDriver.withLibrary();

    @AfterEach
    void drivers() {
        EmulatedProvider.drivers = EmulatedDriver::new;
    }

    private Device device(Precision p) {
        EmulatedProvider.drivers = () -> driver;
        return Device.builder().backend("emulated").threads(1).precision(p).build();
    }

    private long count(String call) {
        return driver.calls.stream().filter(c -> c.startsWith(call)).count();
    }

    private static HostArray numbers(DType t, int seed, Shape s) {
        double[] x = new double[s.size()];
        float[] f = new float[s.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.sin(0.7 * i + seed);
            f[i] = (float) x[i];
        }
        return t == DType.F64 ? HostArray.wrap(x, s) : HostArray.wrap(f, s);
    }

    private static List<double[]> run(
            Device d, DType t, List<Shape> shapes, java.util.function.Function<Tensor[], Tensor[]> f) {
        Tensor[] x = new Tensor[shapes.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = Tensors.input("x" + i, t, shapes.get(i).toArray());
        }
        Tensor[] y = f.apply(x);
        Runner r = Program.of(y).open(d);
        for (int i = 0; i < x.length; i++) {
            r.feed("x" + i, numbers(t, i, shapes.get(i)));
        }
        r.run();
        r.run();
        List<double[]> out = new ArrayList<>();
        for (int i = 0; i < y.length; i++) {
            out.add(r.output(i).toDoubles());
        }
        r.close();
        return out;
    }

    private void besideTheProcessor(
            DType t, int library, List<Shape> shapes, java.util.function.Function<Tensor[], Tensor[]> f) {
        try (Device d = device(Precision.FP32);
                Device cpu = Device.builder().backend("scalar").threads(1).build()) {
            List<double[]> a = run(cpu, t, shapes, f);
            List<double[]> b = run(d, t, shapes, f);
            assertEquals(library, count("record gemm"), driver.calls.toString());
            for (int i = 0; i < a.size(); i++) {
                for (int k = 0; k < a.get(i).length; k++) {
                    double scale = t == DType.F64 ? 1e-11 : 2e-3;
                    assertEquals(a.get(i)[k], b.get(i)[k], scale, "result " + i + " at " + k);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void formsOfFloats(boolean ta, boolean tb) {
        int m = 520;
        int k = 512;
        int n = 516;
        Shape sa = ta ? Shape.of(k, m) : Shape.of(m, k);
        Shape sb = tb ? Shape.of(n, k) : Shape.of(k, n);
        besideTheProcessor(DType.F32, 1, List.of(sa, sb, Shape.of(n), Shape.of(m, n)), x -> {
            Tensor y = Tensors.matmul(x[0], x[1], ta, tb);
            return new Tensor[] {y.add(x[2]).mul(0.01).tanh().add(x[3])};
        });
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void formsOfDoublesInBatches(boolean ta, boolean tb) {
        int m = 70;
        int k = 129;
        int n = 90;
        Shape sa = ta ? Shape.of(3, k, m) : Shape.of(3, m, k);
        Shape sb = tb ? Shape.of(3, n, k) : Shape.of(3, k, n);
        besideTheProcessor(DType.F64, 1, List.of(sa, sb, Shape.of(n)), x ->
                new Tensor[] {Tensors.matmul(x[0], x[1], ta, tb).add(x[2])});
    }

    /** A factor for all of a batch is read again for each; a batch on the left alone is rows of one product. */
    @Test
    void factorsForAWholeBatch() {
        besideTheProcessor(
                DType.F64,
                2,
                List.of(Shape.of(4, 66, 100), Shape.of(100, 90), Shape.of(4, 100, 90), Shape.of(66, 100)),
                x -> new Tensor[] {Tensors.matmul(x[0], x[1], false, false), Tensors.matmul(x[3], x[2], false, false)});
    }

    @Test
    void thinAndSmallProductsStayOwn() {
        besideTheProcessor(
                DType.F64,
                0,
                List.of(Shape.of(40, 50), Shape.of(50, 60), Shape.of(3000, 20), Shape.of(20, 70)),
                x -> new Tensor[] {Tensors.matmul(x[0], x[1], false, false), Tensors.matmul(x[2], x[3], false, false)});
    }

    @Test
    void everyShapeRunsOnceBeforeItIsCaptured() {
        besideTheProcessor(DType.F64, 2, List.of(Shape.of(130, 130)), x -> {
            Tensor y = Tensors.matmul(x[0], x[0], false, false);
            return new Tensor[] {Tensors.matmul(y, x[0], false, true)};
        });
        int rehearsal = driver.calls.indexOf(driver.calls.stream()
                .filter(c -> c.startsWith("rehearse"))
                .findFirst()
                .orElseThrow());
        assertTrue(rehearsal < driver.calls.indexOf("capture"), driver.calls.toString());
        assertEquals(2, count("rehearse"));
    }

    @Test
    void thePrecisionIsHandedOnAndToldOf() {
        for (Precision p : Precision.values()) {
            try (Device d = device(p)) {
                assertTrue(d.describe().contains("a library in " + p), d.describe());
                List<Shape> shapes = List.of(Shape.of(512, 512));
                run(d, DType.F32, shapes, x -> new Tensor[] {Tensors.matmul(x[0], x[0], false, false)});
                assertTrue(driver.calls.stream().anyMatch(c -> c.startsWith("record gemm") && c.contains(p.name())));
            }
            driver.closed = false;
        }
        try (Device d =
                Device.builder().backend("scalar").precision(Precision.BF16).build()) {
            assertFalse(d.describe().contains("BF16"));
        }
    }

    @Test
    void librariesAreLookedForFromTheNewestThatTheDriverRuns() {
        List<String> old = Cublas.candidates("Linux", 12040, k -> null);
        assertEquals("libcublas.so.12", old.get(0));
        assertTrue(old.stream().noneMatch(n -> n.contains("13")), old.toString());
        List<String> now = Cublas.candidates("Linux", 13000, k -> k.equals("CUDA_HOME") ? "/opt/cuda" : null);
        assertEquals(List.of("libcublas.so.13", "/opt/cuda/lib64/libcublas.so.13"), now.subList(0, 2));
        assertTrue(now.contains("libcublas.so.12"));
        List<String> windows = Cublas.candidates("Windows 11", 13010, k -> null);
        assertEquals(List.of("cublas64_13.dll", "cublas64_12.dll"), windows);
    }
}
