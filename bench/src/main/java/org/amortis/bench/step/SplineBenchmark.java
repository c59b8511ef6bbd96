package org.amortis.bench.step;

import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.flow.Coupling;
import org.amortis.flow.Net;
import org.amortis.flow.RationalQuadratic;
import org.amortis.flow.Split;
import org.amortis.flow.Transformer;
import org.amortis.param.ParamSpec;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Elements a microsecond through a spline and through an affine map, log determinants included, with parameters at hand
 * ("map") and with the network that puts them out ("layer": 8 elements of 16 kept, two hidden layers of 128).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class SplineBenchmark {
    private static final int BATCH = 512;
    private static final int CHANGED = 8;
    private static final int ELEMENTS = BATCH * CHANGED;
    private static final Net NET = Net.plain(128, 2);

    @Param({"affine", "spline"})
    String transformer = "affine";

    @Param({"map", "layer"})
    String what = "map";

    @Param({"forward", "inverse"})
    String direction = "forward";

    private @Nullable Device device;
    private Runnable run = () -> {};

    /** For JMH. */
    public SplineBenchmark() {}

    /** Compiles; what comes out must be finite. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Device.builder().threads(1).build();
        device = d;
        d.warmUp();
        Transformer t = transformer.equals("affine")
                ? Transformer.affine()
                : RationalQuadratic.of(8, 3).scaledBy(NET.width());
        Runner r = what.equals("map") ? map(t, d) : layer(t, d);
        r.run();
        for (double v : r.output(0).toDoubles()) {
            if (!Double.isFinite(v)) {
                throw new IllegalStateException(transformer + ": " + v);
            }
        }
        run = r::run;
    }

    private Program program(Bijection b, Tensor x) {
        Mapped m = direction.equals("forward") ? b.forwardAndLogDet(x) : b.inverseAndLogDet(x);
        return Program.of(m.value(), m.logDet());
    }

    private static HostArray uniform(int seed, int... dims) {
        Shape shape = Shape.of(dims);
        return HostArray.wrap(UniformNumbers.of(shape.size(), -2, 2, seed), shape);
    }

    private Runner map(Transformer t, Device d) {
        Tensor x = Tensors.input("x", DType.F32, BATCH, CHANGED);
        int width = t.parameters() * CHANGED;
        Tensor p = Tensors.input("parameters", DType.F32, BATCH, width);
        Runner r = program(t.of(p), x).open(d);
        r.feed("x", uniform(1, BATCH, CHANGED));
        r.feed("parameters", uniform(2, BATCH, width));
        return r;
    }

    private Runner layer(Transformer t, Device d) {
        ParamSpec spec = new ParamSpec(DType.F32);
        Coupling c = Coupling.of(spec.at("layer"), Split.half(2 * CHANGED), 0, t, NET);
        Tensor x = Tensors.input("x", DType.F32, BATCH, 2 * CHANGED);
        Tensor w = Tensors.input("weights", DType.F32, spec.size());
        Runner r = program(c.given(spec.weights(w)), x).open(d);
        r.feed("x", uniform(1, BATCH, 2 * CHANGED));
        r.feed("weights", Run.eval(spec.initialValue(Key.of(1))));
        return r;
    }

    /** Every changed element once. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public void elements() {
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
