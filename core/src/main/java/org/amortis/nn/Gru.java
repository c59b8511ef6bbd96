package org.amortis.nn;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Composites;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Gated recurrent unit with the reset gate after the product: weights of the input (path "x") and of the state (path
 * "h"), each a linear layer to 3 H numbers in the order reset, update, candidate.
 */
public final class Gru {
    private final int hidden;
    private final Linear input;
    private final Linear state;

    private Gru(int hidden, Linear input, Linear state) {
        this.hidden = hidden;
        this.input = input;
        this.state = state;
    }

    /**
     * A unit with Glorot weights of the input and an orthogonal matrix for each gate of the state.
     *
     * @param at where its parameters go
     * @param in inputs
     * @param hidden size H of the state
     * @return the unit
     */
    public static Gru of(ParamScope at, int in, int hidden) {
        Initializer gates = (key, dtype, shape, fans) -> {
            Initializer one = Initializer.orthogonal(1);
            Shape gate = Shape.of(hidden, hidden);
            Tensor[] parts = new Tensor[3];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = one.value(key.fold(i), dtype, gate, fans);
            }
            return Tensors.concat(-1, parts);
        };
        return new Gru(
                hidden,
                Linear.of(at.at("x"), in, 3 * hidden),
                Linear.of(at.at("h"), hidden, 3 * hidden, gates, Initializer.zeros()));
    }

    /**
     * Size of the state.
     *
     * @return H
     */
    public int hidden() {
        return hidden;
    }

    /**
     * A state of zeros.
     *
     * @param dtype element type
     * @param batch batch axes
     * @return [batch, H]
     */
    public Tensor start(DType dtype, Shape batch) {
        return Tensors.zeros(dtype, batch.concat(Shape.of(hidden)));
    }

    /**
     * One step.
     *
     * @param p weights
     * @param x input [.., in]
     * @param h state [.., H]
     * @return next state [.., H]
     */
    public Tensor step(Weights p, Tensor x, Tensor h) {
        return Composites.gruCell(input.apply(p, x), state.apply(p, h), h);
    }

    /**
     * A sequence from a state of zeros.
     *
     * @param p weights
     * @param xs inputs [T, .., in]
     * @return states after each step [T, .., H]
     */
    public Tensor apply(Weights p, Tensor xs) {
        Shape s = xs.shape();
        if (s.rank() < 2) {
            throw new ShapeException("gru(xs=" + xs.describe() + "): needs [T, .., in]");
        }
        return run(p, xs, start(xs.dtype(), s.slice(1, s.rank() - 1)), null, false);
    }

    /**
     * A sequence. The products of all inputs are taken at once before the loop.
     *
     * @param p weights
     * @param xs inputs [T, .., in]
     * @param start first state [.., H]
     * @param mask BOOL [T, ..], where false the state stays as it is; null for none
     * @param reverse whether to run from the last input to the first
     * @return states after each step, at the place of its input [T, .., H]
     */
    public Tensor run(Weights p, Tensor xs, Tensor start, @Nullable Tensor mask, boolean reverse) {
        Tensor products = input.apply(p, xs);
        Scan scan = Scan.of(xs.shape().dim(0)).carry(start);
        scan = mask == null ? scan.sequences(products) : scan.sequences(products, mask);
        return (reverse ? scan.reverse() : scan)
                .body((t, carry, slices) -> {
                    Tensor h = carry.get(0);
                    Tensor next = Composites.gruCell(slices.get(0), state.apply(p, h), h);
                    if (mask != null) {
                        next = Tensors.where(slices.get(1).expandDims(-1), next, h);
                    }
                    return Scan.Step.of(next).output(next);
                })
                .output(0);
    }

    @Override
    public String toString() {
        return "gru of " + hidden + ": " + input + ", " + state;
    }
}
