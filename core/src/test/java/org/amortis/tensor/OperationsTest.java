package org.amortis.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.grad.Gradients;
import org.junit.jupiter.api.Test;

/**
 * Operations against closed forms. Gold numbers of convolutions and factorisations come from numpy 1.26 and scipy 1.11
 * (einsum over patches, linalg.cholesky, solve_triangular).
 */
class OperationsTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    private static Tensor vector(double... v) {
        return Tensors.constant(HostArray.of(v));
    }

    private static Tensor matrix(int rows, double... v) {
        return vector(v).reshape(rows, -1);
    }

    private static Tensor ints(int... v) {
        return Tensors.constant(HostArray.wrap(v, Shape.of(v.length)));
    }

    private static double[] numbers(Tensor t) {
        return Graphs.evaluate(List.of(t), leaf -> {
                    throw new AssertionError(leaf);
                })
                .get(0)
                .toHost()
                .toDoubles();
    }

    private static double number(Tensor t) {
        return numbers(t)[0];
    }

    @Test
    void logsumexpAtInfinity() {
        assertArrayEquals(
                new double[] {-INF, INF, 0},
                numbers(matrix(3, -INF, -INF, 1, INF, -INF, 0).logsumexp(1)));
        Tensor y = matrix(2, -INF, -INF, -INF, 1, -INF, 1);
        assertArrayEquals(
                new double[] {0, 0, 0, 0.5, 0, 0.5},
                numbers(Gradients.of(y.logsumexp(1).maximum(-1e300).sum(), y)),
                1e-15);
        assertEquals(1000 + Math.log(2), number(vector(1000, 1000).logsumexp()), 1e-12);
        assertEquals(-1000 + Math.log(3), number(vector(-1000, -1000, -1000).logsumexp(0)), 1e-12);
        assertEquals(NAN, number(vector(1, NAN).logsumexp()));
    }

    @Test
    void toThePowerOfZeroIsOneEverywhereWithoutSlope() {
        Tensor x = vector(0, 2, -3, INF, 0);
        Tensor e = vector(0, 0, 0, 0, 2);
        for (Tensor y : List.of(x.pow(e), x.slice(0, 0, 4).pow(0))) {
            assertArrayEquals(new double[] {1, 1, 1, 1, 0}, java.util.Arrays.copyOf(numbers(y), 5));
            assertArrayEquals(new double[5], numbers(Gradients.of(y.sum(), x)));
        }
        assertArrayEquals(
                new double[] {1, 1, 1, 1, 0},
                org.amortis.runtime.Run.eval(x.pow(e)).toDoubles());
    }

    @Test
    void numbersTakeTheTypeTheyStandBeside() {
        Tensor i = ints(0, 1, 2);
        assertArrayEquals(new double[] {0, 3, 6}, numbers(i.mul(3)));
        for (Runnable r : List.<Runnable>of(
                () -> i.mul(0.5), () -> i.lt(0.5), () -> i.add(3e9), () -> i.maximum(NAN), () -> i.mean())) {
            assertThrows(DTypeException.class, r::run);
        }
        // 0.1f is above 0.1, and equal to it as F32
        Tensor x = Tensors.constant(HostArray.of(0.1f));
        assertArrayEquals(new double[] {1}, numbers(x.le(0.1)));
        assertArrayEquals(
                new double[] {1}, org.amortis.runtime.Run.eval(x.le(0.1)).toDoubles());
        // negating the smallest int wraps, whether folded or not
        Tensor least = Tensors.fill(Integer.MIN_VALUE, DType.I32, Shape.of(1));
        assertEquals(
                Integer.MIN_VALUE, org.amortis.runtime.Run.eval(least.neg()).get(0));
    }

    @Test
    void softmaxIsShiftedAndMasked() {
        assertArrayEquals(
                new double[] {0.5, 0, 0.5}, numbers(vector(1e4, -INF, 1e4).softmax(0)), 0);
        double[] p = numbers(vector(1, 2, 3).softmax(0));
        double[] l = numbers(vector(1, 2, 3).logSoftmax(0));
        for (int i = 0; i < 3; i++) {
            assertEquals(Math.exp(i) / (1 + Math.E + Math.E * Math.E), p[i], 1e-15);
            assertEquals(Math.log(p[i]), l[i], 1e-15);
        }
    }

    @Test
    void productsWithZerosAreExactInTheGradient() {
        Tensor one = vector(2, 0, 5, -1);
        assertArrayEquals(new double[] {0, -10, 0, 0}, numbers(Gradients.of(one.prod(), one)), 0);
        Tensor two = vector(2, 0, 0, -1);
        assertArrayEquals(new double[4], numbers(Gradients.of(two.prod(), two)), 0);
        assertArrayEquals(new double[] {2, 0, 0, 0}, numbers(Indexing.cumprod(one, 0)), 0);
        // d/dx_1 of 2 + 2 x1 + 2 x1 5 + 2 x1 5 (-1) at x1 = 0
        assertEquals(2, numbers(Gradients.of(Indexing.cumprod(one, 0).sum(), one))[1]);
        // mixed second derivative of the product of the two zeros' neighbours: d^2/dx1 dx2 = 2 * -1
        Tensor g = Gradients.of(two.prod(), two).at(0, 1);
        assertEquals(-2, numbers(Gradients.of(g, two))[2]);
    }

    @Test
    void sortIsStableWithNanLast() {
        Tensor x = vector(3, NAN, -0.0, 0.0, -INF, 3, INF);
        Sorting.Sorted s = Sorting.sortWithIndices(x, 0);
        assertArrayEquals(new double[] {-INF, -0.0, 0.0, 3, 3, INF, NAN}, numbers(s.values()));
        assertArrayEquals(new double[] {4, 2, 3, 0, 5, 6, 1}, numbers(s.indices()));
        Tensor y = matrix(3, 3, 1, 1, 2, 2, 3);
        assertArrayEquals(new double[] {1, 1, 2, 2, 3, 3}, numbers(Sorting.sort(y, 0)));
        assertArrayEquals(new double[] {1, 0, 2, 1, 0, 2}, numbers(Sorting.argsort(y, 0)));
        Tensor weights = matrix(3, 1, 2, 3, 4, 5, 6);
        double[] g = numbers(Gradients.of(Sorting.sort(y, 0).mul(weights).sum(), y));
        assertArrayEquals(new double[] {5, 2, 1, 4, 3, 6}, g);
    }

    @Test
    void convolutionsAgreeWithNumpy() {
        Tensor x = Tensors.iota(Shape.of(120), 0).cast(DType.F64).sin().reshape(2, 2, 5, 6);
        Tensor w = Tensors.iota(Shape.of(36), 0).cast(DType.F64).cos().reshape(3, 2, 2, 3);
        double[][] gold = {
            {1, 0, 1, 2.2418273373959594, 7.872801814177297, -0.21515283821722986},
            {2, 1, 1, 0.25803926699633045, 46.228730947296064, 0.3382132990853446},
            {1, 2, 2, -2.1670634844226004, 171.6459358919302, 0.23170732382488662},
        };
        for (double[] g : gold) {
            Tensor y = Convolutions.conv2d(x, w, (int) g[0], (int) g[1], (int) g[2]);
            assertEquals(g[3], number(y.sum()), 1e-12);
            assertEquals(g[4], number(y.square().sum()), 1e-11);
            assertEquals(g[5], numbers(y)[7], 1e-13);
        }
    }

    /** The transposed convolution is the adjoint: <conv(x), y> = <x, convT(y)>. */
    @Test
    void transposedConvolutionIsTheAdjoint() {
        Tensor x =
                Tensors.iota(Shape.of(2 * 3 * 6 * 8), 0).cast(DType.F64).sin().reshape(2, 3, 6, 8);
        Tensor w =
                Tensors.iota(Shape.of(4 * 3 * 3 * 3), 0).cast(DType.F64).cos().reshape(4, 3, 3, 3);
        Tensor z = Convolutions.conv2d(x, w, 2, 1, 1);
        Tensor y = z.sin();
        Tensor back = Convolutions.convTranspose2d(y, w, 2, 1, 1, 1);
        assertEquals(x.shape(), back.shape());
        assertEquals(number(z.mul(y).sum()), number(x.mul(back).sum()), 1e-10);
    }

    @Test
    void factorisationsAgreeWithScipy() {
        Tensor a = matrix(3, 4, 1, 0.5, 1, 3, -0.25, 0.5, -0.25, 2);
        Tensor l = LinearAlgebra.cholesky(a);
        double[] gold = {2, 0, 0, 0.5, 1.6583123951777, 0, 0.25, -0.22613350843332272, 1.3734495390671027};
        assertArrayEquals(gold, numbers(l), 1e-15);
        assertEquals(3.0325462466767075, 2 * number(LinearAlgebra.logdetTriangular(l)), 1e-14);
        Tensor b = matrix(3, 1, 2, 3);
        assertArrayEquals(
                new double[] {0.5, 1.0552897060221726, 2.267019118701121},
                numbers(LinearAlgebra.triangularSolve(l, b)),
                1e-15);
        assertArrayEquals(
                new double[] {-0.14901062554654854, 1.5039019048557272, 2.184281194660934},
                numbers(LinearAlgebra.triangularSolve(l, b, true, true, false)),
                1e-15);
        assertArrayEquals(new double[] {1, 2, 3}, numbers(a.matmul(LinearAlgebra.choleskySolve(l, b))), 1e-14);
        // d log det A / dA = A^-1; of a symmetric matrix read below the diagonal each pair counts twice there
        double[] g = numbers(Gradients.of(LinearAlgebra.logdetTriangular(l).mul(2), a));
        double[] inverse = numbers(LinearAlgebra.choleskySolve(l, LinearAlgebra.eye(DType.F64, 3)));
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double expected = (i == j ? 1 : i > j ? 2 : 0) * inverse[3 * i + j];
                assertEquals(expected, g[3 * i + j], 1e-14);
            }
        }
    }

    @Test
    void onlyTheNamedTriangleIsRead() {
        Tensor clean = matrix(2, 2, 0, 1, 3);
        Tensor dirty = matrix(2, 2, NAN, 1, 3);
        Tensor b = matrix(2, 1, 2);
        assertArrayEquals(
                numbers(LinearAlgebra.triangularSolve(clean, b)), numbers(LinearAlgebra.triangularSolve(dirty, b)));
        assertArrayEquals(
                numbers(LinearAlgebra.cholesky(matrix(2, 4, 0, 2, 9))),
                numbers(LinearAlgebra.cholesky(matrix(2, 4, NAN, 2, 9))));
        assertArrayEquals(new double[] {2, 0, 0, 3}, numbers(LinearAlgebra.diagonalMatrix(vector(2, 3))));
        double[] bad = numbers(LinearAlgebra.cholesky(matrix(2, 1, 2, 2, 1)));
        assertArrayEquals(new double[] {1, 0, 2, NAN}, bad);
    }

    @Test
    void masksAndTriangles() {
        Tensor a = matrix(2, 1, 2, 3, 4, 5, 6);
        assertArrayEquals(new double[] {1, 0, 0, 4, 5, 0}, numbers(LinearAlgebra.tril(a)));
        assertArrayEquals(new double[] {0, 2, 3, 0, 0, 6}, numbers(LinearAlgebra.triu(a, 1)));
        assertArrayEquals(new double[] {1, 2, 0, 4, 5, 6}, numbers(LinearAlgebra.tril(a, 1)));
        assertArrayEquals(
                new double[] {1, 4, 6}, numbers(LinearAlgebra.diagonal(matrix(3, 1, 2, 3, 9, 4, 5, 9, 9, 6))));
        assertArrayEquals(new double[] {3, 4, 6, 8}, numbers(LinearAlgebra.outer(vector(1, 2), vector(3, 4))));
    }

    @Test
    void elementsByIndex() {
        Tensor x = matrix(2, 1, 2, 3, 4, 5, 6);
        Tensor i = ints(2, 0, 1, 1).reshape(2, 2);
        assertArrayEquals(new double[] {3, 1, 5, 5}, numbers(Indexing.takeAlongAxis(x, i, 1)));
        Tensor j = ints(2, 0, 0, 1, 1, 1).reshape(2, 3);
        assertArrayEquals(new double[] {5, 0, 1, 0, 15, 0}, numbers(Indexing.addAlongAxis(x, j, 1, 3)));
        assertArrayEquals(new double[] {0, 0, 1, 0, 0, 0}, numbers(Indexing.oneHot(ints(2, 7), 3, DType.F32)));
        assertThrows(ShapeException.class, () -> numbers(Indexing.takeAlongAxis(x, i.add(2), 1)));
        assertThrows(ShapeException.class, () -> Indexing.takeAlongAxis(x, ints(1), 1));
        assertThrows(DTypeException.class, () -> Indexing.takeAlongAxis(x, x, 1));
        assertArrayEquals(new double[] {1, 3, 6, 4, 9, 15}, numbers(x.cumsum(1)));
        assertArrayEquals(new double[] {5, 7, 9, 4, 5, 6}, numbers(Indexing.reverseCumsum(x, 0)));
    }

    @Test
    void tilesAndPads() {
        Tensor x = matrix(2, 1, 2, 3, 4);
        assertArrayEquals(new double[] {1, 2, 1, 2, 3, 4, 3, 4}, numbers(Tensors.tile(x, 1, 2)));
        assertArrayEquals(new double[] {1, 2, 3, 4, 1, 2, 3, 4}, numbers(Tensors.tile(x, 2, 1)));
        assertArrayEquals(new double[] {-INF, 1, 2, -INF, 3, 4}, numbers(Tensors.pad(x, 1, 1, 0, -INF)));
        assertArrayEquals(new double[] {1, 2, 3, 4, 0, 0}, numbers(Tensors.pad(x, 0, 0, 1, 0)));
        assertThrows(ShapeException.class, () -> Tensors.pad(x, 0, -1, 0, 1));
        assertThrows(ShapeException.class, () -> Tensors.tile(x, 2));
    }

    /** Rows of a layer norm have mean 0 and variance v / (v + epsilon). */
    @Test
    void layerNormHasItsMoments() {
        Tensor x = matrix(2, 1, 2, 3, 6, -1, 0, 5, 100);
        Tensor y = Composites.layerNorm(x, 0.5);
        assertArrayEquals(new double[2], numbers(y.mean(1)), 1e-15);
        double[] v = numbers(Reductions.variance(x, 1));
        double[] w = numbers(Reductions.variance(y, 1));
        for (int i = 0; i < 2; i++) {
            assertEquals(v[i] / (v[i] + 0.5), w[i], 1e-14);
        }
        assertEquals(3.5, v[0], 0);
    }

    @Test
    void gruCellByHand() {
        double r = 1 / (1 + Math.exp(-0.3));
        double z = 1 / (1 + Math.exp(-0.7));
        double n = Math.tanh(0.5 + r * -0.4);
        Tensor y = Composites.gruCell(vector(0.1, 0.3, 0.5), vector(0.2, 0.4, -0.4), vector(0.9));
        assertEquals((1 - z) * n + z * 0.9, number(y), 1e-15);
    }

    @Test
    void gaussianDensityByHand() {
        double e = (0.3 - 1) / Math.exp(0.2);
        double expected = -0.5 * e * e - 0.2 - 0.5 * Math.log(2 * Math.PI);
        assertEquals(expected, number(Composites.gaussianLogDensity(vector(0.3), vector(1), vector(0.2))), 1e-15);
    }

    @Test
    void maskedMeans() {
        Tensor x = matrix(2, 1, 2, 3, 4, 5, 6);
        Tensor mask = matrix(2, 1, 0, 1, 0, 0, 0).cast(DType.BOOL);
        assertArrayEquals(new double[] {2, 0}, numbers(Reductions.maskedMean(x, mask, 1)));
        assertArrayEquals(new double[] {2, 0}, numbers(Reductions.count(mask, 1)));
    }

    @Test
    void badOperandsAreNamed() {
        Tensor x = matrix(2, 1, 2, 3, 4, 5, 6);
        assertMessage("square matrices", () -> LinearAlgebra.cholesky(x));
        assertMessage("needs 3 rows", () -> LinearAlgebra.triangularSolve(LinearAlgebra.eye(DType.F64, 3), x));
        assertMessage("rank 4", () -> Convolutions.conv2d(x, x, 1, 0, 1));
        Tensor image = Tensors.zeros(DType.F64, Shape.of(1, 2, 3, 3));
        assertMessage(
                "channels differ 2 != 3",
                () -> Convolutions.conv2d(image, Tensors.zeros(DType.F64, Shape.of(1, 3, 2, 2)), 1, 0, 1));
        assertMessage(
                "does not fit",
                () -> Convolutions.conv2d(image, Tensors.zeros(DType.F64, Shape.of(1, 2, 5, 5)), 1, 0, 1));
        assertMessage("is empty", () -> Tensors.zeros(DType.F64, Shape.of(2, 0)).softmax(1));
        assertMessage("[.., 3 H]", () -> Composites.gruCell(x, x, x));
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable e) {
        String m = String.valueOf(assertThrows(ShapeException.class, e).getMessage());
        assertTrue(m.contains(part) && m.contains("OperationsTest.java:"), m);
    }
}
