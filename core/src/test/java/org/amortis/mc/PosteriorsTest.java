package org.amortis.mc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.ToDoubleFunction;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.runtime.Device;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Samplers with warm-up on posteriors that are known. */
final class PosteriorsTest {
    private static Device device() {
        return Device.builder().threads(1).build();
    }

    /** Mean over the draws of each chain against its expectation; the chains' means give the error. */
    private static void assertMean(double expected, Samples s, ToDoubleFunction<double[]> f, String what) {
        int chains = s.draws().shape().dim(0);
        int draws = s.draws().shape().dim(1);
        int d = s.draws().shape().dim(2);
        double[] mean = new double[chains];
        double m = 0;
        for (int c = 0; c < chains; c++) {
            for (int n = 0; n < draws; n++) {
                int at = (c * draws + n) * d;
                mean[c] +=
                        f.applyAsDouble(java.util.Arrays.copyOfRange(s.draws().doubles(), at, at + d)) / draws;
            }
            m += mean[c] / chains;
        }
        double v = 0;
        for (double x : mean) {
            v += (x - m) * (x - m) / (chains - 1);
        }
        assertEquals(expected, m, 4.5 * Math.sqrt(v / chains), what);
    }

    /**
     * Simulation-based calibration (Talts et al. 2018): theta ~ N(0, 1)^2, three y ~ N(A theta, 0.5^2). Each chain has a
     * data set of its own; the rank of its theta among 19 draws is uniform. Statistic over 20 bins: 19 degrees of freedom,
     * 99.99% below 50.8.
     */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F64"})
    void ranksOfTheTruthAreUniform(DType dtype) {
        int c = 400;
        int draws = 19;
        double[][] a = {{1, .8}, {.5, -.2}, {0, 1}};
        java.util.Random random = new java.util.Random(17);
        double[] theta = random.doubles(2L * c).map(u -> random.nextGaussian()).toArray();
        double[] data = new double[3 * c];
        for (int i = 0; i < c; i++) {
            for (int k = 0; k < 3; k++) {
                data[3 * i + k] = a[k][0] * theta[2 * i] + a[k][1] * theta[2 * i + 1] + .5 * random.nextGaussian();
            }
        }
        Tensor y = Tensors.resident(HostArray.wrap(data, Shape.of(c, 3)).cast(dtype));
        Tensor rows = Tensors.constant(HostArray.wrap(new double[] {1, .5, 0, .8, -.2, 1}, Shape.of(2, 3))
                .cast(dtype));
        LogDensity posterior = z -> y.sub(z.matmul(rows))
                .square()
                .sum(-1)
                .mul(-2.)
                .sub(z.square().sum(-1).mul(.5));
        try (Device device = device()) {
            SamplerSettings s = SamplerSettings.of(c, 100, draws, 29).thin(3);
            Samples r = Sampler.of(posterior, dtype, 2, Nuts.standard().maxDepth(6), s, device)
                    .start(1)
                    .run();
            for (int k = 0; k < 2; k++) {
                int[] histogram = new int[draws + 1];
                double[][] z = r.coordinate(k);
                for (int i = 0; i < c; i++) {
                    int rank = 0;
                    for (double v : z[i]) {
                        rank += v < theta[2 * i + k] ? 1 : 0;
                    }
                    histogram[rank]++;
                }
                double chi = 0;
                double expected = c / (draws + 1.);
                for (int h : histogram) {
                    chi += (h - expected) * (h - expected) / expected;
                }
                assertTrue(chi < 50.8, dtype + ", coordinate " + k + ": " + chi);
            }
        }
    }

    /**
     * Neal's funnel without centring is the standard normal; x1 = 3 e1 has variance 9 and x2 = exp(x1 / 2) e2 the variance
     * E exp(x1), of which too few draws see the tail, so that it is cut: P(x2^2 < exp(x1)) = P(|e2| < 1) = 0.682689.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void funnelWithoutCentring(boolean nuts) {
        LogDensity normal = z -> z.square().sum(-1).mul(-.5);
        Transition t = nuts ? Nuts.standard() : Hmc.of(4);
        try (Device device = device()) {
            Samples s = Sampler.of(normal, DType.F64, 5, t, SamplerSettings.of(30, 100, 60, 4), device)
                    .start(1)
                    .run();
            assertMean(0, s, e -> 3 * e[0], "mean");
            assertMean(9, s, e -> 9 * e[0] * e[0], "variance");
            assertMean(.682689492137086, s, e -> e[1] * e[1] < 1 ? 1 : 0, "width");
            assertMean(0, s, e -> Math.exp(Math.min(0, 1.5 * e[0])) * e[1], "narrow end");
        }
    }

    /** Deviations from 1 to 30 and neighbours correlated by 0.9: a dense metric learns both. */
    @Test
    void illConditionedGaussian() {
        int d = 8;
        LogDensity chain = z -> {
            // x_i = 0.9 x_{i-1} + noise of variance 0.19, in units of 30^(i / 7)
            double[] scale = new double[d];
            for (int i = 0; i < d; i++) {
                scale[i] = Math.pow(30, -i / 7.);
            }
            Tensor x = z.mul(Tensors.constant(HostArray.of(scale).cast(z.dtype())));
            Tensor step = x.slice(1, 1, d).sub(x.slice(1, 0, d - 1).mul(.9));
            return x.at(1, 0).square().add(step.square().sum(-1).div(.19)).mul(-.5);
        };
        try (Device device = device()) {
            SamplerSettings s = SamplerSettings.of(30, 200, 60, 4).mass(Metric.Kind.DENSE);
            Sampler sampler =
                    Sampler.of(chain, DType.F64, d, Nuts.standard(), s, device).start(5);
            Samples r = sampler.run();
            assertMean(1, r, z -> z[0] * z[0], "first variance");
            assertMean(900, r, z -> z[7] * z[7], "last variance");
            assertMean(.9 * Math.pow(30, 1 / 7.), r, z -> z[0] * z[1], "covariance");
            assertMean(Math.pow(.9, 7) * 30, r, z -> z[0] * z[7], "covariance of the ends");
            // the metric makes it round: trees of a few leaves
            assertTrue(r.mean(Statistic.EVALUATIONS) < 8, "leaves " + r.mean(Statistic.EVALUATIONS));
        }
    }
}
