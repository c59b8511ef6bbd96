package org.amortis.bench.micro;

import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.runtime.Device;
import org.amortis.tensor.Indexing;
import org.amortis.tensor.Recurrences;
import org.amortis.tensor.Sorting;
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

/** Gather, scatter-add, transpose, concatenation, sort, running sums and products and linear recurrences of a matrix. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class IndexBenchmark {
    @Param({
        "gather",
        "scatterAdd",
        "transpose",
        "concat",
        "sort",
        "cumsum",
        "cumsumLast",
        "cumprod",
        "linear",
        "linearLast"
    })
    String op = "gather";

    @Param({"256x64", "1x1", "31x17", "1000x67"})
    String shape = "1x1";

    @Param({"F32", "F64"})
    DType dtype = DType.F32;

    private @Nullable Device device;
    private Runnable forward = () -> {};

    /** For JMH. */
    public IndexBenchmark() {}

    /** Compiles the operation. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Operation.device(1);
        device = d;
        int[] s = Operation.sizes(shape);
        HostArray a = Operation.uniform(-3, 3, 1, s);
        HostArray index = Operation.indices(s[0], 2, s[0]);
        forward = Operation.of(d, dtype, x -> apply(x[0], x[1]), a, index);
    }

    private Tensor apply(Tensor x, Tensor index) {
        return switch (op) {
            case "gather" -> x.gather(0, index);
            case "scatterAdd" -> Tensors.scatterAdd(0, x.shape().dim(0), index, x);
            // with an operation behind it, or nothing would have to move
            case "transpose" -> x.transpose(1, 0).add(1);
            case "concat" -> Tensors.concat(1, x, x);
            case "sort" -> Sorting.sort(x, 1);
            case "cumsum" -> x.cumsum(0);
            case "cumsumLast" -> x.cumsum(1);
            // factors near 1: products stay within the range of floats
            case "cumprod" -> Indexing.cumprod(x.mul(0.01).add(1), 0);
            case "linear" -> Recurrences.linear(x.mul(0.3), x, 0);
            case "linearLast" -> Recurrences.linear(x.mul(0.3), x, 1);
            default -> throw new IllegalArgumentException(op);
        };
    }

    /** The operation. */
    @Benchmark
    public void forward() {
        forward.run();
    }

    /** Closes the device. */
    @TearDown(Level.Trial)
    public void close() {
        if (device != null) {
            device.close();
        }
    }
}
