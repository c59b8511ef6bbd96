package org.amortis.bench.step;

import static org.amortis.nn.Activation.GELU;
import static org.amortis.nn.Activation.RELU;
import static org.amortis.nn.Activation.SOFTPLUS;
import static org.amortis.nn.Mlp.sizes;
import static org.amortis.tensor.Tensor.LAST;

import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Bernoulli;
import org.amortis.dist.Normal;
import org.amortis.grad.Gradients;
import org.amortis.nn.Conv2d;
import org.amortis.nn.LayerNorm;
import org.amortis.nn.Linear;
import org.amortis.nn.Mlp;
import org.amortis.nn.MultiHeadAttention;
import org.amortis.param.Initializer;
import org.amortis.param.ParamSpec;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
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
     * Langevin diffusion variational inference (Geffner and Domke 2022): chains from a diagonal Gaussian, leapfrog steps of the
     * annealed density with partly refreshed momenta, and a network that corrects the reversed refreshment. The gradient of the
     * log density is inside the loop and is differentiated through.
     */
    static StepModel langevin(DType dtype) {
        int steps = 32;
        int chains = 64;
        int dim = 16;
        ParamSpec spec = new ParamSpec(dtype);
        Shape vector = Shape.of(dim);
        String mean = spec.at("q0").declare("mean", vector, Initializer.zeros());
        String logStd = spec.at("q0").declare("logStd", vector, Initializer.zeros());
        String logStep = spec.at("chain").declare("logStep", Shape.SCALAR, Initializer.constant(Math.log(0.05)));
        String refresh = spec.at("chain").declare("refresh", Shape.SCALAR, Initializer.constant(-1.5));
        String increments = spec.at("chain").declare("increments", Shape.of(steps), Initializer.zeros());
        String embedding = spec.at("net").declare("embedding", Shape.of(steps, 4), Initializer.normal(0.05));
        Mlp net = Mlp.of(spec.at("net"), sizes(2 * dim + 4, 64, 64, dim), SOFTPLUS);
        return new StepModel(
                spec,
                s -> {
                    Weights p = s.params();
                    Tensor std = p.get(logStd).exp();
                    Tensor z0 = p.get(mean).add(std.mul(noise(s, "z", dtype, chains, dim)));
                    Tensor v0 = noise(s, "v", dtype, chains, dim);
                    Tensor size = p.get(logStep).exp();
                    Tensor damping = p.get(refresh).sigmoid();
                    // cumulative softmax: increases to one at the last step
                    Tensor beta = p.get(increments).softmax(0).cumsum(0);
                    Normal q0 = Normal.ofMeanLogStd(p.get(mean), p.get(logStd));
                    Tensor start = q0.logProb(z0).sum(LAST).neg();
                    Key keys = s.key().fold("steps");
                    Tensor left = damping.rsub(1);
                    Tensor spread = damping.mul(left.add(1)).sqrt();
                    Scan.Result r = Scan.of(steps)
                            .carry(z0, v0, start)
                            .sequences(beta, p.get(embedding))
                            .body((t, carry, at) -> {
                                Tensor z = carry.get(0);
                                Tensor v = carry.get(1);
                                Tensor fresh = MeasuredStep.normal(keys.fold(t), z);
                                Tensor w = v.mul(left).add(spread.mul(fresh));
                                Tensor step = at.get(1).broadcastTo(Shape.of(chains, 4));
                                Tensor score = net.apply(p, Tensors.concat(LAST, z, w, step));
                                Tensor back = w.mul(left).add(damping.mul(score));
                                Tensor half = w.add(size.mul(0.5).mul(force(s, q0, at.get(0), z)));
                                Tensor next = z.add(size.mul(half));
                                Tensor end = half.add(size.mul(0.5).mul(force(s, q0, at.get(0), next)));
                                // log B - log F: both kernels have the same spread, and leapfrog keeps volumes
                                Tensor backward =
                                        v.sub(back).div(spread).square().sum(LAST);
                                Tensor forward = fresh.square().sum(LAST);
                                Tensor ratio = forward.sub(backward).mul(0.5);
                                return Scan.Step.of(next, end, carry.get(2).add(ratio));
                            });
                    Tensor momenta = r.last(1)
                            .square()
                            .sum(LAST)
                            .sub(v0.square().sum(LAST))
                            .mul(-0.5);
                    Tensor bound = r.last(2).add(target(s, r.last(0))).add(momenta);
                    return Loss.maximise(bound.mean());
                },
                Map.of(
                        "x", MeasuredStep.uniform(dtype, -1, 1, 1, 100, dim),
                        "y", MeasuredStep.uniform(dtype, 0, 1, 2, 100)));
    }

    private static Tensor noise(StepInput s, String name, DType dtype, int... dims) {
        return Random.normal(s.key().fold(name), DType.F32, Shape.of(dims)).cast(dtype);
    }

    /** Log posterior of a logistic regression with soft labels and a standard normal prior, one for each row. */
    private static Tensor target(StepInput s, Tensor weights) {
        Tensor logits = Tensors.matmul(weights, s.in("x"), false, true);
        Tensor fit = Bernoulli.ofLogits(logits).logProb(s.in("y")).sum(LAST);
        return fit.sub(weights.square().sum(LAST).mul(0.5));
    }

    /** Gradient of beta log target + (1 - beta) log q0. */
    private static Tensor force(StepInput s, Normal q0, Tensor beta, Tensor z) {
        Tensor annealed = target(s, z).mul(beta).add(q0.logProb(z).sum(LAST).mul(beta.rsub(1)));
        return Gradients.of(annealed.sum(), z);
    }
}
