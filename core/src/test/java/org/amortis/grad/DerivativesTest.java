package org.amortis.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.check.Evaluator;
import org.amortis.check.GradientCheck;
import org.amortis.check.OpConformance;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
import org.amortis.tensor.CustomGradient;
import org.amortis.tensor.CustomOp;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Sorting;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;

class DerivativesTest {
    private static Tensor matrix(int rows, double... v) {
        return Tensors.constant(HostArray.of(v).reshape(Shape.of(rows, v.length / rows)));
    }

    private static Tensor vector(double... v) {
        return Tensors.constant(HostArray.of(v));
    }

    private static double[] numbers(Tensor t) {
        return Run.eval(t).toDoubles();
    }

    @Test
    void jvpOfAProductIsTheProductRule() {
        Tensor a = matrix(2, 1, 2, 3, 4);
        Tensor b = matrix(2, -1, 0.5, 2, 1);
        Tensor da = matrix(2, 0.1, 0.2, 0.3, 0.4);
        Tensor db = matrix(2, 1, -1, 2, 0);
        Tensor y = a.matmul(b);
        Tensor z = a.exp();
        List<Tensor> got = Gradients.jvp(List.of(y, z), List.of(a, b), List.of(da, db));
        assertArrayEquals(numbers(da.matmul(b).add(a.matmul(db))), numbers(got.get(0)), 1e-14);
        assertArrayEquals(numbers(a.exp().mul(da)), numbers(got.get(1)), 1e-14);
    }

    @Test
    void jvpIsZeroWhereNothingMoves() {
        Tensor x = vector(1, 2);
        Tensor other = vector(3, 4);
        Tensor got = Gradients.jvp(List.of(other.square()), List.of(x), List.of(vector(1, 1)))
                .get(0);
        assertArrayEquals(new double[2], numbers(got));
    }

    /** The Hessian of x^T A x / 2 is (A + A^T) / 2. */
    @Test
    void hvpOfAQuadraticForm() {
        Tensor a = matrix(3, 2, 1, 0, -1, 3, 0.5, 0.25, 0, 1);
        Tensor x = vector(0.3, -1, 2);
        Tensor v = vector(1, 2, -1);
        Tensor loss = x.mul(a.matmul(x)).sum().mul(0.5);
        Tensor expected = a.add(a.transpose()).mul(0.5).matmul(v);
        assertArrayEquals(numbers(expected), numbers(Gradients.hvp(loss, x, v)), 1e-14);
        assertArrayEquals(new double[3], numbers(Gradients.hvp(x.mul(v).sum(), x, v)));
    }

    /** The vector of a Hessian-vector product is a constant even where it is a formula of the same variable. */
    @Test
    void hvpWithAVectorThatDependsOnTheVariable() {
        Tensor x = vector(0.5, -1.5);
        Tensor h = Gradients.hvp(x.mul(x).mul(x).sum(), x, x.square());
        assertArrayEquals(new double[] {6 * 0.125, -6 * 3.375}, numbers(h), 1e-13);
    }

    /** d tanh(x W) / dx = diag(1 - y^2) W^T, for more outputs than inputs and fewer. */
    @Test
    void jacobianOfEachRow() {
        for (int m : new int[] {1, 2, 5}) {
            Tensor x = matrix(2, 0.1, -0.4, 0.7, 0.2, 0.3, -0.6);
            double[] w = new double[3 * m];
            for (int i = 0; i < w.length; i++) {
                w[i] = Math.sin(i + 1);
            }
            Tensor weights = matrix(3, w);
            Tensor y = x.matmul(weights).tanh();
            double[] got = numbers(PerRow.jacobian(y, x));
            double[] values = numbers(y);
            for (int b = 0; b < 2; b++) {
                for (int k = 0; k < m; k++) {
                    for (int j = 0; j < 3; j++) {
                        double slope = 1 - values[b * m + k] * values[b * m + k];
                        assertEquals(slope * w[j * m + k], got[(b * m + k) * 3 + j], 1e-14);
                    }
                }
            }
        }
    }

    /** log det of the row as a matrix: the Hessian is -tr(A^-1 E A^-1 F). Here the row is the diagonal: -1/x^2. */
    @Test
    void hessianOfEachRow() {
        Tensor x = matrix(2, 1, 2, 4, 0.5, 3, 1);
        Tensor y =
                LinearAlgebra.logdetTriangular(LinearAlgebra.diagonalMatrix(x)).add(x.prod(1));
        double[] got = numbers(PerRow.hessian(y, x));
        double[] v = numbers(x);
        for (int b = 0; b < 2; b++) {
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    double rest = v[b * 3] * v[b * 3 + 1] * v[b * 3 + 2] / v[b * 3 + i];
                    double expected = i == j ? -1 / (v[b * 3 + i] * v[b * 3 + i]) : rest / v[b * 3 + j];
                    assertEquals(expected, got[(b * 3 + i) * 3 + j], 1e-14);
                }
            }
        }
    }

    @Test
    void perRowShapesAreChecked() {
        Tensor x = matrix(2, 1, 2, 3, 4);
        assertThrows(ShapeException.class, () -> PerRow.jacobian(x.sum(1), x));
        assertThrows(ShapeException.class, () -> PerRow.hessian(x, x));
        assertThrows(PlanException.class, () -> PerRow.hessian(vector(1, 2), x));
    }

    private static Tensor block(Tensor x, Tensor w) {
        return x.matmul(w).tanh().mul(x.sigmoid());
    }

    @Test
    void recomputedPartsHaveTheSameValuesAndGradients() {
        Tensor w = matrix(2, 0.3, -0.2, 0.5, 0.1);
        Tensor x = matrix(3, 1, 2, -1, 0.5, 0, 0.25);
        Tensor kept = block(block(x, w), w).square().sum();
        Tensor again = Rematerialise.of(h -> block(h, w), Rematerialise.of(h -> block(h, w), x))
                .square()
                .sum();
        assertArrayEquals(numbers(kept), numbers(again));
        for (Tensor t : List.of(x, w)) {
            Tensor g = Gradients.of(kept, t);
            Tensor h = Gradients.of(again, t);
            assertArrayEquals(numbers(g), numbers(h), 1e-15);
            Tensor gg = Gradients.of(g.sin().sum(), t);
            Tensor hh = Gradients.of(h.sin().sum(), t);
            assertArrayEquals(numbers(gg), numbers(hh), 1e-14);
        }
    }

    @Test
    void severalOperandsAndResultsAreRecomputed() {
        GradientCheck.check(
                "recomputed",
                t -> Rematerialise.several(p -> new Tensor[] {p[0].mul(p[1]).exp(), p[0]}, t[0], t[1]),
                List.of(HostArray.of(0.1, 0.2), HostArray.of(0.3, -0.4)),
                2,
                Evaluator.reference());
        Tensor x = vector(0.5);
        Tensor y = Rematerialise.several(p -> new Tensor[] {p[0].mul(p[1])}, x, x)[0];
        assertArrayEquals(new double[] {1}, numbers(Gradients.of(y.sum(), x)), 0);
    }

    @Test
    void partsOfLoopBodiesAreRecomputed() {
        GradientCheck.check(
                "recomputed in a loop",
                t -> {
                    Tensor w = t[1];
                    Scan.Result r = Scan.of(5).carry(t[0]).body((step, carry, slices) -> {
                        Tensor shift = step.cast(DType.F64);
                        return Scan.Step.of(Rematerialise.of(h -> h.mul(w).sin().add(shift), carry.get(0)));
                    });
                    return new Tensor[] {r.last(0)};
                },
                List.of(HostArray.of(0.1, 0.2), HostArray.of(0.3, -0.4)),
                2,
                Evaluator.reference());
    }

    /** Sixteen blocks of eight values each: kept they are 128 arrays, recomputed 16 and one block. */
    @Test
    void recomputingSavesMemory() {
        long kept = peak(false);
        long again = peak(true);
        assertTrue(again < kept / 2, again + " bytes with recomputation, " + kept + " without");
    }

    private static long peak(boolean recompute) {
        Tensor x = Tensors.input("x", DType.F32, 64, 64);
        Tensor h = x;
        for (int i = 0; i < 16; i++) {
            java.util.function.UnaryOperator<Tensor> part = t -> {
                Tensor u = t;
                for (int k = 0; k < 8; k++) {
                    u = u.matmul(x).sin();
                }
                return u;
            };
            h = recompute ? Rematerialise.of(part, h) : part.apply(h);
        }
        return Program.of(Gradients.of(h.sum(), x)).plan().statistics().temporaryBytes();
    }

    @Test
    void straightThroughEstimator() {
        CustomGradient round = CustomGradient.of(t -> t[0].add(0.5).floor(), (t, y, dy) -> new Tensor[] {dy});
        Tensor x = vector(0.2, 0.7, -1.4);
        Tensor y = round.apply(x);
        assertArrayEquals(new double[] {0, 1, -1}, numbers(y));
        assertArrayEquals(
                new double[] {0, 2, -2}, numbers(Gradients.of(y.square().sum(), x)));
        // the given rule is a formula: its own gradient is there, and it is linear in dy = 2 y
        assertArrayEquals(
                new double[] {2, 2, 2},
                numbers(Gradients.of(Gradients.of(y.square().sum(), x).sum(), x)));
    }

    @Test
    void whatACustomGradientCapturesGetsNone() {
        Tensor w = vector(2, 3);
        Tensor x = vector(0.5, 0.5);
        Tensor y = CustomGradient.of(t -> t[0].mul(w), (t, r, dy) -> new Tensor[] {dy.mul(10)})
                .apply(x);
        assertArrayEquals(new double[] {1, 1.5}, numbers(y));
        assertArrayEquals(new double[] {10, 10}, numbers(Gradients.of(y.sum(), x)));
        assertThrows(PlanException.class, () -> Gradients.of(y.sum(), w));
    }

    /** The example of a user's operation: y = c tanh(x / c). */
    private record SoftClip(double c) implements CustomOp.Unary {
        @Override
        public double reference(double x) {
            return c * Math.tanh(x / c);
        }

        @Override
        public Tensor vjp(Tensor x, Tensor y, Tensor dy) {
            Tensor r = y.div(c);
            return dy.mul(r.square().rsub(1));
        }
    }

    /** Log of the sum of two exponentials, broadcast. */
    private record LogAdd() implements CustomOp.Binary {
        @Override
        public double reference(double a, double b) {
            return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
        }

        @Override
        public Tensor[] vjp(Tensor a, Tensor b, Tensor y, Tensor dy) {
            return new Tensor[] {dy.mul(a.sub(y).exp()), dy.mul(b.sub(y).exp())};
        }
    }

    @Test
    void operationsOfUsersAreDifferentiatedToAnyOrder() {
        OpConformance.check(new SoftClip(1.5), -3, -0.5, 0.1, 2);
        OpConformance.check(new LogAdd(), new double[] {-3, -0.5, 0.1, 2}, new double[] {0.3, 4});
        assertEquals(1.5 * Math.tanh(2 / 1.5), numbers(new SoftClip(1.5).apply(vector(2)))[0], 1e-15);
    }

    @Test
    void refusalsNameTheOperation() {
        Tensor x = vector(0.2, 0.7);
        assertTrue(refusal(x.floor().sum(), x).contains("FLOOR"));
        assertTrue(refusal(x.stopGradient().sum(), x).contains("stopGradient"));
        assertTrue(refusal(x.gt(0.5).cast(DType.F64).sum(), x).contains("GT"));
        assertTrue(refusal(Sorting.argsort(x, 0).cast(DType.F64).sum(), x).contains("sort"));
        assertTrue(refusal(vector(1).sum(), x).contains("does not depend"));
    }

    private static String refusal(Tensor loss, Tensor x) {
        return assertThrows(PlanException.class, () -> Gradients.of(loss, x)).getMessage();
    }
}
