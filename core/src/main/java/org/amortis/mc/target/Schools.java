package org.amortis.mc.target;

import java.util.function.DoubleUnaryOperator;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.mc.LogZ;
import org.amortis.mc.Target;
import org.amortis.mc.TargetMoments;
import org.amortis.tensor.Tensor;

/**
 * Normal means with a common mean and spread: y_j ~ N(theta_j, s_j), theta_j ~ N(mu, tau), mu ~ N(0, priorMean), tau ~
 * HalfCauchy(priorSpread). The flat vector is (mu, log tau, theta) or, not centred, (mu, log tau, (theta - mu) / tau).
 * Given tau everything is Gaussian, so evidence and moments are integrals over one number. With the data of the eight
 * schools (Rubin, "Estimation in parallel randomized experiments", 1981) the centred form has a funnel that samplers must
 * show as divergences.
 */
public final class Schools {
    /** log tau beyond which nothing is left of the posterior: its density falls at least as exp(-|log tau|). */
    private static final double REACH = 40;

    private static final double[] EFFECTS = {28, 8, -3, 7, -1, 1, 18, 12};
    private static final double[] ERRORS = {15, 10, 16, 11, 9, 11, 10, 18};

    private final double[] y;
    private final double[] s;
    private final double priorMean;
    private final double priorSpread;

    private Schools(double[] y, double[] s, double priorMean, double priorSpread) {
        this.y = y;
        this.s = s;
        this.priorMean = priorMean;
        this.priorSpread = priorSpread;
    }

    /**
     * The eight schools, priors N(0, 5) and HalfCauchy(5).
     *
     * @return the model
     */
    public static Schools eight() {
        return of(EFFECTS, ERRORS, 5, 5);
    }

    /**
     * Other data.
     *
     * @param y observed effects
     * @param s their standard errors, positive
     * @param priorMean standard deviation of mu
     * @param priorSpread scale of tau
     * @return the model
     */
    public static Schools of(double[] y, double[] s, double priorMean, double priorSpread) {
        if (y.length == 0 || y.length != s.length) {
            throw new ShapeException(
                    "schools(y=" + y.length + ", s=" + s.length + "): needs one error for each effect");
        }
        for (double e : s) {
            Check.positive("schools", "s", e);
        }
        Check.positive("schools", "priorMean", priorMean);
        Check.positive("schools", "priorSpread", priorSpread);
        return new Schools(y.clone(), s.clone(), priorMean, priorSpread);
    }

    /**
     * The posterior of (mu, log tau, theta), the evidence its log Z.
     *
     * @param name name
     * @return the target
     */
    public Target centred(String name) {
        int n = y.length;
        double constant = constant() + n * Gaussian.LOG_2PI / 2;
        HostData effects = HostData.of(Shape.of(n), y);
        HostData precision = precision();
        return known(
                Target.of(name, n + 2, z -> {
                    Tensor theta = z.slice(-1, 2, n + 2);
                    Tensor u = z.slice(-1, 1, 2);
                    Tensor spread = theta.sub(z.slice(-1, 0, 1)).mul(u.neg().exp());
                    Tensor error = theta.sub(effects.like(z)).mul(precision.like(z));
                    return spread.square()
                            .add(error.square())
                            .sum(-1)
                            .mul(-0.5)
                            .sub(z.at(-1, 1).mul(n))
                            .add(prior(z))
                            .sub(constant);
                }),
                true);
    }

    /**
     * The posterior of (mu, log tau, (theta - mu) / tau), the evidence its log Z.
     *
     * @param name name
     * @return the target
     */
    public Target nonCentred(String name) {
        int n = y.length;
        double constant = constant() + n * Gaussian.LOG_2PI / 2;
        HostData effects = HostData.of(Shape.of(n), y);
        HostData precision = precision();
        return known(
                Target.of(name, n + 2, z -> {
                    Tensor e = z.slice(-1, 2, n + 2);
                    Tensor theta = z.slice(-1, 0, 1).add(e.mul(z.slice(-1, 1, 2).exp()));
                    Tensor error = theta.sub(effects.like(z)).mul(precision.like(z));
                    return e.square()
                            .add(error.square())
                            .sum(-1)
                            .mul(-0.5)
                            .add(prior(z))
                            .sub(constant);
                }),
                false);
    }

    /** log N(mu; 0, priorMean) + log HalfCauchy(tau) + log tau, without what is constant. */
    private Tensor prior(Tensor z) {
        Tensor u = z.at(-1, 1);
        return u.sub(u.sub(Math.log(priorSpread)).mul(2).softplus())
                .sub(z.at(-1, 0).mul(1 / priorMean).square().mul(0.5));
    }

    private HostData precision() {
        double[] p = new double[s.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = 1 / s[i];
        }
        return HostData.of(Shape.of(p.length), p);
    }

    private double constant() {
        double c = Math.log(priorMean) + Gaussian.LOG_2PI / 2 + Math.log(Math.PI * priorSpread / 2);
        for (double e : s) {
            c += Math.log(e) + Gaussian.LOG_2PI / 2;
        }
        return c;
    }

    /** What the observations say of mu once theta is integrated out, for one tau. */
    private record Given(double evidence, double mean, double variance) {}

    private Given given(double u) {
        double tau2 = Math.exp(2 * u);
        double a = 1 / (priorMean * priorMean);
        double b = 0;
        double square = 0;
        double log = Math.log(priorMean);
        for (int j = 0; j < y.length; j++) {
            double v = s[j] * s[j] + tau2;
            a += 1 / v;
            b += y[j] / v;
            square += y[j] * y[j] / v;
            log += (Math.log(v) + Gaussian.LOG_2PI) / 2;
        }
        return new Given(-log - Math.log(a) / 2 - (square - b * b / a) / 2, b / a, 1 / a);
    }

    private Target known(Target t, boolean centred) {
        int n = y.length;
        Line line = new Line(
                u -> {
                    double r = u - Math.log(priorSpread);
                    double softplus = Math.max(2 * r, 0) + Math.log1p(Math.exp(-Math.abs(2 * r)));
                    return given(u).evidence() + r - softplus + Math.log(2 / Math.PI);
                },
                -REACH,
                REACH);
        double[] mean = new double[n + 2];
        double[] std = new double[n + 2];
        DoubleUnaryOperator m = u -> given(u).mean();
        mean[0] = line.mean(m);
        std[0] = std(line, m, u -> given(u).variance());
        mean[1] = line.mean(u -> u);
        std[1] = line.std();
        for (int j = 0; j < n; j++) {
            double effect = y[j];
            double s2 = s[j] * s[j];
            DoubleUnaryOperator first = u -> {
                double v = s2 + Math.exp(2 * u);
                double mu = given(u).mean();
                return centred ? effect + s2 / v * (mu - effect) : Math.exp(u) * (effect - mu) / v;
            };
            DoubleUnaryOperator second = u -> {
                double tau = Math.exp(u);
                double v = s2 + tau * tau;
                double share = centred ? s2 / v : tau / v;
                return (centred ? tau * tau * s2 / v : s2 / v) + share * share * given(u).variance();
            };
            mean[2 + j] = line.mean(first);
            std[2 + j] = std(line, first, second);
        }
        return t.logZ(LogZ.exact(line.logZ())).moments(TargetMoments.exact(mean, std));
    }

    /** Standard deviation from the mean and the variance given tau. */
    private static double std(Line line, DoubleUnaryOperator mean, DoubleUnaryOperator variance) {
        double m = line.mean(mean);
        return Math.sqrt(line.mean(u -> {
            double away = mean.applyAsDouble(u) - m;
            return away * away + variance.applyAsDouble(u);
        }));
    }

    /**
     * The observed effects.
     *
     * @return F64 [n]
     */
    public HostArray effects() {
        return HostArray.of(y.clone());
    }
}
