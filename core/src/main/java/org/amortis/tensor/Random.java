package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.Shape;

/** Draws. One key, or one key for each of the leading axes of the shape. */
public final class Random {
    private Random() {}

    /**
     * Random words.
     *
     * @param key key
     * @param shape shape of the result
     * @return I32 words
     */
    public static Tensor bits(Key key, Shape shape) {
        return draw(RandomOp.Kind.BITS, key, DType.I32, shape);
    }

    /**
     * Uniform numbers in the open interval (0, 1).
     *
     * @param key key
     * @param dtype F32 or F64
     * @param shape shape of the result
     * @return the draws
     */
    public static Tensor uniform(Key key, DType dtype, Shape shape) {
        return draw(RandomOp.Kind.UNIFORM, key, dtype, shape);
    }

    /**
     * Standard normal numbers. In F32 the largest is 5.9, since the radius comes from 24 bits.
     *
     * @param key key
     * @param dtype F32 or F64
     * @param shape shape of the result
     * @return the draws
     */
    public static Tensor normal(Key key, DType dtype, Shape shape) {
        return draw(RandomOp.Kind.NORMAL, key, dtype, shape);
    }

    private static Tensor draw(RandomOp.Kind kind, Key key, DType dtype, Shape shape) {
        return Node.of(new RandomOp.Draw(kind, new TensorType(dtype, shape)), key.tensor())
                .result(0);
    }
}
