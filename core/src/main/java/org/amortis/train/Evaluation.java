package org.amortis.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.array.PlanException;

/**
 * Loss and metrics averaged over a data set, each batch weighted by its rows.
 *
 * @param values name to mean; the loss is "loss"
 * @param rows number of rows
 */
public record Evaluation(Map<String, Double> values, long rows) {
    /** Copies the map, keeping its order. */
    public Evaluation {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * The mean loss.
     *
     * @return loss
     */
    public double loss() {
        return get("loss");
    }

    /**
     * The mean of a metric.
     *
     * @param name its name, or "loss"
     * @return mean
     * @throws PlanException if the objective has no such metric
     */
    public double get(String name) {
        Double v = values.get(name);
        if (v == null) {
            throw new PlanException("evaluation.get(" + name + "): no such metric; there are " + values.keySet());
        }
        return v;
    }
}
