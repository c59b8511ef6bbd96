package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.array.UnsupportedOnBackend;
import org.amortis.math.GammaSampler;
import org.amortis.math.Philox;
import org.jspecify.annotations.Nullable;

/**
 * Keys and draws of the counter-based generator Philox 4x32-10. A draw is a function of its key and the position alone:
 * same words on every backend, whatever the number of threads.
 */
public sealed interface RandomOp extends Op {
    /** Third counter word of draws. */
    int DRAW = 1;

    /** Third counter word of derived keys. */
    int FOLD = 0x464f4c44;

    /** What a draw turns words into. */
    enum Kind {
        /** The words themselves, as I32. */
        BITS,
        /** Uniform on the open interval (0, 1). */
        UNIFORM,
        /** Standard normal by Box-Muller. */
        NORMAL
    }

    @Override
    default @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        return new Tensor[node.arity()];
    }

    /**
     * Checks that the first operand is a key.
     *
     * @param op the operation that asks, for the message
     * @param key its first operand
     * @return the shape of the key
     */
    static Shape keyShape(Op op, Tensor key) {
        if (key.dtype() != DType.KEY) {
            throw new DTypeException(op.name() + "(" + key.describe() + "): not a key" + Messages.at());
        }
        return key.shape();
    }

    /** The 64-bit key at a position. */
    private static long key(RefArray keys, int at) {
        return (keys.ints()[2 * at + 1] & 0xffffffffL) << 32 | keys.ints()[2 * at] & 0xffffffffL;
    }

    /**
     * Numbers of a type and shape. The key is [], or has the leading axes of the shape: then each row draws from its own
     * key, at positions counted from the row's start.
     *
     * @param kind what is drawn
     * @param type element type and shape of the result
     */
    record Draw(Kind kind, TensorType type) implements RandomOp {
        @Override
        public String name() {
            return kind.name().toLowerCase(java.util.Locale.ROOT) + type;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Shape k = keyShape(this, operands[0]);
            Shape s = type.shape();
            if (k.rank() > s.rank() || !k.equals(s.slice(0, k.rank()))) {
                throw new ShapeException(name() + "(" + operands[0].describe() + "): keys of shape " + k
                        + " are not one key and not a key for each of the leading axes of " + s + Messages.at());
            }
            if ((kind == Kind.BITS) != (type.dtype() == DType.I32)
                    || (kind != Kind.BITS && !type.dtype().isFloat())) {
                throw new DTypeException(
                        name() + ": element type " + type.dtype() + " cannot be drawn" + Messages.at());
            }
            return new TensorType[] {type};
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            int rows = in[0].shape().size();
            int n = rows == 0 ? 0 : type.shape().size() / rows;
            int[] w = new int[Philox.BLOCK];
            double[] block = new double[4];
            int per = type.dtype() == DType.F64 ? 2 : 4;
            for (int r = 0; r < rows; r++) {
                long key = key(in[0], r);
                for (int i = 0; i < n; i += per) {
                    Philox.block(key, i / per, DRAW, 0, w);
                    if (kind == Kind.NORMAL) {
                        if (per == 4) {
                            Philox.normals32(w, block, 0);
                        } else {
                            double u = Philox.uniform64(w[0], w[1]);
                            double v = Philox.uniform64(w[2], w[3]);
                            block[0] = Philox.boxMullerCos(u, v);
                            block[1] = Philox.boxMullerSin(u, v);
                        }
                    } else if (kind == Kind.UNIFORM) {
                        for (int j = 0; j < per; j++) {
                            block[j] = per == 4 ? Philox.uniformFloat(w[j]) : Philox.uniform64(w[2 * j], w[2 * j + 1]);
                        }
                    }
                    for (int j = 0; j < per && i + j < n; j++) {
                        if (kind == Kind.BITS) {
                            out[0].ints()[r * n + i + j] = w[j];
                        } else {
                            out[0].doubles()[r * n + i + j] = block[j];
                        }
                    }
                }
            }
        }

        @Override
        public double ulps() {
            return kind == Kind.NORMAL ? 2 : 0;
        }
    }

    /**
     * A key derived from a key and a number fixed in the formula.
     *
     * @param data the number
     * @param tag keeps numbers, names and splits apart
     */
    record FoldConstant(long data, int tag) implements RandomOp {
        @Override
        public String name() {
            return "fold:" + Long.toHexString(data) + ":" + tag;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            return new TensorType[] {new TensorType(DType.KEY, keyShape(this, operands[0]))};
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            int[] w = new int[Philox.BLOCK];
            for (int i = 0; i < in[0].shape().size(); i++) {
                Philox.block(key(in[0], i), data, FOLD, tag, w);
                out[0].ints()[2 * i] = w[0];
                out[0].ints()[2 * i + 1] = w[1];
            }
        }
    }

    /** A key for each key and number: key [] or [B] with I32 [] or [B], broadcast. */
    record FoldIndex() implements RandomOp {
        @Override
        public String name() {
            return "foldIndex";
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Shape k = keyShape(this, operands[0]);
            if (operands[1].dtype() != DType.I32) {
                throw new DTypeException("fold(" + operands[0].describe() + ", " + operands[1].describe()
                        + "): the number is not I32" + Messages.at());
            }
            Shape s = Shape.broadcastOrNull(k, operands[1].shape());
            if (s == null) {
                throw new ShapeException("fold(" + operands[0].describe() + ", " + operands[1].describe()
                        + "): shapes do not broadcast" + Messages.at());
            }
            return new TensorType[] {new TensorType(DType.KEY, s)};
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            int[] w = new int[Philox.BLOCK];
            BroadcastIndex index = new BroadcastIndex(out[0].shape(), in);
            for (int i = 0; i < out[0].shape().size(); i++, index.advance()) {
                long data = in[1].ints()[index.offset(1)] & 0xffffffffL;
                Philox.block(key(in[0], index.offset(0)), data, FOLD, 0, w);
                out[0].ints()[2 * i] = w[0];
                out[0].ints()[2 * i + 1] = w[1];
            }
        }
    }

    /**
     * Several independent keys of each key, along a new last axis.
     *
     * @param n how many
     */
    record Split(int n) implements RandomOp {
        @Override
        public String name() {
            return "splitKey:" + n;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Shape k = keyShape(this, operands[0]);
            return new TensorType[] {new TensorType(DType.KEY, k.insert(k.rank(), n))};
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            int[] w = new int[Philox.BLOCK];
            for (int i = 0; i < out[0].shape().size(); i++) {
                Philox.block(key(in[0], i / n), i % n, FOLD, 2, w);
                out[0].ints()[2 * i] = w[0];
                out[0].ints()[2 * i + 1] = w[1];
            }
        }
    }

    /**
     * Gamma draws of rate 1: key and shape parameters alpha. The key is one, or one for each of the leading axes of
     * alpha. Element i of a row owns words 32 i to 32 i + 31 of its key's stream, so its value does not depend on the
     * others. The gradient is implicit (Figurnov et al. 2018): the distribution function at the draw is held fixed.
     *
     * @param log whether the result is the logarithm of the draw, which does not underflow for small alpha
     */
    record GammaDraw(boolean log) implements RandomOp {
        @Override
        public String name() {
            return log ? "logGamma" : "gamma";
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            Shape k = keyShape(this, operands[0]);
            ElementwiseOp.sameFloat(this, operands, 1);
            Shape s = operands[1].shape();
            if (k.rank() > s.rank() || !k.equals(s.slice(0, k.rank()))) {
                throw new ShapeException(name() + "(" + operands[0].describe() + ", alpha=" + operands[1].describe()
                        + "): keys of shape " + k + " are not one key and not a key for each of the leading axes of "
                        + s + Messages.at());
            }
            return new TensorType[] {operands[1].type()};
        }

        /**
         * A draw is computed in double as the exponential of its logarithm ln d + 3 ln(1 + w), so that the absolute error of that
         * is its relative one: an ulp and a half of ln x where it is about 3, and 3 w / (1 + w) times the three ulps of w, w
         * about -0.6 there. A float draw is rounded once more and hides that.
         */
        @Override
        public double ulps(DType type) {
            return log || type == DType.F32 ? RandomOp.super.ulps(type) : 32;
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            if (dy == null) {
                return new Tensor[2];
            }
            Tensor slope = Node.of(new GammaDerivative(log), node.operand(1), node.result(0))
                    .result(0);
            return new Tensor[] {null, dy.mul(slope)};
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            int rows = in[0].shape().size();
            int n = rows == 0 ? 0 : out[0].shape().size() / rows;
            int[] scratch = new int[Philox.BLOCK];
            double[] alpha = in[1].doubles();
            double[] y = out[0].doubles();
            for (int r = 0; r < rows; r++) {
                long key = key(in[0], r);
                for (int i = 0; i < n; i++) {
                    int at = r * n + i;
                    double l = GammaSampler.logSample(alpha[at], key, i, DRAW, 0, scratch);
                    y[at] = log ? l : Math.exp(l);
                }
            }
        }
    }

    /**
     * Derivative of a gamma draw, or of its logarithm, with respect to alpha: alpha and the draw, of one shape. It has no
     * gradient of its own.
     *
     * @param log whether the draw is given as its logarithm, and the derivative is that of the logarithm
     */
    record GammaDerivative(boolean log) implements RandomOp {
        @Override
        public String name() {
            return log ? "logGammaDerivative" : "gammaDerivative";
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            ElementwiseOp.sameFloat(this, operands, 0);
            if (!operands[0].shape().equals(operands[1].shape())) {
                throw new ShapeException(name() + "(alpha=" + operands[0].describe() + ", draw="
                        + operands[1].describe() + "): shapes differ" + Messages.at());
            }
            return new TensorType[] {operands[0].type()};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            throw new UnsupportedOnBackend(name() + "(" + node.operand(0).describe()
                    + "): a gamma draw can be differentiated once; where its gradient is used inside a formula that is"
                    + " differentiated again, put stopGradient around it" + Messages.at());
        }

        @Override
        public void reference(RefArray[] in, RefArray[] out) {
            double[] alpha = in[0].doubles();
            double[] x = in[1].doubles();
            double[] y = out[0].doubles();
            for (int i = 0; i < y.length; i++) {
                y[i] = log
                        ? GammaSampler.logSampleDerivative(alpha[i], x[i])
                        : GammaSampler.sampleDerivative(alpha[i], x[i]);
            }
        }
    }
}
