package org.amortis.flow.ode;

import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.check.Evaluator;
import org.amortis.check.GradientCheck;
import org.amortis.grad.Gradients;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class OdeTest {
    /** x' = -y + x cos t, y' = x + y cos t: a rotation by t, scaled by e^sin t. */
    private static final OdeSystem SPIRAL = (t, s) -> {
        Tensor[] z = s.get(0).split(Tensor.LAST, 1, 1);
        Tensor g = t.cos().expandDims(-1);
        return List.of(
                Tensors.concat(Tensor.LAST, z[0].mul(g).sub(z[1]), z[1].mul(g).add(z[0])));
    };

    private static double[] spiral(double t, double x, double y) {
        double r = Math.exp(Math.sin(t));
        return new double[] {r * (x * Math.cos(t) - y * Math.sin(t)), r * (x * Math.sin(t) + y * Math.cos(t))};
    }

    private static final Tensor START = f64(Shape.of(2, 2), 1, 0.5, -0.3, 2);

    private static double[] spirals(double t) {
        double[] a = spiral(t, 1, 0.5);
        double[] b = spiral(t, -0.3, 2);
        return new double[] {a[0], a[1], b[0], b[1]};
    }

    private static double error(Tensor end, double t) {
        double[] got = Run.eval(end).toDoubles();
        double[] want = spirals(t);
        double worst = 0;
        for (int i = 0; i < want.length; i++) {
            worst = Math.max(worst, Math.abs(got[i] - want[i]));
        }
        return worst;
    }

    static Stream<Tableau> tableaus() {
        return Tableau.all().stream();
    }

    static Stream<Tableau> embedded() {
        return tableaus().filter(Tableau::embedded);
    }

    /** Halving the step divides the error by 2^order; the next term of the error leaves a tenth or two of an order. */
    @ParameterizedTest
    @MethodSource("tableaus")
    void orderOfConvergence(Tableau tableau) {
        int n = tableau.order() == 1 ? 256 : tableau.order() < 5 ? 32 : 64;
        double coarse = error(
                FixedSteps.of(tableau, n)
                        .solve(SPIRAL, List.of(START), 0, 2)
                        .y()
                        .get(0),
                2);
        double fine = error(
                FixedSteps.of(tableau, 2 * n)
                        .solve(SPIRAL, List.of(START), 0, 2)
                        .y()
                        .get(0),
                2);
        double order = Math.log(coarse / fine) / Math.log(2);
        assertEquals(tableau.order(), order, 0.35, tableau + ": errors " + coarse + ", " + fine);
    }

    /** Row sums, consistency, and the embedded method of one order less: the estimate is h^order for a smooth problem. */
    @ParameterizedTest
    @MethodSource("tableaus")
    void tableausAreConsistent(Tableau tableau) {
        double b = 0;
        double bc = 0;
        double bcc = 0;
        double e = 0;
        double ec = 0;
        double[] moments = new double[5];
        for (int i = 0; i < tableau.stages(); i++) {
            b += tableau.b(i);
            bc += tableau.b(i) * tableau.c(i);
            bcc += tableau.b(i) * tableau.c(i) * tableau.c(i);
            if (tableau.embedded()) {
                e += tableau.e(i);
                ec += tableau.e(i) * tableau.c(i);
                for (int p = 0; p < tableau.errorOrder(); p++) {
                    moments[p] += tableau.e(i) * Math.pow(tableau.c(i), p);
                }
            }
        }
        assertEquals(1, b, 1e-14);
        assertEquals(0, e, 1e-14);
        assertEquals(0, ec, 1e-14);
        assertArrayEquals(new double[5], moments, 1e-14, "quadrature conditions of the embedded method");
        if (tableau.order() > 1) {
            assertEquals(0.5, bc, 1e-14);
        }
        if (tableau.order() > 2) {
            assertEquals(1.0 / 3, bcc, 1e-14);
        }
        if (tableau.lastIsFirst()) {
            int last = tableau.stages() - 1;
            for (int j = 0; j < last; j++) {
                assertEquals(tableau.b(j), tableau.a(last, j));
            }
            assertEquals(0, tableau.b(last));
        }
    }

    /** The error follows the tolerance: within a factor of 30 of it on the way, over a range of 10^6. */
    @ParameterizedTest
    @MethodSource("embedded")
    void adaptiveStepsKeepTheTolerance(Tableau tableau) {
        double before = Double.POSITIVE_INFINITY;
        double tries = 0;
        for (double tol : new double[] {1e-3, 1e-6, tableau.order() > 3 ? 1e-9 : 1e-7}) {
            for (double end : new double[] {3, -2}) {
                OdeSolution s =
                        AdaptiveSteps.of(tableau, tol, tol).maxSteps(4000).solve(SPIRAL, List.of(START), 0, end);
                List<HostArray> v =
                        Run.eval(List.of(s.y().get(0), s.finished(), s.evaluations(), s.accepted(), s.rejected()));
                double worst = 0;
                double[] want = spirals(end);
                for (int i = 0; i < 4; i++) {
                    worst = Math.max(worst, Math.abs(want[i] - v.get(0).get(i)));
                }
                assertTrue(worst < 30 * tol, tableau + " at " + tol + ": " + worst);
                assertArrayEquals(new double[] {1, 1}, v.get(1).toDoubles());
                double steps = v.get(3).get(0) + v.get(4).get(0);
                assertEquals(2 + (tableau.stages() - 1) * steps, v.get(2).get(0));
                if (end > 0) {
                    assertTrue(worst < before && steps > tries, tableau + ": " + worst + " after " + before);
                    before = worst;
                    tries = steps;
                }
            }
        }
    }

    /** Rows keep their own steps: a stiff neighbour changes nothing, unless steps are shared. */
    @Test
    void rowsDoNotDependOnEachOther() {
        OdeSystem decay = (t, s) -> {
            Tensor rate = s.get(0).slice(Tensor.LAST, 1, 2);
            Tensor y = s.get(0).slice(Tensor.LAST, 0, 1);
            return List.of(Tensors.concat(Tensor.LAST, y.mul(rate).neg(), rate.mul(0)));
        };
        AdaptiveSteps solver = AdaptiveSteps.dormandPrince(1e-8, 1e-8);
        OdeSolution alone = solver.solve(decay, List.of(f64(Shape.of(1, 2), 1, 0.5)), 0, 1);
        Tensor two = f64(Shape.of(2, 2), 1, 0.5, 1, 80);
        OdeSolution both = solver.solve(decay, List.of(two), 0, 1);
        OdeSolution shared = solver.together().solve(decay, List.of(two), 0, 1);
        List<HostArray> v = Run.eval(
                List.of(alone.y().get(0), both.y().get(0), shared.y().get(0), both.accepted(), shared.accepted()));
        assertEquals(v.get(0).get(0), v.get(1).get(0), 0);
        assertEquals(Math.exp(-0.5), v.get(0).get(0), 1e-8);
        assertEquals(Math.exp(-80), v.get(1).get(2), 1e-7);
        assertTrue(v.get(3).get(0) * 3 < v.get(3).get(1), "own steps " + v.get(3));
        assertEquals(v.get(4).get(0), v.get(4).get(1), 0);
    }

    /** y' = y^2 from 1 has no solution at 1: the row is named, the row beside it arrives. */
    @Test
    void aRowThatDoesNotArriveIsNoNumberAndNamed() {
        OdeSystem blowUp = (t, s) -> List.of(s.get(0).square());
        OdeSolution s = AdaptiveSteps.dormandPrince(1e-6, 1e-6)
                .maxSteps(60)
                .solve(blowUp, List.of(f64(Shape.of(2, 1), 1, 0.25)), 0, 2);
        List<HostArray> v = Run.eval(List.of(s.y().get(0), s.finished()));
        assertArrayEquals(new double[] {0, 1}, v.get(1).toDoubles());
        assertTrue(Double.isNaN(v.get(0).get(0)));
        assertEquals(0.5, v.get(0).get(1), 1e-5);
        Tensor loss = s.y().get(0).sum();
        try (Device d = Device.builder().threads(1).build()) {
            Runner r = Program.builder().outputs(loss).guards(loss).build().open(d);
            NonFiniteException e = assertThrows(NonFiniteException.class, r::run);
            assertTrue(e.getMessage().contains("not finished after maxSteps=60"), e.getMessage());
        }
    }

    @Test
    void awkwardSizes() {
        AdaptiveSteps a = AdaptiveSteps.dormandPrince(1e-6, 1e-8);
        OdeSystem grow = (t, s) -> List.of(s.get(0), t.expandDims(-1).mul(2));
        for (OdeSolver solver : List.of(a, a.together(), FixedSteps.rk4(20), FixedSteps.of(Tableau.TSITOURAS, 7))) {
            for (Shape rows : List.of(Shape.of(0), Shape.of(1), Shape.SCALAR, Shape.of(3, 2))) {
                Tensor y = Tensors.ones(DType.F64, rows.concat(Shape.of(3)));
                Tensor z = Tensors.zeros(DType.F64, rows.concat(Shape.of(1)));
                if (rows.size() == 0 && solver.toString().contains("together")) {
                    continue;
                }
                OdeSolution s = solver.solve(grow, List.of(y, z), 0, 1);
                for (double v : Run.eval(s.y().get(0)).toDoubles()) {
                    assertEquals(Math.E, v, 3e-6);
                }
                for (double v : Run.eval(s.y().get(1)).toDoubles()) {
                    assertEquals(1, v, 1e-6);
                }
                OdeSolution none = solver.solve(grow, List.of(y, z), 1, 1);
                assertArrayEquals(
                        Run.eval(y).toDoubles(), Run.eval(none.y().get(0)).toDoubles());
            }
        }
    }

    /** Slopes that vanish, and float32 over its range. */
    @Test
    void extremes() {
        AdaptiveSteps a = AdaptiveSteps.dormandPrince(1e-5, 1e-6);
        OdeSolution still = a.solve((t, s) -> List.of(s.get(0).mul(0)), List.of(f64(Shape.of(1, 2), 3, -1)), 0, 1);
        assertArrayEquals(new double[] {1}, Run.eval(still.accepted()).toDoubles());
        Tensor wide = Tensors.constant(HostArray.wrap(new float[] {1e30f, 1, 1e-30f, 0}, Shape.of(4, 1)));
        OdeSolution s = a.solve((t, y) -> List.of(y.get(0)), List.of(wide), 0, 1);
        float[] want = {(float) (Math.E * 1e30), (float) Math.E, (float) (Math.E * 1e-30), 0};
        HostArray v = Run.eval(s.y().get(0));
        for (int i = 0; i < 4; i++) {
            assertEquals(want[i], v.get(i), 1e-4 * want[i] + 1e-6);
        }
    }

    private static final List<HostArray> AT = List.of(
            HostArray.wrap(new double[] {0.8, -0.4, 0.3, 1.1}, Shape.of(2, 2)),
            HostArray.wrap(new double[] {-0.5, 1, -1, -0.2}, Shape.of(2, 2)),
            HostArray.wrap(new double[] {0.3, -0.2}, Shape.of(2)));

    /** y' = tanh(y A + t b), with a quadrature of |y|^2 beside it. */
    private static OdeSystem net(Tensor a, Tensor b) {
        return (t, s) -> List.of(
                s.get(0).matmul(a).add(t.expandDims(-1).mul(b)).tanh(),
                s.get(0).square().sum(Tensor.LAST).expandDims(-1));
    }

    private static Tensor end(List<Tensor> y) {
        return Tensors.concat(Tensor.LAST, y.toArray(Tensor[]::new));
    }

    private static List<Tensor> start(Tensor y) {
        return List.of(y, y.slice(Tensor.LAST, 0, 1).mul(0));
    }

    @Test
    void gradientThroughFixedSteps() {
        for (FixedSteps s : List.of(
                FixedSteps.rk4(3), FixedSteps.of(Tableau.DORMAND_PRINCE, 4).checkpointEvery(2))) {
            GradientCheck.check(
                    s.toString(),
                    x -> new Tensor[] {
                        end(s.solve(net(x[1], x[2]), start(x[0]), 0, 1).y())
                    },
                    AT,
                    2,
                    Evaluator.reference());
        }
    }

    /** The gradient is that of the steps with their sizes held; against it, moving sizes change the end by the tolerance. */
    @Test
    void gradientThroughAdaptiveStepsAndTheAdjointAgreeWithTheExactOne() {
        Tensor y = Tensors.constant(AT.get(0));
        Tensor a = Tensors.constant(AT.get(1));
        Tensor b = Tensors.constant(AT.get(2));
        List<Tensor> wrt = List.of(y, a, b);
        AdaptiveSteps tight = AdaptiveSteps.dormandPrince(1e-11, 1e-11).maxSteps(48);
        FixedSteps exact = FixedSteps.of(Tableau.DORMAND_PRINCE, 64);
        AdaptiveSteps chunks = tight.checkpointEvery(7);
        List<Tensor> all = new ArrayList<>();
        for (OdeSolver s : List.of(exact, tight, chunks)) {
            all.addAll(Gradients.of(loss(s.solve(net(a, b), start(y), 0, 1).y()), wrt));
        }
        for (Adjoint j : List.of(Adjoint.of(tight, tight.maxSteps(200)), Adjoint.of(exact, exact))) {
            List<Tensor> e = j.solve(o -> net(o.get(0), o.get(1)), List.of(a, b), start(y), 0, 1);
            all.addAll(Gradients.of(loss(e), wrt));
        }
        List<HostArray> v = Run.eval(all);
        for (int i = 3; i < v.size(); i++) {
            assertArrayEquals(v.get(i % 3).toDoubles(), v.get(i).toDoubles(), 2e-9, "gradient " + i);
        }
    }

    /** The gradient of the adjoint can be differentiated: second derivatives against those through the steps. */
    @Test
    void secondDerivativesOfTheAdjoint() {
        Tensor y = Tensors.constant(AT.get(0));
        Tensor a = Tensors.constant(AT.get(1));
        Tensor b = Tensors.constant(AT.get(2));
        FixedSteps s = FixedSteps.of(Tableau.DORMAND_PRINCE, 24);
        Tensor direct = loss(s.solve(net(a, b), start(y), 0, 1).y());
        Tensor adjoint = loss(Adjoint.of(s, s).solve(o -> net(o.get(0), o.get(1)), List.of(a, b), start(y), 0, 1));
        List<Tensor> second = new ArrayList<>();
        for (Tensor l : List.of(direct, adjoint)) {
            second.addAll(Gradients.of(Gradients.of(l, a).square().sum(), List.of(y, a)));
        }
        List<HostArray> v = Run.eval(second);
        assertArrayEquals(v.get(0).toDoubles(), v.get(2).toDoubles(), 1e-6);
        assertArrayEquals(v.get(1).toDoubles(), v.get(3).toDoubles(), 1e-6);
    }

    private static Tensor loss(List<Tensor> y) {
        return y.get(0).sin().sum().add(y.get(1).sum().mul(0.3));
    }

    @Test
    void wrongUseIsExplained() {
        Tensor y = f64(Shape.of(1, 2), 1, 2);
        Map<Class<? extends RuntimeException>, List<Runnable>> bad = Map.of(
                PlanException.class,
                List.of(
                        () -> FixedSteps.rk4(0),
                        () -> FixedSteps.rk4(2).checkpointEvery(0),
                        () -> AdaptiveSteps.of(Tableau.RK4, 1e-3, 1e-3),
                        () -> AdaptiveSteps.dormandPrince(0, 0),
                        () -> AdaptiveSteps.dormandPrince(Double.NaN, 1e-3),
                        () -> AdaptiveSteps.dormandPrince(1e-3, 1e-3).maxSteps(0),
                        () -> new StepControl(1.1, 0.2, 5, 0),
                        () -> AdaptiveSteps.dormandPrince(1e-9, 1e-9)
                                .solve((t, s) -> s, List.of(y.cast(DType.F32)), 0, 1)),
                ShapeException.class,
                List.of(
                        () -> FixedSteps.rk4(1).solve((t, s) -> s, List.of(), 0, 1),
                        () -> FixedSteps.rk4(1).solve((t, s) -> s, List.of(y), 0, Double.NaN),
                        () -> FixedSteps.rk4(1).solve((t, s) -> s, List.of(y, f64(Shape.of(2, 1), 1, 2)), 0, 1),
                        () -> FixedSteps.rk4(1).solve((t, s) -> List.of(), List.of(y), 0, 1),
                        () -> FixedSteps.rk4(1).solve((t, s) -> List.of(s.get(0).sum()), List.of(y), 0, 1)));
        bad.forEach((type, runs) -> runs.forEach(r -> assertThrows(type, r::run)));
    }
}
