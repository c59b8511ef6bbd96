package org.amortis.flow;

import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.check.Evaluator;
import org.amortis.check.GradientCheck;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.grad.Gradients;
import org.amortis.grad.PerRow;
import org.amortis.param.ParamSpec;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Planar, radial, Sylvester and residual flows against numbers from elsewhere. */
class ResidualTest {
    private static Tensor normal(int seed, int... dims) {
        Shape s = Shape.of(dims);
        return f64(s, eval(Random.normal(Key.of(seed), DType.F64, s)));
    }

    /** Computed in double by another program, twelve digits. */
    @Test
    void planar() {
        Bijection b = Planar.map(f64(1, -2, 0.5), f64(0.3, 0.8, -0.4), f64(Shape.SCALAR, 0.1));
        Mapped m = b.forwardAndLogDet(f64(0.5, -1, 2));
        assertArrayEquals(new double[] {-0.580706967140, 0.197030097761, 1.838511595063}, eval(m.value()), 1e-11);
        assertEquals(-0.208859928125, eval(m.logDet())[0], 1e-11);
        assertArrayEquals(new double[] {0.5, -1, 2}, eval(b.inverse(m.value())), 1e-11);
    }

    /** Where w'v is next to -1 the slope at the plane is next to 0: values there are found, if with half the digits. */
    @Test
    void planarAtTheBorderOfItsConstraint() {
        // softplus(-30) = 1e-13
        Bijection b = Planar.map(f64(-30.0, 1), f64(1.0, 0), f64(Shape.SCALAR, 0.0));
        Tensor u = f64(Shape.of(4, 2), 0, 1, 0.2, -1, -3, 0, 50, 2);
        Mapped m = b.forwardAndLogDet(u);
        assertTrue(eval(m.logDet())[0] < -29);
        // x = s^3 / 3 near 0: an error of 1e-16 there is one of 1e-5 in s
        assertArrayEquals(eval(u), eval(b.inverse(m.value())), 1e-4);
    }

    @Test
    void planarWithoutNormal() {
        Bijection b = Planar.map(f64(1.0, 2), f64(0.0, 0), f64(Shape.SCALAR, 0.5));
        Mapped m = b.forwardAndLogDet(f64(3.0, 4));
        assertArrayEquals(new double[] {3 + Math.tanh(0.5), 4 + 2 * Math.tanh(0.5)}, eval(m.value()), 1e-12);
        assertEquals(0, eval(m.logDet())[0], 1e-12);
        assertArrayEquals(new double[] {3, 4}, eval(b.inverse(m.value())), 1e-12);
    }

    /** Computed in double by another program, twelve digits. */
    @Test
    void radial() {
        Bijection b = Radial.map(f64(0.5, 0, 0.2), f64(Shape.SCALAR, 0.3), f64(Shape.SCALAR, -0.4));
        Mapped m = b.forwardAndLogDet(f64(1, 2, -1));
        assertArrayEquals(new double[] {0.887979675355, 1.551918701421, -0.731151220852}, eval(m.value()), 1e-11);
        assertEquals(-0.591741438908, eval(m.logDet())[0], 1e-11);
        // the centre stays, and has a gradient
        Tensor centre = f64(0.5, 0, 0.2);
        assertArrayEquals(new double[] {0.5, 0, 0.2}, eval(b.forward(centre)), 1e-15);
        assertArrayEquals(new double[] {0.5, 0, 0.2}, eval(b.inverse(centre)), 1e-15);
        double[] g = eval(Gradients.of(b.forwardAndLogDet(centre).value().sum(), centre));
        // m / alpha in every direction
        double slope = Math.log1p(Math.exp(-0.4)) / Math.exp(0.3);
        assertArrayEquals(new double[] {slope, slope, slope}, g, 1e-12);
    }

    /** One direction without mixing is planar flow. */
    @Test
    void sylvesterOfOneDirectionIsPlanar() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Flow flow = Sylvester.orthogonal(spec.at("s"), 3, 0, 1);
        // [R above and below its diagonal (1), diagonals (1 + 1), b (1), vector (3)]
        double[] v = {7, 0.5, -0.8, 0.3, 1, -2, 2};
        Weights p = spec.weights(f64(new double[spec.size()])).with("s", Map.of("value", f64(v)));
        Tensor z = normal(1, 4, 3);
        double r1 = 0.999 * Math.tanh(0.5);
        double r2 = 0.999 * Math.tanh(-0.8);
        Tensor q = f64(1.0 / 3, -2.0 / 3, 2.0 / 3);
        Tensor s = z.mul(q).sum(-1).mul(r2).add(0.3);
        Tensor expected = z.add(q.mul(s.tanh().mul(r1).expandDims(-1)));
        Tensor logDet = s.tanh().square().rsub(1).mul(r1 * r2).add(1).log();
        Mapped m = flow.given(p).forwardAndLogDet(z);
        assertArrayEquals(eval(expected), eval(m.value()), 1e-12);
        assertArrayEquals(eval(logDet), eval(m.logDet()), 1e-12);
    }

    /** In the plane of Q's columns the image of a difference of values stays in the span, and Q'Q = I: any two values. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 1e-3})
    void columnsAreOrthonormal(double apart) {
        // vectors that nearly coincide: the second is the first and a little more
        Tensor first = normal(1, 6);
        Tensor rows = Tensors.stack(0, first, first.add(normal(2, 6).mul(apart)), normal(3, 6));
        Tensor q = Sylvester.orthonormal(rows);
        double[] gram = eval(Tensors.matmul(q, q, false, true));
        assertArrayEquals(eval(LinearAlgebra.eye(DType.F64, 3)), gram, 1e-10);
    }

    private static final ResidualMap.Contraction LINEAR = (x, p) -> Tensors.matmul(x, p[0], false, true);
    private static final Tensor A = f64(Shape.of(2, 2), 0.3, -0.2, 0.1, 0.25);

    private static double linear(LogDetEstimate estimate) {
        return eval(new ResidualMap(LINEAR, 2, List.of(A), null, estimate)
                .forwardAndLogDet(f64(Shape.of(1, 2), 1, 2))
                .logDet())[0];
    }

    @Test
    void linearResidual() {
        assertEquals(0.497740384217, linear(LogDetEstimate.exact()), 1e-11);
        int[] terms = {1, 2, 5, 10, 20};
        double[] sums = {0.55, 0.49375, 0.497530583333, 0.497740269123, 0.497740384219};
        for (int i = 0; i < terms.length; i++) {
            assertEquals(sums[i], linear(LogDetEstimate.series(terms[i])), 1e-11);
        }
        Bijection b = new ResidualMap(LINEAR, 2, List.of(A), null, LogDetEstimate.exact());
        // (I + A)^-1 (1.1, 3.6) by Cramer's rule
        double det = 1.3 * 1.25 + 0.2 * 0.1;
        double[] u = {(1.1 * 1.25 + 0.2 * 3.6) / det, (1.3 * 3.6 - 0.1 * 1.1) / det};
        assertArrayEquals(u, eval(b.inverse(f64(1.1, 3.6))), 1e-12);
    }

    @Test
    void spectralNormIsAnUpperBound() {
        assertEquals(0.36915, eval(SpectralNorm.bound(A))[0], 1e-5);
        // all singular values 3: too large by 40^(1/128)
        double flat = eval(SpectralNorm.bound(LinearAlgebra.eye(DType.F64, 40).mul(3)))[0];
        assertEquals(3 * Math.pow(40, 1.0 / 128), flat, 1e-12);
        assertEquals(0, eval(SpectralNorm.limited(Tensors.zeros(DType.F64, Shape.of(3, 2)), 0.5))[0]);
        // far ends of float32
        for (double size : new double[] {1e-14, 1e14}) {
            Tensor w = LinearAlgebra.eye(DType.F32, 3).mul(size);
            double s = org.amortis.runtime.Run.eval(SpectralNorm.bound(w)).scalar();
            assertEquals(1.0086, s / size, 1e-3);
        }
    }

    /** Slopes of a network with large weights stay below the bound, and come close where they can. */
    @Test
    void networksAreContractions() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Residual flow = Residual.of(spec.at("r"), 4, 0, Net.plain(16, 2), 0.9);
        Weights p = spec.weights(normal(5, spec.size()).mul(3));
        Tensor x = normal(6, 40, 4);
        Tensor g = flow.given(p).forward(x).sub(x);
        Tensor j = PerRow.jacobian(g, x);
        double worst = 0;
        double[] frobenius = eval(j.square().sum(-2, -1));
        double[] gram = eval(Tensors.matmul(j, j, true, false));
        for (int i = 0; i < 40; i++) {
            Tensor one = f64(Shape.of(4, 4), java.util.Arrays.copyOfRange(gram, 16 * i, 16 * i + 16));
            double norm = Math.sqrt(eval(SpectralNorm.bound(one))[0]);
            assertTrue(norm < 0.9 * 1.02 && norm * norm <= frobenius[i] * 1.1, "slope " + norm);
            worst = Math.max(worst, norm);
        }
        assertTrue(worst > 0.05, "slope " + worst);
    }

    /** Value and gradient of the estimate, over many rows of the same value and many keys: five standard errors. */
    @Test
    void rouletteIsUnbiased() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Residual flow = Residual.of(spec.at("r"), 3, 0, Net.plain(5, 1), 0.8);
        double[] flat = eval(normal(7, spec.size()).mul(2));
        Tensor one = normal(8, 1, 3);
        Tensor p = f64(flat);
        Mapped exact = flow.given(spec.weights(p)).forwardAndLogDet(one);
        double[] truth =
                concat(eval(exact.logDet()), eval(Gradients.of(exact.logDet().sum(), p)));
        int keys = 400;
        int rows = 50;
        Tensor key = Tensors.input("key", DType.I32);
        Tensor many = one.broadcastTo(Shape.of(rows, 3));
        Mapped m = flow.with(LogDetEstimate.roulette(Key.of(9).fold(key), 1))
                .given(spec.weights(p))
                .forwardAndLogDet(many);
        Tensor mean = m.logDet().mean();
        double[] sum = new double[truth.length];
        double[] squares = new double[truth.length];
        try (org.amortis.runtime.Device d =
                org.amortis.runtime.Device.builder().threads(1).build()) {
            Evaluator.Evaluation program = Evaluator.on(d).prepare(List.of(mean, Gradients.of(mean, p)));
            for (int k = 0; k < keys; k++) {
                List<HostArray> r = program.run(Map.of("key", HostArray.wrap(new int[] {k}, Shape.SCALAR)));
                double[] v = concat(r.get(0).toDoubles(), r.get(1).toDoubles());
                for (int i = 0; i < v.length; i++) {
                    sum[i] += v[i] / keys;
                    squares[i] += v[i] * v[i] / keys;
                }
            }
        }
        double moved = 0;
        for (int i = 0; i < truth.length; i++) {
            double error = Math.sqrt(Math.max(0, squares[i] - sum[i] * sum[i]) / keys);
            assertEquals(truth[i], sum[i], 5 * error + 1e-12, "element " + i);
            moved = Math.max(moved, error);
        }
        assertTrue(moved > 0 && moved < 0.1, "standard error " + moved);
    }

    private static double[] concat(double[] a, double[] b) {
        double[] r = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, r, a.length, b.length);
        return r;
    }

    /** Implicit gradients are formulas: they can be differentiated again. */
    @Test
    void secondOrderThroughInverses() {
        Tensor w = f64(Shape.of(2, 2), 0.3, -0.2, 0.1, 0.25);
        ResidualMap.Contraction g = (x, p) -> x.matmul(p[0]).tanh().mul(0.7);
        GradientCheck.check(
                "inverse of a residual map",
                in -> new Tensor[] {new ResidualMap(g, 2, List.of(in[0]), null, LogDetEstimate.exact()).inverse(in[1])},
                List.of(
                        HostArray.wrap(eval(w), w.shape()),
                        HostArray.wrap(new double[] {0.3, -1, 2, 0.4}, Shape.of(2, 2))),
                2,
                Evaluator.reference());
        GradientCheck.check(
                "inverse of planar flow",
                in -> new Tensor[] {Planar.map(in[0], in[1], in[2]).inverse(in[3])},
                List.of(
                        HostArray.of(0.4, -0.3),
                        HostArray.of(0.7, 1.1),
                        HostArray.wrap(new double[] {0.2}, Shape.SCALAR),
                        HostArray.of(0.5, -0.8)),
                2,
                Evaluator.reference());
        GradientCheck.check(
                "inverse of a sum of sigmoids",
                in -> new Tensor[] {new SigmoidTransformer(2).of(in[0]).forward(in[1])},
                List.of(HostArray.of(0.4, -0.3, 0.5, 1, -0.2, 0.6), HostArray.of(0.7)),
                2,
                Evaluator.reference());
    }

    @Test
    void badSizesAreRefused() {
        ParamSpec spec = new ParamSpec(DType.F64);
        assertThrows(ShapeException.class, () -> Planar.of(spec.at("a"), 0, 0));
        assertThrows(ShapeException.class, () -> Radial.of(spec.at("b"), 0, 0));
        assertThrows(ShapeException.class, () -> Radial.of(spec.at("b"), 2, -1));
        assertThrows(ShapeException.class, () -> Sylvester.orthogonal(spec.at("c"), 2, 0, 3));
        assertThrows(PlanException.class, () -> Residual.of(spec.at("d"), 2, 0, Net.plain(2, 1), 1));
        assertThrows(PlanException.class, () -> LogDetEstimate.roulette(Key.of(1), 0));
        assertThrows(PlanException.class, () -> LogDetEstimate.series(0));
        assertThrows(ShapeException.class, () -> new SigmoidTransformer(0));
        assertThrows(
                ShapeException.class,
                () -> Autoregressive.of(spec.at("e"), 0, 0, Transformer.affine(), Net.plain(2, 1)));
        assertThrows(ShapeException.class, () -> Squeeze.of(1, 3, 2));
        assertThrows(ShapeException.class, () -> Multiscale.of());
        assertThrows(
                ShapeException.class,
                () -> Multiscale.of(Flows.of(Squeeze.of(1, 4, 4)), Flows.of(Squeeze.of(3, 2, 2))));
        assertThrows(
                ShapeException.class,
                () -> ConvCoupling.channels(
                        spec.at("f"), Shape.of(1, 2, 2), false, Net.plain(2, 1), ScaleMap.SOFT_EXP));
    }
}
