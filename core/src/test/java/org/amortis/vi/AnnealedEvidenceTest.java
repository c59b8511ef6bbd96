package org.amortis.vi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.mc.HmcSettings;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.vae.LinearGaussian;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Annealing on the linear Gaussian model, whose evidence is known. */
final class AnnealedEvidenceTest {
    private static final double LOG_P = -2.983124745306;
    private static final TensorType X = new TensorType(DType.F64, Shape.of(0, 3));

    private final ParamSpec spec = new ParamSpec(DType.F64);
    private final LinearGaussian model = LinearGaussian.of(
            spec.at("model"),
            HostArray.wrap(new double[] {1, .5, .3, -1, .8, .8}, Shape.of(3, 2)),
            HostArray.of(.1, -.2, 0),
            .25);
    private final Params params = Params.init(spec, Key.of(1));

    private static HostArray gold(int n) {
        double[] x = new double[3 * n];
        for (int i = 0; i < n; i++) {
            x[3 * i] = 1;
            x[3 * i + 1] = -.5;
            x[3 * i + 2] = .7;
        }
        return HostArray.wrap(x, Shape.of(n, 3));
    }

    /** The mean weight is p(x) whatever the number of temperatures: its mean over rows within 4.5 standard errors. */
    @ParameterizedTest
    @EnumSource(GaussianFamily.class)
    void meanWeightIsTheEvidence(GaussianFamily family) {
        int n = 100;
        try (Device device = Device.builder().threads(1).build()) {
            double before = Double.POSITIVE_INFINITY;
            for (int temperatures : new int[] {5, 40}) {
                // a fixed step: adapting it on the way is not covered by the proof
                AnnealedSettings s = new AnnealedSettings(
                        40, temperatures, 0, HmcSettings.prior().fixedStep(.15), 32, 7 + temperatures);
                AnnealedEstimate e = new AnnealedEvidence(model, params, family, X, s, device)
                        .run(gold(n), Gaussians.standard(family, DType.F64, n, 2));
                double[] ratio = new double[n];
                double spread = 0;
                for (int i = 0; i < n; i++) {
                    ratio[i] = Math.exp(e.logEvidence()[i] - LOG_P);
                    spread += e.spread()[i] / n;
                }
                double error = LogWeights.standardDeviation(ratio) / Math.sqrt(n);
                assertEquals(1, LogWeights.mean(ratio), 4.5 * error, temperatures + " temperatures");
                assertTrue(spread < before / 2, temperatures + " temperatures: " + spread + " after " + before);
                before = spread;
            }
        }
    }

    @Test
    void anchoredChainsNeedFewTemperatures() {
        Gaussians near = new Gaussians(
                GaussianFamily.DIAGONAL,
                HostArray.wrap(new double[] {.5, .4}, Shape.of(1, 2)),
                HostArray.wrap(new double[] {-1, -1.1}, Shape.of(1, 2)));
        try (Device device = Device.builder().threads(1).build()) {
            AnnealedSettings s = AnnealedSettings.anchored(64, 20, 3).rows(1);
            AnnealedEstimate e =
                    new AnnealedEvidence(model, params, GaussianFamily.DIAGONAL, X, s, device).run(gold(1), near);
            assertEquals(LOG_P, e.logEvidence()[0], 4.5 * e.spread()[0] / 8 + e.spread()[0] * e.spread()[0] / 64);
            assertTrue(e.spread()[0] < .5, "spread " + e.spread()[0]);
            assertTrue(e.acceptance()[0] > .5, "acceptance " + e.acceptance()[0]);
        }
    }

    /** Simulated data: chains from q give a lower bound, chains back from the exact latent an upper one. */
    @Test
    void sandwichClosesOnTheEvidence() {
        int n = 48;
        double[] width = new double[2];
        Tensor z = Random.normal(Key.of(21), DType.F64, Shape.of(n, 2));
        Tensor x = model.simulate(params.frozen(), z, Key.of(22));
        List<HostArray> v = Run.eval(List.of(z, x, model.logEvidence(params.frozen(), x)));
        try (Device device = Device.builder().threads(1).build()) {
            int round = 0;
            for (int temperatures : new int[] {10, 200}) {
                AnnealedSettings s = new AnnealedSettings(
                        8, temperatures, 4, HmcSettings.prior().fixedStep(.15), 16, 5);
                AnnealedEvidence a = new AnnealedEvidence(model, params, GaussianFamily.DIAGONAL, X, s, device);
                Gaussians prior = Gaussians.standard(GaussianFamily.DIAGONAL, DType.F64, n, 2);
                double[] low = a.run(v.get(1), prior).logEvidence();
                double[] high = a.reverse(v.get(1), prior, v.get(0)).logEvidence();
                double[] below = new double[n];
                double[] above = new double[n];
                for (int i = 0; i < n; i++) {
                    below[i] = v.get(2).get(i) - low[i];
                    above[i] = high[i] - v.get(2).get(i);
                }
                double allowed = 4.5 / Math.sqrt(n);
                assertTrue(LogWeights.mean(below) > -allowed * LogWeights.standardDeviation(below), "lower bound");
                assertTrue(LogWeights.mean(above) > -allowed * LogWeights.standardDeviation(above), "upper bound");
                width[round++] = LogWeights.mean(below) + LogWeights.mean(above);
            }
        }
        assertTrue(width[0] > 2 * width[1] && width[1] < .1, width[0] + " then " + width[1]);
    }

    @Test
    void rowsDoNotDependOnTheirCompany() {
        try (Device device = Device.builder().threads(1).build()) {
            AnnealedEvidence a = new AnnealedEvidence(
                    model,
                    params,
                    GaussianFamily.FULL,
                    X,
                    AnnealedSettings.anchored(3, 4, 9).rows(4),
                    device);
            double[] many = a.run(gold(6), Gaussians.standard(GaussianFamily.FULL, DType.F64, 6, 2))
                    .logEvidence();
            double[] few = a.run(gold(2), Gaussians.standard(GaussianFamily.FULL, DType.F64, 2, 2))
                    .logEvidence();
            assertArrayEquals(few, java.util.Arrays.copyOf(many, 2));
            assertTrue(many[0] != many[1], "rows have their own noise");
        }
    }
}
