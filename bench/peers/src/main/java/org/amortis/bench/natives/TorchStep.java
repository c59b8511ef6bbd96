package org.amortis.bench.natives;

import java.util.function.Supplier;
import org.amortis.bench.peers.Inputs;
import org.amortis.bench.peers.Row;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.BCEWithLogitsLossOptions;
import org.bytedeco.pytorch.GRUImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.kSum;

/** The training steps of {@link org.amortis.bench.step.MeasuredStep} in LibTorch's modules, with its autograd and Adam. */
final class TorchStep {
    private static final Scalar HALF = new Scalar(0.5);
    private static final Scalar ONE = new Scalar(1.0);

    private final Adam adam;
    private final Supplier<Tensor> formula;
    private float last = Float.NaN;

    private TorchStep(Supplier<Tensor> formula, Module... modules) {
        TensorVector parameters = new TensorVector();
        for (Module m : modules) {
            TensorVector own = m.parameters();
            for (long i = 0; i < own.size(); i++) {
                parameters.push_back(own.get(i));
            }
        }
        this.adam = new Adam(parameters, new AdamOptions(1e-3));
        this.formula = formula;
    }

    static TorchStep of(Row.Op op) {
        return switch (op) {
            case VAE -> vae();
            case FLOW -> flow();
            case GRU -> gru();
            case MLP -> mlp();
            default -> throw new IllegalArgumentException(op.name());
        };
    }

    void run() {
        // frees every tensor of the step
        PointerScope scope = new PointerScope();
        try {
            adam.zero_grad();
            Tensor loss = formula.get();
            loss.backward();
            adam.step();
            last = loss.item_float();
        } finally {
            scope.close();
        }
    }

    float loss() {
        return last;
    }

    private static TorchStep vae() {
        LinearImpl[] encoder = {new LinearImpl(784, 400), new LinearImpl(400, 400), new LinearImpl(400, 40)};
        LinearImpl[] decoder = {new LinearImpl(20, 400), new LinearImpl(400, 400), new LinearImpl(400, 784)};
        Tensor x = TorchPeer.tensor(Inputs.uniform(128 * 784, 0, 1, 1), 128, 784);
        BCEWithLogitsLossOptions summed = new BCEWithLogitsLossOptions();
        summed.reduction().put(new kSum());
        Scalar minusHalf = new Scalar(-0.5);
        Scalar perRow = new Scalar(1.0 / 128);
        return new TorchStep(
                () -> {
                    TensorVector q = relu(encoder, x).chunk(2, 1);
                    Tensor mean = q.get(0);
                    Tensor logVariance = q.get(1);
                    Tensor z = mean.add(logVariance.mul(HALF).exp().mul(torch.randn(128, 20)));
                    Tensor fit = torch.binary_cross_entropy_with_logits(relu(decoder, z), x, summed);
                    Tensor kl = logVariance
                            .add(ONE)
                            .sub(mean.square())
                            .sub(logVariance.exp())
                            .sum()
                            .mul(minusHalf);
                    return fit.add(kl).mul(perRow);
                },
                encoder[0],
                encoder[1],
                encoder[2],
                decoder[0],
                decoder[1],
                decoder[2]);
    }

    /** Linear layers with rectifiers between them. */
    private static Tensor relu(LinearImpl[] layers, Tensor x) {
        Tensor h = layers[0].forward(x);
        for (int i = 1; i < layers.length; i++) {
            h = layers[i].forward(h.relu());
        }
        return h;
    }

    private static TorchStep flow() {
        LinearImpl[][] nets = new LinearImpl[6][];
        Module[] all = new Module[18];
        for (int i = 0; i < 6; i++) {
            nets[i] = new LinearImpl[] {new LinearImpl(37, 128), new LinearImpl(128, 128), new LinearImpl(128, 10)};
            System.arraycopy(nets[i], 0, all, 3 * i, 3);
        }
        Tensor x = TorchPeer.tensor(Inputs.uniform(256 * 10, -1, 1, 1), 256, 10);
        Tensor context = TorchPeer.tensor(Inputs.uniform(256 * 32, -1, 1, 2), 256, 32);
        return new TorchStep(
                () -> {
                    Tensor kept = x.narrow(1, 0, 5);
                    Tensor moved = x.narrow(1, 5, 5);
                    Tensor logDet = torch.zeros(256);
                    for (LinearImpl[] net : nets) {
                        Tensor h = relu(net, torch.cat(new TensorVector(kept, context), 1));
                        Tensor scale = h.narrow(1, 0, 5).tanh();
                        Tensor next = moved.mul(scale.exp()).add(h.narrow(1, 5, 5));
                        logDet = logDet.add(scale.sum(1));
                        moved = kept;
                        kept = next;
                    }
                    Tensor z = torch.cat(new TensorVector(kept, moved), 1);
                    return z.square().sum(1).mul(HALF).sub(logDet).mean();
                },
                all);
    }

    private static TorchStep gru() {
        GRUImpl cell = new GRUImpl(16, 64);
        LinearImpl out = new LinearImpl(64, 16);
        Tensor x = TorchPeer.tensor(Inputs.uniform(50 * 32 * 16, -1, 1, 1), 50, 32, 16);
        Tensor y = TorchPeer.tensor(Inputs.uniform(50 * 32 * 16, -1, 1, 2), 50, 32, 16);
        return new TorchStep(() -> torch.mse_loss(out.forward(cell.forward(x).get0()), y), cell, out);
    }

    private static TorchStep mlp() {
        LinearImpl first = new LinearImpl(2, 64);
        LinearImpl second = new LinearImpl(64, 64);
        LinearImpl third = new LinearImpl(64, 2);
        Tensor x = TorchPeer.tensor(Inputs.uniform(64 * 2, -1, 1, 1), 64, 2);
        Tensor y = TorchPeer.tensor(Inputs.uniform(64, 0, 1.999, 2), 64).toType(torch.ScalarType.Long);
        return new TorchStep(
                () -> torch.cross_entropy(
                        third.forward(second.forward(first.forward(x).tanh()).tanh()), y),
                first,
                second,
                third);
    }
}
