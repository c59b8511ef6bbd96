package org.amortis.nn;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** x W + b with W [in, out] (path "w", tagged "decay") and b [out] (path "b"). */
public final class Linear implements Layer {
    private final int in;
    private final int out;
    private final String weight;
    private final @Nullable String bias;

    private Linear(int in, int out, String weight, @Nullable String bias) {
        this.in = in;
        this.out = out;
        this.weight = weight;
        this.bias = bias;
    }

    /**
     * A layer with Glorot-uniform weight and zero bias.
     *
     * @param at where its parameters go
     * @param in inputs
     * @param out outputs
     * @return the layer
     */
    public static Linear of(ParamScope at, int in, int out) {
        return of(at, in, out, Initializer.glorotUniform(), Initializer.zeros());
    }

    /**
     * A layer with given initialisers.
     *
     * @param at where its parameters go
     * @param in inputs
     * @param out outputs
     * @param weight initialiser of the weight
     * @param bias initialiser of the bias
     * @return the layer
     */
    public static Linear of(ParamScope at, int in, int out, Initializer weight, Initializer bias) {
        return new Linear(
                in, out, at.declare("w", Shape.of(in, out), weight, "decay"), at.declare("b", Shape.of(out), bias));
    }

    /**
     * A layer without bias.
     *
     * @param at where its parameter goes
     * @param in inputs
     * @param out outputs
     * @param weight initialiser of the weight
     * @return the layer
     */
    public static Linear withoutBias(ParamScope at, int in, int out, Initializer weight) {
        return new Linear(in, out, at.declare("w", Shape.of(in, out), weight, "decay"), null);
    }

    /**
     * The affine map.
     *
     * @param p weights; a weight with leading axes is a weight per group, then x is [groups, .., in]
     * @param x [.., in]
     * @return [.., out]
     */
    @Override
    public Tensor apply(Weights p, Tensor x) {
        Shape s = x.shape();
        if (s.rank() == 0 || s.dim(-1) != in) {
            throw new ShapeException("linear(" + weight + ", x=" + x.describe() + "): last axis is "
                    + (s.rank() == 0 ? "missing" : s.dim(-1)) + ", the layer takes " + in);
        }
        Tensor w = p.get(weight);
        Tensor b = bias == null ? null : p.get(bias);
        boolean groups = w.shape().rank() > 2 || (b != null && b.shape().rank() > 1);
        if (groups || s.rank() == 2) {
            return addBias(x.matmul(w), b);
        }
        // one product over all rows, so that the weight's cotangent is one product too
        return addBias(x.reshape(s.size() / Math.max(1, in), in).matmul(w), b).reshape(s.with(-1, out));
    }

    private static Tensor addBias(Tensor y, @Nullable Tensor b) {
        return b == null ? y : y.add(perRow(b));
    }

    /** A vector for each group [G, n] as [G, 1, n], so that it broadcasts over the rows of its group. */
    static Tensor perRow(Tensor v) {
        return v.shape().rank() == 1 ? v : v.expandDims(-2);
    }

    /**
     * Number of inputs.
     *
     * @return size of the last axis of x
     */
    public int in() {
        return in;
    }

    /**
     * Number of outputs.
     *
     * @return size of the last axis of the result
     */
    public int out() {
        return out;
    }

    @Override
    public String toString() {
        return "linear " + weight + " [" + in + ", " + out + "]" + (bias == null ? " without bias" : "");
    }
}
