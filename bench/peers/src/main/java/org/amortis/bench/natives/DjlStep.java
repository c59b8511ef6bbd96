package org.amortis.bench.natives;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.amortis.bench.peers.Inputs;
import org.amortis.bench.peers.Row;

/** The training steps of {@link org.amortis.bench.step.MeasuredStep} in DJL: array calls, its gradients and its Adam kernel. */
final class DjlStep {
    private final Engine engine;
    private final NDManager arrays;
    private final List<NDArray> parameters = new ArrayList<>();
    private final List<NDArray> means = new ArrayList<>();
    private final List<NDArray> squares = new ArrayList<>();
    private UnaryOperator<NDList> formula = x -> x;
    private NDList inputs = new NDList();
    private int steps;
    private float last = Float.NaN;

    private record Dense(NDArray weight, NDArray bias) {
        NDArray of(NDArray x) {
            return Linear.linear(x, weight, bias).singletonOrThrow();
        }
    }

    private DjlStep(Engine engine, NDManager arrays) {
        this.engine = engine;
        this.arrays = arrays;
    }

    static DjlStep of(Row.Op op, Engine engine, NDManager arrays) {
        DjlStep s = new DjlStep(engine, arrays);
        switch (op) {
            case VAE -> s.vae();
            case FLOW -> s.flow();
            case GRU -> s.gru();
            case MLP -> s.mlp();
            default -> throw new IllegalArgumentException(op.name());
        }
        return s;
    }

    float loss() {
        return last;
    }

    void run() {
        try (NDManager scope = arrays.newSubManager()) {
            NDList x = new NDList();
            for (NDArray a : inputs) {
                // results live as long as the manager of the first operand
                NDArray copy = a.duplicate();
                copy.attach(scope);
                x.add(copy);
            }
            NDArray loss;
            try (GradientCollector tape = engine.newGradientCollector()) {
                loss = formula.apply(x).singletonOrThrow();
                tape.backward(loss);
            }
            update(scope);
            last = loss.getFloat();
        }
    }

    private void update(NDManager scope) {
        steps++;
        double rate = 1e-3 * Math.sqrt(1 - Math.pow(0.999, steps)) / (1 - Math.pow(0.9, steps));
        for (int i = 0; i < parameters.size(); i++) {
            NDArray p = parameters.get(i);
            NDArray g = p.getGradient();
            g.attach(scope);
            p.getNDArrayInternal()
                    .adamUpdate(
                            new NDList(p, g, means.get(i), squares.get(i)),
                            new NDList(p),
                            (float) rate,
                            (float) rate,
                            0,
                            1,
                            -1,
                            0.9f,
                            0.999f,
                            1e-8f,
                            true,
                            false);
        }
    }

    private NDArray parameter(int fanIn, long... dims) {
        Shape shape = new Shape(dims);
        double limit = 1 / Math.sqrt(fanIn);
        int seed = 100 + parameters.size();
        NDArray p = arrays.create(Inputs.uniform((int) shape.size(), -limit, limit, seed), shape);
        p.setRequiresGradient(true);
        parameters.add(p);
        means.add(p.zerosLike());
        squares.add(p.zerosLike());
        return p;
    }

    private Dense dense(int in, int out) {
        return new Dense(parameter(in, out, in), parameter(in, out));
    }

    private Dense[] network(int... sizes) {
        Dense[] layers = new Dense[sizes.length - 1];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = dense(sizes[i], sizes[i + 1]);
        }
        return layers;
    }

    private static NDArray relu(Dense[] layers, NDArray x) {
        NDArray h = layers[0].of(x);
        for (int i = 1; i < layers.length; i++) {
            h = layers[i].of(Activation.relu(h));
        }
        return h;
    }

    private NDArray uniform(double low, double high, int seed, long... dims) {
        Shape shape = new Shape(dims);
        return arrays.create(Inputs.uniform((int) shape.size(), low, high, seed), shape);
    }

    private void vae() {
        Dense[] encoder = network(784, 400, 400, 40);
        Dense[] decoder = network(20, 400, 400, 784);
        inputs = new NDList(uniform(0, 1, 1, 128, 784));
        formula = in -> {
            NDArray x = in.get(0);
            NDList q = relu(encoder, x).split(2, 1);
            NDArray mean = q.get(0);
            NDArray logVariance = q.get(1);
            NDArray noise = x.getManager().randomNormal(0, 1, new Shape(128, 20), DataType.FLOAT32);
            NDArray logits = relu(decoder, mean.add(logVariance.mul(0.5f).exp().mul(noise)));
            NDArray misfit = Activation.softPlus(logits).sub(logits.mul(x)).sum();
            NDArray kl = logVariance
                    .add(1)
                    .sub(mean.square())
                    .sub(logVariance.exp())
                    .sum()
                    .mul(-0.5f);
            return new NDList(misfit.add(kl).div(128));
        };
    }

    private void flow() {
        Dense[][] nets = new Dense[6][];
        for (int i = 0; i < nets.length; i++) {
            nets[i] = network(37, 128, 128, 10);
        }
        inputs = new NDList(uniform(-1, 1, 1, 256, 10), uniform(-1, 1, 2, 256, 32));
        formula = in -> {
            NDList halves = in.get(0).split(2, 1);
            NDArray kept = halves.get(0);
            NDArray moved = halves.get(1);
            NDArray logDet = kept.getManager().zeros(new Shape(256));
            for (Dense[] net : nets) {
                NDList h = relu(net, kept.concat(in.get(1), 1)).split(2, 1);
                NDArray scale = h.get(0).tanh();
                NDArray next = moved.mul(scale.exp()).add(h.get(1));
                logDet = logDet.add(scale.sum(new int[] {1}));
                moved = kept;
                kept = next;
            }
            NDArray squares = kept.concat(moved, 1).square().sum(new int[] {1});
            return new NDList(squares.mul(0.5f).sub(logDet).mean());
        };
    }

    /** Written out: DJL's own block wants its trainer. */
    private void gru() {
        Dense input = dense(16, 192);
        Dense state = dense(64, 192);
        Dense out = dense(64, 16);
        inputs = new NDList(uniform(-1, 1, 1, 50, 32, 16), uniform(-1, 1, 2, 50, 32, 16));
        formula = in -> {
            NDList products = input.of(in.get(0)).split(50, 0);
            NDArray h = in.get(0).getManager().zeros(new Shape(32, 64));
            NDList states = new NDList();
            for (NDArray product : products) {
                NDList x = product.squeeze(0).split(3, 1);
                NDList g = state.of(h).split(3, 1);
                NDArray reset = Activation.sigmoid(x.get(0).add(g.get(0)));
                NDArray keep = Activation.sigmoid(x.get(1).add(g.get(1)));
                NDArray candidate = x.get(2).add(reset.mul(g.get(2))).tanh();
                h = candidate.add(keep.mul(h.sub(candidate)));
                states.add(h);
            }
            return new NDList(
                    out.of(NDArrays.stack(states)).sub(in.get(1)).square().mean());
        };
    }

    private void mlp() {
        Dense first = dense(2, 64);
        Dense second = dense(64, 64);
        Dense third = dense(64, 2);
        float[] classes = new float[128];
        float[] draws = Inputs.uniform(64, 0, 2, 2);
        for (int i = 0; i < draws.length; i++) {
            classes[2 * i + (draws[i] < 1 ? 0 : 1)] = 1;
        }
        inputs = new NDList(uniform(-1, 1, 1, 64, 2), arrays.create(classes, new Shape(64, 2)));
        formula = in -> {
            NDArray logits = third.of(second.of(first.of(in.get(0)).tanh()).tanh());
            return new NDList(logits.logSoftmax(1).mul(in.get(1)).sum().mul(-1f / 64));
        };
    }
}
