package org.amortis.bench.compare;

import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.peers.Inputs;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
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

/** Functions of each element and sums in float32: this engine and plain loops over {@code Math}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class LoopComparison {
    @Param({"exp", "log", "tanh", "add", "sum"})
    String op = "exp";

    @Param({"65536", "17", "1023"})
    int n = 1;

    private @Nullable Device device;
    private Runnable program = () -> {};
    private float[] x = {};
    private float[] y = {};

    /** For JMH. */
    public LoopComparison() {}

    /** Compiles the program and compares the results. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Device.builder().threads(1).build();
        device = d;
        d.warmUp();
        x = Inputs.uniform(n, 0.25, 4, 1);
        y = new float[op.equals("sum") ? 1 : n];
        Tensor in = Tensors.input("x", DType.F32, n);
        Tensor out = switch (op) {
            case "exp" -> in.exp();
            case "log" -> in.log();
            case "tanh" -> in.tanh();
            case "add" -> in.add(in);
            case "sum" -> in.sum();
            default -> throw new IllegalArgumentException(op);
        };
        Runner r = Program.of(out).open(d);
        r.feed("x", HostArray.wrap(x, Shape.of(n)));
        program = r::run;
        program.run();
        loops();
        Comparisons.agree(r.output(0).floats(), y);
    }

    /** A compiled program. */
    @Benchmark
    public void amortis() {
        program.run();
    }

    /**
     * A plain loop.
     *
     * @return the results, so that nothing is optimised away
     */
    @Benchmark
    public float[] loops() {
        switch (op) {
            case "exp" -> {
                for (int i = 0; i < n; i++) {
                    y[i] = (float) Math.exp(x[i]);
                }
            }
            case "log" -> {
                for (int i = 0; i < n; i++) {
                    y[i] = (float) Math.log(x[i]);
                }
            }
            case "tanh" -> {
                for (int i = 0; i < n; i++) {
                    y[i] = (float) Math.tanh(x[i]);
                }
            }
            case "add" -> {
                for (int i = 0; i < n; i++) {
                    y[i] = x[i] + x[i];
                }
            }
            default -> {
                float s = 0;
                for (int i = 0; i < n; i++) {
                    s += x[i];
                }
                y[0] = s;
            }
        }
        return y;
    }

    /** Closes the device. */
    @TearDown(Level.Trial)
    public void close() {
        if (device != null) {
            device.close();
        }
    }
}
