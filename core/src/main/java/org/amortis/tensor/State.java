package org.amortis.tensor;

/**
 * A value that lives in a slab between runs: parameters, moments, averages, counters. A state has identity; its name is
 * what messages and checkpoints call it.
 */
public final class State {
    private final String name;
    private final TensorType type;
    private final Tensor value;

    /**
     * Declares a state.
     *
     * @param name its name in messages and checkpoints
     * @param type its type
     */
    public State(String name, TensorType type) {
        this.name = name;
        this.type = type;
        this.value = Node.of(new LeafOp.StateValue(this)).result(0);
    }

    /**
     * Its name.
     *
     * @return name
     */
    public String name() {
        return name;
    }

    /**
     * Its type.
     *
     * @return type
     */
    public TensorType type() {
        return type;
    }

    /**
     * The formula that reads the value before the step.
     *
     * @return the value
     */
    public Tensor value() {
        return value;
    }

    @Override
    public String toString() {
        return "state " + name + " " + type;
    }
}
