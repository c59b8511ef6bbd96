package org.amortis.cuda;

import static org.amortis.nn.Activation.RELU;
import static org.amortis.nn.Activation.TANH;
import static org.amortis.nn.Mlp.sizes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.math.Philox;
import org.amortis.nn.Gru;
import org.amortis.nn.Linear;
import org.amortis.nn.Mlp;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Program;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;

/** The training steps that peers/torch_steps.py and peers/jax_steps.py time: the same layers, losses and optimizer. */
final class PeerSteps {
    private static final int LAST = Tensor.LAST;

    /**
     * A step with its first state.
     *
     * @param name name in the table
     * @param program the step: gradient and Adam on parameters that stay where they are
     * @param store first values
     */
    record Step(String name, Program program, StateStore store) {}

    private interface Loss {
        Tensor of(Weights p, Key key);
    }

    private PeerSteps() {}

    static List<String> names() {
        return List.of("vae128", "vae4096", "flow256", "flow16384", "mlp64", "gru32");
    }

    static Step of(String name) {
        return switch (name) {
            case "vae128" -> vae(128, 784, 400, 20);
            case "vae4096" -> vae(4096, 784, 400, 20);
            case "flow256" -> flow(256, 10, 32, 128, 6);
            case "flow16384" -> flow(16384, 10, 32, 128, 6);
            case "mlp64" -> mlp(64, 64);
            case "gru32" -> gru(32, 50, 16, 64);
            default -> throw new IllegalArgumentException(name + " is none of " + names());
        };
    }

    private static HostArray data(int seed, boolean normal, int... dims) {
        Shape s = Shape.of(dims);
        float[] x = new float[s.size()];
        int[] w = new int[Philox.BLOCK];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (normal ? Philox.normal32(seed, i, 0, 0, w) : Philox.uniform32(seed, i, 0, 0));
        }
        return HostArray.wrap(x, s);
    }

    static Step vae(int batch, int pixels, int hidden, int latent) {
        ParamSpec spec = new ParamSpec(DType.F32);
        Mlp body = Mlp.of(spec.at("encoder"), sizes(pixels, hidden, hidden), TANH);
        Linear mean = Linear.of(spec.at("mean"), hidden, latent);
        Linear logVariance = Linear.of(spec.at("logVariance"), hidden, latent);
        Mlp decoder = Mlp.of(spec.at("decoder"), sizes(latent, hidden, hidden, pixels), TANH);
        Tensor x = Tensors.resident(data(1, false, batch, pixels));
        return step("vae" + batch, spec, (p, key) -> {
            Tensor h = body.apply(p, x).tanh();
            Tensor mu = mean.apply(p, h);
            Tensor lv = logVariance.apply(p, h);
            Tensor z = mu.add(lv.mul(0.5).exp().mul(Random.normal(key.fold("z"), DType.F32, mu.shape())));
            Tensor l = decoder.apply(p, z);
            Tensor fit = l.softplus().sub(l.mul(x)).sum();
            Tensor kl = lv.exp().add(mu.square()).sub(1).sub(lv).sum().mul(0.5);
            return fit.add(kl).div(batch);
        });
    }

    static Step flow(int batch, int dims, int context, int width, int layers) {
        ParamSpec spec = new ParamSpec(DType.F32);
        int half = dims / 2;
        List<Mlp> nets = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            nets.add(Mlp.of(spec.at("layer" + i), sizes(half + context, width, width, 2 * half), RELU));
        }
        Tensor data = Tensors.resident(data(2, true, batch, dims));
        Tensor c = Tensors.resident(data(3, true, batch, context));
        return step("flow" + batch, spec, (p, key) -> {
            Tensor x = data;
            Tensor logDet = Tensors.zeros(DType.F32, Shape.of(batch));
            for (Mlp net : nets) {
                Tensor[] part = x.split(LAST, half, half);
                Tensor[] o = net.apply(p, Tensors.concat(1, part[0], c)).split(LAST, half, half);
                Tensor s = o[1].tanh();
                logDet = logDet.add(s.sum(1));
                x = Tensors.concat(1, part[1].mul(s.exp()).add(o[0]), part[0]);
            }
            return x.square().sum(1).mul(0.5).sub(logDet).mean();
        });
    }

    static Step mlp(int batch, int width) {
        ParamSpec spec = new ParamSpec(DType.F32);
        Mlp net = Mlp.of(spec.at("net"), sizes(2, width, width, 2), TANH);
        Tensor x = Tensors.resident(data(4, true, batch, 2));
        return step("mlp" + batch, spec, (p, key) -> net.apply(p, x).square().mean());
    }

    static Step gru(int batch, int steps, int in, int hidden) {
        ParamSpec spec = new ParamSpec(DType.F32);
        Gru net = Gru.of(spec.at("gru"), in, hidden);
        Linear out = Linear.of(spec.at("out"), hidden, 8);
        // time first
        Tensor x = Tensors.resident(data(5, true, steps, batch, in));
        return step(
                "gru" + batch,
                spec,
                (p, key) -> out.apply(p, net.apply(p, x)).square().mean());
    }

    private static Step step(String name, ParamSpec spec, Loss loss) {
        StateStore store = new StateStore();
        State flat = spec.flat();
        State count = new State("step", new TensorType(DType.I32, Shape.SCALAR));
        State m = new State("m", flat.type());
        State v = new State("v", flat.type());
        State root = new State("root", new TensorType(DType.KEY, Shape.SCALAR));
        Params.init(spec, Key.of(7)).into(store);
        store.set(count, HostArray.wrap(new int[1], Shape.SCALAR));
        store.set(m, HostArray.zeros(DType.F32, flat.type().shape()));
        store.set(v, HostArray.zeros(DType.F32, flat.type().shape()));
        store.set(root, HostArray.wrap(DType.KEY, new int[] {7, 0}, Shape.SCALAR));
        Tensor p = flat.value();
        Tensor l = loss.of(spec.weights(), Key.of(root.value()).fold(count.value()));
        Tensor g = Gradients.of(l, List.of(p)).get(0);
        Tensor next = count.value().add(1);
        Tensor t = next.cast(DType.F32);
        Tensor m1 = m.value().mul(0.9).add(g.mul(0.1));
        Tensor v1 = v.value().mul(0.999).add(g.square().mul(0.001));
        Tensor c1 = t.mul(Math.log(0.9)).expm1().neg();
        Tensor c2 = t.mul(Math.log(0.999)).expm1().neg();
        Tensor p1 = p.sub(m1.div(c1).div(v1.div(c2).sqrt().add(1e-8)).mul(1e-3));
        Map<State, Tensor> updates = new LinkedHashMap<>();
        updates.put(flat, p1);
        updates.put(m, m1);
        updates.put(v, v1);
        updates.put(count, next);
        return new Step(name, Program.of(List.of(l), updates), store);
    }
}
