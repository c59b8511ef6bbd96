package org.amortis.langevin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.grad.Gradients;
import org.amortis.param.ParamSpec;
import org.amortis.param.Parameter;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Estimators of one gradient agree in expectation. */
final class GradientModesTest {
    private static final int BLOCKS = 25;
    private static final int PATHS = 1_000;
    /** Not so narrow that the score function estimator knows nothing. */
    private static final LogDensity TARGET =
            x -> x.sub(1).div(.8).square().mul(-.5).sum(-1);

    private static final class Estimate {
        private final double[] mean;
        private final double[] error;

        Estimate(double[] mean, double[] error) {
            this.mean = mean;
            this.error = error;
        }

        double[] mean() {
            return mean;
        }

        double[] error() {
            return error;
        }
    }

    private static Estimate gradient(Method m, GradientMode mode, int steps) {
        ParamSpec spec = Cases.f64();
        LearnedPath p = Cases.path(spec, m, 1, steps);
        return gradient(p, spec, Cases.params(spec), mode);
    }

    private static Estimate gradient(LearnedPath p, ParamSpec spec, Params params, GradientMode mode) {
        Tensor block = Tensors.input("block", DType.I32);
        Noise noise = Noise.of(Key.of(11).fold(mode.name()).fold(block), DType.F64);
        Tensor loss = p.bound(mode, spec.weights(), null, TARGET, TARGET, Shape.of(PATHS), noise)
                .loss();
        Runner r = Program.of(Gradients.of(loss, spec.flat().value())).open(Device.best(), params.store());
        double[] sum = new double[spec.size()];
        double[] squares = new double[spec.size()];
        for (int b = 0; b < BLOCKS; b++) {
            r.feed("block", HostArray.wrap(new int[] {b}, Shape.SCALAR)).run();
            double[] g = r.output(0).doubles();
            for (int i = 0; i < g.length; i++) {
                sum[i] += g[i] / BLOCKS;
                squares[i] += g[i] * g[i] / BLOCKS;
            }
        }
        double[] error = new double[sum.length];
        for (int i = 0; i < error.length; i++) {
            error[i] = Math.sqrt(Math.max(0, squares[i] - sum[i] * sum[i]) / (BLOCKS - 1));
        }
        return new Estimate(sum, error);
    }

    /** Kernels that share parameters, with and without momentum, where points depend on parameters between draws. */
    @ParameterizedTest
    @CsvSource({"ULA", "CMCD", "DIS", "DDS", "PIS", "UHA", "LDVI", "DBS_UD"})
    void logDerivative(Method m) {
        agree(m.name(), gradient(m, GradientMode.REPARAM, 2), gradient(m, GradientMode.LOGDERIV, 2));
    }

    /** From a Gaussian of any covariance, whose factor moves all points with it. */
    @ParameterizedTest
    @CsvSource({"CMCD", "LDVI"})
    void logDerivativeInCoordinatesOfTheNoise(Method m) {
        ParamSpec spec = Cases.f64();
        LearnedPath p = Cases.fullPath(spec, m, 2, 2);
        Params params = Cases.correlated(spec);
        agree(
                m + " full",
                gradient(p, spec, params, GradientMode.REPARAM),
                gradient(p, spec, params, GradientMode.LOGDERIV));
    }

    private static void agree(String m, Estimate a, Estimate b) {
        for (int i = 0; i < a.mean().length; i++) {
            // 5 standard errors of 25 blocks; a few dozen comparisons
            double error = Math.hypot(a.error()[i], b.error()[i]);
            assertEquals(a.mean()[i], b.mean()[i], 5 * error + 1e-12, m + " element " + i);
            assertTrue(error < .15 * Math.max(1, Math.abs(a.mean()[i])), m + " element " + i + " error " + error);
        }
    }

    /** The network of the forward kernel alone: there the variance has the gradient of the bound. */
    @ParameterizedTest
    @CsvSource({"DIS", "DDS", "PIS"})
    void logVariance(Method m) {
        Estimate a = gradient(m, GradientMode.REPARAM, 2);
        Estimate b = gradient(m, GradientMode.LOGVAR, 2);
        ParamSpec spec = Cases.f64();
        Cases.path(spec, m, 1, 2);
        Parameter net = spec.parameters().stream()
                .filter(q -> q.path().startsWith("net/"))
                .findFirst()
                .orElseThrow();
        boolean moved = false;
        for (int i = net.offset(); i < net.end(); i++) {
            double error = Math.hypot(a.error()[i], b.error()[i]);
            assertEquals(a.mean()[i], b.mean()[i], 5 * error + 1e-12, m + " element " + i);
            moved |= Math.abs(a.mean()[i]) > 10 * error;
        }
        assertTrue(moved, "no gradient that differs from zero");
    }
}
