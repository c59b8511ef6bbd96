package org.amortis.optim;

import java.util.List;
import org.amortis.param.ParamSpec;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;

/**
 * Keeps avg = decay avg + (1 - decay) new parameters, starting at the first parameters, so that it needs no correction.
 *
 * @param decay weight of the past
 */
record Ema(double decay) implements Transform {
    static final String AVERAGE = "average";

    @Override
    public String name() {
        return "ema";
    }

    @Override
    public List<Slot> slots(ParamSpec spec) {
        TensorType type = spec.flat().type();
        return List.of(new Slot(AVERAGE, type, p -> p));
    }

    @Override
    public Tensor apply(Tensor update, Step step) {
        Tensor avg = step.get(AVERAGE);
        Tensor params = step.params().sub(update);
        // one product fewer than decay avg + (1 - decay) p, and exact when both agree
        step.set(AVERAGE, avg.add(params.sub(avg).mul(1 - decay)));
        return update;
    }
}
