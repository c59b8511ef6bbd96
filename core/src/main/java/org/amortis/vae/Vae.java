package org.amortis.vae;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Distribution;
import org.amortis.dist.Independent;
import org.amortis.dist.Normal;
import org.amortis.nn.Activation;
import org.amortis.nn.Layer;
import org.amortis.nn.Mlp;
import org.amortis.param.Initializer;
import org.amortis.param.ParamSpec;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.vi.AmortizedGaussian;
import org.amortis.vi.AmortizedModel;
import org.amortis.vi.Context;

/**
 * A variational autoencoder (Kingma and Welling 2014): a standard normal prior, a decoder with its likelihood, and an
 * encoder that gives a diagonal Gaussian.
 */
public final class Vae implements AmortizedModel {
    private final AmortizedGaussian posterior;
    private final Layer decoder;
    private final Likelihood likelihood;
    private final int latent;
    private final DType dtype;

    private Vae(AmortizedGaussian posterior, Layer decoder, Likelihood likelihood, int latent, DType dtype) {
        this.posterior = posterior;
        this.decoder = decoder;
        this.likelihood = likelihood;
        this.latent = latent;
        this.dtype = dtype;
    }

    /**
     * Of two networks.
     *
     * @param encoder from data [B, ..] to means and logarithms of variances [B, 2 d]
     * @param decoder from latents [.., d] to what the likelihood takes [.., outputs]
     * @param latent d
     * @param likelihood distribution of the data given the decoder's output
     * @param dtype float type of the parameters
     * @return the model
     */
    public static Vae of(Layer encoder, Layer decoder, int latent, Likelihood likelihood, DType dtype) {
        return new Vae(AmortizedGaussian.of(encoder, latent), decoder, likelihood, latent, dtype);
    }

    /**
     * Of two fully connected networks at "encoder" and "decoder", the decoder with the encoder's hidden widths in
     * reverse.
     *
     * @param spec where parameters go
     * @param data number of elements of a datum
     * @param hidden widths of the encoder's hidden layers
     * @param latent d
     * @param activation between layers
     * @param likelihood distribution of the data given the decoder's output
     * @param bias first value of the decoder's last bias, see {@link #logitsOfMean}
     * @return the model
     */
    public static Vae mlp(
            ParamSpec spec,
            int data,
            int[] hidden,
            int latent,
            Activation activation,
            Likelihood likelihood,
            Initializer bias) {
        int[] up = new int[hidden.length + 2];
        int[] down = new int[hidden.length + 2];
        up[0] = data;
        down[0] = latent;
        for (int i = 0; i < hidden.length; i++) {
            up[i + 1] = hidden[i];
            down[hidden.length - i] = hidden[i];
        }
        up[up.length - 1] = 2 * latent;
        down[down.length - 1] = likelihood.outputs(data);
        Mlp encoder = Mlp.of(spec.at("encoder"), up, activation);
        Mlp decoder = Mlp.of(spec.at("decoder"), down, activation, Initializer.glorotUniform(), bias);
        return of(encoder, decoder, latent, likelihood, spec.dtype());
    }

    /**
     * First value of the last bias of a Bernoulli decoder: the logits of the mean of each element, limited to
     * [0.001, 0.999]. It saves the first thousand steps.
     *
     * @param data observations [N, D] in [0, 1]
     * @param dtype float type of the parameters
     * @return initialiser of shape [D]
     */
    public static Initializer logitsOfMean(HostArray data, DType dtype) {
        Shape s = data.shape();
        if (s.rank() != 2 || s.dim(0) == 0) {
            throw new ShapeException("logitsOfMean(data=" + data.dtype() + s + "): needs [N, D] with N > 0");
        }
        int n = s.dim(0);
        int d = s.dim(1);
        double[] logit = new double[d];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                logit[j] += data.get(i * d + j);
            }
        }
        for (int j = 0; j < d; j++) {
            double m = Math.clamp(logit[j] / n, 0.001, 0.999);
            logit[j] = Math.log(m / (1 - m));
        }
        return Initializer.values(HostArray.wrap(logit, Shape.of(d)).cast(dtype));
    }

    @Override
    public AmortizedGaussian posterior() {
        return posterior;
    }

    /**
     * The decoder with its likelihood.
     *
     * @param p weights
     * @param z [.., d]
     * @return distributions of the elements of the data, batch [.., D]
     */
    public Distribution decode(Weights p, Tensor z) {
        return likelihood.given(p, decoder.apply(p, z));
    }

    @Override
    public int latentSize() {
        return latent;
    }

    @Override
    public Distribution prior(Weights p) {
        return Independent.of(Normal.standard(dtype, Shape.of(latent)));
    }

    @Override
    public Tensor logLikelihood(Weights p, Context context, Tensor z) {
        return decode(p, z).logProb(context.data()).sum(Tensor.LAST);
    }

    @Override
    public Tensor simulate(Weights p, Tensor z, Key key) {
        return decode(p, z).sample(key);
    }

    @Override
    public String toString() {
        return "Vae(d=" + latent + ", " + decoder + ")";
    }
}
