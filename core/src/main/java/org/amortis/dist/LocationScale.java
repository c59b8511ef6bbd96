package org.amortis.dist;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Parameters of a family of scalars that one standard variate makes by shift and scale: the scale is kept with its
 * logarithm and its inverse, so that a scale of e^-40 loses nothing in float32.
 */
record LocationScale(Tensor location, Tensor scale, Tensor inverseScale, Tensor logScale, Shape batch) {
    static LocationScale of(String op, Tensor location, Tensor scale) {
        Shape batch = Draws.common(op, location, scale);
        return new LocationScale(location, scale, scale.reciprocal(), scale.log(), batch);
    }

    static LocationScale ofLog(String op, Tensor location, Tensor logScale) {
        Shape batch = Draws.common(op, location, logScale);
        return new LocationScale(location, logScale.exp(), logScale.neg().exp(), logScale, batch);
    }

    static LocationScale of(String op, double location, double scale, DType dtype, Shape batch) {
        Draws.finite(op, "location", location);
        Draws.positive(op, "scale", scale);
        return new LocationScale(
                Tensors.fill(location, dtype, batch),
                Tensors.fill(scale, dtype, Shape.SCALAR),
                Tensors.fill(1 / scale, dtype, Shape.SCALAR),
                Tensors.fill(Math.log(scale), dtype, Shape.SCALAR),
                batch);
    }

    /** The standard variate of a value. */
    Tensor standard(Tensor x) {
        return x.sub(location).mul(inverseScale);
    }

    /** The value of a standard variate. */
    Tensor value(Tensor z) {
        return z.mul(scale).add(location);
    }

    Tensor mean() {
        return location.broadcastTo(batch);
    }

    /** A multiple of the squared scale. */
    Tensor variance(double factor) {
        return scale.square().mul(factor).broadcastTo(batch);
    }

    /** log scale + c. */
    Tensor entropy(double c) {
        return logScale.add(c).broadcastTo(batch);
    }

    /** The same number for all. */
    Tensor all(double value) {
        return Tensors.fill(value, location.dtype(), batch);
    }

    LocationScale stopGradient() {
        return new LocationScale(
                location.stopGradient(),
                scale.stopGradient(),
                inverseScale.stopGradient(),
                logScale.stopGradient(),
                batch);
    }
}
