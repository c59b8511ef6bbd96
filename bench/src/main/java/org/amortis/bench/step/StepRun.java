package org.amortis.bench.step;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.optim.Optimizer;
import org.amortis.optim.OptimizerStep;
import org.amortis.optim.Transforms;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.spi.Plan;
import org.amortis.tensor.Key;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.amortis.train.Loss;
import org.amortis.train.StepInput;

/** A training step with Adam, compiled and ready to be replayed on a fixed batch with fresh draws. */
public final class StepRun {
    private static final Key ROOT = Key.of(7);

    /**
     * Steps until training begins anew. A batch that has been learnt by heart leaves gradients below the normal numbers, for
     * which processors take a hundred cycles: the MLP's step takes 33 us for 40,000 steps, and 100 after as many more.
     */
    private static final int RESTART = 20_000;

    private final Runner runner;
    private final StateStore store;
    private final State parameters;
    private final Map<State, HostArray> first;
    private int left = RESTART;

    private StepRun(Runner runner, StateStore store, State parameters, Map<State, HostArray> first) {
        this.runner = runner;
        this.store = store;
        this.parameters = parameters;
        this.first = first;
    }

    /**
     * Traces, differentiates and compiles a step; loss, gradient and update in one program.
     *
     * @param step what is trained
     * @param device where it runs
     * @return the step before its first run
     */
    public static StepRun of(MeasuredStep step, Device device) {
        return of(step.model(DType.F32), device);
    }

    /**
     * Traces, differentiates and compiles a step; loss, gradient and update in one program.
     *
     * @param model what is trained
     * @param device where it runs
     * @return the step before its first run
     */
    public static StepRun of(StepModel model, Device device) {
        Params params = Params.init(model.spec(), ROOT.fold("init"), device);
        State flat = model.spec().flat();
        Optimizer adam = Optimizer.of(model.spec(), Transforms.adam(1e-3));
        StateStore store = params.store();
        Map<State, Tensor> moments = adam.initialValues(Tensors.resident(params.flat()));
        List<HostArray> values = Run.eval(device, List.copyOf(moments.values()));
        Map<State, HostArray> first = new LinkedHashMap<>();
        first.put(flat, params.flat());
        int i = 0;
        for (State s : moments.keySet()) {
            first.put(s, values.get(i++));
        }
        State count = new State("step", new TensorType(DType.I32, Shape.SCALAR));
        first.put(count, HostArray.wrap(new int[1], Shape.SCALAR));
        first.forEach(store::set);
        Tensor loss = loss(model, count.value());
        OptimizerStep step = adam.step(Gradients.of(loss, flat.value()), count.value());
        Map<State, Tensor> updates = new LinkedHashMap<>(step.updates());
        updates.put(count, count.value().add(1));
        Runner runner = Program.builder()
                .outputs(loss)
                .updates(updates)
                .guards(loss)
                .build()
                .open(device, store);
        model.inputs().forEach(runner::feed);
        return new StepRun(runner, store, flat, first);
    }

    private static Tensor loss(StepModel model, Tensor count) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        model.inputs()
                .forEach((name, value) -> inputs.put(
                        name, Tensors.input(name, value.dtype(), value.shape().toArray())));
        Loss loss =
                model.objective().apply(StepInput.of(inputs, model.spec().weights(), ROOT.fold(count), count, true));
        return loss.value();
    }

    /** One step: forward, backward, update; the first again after 20,000. */
    public void run() {
        if (left-- == 0) {
            left = RESTART - 1;
            first.forEach(store::set);
        }
        runner.run();
    }

    /**
     * The loss of the last run.
     *
     * @return loss
     */
    public double loss() {
        return runner.scalar(0);
    }

    /**
     * The parameters now.
     *
     * @return a copy [P]
     */
    public HostArray parameters() {
        return store.get(parameters);
    }

    /**
     * What is replayed.
     *
     * @return instructions and memory
     */
    public Plan plan() {
        return runner.plan();
    }

    /**
     * Compares the gradient at the first parameters with that of the same formulas in double on the portable backend, with
     * the same draws.
     *
     * @param step what is trained
     * @param device the device under test
     * @return largest difference of an element over the largest element
     */
    public static double gradientError(MeasuredStep step, Device device) {
        StepModel model = step.model(DType.F32);
        HostArray first = Params.init(model.spec(), ROOT.fold("init"), device).flat();
        double[] got = gradient(model, first, device);
        double[] want;
        try (Device portable = Device.builder().backend("scalar").threads(1).build()) {
            want = gradient(step.model(DType.F64), first.cast(DType.F64), portable);
        }
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < want.length; i++) {
            double d = Math.abs(got[i] - want[i]);
            // not max, which would lose a difference that is not a number
            worst = d <= worst ? worst : d;
            largest = Math.max(largest, Math.abs(want[i]));
        }
        return worst / largest;
    }

    private static double[] gradient(StepModel model, HostArray parameters, Device device) {
        State flat = model.spec().flat();
        Tensor count = Tensors.constant(HostArray.wrap(new int[1], Shape.SCALAR));
        Tensor gradient = Gradients.of(loss(model, count), flat.value());
        StateStore store = new StateStore();
        store.set(flat, parameters);
        Runner runner = Program.of(gradient).open(device, store);
        model.inputs().forEach(runner::feed);
        runner.run();
        return runner.output(0).toDoubles();
    }
}
