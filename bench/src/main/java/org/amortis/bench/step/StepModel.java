package org.amortis.bench.step;

import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.param.ParamSpec;
import org.amortis.train.Objective;

/**
 * What a training step is made of.
 *
 * @param spec its parameters
 * @param objective its loss
 * @param inputs the batch, the same in every step, by name
 */
public record StepModel(ParamSpec spec, Objective objective, Map<String, HostArray> inputs) {
    /** Copies the map. */
    public StepModel {
        inputs = Map.copyOf(inputs);
    }
}
