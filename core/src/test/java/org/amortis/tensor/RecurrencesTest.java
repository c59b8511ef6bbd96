package org.amortis.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Linear recurrences and associative scans against loops of one step a turn. */
final class RecurrencesTest {
    private final ScanFixtures f = new ScanFixtures();

    @ParameterizedTest
    @CsvSource({"1,false", "2,true", "7,false", "7,true"})
    void linearRecurrenceIsALoopToSecondOrder(int n, boolean reverse) {
        Tensor a = f.input("a", n, 3);
        Tensor b = f.input("b", n, 3);
        Tensor h = f.input("h", 3);
        Scan loop = Scan.of(n).carry(h).sequences(a, b);
        if (reverse) {
            loop.reverse();
        }
        Tensor expected = loop.body((t, c, x) -> {
                    Tensor y = x.get(0).mul(c.get(0)).add(x.get(1));
                    return Scan.Step.of(y).output(y);
                })
                .output(0);
        Tensor actual = reverse ? Recurrences.reverseLinear(a, b, h, 0) : Recurrences.linear(a, b, h, 0);
        f.assertSameToSecondOrder(
                ScanFixtures.mix(List.of(expected)), ScanFixtures.mix(List.of(actual)), List.of(a, b, h));
        Tensor zero = Tensors.zeros(DType.F64, h.shape());
        Tensor open = reverse ? Recurrences.reverseLinear(a, b, 0) : Recurrences.linear(a, b, 0);
        Tensor closed = reverse ? Recurrences.reverseLinear(a, b, zero, 0) : Recurrences.linear(a, b, zero, 0);
        f.assertSameToSecondOrder(ScanFixtures.mix(List.of(closed)), ScanFixtures.mix(List.of(open)), List.of(a, b));
    }

    @Test
    void geometricSums() {
        Tensor half = f.constant(0.5);
        Tensor ones = f.constant(1, 1, 1, 1);
        assertArrayEquals(new double[] {1, 1.5, 1.75, 1.875}, f.eval(Recurrences.linear(half, ones, 0)), 0);
        assertArrayEquals(new double[] {1.875, 1.75, 1.5, 1}, f.eval(Recurrences.reverseLinear(half, ones, -1)), 0);
        Tensor two = ones.mul(2);
        Tensor start = two.at(0, 0);
        assertArrayEquals(new double[] {2, 2, 2, 2}, f.eval(Recurrences.linear(half, ones, start, 0)), 0);
        // what has no element before it is not multiplied
        Tensor infinite = f.constant(Double.POSITIVE_INFINITY, 2);
        assertArrayEquals(new double[] {3, 10}, f.eval(Recurrences.linear(infinite, f.constant(3, 4), 0)), 0);
    }

    @Test
    void badOperands() {
        Tensor a = f.input("a", 4, 3);
        assertThrows(ShapeException.class, () -> Recurrences.linear(a, f.input("b", 2, 3), 0));
        assertThrows(ShapeException.class, () -> Recurrences.linear(a, a, 2));
        assertThrows(ShapeException.class, () -> Recurrences.linear(a, a, f.input("h", 4), 0));
        assertThrows(DTypeException.class, () -> Recurrences.linear(a, a.cast(DType.F32), 0));
        assertThrows(PlanException.class, () -> Scan.associative((x, y) -> x, List.of()));
        assertThrows(ShapeException.class, () -> Scan.associative((x, y) -> x, List.of(a, f.input("c", 3))));
        assertThrows(PlanException.class, () -> Scan.associative((x, y) -> List.of(), List.of(a)));
        assertThrows(
                ShapeException.class,
                () -> Scan.associative((x, y) -> List.of(x.get(0).sum(0)), List.of(a)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 8, 17})
    void runningProductsOfMatrices(int n) {
        Tensor x = f.input("x", n, 2, 2);
        Tensor identity = LinearAlgebra.eye(DType.F64, 2);
        for (boolean reverse : new boolean[] {false, true}) {
            Scan loop = Scan.of(n).carry(identity).sequences(x);
            if (reverse) {
                loop.reverse();
            }
            Tensor expected = loop.body((t, c, s) -> {
                        Tensor y = c.get(0).matmul(s.get(0));
                        return Scan.Step.of(y).output(y);
                    })
                    .output(0);
            Scan.Combination product = (a, b) -> List.of(a.get(0).matmul(b.get(0)));
            Tensor actual = (reverse
                            ? Scan.reverseAssociative(product, List.of(x))
                            : Scan.associative(product, List.of(x)))
                    .get(0);
            f.assertSame(expected, actual);
            f.assertSameToSecondOrder(
                    ScanFixtures.mix(List.of(expected)), ScanFixtures.mix(List.of(actual)), List.of(x));
        }
    }

    @Test
    void formulasGrowLikeTheLogarithm() {
        Scan.Combination sum = (a, b) -> List.of(a.get(0).add(b.get(0)));
        int[] size = new int[3];
        for (int i = 0; i < 3; i++) {
            size[i] = ScanFixtures.size(Scan.associative(sum, List.of(f.input("x" + i, 16 << (4 * i)))));
        }
        assertEquals(size[1] - size[0], size[2] - size[1]);
    }

    /** Särkkä and García-Fernández 2021, equations 10 to 13, for two states and one observation, by a filter step by step. */
    @Test
    void kalmanFilter() {
        int n = 13;
        double[][] transition = {{0.9, 0.3}, {-0.2, 0.8}};
        double[][] noise = {{0.5, 0.1}, {0.1, 0.3}};
        double[] seen = {1, 0.5};
        double error = 0.7;
        double[] y = new double[n];
        for (int t = 0; t < n; t++) {
            y[t] = Math.sin(t) + 0.1 * t;
        }
        // step by step
        double[] mean = {0, 0};
        double[][] cov = noise;
        double[] means = new double[2 * n];
        for (int t = 0; t < n; t++) {
            if (t > 0) {
                mean = times(transition, mean);
                cov = sum(times(times(transition, cov), transposed(transition)), noise);
            }
            double[] ph = times(cov, seen);
            double s = ph[0] * seen[0] + ph[1] * seen[1] + error;
            double e = y[t] - seen[0] * mean[0] - seen[1] * mean[1];
            mean = new double[] {mean[0] + ph[0] * e / s, mean[1] + ph[1] * e / s};
            double[][] next = new double[2][2];
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 2; j++) {
                    next[i][j] = cov[i][j] - ph[i] * ph[j] / s;
                }
            }
            cov = next;
            means[2 * t] = mean[0];
            means[2 * t + 1] = mean[1];
        }
        // as a scan
        double[] qh = times(noise, seen);
        double s = qh[0] * seen[0] + qh[1] * seen[1] + error;
        double[] gain = {qh[0] / s, qh[1] / s};
        double[] fh = times(transposed(transition), seen);
        double[] a = new double[4 * n];
        double[] b = new double[2 * n];
        double[] c = new double[4 * n];
        double[] eta = new double[2 * n];
        double[] j = new double[4 * n];
        for (int t = 0; t < n; t++) {
            for (int i = 0; i < 2; i++) {
                b[2 * t + i] = gain[i] * y[t];
                eta[2 * t + i] = fh[i] * y[t] / s;
                for (int k = 0; k < 2; k++) {
                    a[4 * t + 2 * i + k] = t == 0 ? 0 : transition[i][k] - gain[i] * fh[k];
                    c[4 * t + 2 * i + k] = noise[i][k] - gain[i] * qh[k];
                    j[4 * t + 2 * i + k] = fh[i] * fh[k] / s;
                }
            }
        }
        List<Tensor> elements = new ArrayList<>();
        elements.add(f.constant(a).reshape(n, 2, 2));
        elements.add(f.constant(b).reshape(n, 2, 1));
        elements.add(f.constant(c).reshape(n, 2, 2));
        elements.add(f.constant(eta).reshape(n, 2, 1));
        elements.add(f.constant(j).reshape(n, 2, 2));
        Tensor filtered = Scan.associative(RecurrencesTest::condition, elements).get(1);
        assertArrayEquals(means, f.eval(filtered), 1e-12);
        assertEquals(elements.get(1).type(), filtered.type());
    }

    private static List<Tensor> condition(List<Tensor> x, List<Tensor> y) {
        Tensor eye = LinearAlgebra.eye(DType.F64, 2);
        Tensor left = y.get(0).matmul(inverse(eye.add(x.get(2).matmul(y.get(4)))));
        Tensor right =
                x.get(0).transpose(0, 2, 1).matmul(inverse(eye.add(y.get(4).matmul(x.get(2)))));
        return List.of(
                left.matmul(x.get(0)),
                left.matmul(x.get(1).add(x.get(2).matmul(y.get(3)))).add(y.get(1)),
                left.matmul(x.get(2)).matmul(y.get(0).transpose(0, 2, 1)).add(y.get(2)),
                right.matmul(y.get(3).sub(y.get(4).matmul(x.get(1)))).add(x.get(3)),
                right.matmul(y.get(4)).matmul(x.get(0)).add(x.get(4)));
    }

    /** Of matrices of two rows. */
    private static Tensor inverse(Tensor m) {
        Tensor a = m.slice(1, 0, 1).slice(2, 0, 1);
        Tensor b = m.slice(1, 0, 1).slice(2, 1, 2);
        Tensor c = m.slice(1, 1, 2).slice(2, 0, 1);
        Tensor d = m.slice(1, 1, 2).slice(2, 1, 2);
        Tensor top = Tensors.concat(2, d, b.neg());
        Tensor bottom = Tensors.concat(2, c.neg(), a);
        return Tensors.concat(1, top, bottom).div(a.mul(d).sub(b.mul(c)));
    }

    private static double[] times(double[][] m, double[] v) {
        return new double[] {m[0][0] * v[0] + m[0][1] * v[1], m[1][0] * v[0] + m[1][1] * v[1]};
    }

    private static double[][] times(double[][] m, double[][] k) {
        return transposed(new double[][] {times(m, transposed(k)[0]), times(m, transposed(k)[1])});
    }

    private static double[][] transposed(double[][] m) {
        return new double[][] {{m[0][0], m[1][0]}, {m[0][1], m[1][1]}};
    }

    private static double[][] sum(double[][] m, double[][] k) {
        return new double[][] {{m[0][0] + k[0][0], m[0][1] + k[0][1]}, {m[1][0] + k[1][0], m[1][1] + k[1][1]}};
    }
}
