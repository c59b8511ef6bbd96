package org.amortis.bench.step;

import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Key;
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

/** Log densities of given values, and draws, of every family: one of each distribution, parameters as inputs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class DistributionBenchmark {
    @Param
    MeasuredFamily family = MeasuredFamily.NORMAL;

    @Param({"logProb", "sample"})
    String what = "logProb";

    private @Nullable Device device;
    private Runnable run = () -> {};

    /** For JMH. */
    public DistributionBenchmark() {}

    /** Compiles; values are draws, and their log densities must be finite. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Device.builder().threads(1).build();
        device = d;
        d.warmUp();
        Tensor a = Tensors.input("a", DType.F32, MeasuredFamily.NUMBERS);
        Tensor b = Tensors.input("b", DType.F32, MeasuredFamily.NUMBERS);
        Distribution q = family.of(a, b);
        // a key that changes, lest the draws are constants
        Key key = Key.of(1).fold(Tensors.input("call", DType.I32));
        Runner draws = open(Program.of(q.sample(key)), d);
        HostArray x = draws.output(0);
        Runner density = open(
                Program.of(q.logProb(Tensors.input("x", x.dtype(), x.shape().toArray()))), d, x);
        for (double v : density.output(0).toDoubles()) {
            if (!Double.isFinite(v)) {
                throw new IllegalStateException(family + ": a draw has log density " + v);
            }
        }
        run = what.equals("sample") ? draws::run : density::run;
    }

    private static Runner open(Program p, Device d, HostArray... x) {
        Runner r = p.open(d);
        Shape n = Shape.of(MeasuredFamily.NUMBERS);
        for (String name : p.inputs()) {
            switch (name) {
                case "a" -> r.feed("a", HostArray.wrap(UniformNumbers.of(n.size(), 0.5, 2.5, 1), n));
                case "b" -> r.feed("b", HostArray.wrap(UniformNumbers.of(n.size(), 0.5, 2.5, 2), n));
                case "x" -> r.feed("x", x[0]);
                default -> r.feed(name, HostArray.wrap(new int[] {1}, Shape.SCALAR));
            }
        }
        r.run();
        return r;
    }

    /** All distributions once. */
    @Benchmark
    public void all() {
        run.run();
    }

    /** Closes the device. */
    @TearDown(Level.Trial)
    public void close() {
        if (device != null) {
            device.close();
        }
    }
}
