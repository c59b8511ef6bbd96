package org.amortis.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amortis.array.ShapeException;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;

/**
 * Linear layers with an activation between them, none after the last; or, with {@link #residual}, blocks that add to
 * their input.
 */
public final class Mlp implements Layer {
    private final List<Linear> layers;
    private final Activation activation;
    private final boolean residual;

    private Mlp(List<Linear> layers, Activation activation, boolean residual) {
        this.layers = List.copyOf(layers);
        this.activation = activation;
        this.residual = residual;
    }

    /**
     * Widths from input to output, for {@link #of}.
     *
     * @param sizes widths
     * @return a copy
     */
    public static int[] sizes(int... sizes) {
        return sizes.clone();
    }

    /**
     * Layers at "0", "1", .. with the activation's own initialiser; Glorot's for the last.
     *
     * @param at where parameters go
     * @param sizes widths from input to output, at least two
     * @param activation between layers
     * @return the network
     */
    public static Mlp of(ParamScope at, int[] sizes, Activation activation) {
        return of(at, sizes, activation, Initializer.glorotUniform(), Initializer.zeros());
    }

    /**
     * Layers at "0", "1", .. with given initialisers of the last, such as zeros to start at a constant or the logits of
     * the mean pixel as bias.
     *
     * @param at where parameters go
     * @param sizes widths from input to output, at least two
     * @param activation between layers
     * @param lastWeight initialiser of the last weight
     * @param lastBias initialiser of the last bias
     * @return the network
     */
    public static Mlp of(
            ParamScope at, int[] sizes, Activation activation, Initializer lastWeight, Initializer lastBias) {
        if (sizes.length < 2) {
            throw new ShapeException("mlp(sizes=" + Arrays.toString(sizes) + "): needs an input and an output width");
        }
        List<Linear> layers = new ArrayList<>();
        for (int i = 0; i + 1 < sizes.length; i++) {
            boolean last = i + 2 == sizes.length;
            layers.add(Linear.of(
                    at.at(i),
                    sizes[i],
                    sizes[i + 1],
                    last ? lastWeight : activation.initializer(),
                    last ? lastBias : Initializer.zeros()));
        }
        return new Mlp(layers, activation, false);
    }

    /**
     * A residual network: linear to the width, then blocks h + W2 f(W1 f(h)), then linear to the output. The second weight
     * of each block starts a tenth as large as usual, so that blocks start near the identity.
     *
     * @param at where parameters go
     * @param in input width
     * @param width width of the blocks
     * @param blocks number of blocks
     * @param out output width
     * @param activation f
     * @param lastWeight initialiser of the last weight
     * @return the network
     */
    public static Mlp residual(
            ParamScope at, int in, int width, int blocks, int out, Activation activation, Initializer lastWeight) {
        List<Linear> layers = new ArrayList<>();
        Initializer usual = activation.initializer();
        Initializer small = (key, dtype, shape, fans) ->
                usual.value(key, dtype, shape, fans).mul(0.1);
        layers.add(Linear.of(at.at("in"), in, width));
        for (int i = 0; i < blocks; i++) {
            layers.add(Linear.of(at.at("block" + i).at(0), width, width, usual, Initializer.zeros()));
            layers.add(Linear.of(at.at("block" + i).at(1), width, width, small, Initializer.zeros()));
        }
        layers.add(Linear.of(at.at("out"), width, out, lastWeight, Initializer.zeros()));
        return new Mlp(layers, activation, true);
    }

    /**
     * The network.
     *
     * @param p weights
     * @param x [.., in]
     * @return [.., out]
     */
    @Override
    public Tensor apply(Weights p, Tensor x) {
        int last = layers.size() - 1;
        Tensor h = x;
        if (residual) {
            h = layers.get(0).apply(p, h);
            for (int i = 1; i < last; i += 2) {
                Tensor f = layers.get(i).apply(p, activation.apply(h));
                h = h.add(layers.get(i + 1).apply(p, activation.apply(f)));
            }
            return layers.get(last).apply(p, h);
        }
        for (int i = 0; i < last; i++) {
            h = activation.apply(layers.get(i).apply(p, h));
        }
        return layers.get(last).apply(p, h);
    }

    /**
     * Input width.
     *
     * @return size of the last axis of x
     */
    public int in() {
        return layers.get(0).in();
    }

    /**
     * Output width.
     *
     * @return size of the last axis of the result
     */
    public int out() {
        return layers.get(layers.size() - 1).out();
    }

    @Override
    public String toString() {
        return (residual ? "residual mlp " : "mlp ") + activation + " " + layers;
    }
}
