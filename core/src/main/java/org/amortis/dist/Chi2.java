package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Chi-squared distributions, one for each element of the degrees of freedom: gamma distributions of half as large a shape and
 * rate 1/2.
 */
public final class Chi2 implements ScalarFamily {
    private final Tensor df;
    private final Gamma gamma;

    private Chi2(Tensor df) {
        this.df = df;
        this.gamma = Gamma.ofShapeLogRate(df.mul(0.5), Tensors.scalarLike(df, -Math.log(2)));
    }

    /**
     * By degrees of freedom.
     *
     * @param df degrees of freedom, positive, need not be integers
     * @return the distributions, one for each element
     */
    public static Chi2 ofDegrees(Tensor df) {
        return new Chi2(df);
    }

    /**
     * The same everywhere.
     *
     * @param df degrees of freedom
     * @param dtype F32 or F64
     * @param batch shape
     * @return the distributions
     * @throws PlanException if the degrees are not positive and finite
     */
    public static Chi2 of(double df, DType dtype, Shape batch) {
        Draws.positive("chi2", "df", df);
        return new Chi2(Tensors.fill(df, dtype, batch));
    }

    /**
     * Degrees of freedom.
     *
     * @return degrees of freedom
     */
    public Tensor degrees() {
        return df;
    }

    /**
     * The same distributions as gamma distributions.
     *
     * @return gamma distributions of shape df/2 and rate 1/2
     */
    public Gamma gamma() {
        return gamma;
    }

    @Override
    public Shape batchShape() {
        return df.shape();
    }

    @Override
    public DType dtype() {
        return df.dtype();
    }

    @Override
    public Support support() {
        return gamma.support();
    }

    @Override
    public Tensor logProb(Tensor x) {
        return gamma.logProb(x);
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return gamma.rsample(key, n);
    }

    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        return gamma.sampleAndLogProb(key, n);
    }

    @Override
    public Tensor mean() {
        return df;
    }

    @Override
    public Tensor variance() {
        return df.mul(2);
    }

    @Override
    public Optional<Tensor> entropy() {
        return gamma.entropy();
    }

    @Override
    public Chi2 stopGradient() {
        return new Chi2(df.stopGradient());
    }

    @Override
    public String toString() {
        return "Chi2" + batchShape();
    }
}
