package org.amortis.mc;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.ShapeException;
import org.amortis.dist.LogDensity;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Many chains, with all that a transition needs and would otherwise compute again.
 *
 * @param z positions [C, B, d]: C chains for each of B data
 * @param values log densities at z [C, B], one for each part of the target
 * @param gradients their gradients [C, B, d]
 * @param stepSize step size of each chain [C, B]
 * @param acceptance running share of accepted proposals [C, B]
 */
public record Chains(Tensor z, List<Tensor> values, List<Tensor> gradients, Tensor stepSize, Tensor acceptance) {
    /** Copies the lists. */
    public Chains {
        values = List.copyOf(values);
        gradients = List.copyOf(gradients);
    }

    /**
     * Chains at their start.
     *
     * @param z positions [C, B, d]
     * @param parts log densities whose weighted sum is the target
     * @param settings settings
     * @return the chains
     */
    public static Chains start(Tensor z, List<LogDensity> parts, HmcSettings settings) {
        if (z.shape().rank() != 3) {
            throw new ShapeException("chains(z=" + z.describe() + "): needs [chains, data, d]");
        }
        List<Tensor> values = new ArrayList<>();
        List<Tensor> gradients = new ArrayList<>();
        evaluate(z, parts, values, gradients);
        Tensor lanes = Tensors.zeros(z.dtype(), z.shape().drop(-1));
        return new Chains(z, values, gradients, lanes.add(settings.firstStep()), lanes.add(settings.target()));
    }

    static void evaluate(Tensor z, List<LogDensity> parts, List<Tensor> values, List<Tensor> gradients) {
        for (LogDensity f : parts) {
            Tensor v = f.logDensity(z);
            values.add(v);
            // chains do not see each other: the gradient of the sum is each chain's own
            gradients.add(Gradients.orZeros(v.sum(), List.of(z)).get(0));
        }
    }
}
