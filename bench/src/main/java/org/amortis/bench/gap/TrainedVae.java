package org.amortis.bench.gap;

import static org.amortis.optim.Transforms.adam;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.bench.data.ImageSet;
import org.amortis.bench.study.Console;
import org.amortis.nn.Activation;
import org.amortis.optim.Schedule;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.train.Batches;
import org.amortis.train.Checkpoint;
import org.amortis.train.Loss;
import org.amortis.train.Objective;
import org.amortis.train.Trainer;
import org.amortis.vae.Likelihood;
import org.amortis.vae.Vae;
import org.amortis.vi.Bound;
import org.amortis.vi.Context;
import org.amortis.vi.WarmUp;

/**
 * The model of Cremer, Li and Duvenaud (2018): 784-200-200-(50, 50) and back, ELU, Bernoulli pixels, one sampled bound a
 * datum, the entropy of q phased in, Adam with epsilon 1e-4.
 */
final class TrainedVae {
    static final int HIDDEN = 200;
    static final int LATENT = 50;

    /** Points of the training curves, about. */
    private static final int POINTS = 40;

    /** Checkpoints of a run, about. */
    private static final int CHECKPOINTS = 60;

    /** Images of each split in the training curves. */
    private static final int WATCHED = 500;

    private final Vae vae;
    private final Params params;
    private final List<Curve.Point> curve;
    private final double carried;
    private final int steps;

    private TrainedVae(Vae vae, Params params, List<Curve.Point> curve, double carried, int steps) {
        this.vae = vae;
        this.params = params;
        this.curve = List.copyOf(curve);
        this.carried = carried;
        this.steps = steps;
    }

    /** Small images do not need fifty latents. */
    static int latents(ImageSet images) {
        return Math.clamp(images.pixels() / 8, 2, LATENT);
    }

    /**
     * Trains, or goes on with training.
     *
     * @param images data
     * @param s settings
     * @param seed of first values, order and noise
     * @param device where
     * @param checkpoints folder of checkpoints; the newest is resumed from
     * @param console progress
     */
    static TrainedVae train(ImageSet images, GapScale s, long seed, Device device, Path checkpoints, Console console)
            throws IOException {
        ParamSpec spec = new ParamSpec(DType.F32);
        Vae vae = Vae.mlp(
                spec,
                images.pixels(),
                new int[] {HIDDEN, HIDDEN},
                latents(images),
                Activation.ELU,
                Likelihood.bernoulli(),
                Vae.logitsOfMean(images.train(), DType.F32));
        Batches batches = Batches.shuffled(images.train(), s.batch());
        int perEpoch = batches.perEpoch();
        int total = Math.multiplyExact(s.epochs(), perEpoch);
        Objective objective = objective(vae, Math.max(1, s.warmUpEpochs() * perEpoch));
        Curve curve = new Curve(
                Batches.sequential(ImageSet.some(images.train(), WATCHED), WATCHED),
                Batches.sequential(ImageSet.some(images.test(), WATCHED), WATCHED),
                perEpoch,
                Math.max(1, total / POINTS),
                auditSteps(images, s),
                console);
        Key key = Key.of(seed).fold("gap");
        try (Trainer trainer = Trainer.on(device)
                .params(spec, key)
                .objective(objective)
                .batches(batches)
                .optimizer(adam(rate(s, perEpoch, total)).epsilon(1e-4))
                .build()) {
            Optional<Path> last = Checkpoint.latest(checkpoints);
            if (last.isPresent()) {
                trainer.resume(last.get());
                console.say("resuming at step " + trainer.steps() + " of " + total);
            }
            trainer.runTo(total, curve, Checkpoint.every(Math.max(perEpoch, total / CHECKPOINTS), checkpoints));
            return new TrainedVae(vae, trainer.params(), curve.points(), curve.carried(), total);
        }
    }

    /** Products of the audit over products of a training step, which are forward and twice backward. */
    private static double auditSteps(ImageSet images, GapScale s) {
        int d = latents(images);
        double decoder = HIDDEN * (double) (d + HIDDEN + images.pixels());
        double encoder = decoder + HIDDEN * (double) d;
        int audited = Math.min(s.trainImages(), images.train().shape().dim(0))
                + Math.min(s.testImages(), images.test().shape().dim(0));
        return audited * s.decodings(d) * decoder / (3 * s.batch() * (encoder + decoder));
    }

    private static Objective objective(Vae vae, int warmUpSteps) {
        return in -> {
            Context x = Context.of(in.in("x"));
            Tensor factor = in.step().cast(DType.F32).add(1).div(warmUpSteps).minimum(1);
            // evaluation reports the bound itself
            Bound bound = in.training() ? Bound.elboSampled(1).warmUp(WarmUp.ENTROPY, factor) : Bound.elbo(1);
            var estimate =
                    bound.of(vae, vae.posterior(), x, in.params(), in.key().fold("z"));
            return Loss.maximise(estimate.surrogate().mean())
                    .metric("elbo", estimate.value().mean());
        };
    }

    /** The published stages: 1e-3 falls by 10^(-1/7) after 1, 3, 9, .. further epochs. */
    private static Schedule rate(GapScale s, int perEpoch, int total) {
        if (!s.published()) {
            return Schedule.cosine(1e-3, 1e-4, total);
        }
        int[] boundaries = new int[GapScale.STAGES - 1];
        double[] rates = new double[GapScale.STAGES];
        int epoch = 0;
        int length = 1;
        for (int i = 0; i < rates.length; i++) {
            rates[i] = 1e-3 * Math.pow(10, -i / 7.0);
            epoch += length;
            length *= 3;
            if (i < boundaries.length) {
                boundaries[i] = Math.multiplyExact(epoch, perEpoch);
            }
        }
        return Schedule.piecewise(boundaries, rates);
    }

    Vae vae() {
        return vae;
    }

    Params params() {
        return params;
    }

    List<Curve.Point> curve() {
        return curve;
    }

    /** Seconds of training in earlier processes. */
    double carried() {
        return carried;
    }

    int steps() {
        return steps;
    }
}
