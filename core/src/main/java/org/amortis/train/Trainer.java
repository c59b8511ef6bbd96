package org.amortis.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.optim.Optimizer;
import org.amortis.optim.Transform;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Run;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * Trains parameters: one compiled step for each set of batch shapes, replayed without garbage. Used by one thread at a
 * time.
 *
 * <p>Step t draws from the root key folded with t and sees batch t, both functions of states that checkpoints hold: a
 * resumed run continues bit for bit. A step whose loss or gradient is not finite writes nothing and fails.
 */
public final class Trainer implements AutoCloseable {
    /** Compiled steps kept unless set: one for each set of batch shapes and each evaluation. */
    public static final int PROGRAMS = 8;

    private final Device device;
    private final boolean ownsDevice;
    private final Params params;
    private final Optimizer optimizer;
    private final Objective objective;
    private final Batches batches;
    private final State count = new State("train/step", new TensorType(DType.I32, Shape.SCALAR));
    private final State root = new State("train/key", new TensorType(DType.KEY, Shape.SCALAR));
    private final List<State> states = new ArrayList<>();
    private final StepPrograms programs;
    private int step;
    private int target;
    private boolean stopped;
    private long batchKey;
    private long evaluationKey;
    private @Nullable CompiledStep current;
    private @Nullable Map<String, TensorType> shapes;
    private @Nullable Map<String, HostArray> pending;
    private Listener[] listeners = new Listener[0];

    private Trainer(Builder b, Params params, Key key, Objective objective, Batches batches) {
        this.device = b.device;
        this.ownsDevice = b.ownsDevice;
        this.objective = objective;
        this.batches = batches;
        this.params = params;
        this.optimizer = Optimizer.of(params.spec(), b.chain);
        StateStore store = params.store();
        Map<State, Tensor> first = optimizer.initialValues(params.spec().flat().value());
        List<Tensor> formulas = new ArrayList<>(first.values());
        formulas.add(key.tensor());
        // the slots start from the parameters, so their formulas read that state: not Run.eval
        var runner =
                org.amortis.runtime.Program.of(formulas.toArray(Tensor[]::new)).open(device, store);
        runner.run();
        states.add(params.spec().flat());
        int i = 0;
        for (State s : first.keySet()) {
            store.set(s, runner.output(i++));
            states.add(s);
        }
        store.set(count, HostArray.wrap(new int[1], Shape.SCALAR));
        store.set(root, runner.output(i));
        runner.close();
        states.add(count);
        states.add(root);
        b.states.forEach((state, value) -> {
            store.set(state, value);
            states.add(state);
        });
        Set<String> names = new HashSet<>();
        for (State s : states) {
            // a checkpoint keeps values under these names: the second would replace the first unseen
            if (!names.add(s.name())) {
                throw new PlanException(
                        "trainer: two states are named " + s.name() + "; names are unique in a trainer");
            }
        }
        this.programs = new StepPrograms(device, store, params.spec(), optimizer, count, root, b.programs);
        deriveKeys();
    }

    private void deriveKeys() {
        Key key = Key.of(words(params.store().get(root)));
        List<HostArray> k = Run.eval(
                device,
                List.of(key.fold("batches").tensor(), key.fold("evaluation").tensor()));
        batchKey = words(k.get(0));
        evaluationKey = words(k.get(1));
    }

    private static long words(HostArray key) {
        return (long) key.ints()[1] << 32 | key.ints()[0] & 0xffffffffL;
    }

    /**
     * Settings of a trainer on a device. Closing the trainer does not close the device.
     *
     * @param device where steps run
     * @return a builder
     */
    public static Builder on(Device device) {
        return new Builder(device, false);
    }

    /**
     * Settings of a trainer on the best device there is, closed with the trainer.
     *
     * @return a builder
     */
    public static Builder onBest() {
        return new Builder(Device.best(), true);
    }

    /** Settings of a trainer. */
    public static final class Builder {
        private final Device device;
        private final boolean ownsDevice;
        private @Nullable ParamSpec spec;
        private @Nullable Params params;
        private @Nullable Key key;
        private @Nullable Objective objective;
        private @Nullable Batches batches;
        private List<Transform> chain = List.of();
        private final Map<State, HostArray> states = new LinkedHashMap<>();
        private int programs = PROGRAMS;

        private Builder(Device device, boolean ownsDevice) {
            this.device = device;
            this.ownsDevice = ownsDevice;
        }

        /**
         * Parameters with first values from their initialisers.
         *
         * @param parameters the spec; closed by {@link #build}
         * @param root key of the run: first values, batches and draws all come from it
         * @return this
         */
        public Builder params(ParamSpec parameters, Key root) {
            spec = parameters;
            params = null;
            key = root;
            return this;
        }

        /**
         * Parameters that have values already; the trainer changes them in place, in their store.
         *
         * @param values the parameters
         * @param root key of the run: batches and draws come from it
         * @return this
         */
        public Builder params(Params values, Key root) {
            params = values;
            key = root;
            return this;
        }

        /**
         * What is minimised.
         *
         * @param loss formulas of the loss
         * @return this
         */
        public Builder objective(Objective loss) {
            objective = loss;
            return this;
        }

        /**
         * The data.
         *
         * @param data batches
         * @return this
         */
        public Builder batches(Batches data) {
            batches = data;
            return this;
        }

        /**
         * How the gradient becomes a step.
         *
         * @param transforms in the order the gradient passes them; see {@link org.amortis.optim.Transforms}
         * @return this
         */
        public Builder optimizer(Transform... transforms) {
            chain = List.of(transforms);
            return this;
        }

        /**
         * The first value of a state that the objective updates.
         *
         * @param state the state
         * @param first its first value
         * @return this
         */
        public Builder state(State state, HostArray first) {
            states.put(state, first);
            return this;
        }

        /**
         * How many compiled steps are kept; the least recently used is dropped, with a warning.
         *
         * @param n at least 1
         * @return this
         */
        public Builder programs(int n) {
            if (n < 1) {
                throw new IllegalArgumentException("programs=" + n + ": at least 1");
            }
            programs = n;
            return this;
        }

        /**
         * Computes first values. The step is compiled when it is first run.
         *
         * @return a trainer to be closed
         * @throws PlanException if something is missing
         */
        public Trainer build() {
            if (objective == null || batches == null || key == null || chain.isEmpty()) {
                throw new PlanException("trainer: needs params, objective, batches and optimizer; missing"
                        + (key == null ? " params" : "")
                        + (objective == null ? " objective" : "")
                        + (batches == null ? " batches" : "")
                        + (chain.isEmpty() ? " optimizer" : ""));
            }
            Params p = params != null ? params : Params.init(Objects.requireNonNull(spec), key.fold("init"), device);
            return new Trainer(this, p, key, objective, batches);
        }
    }

    /**
     * Takes further steps.
     *
     * @param steps how many
     * @param watchers called after each step, in this order but checkpoints last
     * @throws NonFiniteException if loss or gradient of a step are not finite; parameters are those before that step
     */
    public void run(int steps, Listener... watchers) {
        runTo(Math.addExact(step, steps), watchers);
    }

    /**
     * Takes steps until a number of steps is completed, counted from the very first: what a script calls that may have
     * been resumed.
     *
     * @param steps completed steps to reach; nothing is done if there are as many already
     * @param watchers called after each step, in this order but checkpoints last
     * @throws NonFiniteException if loss or gradient of a step are not finite; parameters are those before that step
     */
    public void runTo(int steps, Listener... watchers) {
        listeners = watchers.clone();
        // a checkpoint holds what the other listeners know of this step
        Arrays.sort(listeners, Comparator.comparing(l -> l instanceof Checkpoint));
        target = steps;
        stopped = false;
        for (Listener l : listeners) {
            l.started(this);
        }
        if (pending != null) {
            for (Listener l : listeners) {
                l.restored(pending);
            }
            pending = null;
        }
        while (step < target && !stopped) {
            advance();
            for (int i = 0; i < listeners.length; i++) {
                listeners[i].stepped(this);
            }
        }
        for (Listener l : listeners) {
            l.finished(this);
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private void advance() {
        Map<String, TensorType> inputs = batches.inputs(step);
        CompiledStep s = current;
        // one map object per set of shapes is equal at a glance; a new one each step costs garbage
        if (s == null || !inputs.equals(shapes)) {
            s = programs.get(objective, StepPrograms.Purpose.TRAIN, inputs);
            if (current != null && !current.names().equals(s.names())) {
                throw new PlanException("objective: metrics are " + s.names() + " for " + inputs + ", they were "
                        + current.names() + " for " + shapes);
            }
            current = s;
            shapes = inputs;
        }
        s.feed(batches, batchKey, step);
        try {
            s.runner().run();
        } catch (NonFiniteException e) {
            throw new NonFiniteException(
                    "train(step=" + step + "): loss or gradient norm is not finite; parameters are those before the"
                            + " step: " + e.getMessage(),
                    e);
        }
        step++;
    }

    /** Ends the run after this step; called by listeners. */
    public void stop() {
        stopped = true;
    }

    /**
     * Number of completed steps, those before a resume included.
     *
     * @return steps
     */
    public int steps() {
        return step;
    }

    /**
     * Number of completed steps at which the run ends.
     *
     * @return steps
     */
    public int target() {
        return target;
    }

    private CompiledStep last() {
        CompiledStep s = current;
        if (s == null) {
            throw new PlanException("trainer: no step was taken yet, so there is no loss; call run first");
        }
        return s;
    }

    /**
     * Loss of the last step.
     *
     * @return loss of its batch, before the update
     */
    public double loss() {
        return last().runner().scalar(0);
    }

    /**
     * Norm of the gradient of the last step, before clipping.
     *
     * @return norm
     */
    public double gradientNorm() {
        return last().runner().scalar(1);
    }

    /**
     * What {@link #value} gives: "loss", "gradientNorm", then the metrics.
     *
     * @return names
     */
    public List<String> names() {
        return last().names();
    }

    /**
     * A number of the last step.
     *
     * @param i position in {@link #names}
     * @return its value
     */
    public double value(int i) {
        return last().runner().scalar(i);
    }

    /**
     * A metric of the last step.
     *
     * @param name its name
     * @return its value
     * @throws PlanException if the objective has no such metric
     */
    public double metric(String name) {
        int i = last().names().indexOf(name);
        if (i < 0) {
            throw new PlanException("trainer.metric(" + name + "): no such metric; there are " + last().names());
        }
        return last().runner().scalar(i);
    }

    /**
     * Loss and metrics of the objective over one pass of a data set, with {@link StepInput#training} off. The same draws
     * every time, so that two evaluations can be compared.
     *
     * @param data data set
     * @return means
     */
    public Evaluation evaluate(Batches data) {
        return evaluate(data, objective, false);
    }

    /**
     * As {@link #evaluate(Batches)}, with the averaged parameters.
     *
     * @param data data set
     * @return means
     * @throws PlanException if the optimizer keeps no average
     */
    public Evaluation evaluateAveraged(Batches data) {
        return evaluate(data, objective, true);
    }

    /**
     * Loss and metrics of another objective over one pass of a data set.
     *
     * @param data data set
     * @param other objective; the same object each time, or each call compiles
     * @param averaged whether the averaged parameters are used
     * @return means
     */
    public Evaluation evaluate(Batches data, Objective other, boolean averaged) {
        if (data.perEpoch() < 1) {
            throw new PlanException("evaluate(" + data + "): the data have no end; perEpoch() is " + data.perEpoch());
        }
        return programs.evaluate(
                other,
                averaged ? StepPrograms.Purpose.EVALUATE_AVERAGED : StepPrograms.Purpose.EVALUATE,
                data,
                data.perEpoch(),
                evaluationKey);
    }

    /**
     * The parameters that are trained; programs opened on their store see every step.
     *
     * @return parameters, shared
     */
    public Params params() {
        return params;
    }

    /**
     * A copy of the averaged parameters.
     *
     * @return parameters in a store of their own, or empty if the optimizer keeps no average
     */
    public Optional<Params> averaged() {
        return optimizer
                .average()
                .map(s -> Params.ofFlat(params.spec(), params.store().get(s)));
    }

    /**
     * Every state of the run: parameters, slots of the optimizer, step counter, root key, states of the objective.
     *
     * @return states in the order they were made
     */
    public List<State> states() {
        return List.copyOf(states);
    }

    /**
     * How many steps were compiled so far: one for each set of batch shapes and each evaluation, unless dropped and made
     * again.
     *
     * @return count
     */
    public int compiled() {
        return programs.compiled();
    }

    /**
     * The device steps run on.
     *
     * @return device
     */
    public Device device() {
        return device;
    }

    /**
     * Writes everything a resumed run needs, so that a kill at any moment leaves the old file or the new one.
     *
     * @param file safetensors file, created or replaced
     * @throws IOException if it cannot be written
     */
    public void save(Path file) throws IOException {
        Map<String, HostArray> extra = new LinkedHashMap<>();
        for (Listener l : listeners) {
            l.saved().forEach((name, value) -> {
                if (extra.put(name, value) != null) {
                    throw new PlanException(
                            "save(" + file + "): two listeners keep " + name + "; use one of the kind in a run");
                }
            });
        }
        CheckpointFile.write(file, params, states, step, extra);
    }

    /**
     * Goes on where a checkpoint was written: parameters, optimizer, step and key become those of the file. The next run
     * hands its listeners what they had saved.
     *
     * @param file what {@link #save} or {@link Checkpoint} wrote
     * @throws org.amortis.array.FormatException if the file is damaged or belongs to another model or optimizer
     * @throws IOException if it cannot be read
     */
    public void resume(Path file) throws IOException {
        Map<State, HostArray> values = new LinkedHashMap<>();
        Map<String, HostArray> extra = CheckpointFile.read(file, params.spec(), states, values);
        restore(values);
        pending = extra;
    }

    /**
     * Copies of all states, to come back to with {@link #restore}.
     *
     * @return state to value
     */
    public Map<State, HostArray> snapshot() {
        Map<State, HostArray> m = new LinkedHashMap<>();
        states.forEach(s -> m.put(s, params.store().get(s)));
        return m;
    }

    /**
     * Goes back to a snapshot, step counter included.
     *
     * @param snapshot what {@link #snapshot} gave
     * @throws PlanException if it lacks a state of this trainer
     */
    public void restore(Map<State, HostArray> snapshot) {
        if (!snapshot.keySet().containsAll(states)) {
            throw new PlanException("restore: the snapshot has " + snapshot.keySet() + ", the trainer " + states);
        }
        for (State s : states) {
            params.store().set(s, Objects.requireNonNull(snapshot.get(s)));
        }
        step = (int) params.store().get(count).scalar();
        deriveKeys();
    }

    /** Ends the threads of the device if the trainer made it. */
    @Override
    public void close() {
        if (ownsDevice) {
            device.close();
        }
    }

    @Override
    public String toString() {
        return "Trainer(step " + step + ", " + params.spec().count() + " parameters, " + optimizer + ", " + batches
                + ", " + device.describe() + ")";
    }
}
