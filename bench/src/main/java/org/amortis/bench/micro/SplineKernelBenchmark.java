package org.amortis.bench.micro;

import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.runtime.Device;
import org.amortis.tensor.SplineForm;
import org.amortis.tensor.SplineOp;
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

/** Rational-quadratic splines with the logarithm of the slope: batch and elements of a row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class SplineKernelBenchmark {
    @Param({"512x8", "1x1", "7x13", "67x3", "2x300", "129x16"})
    String shape = "1x1";

    @Param({"8", "5"})
    int bins = 8;

    @Param({"forward", "inverse"})
    String direction = "forward";

    @Param({"F32", "F64"})
    DType dtype = DType.F32;

    private @Nullable Device device;
    private Runnable forward = () -> {};
    private Runnable gradient = () -> {};

    /** For JMH. */
    public SplineKernelBenchmark() {}

    /** Compiles the spline and its pull-back to values and parameters. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Operation.device(1);
        device = d;
        int[] s = Operation.sizes(shape);
        SplineForm form = new SplineForm(bins, SplineForm.Ends.ONE, 1e-2, 1e-3, 1);
        HostArray values = Operation.uniform(0, 1, 1, s[0], s[1]);
        HostArray parameters = Operation.uniform(-1, 1, 2, s[0], s[1] * form.parameters());
        boolean inverse = direction.equals("inverse");
        forward = Operation.of(d, dtype, x -> spline(form, inverse, x[0], x[1]), values, parameters);
        gradient = Operation.gradient(d, dtype, x -> spline(form, inverse, x[0], x[1]), values, parameters);
    }

    /** Both results as one. */
    private static Tensor spline(SplineForm form, boolean inverse, Tensor value, Tensor parameters) {
        return Tensors.concat(-1, SplineOp.apply(form, inverse, value, parameters));
    }

    /** The spline. */
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
