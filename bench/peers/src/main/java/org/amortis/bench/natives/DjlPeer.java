package org.amortis.bench.natives;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;
import org.amortis.bench.peers.Inputs;
import org.amortis.bench.peers.Peer;
import org.amortis.bench.peers.Row;
import org.amortis.bench.peers.Work;
import org.jspecify.annotations.Nullable;

/** DJL over the LibTorch that comes with it (oneMKL inside), array by array. */
public final class DjlPeer implements Peer {
    private final Engine engine = Engine.getEngine("PyTorch");
    private final NDManager arrays = NDManager.newBaseManager();

    /** For the class loader. */
    public DjlPeer() {}

    @Override
    public String version() {
        return "DJL, " + engine.getEngineName() + " " + engine.getVersion();
    }

    @Override
    public void start(int threads) {
        JniUtils.setNumThreads(threads);
    }

    private NDArray array(float[] values, long... shape) {
        return arrays.create(values, new Shape(shape));
    }

    private static Work work(Row row, Supplier<NDArray> f) {
        return Work.of(row, () -> f.get().close(), () -> f.get().toFloatArray());
    }

    @Override
    public @Nullable Work work(Row row) {
        return switch (row.op()) {
            case GEMM -> product(row, array(Inputs.a(row), row.m(), row.k()), array(Inputs.b(row), row.k(), row.n()));
            case GEMM_TN ->
                product(
                        row,
                        array(Inputs.a(row), row.k(), row.m()).transpose(),
                        array(Inputs.b(row), row.k(), row.n()));
            case GEMM_NT ->
                product(
                        row,
                        array(Inputs.a(row), row.m(), row.k()),
                        array(Inputs.b(row), row.n(), row.k()).transpose());
            case ADD -> {
                NDArray x = array(Inputs.x(row), row.m());
                NDArray y = array(Inputs.y(row), row.m());
                yield work(row, () -> x.add(y));
            }
            case EXP, LOG, TANH, SOFTPLUS, GELU, SUM -> {
                NDArray x = array(Inputs.x(row), row.m());
                yield work(row, () -> unary(row.op(), x));
            }
            case SOFTMAX -> {
                NDArray x = array(Inputs.x(row), row.m(), row.n());
                yield work(row, () -> x.softmax(1));
            }
            case NORMAL -> {
                Shape shape = new Shape(row.m());
                yield work(row, () -> arrays.randomNormal(0, 1, shape, DataType.FLOAT32));
            }
            case VAE, FLOW, GRU, MLP -> {
                DjlStep step = DjlStep.of(row.op(), engine, arrays);
                yield Work.step(step::run, step::loss);
            }
        };
    }

    private static Work product(Row row, NDArray a, NDArray b) {
        return work(row, () -> a.matMul(b));
    }

    private static NDArray unary(Row.Op op, NDArray x) {
        return switch (op) {
            case EXP -> x.exp();
            case LOG -> x.log();
            case TANH -> x.tanh();
            case SOFTPLUS -> Activation.softPlus(x);
            case GELU -> Activation.gelu(x);
            case SUM -> x.sum();
            default -> throw new IllegalArgumentException(op.name());
        };
    }
}
