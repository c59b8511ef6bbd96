package org.amortis.bench.micro;

import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.runtime.Device;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
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

/** Many small matrices: products, Cholesky factors and triangular solves of n x n. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class BatchedBenchmark {
    @Param({"8", "2", "3", "5", "16", "31", "32"})
    int n = 2;

    @Param({"64", "1", "67"})
    int batch = 1;

    @Param({"F32", "F64"})
    DType dtype = DType.F32;

    private @Nullable Device device;
    private Runnable product = () -> {};
    private Runnable cholesky = () -> {};
    private Runnable solve = () -> {};
    private Runnable solveOne = () -> {};

    /** For JMH. */
    public BatchedBenchmark() {}

    /** Compiles the operations; factors are those of A A^T + n I. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Operation.device(1);
        device = d;
        HostArray a = Operation.uniform(-1, 1, 1, batch, n, n);
        HostArray b = Operation.uniform(-1, 1, 2, batch, n, n);
        product = Operation.of(d, dtype, x -> x[0].matmul(x[1]), a, b);
        cholesky = Operation.of(d, dtype, x -> LinearAlgebra.cholesky(definite(x[0])), a);
        HostArray v = Operation.uniform(-1, 1, 2, batch, n, 1);
        solveOne = Operation.of(d, dtype, x -> LinearAlgebra.triangularSolve(lower(x[0]), x[1]), a, v);
        solve = Operation.of(d, dtype, x -> LinearAlgebra.triangularSolve(lower(x[0]), x[1]), a, b);
    }

    private Tensor definite(Tensor a) {
        Tensor square = Tensors.matmul(a, a, false, true);
        return square.add(LinearAlgebra.eye(a.dtype(), n).mul(n));
    }

    private Tensor lower(Tensor a) {
        return LinearAlgebra.tril(a).add(LinearAlgebra.eye(a.dtype(), n).mul(2 + n));
    }

    /** Products. */
    @Benchmark
    public void product() {
        product.run();
    }

    /** A A^T + n I and its factor. */
    @Benchmark
    public void cholesky() {
        cholesky.run();
    }

    /** Solve with n right-hand sides. */
    @Benchmark
    public void solve() {
        solve.run();
    }

    /** Solve with one right-hand side. */
    @Benchmark
    public void solveOne() {
        solveOne.run();
    }

    /** Closes the device. */
    @TearDown(Level.Trial)
    public void close() {
        if (device != null) {
            device.close();
        }
    }
}
