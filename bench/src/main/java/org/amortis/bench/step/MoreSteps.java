package org.amortis.bench.step;

import static org.amortis.nn.Activation.GELU;
import static org.amortis.nn.Activation.RELU;
import static org.amortis.nn.Mlp.sizes;
import static org.amortis.tensor.Tensor.LAST;

import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Bernoulli;
import org.amortis.dist.LogDensity;
import org.amortis.dist.Normal;
import org.amortis.langevin.GradientMode;
import org.amortis.langevin.LearnedPath;
import org.amortis.langevin.Method;
import org.amortis.langevin.Noise;
import org.amortis.langevin.PathSettings;
import org.amortis.langevin.ResidualControl;
import org.amortis.nn.Conv2d;
import org.amortis.nn.LayerNorm;
import org.amortis.nn.Linear;
import org.amortis.nn.Mlp;
import org.amortis.nn.MultiHeadAttention;
import org.amortis.param.Initializer;
import org.amortis.param.ParamSpec;
import org.amortis.param.Weights;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.train.Loss;
import org.amortis.train.StepInput;

/** The steps that have no counterpart in the rounds beside other libraries. */
final class MoreSteps {
    private MoreSteps() {}

    static StepModel convVae(DType dtype) {
        int latent = 20;
        ParamSpec spec = new ParamSpec(dtype);
        Initializer he = RELU.initializer();
        Conv2d down1 = Conv2d.of(spec.at("down1"), 1, 16, 3, 2, 1, he);
        Conv2d down2 = Conv2d.of(spec.at("down2"), 16, 32, 3, 2, 1, he);
        Linear encoded = Linear.of(spec.at("encoded"), 32 * 49, 2 * latent);
        Linear decoded = Linear.of(spec.at("decoded"), latent, 32 * 49);
        Conv2d up1 = Conv2d.transposed(spec.at("up1"), 32, 16, 3, 2, 1, 1, he);
        Conv2d up2 = Conv2d.transposed(spec.at("up2"), 16, 1, 3, 2, 1, 1, Initializer.glorotUniform());
        HostArray x = MeasuredStep.uniform(dtype, 0, 1, 1, 64, 1, 28, 28);
        return new StepModel(
                spec,
                s -> {
                    Weights p = s.params();
                    Tensor h = down2.apply(p, down1.apply(p, s.in("x")).relu()).relu();
                    Normal q = Normal.ofMeanLogStd(
                            encoded.apply(p, h.reshape(64, 32 * 49)).split(LAST, latent, latent));
                    Tensor noise = MeasuredStep.normal(s.key().fold("z"), q.mean());
                    Tensor z = q.mean().add(q.std().mul(noise));
                    Tensor up = decoded.apply(p, z).relu().reshape(64, 32, 7, 7);
                    Tensor logits = up2.apply(p, up1.apply(p, up).relu());
                    Tensor fit = Bernoulli.ofLogits(logits).logProb(s.in("x")).sum();
                    Tensor kl = q.klTo(Normal.standardLike(z)).sum();
                    return Loss.minimise(kl.sub(fit).div(64));
                },
                Map.of("x", x));
    }

    static StepModel attention(DType dtype) {
        ParamSpec spec = new ParamSpec(dtype);
        LayerNorm first = LayerNorm.of(spec.at("norm1"), 64);
        MultiHeadAttention heads = MultiHeadAttention.of(spec.at("heads"), 64, 64, 64, 4);
        LayerNorm second = LayerNorm.of(spec.at("norm2"), 64);
        Mlp net = Mlp.of(spec.at("net"), sizes(64, 256, 64), GELU);
        return new StepModel(
                spec,
                s -> {
                    Weights p = s.params();
                    Tensor x = s.in("x");
                    Tensor h = x.add(heads.self(p, first.apply(p, x), null));
                    Tensor y = h.add(net.apply(p, second.apply(p, h)));
                    return Loss.minimise(y.sub(s.in("y")).square().mean());
                },
                Map.of(
                        "x", MeasuredStep.uniform(dtype, -1, 1, 1, 16, 32, 64),
                        "y", MeasuredStep.uniform(dtype, -1, 1, 2, 16, 32, 64)));
    }

    static StepModel scan(DType dtype) {
        ParamSpec spec = new ParamSpec(dtype);
        Linear input = Linear.of(spec.at("input"), 16, 64);
        Linear state = Linear.of(spec.at("state"), 64, 64);
        return new StepModel(
                spec,
                s -> {
                    Weights p = s.params();
                    Tensor last = Scan.of(50)
                            .carry(Tensors.zeros(dtype, Shape.of(32, 64)))
                            .sequences(input.apply(p, s.in("x")))
                            .body((t, carry, x) -> Scan.Step.of(
                                    state.apply(p, carry.get(0)).add(x.get(0)).tanh()))
                            .last(0);
                    return Loss.minimise(last.sub(s.in("y")).square().mean());
                },
                Map.of(
                        "x", MeasuredStep.uniform(dtype, -1, 1, 1, 50, 32, 16),
                        "y", MeasuredStep.uniform(dtype, -1, 1, 2, 32, 64)));
    }

    /**
     * Langevin diffusion variational inference (Geffner and Domke 2022) with everything learned that it can learn, its own
     * network, and its loop as one body, so that steps are computed again in the gradient.
     */
    static StepModel langevin(DType dtype) {
        int chains = 64;
        int dim = 16;
        ParamSpec spec = new ParamSpec(dtype);
        PathSettings settings = PathSettings.of(Method.LDVI)
                .betas(PathSettings.Betas.CUMULATIVE)
                .steps(PathSettings.StepSizes.EACH_STEP, 0.05)
                .damping(4);
        LearnedPath path = LearnedPath.of(spec.at("ldvi"), Method.LDVI, dim, 32, settings, ResidualControl::of, 0);
        return new StepModel(
                spec,
                s -> {
                    LogDensity target = z -> target(s, z);
                    Noise noise = cast(Noise.of(s.key(), DType.F32), dtype);
                    return Loss.minimise(
                            path.bound(GradientMode.REPARAM, s.params(), null, target, target, Shape.of(chains), noise)
                                    .loss());
                },
                Map.of(
                        "x", MeasuredStep.uniform(dtype, -1, 1, 1, 100, dim),
                        "y", MeasuredStep.uniform(dtype, 0, 1, 2, 100)));
    }

    /** Draws of one type whatever the path's, so that a reference in double sees the same. */
    private static Noise cast(Noise noise, DType dtype) {
        return new Noise() {
            @Override
            public Tensor start(Shape shape) {
                return noise.start(shape).cast(dtype);
            }

            @Override
            public Tensor momentum(Shape shape) {
                return noise.momentum(shape).cast(dtype);
            }

            @Override
            public Tensor step(Tensor k, int draw, Shape shape) {
                return noise.step(k, draw, shape).cast(dtype);
            }
        };
    }

    /** Log posterior of a logistic regression with soft labels and a standard normal prior, one for each row. */
    private static Tensor target(StepInput s, Tensor weights) {
        Tensor logits = Tensors.matmul(weights, s.in("x"), false, true);
        Tensor fit = Bernoulli.ofLogits(logits).logProb(s.in("y")).sum(LAST);
        return fit.sub(weights.square().sum(LAST).mul(0.5));
    }
}
