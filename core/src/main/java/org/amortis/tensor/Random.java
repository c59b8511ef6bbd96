package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;

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

    /**
     * True with a probability.
     *
     * @param key key
     * @param probability float tensor of probabilities
     * @return BOOL of its shape
     */
    public static Tensor bernoulli(Key key, Tensor probability) {
        return uniform(key, probability.dtype(), probability.shape()).lt(probability);
    }

    /**
     * An index for each row of logits, with probability proportional to e^logit: the largest of the logits with Gumbel
     * noise.
     *
     * @param key key
     * @param logits float tensor [.., K]; -inf is never drawn as long as not all of a row are
     * @return I32 [..]
     */
    public static Tensor categorical(Key key, Tensor logits) {
        return logits.add(gumbel(key, logits.dtype(), logits.shape())).argmax(-1);
    }

    /**
     * Standard Gumbel numbers.
     *
     * @param key key
     * @param dtype F32 or F64
     * @param shape shape of the result
     * @return the draws
     */
    public static Tensor gumbel(Key key, DType dtype, Shape shape) {
        return exponential(key, dtype, shape).log().neg();
    }

    /**
     * Exponential numbers of mean 1.
     *
     * @param key key
     * @param dtype F32 or F64
     * @param shape shape of the result
     * @return the draws
     */
    public static Tensor exponential(Key key, DType dtype, Shape shape) {
        return uniform(key, dtype, shape).log().neg();
    }

    /**
     * Gamma numbers of rate 1; with implicit gradient with respect to alpha, to first order.
     *
     * @param key one key, or one for each of the leading axes of alpha
     * @param alpha shape parameters, positive
     * @return the draws, of the shape of alpha; 0 where they underflow, see {@link #logGamma}
     */
    public static Tensor gamma(Key key, Tensor alpha) {
        return Node.of(new RandomOp.GammaDraw(false), key.tensor(), alpha).result(0);
    }

    /**
     * Logarithms of gamma numbers of rate 1, which stay finite for small alpha; with implicit gradient with respect to
     * alpha, to first order.
     *
     * @param key one key, or one for each of the leading axes of alpha
     * @param alpha shape parameters, positive
     * @return logarithms of the draws that {@link #gamma} gives, of the shape of alpha
     */
    public static Tensor logGamma(Key key, Tensor alpha) {
        return Node.of(new RandomOp.GammaDraw(true), key.tensor(), alpha).result(0);
    }

    /**
     * Integers in 0..bound-1, each equally likely up to 2^-53.
     *
     * @param key key
     * @param bound one more than the largest, positive
     * @param shape shape of the result
     * @return I32
     */
    public static Tensor integers(Key key, int bound, Shape shape) {
        if (bound < 1) {
            throw new ShapeException("integers(bound=" + bound + "): nothing to draw from" + Messages.at());
        }
        // the largest 53-bit uniform rounds to 1
        return uniform(key, DType.F64, shape).mul(bound).cast(DType.I32).minimum(bound - 1);
    }

    /**
     * The numbers 0..n-1 in random order: indices that sort 32 random bits each, so two places whose words agree (once
     * in 2^33 / n^2 permutations) keep their order.
     *
     * @param key one key
     * @param n how many
     * @return I32 [n]
     */
    public static Tensor permutation(Key key, int n) {
        return Sorting.argsort(bits(key, Shape.of(n)), 0);
    }

    private static Tensor draw(RandomOp.Kind kind, Key key, DType dtype, Shape shape) {
        return Node.of(new RandomOp.Draw(kind, new TensorType(dtype, shape)), key.tensor())
                .result(0);
    }
}
