package org.amortis.bench.micro;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Random numbers, new ones in each call. */
@org.openjdk.jmh.annotations.State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class DrawBenchmark {
    @Param({"normal", "uniform", "exponential", "gumbel", "gamma"})
    String op = "normal";

    @Param({"65536", "1", "17", "1023"})
    int n = 1;

    @Param({"F32", "F64"})
    DType dtype = DType.F32;

    private @Nullable Device device;
    private Runnable draw = () -> {};

    /** For JMH. */
    public DrawBenchmark() {}

    /** Compiles draws whose key counts the calls. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Operation.device(1);
        device = d;
        State count = new State("count", new TensorType(DType.I32, Shape.SCALAR));
        StateStore store = new StateStore();
        store.set(count, HostArray.wrap(new int[1], Shape.SCALAR));
        Runner r = Program.builder()
                .outputs(apply(Key.of(7).fold(count.value())))
                .updates(Map.of(count, count.value().add(1)))
                .build()
                .open(d, store);
        r.run();
        double[] first = r.output(0).toDoubles();
        r.run();
        double[] second = r.output(0).toDoubles();
        for (int i = 0; i < n; i++) {
            if (!Double.isFinite(first[i]) || n > 1 && first[i] == second[i]) {
                throw new IllegalStateException("draw " + i + ": " + first[i] + ", then " + second[i]);
            }
        }
        draw = r::run;
    }

    private Tensor apply(Key key) {
        Shape s = Shape.of(n);
        return switch (op) {
            case "normal" -> Random.normal(key, dtype, s);
            case "uniform" -> Random.uniform(key, dtype, s);
            case "exponential" -> Random.exponential(key, dtype, s);
            case "gumbel" -> Random.gumbel(key, dtype, s);
            case "gamma" -> Random.gamma(key, org.amortis.tensor.Tensors.fill(2.5, dtype, s));
            default -> throw new IllegalArgumentException(op);
        };
    }

    /** The draws. */
    @Benchmark
    public void draw() {
        draw.run();
    }

    /** Closes the device. */
    @TearDown(Level.Trial)
    public void close() {
        if (device != null) {
            device.close();
        }
    }
}
