package org.amortis.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.array.DTypeException;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;

/** The scalar to minimise, scalars to watch, and states that change with the step. Immutable. */
public final class Loss {
    private final Tensor value;
    private final Map<String, Tensor> metrics;
    private final Map<State, Tensor> updates;

    private Loss(Tensor value, Map<String, Tensor> metrics, Map<State, Tensor> updates) {
        this.value = value;
        this.metrics = Collections.unmodifiableMap(metrics);
        this.updates = Collections.unmodifiableMap(updates);
    }

    /**
     * What is minimised.
     *
     * @param loss float scalar
     * @return a loss without metrics
     */
    public static Loss minimise(Tensor loss) {
        scalar("minimise", loss);
        return new Loss(loss, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /**
     * What is maximised: minimises its negative.
     *
     * @param objective float scalar
     * @return a loss without metrics
     */
    public static Loss maximise(Tensor objective) {
        scalar("maximise", objective);
        return minimise(objective.neg());
    }

    private static void scalar(String what, Tensor t) {
        if (!t.dtype().isFloat()) {
            throw new DTypeException(what + "(" + t.describe() + "): must be a float scalar");
        }
        if (t.shape().rank() != 0) {
            throw new ShapeException(what + "(" + t.describe() + "): must be a scalar; take mean() or sum()");
        }
    }

    /**
     * Adds a scalar to watch.
     *
     * @param name its name in progress lines and curves
     * @param metric float scalar; evaluation averages it over batches
     * @return a new loss
     */
    public Loss metric(String name, Tensor metric) {
        scalar("metric " + name, metric);
        Map<String, Tensor> m = new LinkedHashMap<>(metrics);
        if (name.equals("loss") || m.put(name, metric) != null) {
            throw new PlanException("metric(" + name + "): the name is taken");
        }
        return new Loss(value, m, updates);
    }

    /**
     * Adds a state that the step changes, such as running statistics. Its first value is given to the trainer.
     *
     * @param state the state
     * @param next its value after the step, without gradient
     * @return a new loss
     */
    public Loss update(State state, Tensor next) {
        if (!next.type().equals(state.type())) {
            throw new ShapeException("update(" + state + "): would become " + next.describe());
        }
        Map<State, Tensor> m = new LinkedHashMap<>(updates);
        if (m.put(state, next) != null) {
            throw new PlanException("update(" + state + "): is updated twice");
        }
        return new Loss(value, metrics, m);
    }

    /**
     * What is minimised.
     *
     * @return scalar
     */
    public Tensor value() {
        return value;
    }

    /**
     * What is watched.
     *
     * @return name to scalar, in the order they were added
     */
    public Map<String, Tensor> metrics() {
        return metrics;
    }

    /**
     * What changes with the step.
     *
     * @return state to its value after the step
     */
    public Map<State, Tensor> updates() {
        return updates;
    }
}
