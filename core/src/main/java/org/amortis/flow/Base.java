package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.dist.Independent;
import org.amortis.dist.Normal;
import org.amortis.dist.Uniform;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;

/**
 * The density that a flow starts from, with learned parameters or without, for a batch of any shape. Splines and affine
 * flows keep the tails of their base: heavy-tailed data need a heavy-tailed base.
 */
public interface Base {
    /**
     * Shape of one value.
     *
     * @return shape
     */
    Shape eventShape();

    /**
     * The distributions of given weights.
     *
     * @param p weights, whose element type is that of the values
     * @param batch shape of the batch
     * @return distribution of that batch shape and of the event shape
     */
    Distribution given(Weights p, Shape batch);

    /**
     * Standard normal.
     *
     * @param size elements of the vector
     * @return base
     */
    static Base normal(int size) {
        return of("normal", Shape.of(size), (p, shape) -> Independent.of(Normal.standard(p.dtype(), shape)));
    }

    /**
     * Normal with a learned mean and standard deviation of each element, standard at first.
     *
     * @param at where "mean" and "logStd" go
     * @param size elements of the vector
     * @return base
     */
    static Base learnedNormal(ParamScope at, int size) {
        String mean = at.declare("mean", Shape.of(size), Initializer.zeros());
        String logStd = at.declare("logStd", Shape.of(size), Initializer.zeros());
        return of(
                "learned normal",
                Shape.of(size),
                (p, shape) -> Independent.of(Normal.ofMeanLogStd(
                        p.get(mean).broadcastTo(shape), p.get(logStd).broadcastTo(shape))));
    }

    /**
     * Uniform on a box, for flows that map the box to itself.
     *
     * @param low lower end of every element
     * @param high upper end
     * @param size elements of the vector
     * @return base
     */
    static Base uniform(double low, double high, int size) {
        return of("uniform", Shape.of(size), (p, shape) -> Independent.of(Uniform.of(low, high, p.dtype(), shape)));
    }

    /** Makes distributions of elements [batch, event], whose last axes are the event. */
    @FunctionalInterface
    interface Factory {
        /**
         * The distributions.
         *
         * @param p weights
         * @param shape batch and event axes
         * @return distribution of vectors with the batch shape in front
         */
        Distribution of(Weights p, Shape shape);
    }

    /**
     * A base of any distribution of the library or of your own.
     *
     * @param name what messages call it
     * @param event shape of one value
     * @param factory makes the distribution of a shape [batch, event]
     * @return base
     */
    static Base of(String name, Shape event, Factory factory) {
        return new FactoryBase(name, event, factory);
    }
}
