package org.amortis.tensor;

import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/** Composites that backends may fuse: normalisation, recurrent cells, densities. */
public final class Composites {
    /** Half the logarithm of 2 pi. */
    private static final double HALF_LOG_2PI = 0.91893853320467274178;

    private Composites() {}

    /**
     * Last axis to mean 0 and variance 1: (x - mean) / sqrt(variance + epsilon). Scale and offset are left to the caller.
     *
     * @param x [.., n]
     * @param epsilon added to the variance
     * @return tensor of this shape
     */
    public static Tensor layerNorm(Tensor x, double epsilon) {
        return Node.of(new LayerNorm(epsilon), x).result(0);
    }

    /**
     * One step of a gated recurrent unit (Cho et al. 2014, with the reset gate after the product, as in cuDNN): r and z
     * are sigmoids of the first two thirds of both products, n = tanh(x_n + r h_n), and the new state is
     * (1 - z) n + z h.
     *
     * @param x input times its weights, with bias [.., 3 H] in the order r, z, n
     * @param hh state times its weights, with bias [.., 3 H] in the same order
     * @param h state [.., H]
     * @return the new state [.., H]
     */
    public static Tensor gruCell(Tensor x, Tensor hh, Tensor h) {
        return Node.of(new GruCell(), x, hh, h).result(0);
    }

    /**
     * Logarithm of the density of a normal distribution, elementwise.
     *
     * @param x where
     * @param mean mean
     * @param logStd logarithm of the standard deviation
     * @return tensor of the common shape
     */
    public static Tensor gaussianLogDensity(Tensor x, Tensor mean, Tensor logStd) {
        return Node.of(new GaussianLogDensity(), x, mean, logStd).result(0);
    }

    private static Tensor rowMean(Tensor x) {
        // sum over an empty batch is fine where mean would refuse
        return x.sum(-1).mul(1.0 / x.shape().dim(-1)).keepDims(x, -1);
    }

    /**
     * Operation of {@link Composites#layerNorm}.
     *
     * @param epsilon added to the variance
     */
    public record LayerNorm(double epsilon) implements RowOp {
        @Override
        public String name() {
            return "layerNorm:" + epsilon;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            ElementwiseOp.sameFloat(this, operands, 0);
            Tensor x = operands[0];
            if (x.shape().rank() == 0 || x.shape().dim(-1) == 0) {
                throw new ShapeException(
                        "layerNorm(" + x.describe() + "): nothing to normalise along the last axis" + Messages.at());
            }
            return new TensorType[] {x.type()};
        }

        @Override
        public Tensor[] decompose(Tensor... operands) {
            Tensor x = operands[0];
            Tensor centred = x.sub(rowMean(x));
            return new Tensor[] {
                centred.mul(rowMean(centred.square()).add(epsilon).rsqrt())
            };
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            if (dy == null) {
                return new Tensor[1];
            }
            return new Tensor[] {
                Node.of(new LayerNormGradient(epsilon), node.operand(0), dy).result(0)
            };
        }
    }

    /**
     * Gradient of {@link LayerNorm} from its operand x and the cotangent dy of its result.
     *
     * @param epsilon added to the variance
     */
    public record LayerNormGradient(double epsilon) implements RowOp {
        @Override
        public String name() {
            return "layerNormGradient:" + epsilon;
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            ElementwiseOp.sameFloat(this, operands, 0);
            Tensor x = operands[0];
            if (x.shape().rank() == 0
                    || x.shape().dim(-1) == 0
                    || !operands[1].shape().equals(x.shape())) {
                throw new ShapeException("layerNormGradient(x=" + x.describe() + ", dy=" + operands[1].describe()
                        + "): needs two tensors of one shape whose last axis is not empty" + Messages.at());
            }
            return new TensorType[] {x.type()};
        }

        @Override
        public Tensor[] decompose(Tensor... operands) {
            Tensor dy = operands[1];
            Tensor centred = operands[0].sub(rowMean(operands[0]));
            Tensor scale = rowMean(centred.square()).add(epsilon).rsqrt();
            Tensor y = centred.mul(scale);
            return new Tensor[] {
                dy.sub(rowMean(dy)).sub(y.mul(rowMean(dy.mul(y)))).mul(scale)
            };
        }
    }

    /** Operation of {@link Composites#gruCell}. */
    public record GruCell() implements RowOp {
        @Override
        public String name() {
            return "gruCell";
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            ElementwiseOp.sameFloat(this, operands, 0);
            Tensor x = operands[0];
            Tensor hh = operands[1];
            Tensor h = operands[2];
            int last = h.shape().rank() - 1;
            if (last < 0
                    || !x.shape().equals(hh.shape())
                    || !x.shape().equals(h.shape().with(last, 3 * h.shape().dim(last)))) {
                throw new ShapeException("gruCell(x=" + x.describe() + ", hh=" + hh.describe() + ", h=" + h.describe()
                        + "): needs [.., 3 H], [.., 3 H] and [.., H]" + Messages.at());
            }
            return new TensorType[] {h.type()};
        }

        @Override
        public Tensor[] decompose(Tensor... operands) {
            Tensor h = operands[2];
            int n = h.shape().dim(-1);
            Tensor[] x = operands[0].split(-1, n, n, n);
            Tensor[] g = operands[1].split(-1, n, n, n);
            Tensor r = x[0].add(g[0]).sigmoid();
            Tensor z = x[1].add(g[1]).sigmoid();
            Tensor candidate = x[2].add(r.mul(g[2])).tanh();
            return new Tensor[] {candidate.add(z.mul(h.sub(candidate)))};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            Tensor dy = cotangents[0];
            if (dy == null) {
                return new Tensor[3];
            }
            Node g = Node.of(new GruCellGradient(), node.operand(0), node.operand(1), node.operand(2), dy);
            return new Tensor[] {g.result(0), g.result(1), g.result(2)};
        }
    }

    /** Gradient of {@link GruCell} from its operands and the cotangent [.., H] of its result; one result for each operand. */
    public record GruCellGradient() implements RowOp {
        @Override
        public String name() {
            return "gruCellGradient";
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            TensorType h = new GruCell().infer(operands)[0];
            if (!operands[3].shape().equals(h.shape())) {
                throw new ShapeException("gruCellGradient(h=" + operands[2].describe() + ", dy="
                        + operands[3].describe() + "): shapes differ" + Messages.at());
            }
            return new TensorType[] {operands[0].type(), operands[0].type(), h};
        }

        @Override
        public Tensor[] decompose(Tensor... operands) {
            Tensor h = operands[2];
            Tensor dy = operands[3];
            int n = h.shape().dim(-1);
            Tensor[] x = operands[0].split(-1, n, n, n);
            Tensor[] g = operands[1].split(-1, n, n, n);
            Tensor r = x[0].add(g[0]).sigmoid();
            Tensor z = x[1].add(g[1]).sigmoid();
            Tensor candidate = x[2].add(r.mul(g[2])).tanh();
            Tensor dz = dy.mul(z);
            // derivatives of the three arguments; z (1 - z) and the like in factors that do not cancel
            Tensor ofUpdate = dz.mul(z.rsub(1)).mul(h.sub(candidate));
            Tensor ofCandidate = dy.mul(z.rsub(1)).mul(candidate.square().rsub(1));
            Tensor ofReset = ofCandidate.mul(g[2]).mul(r.mul(r.rsub(1)));
            return new Tensor[] {
                Tensors.concat(-1, ofReset, ofUpdate, ofCandidate),
                Tensors.concat(-1, ofReset, ofUpdate, ofCandidate.mul(r)),
                dz
            };
        }
    }

    /** Operation of {@link Composites#gaussianLogDensity}. */
    public record GaussianLogDensity() implements CompositeOp {
        @Override
        public String name() {
            return "gaussianLogDensity";
        }

        @Override
        public Tensor[] decompose(Tensor... operands) {
            Tensor e = operands[0].sub(operands[1]).mul(operands[2].neg().exp());
            return new Tensor[] {e.square().mul(-0.5).sub(operands[2]).sub(HALF_LOG_2PI)};
        }
    }
}
