package org.amortis.bench.micro;

import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.runtime.Device;
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

/** Matrix products, mkn: C[m, n] = A[m, k] B[k, n]. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ProductBenchmark {
    @Param({
        "256x256x256",
        "1x64x64",
        "16x64x64",
        "64x128x128",
        "128x784x400",
        "1x1x1",
        "7x13x5",
        "31x33x29",
        "97x101x103"
    })
    String shape = "1x1x1";

    @Param({"NN", "TN", "NT"})
    String layout = "NN";

    @Param({"F32", "F64"})
    DType dtype = DType.F32;

    private @Nullable Device device;
    private Runnable product = () -> {};
    private Runnable layer = () -> {};

    /** For JMH. */
    public ProductBenchmark() {}

    /** Compiles the product, and a layer: product, bias, rectifier. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Operation.device(1);
        device = d;
        int[] s = Operation.sizes(shape);
        boolean ta = layout.equals("TN");
        boolean tb = layout.equals("NT");
        HostArray a = Operation.uniform(-1, 1, 1, ta ? s[1] : s[0], ta ? s[0] : s[1]);
        HostArray b = Operation.uniform(-1, 1, 2, tb ? s[2] : s[1], tb ? s[1] : s[2]);
        product = Operation.of(d, dtype, x -> Tensors.matmul(x[0], x[1], ta, tb), a, b);
        layer = Operation.of(
                d,
                dtype,
                x -> Tensors.matmul(x[0], x[1], ta, tb).add(x[2]).relu(),
                a,
                b,
                Operation.uniform(-1, 1, 3, s[2]));
    }

    /** The product alone. */
    @Benchmark
    public void product() {
        product.run();
    }

    /** Product, bias and rectifier. */
    @Benchmark
    public void layer() {
        layer.run();
    }

    /** Closes the device. */
    @TearDown(Level.Trial)
    public void close() {
        if (device != null) {
            device.close();
        }
    }
}
