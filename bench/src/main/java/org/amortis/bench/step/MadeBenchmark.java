package org.amortis.bench.step;

import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.flow.Autoregressive;
import org.amortis.flow.Net;
import org.amortis.flow.Transformer;
import org.amortis.param.ParamSpec;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
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

/**
 * A masked autoregressive layer with affine maps, two hidden layers of 512: densities by one pass over all elements, draws
 * element by element with the work of one pass.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class MadeBenchmark {
    @Param({"63", "16", "43"})
    int size = 1;

    @Param({"density", "draw"})
    String direction = "density";

    @Param("256")
    int batch = 1;

    private @Nullable Device device;
    private Runnable run = () -> {};

    /** For JMH. */
    public MadeBenchmark() {}

    /** Compiles, and maps values there and back. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Device.builder().threads(1).build();
        device = d;
        d.warmUp();
        ParamSpec spec = new ParamSpec(DType.F32);
        Autoregressive flow = Autoregressive.of(spec.at("f"), size, 0, Transformer.affine(), Net.plain(512, 2));
        Tensor x = Tensors.input("x", DType.F32, batch, size);
        Tensor w = Tensors.input("weights", DType.F32, spec.size());
        Bijection b = flow.given(spec.weights(w));
        HostArray weights = Run.eval(spec.initialValue(Key.of(1))
                .add(Random.normal(Key.of(2), DType.F32, Shape.of(spec.size())).mul(0.01)));
        Shape shape = Shape.of(batch, size);
        HostArray values = HostArray.wrap(UniformNumbers.of(shape.size(), -2, 2, 3), shape);
        Runner check = Program.of(b.forward(b.inverse(x)).sub(x).abs().max()).open(d);
        check.feed("x", values);
        check.feed("weights", weights);
        check.run();
        double error = check.output(0).get(0);
        if (!(error < 1e-3)) {
            throw new IllegalStateException("there and back is off by " + error);
        }
        Mapped m = direction.equals("draw") ? b.forwardAndLogDet(x) : b.inverseAndLogDet(x);
        Runner r = Program.of(m.value(), m.logDet()).open(d);
        r.feed("x", values);
        r.feed("weights", weights);
        run = r::run;
        run.run();
    }

    /** One batch. */
    @Benchmark
    public void batch() {
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
