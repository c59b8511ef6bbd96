package org.amortis.diagnose;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.nn.Linear;
import org.amortis.param.Initializer;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.TensorType;
import org.amortis.vae.LinearGaussian;
import org.amortis.vi.AmortizedGaussian;
import org.amortis.vi.AnnealedSettings;
import org.amortis.vi.EvidenceSettings;
import org.amortis.vi.LocalFitSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole audit on linear Gaussian models, against closed forms computed here on the host. */
final class GapAuditTest {
    private static final GapSettings SETTINGS = new GapSettings(
            LocalFitSettings.standard().slots(8).steps(8, 600, 300, 50),
            LocalFitSettings.standard().slots(8).steps(8, 600, 300, 50).seed(2),
            new EvidenceSettings(4000, 100, 8, 3),
            new EvidenceSettings(2000, 100, 8, 4),
            AnnealedSettings.anchored(32, 10, 5).rows(8),
            new CertificateSettings(2, 8, 3, 1, 6));

    /** A model, an encoder that gives one Gaussian for every datum, and the exact values. */
    private static final class Case {
        final int data;
        final int latent;
        final double[] w;
        final double[] b;
        final double s2;
        final double[] mu;
        final double[] v;

        Case(int data, int latent, double[] w, double[] b, double s2, double[] mu, double[] v) {
            this.data = data;
            this.latent = latent;
            this.w = w;
            this.b = b;
            this.s2 = s2;
            this.mu = mu;
            this.v = v;
        }

        GapReport audit(DType dtype, double[] x) {
            ParamSpec spec = new ParamSpec(dtype);
            LinearGaussian model = LinearGaussian.of(
                    spec.at("model"),
                    HostArray.wrap(w, Shape.of(data, latent)).cast(dtype),
                    HostArray.wrap(b, Shape.of(data)).cast(dtype),
                    s2);
            double[] out = new double[2 * latent];
            for (int j = 0; j < latent; j++) {
                out[j] = mu[j];
                out[latent + j] = Math.log(v[j]);
            }
            Linear encoder = Linear.of(
                    spec.at("encoder"),
                    data,
                    2 * latent,
                    Initializer.zeros(),
                    Initializer.values(HostArray.wrap(out, Shape.of(2 * latent)).cast(dtype)));
            AmortizedGaussian q = AmortizedGaussian.of(encoder, latent).clamp(Double.POSITIVE_INFINITY);
            try (Device device = Device.builder().threads(1).build()) {
                Params params = Params.init(spec, Key.of(1), device);
                int n = x.length / data;
                GapAudit audit =
                        new GapAudit(model, q, params, new TensorType(dtype, Shape.of(n, data)), SETTINGS, device);
                return audit.on(HostArray.wrap(x, Shape.of(n, data)).cast(dtype));
            }
        }

        /** log p, ELBO of the best diagonal, ELBO of the encoder, mean part and variance part of the certificate. */
        double[] exact(double[] x) {
            double[] lam = new double[latent * latent];
            double[] h = new double[latent];
            double square = 0;
            for (int i = 0; i < latent; i++) {
                lam[i * latent + i] = 1;
            }
            for (int k = 0; k < data; k++) {
                double r = x[k] - b[k];
                square += r * r;
                for (int i = 0; i < latent; i++) {
                    h[i] += w[k * latent + i] * r / s2;
                    for (int j = 0; j < latent; j++) {
                        lam[i * latent + j] += w[k * latent + i] * w[k * latent + j] / s2;
                    }
                }
            }
            double[] l = cholesky(lam, latent);
            double logDet = 0;
            double logDiagonal = 0;
            for (int i = 0; i < latent; i++) {
                logDet += 2 * Math.log(l[i * latent + i]);
                logDiagonal += Math.log(lam[i * latent + i]);
            }
            double[] mean = solve(l, h, latent);
            double explained = 0;
            for (int i = 0; i < latent; i++) {
                explained += mean[i] * h[i];
            }
            double logP = -.5 * (square / s2 - explained + logDet + data * Math.log(2 * Math.PI * s2));
            double best = logP - .5 * (logDiagonal - logDet);
            double meanPart = 0;
            double variancePart = 0;
            for (int i = 0; i < latent; i++) {
                for (int j = 0; j < latent; j++) {
                    meanPart += .5 * (mean[i] - mu[i]) * lam[i * latent + j] * (mean[j] - mu[j]);
                }
                double ratio = v[i] * lam[i * latent + i];
                variancePart += .5 * (ratio - 1 - Math.log(ratio));
            }
            return new double[] {logP, best, best - meanPart - variancePart, meanPart, variancePart};
        }
    }

    private static double[] cholesky(double[] a, int n) {
        double[] l = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double s = a[i * n + j];
                for (int k = 0; k < j; k++) {
                    s -= l[i * n + k] * l[j * n + k];
                }
                l[i * n + j] = i == j ? Math.sqrt(s) : s / l[j * n + j];
            }
        }
        return l;
    }

    private static double[] solve(double[] l, double[] h, int n) {
        double[] y = h.clone();
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                y[i] -= l[i * n + k] * y[k];
            }
            y[i] /= l[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                y[i] -= l[k * n + i] * y[k];
            }
            y[i] /= l[i * n + i];
        }
        return y;
    }

    private static final Case PLANE = new Case(
            3,
            2,
            new double[] {1, .5, .3, -1, .8, .8},
            new double[] {.1, -.2, 0},
            .25,
            new double[] {.5, .2},
            new double[] {.3, .1});

    @Test
    void closedFormsAgreeWithGoldValues() {
        double[] e = PLANE.exact(new double[] {1, -.5, .7});
        double[] gold = {-2.983124745306, -3.074200569153, -3.535853006594, 0.200619, 0.261033};
        assertArrayEquals(gold, e, 5e-7);
        assertEquals(0.091075823847, e[0] - e[1], 1e-11);
        assertEquals(0.461652437441, e[1] - e[2], 1e-11);
    }

    /**
     * Under q of variance v the log weight is a quadratic in the noise; mirrored pairs leave its even part, whose variance
     * is 0.5 |A|^2 with A = I - s Lam s. Bound: 4.5 standard errors of it over 2,000 pairs.
     */
    @ParameterizedTest
    @CsvSource({"F64", "F32"})
    void goldModel(DType dtype) {
        GapReport r = PLANE.audit(dtype, new double[] {1, -.5, .7});
        check(r, PLANE, new double[] {1, -.5, .7}, dtype);
        assertEquals(1, r.images());
        assertEquals(0.461652437441, r.certificate()[0], dtype == DType.F64 ? 1e-9 : 1e-4);
        assertEquals(r.inferenceGap()[0], r.approximationGap()[0] + r.amortizationGap()[0], 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 5", "4, 3, 9", "20, 5, 17", "12, 12, 3"})
    void randomModels(int data, int latent, int n) {
        Random random = new Random(100 * data + latent);
        double[] w = random.doubles((long) data * latent, -1, 1).toArray();
        double[] b = random.doubles(data, -1, 1).toArray();
        double[] mu = random.doubles(latent, -.3, .3).toArray();
        double[] v = random.doubles(latent, .1, .5).toArray();
        Case c = new Case(data, latent, w, b, .5, mu, v);
        double[] x = random.doubles((long) n * data, -1.5, 1.5).toArray();
        GapReport r = c.audit(DType.F64, x);
        check(r, c, x, DType.F64);
        if (n > 4) {
            // gaps of the encoder differ by nats, errors are of hundredths: the order is the same
            assertTrue(r.certificateRankCorrelation() > .99, () -> "" + r);
        }
        assertEquals(0, r.negativeGapShare());
    }

    private static void check(GapReport r, Case c, double[] x, DType dtype) {
        double own = spread(c);
        // rounding: sums of tens of terms in float32
        double rounding = dtype == DType.F64 ? 0 : 2e-5;
        for (int i = 0; i < r.images(); i++) {
            double[] row = java.util.Arrays.copyOfRange(x, i * c.data, (i + 1) * c.data);
            double[] e = c.exact(row);
            String at = "row " + i;
            // the fit misses its optimum by its last steps: second order in them
            double missed = 1e-3 * c.latent;
            double offDiagonal = 4.5 * Math.sqrt(c.latent * (double) c.latent / 2 / 2000);
            assertEquals(e[2], r.elboAmortized()[i], 4.5 * own / Math.sqrt(2000) + rounding, at + " encoder");
            assertEquals(e[1], r.elboOptimalDiagonal()[i], missed + offDiagonal, at + " best diagonal");
            assertEquals(e[0], r.elboOptimalFull()[i], missed + rounding, at + " best Gaussian");
            // weights at the full fit are constant up to what the fit misses
            assertEquals(e[0], r.logPxImportance()[i], missed + rounding, at + " importance weights");
            assertEquals(e[0], r.logPxAnnealed()[i], 4 * missed + rounding, at + " annealing");
            assertEquals(e[3] + e[4], r.certificate()[i], dtype == DType.F64 ? 1e-8 : 1e-4, at + " certificate");
            assertEquals(e[0] - e[2], r.inferenceGap()[i], 4.5 * own / Math.sqrt(2000) + 4 * missed, at + " whole");
            assertTrue(r.annealedSpread()[i] < 1, at);
        }
    }

    /** Standard deviation of the even part of log w under the encoder: 0.5 e'(I - s Lam s)e. */
    private static double spread(Case c) {
        double s = 0;
        for (int i = 0; i < c.latent; i++) {
            for (int j = 0; j < c.latent; j++) {
                double lam = i == j ? 1 : 0;
                for (int k = 0; k < c.data; k++) {
                    lam += c.w[k * c.latent + i] * c.w[k * c.latent + j] / c.s2;
                }
                double a = (i == j ? 1 : 0) - Math.sqrt(c.v[i] * c.v[j]) * lam;
                s += a * a / 2;
            }
        }
        return Math.sqrt(s);
    }

    @Test
    void refusesEmptyAndMisshapenData() {
        ParamSpec spec = new ParamSpec(DType.F32);
        LinearGaussian m = LinearGaussian.of(spec.at("model"), 3, 2);
        AmortizedGaussian q = AmortizedGaussian.of(Linear.of(spec.at("encoder"), 3, 4), 2);
        try (Device device = Device.builder().threads(1).build()) {
            Params params = Params.init(spec, Key.of(1), device);
            GapAudit audit = new GapAudit(m, q, params, new TensorType(DType.F32, Shape.of(0, 3)), SETTINGS, device);
            ShapeException e =
                    assertThrows(ShapeException.class, () -> audit.on(HostArray.zeros(DType.F32, Shape.of(0, 3))));
            assertTrue(e.getMessage().contains("[0,3]"), e.getMessage());
            assertThrows(ShapeException.class, () -> audit.on(HostArray.zeros(DType.F32, Shape.of(2, 4))));
        }
    }
}
