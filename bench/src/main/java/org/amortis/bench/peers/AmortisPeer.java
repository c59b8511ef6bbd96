package org.amortis.bench.peers;

import java.util.Arrays;
import java.util.Map;
import java.util.ServiceLoader;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.backend.ScalarLoops;
import org.amortis.bench.step.StepRun;
import org.amortis.kernels.FmaPeak;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.spi.BackendProvider;
import org.amortis.spi.Loops;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * This engine. Steps and all rows but products of one thread are compiled programs, replayed; products of one thread call
 * the kernel as a program does, since a call of a native one has nothing around it either.
 */
final class AmortisPeer implements Peer {
    private @Nullable Device device;

    AmortisPeer() {}

    @Override
    public String version() {
        return "Amortis, " + device();
    }

    @Override
    public void start(int threads) {
        start(threads, true);
    }

    void start(int threads, boolean warm) {
        device = Device.builder().threads(threads).build();
        if (warm) {
            device().warmUp();
        }
    }

    void close() {
        device().close();
    }

    private Device device() {
        Device d = device;
        if (d == null) {
            throw new IllegalStateException("not started");
        }
        return d;
    }

    @Override
    public @Nullable Work work(Row row) {
        return switch (row.op()) {
            case GEMM, GEMM_TN, GEMM_NT -> row.threads() == 1 ? kernel(row) : productProgram(row);
            case ADD -> program(row, x -> x.add(Tensors.input("y", DType.F32, row.m())));
            case EXP -> program(row, Tensor::exp);
            case LOG -> program(row, Tensor::log);
            case TANH -> program(row, Tensor::tanh);
            case SOFTPLUS -> program(row, Tensor::softplus);
            case GELU -> program(row, Tensor::gelu);
            case SUM -> program(row, x -> x.sum());
            case SOFTMAX -> program(row, x -> x.softmax(Tensor.LAST));
            case NORMAL -> draws(row);
            case VAE, FLOW, GRU, MLP -> step(row);
        };
    }

    @Override
    public double peak() {
        return device().backend().equals("simd") ? FmaPeak.measure(500) : Double.NaN;
    }

    private interface Formula {
        Tensor of(Tensor x);
    }

    private Work program(Row row, Formula f) {
        Tensor x = row.op() == Row.Op.SOFTMAX
                ? Tensors.input("x", DType.F32, row.m(), row.n())
                : Tensors.input("x", DType.F32, row.m());
        Runner r = Program.of(f.of(x)).open(device());
        r.feed("x", Inputs.x(row), 0);
        if (row.op() == Row.Op.ADD) {
            r.feed("y", Inputs.y(row), 0);
        }
        return Work.of(row, r::run, () -> r.output(0).floats());
    }

    /** The key depends on a counter, or the draws would be a constant of the program. */
    private Work draws(Row row) {
        State count = new State("count", new TensorType(DType.I32, Shape.SCALAR));
        StateStore store = new StateStore();
        store.set(count, HostArray.wrap(new int[1], Shape.SCALAR));
        Runner r = Program.builder()
                .outputs(Random.normal(Key.of(7).fold(count.value()), DType.F32, Shape.of(row.m())))
                .updates(Map.of(count, count.value().add(1)))
                .build()
                .open(device(), store);
        return Work.of(row, r::run, () -> r.output(0).floats());
    }

    private Work productProgram(Row row) {
        boolean ta = row.op() == Row.Op.GEMM_TN;
        boolean tb = row.op() == Row.Op.GEMM_NT;
        Tensor a = Tensors.input("a", DType.F32, ta ? row.k() : row.m(), ta ? row.m() : row.k());
        Tensor b = Tensors.input("b", DType.F32, tb ? row.n() : row.k(), tb ? row.k() : row.n());
        Runner r = Program.of(Tensors.matmul(a, b, ta, tb)).open(device());
        r.feed("a", Inputs.a(row), 0);
        r.feed("b", Inputs.b(row), 0);
        return Work.of(row, r::run, () -> r.output(0).floats());
    }

    private Work kernel(Row row) {
        Loops loops = loops();
        boolean ta = row.op() == Row.Op.GEMM_TN;
        boolean tb = row.op() == Row.Op.GEMM_NT;
        int m = row.m();
        int n = row.n();
        int k = row.k();
        int lda = ta ? m : k;
        int ldb = tb ? k : n;
        float[] a = Inputs.a(row);
        float[] b = Inputs.b(row);
        float[] c = new float[m * n];
        float[] scratch = new float[loops.gemmScratch(DType.F32, ta, tb, m, n, k)];
        return Work.of(
                row,
                () -> loops.gemm(ta, tb, m, n, k, a, 0, lda, b, 0, ldb, 0, c, 0, n, 0, m, scratch),
                () -> Arrays.copyOf(c, c.length));
    }

    /** The loops that the device uses. */
    private Loops loops() {
        for (BackendProvider p : ServiceLoader.load(BackendProvider.class)) {
            Loops found = p.name().equals(device().backend()) && p.unavailable() == null ? p.loops() : null;
            if (found != null) {
                return found;
            }
        }
        return ScalarLoops.INSTANCE;
    }

    private Work step(Row row) {
        StepRun step = StepRun.of(row.step(), device());
        double error = StepRun.gradientError(row.step(), device());
        return new Work() {
            @Override
            public void run() {
                step.run();
            }

            @Override
            public double error() {
                if (!Double.isFinite(step.loss())) {
                    throw new IllegalStateException(row.id() + ": the loss is " + step.loss());
                }
                return error;
            }
        };
    }
}
