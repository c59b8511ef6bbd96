package org.amortis.diagnose;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.amortis.array.ShapeException;

/**
 * Where each datum's inference gap comes from, in nats:
 *
 * <ul>
 *   <li>approximation gap = log p(x) - ELBO(q*), q* the best diagonal Gaussian, the encoder's own family;
 *   <li>amortization gap = ELBO(q*) - ELBO(q);
 *   <li>inference gap = log p(x) - ELBO(q), their sum.
 * </ul>
 *
 * <p>No gap is clipped: a share of negative amortization gaps above one per cent says that the local fits have not
 * converged.
 */
public final class GapReport {
    private static final List<String> COLUMNS = List.of(
            "logPxImportance",
            "effectiveSamples",
            "logPxAnnealed",
            "annealedSpread",
            "elboAmortized",
            "elboOptimalDiagonal",
            "elboOptimalFull",
            "certificate");

    private final double[] logPxImportance;
    private final double[] logPxAnnealed;
    private final double[] effectiveSamples;
    private final double[] annealedSpread;
    private final double[] elboAmortized;
    private final double[] elboDiagonal;
    private final double[] elboFull;
    private final double[] certificate;
    private final boolean annealedIsLarger;

    GapReport(
            double[] logPxImportance,
            double[] effectiveSamples,
            double[] logPxAnnealed,
            double[] annealedSpread,
            double[] elboAmortized,
            double[] elboDiagonal,
            double[] elboFull,
            double[] certificate) {
        this.logPxImportance = logPxImportance;
        this.effectiveSamples = effectiveSamples;
        this.logPxAnnealed = logPxAnnealed;
        this.annealedSpread = annealedSpread;
        this.elboAmortized = elboAmortized;
        this.elboDiagonal = elboDiagonal;
        this.elboFull = elboFull;
        this.certificate = certificate;
        // both are lower bounds in expectation; the larger mean is taken for all data, not the larger for each, which
        // would pick noise
        this.annealedIsLarger =
                Moments.of(logPxAnnealed).mean() > Moments.of(logPxImportance).mean();
    }

    /**
     * From columns that were kept, for instance those of several audits of parts of a data set, put one after the other.
     *
     * @param columns the names of {@link #columns}, arrays of one length
     * @return the report
     * @throws ShapeException if a column is missing or of another length
     */
    public static GapReport of(Map<String, double[]> columns) {
        double[][] a = new double[COLUMNS.size()][];
        for (int i = 0; i < a.length; i++) {
            String name = COLUMNS.get(i);
            double[] c = columns.get(name);
            if (c == null || c.length == 0 || i > 0 && c.length != a[0].length) {
                throw new ShapeException("gapReport(" + name + "=" + (c == null ? "missing" : "[" + c.length + "]")
                        + "): needs the columns " + COLUMNS + ", of one length, at least 1");
            }
            a[i] = c.clone();
        }
        return new GapReport(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
    }

    /**
     * All that was measured, to be kept.
     *
     * @return name to numbers, one for each datum; copies
     */
    public Map<String, double[]> columns() {
        double[][] a = {
            logPxImportance,
            effectiveSamples,
            logPxAnnealed,
            annealedSpread,
            elboAmortized,
            elboDiagonal,
            elboFull,
            certificate
        };
        Map<String, double[]> m = new LinkedHashMap<>();
        for (int i = 0; i < a.length; i++) {
            m.put(COLUMNS.get(i), a[i].clone());
        }
        return m;
    }

    /**
     * Number of data.
     *
     * @return N
     */
    public int images() {
        return elboAmortized.length;
    }

    /**
     * Which estimate of log p(x) is used.
     *
     * @return true for annealed importance sampling, false for importance weighting
     */
    public boolean annealedIsLarger() {
        return annealedIsLarger;
    }

    /**
     * Estimates of log p(x) by the estimator whose mean is larger.
     *
     * @return copy, one for each datum
     */
    public double[] logPx() {
        return (annealedIsLarger ? logPxAnnealed : logPxImportance).clone();
    }

    /**
     * Estimates of log p(x) by importance weighting, the full fit as proposal.
     *
     * @return copy, one for each datum
     */
    public double[] logPxImportance() {
        return logPxImportance.clone();
    }

    /**
     * Effective number of draws of the importance weights.
     *
     * @return copy, one for each datum
     */
    public double[] effectiveSamples() {
        return effectiveSamples.clone();
    }

    /**
     * Estimates of log p(x) by annealing, anchored at the full fit.
     *
     * @return copy, one for each datum
     */
    public double[] logPxAnnealed() {
        return logPxAnnealed.clone();
    }

    /**
     * Standard deviation of the logarithms of the annealed weights over chains; above 1 the estimate is poor.
     *
     * @return copy, one for each datum
     */
    public double[] annealedSpread() {
        return annealedSpread.clone();
    }

    /**
     * Evidence lower bounds of the encoder.
     *
     * @return copy, one for each datum
     */
    public double[] elboAmortized() {
        return elboAmortized.clone();
    }

    /**
     * Evidence lower bounds of the best diagonal Gaussians.
     *
     * @return copy, one for each datum
     */
    public double[] elboOptimalDiagonal() {
        return elboDiagonal.clone();
    }

    /**
     * Evidence lower bounds of the best Gaussians.
     *
     * @return copy, one for each datum
     */
    public double[] elboOptimalFull() {
        return elboFull.clone();
    }

    /**
     * log p(x) - ELBO of the best diagonal Gaussian.
     *
     * @return fresh array, one for each datum
     */
    public double[] approximationGap() {
        double[] p = logPx();
        return each(i -> p[i] - elboDiagonal[i]);
    }

    /**
     * log p(x) - ELBO of the best Gaussian.
     *
     * @return fresh array, one for each datum
     */
    public double[] approximationGapFull() {
        double[] p = logPx();
        return each(i -> p[i] - elboFull[i]);
    }

    /**
     * ELBO of the best diagonal Gaussian - ELBO of the encoder.
     *
     * @return fresh array, one for each datum
     */
    public double[] amortizationGap() {
        return each(i -> elboDiagonal[i] - elboAmortized[i]);
    }

    /**
     * log p(x) - ELBO of the encoder.
     *
     * @return fresh array, one for each datum
     */
    public double[] inferenceGap() {
        double[] p = logPx();
        return each(i -> p[i] - elboAmortized[i]);
    }

    /**
     * The amortization gap predicted without a fit.
     *
     * @return copy, one for each datum
     */
    public double[] certificate() {
        return certificate.clone();
    }

    /**
     * Share of data whose measured amortization gap is negative.
     *
     * @return in [0, 1]
     */
    public double negativeGapShare() {
        return Arrays.stream(amortizationGap()).filter(g -> g < 0).count() / (double) images();
    }

    /**
     * Spearman's rank correlation of predicted and measured amortization gaps.
     *
     * @return in [-1, 1]
     */
    public double certificateRankCorrelation() {
        return Ranks.correlation(certificate, amortizationGap());
    }

    private double[] each(IntToDoubleFunction f) {
        return IntStream.range(0, images()).mapToDouble(f).toArray();
    }

    /** A table of means with standard errors. */
    @Override
    public String toString() {
        return String.join(
                System.lineSeparator(),
                line("log p(x)", logPx()),
                line("ELBO, best Gaussian", elboFull),
                line("ELBO, best diagonal", elboDiagonal),
                line("ELBO, encoder", elboAmortized),
                line("approximation gap", approximationGap()),
                line("amortization gap", amortizationGap()),
                line("inference gap", inferenceGap()),
                String.format(Locale.ROOT, "%-22s %9.4f of %d", "negative gaps", negativeGapShare(), images()),
                String.format(Locale.ROOT, "%-22s %9.4f", "certificate, ranks", certificateRankCorrelation()));
    }

    private static String line(String name, double... a) {
        Moments m = Moments.of(a);
        return String.format(Locale.ROOT, "%-22s %9.4f +- %.4f", name, m.mean(), m.standardError());
    }
}
