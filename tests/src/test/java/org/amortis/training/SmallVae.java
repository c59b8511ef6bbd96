package org.amortis.training;

import static org.amortis.nn.Activation.TANH;
import static org.amortis.nn.Mlp.sizes;
import static org.amortis.optim.Transforms.adam;
import static org.amortis.optim.Transforms.clipGlobalNorm;
import static org.amortis.optim.Transforms.ema;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Bernoulli;
import org.amortis.dist.Normal;
import org.amortis.math.Philox;
import org.amortis.nn.Mlp;
import org.amortis.param.ParamSpec;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.train.Batches;
import org.amortis.train.Loss;
import org.amortis.train.Objective;
import org.amortis.train.Trainer;

/** A VAE on random binary rows, small enough to take thousands of steps in a test. */
final class SmallVae {
    private SmallVae() {}

    static Trainer trainer(Device device, int pixels, int hidden, int latent, int rows, int batch) {
        ParamSpec spec = new ParamSpec(DType.F32);
        Mlp encoder = Mlp.of(spec.at("encoder"), sizes(pixels, hidden, 2 * latent), TANH);
        Mlp decoder = Mlp.of(spec.at("decoder"), sizes(latent, hidden, pixels), TANH);
        Objective elbo = s -> {
            Tensor x = s.in("x");
            Normal q = Normal.ofMeanLogStd(encoder.apply(s.params(), x).split(Tensor.LAST, latent, latent));
            Tensor z = q.rsample(s.key().fold("z"));
            Tensor logLik =
                    Bernoulli.ofLogits(decoder.apply(s.params(), z)).logProb(x).sum(Tensor.LAST);
            Tensor kl = q.klTo(Normal.standardLike(z)).sum(Tensor.LAST);
            return Loss.minimise(kl.sub(logLik).mean()).metric("kl", kl.mean());
        };
        return Trainer.on(device)
                .params(spec, Key.of(7))
                .objective(elbo)
                .batches(Batches.shuffled(rows(rows, pixels), batch))
                .optimizer(clipGlobalNorm(10), adam(1e-3), ema(0.99))
                .build();
    }

    static HostArray rows(int rows, int pixels) {
        float[] x = new float[rows * pixels];
        for (int i = 0; i < x.length; i++) {
            // rows of a few kinds, so that there is something to learn
            x[i] = Philox.uniform32(5, i % pixels + (long) pixels * (i / pixels % 3), 0, 0) < 0.5 ? 1 : 0;
        }
        return HostArray.wrap(x, Shape.of(rows, pixels));
    }
}
