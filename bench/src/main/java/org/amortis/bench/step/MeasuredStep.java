package org.amortis.bench.step;

import static org.amortis.nn.Activation.RELU;
import static org.amortis.nn.Activation.TANH;
import static org.amortis.nn.Mlp.sizes;
import static org.amortis.tensor.Tensor.LAST;

import java.util.Map;
import java.util.function.Function;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Bernoulli;
import org.amortis.dist.Categorical;
import org.amortis.math.Philox;
import org.amortis.nn.Gru;
import org.amortis.nn.Linear;
import org.amortis.nn.Mlp;
import org.amortis.param.ParamSpec;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.train.Loss;

/**
 * The training steps that are measured. Work is what the matrix products of a step take at least, in floating-point
 * operations: forward, and for each weight and each input that is no datum the same again.
 */
public enum MeasuredStep {
    /** Variational autoencoder 784-400-400-20, ReLU, batch 128, one draw, Bernoulli likelihood, analytic divergence. */
    VAE(
            MeasuredStep::vae,
            dense(128, 784, 400, 2)
                    + 2 * dense(128, 400, 400, 3)
                    + dense(128, 400, 40, 3)
                    + dense(128, 20, 400, 3)
                    + dense(128, 400, 784, 3)),
    /** Six affine couplings of ten numbers given a context of 32, networks 37-128-128-10, batch 256. */
    FLOW(MeasuredStep::flow, 6 * (dense(256, 37, 128, 3) + dense(256, 128, 128, 3) + dense(256, 128, 10, 3))),
    /** Gated recurrent unit of 64, 50 steps of 16 numbers, batch 32, a linear layer on every state, squared error. */
    GRU(MeasuredStep::gru, 50 * (dense(32, 16, 192, 2) + dense(32, 64, 192, 3) + dense(32, 64, 16, 3))),
    /** Network 2-64-64-2, tanh, batch 64, cross-entropy. */
    MLP(MeasuredStep::mlp, dense(64, 2, 64, 2) + dense(64, 64, 64, 3) + dense(64, 64, 2, 3)),
    /** Autoencoder of 28 x 28 pixels with two convolutions, two transposed ones, 20 latent numbers, batch 64. */
    CONV_VAE(
            MoreSteps::convVae,
            64 * (2 * 196 * 9 * 16 * 2 + 2 * 49 * 9 * 16 * 32 * 3 + 2 * 49 * 9 * 32 * 16 * 3 + 2 * 196 * 9 * 16 * 3)
                    + dense(64, 1568, 40, 3)
                    + dense(64, 20, 1568, 3)),
    /** Langevin diffusion with 32 steps, momentum and a score network; a logistic regression of 16 weights, 64 chains. */
    LDVI(MoreSteps::langevin, 33 * dense(64, 16, 100, 4) + 32 * (2 * dense(64, 52, 52, 3) + dense(64, 52, 16, 3))),
    /** Attention block: 4 heads of 16 over 32 places, batch 16, then 64-256-64, both residual and normalised before. */
    ATTENTION(
            MoreSteps::attention,
            4 * dense(512, 64, 64, 3)
                    + 64 * 2 * dense(32, 16, 32, 3)
                    + dense(512, 64, 256, 3)
                    + dense(512, 256, 64, 3)),
    /** Plain recurrent network of 64 in a loop of 50 steps, batch 32, the last state fitted. */
    SCAN(MoreSteps::scan, 50 * (dense(32, 16, 64, 2) + dense(32, 64, 64, 3)));

    /**
     * Largest error of a gradient element relative to the largest element: float32 sums of up to 100,000 products, whose
     * errors grow like the root of their number, 300 times 2^-24.
     */
    static final double GRADIENT_TOLERANCE = 2e-5;

    private final Function<DType, StepModel> model;
    private final double work;

    MeasuredStep(Function<DType, StepModel> model, double work) {
        this.model = model;
        this.work = work;
    }

    /**
     * The step as formulas.
     *
     * @param dtype F32, or F64 for a reference with the same draws
     * @return its parameters, loss and batch
     */
    public StepModel model(DType dtype) {
        return model.apply(dtype);
    }

    /**
     * Floating-point operations of the matrix products.
     *
     * @return operations of one step
     */
    public double work() {
        return work;
    }

    private static double dense(double rows, double in, double out, int products) {
        return 2 * rows * in * out * products;
    }

    private static StepModel vae(DType dtype) {
        int latent = 20;
        ParamSpec spec = new ParamSpec(dtype);
        Mlp encoder = Mlp.of(spec.at("encoder"), sizes(784, 400, 400, 2 * latent), RELU);
        Mlp decoder = Mlp.of(spec.at("decoder"), sizes(latent, 400, 400, 784), RELU);
        HostArray x = uniform(dtype, 0, 1, 1, 128, 784);
        return new StepModel(
                spec,
                s -> {
                    Tensor pixels = s.in("x");
                    Tensor[] q = encoder.apply(s.params(), pixels).split(LAST, latent, latent);
                    Tensor mean = q[0];
                    Tensor logVariance = q[1];
                    Tensor noise = normal(s.key().fold("z"), mean);
                    Tensor z = mean.add(logVariance.mul(0.5).exp().mul(noise));
                    Tensor fit = Bernoulli.ofLogits(decoder.apply(s.params(), z))
                            .logProb(pixels)
                            .sum();
                    Tensor kl = logVariance
                            .add(1)
                            .sub(mean.square())
                            .sub(logVariance.exp())
                            .sum()
                            .mul(-0.5);
                    return Loss.minimise(kl.sub(fit).div(128));
                },
                Map.of("x", x));
    }

    private static StepModel flow(DType dtype) {
        int half = 5;
        ParamSpec spec = new ParamSpec(dtype);
        Mlp[] nets = new Mlp[6];
        for (int i = 0; i < nets.length; i++) {
            nets[i] = Mlp.of(spec.at("coupling").at(i), sizes(half + 32, 128, 128, 2 * half), RELU);
        }
        return new StepModel(
                spec,
                s -> {
                    Tensor[] x = s.in("x").split(LAST, half, half);
                    Tensor kept = x[0];
                    Tensor moved = x[1];
                    Tensor logDet = Tensors.zeros(dtype, Shape.of(256));
                    for (Mlp net : nets) {
                        Tensor[] h = net.apply(s.params(), Tensors.concat(LAST, kept, s.in("context")))
                                .split(LAST, half, half);
                        Tensor scale = h[0].tanh();
                        Tensor next = moved.mul(scale.exp()).add(h[1]);
                        logDet = logDet.add(scale.sum(LAST));
                        moved = kept;
                        kept = next;
                    }
                    Tensor z = Tensors.concat(LAST, kept, moved);
                    return Loss.minimise(
                            z.square().sum(LAST).mul(0.5).sub(logDet).mean());
                },
                Map.of("x", uniform(dtype, -1, 1, 1, 256, 2 * half), "context", uniform(dtype, -1, 1, 2, 256, 32)));
    }

    private static StepModel gru(DType dtype) {
        ParamSpec spec = new ParamSpec(dtype);
        Gru gru = Gru.of(spec.at("gru"), 16, 64);
        Linear out = Linear.of(spec.at("out"), 64, 16);
        return new StepModel(
                spec,
                s -> {
                    Tensor states = gru.apply(s.params(), s.in("x"));
                    return Loss.minimise(out.apply(s.params(), states)
                            .sub(s.in("y"))
                            .square()
                            .mean());
                },
                Map.of("x", uniform(dtype, -1, 1, 1, 50, 32, 16), "y", uniform(dtype, -1, 1, 2, 50, 32, 16)));
    }

    private static StepModel mlp(DType dtype) {
        ParamSpec spec = new ParamSpec(dtype);
        Mlp net = Mlp.of(spec.at("net"), sizes(2, 64, 64, 2), TANH);
        int[] classes = new int[64];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = Philox.uniform32(2, i, 0, 0) < 0.5 ? 0 : 1;
        }
        return new StepModel(
                spec,
                s -> Loss.minimise(Categorical.ofLogits(net.apply(s.params(), s.in("x")))
                        .logProb(s.in("y"))
                        .mean()
                        .neg()),
                Map.of("x", uniform(dtype, -1, 1, 1, 64, 2), "y", HostArray.wrap(classes, Shape.of(64))));
    }

    /** Normals in float32 whatever the type, so that a reference in double sees the same noise. */
    static Tensor normal(Key key, Tensor like) {
        return Random.normal(key, DType.F32, like.shape()).cast(like.dtype());
    }

    /** Uniform numbers of a seed, the same in both float types. */
    static HostArray uniform(DType dtype, double low, double high, int seed, int... dims) {
        Shape shape = Shape.of(dims);
        float[] x = new float[shape.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (low + (high - low) * Philox.uniform32(seed, i, 0, 0));
        }
        return HostArray.wrap(x, shape).cast(dtype);
    }
}
