package org.amortis.dist;

import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Bijections of real numbers that act on each element. Log determinants are sums of logarithms that do not cancel: they
 * are finite wherever the variable is, also where the value has rounded to the border of its range.
 */
public final class Elementwise {
    private Elementwise() {}

    /**
     * x = u.
     *
     * @return bijection of the real numbers
     */
    public static Bijection identity() {
        return Plain.IDENTITY;
    }

    /**
     * x = e^u.
     *
     * @return bijection onto the positive numbers
     */
    public static Bijection exp() {
        return Plain.EXP;
    }

    /**
     * x = log(1 + e^u).
     *
     * @return bijection onto the positive numbers
     */
    public static Bijection softplus() {
        return Plain.SOFTPLUS;
    }

    /**
     * x = 1 / (1 + e^-u).
     *
     * @return bijection onto (0, 1)
     */
    public static Bijection sigmoid() {
        return Plain.SIGMOID;
    }

    /**
     * x = tanh(u).
     *
     * @return bijection onto (-1, 1)
     */
    public static Bijection tanh() {
        return Plain.TANH;
    }

    /**
     * x = shift + scale u.
     *
     * @param shift shift, broadcast against values
     * @param scale scale, not 0, broadcast against values
     * @return bijection of the real numbers
     */
    public static Bijection affine(Tensor shift, Tensor scale) {
        return new Affine(shift, scale, scale.abs().log());
    }

    /**
     * x = shift + scale u.
     *
     * @param shift shift
     * @param scale scale, not 0
     * @return bijection of the real numbers
     * @throws PlanException if the scale is 0 or not finite
     */
    public static Bijection affine(double shift, double scale) {
        if (scale == 0 || !Double.isFinite(scale) || !Double.isFinite(shift)) {
            throw new PlanException("affine(shift=" + shift + ", scale=" + scale + "): no bijection");
        }
        return new Affine(Ends.scalar(shift), Ends.scalar(scale), Ends.scalar(Math.log(Math.abs(scale))));
    }

    /**
     * x = shift + e^logScale u; what a network puts out.
     *
     * @param shift shift, broadcast against values
     * @param logScale logarithm of the scale, broadcast against values
     * @return bijection of the real numbers
     */
    public static Bijection affineByLog(Tensor shift, Tensor logScale) {
        return new Affine(shift, logScale.exp(), logScale);
    }

    /**
     * x = u^p.
     *
     * @param p power, not 0
     * @return bijection of the positive numbers
     * @throws PlanException if the power is 0 or not finite
     */
    public static Bijection power(double p) {
        if (p == 0 || !Double.isFinite(p)) {
            throw new PlanException("power(p=" + p + "): no bijection");
        }
        return new Power(p);
    }

    /**
     * x = logit(margin + (1 - 2 margin) u): pixels in [0, 1] to real numbers, with a margin that keeps 0 and 1 finite.
     *
     * @param margin at least 0 and below 1/2; 0 gives the plain logit of (0, 1)
     * @return bijection of [0, 1] onto an interval around 0
     * @throws PlanException if the margin is out of range
     */
    public static Bijection logit(double margin) {
        if (!(margin >= 0 && margin < 0.5)) {
            throw new PlanException("logit(margin=" + margin + "): not in [0, 0.5)");
        }
        return new Logit(margin);
    }

    /**
     * Hyperbolic tangent up to a limit and its tangent line beyond, so that the inverse exists everywhere.
     *
     * @param limit where the line begins, positive; beyond 5 the inverse near it has lost most digits of float32
     * @return bijection of the real numbers
     * @throws PlanException if the limit is not positive or above 9, where the tangent is 1 in float32
     */
    public static Bijection leakyTanh(double limit) {
        if (!(limit > 0 && limit <= 9)) {
            throw new PlanException("leakyTanh(limit=" + limit + "): not in (0, 9]");
        }
        return new LeakyTanh(limit);
    }

    /**
     * x = u / (1 + |u| / bound).
     *
     * @param bound positive
     * @return bijection onto (-bound, bound)
     * @throws PlanException if the bound is not positive and finite
     */
    public static Bijection softClip(double bound) {
        if (!(bound > 0 && bound < Double.POSITIVE_INFINITY)) {
            throw new PlanException("softClip(bound=" + bound + "): not positive and finite");
        }
        return new SoftClip(bound);
    }

    /** log(1 - tanh(u)^2) = 2 (log 2 - u - softplus(-2 u)). */
    static Tensor logTanhSlope(Tensor u) {
        return u.add(u.mul(-2).softplus()).rsub(Math.log(2)).mul(2);
    }

    private static Tensor atanh(Tensor x) {
        return x.log1p().sub(x.neg().log1p()).mul(0.5);
    }

    /** What all of them share. */
    private sealed interface Scalar extends Bijection, KnownImage {
        @Override
        default Shape inputShape() {
            return Shape.SCALAR;
        }

        @Override
        default Bijection stopGradient() {
            return this;
        }

        @Override
        default @Nullable Support imageOf(Support base) {
            return null;
        }
    }

    /** Those without parameters. */
    private enum Plain implements Scalar {
        IDENTITY,
        EXP,
        SOFTPLUS,
        SIGMOID,
        TANH;

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            return switch (this) {
                case IDENTITY -> new Mapped(u, Tensors.zeros(u.dtype(), u.shape()));
                case EXP -> new Mapped(u.exp(), u);
                case SOFTPLUS -> new Mapped(u.softplus(), u.logSigmoid());
                case SIGMOID ->
                    new Mapped(u.sigmoid(), u.logSigmoid().add(u.neg().logSigmoid()));
                case TANH -> new Mapped(u.tanh(), logTanhSlope(u));
            };
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            return switch (this) {
                case IDENTITY -> new Mapped(x, Tensors.zeros(x.dtype(), x.shape()));
                case EXP -> {
                    Tensor u = x.log();
                    yield new Mapped(u, u.neg());
                }
                case SOFTPLUS -> {
                    // log(e^x - 1) = x + log(1 - e^-x)
                    Tensor rest = x.neg().expm1().neg().log();
                    yield new Mapped(x.add(rest), rest.neg());
                }
                case SIGMOID -> {
                    Tensor up = x.log();
                    Tensor down = x.neg().log1p();
                    yield new Mapped(up.sub(down), up.add(down).neg());
                }
                case TANH -> {
                    Tensor up = x.log1p();
                    Tensor down = x.neg().log1p();
                    yield new Mapped(up.sub(down).mul(0.5), up.add(down).neg());
                }
            };
        }

        @Override
        public @Nullable Support imageOf(Support base) {
            if (this == IDENTITY) {
                return base;
            }
            if (!base.equals(Support.real())) {
                return null;
            }
            return switch (this) {
                case IDENTITY -> base;
                case EXP, SOFTPLUS -> Support.positive();
                case SIGMOID -> Support.unitInterval();
                case TANH -> Support.interval(-1, 1);
            };
        }
    }

    private record Affine(Tensor shift, Tensor scale, Tensor logScale) implements Scalar {
        Affine {
            if (Shape.broadcastOrNull(shift.shape(), scale.shape()) == null) {
                throw new ShapeException("affine(shift=" + shift.describe() + ", scale=" + scale.describe()
                        + "): parameters do not broadcast");
            }
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Tensor x = u.mul(scale.cast(u.dtype())).add(shift.cast(u.dtype()));
            return new Mapped(x, logScale.cast(u.dtype()).broadcastTo(x.shape()));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Tensor u = x.sub(shift.cast(x.dtype())).div(scale.cast(x.dtype()));
            return new Mapped(u, logScale.cast(x.dtype()).neg().broadcastTo(u.shape()));
        }

        @Override
        public Bijection stopGradient() {
            return new Affine(shift.stopGradient(), scale.stopGradient(), logScale.stopGradient());
        }

        @Override
        public @Nullable Support imageOf(Support base) {
            return base.equals(Support.real()) ? base : null;
        }

        @Override
        public String toString() {
            return "affine(" + shift.shape() + ", " + scale.shape() + ")";
        }
    }

    private record Power(double p) implements Scalar {
        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            return new Mapped(u.pow(p), u.log().mul(p - 1).add(Math.log(Math.abs(p))));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            double q = 1 / p;
            return new Mapped(x.pow(q), x.log().mul(q - 1).add(Math.log(Math.abs(q))));
        }

        @Override
        public @Nullable Support imageOf(Support base) {
            return base.equals(Support.positive()) ? base : null;
        }
    }

    private record Logit(double margin) implements Scalar {
        private double logWidth() {
            return Math.log1p(-2 * margin);
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            double width = 1 - 2 * margin;
            Tensor up = u.mul(width).add(margin).log();
            // 1 - p as margin + width (1 - u): with margin 0 it is not 1 - p rounded
            Tensor down = u.rsub(1).mul(width).add(margin).log();
            return new Mapped(up.sub(down), up.add(down).rsub(logWidth()));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Tensor u = x.sigmoid().sub(margin).mul(1 / (1 - 2 * margin));
            return new Mapped(u, x.logSigmoid().add(x.neg().logSigmoid()).sub(logWidth()));
        }

        @Override
        public @Nullable Support imageOf(Support base) {
            if (!base.equals(Support.unitInterval())) {
                return null;
            }
            double end = Math.log1p(-margin) - Math.log(margin);
            return Support.interval(-end, end);
        }
    }

    private record LeakyTanh(double limit) implements Scalar {
        /** 1 - tanh(limit)^2 = 1 / cosh(limit)^2. */
        private double slope() {
            double c = Math.cosh(limit);
            return 1 / (c * c);
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Tensor inner = u.clamp(-limit, limit);
            Tensor x = inner.tanh().add(u.sub(inner).mul(slope()));
            return new Mapped(x, logTanhSlope(inner));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            double end = Math.tanh(limit);
            Tensor beyond = x.abs().ge(end);
            Tensor inner = Tensors.where(beyond, Tensors.scalarLike(x, 0), x);
            // the line in the variable u, from its own start
            Tensor line =
                    x.sub(x.clamp(-end, end)).mul(1 / slope()).add(x.sign().mul(limit));
            Tensor det = inner.square().neg().log1p().neg();
            return new Mapped(
                    Tensors.where(beyond, line, atanh(inner)),
                    Tensors.where(beyond, det.mul(0).sub(Math.log(slope())), det));
        }

        @Override
        public @Nullable Support imageOf(Support base) {
            return base.equals(Support.real()) ? base : null;
        }
    }

    private record SoftClip(double bound) implements Scalar {
        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Tensor grown = u.abs().mul(1 / bound);
            return new Mapped(u.div(grown.add(1)), grown.log1p().mul(-2));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Tensor part = x.abs().mul(1 / bound);
            return new Mapped(x.div(part.rsub(1)), part.neg().log1p().mul(-2));
        }

        @Override
        public @Nullable Support imageOf(Support base) {
            return base.equals(Support.real()) ? Support.interval(-bound, bound) : null;
        }
    }
}
