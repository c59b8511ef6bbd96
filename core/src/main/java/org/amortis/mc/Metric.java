package org.amortis.mc;

import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * The inverse mass, S = L L', about the covariance of the target. Momenta are kept whitened, p = L'r: then they are drawn
 * from the standard normal, the kinetic energy is |p|^2 / 2, and the scalar products of a turning criterion need no mass.
 */
public final class Metric {
    /** What L is. */
    public enum Kind {
        /** The unit matrix. */
        UNIT,
        /** A diagonal [d]. */
        DIAGONAL,
        /** A lower triangle [d, d]. */
        DENSE;

        /**
         * The shape of L.
         *
         * @param d dimension
         * @return [0] for the unit matrix
         */
        public Shape shape(int d) {
            return switch (this) {
                case UNIT -> Shape.of(0);
                case DIAGONAL -> Shape.of(d);
                case DENSE -> Shape.of(d, d);
            };
        }
    }

    private static final Metric IDENTITY = new Metric(Kind.UNIT, null);

    private final Kind kind;
    private final @Nullable Tensor scale;

    private Metric(Kind kind, @Nullable Tensor scale) {
        this.kind = kind;
        this.scale = scale;
    }

    /**
     * The unit matrix.
     *
     * @return L = 1
     */
    public static Metric unit() {
        return IDENTITY;
    }

    /**
     * A metric from its factor.
     *
     * @param kind what the factor is
     * @param scale [d] standard deviations or [d, d] a lower triangle; not read for the unit matrix
     * @return the metric
     */
    public static Metric of(Kind kind, Tensor scale) {
        int rank = kind == Kind.DENSE ? 2 : 1;
        if (kind != Kind.UNIT
                && (scale.shape().rank() != rank
                        || scale.shape().dim(0) != scale.shape().dim(-1))) {
            throw new ShapeException("metric(kind=" + kind + ", scale=" + scale.describe() + "): needs "
                    + (rank == 2 ? "[d, d]" : "[d]"));
        }
        return kind == Kind.UNIT ? IDENTITY : new Metric(kind, scale);
    }

    /** The velocity L p of whitened momenta [.., d]. */
    Tensor velocity(Tensor p) {
        return switch (kind) {
            case UNIT -> p;
            case DIAGONAL -> p.mul(scale());
            case DENSE -> rows(p, true);
        };
    }

    /** The force on whitened momenta, L'g, of gradients [.., d]. */
    Tensor force(Tensor g) {
        return switch (kind) {
            case UNIT -> g;
            case DIAGONAL -> g.mul(scale());
            case DENSE -> rows(g, false);
        };
    }

    private Tensor rows(Tensor x, boolean transposed) {
        Shape s = x.shape();
        int d = s.dim(-1);
        Tensor flat = x.reshape(Shape.of(s.size() / Math.max(1, d), d));
        return Tensors.matmul(flat, scale(), false, transposed).reshape(s);
    }

    private Tensor scale() {
        if (scale == null) {
            throw new PlanException("metric: the unit matrix has no factor");
        }
        return scale;
    }
}
