package org.amortis.diagnose;

/**
 * What is lost between training and held-out data (Zhang et al. 2022), each with its standard error.
 *
 * @param inference amortization gap on held-out minus on training data
 * @param inferenceError its standard error
 * @param generative log p(x) of training minus of held-out data
 * @param generativeError its standard error
 */
public record GeneralisationGap(double inference, double inferenceError, double generative, double generativeError) {
    /**
     * From two audits of one model.
     *
     * @param train audit of training data
     * @param test audit of held-out data
     * @return the gaps
     */
    public static GeneralisationGap of(GapReport train, GapReport test) {
        Moments a = Moments.of(train.amortizationGap());
        Moments b = Moments.of(test.amortizationGap());
        Moments p = Moments.of(train.logPx());
        Moments q = Moments.of(test.logPx());
        return new GeneralisationGap(
                b.mean() - a.mean(),
                Math.hypot(a.standardError(), b.standardError()),
                p.mean() - q.mean(),
                Math.hypot(p.standardError(), q.standardError()));
    }
}
