package org.amortis.bench.step;

import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Mapped;
import org.amortis.flow.Base;
import org.amortis.flow.Coupling;
import org.amortis.flow.Flow;
import org.amortis.flow.FlowDistribution;
import org.amortis.flow.Flows;
import org.amortis.flow.Net;
import org.amortis.flow.RationalQuadratic;
import org.amortis.flow.Split;
import org.amortis.flow.Transformer;
import org.amortis.grad.Gradients;
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

/** A flow of couplings: values with log determinants in both directions, and the gradient of the likelihood. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class FlowBenchmark {
    private static final int SIZE = 16;
    private static final int LAYERS = 10;

    /** Two hidden layers. */
    private static final Net NET = Net.plain(128, 2);

    @Param({"affine", "spline"})
    String flow = "affine";

    /** Of the base's variable, of data, and of data with the gradient with respect to all weights. */
    @Param({"forward", "inverse", "gradient"})
    String direction = "forward";

    @Param("512")
    int batch = 1;

    @Param({"1", "2"})
    int threads = 1;

    private @Nullable Device device;
    private Runnable run = () -> {};

    /** For JMH. */
    public FlowBenchmark() {}

    /** Compiles, and maps values there and back. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Device.builder().threads(threads).build();
        device = d;
        d.warmUp();
        ParamSpec spec = new ParamSpec(DType.F32);
        Flow f = couplings(spec);
        // weights that are not those of the identity
        HostArray weights = Run.eval(spec.initialValue(Key.of(1))
                .add(Random.normal(Key.of(2), DType.F32, Shape.of(spec.size())).mul(0.003)));
        Shape shape = Shape.of(batch, SIZE);
        HostArray values = HostArray.wrap(UniformNumbers.of(shape.size(), -2, 2, 3), shape);
        Runner check = program(f, spec, "round trip").open(d);
        feed(check, values, weights);
        check.run();
        double error = check.output(0).get(0);
        if (!(error < 1e-3)) {
            throw new IllegalStateException("there and back is off by " + error);
        }
        Runner r = program(f, spec, direction).open(d);
        feed(r, values, weights);
        run = r::run;
        run.run();
    }

    private Flow couplings(ParamSpec spec) {
        Transformer t = flow.equals("affine")
                ? Transformer.affine()
                : RationalQuadratic.of(8, 3).scaledBy(NET.width());
        Flow[] layers = new Flow[LAYERS];
        for (int i = 0; i < LAYERS; i++) {
            layers[i] = Coupling.of(spec.at("layer" + i), Split.halves(SIZE, i), 0, t, NET);
        }
        return Flows.chain(layers);
    }

    private Program program(Flow f, ParamSpec spec, String what) {
        Tensor x = Tensors.input("x", DType.F32, batch, SIZE);
        Tensor w = Tensors.input("weights", DType.F32, spec.size());
        FlowDistribution q = FlowDistribution.of(Base.normal(SIZE), f, spec.weights(w));
        return switch (what) {
            case "forward" -> of(q.map().forwardAndLogDet(x));
            case "inverse" -> of(q.map().inverseAndLogDet(x));
            case "gradient" -> {
                Tensor loss = q.logProb(x).mean().neg();
                yield Program.of(loss, Gradients.of(loss, w));
            }
            default ->
                Program.of(q.map().inverse(q.map().forward(x)).sub(x).abs().max());
        };
    }

    private static Program of(Mapped m) {
        return Program.of(m.value(), m.logDet());
    }

    private static void feed(Runner r, HostArray x, HostArray weights) {
        r.feed("x", x);
        r.feed("weights", weights);
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
