package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.math.SpecialFunctions;
import org.jspecify.annotations.Nullable;

/** Elementwise functions of one tensor and constants fixed when the formula is written. */
public sealed interface ParamUnary extends ElementwiseOp {
    /**
     * Gradient rule of the one operand.
     *
     * @param x the operand
     * @param y the result
     * @param dy cotangent of the result
     * @return cotangent of the operand, null if there is none
     */
    @Nullable
    Tensor dx(Tensor x, Tensor y, Tensor dy);

    @Override
    default int arity() {
        return 1;
    }

    @Override
    default DType resultType(Tensor[] operands) {
        return ElementwiseOp.sameFloat(this, operands, 0);
    }

    @Override
    default @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        Tensor dy = cotangents[0];
        return new Tensor[] {dy == null ? null : dx(node.operand(0), node.result(0), dy)};
    }

    /**
     * x for x &gt; 0, slope x otherwise.
     *
     * @param slope factor on the negative side
     */
    record LeakyRelu(double slope) implements ParamUnary {
        @Override
        public String name() {
            return "leakyRelu:" + slope;
        }

        @Override
        public double apply(double a, double b, double c) {
            return a > 0 ? a : slope * a;
        }

        @Override
        public Tensor dx(Tensor x, Tensor y, Tensor dy) {
            return Tensors.where(x.gt(0), dy, dy.mul(slope));
        }
    }

    /**
     * x for x &gt; 0, alpha (e^x - 1) otherwise.
     *
     * @param alpha limit on the negative side
     */
    record Elu(double alpha) implements ParamUnary {
        @Override
        public String name() {
            return "elu:" + alpha;
        }

        @Override
        public double apply(double a, double b, double c) {
            return a > 0 ? a : alpha * Math.expm1(a);
        }

        @Override
        public Tensor dx(Tensor x, Tensor y, Tensor dy) {
            // of the result: alpha e^x = y + alpha on the negative side, and the branch not taken cannot overflow
            return Tensors.where(x.gt(0), dy, dy.mul(y.add(alpha)));
        }
    }

    /**
     * x limited to [low, high]; gradient 1 inside and on the border, 0 outside. NaN stays NaN.
     *
     * @param low lower limit
     * @param high upper limit
     */
    record Clamp(double low, double high) implements ParamUnary {
        @Override
        public String name() {
            return "clamp:" + low + ":" + high;
        }

        @Override
        public double apply(double a, double b, double c) {
            return Math.min(Math.max(a, low), high);
        }

        @Override
        public Tensor dx(Tensor x, Tensor y, Tensor dy) {
            return Tensors.where(x.ge(low).and(x.le(high)), dy, 0);
        }

        @Override
        public double ulps() {
            return 1;
        }
    }

    /**
     * Derivative n+1 of log gamma; digamma for n = 0.
     *
     * @param n order, 0 or more
     */
    record Polygamma(int n) implements ParamUnary {
        /** Refuses negative orders. */
        public Polygamma {
            if (n < 0) {
                throw new IllegalArgumentException("polygamma(n=" + n + "): negative order");
            }
        }

        @Override
        public String name() {
            return "polygamma:" + n;
        }

        @Override
        public double apply(double a, double b, double c) {
            return SpecialFunctions.polygamma(n, a);
        }

        @Override
        public Tensor dx(Tensor x, Tensor y, Tensor dy) {
            return dy.mul(x.polygamma(n + 1));
        }

        @Override
        public double ulps() {
            return 64;
        }
    }
}
