package org.amortis.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.amortis.array.PlanException;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;

/** What an objective may use in a step. */
public final class StepInput {
    private final Map<String, Tensor> inputs;
    private final Weights params;
    private final Key key;
    private final Tensor step;
    private final boolean training;

    StepInput(Map<String, Tensor> inputs, Weights params, Key key, Tensor step, boolean training) {
        this.inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        this.params = params;
        this.key = key;
        this.step = step;
        this.training = training;
    }

    /**
     * A step input outside a trainer, for tests of objectives and for other drivers.
     *
     * @param inputs the batch by name
     * @param params parameters
     * @param key key of this step
     * @param step I32 scalar, number of completed steps
     * @param training whether layers such as dropout are on
     * @return the input
     */
    public static StepInput of(Map<String, Tensor> inputs, Weights params, Key key, Tensor step, boolean training) {
        return new StepInput(inputs, params, key, step, training);
    }

    /**
     * An array of the batch.
     *
     * @param name its name
     * @return its formula
     * @throws PlanException if the batches have no such array
     */
    public Tensor in(String name) {
        Tensor t = inputs.get(name);
        if (t == null) {
            throw new PlanException("in(" + name + "): the batches have no such array; they have " + inputs.keySet());
        }
        return t;
    }

    /**
     * The names of the arrays of the batch.
     *
     * @return names
     */
    public Set<String> names() {
        return inputs.keySet();
    }

    /**
     * The parameters before the step.
     *
     * @return weights
     */
    public Weights params() {
        return params;
    }

    /**
     * The key of this step; fold a name into it for each draw.
     *
     * @return key
     */
    public Key key() {
        return key;
    }

    /**
     * Number of completed steps, 0 at the first.
     *
     * @return I32 scalar
     */
    public Tensor step() {
        return step;
    }

    /**
     * Whether this is a training step and not an evaluation.
     *
     * @return true in training
     */
    public boolean training() {
        return training;
    }

    /**
     * The same step with other weights, such as frozen or averaged ones.
     *
     * @param other weights
     * @return a new step input
     */
    public StepInput with(Weights other) {
        return new StepInput(inputs, other, key, step, training);
    }
}
