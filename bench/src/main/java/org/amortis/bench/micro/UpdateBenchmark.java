package org.amortis.bench.micro;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.optim.Optimizer;
import org.amortis.optim.Transform;
import org.amortis.optim.Transforms;
import org.amortis.param.Initializer;
import org.amortis.param.ParamSpec;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Updates of a flat range of parameters. */
@org.openjdk.jmh.annotations.State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class UpdateBenchmark {
    @Param({"adam", "clipAdam", "sgd", "momentum"})
    String op = "adam";

    @Param({"750000", "1", "17", "10007"})
    int n = 1;

    private @Nullable Device device;
    private Runnable update = () -> {};

    /** For JMH. */
    public UpdateBenchmark() {}

    /** Compiles a step with a fixed gradient; after it the parameters must be finite and have moved. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Operation.device(1);
        device = d;
        ParamSpec spec = new ParamSpec(DType.F32);
        spec.at("p").declare("w", Shape.of(n), Initializer.zeros());
        Optimizer optimizer = Optimizer.of(spec, chain());
        State flat = spec.flat();
        State count = new State("count", new TensorType(DType.I32, Shape.SCALAR));
        StateStore store = new StateStore();
        store.set(count, HostArray.wrap(new int[1], Shape.SCALAR));
        store.set(flat, Operation.uniform(-1, 1, 1, spec.size()));
        Map<State, Tensor> first = optimizer.initialValues(Tensors.resident(store.get(flat)));
        if (!first.isEmpty()) {
            List<HostArray> values = Run.eval(d, List.copyOf(first.values()));
            int i = 0;
            for (State s : first.keySet()) {
                store.set(s, values.get(i++));
            }
        }
        Tensor gradient = Tensors.input("gradient", DType.F32, spec.size());
        Map<State, Tensor> updates =
                new LinkedHashMap<>(optimizer.step(gradient, count.value()).updates());
        updates.put(count, count.value().add(1));
        Runner r = Program.builder().updates(updates).build().open(d, store);
        r.feed("gradient", Operation.uniform(0.1, 1, 2, spec.size()));
        double before = store.get(flat).get(0);
        r.run();
        double after = store.get(flat).get(0);
        if (!(Math.abs(after - before) > 0)) {
            throw new IllegalStateException("the first parameter was " + before + ", is " + after);
        }
        update = r::run;
    }

    private List<Transform> chain() {
        return switch (op) {
            case "adam" -> List.of(Transforms.adam(1e-6));
            case "clipAdam" -> List.of(Transforms.clipGlobalNorm(10), Transforms.adam(1e-6));
            case "sgd" -> List.of(Transforms.sgd(1e-6));
            case "momentum" -> List.of(Transforms.momentum(org.amortis.optim.Schedule.constant(1e-6), 0.9, false));
            default -> throw new IllegalArgumentException(op);
        };
    }

    /** One update. */
    @Benchmark
    public void update() {
        update.run();
    }

    /** Closes the device. */
    @TearDown(Level.Trial)
    public void close() {
        if (device != null) {
            device.close();
        }
    }
}
