package org.amortis.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.optim.Optimizer;
import org.amortis.optim.OptimizerStep;
import org.amortis.param.ParamSpec;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** Compiles steps, and keeps the most recently used: one for each objective, purpose and set of batch shapes. */
final class StepPrograms {
    private static final System.Logger LOG = System.getLogger("org.amortis");

    /** Fed in evaluation: the number of the batch, so that each draws its own numbers. */
    static final String BATCH = "amortis:batch";

    /** What a step is for. */
    enum Purpose {
        TRAIN,
        EVALUATE,
        EVALUATE_AVERAGED
    }

    private record Of(Objective objective, Purpose purpose, Map<String, TensorType> inputs) {}

    private final Device device;
    private final StateStore store;
    private final Optimizer optimizer;
    private final ParamSpec spec;
    private final State count;
    private final State root;
    private final int bound;
    private final LinkedHashMap<Of, CompiledStep> steps = new LinkedHashMap<>(16, 0.75f, true);
    private int compiled;

    StepPrograms(
            Device device, StateStore store, ParamSpec spec, Optimizer optimizer, State count, State root, int bound) {
        this.device = device;
        this.store = store;
        this.spec = spec;
        this.optimizer = optimizer;
        this.count = count;
        this.root = root;
        this.bound = bound;
    }

    int compiled() {
        return compiled;
    }

    CompiledStep get(Objective objective, Purpose purpose, Map<String, TensorType> inputs) {
        Of of = new Of(objective, purpose, inputs);
        @Nullable CompiledStep s = steps.get(of);
        if (s == null) {
            if (steps.size() == bound) {
                Of oldest = steps.keySet().iterator().next();
                steps.remove(oldest);
                LOG.log(
                        System.Logger.Level.WARNING,
                        "more than {0} compiled steps: dropped the one for {1} {2}; pad batches to fewer shapes or"
                                + " raise programs(n)",
                        bound,
                        oldest.purpose(),
                        oldest.inputs());
            }
            s = compile(of);
            steps.put(of, s);
        }
        return s;
    }

    private CompiledStep compile(Of of) {
        long start = System.nanoTime();
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        of.inputs.forEach((name, t) -> {
            if (name.equals(BATCH)) {
                throw new PlanException("batches: the name " + name + " is reserved; rename the array");
            }
            inputs.put(name, Tensors.input(name, t.dtype(), t.shape().toArray()));
        });
        Key key = Key.of(root.value());
        Program.Builder program = Program.builder();
        List<String> names = new ArrayList<>();
        names.add("loss");
        if (of.purpose == Purpose.TRAIN) {
            train(of, inputs, key.fold(count.value()), program, names);
        } else {
            evaluate(of, inputs, key.fold("evaluate"), program, names);
        }
        Program p = program.build();
        Runner runner = p.open(device, store);
        compiled++;
        LOG.log(
                System.Logger.Level.INFO,
                String.format(
                        Locale.ROOT,
                        "compiled step %d (%s) for %s in %.2f s: %s",
                        compiled,
                        of.purpose.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        of.inputs,
                        (System.nanoTime() - start) * 1e-9,
                        p));
        return new CompiledStep(runner, names, of.inputs, p.inputs());
    }

    private void train(Of of, Map<String, Tensor> inputs, Key key, Program.Builder program, List<String> names) {
        Loss loss = of.objective.apply(new StepInput(inputs, spec.weights(), key, count.value(), true));
        Tensor gradient = Gradients.of(loss.value(), spec.flat().value());
        OptimizerStep step = optimizer.step(gradient, count.value());
        Map<State, Tensor> updates = new LinkedHashMap<>(step.updates());
        loss.updates().forEach((state, next) -> {
            if (!store.has(state)) {
                throw new PlanException("objective: " + state
                        + " is updated but has no first value; give it to the trainer with state(state, value)");
            }
            if (updates.put(state, next.stopGradient()) != null) {
                throw new PlanException("objective: " + state + " is updated by the optimizer too");
            }
        });
        updates.put(count, count.value().add(1));
        names.add("gradientNorm");
        names.addAll(loss.metrics().keySet());
        program.outputs(loss.value(), step.gradientNorm())
                .outputs(loss.metrics().values().toArray(Tensor[]::new))
                .updates(updates)
                .guards(loss.value(), step.gradientNorm());
    }

    private void evaluate(Of of, Map<String, Tensor> inputs, Key key, Program.Builder program, List<String> names) {
        Weights weights = spec.weights();
        if (of.purpose == Purpose.EVALUATE_AVERAGED) {
            State average = optimizer
                    .average()
                    .orElseThrow(() -> new PlanException(
                            "evaluate: the optimizer keeps no average; add ema(decay) as its last transform"));
            weights = spec.weights(average.value());
        }
        Tensor batch = Tensors.input(BATCH, org.amortis.array.DType.I32);
        Loss loss = of.objective.apply(new StepInput(inputs, weights, key.fold(batch), count.value(), false));
        names.addAll(loss.metrics().keySet());
        program.outputs(loss.value()).outputs(loss.metrics().values().toArray(Tensor[]::new));
    }

    /** One pass over the data. */
    Evaluation evaluate(Objective objective, Purpose purpose, Batches data, int batches, long key) {
        Map<String, Double> sums = new LinkedHashMap<>();
        long rows = 0;
        for (int b = 0; b < batches; b++) {
            CompiledStep s = get(objective, purpose, data.inputs(b));
            s.feed(data, key, b);
            Runner r = s.runner();
            if (s.drawsByBatch()) {
                r.feed(BATCH, HostArray.wrap(new int[] {b}, Shape.SCALAR));
            }
            r.run();
            int w = data.rows(b);
            rows += w;
            for (int i = 0; i < s.names().size(); i++) {
                sums.merge(s.names().get(i), w * r.scalar(i), Double::sum);
            }
        }
        long n = rows;
        sums.replaceAll((name, sum) -> Objects.requireNonNull(sum) / n);
        return new Evaluation(sums, rows);
    }
}
