package org.amortis.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
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

/** Products whose K is cut and products that share a launch: right, and with the same bits with clusters and without. */
class ProductsTest {
    private EmulatedDriver driver = new EmulatedDriver();

    @AfterEach
    void drivers() {
        EmulatedProvider.drivers = EmulatedDriver::new;
    }

    private interface Formula {
        List<Tensor> of(Tensor[] x);
    }

    private static HostArray numbers(int seed, Shape s) {
        float[] x = new float[s.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(0.7 * i + seed);
        }
        return HostArray.wrap(x, s);
    }

    private List<float[]> run(EmulatedDriver on, Formula f, Shape... shapes) {
        driver = on;
        EmulatedProvider.drivers = () -> driver;
        Tensor[] x = new Tensor[shapes.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = Tensors.input("x" + i, DType.F32, shapes[i].toArray());
        }
        List<float[]> r = new ArrayList<>();
        try (Device d = Device.builder().backend("emulated").threads(1).build()) {
            Runner p = Program.of(f.of(x).toArray(Tensor[]::new)).open(d);
            for (int i = 0; i < x.length; i++) {
                p.feed("x" + i, numbers(i, shapes[i]));
            }
            p.run();
            for (int i = 0; i < f.of(x).size(); i++) {
                r.add(p.output(i).floats());
            }
            p.close();
        }
        return r;
    }

    private static float[] product(Shape sa, boolean ta, Shape sb, boolean tb) {
        float[] a = numbers(0, sa).floats();
        float[] b = numbers(1, sb).floats();
        int m = sa.dim(ta ? 1 : 0);
        int k = sa.dim(ta ? 0 : 1);
        int n = sb.dim(tb ? 0 : 1);
        float[] r = new float[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double v = 0;
                for (int l = 0; l < k; l++) {
                    v += (double) a[ta ? l * m + i : i * k + l] * b[tb ? j * k + l : l * n + j];
                }
                r[i * n + j] = (float) v;
            }
        }
        return r;
    }

    /** K of 110, 201 and 799 is cut in 2, 4 and 8 where there are few tiles. */
    @ParameterizedTest
    @CsvSource({"33, 110, 5", "7, 201, 34", "40, 799, 37", "1, 400, 1", "64, 128, 32"})
    void cutProductsHaveTheSameBitsWithClusters(int m, int k, int n) {
        for (boolean ta : new boolean[] {false, true}) {
            for (boolean tb : new boolean[] {false, true}) {
                Shape sa = ta ? Shape.of(k, m) : Shape.of(m, k);
                Shape sb = tb ? Shape.of(n, k) : Shape.of(k, n);
                Formula f = x -> {
                    Tensor y = Tensors.matmul(x[0], x[1], ta, tb);
                    Tensor z = y.add(x[2]);
                    return List.of(y, z.tanh().mul(x[3]), x[1].sum(0));
                };
                Shape[] shapes = {sa, sb, Shape.of(n), Shape.of(m, n)};
                List<float[]> plain = run(new EmulatedDriver(), f, shapes);
                List<float[]> clusters = run(EmulatedDriver.withClusters(), f, shapes);
                boolean used = driver.calls.stream().anyMatch(c -> c.contains("cluster"))
                        || driver.loaded.stream().anyMatch(t -> t.contains(".reqnctapercluster"));
                assertTrue(used || ta && tb, driver.calls.toString());
                float[] exact = product(sa, ta, sb, tb);
                for (int i = 0; i < plain.size(); i++) {
                    assertArrayEquals(plain.get(i), clusters.get(i), "result " + i);
                }
                for (int i = 0; i < exact.length; i++) {
                    assertEquals(exact[i], plain.get(0)[i], 1e-6 * k, ta + " " + tb + " " + i);
                }
            }
        }
    }

    /** A row that belongs to the product, with and without a second product of the form: the row stays what it was. */
    @ParameterizedTest
    @CsvSource({"33, 110, 5", "7, 201, 34", "20, 30, 6"})
    void rowsOfProducts(int m, int k, int n) {
        for (boolean ta : new boolean[] {false, true}) {
            for (boolean tb : new boolean[] {false, true}) {
                Shape sa = ta ? Shape.of(k, m) : Shape.of(m, k);
                Shape sb = tb ? Shape.of(n, k) : Shape.of(k, n);
                Formula one = x -> List.of(Tensors.matmul(x[0], x[1], ta, tb).add(x[2]), x[2].mul(1));
                Formula two = x -> List.of(
                        Tensors.matmul(x[0], x[1], ta, tb).add(x[2]),
                        Tensors.matmul(x[0], x[1].mul(2), ta, tb),
                        x[2].mul(1));
                for (Formula f : List.of(one, two)) {
                    Shape[] shapes = {sa, sb, Shape.of(n)};
                    List<float[]> plain = run(new EmulatedDriver(), f, shapes);
                    List<float[]> clusters = run(EmulatedDriver.withClusters(), f, shapes);
                    float[] exact = product(sa, ta, sb, tb);
                    float[] row = numbers(2, shapes[2]).floats();
                    assertArrayEquals(row, plain.getLast());
                    assertArrayEquals(row, clusters.getLast());
                    for (int i = 0; i < exact.length; i++) {
                        double v = exact[i] + row[i % n];
                        assertEquals(v, plain.get(0)[i], 1e-6 * (k + 1), ta + " " + tb + " " + i);
                        assertEquals(v, clusters.get(0)[i], 1e-6 * (k + 1), ta + " " + tb + " " + i);
                    }
                }
            }
        }
    }

    /** Gradients of weights with sums of columns beside them: one launch, cut or not. */
    @ParameterizedTest
    @CsvSource({"130, 9, 35", "210, 33, 6", "64, 40, 12"})
    void gradientsOfWeightsAreOneLaunch(int rows, int in, int out) {
        Formula f = x -> List.of(
                Tensors.matmul(x[0], x[1], true, false),
                x[1].sum(0),
                Tensors.matmul(x[0], x[2], true, false),
                Tensors.matmul(x[1], x[2], true, false),
                x[2].sum(0));
        Shape[] shapes = {Shape.of(rows, in), Shape.of(rows, out), Shape.of(rows, 3)};
        List<float[]> plain = run(new EmulatedDriver(), f, shapes);
        List<float[]> clusters = run(EmulatedDriver.withClusters(), f, shapes);
        assertEquals(
                1, driver.calls.stream().filter(c -> c.startsWith("record")).count(), driver.calls.toString());
        for (int i = 0; i < plain.size(); i++) {
            assertArrayEquals(plain.get(i), clusters.get(i), "result " + i);
        }
        float[] dy = numbers(1, shapes[1]).floats();
        for (int j = 0; j < out; j++) {
            double v = 0;
            for (int i = 0; i < rows; i++) {
                v += dy[i * out + j];
            }
            assertEquals(v, plain.get(1)[j], 1e-5 * rows);
        }
        float[] dw = product(shapes[0], true, shapes[1], false);
        for (int i = 0; i < dw.length; i++) {
            assertEquals(dw[i], plain.get(0)[i], 1e-6 * rows);
        }
    }

    /** Heads that read the same: one launch with a row for each. */
    @Test
    void headsAreOneLaunch() {
        Formula f = x -> List.of(
                Tensors.matmul(x[0], x[1], false, false).add(x[3]),
                Tensors.matmul(x[0], x[2], false, false).add(x[4]));
        Shape[] shapes = {Shape.of(20, 120), Shape.of(120, 5), Shape.of(120, 40), Shape.of(5), Shape.of(40)};
        List<float[]> plain = run(new EmulatedDriver(), f, shapes);
        List<float[]> clusters = run(EmulatedDriver.withClusters(), f, shapes);
        assertEquals(
                1, driver.calls.stream().filter(c -> c.startsWith("record")).count(), driver.calls.toString());
        assertArrayEquals(plain.get(0), clusters.get(0));
        assertArrayEquals(plain.get(1), clusters.get(1));
        float[] exact = product(shapes[0], false, shapes[1], false);
        float[] bias = numbers(3, shapes[3]).floats();
        for (int i = 0; i < exact.length; i++) {
            assertEquals(exact[i] + bias[i % 5], plain.get(0)[i], 1e-4);
        }
    }
}
