package org.amortis.param;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** The first value of a parameter, as a formula of its key. */
public interface Initializer {
    /**
     * The formula.
     *
     * @param key key of this parameter alone
     * @param dtype element type
     * @param shape shape
     * @param fans inputs and outputs of the layer
     * @return tensor of that type and shape
     */
    Tensor value(Key key, DType dtype, Shape shape, Fans fans);

    /**
     * All zero.
     *
     * @return initialiser
     */
    static Initializer zeros() {
        return constant(0);
    }

    /**
     * All one.
     *
     * @return initialiser
     */
    static Initializer ones() {
        return constant(1);
    }

    /**
     * One number everywhere.
     *
     * @param value the number
     * @return initialiser
     */
    static Initializer constant(double value) {
        return (key, dtype, shape, fans) -> Tensors.fill(value, dtype, shape);
    }

    /**
     * Given numbers, such as logits of the mean pixel for the last bias of a decoder.
     *
     * @param values the numbers, not copied if large
     * @return initialiser of exactly that shape
     */
    static Initializer values(HostArray values) {
        return (key, dtype, shape, fans) -> {
            if (!values.shape().equals(shape)) {
                throw new ShapeException("Initializer.values" + values.shape() + ": the parameter is " + shape);
            }
            HostArray v = values.cast(dtype);
            long bytes = (long) shape.size() * dtype.bytes();
            return bytes <= Tensors.CONSTANT_LIMIT ? Tensors.constant(v) : Tensors.resident(v);
        };
    }

    /**
     * Normal with mean zero.
     *
     * @param sd standard deviation
     * @return initialiser
     */
    static Initializer normal(double sd) {
        return (key, dtype, shape, fans) -> Random.normal(key, dtype, shape).mul(sd);
    }

    /**
     * Uniform on an interval.
     *
     * @param low lower end
     * @param high upper end
     * @return initialiser
     */
    static Initializer uniform(double low, double high) {
        return (key, dtype, shape, fans) ->
                Random.uniform(key, dtype, shape).mul(high - low).add(low);
    }

    /**
     * Uniform with variance 2 / (in + out) (Glorot and Bengio 2010).
     *
     * @return initialiser
     */
    static Initializer glorotUniform() {
        return (key, dtype, shape, fans) -> centred(key, dtype, shape, Math.sqrt(6.0 / (fans.in() + fans.out())));
    }

    /**
     * Normal with variance 2 / (in + out) (Glorot and Bengio 2010).
     *
     * @return initialiser
     */
    static Initializer glorotNormal() {
        return (key, dtype, shape, fans) ->
                Random.normal(key, dtype, shape).mul(Math.sqrt(2.0 / (fans.in() + fans.out())));
    }

    /**
     * Uniform with variance 2 / in (He and others 2015), for rectifiers.
     *
     * @return initialiser
     */
    static Initializer heUniform() {
        return (key, dtype, shape, fans) -> centred(key, dtype, shape, Math.sqrt(6.0 / fans.in()));
    }

    /**
     * Normal with variance 2 / in (He and others 2015), for rectifiers.
     *
     * @return initialiser
     */
    static Initializer heNormal() {
        return (key, dtype, shape, fans) -> Random.normal(key, dtype, shape).mul(Math.sqrt(2.0 / fans.in()));
    }

    /**
     * Normal with variance 1 / in (LeCun and others 1998), for self-normalising units.
     *
     * @return initialiser
     */
    static Initializer lecunNormal() {
        return (key, dtype, shape, fans) -> Random.normal(key, dtype, shape).mul(Math.sqrt(1.0 / fans.in()));
    }

    /**
     * Orthonormal rows or columns, whichever are fewer, times a gain: the polar factor of a normal matrix. Axes before
     * the last are taken together as rows.
     *
     * @param gain factor
     * @return initialiser for rank 2 or more
     */
    static Initializer orthogonal(double gain) {
        return new Orthogonal(gain);
    }

    /**
     * An initialiser by name: zeros, ones, glorotUniform, glorotNormal, heUniform, heNormal, lecunNormal, orthogonal.
     *
     * @param name one of these names
     * @return initialiser
     * @throws PlanException if there is none of that name
     */
    static Initializer named(String name) {
        return switch (name) {
            case "zeros" -> zeros();
            case "ones" -> ones();
            case "glorotUniform" -> glorotUniform();
            case "glorotNormal" -> glorotNormal();
            case "heUniform" -> heUniform();
            case "heNormal" -> heNormal();
            case "lecunNormal" -> lecunNormal();
            case "orthogonal" -> orthogonal(1);
            default ->
                throw new PlanException("initializer(name=" + name + "): unknown; there are zeros, ones, glorotUniform,"
                        + " glorotNormal, heUniform, heNormal, lecunNormal, orthogonal");
        };
    }

    private static Tensor centred(Key key, DType dtype, Shape shape, double limit) {
        return Random.uniform(key, dtype, shape).mul(2 * limit).sub(limit);
    }
}
