package org.amortis.train;

import static org.amortis.nn.Activation.TANH;
import static org.amortis.nn.Mlp.sizes;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Bernoulli;
import org.amortis.dist.Normal;
import org.amortis.math.Philox;
import org.amortis.nn.Mlp;
import org.amortis.param.ParamSpec;
import org.amortis.tensor.Tensor;

/** Small models and data for the tests of this package. */
final class Models {
    private Models() {}

    /** A VAE on binary rows. */
    record Vae(ParamSpec spec, Objective elbo) {
        static Vae of(DType t, int pixels, int hidden, int latent) {
            ParamSpec spec = new ParamSpec(t);
            Mlp encoder = Mlp.of(spec.at("encoder"), sizes(pixels, hidden, 2 * latent), TANH);
            Mlp decoder = Mlp.of(spec.at("decoder"), sizes(latent, hidden, pixels), TANH);
            return new Vae(spec, s -> {
                Tensor x = s.in("x");
                Normal q = Normal.ofMeanLogStd(encoder.apply(s.params(), x).split(Tensor.LAST, latent, latent));
                Tensor z = q.rsample(s.key().fold("z"));
                Tensor logLik = Bernoulli.ofLogits(decoder.apply(s.params(), z))
                        .logProb(x)
                        .sum(Tensor.LAST);
                Tensor kl = q.klTo(Normal.standardLike(z)).sum(Tensor.LAST);
                return Loss.minimise(kl.sub(logLik).mean())
                        .metric("elbo", logLik.sub(kl).mean())
                        .metric("kl", kl.mean());
            });
        }
    }

    /** Binary rows of a few noisy prototypes. */
    static HostArray prototypes(int rows, int pixels, int kinds, double flip) {
        float[] f = new float[rows * pixels];
        for (int r = 0; r < rows; r++) {
            int kind = (int) (Philox.uniform32(11, r, 1, 0) * kinds);
            for (int i = 0; i < pixels; i++) {
                boolean on = Philox.uniform32(12, (long) kind * pixels + i, 2, 0) < 0.5;
                boolean flipped = Philox.uniform32(13, (long) r * pixels + i, 3, 0) < flip;
                f[r * pixels + i] = on != flipped ? 1 : 0;
            }
        }
        return HostArray.wrap(f, Shape.of(rows, pixels));
    }
}
