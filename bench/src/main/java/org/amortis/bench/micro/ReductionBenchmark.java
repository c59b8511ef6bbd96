package org.amortis.bench.micro;

import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.runtime.Device;
import org.amortis.tensor.Composites;
import org.amortis.tensor.Tensor;
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

/** Reductions, softmax, normalisation and running sums over an axis. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ReductionBenchmark {
    @Param({"softmax", "sum", "max", "logsumexp", "logSoftmax", "layerNorm", "cumsum", "argmax", "prod", "norm"})
    String op = "sum";

    @Param({"128x64", "1x1", "7x13", "67x1000", "512x512"})
    String shape = "1x1";

    @Param({"1", "0"})
    int axis = 1;

    @Param({"F32", "F64"})
    DType dtype = DType.F32;

    private @Nullable Device device;
    private Runnable forward = () -> {};
    private Runnable gradient = () -> {};

    /** For JMH. */
    public ReductionBenchmark() {}

    /** Compiles the reduction and its pull-back; indices have none, theirs is the reduction again. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Operation.device(1);
        device = d;
        // products of a thousand numbers stay in range
        HostArray a = op.equals("prod")
                ? Operation.uniform(0.995, 1.005, 1, Operation.sizes(shape))
                : Operation.uniform(-3, 3, 1, Operation.sizes(shape));
        forward = Operation.of(d, dtype, x -> apply(x[0]), a);
        gradient = op.equals("argmax") ? forward : Operation.gradient(d, dtype, x -> apply(x[0]), a);
    }

    private Tensor apply(Tensor x) {
        return switch (op) {
            case "softmax" -> x.softmax(axis);
            case "sum" -> x.sum(axis);
            case "max" -> x.max(axis);
            case "logsumexp" -> x.logsumexp(axis);
            case "logSoftmax" -> x.logSoftmax(axis);
            // always along the last axis
            case "layerNorm" -> Composites.layerNorm(x, 1e-5);
            case "cumsum" -> x.cumsum(axis);
            case "argmax" -> x.argmax(axis);
            case "prod" -> x.prod(axis);
            case "norm" -> x.square().sum().sqrt();
            default -> throw new IllegalArgumentException(op);
        };
    }

    /** The reduction. */
    @Benchmark
    public void forward() {
        forward.run();
    }

    /** Its pull-back. */
    @Benchmark
    public void gradient() {
        gradient.run();
    }

    /** Closes the device. */
    @TearDown(Level.Trial)
    public void close() {
        if (device != null) {
            device.close();
        }
    }
}
