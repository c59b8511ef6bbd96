package org.amortis.bench.step;

import java.util.concurrent.TimeUnit;
import org.amortis.runtime.Device;
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

/** Whole training steps: forward, backward, Adam. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class StepBenchmark {
    @Param
    MeasuredStep step = MeasuredStep.MLP;

    @Param({"1", "2"})
    int threads = 1;

    private @Nullable Device device;
    private Runnable run = () -> {};

    /** For JMH. */
    public StepBenchmark() {}

    /** Compares the gradient with that in double, and compiles the step. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Device.builder().threads(threads).build();
        device = d;
        d.warmUp();
        double error = StepRun.gradientError(step, d);
        if (!(error < MeasuredStep.GRADIENT_TOLERANCE)) {
            throw new IllegalStateException(step + ": the gradient is off by " + error);
        }
        run = StepRun.of(step, d)::run;
    }

    /** One step. */
    @Benchmark
    public void step() {
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
