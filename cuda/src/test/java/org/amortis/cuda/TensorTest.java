package org.amortis.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
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
import org.junit.jupiter.params.provider.EnumSource;

/** Own products by tensor cores beside products of rounded factors in double. */
class TensorTest {
    private EmulatedDriver driver = new EmulatedDriver();

    @AfterEach
    void drivers() {
        EmulatedProvider.drivers = EmulatedDriver::new;
    }

    private static HostArray numbers(int seed, Shape s) {
        float[] x = new float[s.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(0.7 * i + seed);
        }
        return HostArray.wrap(x, s);
    }

    private Device device(EmulatedDriver on, Precision p) {
        driver = on;
        EmulatedProvider.drivers = () -> driver;
        return Device.builder().backend("emulated").threads(1).precision(p).build();
    }

    private List<float[]> run(EmulatedDriver on, Precision p, Function<Tensor[], List<Tensor>> f, Shape... shapes) {
        Tensor[] x = new Tensor[shapes.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = Tensors.input("x" + i, DType.F32, shapes[i].toArray());
        }
        List<Tensor> y = f.apply(x);
        List<float[]> r = new ArrayList<>();
        try (Device d = device(on, p)) {
            Runner run = Program.of(y.toArray(Tensor[]::new)).open(d);
            for (int i = 0; i < x.length; i++) {
                run.feed("x" + i, numbers(i, shapes[i]));
            }
            run.run();
            for (int i = 0; i < y.size(); i++) {
                r.add(run.output(i).floats());
            }
            run.close();
        }
        return r;
    }

    private boolean used(String kernel) {
        return Stream.concat(driver.calls.stream(), driver.loaded.stream()).anyMatch(c -> c.contains(kernel));
    }

    /** A number with 11 or 8 bits, to nearest; ties are away from zero in TF32, to even in BF16. */
    private static double rounded(double x, Precision p) {
        if (x == 0) {
            return x;
        }
        double ulp = Math.scalb(1.0, Math.getExponent(x) - (p == Precision.TF32 ? 10 : 7));
        return p == Precision.TF32
                ? Math.copySign(Math.floor(Math.abs(x) / ulp + 0.5), x) * ulp
                : Math.rint(x / ulp) * ulp;
    }

    /** One of a batch of products of rounded factors. */
    private static double[] product(Precision p, int q, int m, int k, int n, boolean ta, boolean tb, Shape a, Shape b) {
        float[] x = numbers(0, a).floats();
        float[] y = numbers(1, b).floats();
        double[] r = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int l = 0; l < k; l++) {
                    double u = x[q * m * k + (ta ? l * m + i : i * k + l)];
                    double v = y[q * k * n + (tb ? j * k + l : l * n + j)];
                    r[i * n + j] += rounded(u, p) * rounded(v, p);
                }
            }
        }
        return r;
    }

    private static void close(double[] exact, float[] got, int from, double bound, String what) {
        for (int i = 0; i < exact.length; i++) {
            assertEquals(exact[i], got[from + i], bound, what + " " + i);
        }
    }

    /**
     * All forms, alone and cut, with a row, with a chain behind, and with sums of columns, which are sums of floats. A wrong
     * place of an element is an error of the size of the numbers; factors cut off instead of rounded one of 1e-3 k^(1/2).
     */
    @ParameterizedTest
    @EnumSource(names = {"TF32", "BF16"})
    void smallProductsAreThoseOfRoundedFactors(Precision p) {
        int[][] sizes = {{1, 1, 1}, {5, 3, 2}, {17, 31, 33}, {33, 110, 5}, {7, 201, 34}, {40, 799, 37}, {64, 64, 64}};
        for (int[] s : sizes) {
            int m = s[0];
            int k = s[1];
            int n = s[2];
            for (boolean ta : new boolean[] {false, true}) {
                for (boolean tb : new boolean[] {false, true}) {
                    Shape sa = ta ? Shape.of(k, m) : Shape.of(m, k);
                    Shape sb = tb ? Shape.of(n, k) : Shape.of(k, n);
                    Shape[] shapes = {sa, sb, Shape.of(n), Shape.of(m, n)};
                    Function<Tensor[], List<Tensor>> f = x -> {
                        Tensor y = Tensors.matmul(x[0], x[1], ta, tb);
                        Tensor z = Tensors.matmul(x[0], x[1].mul(0.5), ta, tb).add(x[2]);
                        return List.of(y, z.mul(x[3]), z, x[1].sum(0));
                    };
                    List<float[]> plain = run(EmulatedDriver.withTensorCores(), p, f, shapes);
                    assertTrue(
                            used("record am_" + p.name().toLowerCase(java.util.Locale.ROOT)), driver.calls.toString());
                    List<float[]> clusters = run(EmulatedDriver.withClusters(), p, f, shapes);
                    String what = p + " " + m + " " + k + " " + n + " " + ta + " " + tb;
                    for (int i = 0; i < plain.size(); i++) {
                        assertArrayEquals(plain.get(i), clusters.get(i), what + " result " + i);
                    }
                    double[] exact = product(p, 0, m, k, n, ta, tb, sa, sb);
                    close(exact, plain.get(0), 0, 1e-6 * k, what);
                    float[] row = numbers(2, shapes[2]).floats();
                    float[] by = numbers(3, shapes[3]).floats();
                    for (int i = 0; i < exact.length; i++) {
                        // half of a factor rounds to half of what it rounds to
                        double z = 0.5 * exact[i] + row[i % n];
                        assertEquals(z, plain.get(2)[i], 1e-6 * (k + 1), what);
                        assertEquals(z * by[i], plain.get(1)[i], 1e-6 * (k + 2), what);
                    }
                    float[] b = numbers(1, sb).floats();
                    int columns = sb.dim(1);
                    for (int j = 0; j < columns; j++) {
                        double v = 0;
                        for (int l = j; l < b.length; l += columns) {
                            v += b[l];
                        }
                        assertEquals(v, plain.get(3)[j], 1e-6 * b.length / columns, what);
                    }
                }
            }
        }
    }

    /** Tiles of 128 x 128, in batches and added to what is there. */
    @ParameterizedTest
    @EnumSource(names = {"TF32", "BF16"})
    void largeProductsAreThoseOfRoundedFactors(Precision p) {
        int m = 130;
        int k = 67;
        int n = 132;
        int batch = 25;
        for (boolean ta : new boolean[] {false, true}) {
            for (boolean tb : new boolean[] {false, true}) {
                Shape sa = ta ? Shape.of(batch, k, m) : Shape.of(batch, m, k);
                Shape sb = tb ? Shape.of(batch, n, k) : Shape.of(batch, k, n);
                float[] got = run(
                                EmulatedDriver.withTensorCores(),
                                p,
                                x -> List.of(Tensors.matmul(x[0], x[1], ta, tb).add(x[2])),
                                sa,
                                sb,
                                Shape.of(n))
                        .get(0);
                assertTrue(used("_large_"), driver.calls.toString());
                float[] row = numbers(2, Shape.of(n)).floats();
                for (int q : new int[] {0, 1, batch - 1}) {
                    double[] exact = product(p, q, m, k, n, ta, tb, sa, sb);
                    for (int i = 0; i < exact.length; i++) {
                        exact[i] += row[i % n];
                    }
                    close(exact, got, q * m * n, 1e-6 * k, ta + " " + tb + " " + q);
                }
            }
        }
    }

    /** Gradients of weights with sums of columns share a launch, and heads do. */
    @ParameterizedTest
    @EnumSource(names = {"TF32", "BF16"})
    void productsOfOneFormShareALaunch(Precision p) {
        Function<Tensor[], List<Tensor>> f = x -> List.of(
                Tensors.matmul(x[0], x[1], true, false),
                x[1].sum(0),
                Tensors.matmul(x[0], x[2], true, false),
                x[2].sum(0));
        Shape[] shapes = {Shape.of(210, 33), Shape.of(210, 6), Shape.of(210, 3)};
        List<float[]> got = run(EmulatedDriver.withClusters(), p, f, shapes);
        assertEquals(
                1, driver.calls.stream().filter(c -> c.startsWith("record")).count(), driver.calls.toString());
        close(product(p, 0, 33, 210, 6, true, false, shapes[0], shapes[1]), got.get(0), 0, 2e-4, "dw");
    }

    @Test
    void cardsBelowEightComputeInFloats() {
        Shape s = Shape.of(40, 70);
        Function<Tensor[], List<Tensor>> f = x -> List.of(Tensors.matmul(x[0], x[1], false, true));
        float[] floats = run(new EmulatedDriver(), Precision.FP32, f, s, s).get(0);
        assertArrayEquals(
                floats, run(new EmulatedDriver(), Precision.TF32, f, s, s).get(0));
        assertFalse(used("tf32"));
        assertArrayEquals(
                floats,
                run(EmulatedDriver.withTensorCores(), Precision.FP32, f, s, s).get(0));
        try (Device d = device(new EmulatedDriver(), Precision.TF32)) {
            assertTrue(d.describe().contains("own kernels in FP32"), d.describe());
        }
        try (Device d = device(EmulatedDriver.withTensorCores(), Precision.BF16)) {
            assertTrue(d.describe().contains("own kernels in BF16"), d.describe());
        }
    }
}
