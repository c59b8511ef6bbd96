package org.amortis.optim;

import java.util.List;
import org.amortis.param.ParamSpec;
import org.amortis.tensor.Tensor;

/**
 * One link of an optimizer: turns what the links before it give into what is subtracted from the parameters. The first
 * link gets the gradient. A transform holds no state itself; it declares slots and reads and sets them in the step.
 */
public interface Transform {
    /**
     * Short name; part of the names of its states.
     *
     * @return name
     */
    String name();

    /**
     * The states it keeps.
     *
     * @param spec parameters that it will work on
     * @return slots, in a fixed order
     */
    default List<Slot> slots(ParamSpec spec) {
        return List.of();
    }

    /**
     * The formula.
     *
     * @param update what the links before give [P]; the gradient for the first
     * @param step parameters, step count and the slots
     * @return what the next link gets; after the last link it is subtracted from the parameters
     */
    Tensor apply(Tensor update, Step step);
}
