package org.amortis.nn;

import org.amortis.array.Shape;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Composites;
import org.amortis.tensor.Tensor;

/** Last axis to mean 0 and variance 1, then times a scale (path "scale") plus an offset (path "offset"). */
public final class LayerNorm implements Layer {
    private static final double EPSILON = 1e-5;

    private final String scale;
    private final String offset;

    private LayerNorm(String scale, String offset) {
        this.scale = scale;
        this.offset = offset;
    }

    /**
     * A layer that starts with scale 1 and offset 0.
     *
     * @param at where its parameters go
     * @param size length of the last axis
     * @return the layer
     */
    public static LayerNorm of(ParamScope at, int size) {
        Shape s = Shape.of(size);
        return new LayerNorm(at.declare("scale", s, Initializer.ones()), at.declare("offset", s, Initializer.zeros()));
    }

    /**
     * The normalised input.
     *
     * @param p weights
     * @param x [.., size]
     * @return tensor of this shape
     */
    @Override
    public Tensor apply(Weights p, Tensor x) {
        return Composites.layerNorm(x, EPSILON).mul(Linear.perRow(p.get(scale))).add(Linear.perRow(p.get(offset)));
    }

    @Override
    public String toString() {
        return "layerNorm " + scale;
    }
}
