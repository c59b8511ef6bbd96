package org.amortis.tensor;

import java.util.Locale;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/** Reductions; the reduced axes are dropped. */
public sealed interface ReduceOp extends Op {
    /** {@return the axes that disappear} */
    Axes axes();

    /**
     * Shape without the reduced axes.
     *
     * @param s shape of the operand
     * @param axes the reduced axes
     * @return the shape that is left
     */
    static Shape dropped(Shape s, Axes axes) {
        int[] d = new int[s.rank() - axes.count()];
        int n = 0;
        for (int i = 0; i < s.rank(); i++) {
            if (!axes.contains(i)) {
                d[n++] = s.dim(i);
            }
        }
        return Shape.of(d);
    }

    /**
     * Shape with the reduced axes kept as 1.
     *
     * @param s shape of the operand
     * @param axes the reduced axes
     * @return a shape of the same rank
     */
    static Shape kept(Shape s, Axes axes) {
        int[] d = s.toArray();
        for (int i = 0; i < axes.count(); i++) {
            d[axes.get(i)] = 1;
        }
        return Shape.of(d);
    }

    /** What is computed over the axes. */
    enum Kind {
        /** Sum; 0 over nothing. */
        SUM,
        /** Largest; NaN wins; refused over nothing. */
        MAX,
        /** Smallest; NaN wins; refused over nothing. */
        MIN,
        /** Any true (BOOL); false over nothing. */
        ANY,
        /** All true (BOOL); true over nothing. */
        ALL
    }

    /**
     * A reduction over axes.
     *
     * @param kind what is computed
     * @param axes axes, normalised
     */
    record Reduction(Kind kind, Axes axes) implements ReduceOp {
        @Override
        public String name() {
            return kind.name().toLowerCase(Locale.ROOT) + axes;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Tensor x = operands[0];
            boolean logical = kind == Kind.ANY || kind == Kind.ALL;
            if (logical != (x.dtype() == DType.BOOL) || x.dtype() == DType.KEY) {
                throw new DTypeException(name() + "(" + x.describe() + "): needs "
                        + (logical ? "BOOL" : "a numeric type") + Messages.at());
            }
            if (kind == Kind.MAX || kind == Kind.MIN) {
                for (int i = 0; i < axes.count(); i++) {
                    if (x.shape().dim(axes.get(i)) == 0) {
                        throw new ShapeException(name() + "(" + x.describe() + "): nothing to choose from along axis "
                                + axes.get(i) + Messages.at());
                    }
                }
            }
            return new TensorType[] {new TensorType(x.dtype(), dropped(x.shape(), axes))};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            Tensor x = node.operand(0);
            if (dy == null || !x.dtype().isFloat()) {
                return new Tensor[1];
            }
            Shape kept = kept(x.shape(), axes);
            Tensor d = dy.reshape(kept);
            return switch (kind) {
                case SUM -> new Tensor[] {d.broadcastTo(x.shape())};
                case MAX, MIN -> {
                    // ties share the cotangent evenly
                    Tensor hit = x.eq(node.result(0).reshape(kept));
                    Tensor count = hit.cast(x.dtype()).sum(axes.toArray()).reshape(kept);
                    yield new Tensor[] {Tensors.where(hit, d.div(count), 0)};
                }
                case ANY, ALL -> new Tensor[1];
            };
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            RefArray x = in[0];
            RefArray y = out[0];
            int[] s = keptStrides(x.shape(), axes);
            int n = y.shape().size();
            double init = switch (kind) {
                case SUM, ANY -> 0;
                case ALL -> 1;
                case MAX -> Double.NEGATIVE_INFINITY;
                case MIN -> Double.POSITIVE_INFINITY;
            };
            double[] acc = new double[n];
            double[] low = new double[n];
            java.util.Arrays.fill(acc, init);
            int[] pos = new int[x.shape().rank()];
            for (int i = 0; i < x.shape().size(); i++) {
                int o = 0;
                for (int a = 0; a < pos.length; a++) {
                    o += s[a] * pos[a];
                }
                double v = x.get(i);
                switch (kind) {
                    case SUM -> {
                        // Kahan: the truth should not lose digits where backends are allowed to
                        double t = acc[o] + (v - low[o]);
                        low[o] = Double.isFinite(t) ? (t - acc[o]) - (v - low[o]) : 0;
                        acc[o] = t;
                    }
                    case MAX -> acc[o] = Math.max(acc[o], v);
                    case MIN -> acc[o] = Math.min(acc[o], v);
                    case ANY -> acc[o] = acc[o] != 0 || v != 0 ? 1 : 0;
                    case ALL -> acc[o] = acc[o] != 0 && v != 0 ? 1 : 0;
                }
                for (int a = pos.length - 1; a >= 0 && ++pos[a] == x.shape().dim(a); a--) {
                    pos[a] = 0;
                }
            }
            for (int i = 0; i < n; i++) {
                y.put(i, x.type().dtype() == DType.I32 && kind == Kind.SUM ? (int) (long) acc[i] : acc[i]);
            }
        }

        @Override
        public double ulps() {
            return kind == Kind.SUM ? 16 : 0;
        }
    }

    /**
     * Index of the largest element along one axis, I32; the first on a tie, the first NaN if there is one.
     *
     * @param axis the axis
     */
    record ArgMax(int axis) implements ReduceOp {
        @Override
        public String name() {
            return "argmax[" + axis + "]";
        }

        @Override
        public Axes axes() {
            return Axes.of(axis);
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            ElementwiseOp.sameNumeric(this, operands, 0);
            if (operands[0].shape().dim(axis) == 0) {
                throw new ShapeException("argmax(" + operands[0].describe() + ", axis=" + axis
                        + "): nothing to choose from" + Messages.at());
            }
            return new TensorType[] {
                new TensorType(DType.I32, operands[0].shape().drop(axis))
            };
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            return new Tensor[1];
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            Shape s = in[0].shape();
            int inner = s.product(axis + 1, s.rank());
            int n = s.dim(axis);
            for (int o = 0; o < out[0].shape().size(); o++) {
                int base = (o / inner) * n * inner + o % inner;
                int best = 0;
                for (int k = 1; k < n; k++) {
                    double v = in[0].get(base + k * inner);
                    double b = in[0].get(base + best * inner);
                    if (v > b || (Double.isNaN(v) && !Double.isNaN(b))) {
                        best = k;
                    }
                }
                out[0].put(o, best);
            }
        }

        @Override
        public double ulps() {
            return 0;
        }
    }

    /**
     * Strides into the reduced result along each axis of the operand; 0 on reduced axes.
     *
     * @param s shape of the operand
     * @param axes the reduced axes
     * @return one stride per axis of the operand
     */
    static int[] keptStrides(Shape s, Axes axes) {
        int[] r = new int[s.rank()];
        int n = 1;
        for (int a = s.rank() - 1; a >= 0; a--) {
            if (!axes.contains(a)) {
                r[a] = n;
                n *= s.dim(a);
            }
        }
        return r;
    }
}
