package org.amortis.dist;

import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.check.Evaluator;
import org.amortis.check.GradientCheck;
import org.amortis.tensor.Key;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Normal distributions with structured covariances against the same ones with dense matrices. */
class StructuredNormalTest {
    private static Tensor random(int seed, int... dims) {
        return Random.normal(Key.of(seed), DType.F64, Shape.of(dims));
    }

    private static void same(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        double[] e = eval(expected);
        double[] a = eval(actual);
        for (int i = 0; i < e.length; i++) {
            assertEquals(e[i], a[i], tolerance * Math.max(1, Math.abs(e[i])), "element " + i);
        }
    }

    private static MultivariateNormal dense(LowRankNormal d) {
        Tensor noise = LinearAlgebra.diagonalMatrix(d.noiseStd().square());
        return MultivariateNormal.ofMeanCovariance(
                d.mean(), Tensors.matmul(d.factor(), d.factor(), false, true).add(noise));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 1", "7, 3", "3, 5"})
    void lowRankIsTheDenseOne(int size, int rank) {
        LowRankNormal p = LowRankNormal.ofMeanFactorLogStd(
                random(1, 2, size), random(2, 2, size, rank), random(3, 2, size).mul(0.5));
        LowRankNormal q = LowRankNormal.ofMeanFactorStd(
                random(4, size), random(5, size, rank), random(6, size).square().add(0.3));
        Independent diagonal =
                MultivariateNormal.ofMeanLogStd(random(7, size), random(8, size).mul(0.3));
        Independent two = MultivariateNormal.ofMeanLogStd(
                random(7, 2, size), random(8, size).mul(0.3));
        MultivariateNormal full = dense(p);
        MultivariateNormal other = dense(q);
        Tensor x = random(9, 4, 3, 2, size);
        same(full.logProb(x), p.logProb(x), 1e-12);
        same(full.entropy().orElseThrow(), p.entropy().orElseThrow(), 1e-13);
        same(full.variance(), p.variance(), 1e-13);
        Tensor kl = full.klTo(other);
        same(kl, p.klTo(q), 1e-11);
        same(kl, p.klTo(other), 1e-11);
        same(kl, full.klTo(q), 1e-11);
        same(full.klTo(two), p.klTo(two), 1e-12);
        same(full.klTo(diagonal), p.klTo(diagonal), 1e-12);
        same(two.klTo(full), two.klTo(p), 1e-11);
        same(diagonal.klTo(other), diagonal.klTo(q), 1e-11);
    }

    /** Directions a thousand times wider than the noise, in float32: the usual difference of squares keeps no digit. */
    @Test
    void lowRankWithLittleNoise() {
        double[] at = {0.3, -0.2, 0.1, 0.5, 300, -200, 120, 420, -3, -3.5, -3, -2.5};
        double[] x = {150.31, -100.2, 60.09, 210.52};
        Narrow.agree(
                p -> LowRankNormal.ofMeanFactorLogStd(
                                p.slice(0, 0, 4).reshape(1, 4), p.slice(0, 4, 8).reshape(4, 1), p.slice(0, 8, 12))
                        .logProb(f64(x).cast(DType.F32).cast(p.dtype())),
                at);
    }

    private static Tensor denseCovariance(Tensor diagonal, Tensor below) {
        int steps = diagonal.shape().dim(0);
        int d = diagonal.shape().dim(1);
        int n = steps * d;
        double[] a = eval(diagonal);
        double[] b = eval(below);
        double[] j = new double[n * n];
        for (int t = 0; t < steps; t++) {
            for (int r = 0; r < d; r++) {
                for (int c = 0; c < d; c++) {
                    j[(t * d + r) * n + t * d + c] = a[(t * d + r) * d + c];
                    if (t + 1 < steps) {
                        double v = b[(t * d + r) * d + c];
                        j[((t + 1) * d + r) * n + t * d + c] = v;
                        j[(t * d + c) * n + (t + 1) * d + r] = v;
                    }
                }
            }
        }
        Tensor precision = Tensors.resident(HostArray.wrap(j, Shape.of(n, n)));
        return LinearAlgebra.choleskySolve(LinearAlgebra.cholesky(precision), LinearAlgebra.eye(DType.F64, n));
    }

    private static Tensor blocks(int seed, int steps, int d) {
        Tensor free = random(seed, steps, d, d);
        return Tensors.matmul(free, free, false, true)
                .add(LinearAlgebra.eye(DType.F64, d).mul(4));
    }

    /** Block (row, column) of a covariance of steps. */
    private static Tensor block(Tensor covariance, int d, int row, int column) {
        return covariance.slice(0, row * d, (row + 1) * d).slice(1, column * d, (column + 1) * d);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 3", "2, 1", "2, 2", "17, 1", "17, 3"})
    void blockTridiagonalIsTheDenseOne(int steps, int d) {
        int n = steps * d;
        Tensor mean = random(1, steps, d);
        Tensor a = blocks(2, steps, d);
        Tensor b = random(3, steps - 1, d, d).mul(0.7);
        BlockTridiagonalNormal p = BlockTridiagonalNormal.ofMeanPrecision(mean, a, b);
        Tensor covariance = denseCovariance(a, b);
        MultivariateNormal full = MultivariateNormal.ofMeanCovariance(mean.reshape(n), covariance);
        Tensor x = random(4, 2, 3, steps, d);
        same(full.logProb(x.reshape(2, 3, n)), p.logProb(x), 1e-12);
        same(full.entropy().orElseThrow(), p.entropy().orElseThrow(), 1e-12);
        same(full.variance().reshape(steps, d), p.variance(), 1e-12);
        Tensor[] at = new Tensor[steps];
        Tensor[] next = new Tensor[steps - 1];
        for (int t = 0; t < steps; t++) {
            at[t] = block(covariance, d, t, t);
            if (t + 1 < steps) {
                next[t] = block(covariance, d, t + 1, t);
            }
        }
        same(Tensors.stack(0, at), p.covariances(), 1e-12);
        assertEquals(Shape.of(steps - 1, d, d), p.crossCovariances().shape());
        if (steps > 1) {
            same(Tensors.stack(0, next), p.crossCovariances(), 1e-12);
        }
        Tensor precision = LinearAlgebra.choleskySolve(full.factor(), LinearAlgebra.eye(DType.F64, n));
        Tensor h = precision.matmul(mean.reshape(n)).reshape(steps, d);
        same(mean, BlockTridiagonalNormal.ofInformation(h, a, b).mean(), 1e-11);
        BlockTridiagonalNormal q =
                BlockTridiagonalNormal.ofMeanPrecision(random(5, steps, d), blocks(6, steps, d), b.mul(-0.5));
        MultivariateNormal other = MultivariateNormal.ofMeanCovariance(
                q.mean().reshape(n), denseCovariance(blocks(6, steps, d), b.mul(-0.5)));
        same(full.klTo(other), p.klTo(q), 1e-11);
        Tensor logStd = random(7, steps, d).mul(0.2);
        Independent prior = Independent.of(Normal.ofMeanLogStd(random(8, steps, d), logStd), 2);
        Independent flat = MultivariateNormal.ofMeanLogStd(random(8, steps, d).reshape(n), logStd.reshape(n));
        same(full.klTo(flat), p.klTo(prior), 1e-11);
    }

    /** The covariance of draws as a linear map of their noise: draws of the columns of the identity, one after the other. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void blockTridiagonalDraws(int steps) {
        int d = 2;
        Tensor a = blocks(2, steps, d);
        Tensor b = random(3, steps - 1, d, d).mul(0.7);
        BlockTridiagonalNormal p =
                BlockTridiagonalNormal.ofMeanPrecision(Tensors.zeros(DType.F64, Shape.of(steps, d)), a, b);
        int n = 20_000;
        Tensor x = p.sample(Key.of(9), n).reshape(n, steps * d);
        double[] gold = eval(denseCovariance(a, b));
        double[] drawn = Narrow.run(Tensors.matmul(x, x, true, false).mul(1.0 / n));
        int m = steps * d;
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < m; j++) {
                double se = Math.sqrt((gold[i * m + i] * gold[j * m + j] + gold[i * m + j] * gold[i * m + j]) / n);
                assertEquals(gold[i * m + j], drawn[i * m + j], 5 * se, i + ", " + j);
            }
        }
    }

    /** A stiff random walk of 9 steps in float32: the precision's condition number is 3e3. */
    @Test
    void blockTridiagonalInFloat32() {
        double[] at = new double[26];
        for (int t = 0; t < 9; t++) {
            at[t] = Math.sin(t);
            at[9 + t] = t == 0 || t == 8 ? 101 : 200.125;
            if (t < 8) {
                at[18 + t] = -100;
            }
        }
        Tensor x = random(7, 9, 1);
        Narrow.agree(
                p -> BlockTridiagonalNormal.ofMeanPrecision(
                                p.slice(0, 0, 9).reshape(9, 1),
                                p.slice(0, 9, 18).reshape(9, 1, 1),
                                p.slice(0, 18, 26).reshape(8, 1, 1))
                        .logProb(x.cast(DType.F32).cast(p.dtype())),
                at);
    }

    @Test
    void gradientsToSecondOrder() {
        GradientCheck.check(
                "low rank",
                p -> {
                    LowRankNormal d = LowRankNormal.ofMeanFactorLogStd(p[0], p[1], p[2]);
                    return new Tensor[] {d.logProb(p[3]), d.entropy().orElseThrow()};
                },
                List.of(host(1, 3), host(2, 3, 2), host(3, 3), host(4, 2, 3)),
                2,
                Evaluator.reference());
        GradientCheck.check(
                "block tridiagonal",
                p -> {
                    BlockTridiagonalNormal d = BlockTridiagonalNormal.ofInformation(
                            p[0],
                            Tensors.matmul(p[1], p[1], false, true)
                                    .add(LinearAlgebra.eye(DType.F64, 2).mul(3)),
                            p[2]);
                    return new Tensor[] {d.logProb(p[3]), d.variance(), d.rsample(Key.of(3), 2)};
                },
                List.of(host(1, 3, 2), host(2, 3, 2, 2), host(3, 2, 2, 2), host(4, 3, 2)),
                2,
                Evaluator.reference());
    }

    private static HostArray host(int seed, int... dims) {
        return HostArray.wrap(eval(random(seed, dims)), Shape.of(dims));
    }

    @Test
    void mistakesAreNamed() {
        Tensor m = f64(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
        Tensor a = random(1, 3, 2, 2);
        assertThrows(ShapeException.class, () -> BlockTridiagonalNormal.ofMeanPrecision(m, a, a));
        assertThrows(ShapeException.class, () -> BlockTridiagonalNormal.ofMeanPrecision(m, a.cast(DType.F32), a));
        assertThrows(
                ShapeException.class,
                () -> BlockTridiagonalNormal.ofMeanFree(f64(1, 2), random(1, 2, 2), random(1, 2, 2)));
        assertThrows(ShapeException.class, () -> LowRankNormal.ofMeanFactorStd(f64(1, 2), a, f64(1, 1, 1)));
        assertThrows(ShapeException.class, () -> LowRankNormal.ofMeanFactorStd(f64(1, 2), random(1, 3, 2), f64(1, 1)));
        assertThrows(
                ShapeException.class,
                () -> LowRankNormal.ofMeanFactorStd(random(1, 3, 2), random(1, 4, 2, 1), f64(1, 1)));
        // a precision that is not positive definite is no distribution, and says so in every number
        double[] v = eval(BlockTridiagonalNormal.ofMeanPrecision(
                        Tensors.zeros(DType.F64, Shape.of(2, 1)),
                        f64(Shape.of(2, 1, 1), 1, 1),
                        f64(Shape.of(1, 1, 1), 2))
                .logProb(f64(Shape.of(2, 1), 0, 0)));
        assertArrayEquals(new double[] {Double.NaN}, v);
    }
}
