package org.amortis.bench.natives;

import java.util.function.Supplier;
import org.amortis.bench.peers.Inputs;
import org.amortis.bench.peers.Peer;
import org.amortis.bench.peers.Row;
import org.amortis.bench.peers.Work;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** LibTorch through JavaCPP: its C++ front end without Python. */
public final class TorchPeer implements Peer {
    /** For the class loader. */
    public TorchPeer() {}

    @Override
    public String version() {
        return "LibTorch through JavaCPP " + torch.class.getPackage().getImplementationVersion();
    }

    @Override
    public void start(int threads) {
        torch.set_num_threads(threads);
        torch.manual_seed(1);
    }

    static Tensor tensor(float[] values, long... shape) {
        try (FloatPointer p = new FloatPointer(values)) {
            // the blob only borrows the memory
            return torch.from_blob(p, shape).clone();
        }
    }

    private static float[] floats(Tensor t) {
        float[] copy = new float[(int) t.numel()];
        new FloatPointer(t.contiguous().data_ptr()).get(copy);
        return copy;
    }

    /** A fresh result in each call, as eager code has it. */
    private static Work work(Row row, Supplier<Tensor> f) {
        return Work.of(row, () -> f.get().close(), () -> floats(f.get()));
    }

    @Override
    public @Nullable Work work(Row row) {
        return switch (row.op()) {
            case GEMM -> product(row, tensor(Inputs.a(row), row.m(), row.k()), tensor(Inputs.b(row), row.k(), row.n()));
            case GEMM_TN ->
                product(row, tensor(Inputs.a(row), row.k(), row.m()).t(), tensor(Inputs.b(row), row.k(), row.n()));
            case GEMM_NT ->
                product(
                        row,
                        tensor(Inputs.a(row), row.m(), row.k()),
                        tensor(Inputs.b(row), row.n(), row.k()).t());
            case ADD -> {
                Tensor x = tensor(Inputs.x(row), row.m());
                Tensor y = tensor(Inputs.y(row), row.m());
                yield work(row, () -> x.add(y));
            }
            case EXP, LOG, TANH, SOFTPLUS, GELU, SUM -> {
                Tensor x = tensor(Inputs.x(row), row.m());
                yield work(row, () -> unary(row.op(), x));
            }
            case SOFTMAX -> {
                Tensor x = tensor(Inputs.x(row), row.m(), row.n());
                yield work(row, () -> x.softmax(1));
            }
            case NORMAL -> work(row, () -> torch.randn(row.m()));
            case VAE, FLOW, GRU, MLP -> {
                TorchStep step = TorchStep.of(row.op());
                yield Work.step(step::run, step::loss);
            }
        };
    }

    private static Work product(Row row, Tensor a, Tensor b) {
        return work(row, () -> torch.mm(a, b));
    }

    private static Tensor unary(Row.Op op, Tensor x) {
        return switch (op) {
            case EXP -> x.exp();
            case LOG -> x.log();
            case TANH -> x.tanh();
            case SOFTPLUS -> torch.softplus(x);
            case GELU -> torch.gelu(x);
            case SUM -> x.sum();
            default -> throw new IllegalArgumentException(op.name());
        };
    }
}
