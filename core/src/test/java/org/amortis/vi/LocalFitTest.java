package org.amortis.vi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.TensorType;
import org.amortis.vae.LinearGaussian;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Local fits of the linear Gaussian model, whose best Gaussians are known. */
final class LocalFitTest {
    private static final double LOG_P = -2.983124745306;
    private static final double BEST_DIAGONAL = -3.074200569153;

    private static final LocalFitSettings SETTINGS =
            LocalFitSettings.standard().slots(3).steps(8, 600, 300, 100);

    private final ParamSpec spec = new ParamSpec(DType.F64);
    private final LinearGaussian model = LinearGaussian.of(
            spec.at("model"),
            HostArray.wrap(new double[] {1, .5, .3, -1, .8, .8}, Shape.of(3, 2)),
            HostArray.of(.1, -.2, 0),
            .25);
    private final Params params = Params.init(spec, Key.of(1));

    private static HostArray data(int n) {
        double[] x = new double[3 * n];
        for (int i = 0; i < n; i++) {
            // every other row is the row of the gold values
            x[3 * i] = i % 2 == 0 ? 1 : i - 2;
            x[3 * i + 1] = i % 2 == 0 ? -.5 : .3 * i;
            x[3 * i + 2] = i % 2 == 0 ? .7 : 1;
        }
        return HostArray.wrap(x, Shape.of(n, 3));
    }

    private static final TensorType X = new TensorType(DType.F64, Shape.of(0, 3));

    @ParameterizedTest
    @EnumSource(GaussianFamily.class)
    void reachesTheBest(GaussianFamily family) {
        HostArray x = data(7);
        try (Device device = Device.builder().threads(1).build()) {
            LocalFit fit = new LocalFit(model, params, family, X, SETTINGS, device);
            Gaussians q = fit.run(x, Gaussians.standard(family, DType.F64, 7, 2));
            EvidenceEstimate e = EvidenceEstimator.local(
                            model, params, family, X, new EvidenceSettings(2000, 50, 4, 3), device)
                    .run(x, q);
            double want = family == GaussianFamily.FULL ? LOG_P : BEST_DIAGONAL;
            for (int i = 0; i < 7; i += 2) {
                // what the fit misses costs the square of its distance from the optimum: far below 1e-3 nats
                assertEquals(want, e.elbo()[i], 1e-3 + 4.5 * e.elboError()[i], "row " + i);
                assertEquals(.5185751501, q.mean().get(2 * i), .01);
                assertEquals(.4085966701, q.mean().get(2 * i + 1), .01);
                double[] c = q.covariance(i);
                double[] exact = family == GaussianFamily.FULL
                        ? new double[] {.1514894099, -.0594631329, -.0594631329, .1401630989}
                        : new double[] {.1262626263, 0, 0, .1168224299};
                assertArrayEquals(exact, c, .005);
                // relative variance of the mean weight is about 1 / (effective draws)
                assertEquals(LOG_P, e.logEvidence()[i], 4.5 / Math.sqrt(e.effectiveSamples()[i]));
                assertTrue(e.effectiveSamples()[i] > (family == GaussianFamily.FULL ? 1990 : 500));
            }
        }
    }

    @Test
    void rowsDoNotDependOnTheirCompany() {
        try (Device device = Device.builder().threads(1).build()) {
            LocalFitSettings few = SETTINGS.steps(4, 50, 25, 25);
            LocalFit fit = new LocalFit(model, params, GaussianFamily.FULL, X, few, device);
            Gaussians all = fit.run(data(7), Gaussians.standard(GaussianFamily.FULL, DType.F64, 7, 2));
            Gaussians two = fit.run(data(2), Gaussians.standard(GaussianFamily.FULL, DType.F64, 2, 2));
            assertArrayEquals(two.mean().doubles(), all.rows(0, 2).mean().doubles());
            assertArrayEquals(two.scale().doubles(), all.rows(0, 2).scale().doubles());
        }
    }

    @Test
    void theBetterStartGoesOn() {
        HostArray x = data(4);
        try (Device device = Device.builder().threads(1).build()) {
            LocalFitSettings few = SETTINGS.steps(8, 25, 25, 25);
            LocalFit fit = new LocalFit(model, params, GaussianFamily.DIAGONAL, X, few, device);
            EvidenceEstimator judge = EvidenceEstimator.local(
                    model, params, GaussianFamily.DIAGONAL, X, EvidenceSettings.of(100, 3), device);
            Gaussians near = Gaussians.standard(GaussianFamily.DIAGONAL, DType.F64, 4, 2);
            HostArray off = near.mean().copy();
            for (int i = 0; i < 4; i++) {
                off.doubles()[2 * i + i / 2] = 50;
            }
            Gaussians far = new Gaussians(GaussianFamily.DIAGONAL, off, near.scale());
            double[] alone = judge.run(x, fit.run(x, near)).elbo();
            double[] raced = judge.run(x, fit.run(x, far, near, judge)).elbo();
            double[] lost = judge.run(x, fit.run(x, far)).elbo();
            for (int i = 0; i < 4; i++) {
                assertTrue(
                        raced[i] > alone[i] - 0.5 && lost[i] < alone[i] - 100,
                        raced[i] + " " + alone[i] + " " + lost[i]);
            }
        }
    }
}
