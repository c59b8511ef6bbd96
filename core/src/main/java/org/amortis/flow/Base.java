package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.dist.Independent;
import org.amortis.dist.Mixture;
import org.amortis.dist.Normal;
import org.amortis.dist.StudentT;
import org.amortis.dist.Uniform;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;

/**
 * The density that a flow starts from, with learned parameters or without, for a batch of any shape. Splines and affine
 * flows keep the tails of their base: heavy-tailed data need a heavy-tailed base. A base that depends on the context is a
 * fixed one with {@link Coupling#elementwise} of an affine transformer as the first layer of the flow.
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
     * Student's t for each element, with tails that an affine or spline flow keeps.
     *
     * @param df degrees of freedom
     * @param size elements of the vector
     * @return base of location 0 and scale 1
     */
    static Base studentT(double df, int size) {
        return of("student-t", Shape.of(size), (p, shape) -> Independent.of(StudentT.of(df, 0, 1, p.dtype(), shape)));
    }

    /**
     * Student's t with learned degrees of freedom, location and scale of each element. Degrees of freedom are
     * 1 + softplus, so that a mean exists, and start at 10.
     *
     * @param at where "df", "location" and "logScale" go
     * @param size elements of the vector
     * @return base
     */
    static Base learnedStudentT(ParamScope at, int size) {
        Initializer ten = Initializer.constant(Math.log(Math.expm1(9)));
        String df = at.declare("df", Shape.of(size), ten);
        String location = at.declare("location", Shape.of(size), Initializer.zeros());
        String logScale = at.declare("logScale", Shape.of(size), Initializer.zeros());
        return of(
                "learned student-t",
                Shape.of(size),
                (p, shape) -> Independent.of(StudentT.ofLogScale(
                        p.get(df).softplus().add(1).broadcastTo(shape),
                        p.get(location).broadcastTo(shape),
                        p.get(logScale).broadcastTo(shape))));
    }

    /**
     * A mixture of normals with learned weights, means and standard deviations. Means start at random, since equal
     * components would stay equal. Draws are not reparameterised.
     *
     * @param at where "logits", "mean" and "logStd" go
     * @param components how many
     * @param size elements of the vector
     * @return base
     */
    static Base mixture(ParamScope at, int components, int size) {
        Shape each = Shape.of(components, size);
        String logits = at.declare("logits", Shape.of(components), Initializer.zeros());
        String mean = at.declare("mean", each, Initializer.normal(1));
        String logStd = at.declare("logStd", each, Initializer.zeros());
        return of("mixture", Shape.of(size), (p, shape) -> {
            Shape all = shape.insert(shape.rank() - 1, components);
            return Mixture.ofLogits(
                    p.get(logits),
                    Independent.of(Normal.ofMeanLogStd(
                            p.get(mean).broadcastTo(all), p.get(logStd).broadcastTo(all))));
        });
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
