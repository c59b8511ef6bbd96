package org.amortis.dist;

import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.grad.Gradients;
import org.amortis.math.SpecialFunctions;
import org.amortis.tensor.Key;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** Mixtures against sums over their components, their draws against quantiles; masks against what they leave. */
class MixtureTest {
    private static final double[] PARAMETERS = {0.3, -0.5, 0.1, -1, 0.5, 3, -0.2, 0.4, -0.7};

    private static Mixture mixture(Tensor p) {
        return Mixture.ofLogits(p.slice(0, 0, 3), Normal.ofMeanLogStd(p.slice(0, 3, 6), p.slice(0, 6, 9)));
    }

    private static double cdf(double x, double... p) {
        double total = 0;
        double sum = 0;
        for (int k = 0; k < 3; k++) {
            double w = Math.exp(p[k]);
            total += w;
            sum += w * SpecialFunctions.normalCdf((x - p[3 + k]) * Math.exp(-p[6 + k]));
        }
        return sum / total;
    }

    private static double quantile(double u, double... p) {
        double low = -100;
        double high = 100;
        for (int i = 0; i < 200; i++) {
            double middle = 0.5 * (low + high);
            if (cdf(middle, p) < u) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return 0.5 * (low + high);
    }

    @Test
    void densityIsTheSum() {
        Mixture d = mixture(f64(PARAMETERS));
        double[] x = {-3, 0.2, 4};
        double[] w = eval(d.logWeights());
        double[] log = eval(d.logProb(f64(x)));
        double[] shares = eval(d.logResponsibilities(f64(x)));
        for (int i = 0; i < 3; i++) {
            double sum = 0;
            for (int k = 0; k < 3; k++) {
                double z = (x[i] - PARAMETERS[3 + k]) * Math.exp(-PARAMETERS[6 + k]);
                double joint = Math.exp(w[k] - 0.5 * z * z - PARAMETERS[6 + k]) / Math.sqrt(2 * Math.PI);
                sum += joint;
                assertEquals(Math.log(joint) - log[i], shares[3 * i + k], 1e-13);
            }
            assertEquals(Math.log(sum), log[i], 1e-14);
        }
        // a class without weight, and a value that no component comes near: no NaN
        Tensor none = f64(0, Double.NEGATIVE_INFINITY);
        Tensor mean = f64(0, 1);
        Tensor far =
                Mixture.ofLogits(none, Normal.ofMeanLogStd(mean, f64(0, 0))).logProb(f64(1e4));
        assertEquals(-0.5e8 - Normal.HALF_LOG_TWO_PI, eval(far)[0], 1e-7);
        assertArrayEquals(new double[] {1e4, 0}, eval(Gradients.of(far.sum(), mean)));
    }

    @Test
    void drawsFollowTheDistributionFunction() {
        double[] x = Narrow.run(mixture(f64(PARAMETERS)).sample(Key.of(2), 5000));
        FitTests.continuous("mixture", x, v -> cdf(v, PARAMETERS));
    }

    private static double moved(double u, double[] along, double h) {
        double[] p = PARAMETERS.clone();
        for (int j = 0; j < p.length; j++) {
            p[j] += h * along[j];
        }
        return quantile(u, p);
    }

    private static double slope(double u, double[] along, double h) {
        return (moved(u, along, h) - moved(u, along, -h)) / (2 * h);
    }

    private static double bend(double u, double[] along, double h) {
        return (moved(u, along, h) - 2 * moved(u, along, 0) + moved(u, along, -h)) / (h * h);
    }

    /**
     * A draw moves as the quantile at its own probability does: first and second derivatives by extrapolated differences.
     * Their errors are h^4 and, of the second, 1e-15 / h^2 from rounding.
     */
    @Test
    void drawsMoveAsQuantiles() {
        State s = new State("p", f64(PARAMETERS).type());
        Map<State, double[]> at = Map.of(s, PARAMETERS);
        int n = 6;
        Tensor x = mixture(s.value()).rsample(Key.of(3), n);
        double[] drawn = eval(x, at);
        for (int i = 0; i < n; i++) {
            Tensor first = Gradients.of(x.at(0, i), s.value());
            double[] g = eval(first, at);
            double[] second = eval(Gradients.of(first.sum(), s.value()), at);
            double u = cdf(drawn[i], PARAMETERS);
            for (int j = 0; j < PARAMETERS.length; j++) {
                double[] along = new double[PARAMETERS.length];
                along[j] = 1;
                double slope = (4 * slope(u, along, 5e-4) - slope(u, along, 1e-3)) / 3;
                assertEquals(slope, g[j], 1e-8 * Math.max(1, Math.abs(slope)), "draw " + i + ", parameter " + j);
            }
            // along all parameters together the second derivative is a second difference
            double[] along = new double[PARAMETERS.length];
            java.util.Arrays.fill(along, 1);
            double bend = (4 * bend(u, along, 5e-4) - bend(u, along, 1e-3)) / 3;
            double sum = 0;
            for (double v : second) {
                sum += v;
            }
            assertEquals(bend, sum, 1e-6 * Math.max(1, Math.abs(bend)), "draw " + i);
        }
    }

    /** Forty standard deviations from all other components, in float32: value and gradients are numbers. */
    @Test
    void farApartInFloat32() {
        Narrow.agree(
                p -> Mixture.ofLogits(p.slice(0, 0, 2), Normal.ofMeanLogStd(p.slice(0, 2, 4), p.slice(0, 4, 6)))
                        .logProb(Tensors.fill(45, p.dtype(), Shape.of(1))),
                0,
                1,
                0,
                40,
                0,
                0.5);
        Tensor p = Narrow.f32(0, 1, 0, 40, 0, 0.5);
        Mixture d = Mixture.ofLogits(p.slice(0, 0, 2), Normal.ofMeanLogStd(p.slice(0, 2, 4), p.slice(0, 4, 6)));
        Tensor x = d.rsample(Key.of(4), 500);
        for (double v : Narrow.run(Gradients.of(x.sum(), p))) {
            assertTrue(Double.isFinite(v), "gradient " + v);
        }
    }

    @Test
    void maskedValuesMayBeAnything() {
        Tensor mean = f64(0.5, -1, 2);
        Tensor mask = Tensors.constant(HostArray.wrap(DType.BOOL, new int[] {1, 0, 1}, Shape.of(3)));
        Tensor x = f64(1, Double.NaN, 0);
        Masked d = Masked.of(Normal.ofMeanStd(mean, 1), mask);
        Tensor p = d.logProb(x);
        double[] v = eval(p);
        assertEquals(-0.125 - Normal.HALF_LOG_TWO_PI, v[0], 1e-15);
        assertEquals(0, v[1]);
        assertArrayEquals(new double[] {0.5, 0, -2}, eval(Gradients.of(p.sum(), mean)), 1e-15);
        assertArrayEquals(new double[] {-0.5, 0, 2}, eval(Gradients.of(p.sum(), x)), 1e-15);
        assertEquals(0, eval(d.klTo(Masked.of(Normal.ofMeanStd(mean.add(1), 1), mask)))[1]);
        assertEquals(0.5, eval(d.klTo(Masked.of(Normal.ofMeanStd(mean.add(1), 1), mask)))[0], 1e-15);
        Tensor other = Tensors.constant(HostArray.wrap(DType.BOOL, new int[] {1, 1, 1}, Shape.of(3)));
        assertTrue(d.closedKlTo(Masked.of(Normal.ofMeanStd(mean, 1), other)).isEmpty());
        Masked sequences = Masked.of(
                Independent.of(Poisson.ofRate(f64(Shape.of(2, 2), 1, 2, 3, 4))),
                Tensors.constant(HostArray.wrap(DType.BOOL, new int[] {0, 1}, Shape.of(2))));
        assertEquals(0, eval(sequences.logProb(f64(Shape.of(2, 2), -1, 0, 2, 2)))[0]);
        assertEquals(
                Shape.of(3, 2),
                sequences.logProb(f64(Shape.of(3, 2, 2), new double[12])).shape());
    }

    @Test
    void mistakesAreNamed() {
        Normal three = Normal.ofMeanStd(f64(1, 2, 3), 1);
        assertThrows(ShapeException.class, () -> Mixture.ofLogits(f64(1, 2), three));
        assertThrows(ShapeException.class, () -> Mixture.ofLogits(f64(Shape.of(2, 3), 1, 2, 3, 4, 5, 6), three));
        assertThrows(ShapeException.class, () -> Mixture.ofLogits(f64(1), Normal.ofMeanStd(f64(Shape.SCALAR, 1), 1)));
        PlanException e = assertThrows(
                PlanException.class,
                () -> Mixture.ofLogits(f64(1, 2), Poisson.ofRate(f64(1, 2))).rsample(Key.of(1)));
        assertTrue(e.getMessage().contains("are Normal"), e.getMessage());
        assertThrows(DTypeException.class, () -> Masked.of(three, f64(1, 0, 1)));
        assertThrows(
                ShapeException.class,
                () -> Masked.of(three, Tensors.constant(HostArray.wrap(DType.BOOL, new int[] {1, 0}, Shape.of(2)))));
    }
}
