package org.amortis.flow;

import java.util.List;
import java.util.Objects;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * How the trace of the Jacobian J of a velocity is got. Exact: by D products, for small D. Hutchinson's estimate e'Je with
 * independent e of mean 0 and variance 1: one product. With one e for the whole way of a value the flow stays an ordinary
 * differential equation, and the estimate of the log determinant is unbiased. Its variance, S = (J + J')/2, is 2 |S|^2
 * for normal e and 2 (|S|^2 - sum S_ii^2) for random signs, which are therefore the default.
 */
public final class TraceEstimate {
    private enum Kind {
        EXACT,
        SIGNS,
        NORMAL
    }

    private final Kind kind;
    private final @Nullable Key key;

    private TraceEstimate(Kind kind, @Nullable Key key) {
        this.kind = kind;
        this.key = key;
    }

    /**
     * D products a step.
     *
     * @return the exact trace
     */
    public static TraceEstimate exact() {
        return new TraceEstimate(Kind.EXACT, null);
    }

    /**
     * Hutchinson's estimate with random signs.
     *
     * @param key key of the signs; values of the same shape get the same signs
     * @return the estimate
     */
    public static TraceEstimate hutchinson(Key key) {
        return new TraceEstimate(Kind.SIGNS, key);
    }

    /**
     * Hutchinson's estimate with normal noise, of larger variance.
     *
     * @param key key of the noise; values of the same shape get the same noise
     * @return the estimate
     */
    public static TraceEstimate hutchinsonNormal(Key key) {
        return new TraceEstimate(Kind.NORMAL, key);
    }

    /**
     * Whether there is no noise.
     *
     * @return true of the exact trace
     */
    public boolean isExact() {
        return kind == Kind.EXACT;
    }

    /** The same estimate with other noise; the exact trace stays as it is. */
    TraceEstimate renewed(Key other) {
        return isExact() ? this : new TraceEstimate(kind, other);
    }

    /** The noise of values [rows.., D], or null. Drawn outside of loops. */
    @Nullable
    Tensor noise(Tensor like) {
        return switch (kind) {
            case EXACT -> null;
            case SIGNS -> {
                Tensor u = Random.uniform(Objects.requireNonNull(key), like.dtype(), like.shape());
                yield Tensors.where(u.lt(0.5), Tensors.scalarLike(u, -1), 1);
            }
            case NORMAL -> Random.normal(Objects.requireNonNull(key), like.dtype(), like.shape());
        };
    }

    /**
     * Trace and squared Frobenius norm of the Jacobian.
     *
     * @param trace [rows.., 1]
     * @param squares [rows.., 1]
     */
    record Moments(Tensor trace, Tensor squares) {}

    /** Moments of dv/dz, from its rows or from one combination of them. */
    static Moments of(Tensor v, Tensor z, @Nullable Tensor noise) {
        if (noise != null) {
            Tensor back = pull(v, z, noise);
            return new Moments(total(back.mul(noise)), total(back.square()));
        }
        int d = z.shape().dim(-1);
        Tensor index = Tensors.iota(v.shape(), -1);
        Tensor trace = null;
        Tensor squares = null;
        for (int k = 0; k < d; k++) {
            Tensor row = pull(v, z, index.eq(k).cast(z.dtype()));
            Tensor diagonal = row.slice(Tensor.LAST, k, k + 1);
            Tensor s = total(row.square());
            trace = trace == null ? diagonal : trace.add(diagonal);
            squares = squares == null ? s : squares.add(s);
        }
        return new Moments(Objects.requireNonNull(trace), Objects.requireNonNull(squares));
    }

    private static Tensor pull(Tensor v, Tensor z, Tensor cotangent) {
        return Gradients.vjp(List.of(v), List.of(cotangent), List.of(z), true).get(0);
    }

    private static Tensor total(Tensor x) {
        return x.sum(Tensor.LAST).expandDims(-1);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case EXACT -> "exact trace";
            case SIGNS -> "Hutchinson trace";
            case NORMAL -> "Hutchinson trace, normal noise";
        };
    }
}
