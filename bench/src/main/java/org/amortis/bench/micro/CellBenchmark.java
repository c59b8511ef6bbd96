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

/** Cells of recurrent networks and densities: batch and size. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class CellBenchmark {
    @Param({"gru", "gaussian"})
    String op = "gru";

    @Param({"32x64", "1x1", "7x13", "67x100"})
    String shape = "1x1";

    @Param({"F32", "F64"})
    DType dtype = DType.F32;

    private @Nullable Device device;
    private Runnable forward = () -> {};
    private Runnable gradient = () -> {};

    /** For JMH. */
    public CellBenchmark() {}

    /** Compiles the cell and its pull-back. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Operation.device(1);
        device = d;
        int[] s = Operation.sizes(shape);
        int wide = op.equals("gru") ? 3 * s[1] : s[1];
        HostArray a = Operation.uniform(-2, 2, 1, s[0], wide);
        HostArray b = Operation.uniform(-2, 2, 2, s[0], wide);
        HostArray c = Operation.uniform(-1, 1, 3, s[0], s[1]);
        forward = Operation.of(d, dtype, this::apply, a, b, c);
        gradient = Operation.gradient(d, dtype, this::apply, a, b, c);
    }

    private Tensor apply(Tensor... x) {
        return op.equals("gru")
                ? Composites.gruCell(x[0], x[1], x[2])
                : Composites.gaussianLogDensity(x[0], x[1], x[2]).sum(-1);
    }

    /** The cell. */
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
