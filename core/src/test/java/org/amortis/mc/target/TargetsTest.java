package org.amortis.mc.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.check.Evaluator;
import org.amortis.check.GradientCheck;
import org.amortis.dist.MultivariateNormal;
import org.amortis.mc.LogZ;
import org.amortis.mc.Target;
import org.amortis.mc.TargetMoments;
import org.amortis.runtime.Run;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TargetsTest {
    static Set<String> names() {
        return Targets.TABLE.names();
    }

    private static HostArray near(int rows, int d, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] x = new double[rows * d];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextDouble(-1, 1);
        }
        return HostArray.wrap(x, Shape.of(rows, d));
    }

    @ParameterizedTest
    @MethodSource("names")
    void gradientsOfBothOrders(String name) {
        Target t = Targets.named(name);
        HostArray at = near(2, t.dimension(), 5);
        GradientCheck.check(name, x -> new Tensor[] {t.logDensity(x[0])}, List.of(at), 2, Evaluator.reference());
    }

    @ParameterizedTest
    @MethodSource("names")
    void float32FollowsFloat64(String name) {
        Target t = Targets.named(name);
        assertEquals(name, t.name());
        HostArray at = near(5, t.dimension(), 6);
        Tensor z = Tensors.constant(at);
        List<HostArray> r = Run.eval(List.of(t.logDensity(z), t.logDensity(z.cast(DType.F32))));
        for (int i = 0; i < 5; i++) {
            double v = r.get(0).get(i);
            assertEquals(v, r.get(1).get(i), 1e-5 * Math.max(1, Math.abs(v)));
        }
    }

    /** Means and variances of exact draws, where there are both, within five standard errors. */
    @ParameterizedTest
    @MethodSource("names")
    void drawsHaveTheMoments(String name) {
        Target t = Targets.named(name);
        // the variance of a centred funnel's variance is that of exp(2 x_1), which no number of draws shows
        if (t.sampler().isEmpty() || t.moments().isEmpty() || name.equals("funnel")) {
            return;
        }
        int n = 20_000;
        int d = t.dimension();
        TargetMoments m = t.moments().orElseThrow();
        double[] x = t.sampler().orElseThrow().sample(n, 11).doubles();
        for (int j = 0; j < d; j++) {
            double mean = m.mean().get(j);
            double std = m.std().get(j);
            double first = 0;
            double second = 0;
            double fourth = 0;
            for (int i = 0; i < n; i++) {
                double u = (x[i * d + j] - mean) / std;
                first += u / n;
                second += u * u / n;
                fourth += u * u * u * u / n;
            }
            assertEquals(0, first, 5 / Math.sqrt(n), name + " mean " + j);
            assertEquals(1, second, 5 * Math.sqrt((fourth - 1) / n), name + " variance " + j);
        }
    }

    /** Quadrature by another program. */
    @Test
    void constantsOfTheWells() {
        assertEquals(42.817242677530665, exact(Targets.named("many-well")), 1e-11);
        assertEquals(-0.5410555128794529, exact(Targets.named("many-well-5")), 1e-11);
        assertEquals(164.69567531318188, exact(Targets.named("fab-many-well")), 1e-10);
        assertEquals(
                32, Targets.named("many-well").modes().orElseThrow().shape().dim(0));
    }

    private static double exact(Target t) {
        LogZ z = t.logZ().orElseThrow();
        assertEquals(LogZ.Kind.EXACT, z.kind());
        return z.value();
    }

    /** Sums over a grid: what is called normalised is, and means come out. */
    @Test
    void integralsOfTheLineAndThePlane() {
        integral(Targets.named("gmm1d"), 601, 0.03, 0, 0);
        integral(Targets.named("gmm-2d"), 201, 0.1, 0, 0);
        integral(Mixtures.students("students", HostArray.of(1.5, 4).reshape(Shape.of(2, 1))), 40_001, 0.05, 2e-6, .05);
    }

    /** Evidence and moments of one school, all three coordinates on a grid. */
    @Test
    void integralsOfOneSchool() {
        Schools one = Schools.of(new double[] {1.5}, new double[] {0.8}, 1, 0.7);
        // below log tau = -8 lie 3.4e-4 of the posterior, and above 4 the grid is too coarse for the effect
        integral(one.nonCentred("one"), 81, 0.2, 4e-4, 6e-3);
        // by quadrature of another program
        Target t = one.centred("one");
        assertEquals(-1.9581424885, exact(t), 1e-9);
        assertEquals(-0.6607088919, t.moments().orElseThrow().mean().get(1), 1e-9);
    }

    /** A cubic grid about 0 (sums converge at once where the density vanishes at the ends), bounds for what lies outside. */
    private static void integral(Target t, int points, double step, double missing, double meanError) {
        int d = t.dimension();
        int n = (int) Math.round(Math.pow(points, d));
        double[] x = new double[n * d];
        for (int i = 0; i < n; i++) {
            int rest = i;
            for (int j = 0; j < d; j++) {
                x[i * d + j] = (rest % points - points / 2) * step;
                rest /= points;
            }
        }
        double[] log = Run.eval(t.logDensity(Tensors.resident(HostArray.wrap(x, Shape.of(n, d)))))
                .doubles();
        double z = 0;
        double[] mean = new double[d];
        double cell = Math.pow(step, d);
        for (int i = 0; i < n; i++) {
            double p = Math.exp(log[i] - exact(t)) * cell;
            z += p;
            for (int j = 0; j < d; j++) {
                mean[j] += p * x[i * d + j];
            }
        }
        assertEquals(1, z, missing + 1e-9, t.name());
        for (int j = 0; j < d && t.moments().isPresent(); j++) {
            assertEquals(t.moments().orElseThrow().mean().get(j), mean[j], meanError + 1e-9, t.name() + " " + j);
        }
    }

    /** The two forms differ by the determinant of the change of coordinates and agree in what they share. */
    @Test
    void formsOfTheSchoolsAgree() {
        Target a = Targets.named("eight-schools");
        Target b = Targets.named("eight-schools-noncentred");
        Tensor z = Tensors.constant(near(4, 10, 3));
        Tensor u = z.slice(-1, 1, 2);
        Tensor theta = z.slice(-1, 0, 1).add(z.slice(-1, 2, 10).mul(u.exp()));
        Tensor moved = Tensors.concat(-1, z.slice(-1, 0, 2), theta);
        List<HostArray> r = Run.eval(
                List.of(b.logDensity(z), a.logDensity(moved).add(u.reshape(4).mul(8))));
        for (int i = 0; i < 4; i++) {
            assertEquals(
                    r.get(0).get(i), r.get(1).get(i), 1e-11 * Math.abs(r.get(0).get(i)));
        }
        assertEquals(exact(a), exact(b), 1e-11);
        for (int j = 0; j < 2; j++) {
            assertEquals(
                    a.moments().orElseThrow().std().get(j),
                    b.moments().orElseThrow().std().get(j),
                    1e-12);
        }
        // values that long runs of others give for this model: mu 4.4 +- 3.3, tau 3.6, theta_1 6.2 +- 5.6
        TargetMoments m = a.moments().orElseThrow();
        assertEquals(4.4, m.mean().get(0), .1);
        assertEquals(3.3, m.std().get(0), .1);
        assertEquals(6.2, m.mean().get(2), .2);
        assertEquals(5.6, m.std().get(2), .2);
    }

    @Test
    void gaussianAsTheDistribution() {
        HostArray mean = HostArray.of(1, -2, .5);
        HostArray covariance = HostArray.wrap(new double[] {2, .5, -.3, .5, 1, .2, -.3, .2, .7}, Shape.of(3, 3));
        Target t = Gaussian.of("g", mean, covariance);
        Tensor z = Tensors.constant(near(6, 3, 8));
        Tensor expected = MultivariateNormal.ofMeanCovariance(Tensors.constant(mean), Tensors.constant(covariance))
                .logProb(z);
        List<HostArray> r = Run.eval(List.of(expected, t.logDensity(z)));
        for (int i = 0; i < 6; i++) {
            assertEquals(r.get(0).get(i), r.get(1).get(i), 1e-12);
        }
    }

    @Test
    void funnelIsCentredFromItsOtherForm() {
        Target a = Targets.named("funnel");
        Target b = Targets.named("funnel-noncentred");
        Tensor z = Tensors.constant(near(4, 10, 9));
        Tensor jacobian = z.at(-1, 0).mul(4.5);
        List<HostArray> r =
                Run.eval(List.of(b.logDensity(z), a.logDensity(Funnel.centre(z)).add(jacobian)));
        for (int i = 0; i < 4; i++) {
            assertEquals(
                    r.get(0).get(i), r.get(1).get(i), 1e-12 * Math.abs(r.get(0).get(i)));
        }
        double[] x = a.sampler().orElseThrow().sample(20_000, 3).doubles();
        double square = 0;
        for (int i = 0; i < 20_000; i++) {
            square += Math.pow(x[i * 10 + 4] * Math.exp(-x[i * 10] / 2), 2) / 20_000;
        }
        assertEquals(1, square, 5 * Math.sqrt(2 / 20_000.0));
    }

    @Test
    void logisticRegressionByRows() {
        HostArray x = near(7, 3, 4);
        double[] y = {0, 1, 1, 0, 1, 0, 0};
        Target t = LogisticRegression.of("lr", x, y, 2);
        double[] w = {.4, -1.3, 2};
        double expected = 0;
        for (double v : w) {
            expected -= v * v / 8 + Math.log(2 * Math.sqrt(2 * Math.PI));
        }
        for (int i = 0; i < 7; i++) {
            double l = x.at(i, 0) * w[0] + x.at(i, 1) * w[1] + x.at(i, 2) * w[2];
            expected += Math.log(1 / (1 + Math.exp(y[i] == 1 ? -l : l)));
        }
        assertEquals(
                expected,
                Run.eval(t.logDensity(Tensors.constant(HostArray.of(w)))).scalar(),
                1e-13);
        GradientCheck.check(
                "lr", z -> new Tensor[] {t.logDensity(z[0])}, List.of(near(2, 3, 5)), 2, Evaluator.reference());
        // no rows at all, and logits far beyond the range of exp in float32
        Tensor none = Tensors.zeros(DType.F32, Shape.of(0, 3));
        Tensor far = Tensors.fill(3e4, DType.F32, Shape.of(2, 3));
        List<HostArray> r = Run.eval(List.of(t.logDensity(none), t.logDensity(far), t.logDensity(far.cast(DType.F64))));
        assertEquals(Shape.of(0), r.get(0).shape());
        assertEquals(r.get(2).get(1), r.get(1).get(1), 1e-5 * Math.abs(r.get(2).get(1)));
    }

    @Test
    void badArguments() {
        Target t = Targets.named("banana");
        List<String> messages = new ArrayList<>();
        messages.add(assertThrows(ShapeException.class, () -> t.logDensity(Tensors.zeros(DType.F32, Shape.of(4, 3))))
                .getMessage());
        messages.add(assertThrows(DTypeException.class, () -> t.logDensity(Tensors.zeros(DType.I32, Shape.of(4, 2))))
                .getMessage());
        for (String m : messages) {
            assertTrue(m.contains("banana"), m);
        }
        String unknown = assertThrows(PlanException.class, () -> Targets.named("bananna"))
                .getMessage();
        assertTrue(unknown.contains("bananna") && unknown.contains("many-well"), unknown);
        assertThrows(PlanException.class, () -> Target.of("none", 0, z -> z));
        assertThrows(PlanException.class, () -> t.scale(0));
        assertThrows(ShapeException.class, () -> t.modes(HostArray.of(1, 2)));
        assertThrows(ShapeException.class, () -> t.moments(TargetMoments.exact(new double[3], new double[3])));
        assertThrows(PlanException.class, () -> LogZ.reference(1, 0));
        assertThrows(PlanException.class, () -> LogZ.exact(Double.NaN));
        assertThrows(PlanException.class, () -> Wells.symmetric("w", 3, 4, 1));
        assertThrows(PlanException.class, () -> Funnel.centred("f", 1));
        assertThrows(
                PlanException.class,
                () -> Gaussian.of("g", HostArray.of(0, 0), HostArray.wrap(new double[] {1, 2, 2, 1}, Shape.of(2, 2))));
        assertThrows(PlanException.class, () -> LogisticRegression.of("l", near(2, 2, 1), new double[] {1, 2}, 1));
        assertThrows(ShapeException.class, () -> LogisticRegression.of("l", near(2, 2, 1), new double[] {1}, 1));
        assertThrows(ShapeException.class, () -> Schools.of(new double[] {1}, new double[] {}, 1, 1));
        assertThrows(PlanException.class, () -> Targets.TABLE.with(Targets.TABLE));
    }
}
