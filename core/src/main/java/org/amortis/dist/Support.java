package org.amortis.dist;

import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * The values that a distribution gives a density or a probability: a test for them and, where they are continuous, a map
 * onto them from free real numbers, which is what samplers, local fits and constrained parameters work in. NaN and
 * infinity are in no support.
 */
public sealed interface Support {
    /**
     * Axes of one value that are judged together.
     *
     * @return shape; [] if each element is judged alone
     */
    Shape eventShape();

    /**
     * Whether values are integers.
     *
     * @return true if there is no map from real numbers
     */
    default boolean discrete() {
        return false;
    }

    /**
     * Tests values.
     *
     * @param x values [.., event]
     * @return BOOL [..]
     */
    Tensor contains(Tensor x);

    /**
     * Tests values for having finite free coordinates: those on the border have none.
     *
     * @param x values [.., event]
     * @return BOOL [..]
     */
    default Tensor interior(Tensor x) {
        return contains(x);
    }

    /**
     * A map from free real numbers onto the support, up to its border: identity, softplus, sigmoid, their shifted and
     * scaled forms, softmax with one logit 0, the exponential on the diagonal of a factor, hyperbolic tangents of partial
     * correlations. Log determinants are formed from logarithms and stay finite where values have rounded to the border.
     * For arrays with structure (simplex, factors, covariances) the determinant is that of the free coordinates of a
     * value: all elements of a probability vector but the last, the triangle of a matrix.
     *
     * @return bijection; its output shape is {@link #eventShape}
     * @throws PlanException if the support is discrete
     */
    Bijection unconstraining();

    /**
     * All real numbers.
     *
     * @return the support
     */
    static Support real() {
        return Line.REAL;
    }

    /**
     * Real numbers above 0.
     *
     * @return the support
     */
    static Support positive() {
        return Line.POSITIVE;
    }

    /**
     * Real numbers from 0 on.
     *
     * @return the support
     */
    static Support nonNegative() {
        return Line.NON_NEGATIVE;
    }

    /**
     * Real numbers in [0, 1].
     *
     * @return the support
     */
    static Support unitInterval() {
        return Line.UNIT_INTERVAL;
    }

    /**
     * 0, 1, 2 and so on.
     *
     * @return the support
     */
    static Support counts() {
        return integers(0, Double.POSITIVE_INFINITY);
    }

    /**
     * Real numbers from one end to another.
     *
     * @param low lower end, may be minus infinity
     * @param high upper end, above the lower; may be infinity
     * @return the support
     * @throws PlanException if there is nothing between the ends
     */
    static Support interval(double low, double high) {
        if (!(low < high)) {
            throw new PlanException("interval(low=" + low + ", high=" + high + "): empty");
        }
        if (Double.isInfinite(low) && Double.isInfinite(high)) {
            return Line.REAL;
        }
        return interval(Ends.scalar(low), Ends.scalar(high));
    }

    /**
     * Real numbers from one end to another, an interval for each element.
     *
     * @param low lower ends, may be minus infinity
     * @param high upper ends, above the lower; may be infinity
     * @return the support
     */
    static Support interval(Tensor low, Tensor high) {
        return new Interval(low, high);
    }

    /**
     * Integers from one end to another, both included.
     *
     * @param low smallest
     * @param high largest, may be infinity
     * @return the support
     * @throws PlanException if there is nothing between the ends
     */
    static Support integers(double low, double high) {
        if (!(low <= high)) {
            throw new PlanException("integers(low=" + low + ", high=" + high + "): empty");
        }
        return integers(Ends.scalar(low), Ends.scalar(high));
    }

    /**
     * Integers from one end to another, both included, a range for each element.
     *
     * @param low smallest
     * @param high largest, may be infinity
     * @return the support
     */
    static Support integers(Tensor low, Tensor high) {
        return new Integers(low, high);
    }

    /**
     * Arrays whose parts along leading axes lie in a support.
     *
     * @param base support of one part
     * @param axes sizes of the leading axes
     * @return the support of the arrays; the base itself if there are no axes
     */
    static Support each(Support base, Shape axes) {
        return axes.rank() == 0 ? base : new Each(base, axes);
    }

    /**
     * Arrays of real numbers.
     *
     * @param event their shape
     * @return the support
     */
    static Support reals(Shape event) {
        return each(Line.REAL, event);
    }

    /**
     * Vectors of probabilities: not negative, of sum 1.
     *
     * @param size number of elements, 1 or more
     * @return the support, of events [size]
     */
    static Support simplex(int size) {
        return new Simplex(size);
    }

    /**
     * Vectors of counts of a given sum.
     *
     * @param size number of elements
     * @param total their sum, I32 or whole numbers, broadcast against vectors
     * @return the support, of events [size]
     */
    static Support counts(int size, Tensor total) {
        return new Counted(size, total);
    }

    /**
     * Lower triangular matrices with positive diagonal.
     *
     * @param size rows and columns
     * @return the support, of events [size, size]
     */
    static Support choleskyFactors(int size) {
        return new CholeskyFactors(size);
    }

    /**
     * Factors of correlation matrices: lower triangular with positive diagonal and rows of norm 1.
     *
     * @param size rows and columns, 1 or more
     * @return the support, of events [size, size]
     */
    static Support correlationFactors(int size) {
        return new CorrelationFactors(size);
    }

    /**
     * Symmetric positive definite matrices.
     *
     * @param size rows and columns
     * @return the support, of events [size, size]
     */
    static Support positiveDefinite(int size) {
        return new PositiveDefinite(size);
    }

    /**
     * What a bijection makes of a support. Where the bijection is known to reach all of a simpler support, it is that one.
     *
     * @param base support of the base variable
     * @param map bijection
     * @return the support of the mapped values
     */
    static Support image(Support base, Bijection map) {
        return Ends.image(base, map);
    }

    /** Parts of the real line that need no parameters. */
    enum Line implements Support {
        /** All. */
        REAL,
        /** Above 0. */
        POSITIVE,
        /** From 0 on. */
        NON_NEGATIVE,
        /** From 0 to 1. */
        UNIT_INTERVAL;

        @Override
        public Shape eventShape() {
            return Shape.SCALAR;
        }

        @Override
        public Tensor contains(Tensor x) {
            Tensor finite = x.abs().lt(Double.POSITIVE_INFINITY);
            return switch (this) {
                case REAL -> finite;
                case POSITIVE -> x.gt(0).and(finite);
                case NON_NEGATIVE -> x.ge(0).and(finite);
                case UNIT_INTERVAL -> x.ge(0).and(x.le(1));
            };
        }

        @Override
        public Tensor interior(Tensor x) {
            return switch (this) {
                case REAL -> contains(x);
                case POSITIVE, NON_NEGATIVE -> POSITIVE.contains(x);
                case UNIT_INTERVAL -> x.gt(0).and(x.lt(1));
            };
        }

        @Override
        public Bijection unconstraining() {
            return switch (this) {
                case REAL -> Elementwise.identity();
                case POSITIVE, NON_NEGATIVE -> Elementwise.softplus();
                case UNIT_INTERVAL -> Elementwise.sigmoid();
            };
        }
    }

    /**
     * Real numbers from one end to another.
     *
     * @param low lower ends, broadcast against values and converted to their type
     * @param high upper ends, broadcast against values and converted to their type
     */
    record Interval(Tensor low, Tensor high) implements Support {
        @Override
        public Shape eventShape() {
            return Shape.SCALAR;
        }

        @Override
        public Tensor contains(Tensor x) {
            Tensor finite = x.abs().lt(Double.POSITIVE_INFINITY);
            return x.ge(low.cast(x.dtype())).and(x.le(high.cast(x.dtype()))).and(finite);
        }

        @Override
        public Tensor interior(Tensor x) {
            Tensor finite = x.abs().lt(Double.POSITIVE_INFINITY);
            return x.gt(low.cast(x.dtype())).and(x.lt(high.cast(x.dtype()))).and(finite);
        }

        @Override
        public Bijection unconstraining() {
            return new IntervalBijection(low, high);
        }
    }

    /**
     * Integers from one end to another.
     *
     * @param low smallest, broadcast against values
     * @param high largest, broadcast against values
     */
    record Integers(Tensor low, Tensor high) implements Support {
        @Override
        public Shape eventShape() {
            return Shape.SCALAR;
        }

        @Override
        public boolean discrete() {
            return true;
        }

        @Override
        public Tensor contains(Tensor x) {
            if (x.dtype().isFloat()) {
                Tensor whole = x.floor().eq(x).and(x.abs().lt(Double.POSITIVE_INFINITY));
                return whole.and(x.ge(low.cast(x.dtype()))).and(x.le(high.cast(x.dtype())));
            }
            return x.cast(low.dtype()).ge(low).and(x.cast(high.dtype()).le(high));
        }

        @Override
        public Bijection unconstraining() {
            throw new PlanException(
                    "unconstraining(integers): no map from real numbers; sum over the values instead, or"
                            + " sample them by other means");
        }
    }

    /**
     * Arrays whose parts lie in a support.
     *
     * @param base support of one part
     * @param axes sizes of the leading axes
     */
    record Each(Support base, Shape axes) implements Support {
        @Override
        public Shape eventShape() {
            return axes.concat(base.eventShape());
        }

        @Override
        public boolean discrete() {
            return base.discrete();
        }

        @Override
        public Tensor contains(Tensor x) {
            return base.contains(x).all(Ends.last(axes.rank()));
        }

        @Override
        public Tensor interior(Tensor x) {
            return base.interior(x).all(Ends.last(axes.rank()));
        }

        @Override
        public Bijection unconstraining() {
            return new EventBijection(base.unconstraining(), axes);
        }
    }

    /**
     * Vectors of probabilities. Their sum may differ from 1 by what rounding n terms leaves.
     *
     * @param size number of elements
     */
    record Simplex(int size) implements Support {
        /** Refuses an empty vector. */
        public Simplex {
            if (size < 1) {
                throw new ShapeException("simplex(size=" + size + "): needs an element");
            }
        }

        @Override
        public Shape eventShape() {
            return Shape.of(size);
        }

        @Override
        public Tensor contains(Tensor x) {
            double slack = Math.max(32, 4.0 * size) * Ends.unit(x);
            return x.ge(0).all(-1).and(x.sum(-1).sub(1).abs().le(slack));
        }

        @Override
        public Tensor interior(Tensor x) {
            return contains(x).and(x.gt(0).all(-1));
        }

        @Override
        public Bijection unconstraining() {
            return new SimplexBijection(size);
        }
    }

    /**
     * Vectors of counts of a given sum.
     *
     * @param size number of elements
     * @param total their sum, broadcast against vectors
     */
    record Counted(int size, Tensor total) implements Support {
        @Override
        public Shape eventShape() {
            return Shape.of(size);
        }

        @Override
        public boolean discrete() {
            return true;
        }

        @Override
        public Tensor contains(Tensor x) {
            Tensor sum = x.sum(-1);
            return Support.counts().contains(x).all(-1).and(sum.eq(total.cast(sum.dtype())));
        }

        @Override
        public Bijection unconstraining() {
            throw new PlanException(
                    "unconstraining(counts): no map from real numbers; sample the values by other means");
        }
    }

    /**
     * Lower triangular matrices with positive diagonal.
     *
     * @param size rows and columns
     */
    record CholeskyFactors(int size) implements Support {
        @Override
        public Shape eventShape() {
            return Shape.of(size, size);
        }

        @Override
        public Tensor contains(Tensor x) {
            Tensor finite = x.abs().lt(Double.POSITIVE_INFINITY).all(-1, -2);
            Tensor lower = LinearAlgebra.triu(x, 1).eq(0).all(-1, -2);
            return finite.and(lower).and(LinearAlgebra.diagonal(x).gt(0).all(-1));
        }

        @Override
        public Bijection unconstraining() {
            return new MatrixBijection.Factor(size);
        }
    }

    /**
     * Lower triangular matrices with positive diagonal and rows of norm 1, up to rounding.
     *
     * @param size rows and columns
     */
    record CorrelationFactors(int size) implements Support {
        /** Refuses an empty matrix. */
        public CorrelationFactors {
            if (size < 1) {
                throw new ShapeException("correlationFactors(size=" + size + "): needs a row");
            }
        }

        @Override
        public Shape eventShape() {
            return Shape.of(size, size);
        }

        @Override
        public Tensor contains(Tensor x) {
            double slack = Math.max(32, 4.0 * size) * Ends.unit(x);
            Tensor norms = x.square().sum(-1).sub(1).abs().le(slack).all(-1);
            return new CholeskyFactors(size).contains(x).and(norms);
        }

        @Override
        public Bijection unconstraining() {
            return new MatrixBijection.Correlation(size);
        }
    }

    /**
     * Symmetric positive definite matrices; symmetric up to rounding.
     *
     * @param size rows and columns
     */
    record PositiveDefinite(int size) implements Support {
        @Override
        public Shape eventShape() {
            return Shape.of(size, size);
        }

        @Override
        public Tensor contains(Tensor x) {
            Tensor pivots = LinearAlgebra.diagonal(LinearAlgebra.cholesky(x));
            Tensor positive = Line.POSITIVE.contains(pivots).all(-1);
            Tensor diagonal = LinearAlgebra.diagonal(x).abs();
            Tensor scale = LinearAlgebra.outer(diagonal.sqrt(), diagonal.sqrt());
            Tensor gap = x.sub(x.transpose()).abs();
            return positive.and(gap.le(scale.mul(32 * Ends.unit(x))).all(-1, -2));
        }

        @Override
        public Bijection unconstraining() {
            return new MatrixBijection.Covariance(size);
        }
    }

    /**
     * What a bijection makes of a support.
     *
     * @param base support of the base variable
     * @param map bijection of events of that shape
     */
    record Image(Support base, Bijection map) implements Support {
        @Override
        public Shape eventShape() {
            return map.outputShape();
        }

        @Override
        public Tensor contains(Tensor x) {
            return base.contains(map.inverse(x));
        }

        @Override
        public Tensor interior(Tensor x) {
            return base.interior(map.inverse(x));
        }

        @Override
        public Bijection unconstraining() {
            return base.unconstraining().then(map);
        }
    }

    /**
     * A value inside, such as masks put in the place of one outside.
     *
     * @param like tensor whose element type it takes
     * @return [event], broadcast over ends of intervals
     */
    default Tensor inner(Tensor like) {
        Bijection b = unconstraining();
        return b.forward(Tensors.zeros(like.dtype(), b.inputShape()));
    }
}
