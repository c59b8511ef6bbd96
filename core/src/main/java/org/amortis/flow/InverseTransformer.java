package org.amortis.flow;

import org.amortis.dist.Bijection;
import org.amortis.tensor.Tensor;

/**
 * A transformer with its directions exchanged. The density of an autoregressive flow takes the transformer's inverse; with
 * this around a spline it takes the spline's own formula.
 *
 * @param original transformer
 */
public record InverseTransformer(Transformer original) implements Transformer {
    @Override
    public int parameters() {
        return original.parameters();
    }

    @Override
    public Bijection of(Tensor parameters) {
        return original.of(parameters).inverted();
    }

    @Override
    public String toString() {
        return "inverse " + original;
    }
}
