package org.amortis.flow;

import org.amortis.array.ShapeException;
import org.amortis.nn.Activation;
import org.amortis.nn.Dropout;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What the network of a coupling layer looks like. Its inputs and outputs follow from the flow; its last layer starts at
 * zero, so that the flow starts at the identity.
 *
 * @param width units of the hidden layers
 * @param depth hidden layers, or residual blocks of two layers each
 * @param activation between layers
 * @param residual whether blocks add to their input
 * @param dropout units that {@link Flow#training} drops: of every hidden layer, or between the layers of each block
 */
public record Net(int width, int depth, Activation activation, boolean residual, Dropout dropout) {
    /**
     * A network.
     *
     * @throws ShapeException if a size is not positive
     */
    public Net {
        if (width < 1 || depth < 1) {
            throw new ShapeException("net(width=" + width + ", depth=" + depth + "): sizes are 1 or more");
        }
    }

    /**
     * A network that drops nothing.
     *
     * @param width units of the hidden layers
     * @param depth hidden layers, or residual blocks of two layers each
     * @param activation between layers
     * @param residual whether blocks add to their input
     * @throws ShapeException if a size is not positive
     */
    public Net(int width, int depth, Activation activation, boolean residual) {
        this(width, depth, activation, residual, new Dropout(0));
    }

    /**
     * Hidden layers one after the other, rectified.
     *
     * @param width units of each
     * @param layers how many
     * @return network
     */
    public static Net plain(int width, int layers) {
        return new Net(width, layers, Activation.RELU, false);
    }

    /**
     * Residual blocks of two rectified layers each.
     *
     * @param width units of each layer
     * @param blocks how many
     * @return network
     */
    public static Net residual(int width, int blocks) {
        return new Net(width, blocks, Activation.RELU, true);
    }

    /**
     * The same with another activation.
     *
     * @param other activation
     * @return network
     */
    public Net with(Activation other) {
        return new Net(width, depth, other, residual, dropout);
    }

    /**
     * The same with dropout in training: for few data.
     *
     * @param rate probability with which a unit is dropped, in [0, 1)
     * @return network
     */
    public Net dropping(double rate) {
        return new Net(width, depth, activation, residual, new Dropout(rate));
    }

    /** Units of a layer, some dropped if there is a key. */
    Tensor dropped(Tensor units, @Nullable Key key, int layer) {
        return key == null ? units : dropout.apply(units, key.fold(layer), true);
    }
}
