package org.amortis.vae;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Distribution;
import org.amortis.dist.Independent;
import org.amortis.dist.Normal;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.vi.Context;
import org.amortis.vi.LatentModel;

/**
 * z ~ N(0, I), x = W z + b + noise of variance s2: probabilistic principal components. Evidence and posterior are known,
 * so every estimator can be held to them.
 */
public final class LinearGaussian implements LatentModel {
    private final int data;
    private final int latent;
    private final String weight;
    private final String bias;
    private final String logVariance;
    private final DType dtype;

    private LinearGaussian(ParamScope at, int data, int latent, Initializer w, Initializer b, double variance) {
        this.data = data;
        this.latent = latent;
        this.dtype = at.dtype();
        this.weight = at.declare("w", Shape.of(data, latent), w);
        this.bias = at.declare("b", Shape.of(data), b);
        this.logVariance = at.declare("logVariance", Shape.SCALAR, Initializer.constant(Math.log(variance)));
    }

    /**
     * With given first values.
     *
     * @param at where its parameters go: "w" [D, d], "b" [D], "logVariance" []
     * @param w W [D, d], in the float type of the parameters
     * @param b offset [D]
     * @param variance variance of the noise
     * @return the model
     */
    public static LinearGaussian of(ParamScope at, HostArray w, HostArray b, double variance) {
        if (w.shape().rank() != 2 || !b.shape().equals(Shape.of(w.shape().dim(0))) || !(variance > 0)) {
            throw new ShapeException("linearGaussian(w=" + w.dtype() + w.shape() + ", b=" + b.dtype() + b.shape()
                    + ", variance=" + variance + "): needs W [D, d], b [D] and a positive variance");
        }
        return new LinearGaussian(
                at, w.shape().dim(0), w.shape().dim(1), Initializer.values(w), Initializer.values(b), variance);
    }

    /**
     * With random first values, to be trained.
     *
     * @param at where its parameters go
     * @param data D
     * @param latent d
     * @return the model
     */
    public static LinearGaussian of(ParamScope at, int data, int latent) {
        return new LinearGaussian(at, data, latent, Initializer.glorotUniform(), Initializer.zeros(), 1);
    }

    @Override
    public int latentSize() {
        return latent;
    }

    /**
     * Number of elements of a datum.
     *
     * @return D
     */
    public int dataSize() {
        return data;
    }

    @Override
    public Distribution prior(Weights p) {
        return Independent.of(Normal.standard(dtype, Shape.of(latent)));
    }

    private Normal likelihood(Weights p, Tensor z) {
        Shape s = z.shape();
        Tensor flat = s.rank() == 2 ? z : z.reshape(s.size() / Math.max(1, latent), latent);
        Tensor mean = Tensors.matmul(flat, p.get(weight), false, true).add(p.get(bias));
        return Normal.ofMeanLogVariance(s.rank() == 2 ? mean : mean.reshape(s.with(-1, data)), p.get(logVariance));
    }

    @Override
    public Tensor logLikelihood(Weights p, Context context, Tensor z) {
        return likelihood(p, z).logProb(context.data()).sum(Tensor.LAST);
    }

    @Override
    public Tensor simulate(Weights p, Tensor z, Key key) {
        return likelihood(p, z).sample(key);
    }

    /** Factor of the precision of the posterior, I + W'W / s2. */
    private Tensor precisionFactor(Weights p) {
        Tensor w = p.get(weight);
        Tensor inverse = p.get(logVariance).neg().exp();
        return LinearAlgebra.cholesky(
                Tensors.matmul(w, w, true, false).mul(inverse).add(LinearAlgebra.eye(dtype, latent)));
    }

    /** W'(x - b) / s2 [B, d]. */
    private Tensor information(Weights p, Tensor x) {
        return x.sub(p.get(bias))
                .matmul(p.get(weight))
                .mul(p.get(logVariance).neg().exp());
    }

    /**
     * Mean of the posterior.
     *
     * @param p weights
     * @param x observations [B, D]
     * @return [B, d]
     */
    public Tensor posteriorMean(Weights p, Tensor x) {
        return LinearAlgebra.choleskySolve(precisionFactor(p), information(p, x).transpose())
                .transpose();
    }

    /**
     * Covariance of the posterior, the same for all data.
     *
     * @param p weights
     * @return [d, d]
     */
    public Tensor posteriorCovariance(Weights p) {
        return LinearAlgebra.choleskySolve(precisionFactor(p), LinearAlgebra.eye(dtype, latent));
    }

    /**
     * Precision of the posterior, the same for all data. The best diagonal Gaussian has the posterior's mean and the
     * variances one over its diagonal.
     *
     * @param p weights
     * @return [d, d]
     */
    public Tensor posteriorPrecision(Weights p) {
        Tensor l = precisionFactor(p);
        return Tensors.matmul(l, l, false, true);
    }

    /**
     * Logarithm of the evidence in closed form.
     *
     * @param p weights
     * @param x observations [B, D]
     * @return [B]
     */
    public Tensor logEvidence(Weights p, Tensor x) {
        Tensor l = precisionFactor(p);
        Tensor v = p.get(logVariance);
        // (x-b)' S^-1 (x-b) with S = s2 I + W W', by Woodbury: |x-b|^2 / s2 - |L^-1 W'(x-b) / s2|^2
        Tensor h = LinearAlgebra.triangularSolve(l, information(p, x).transpose());
        Tensor square = x.sub(p.get(bias)).square().sum(Tensor.LAST).mul(v.neg().exp());
        Tensor quadratic = square.sub(h.square().sum(0));
        Tensor logDet = LinearAlgebra.logdetTriangular(l).mul(2).add(v.mul(data));
        return quadratic.add(logDet).add(data * Math.log(2 * Math.PI)).mul(-0.5);
    }

    @Override
    public String toString() {
        return "LinearGaussian(D=" + data + ", d=" + latent + ")";
    }
}
