package org.amortis.nn;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention of several heads (Vaswani and others 2017), with linear layers for queries, keys, values
 * and output (paths "query", "key", "value", "out").
 */
public final class MultiHeadAttention {
    /** Below any score of use, and finite, so that a row without a key has no NaN in its gradient. */
    private static final double MASKED = -1e30;

    private final int width;
    private final int heads;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear out;

    private MultiHeadAttention(int width, int heads, Linear query, Linear key, Linear value, Linear out) {
        this.width = width;
        this.heads = heads;
        this.query = query;
        this.key = key;
        this.value = value;
        this.out = out;
    }

    /**
     * Attention within or between sets of vectors.
     *
     * @param at where its parameters go
     * @param queries width of the vectors that ask
     * @param keys width of the vectors that are asked
     * @param width width of all heads together, and of the output
     * @param heads number of heads, a divisor of the width
     * @return the layer
     * @throws ShapeException if the heads do not divide the width
     */
    public static MultiHeadAttention of(ParamScope at, int queries, int keys, int width, int heads) {
        if (heads < 1 || width % heads != 0) {
            throw new ShapeException(
                    "attention(width=" + width + ", heads=" + heads + "): heads do not divide the width");
        }
        return new MultiHeadAttention(
                width,
                heads,
                Linear.of(at.at("query"), queries, width),
                Linear.withoutBias(at.at("key"), keys, width, Initializer.glorotUniform()),
                Linear.of(at.at("value"), keys, width),
                Linear.of(at.at("out"), width, width));
    }

    /**
     * Each vector asks all others and itself.
     *
     * @param p weights
     * @param x [.., n, width]
     * @param mask BOOL that broadcasts to [.., n, n], false where a key must not be seen; null for none
     * @return [.., n, width]
     */
    public Tensor self(Weights p, Tensor x, @Nullable Tensor mask) {
        return apply(p, x, x, mask);
    }

    /**
     * Vectors ask other vectors.
     *
     * @param p weights
     * @param q vectors that ask [.., n, queries]
     * @param kv vectors that are asked [.., m, keys]
     * @param mask BOOL that broadcasts to [.., n, m], false where a key must not be seen; null for none. A row that may see
     *     nothing gets the output's bias alone
     * @return [.., n, width]
     */
    public Tensor apply(Weights p, Tensor q, Tensor kv, @Nullable Tensor mask) {
        Tensor a = heads(query.apply(p, q)).mul(1 / Math.sqrt((double) width / heads));
        Tensor b = heads(key.apply(p, kv));
        Tensor scores = Tensors.matmul(a, b, false, true); // [.., heads, n, m]
        Tensor weights;
        if (mask == null) {
            weights = scores.softmax(-1);
        } else {
            Tensor m = mask.shape().rank() > 2 ? mask.expandDims(-3) : mask;
            weights = Tensors.where(m, Tensors.where(m, scores, MASKED).softmax(-1), 0);
        }
        Tensor mixed = weights.matmul(heads(value.apply(p, kv))); // [.., heads, n, width / heads]
        Tensor joined = swap(mixed);
        Shape s = joined.shape();
        return out.apply(p, joined.reshape(s.slice(0, s.rank() - 2).concat(Shape.of(width))));
    }

    /** [.., n, width] to [.., heads, n, width / heads]. */
    private Tensor heads(Tensor x) {
        Shape s = x.shape();
        return swap(x.reshape(s.slice(0, s.rank() - 1).concat(Shape.of(heads, width / heads))));
    }

    /** Exchanges the two axes before the last. */
    private static Tensor swap(Tensor x) {
        int r = x.shape().rank();
        int[] p = new int[r];
        for (int i = 0; i < r; i++) {
            p[i] = i;
        }
        p[r - 3] = r - 2;
        p[r - 2] = r - 3;
        return x.transpose(p);
    }

    /**
     * The mask by which a vector sees itself and those before it.
     *
     * @param n number of vectors
     * @return BOOL [n, n]
     */
    public static Tensor causal(int n) {
        Shape s = Shape.of(n, n);
        return Tensors.iota(s, 0).ge(Tensors.iota(s, 1));
    }

    /**
     * The mask by which only the first vectors of each set are seen.
     *
     * @param lengths I32 [..], how many are real
     * @param m number of vectors
     * @return BOOL [.., 1, m], for {@link #apply}
     */
    public static Tensor lengths(Tensor lengths, int m) {
        if (lengths.dtype() != DType.I32) {
            throw new ShapeException("attention.lengths(" + lengths.describe() + "): must be I32");
        }
        return Tensors.iota(Shape.of(1, m), 1).lt(lengths.expandDims(-1).expandDims(-1));
    }

    @Override
    public String toString() {
        return "attention of " + heads + " heads: " + out;
    }
}
