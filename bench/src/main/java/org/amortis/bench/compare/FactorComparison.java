package org.amortis.bench.compare;

import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.peers.Inputs;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Cholesky factors of 64 matrices in float64: this engine's batch and EJML one by one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class FactorComparison {
    private static final int BATCH = 64;

    @Param({"8", "2", "5", "32"})
    int n = 1;

    private @Nullable Device device;
    private Runnable program = () -> {};
    private double[] matrices = {};
    private DMatrixRMaj one = new DMatrixRMaj(1, 1);
    private CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(1, true);

    /** For JMH. */
    public FactorComparison() {}

    /** Compiles the program and compares the last factor. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Device.builder().threads(1).build();
        device = d;
        d.warmUp();
        matrices = new double[BATCH * n * n];
        float[] u = Inputs.uniform(BATCH * n * n, -1, 1, 1);
        for (int m = 0; m < BATCH; m++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    int at = m * n * n;
                    // diagonally dominant, so positive definite
                    double v = i == j ? n + 1 : u[at + i * n + j];
                    matrices[at + i * n + j] = v;
                    matrices[at + j * n + i] = v;
                }
            }
        }
        one = new DMatrixRMaj(n, n);
        cholesky = DecompositionFactory_DDRM.chol(n, true);
        Tensor a = Tensors.input("a", DType.F64, BATCH, n, n);
        Runner r = Program.of(LinearAlgebra.cholesky(a)).open(d);
        r.feed("a", HostArray.wrap(matrices, Shape.of(BATCH, n, n)));
        program = r::run;
        program.run();
        ejml();
        double[] factor = cholesky.getT(null).data;
        double[] got = r.output(0).doubles();
        for (int i = 0; i < n * n; i++) {
            double ours = got[(BATCH - 1) * n * n + i];
            if (!(Math.abs(ours - factor[i]) < 1e-12 * n)) {
                throw new IllegalStateException("element " + i + ": " + ours + " and " + factor[i]);
            }
        }
    }

    /** A compiled program. */
    @Benchmark
    public void amortis() {
        program.run();
    }

    /**
     * EJML; its decomposition works in place, so each matrix is copied first.
     *
     * @return whether all could be decomposed, so that nothing is optimised away
     */
    @Benchmark
    public boolean ejml() {
        boolean all = true;
        for (int m = 0; m < BATCH; m++) {
            System.arraycopy(matrices, m * n * n, one.data, 0, n * n);
            all &= cholesky.decompose(one);
        }
        return all;
    }

    /** Closes the device. */
    @TearDown(Level.Trial)
    public void close() {
        if (device != null) {
            device.close();
        }
    }
}
