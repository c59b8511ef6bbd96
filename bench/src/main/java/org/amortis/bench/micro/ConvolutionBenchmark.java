package org.amortis.bench.micro;

import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.runtime.Device;
import org.amortis.tensor.Convolutions;
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

/** Convolutions of images: batch, channels in, channels out, size. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ConvolutionBenchmark {
    @Param({"16x16x32x14", "1x1x1x1", "3x2x5x7", "16x1x16x28"})
    String shape = "1x1x1x1";

    @Param({"3", "1", "5"})
    int kernel = 1;

    @Param({"1", "2"})
    int stride = 1;

    @Param({"F32", "F64"})
    DType dtype = DType.F32;

    private @Nullable Device device;
    private Runnable forward = () -> {};
    private Runnable gradient = () -> {};

    /** For JMH. */
    public ConvolutionBenchmark() {}

    /** Compiles the convolution and its pull-back to images and weights. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Operation.device(1);
        device = d;
        int[] s = Operation.sizes(shape);
        HostArray images = Operation.uniform(-1, 1, 1, s[0], s[1], s[3], s[3]);
        HostArray weights = Operation.uniform(-1, 1, 2, s[2], s[1], kernel, kernel);
        int padding = kernel / 2;
        forward = Operation.of(d, dtype, x -> Convolutions.conv2d(x[0], x[1], stride, padding, 1), images, weights);
        gradient =
                Operation.gradient(d, dtype, x -> Convolutions.conv2d(x[0], x[1], stride, padding, 1), images, weights);
    }

    /** The convolution. */
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
