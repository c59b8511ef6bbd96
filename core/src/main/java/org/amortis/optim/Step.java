package org.amortis.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;
import org.amortis.param.ParamSpec;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** What a transform sees of the step under construction. */
public final class Step {
    private final ParamSpec spec;
    private final Tensor params;
    private final Tensor gradient;
    private final Tensor count;
    private final Map<String, State> slots;
    private final Map<State, Tensor> next = new LinkedHashMap<>();

    Step(ParamSpec spec, Tensor params, Tensor gradient, Tensor count, Map<String, State> slots) {
        this.spec = spec;
        this.params = params;
        this.gradient = gradient;
        this.count = count;
        this.slots = slots;
    }

    /**
     * The parameters before the step.
     *
     * @return tensor [P]
     */
    public Tensor params() {
        return params;
    }

    /**
     * The gradient as it entered the chain.
     *
     * @return tensor [P]
     */
    public Tensor gradient() {
        return gradient;
    }

    /**
     * Number of completed steps.
     *
     * @return I32 scalar, 0 at the first step
     */
    public Tensor count() {
        return count;
    }

    /**
     * Declaration of the parameters.
     *
     * @return spec
     */
    public ParamSpec spec() {
        return spec;
    }

    /**
     * The float type of the parameters.
     *
     * @return F32 or F64
     */
    public DType dtype() {
        return spec.dtype();
    }

    /**
     * The value of a schedule at this step.
     *
     * @param schedule schedule
     * @return scalar
     */
    public Tensor at(Schedule schedule) {
        return schedule.at(count, dtype());
    }

    /**
     * Selects parameters by tag.
     *
     * @param tag tag
     * @return 1 where a parameter has it and 0 elsewhere [P]
     */
    public Tensor mask(String tag) {
        HostArray mask = spec.mask(tag);
        return Tensors.resident(mask);
    }

    /**
     * Value of a slot before the step.
     *
     * @param slot its name
     * @return the value
     */
    public Tensor get(String slot) {
        return state(slot).value();
    }

    /**
     * Sets a slot.
     *
     * @param slot its name
     * @param value value after the step
     */
    public void set(String slot, Tensor value) {
        State s = state(slot);
        if (!value.type().equals(s.type())) {
            throw new ShapeException("optimizer: " + s + " would become " + value.describe());
        }
        if (next.put(s, value) != null) {
            throw new PlanException("optimizer: " + s + " is set twice in one step");
        }
    }

    Map<State, Tensor> next() {
        return next;
    }

    private State state(String slot) {
        State s = slots.get(slot);
        if (s == null) {
            throw new PlanException("optimizer: slot " + slot + " is not declared; there are " + slots.keySet());
        }
        return s;
    }
}
