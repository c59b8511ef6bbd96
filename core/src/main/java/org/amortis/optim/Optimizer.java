package org.amortis.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.param.ParamSpec;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;

/**
 * A chain of transforms bound to the parameters of one spec. It owns the states of the chain, named
 * "optim/POSITION.TRANSFORM/SLOT"; {@link #step} can be asked for any number of programs over the same states.
 */
public final class Optimizer {
    private final ParamSpec spec;
    private final List<Transform> chain;
    private final List<Map<String, State>> states = new ArrayList<>();
    private final Map<State, Slot> slots = new LinkedHashMap<>();

    private Optimizer(ParamSpec spec, List<Transform> chain) {
        this.spec = spec;
        this.chain = List.copyOf(chain);
        for (int i = 0; i < chain.size(); i++) {
            Transform t = chain.get(i);
            if (t instanceof Ema && i != chain.size() - 1) {
                throw new PlanException("optimizer(" + this + "): ema averages the new parameters, so it must be last");
            }
            Map<String, State> own = new LinkedHashMap<>();
            for (Slot s : t.slots(spec)) {
                State state = new State("optim/" + i + "." + t.name() + "/" + s.name(), s.type());
                if (own.put(s.name(), state) != null) {
                    throw new PlanException("optimizer(" + t.name() + "): slot " + s.name() + " is declared twice");
                }
                slots.put(state, s);
            }
            states.add(own);
        }
    }

    /**
     * Binds a chain to parameters; closes the spec.
     *
     * @param spec parameters
     * @param chain transforms in the order the gradient passes them
     * @return the optimizer
     */
    public static Optimizer of(ParamSpec spec, Transform... chain) {
        return of(spec, List.of(chain));
    }

    /**
     * Binds a chain to parameters; closes the spec.
     *
     * @param spec parameters
     * @param chain transforms in the order the gradient passes them
     * @return the optimizer
     */
    public static Optimizer of(ParamSpec spec, List<Transform> chain) {
        spec.flat();
        return new Optimizer(spec, chain);
    }

    /**
     * The step.
     *
     * @param gradient gradient with respect to {@link ParamSpec#flat} [P]
     * @param count I32 scalar, number of completed steps; whoever runs the program keeps it
     * @return updates of the parameters and of all slots
     */
    public OptimizerStep step(Tensor gradient, Tensor count) {
        State params = spec.flat();
        if (!gradient.type().equals(params.type())) {
            throw new ShapeException(
                    "optimizer.step(gradient=" + gradient.describe() + "): parameters are " + params.type());
        }
        if (!count.type().equals(new TensorType(DType.I32, Shape.SCALAR))) {
            throw new ShapeException("optimizer.step(count=" + count.describe() + "): must be I32 []");
        }
        Map<State, Tensor> updates = new LinkedHashMap<>();
        Map<State, Tensor> slotUpdates = new LinkedHashMap<>();
        Tensor u = gradient;
        for (int i = 0; i < chain.size(); i++) {
            Step s = new Step(spec, params.value(), gradient, count, states.get(i));
            u = chain.get(i).apply(u, s);
            if (!u.type().equals(params.type())) {
                throw new ShapeException("optimizer(" + chain.get(i).name() + "): gave " + u.describe()
                        + ", parameters are " + params.type());
            }
            slotUpdates.putAll(s.next());
        }
        updates.put(params, params.value().sub(u));
        updates.putAll(slotUpdates);
        return new OptimizerStep(updates, gradient.square().sum().sqrt());
    }

    /**
     * The states of all slots in the order of the chain.
     *
     * @return unmodifiable list
     */
    public List<State> states() {
        return List.copyOf(slots.keySet());
    }

    /**
     * First values of the slots.
     *
     * @param params first parameters [P]
     * @return a formula for each state
     */
    public Map<State, Tensor> initialValues(Tensor params) {
        Map<State, Tensor> m = new LinkedHashMap<>();
        slots.forEach((state, slot) -> m.put(state, slot.initial().apply(params)));
        return m;
    }

    /**
     * The averaged parameters, for evaluation with {@link ParamSpec#weights(Tensor)}.
     *
     * @return state [P], or empty without {@link Transforms#ema}
     */
    public Optional<State> average() {
        int last = chain.size() - 1;
        return last >= 0 && chain.get(last) instanceof Ema
                ? Optional.ofNullable(states.get(last).get(Ema.AVERAGE))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return String.join(", ", chain.stream().map(Transform::name).toList());
    }
}
