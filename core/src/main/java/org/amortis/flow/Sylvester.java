package org.amortis.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Sylvester flow (van den Berg and others 2018), x = u + Q R1 tanh(R2 Q'u + b): planar flow of M directions at once. Q has
 * orthonormal columns, R1 and R2 are upper triangular with diagonals in (-1, 1), so that the map can be inverted. The
 * inverse, which the authors do without, is a substitution from the last direction to the first: each is one equation of
 * one number, the one of planar flow.
 */
public final class Sylvester implements Flow {
    /** Diagonals stay below, so that 1 + tanh' R1 R2 > 0.002. */
    private static final double DIAGONAL = 0.999;

    private enum Kind {
        ORTHOGONAL,
        HOUSEHOLDER,
        TRIANGULAR
    }

    private final String path;
    private final Kind kind;
    private final int size;
    private final int directions;
    private final int vectors;
    private final boolean reversed;
    private final int contextSize;
    private final Numbers numbers;

    private Sylvester(
            ParamScope at, Kind kind, int size, int directions, int vectors, boolean reversed, int contextSize) {
        if (size < 1 || directions < 1 || directions > size || vectors < 0) {
            throw new ShapeException("sylvester(size=" + size + ", directions=" + directions + ", reflections="
                    + vectors + "): needs 1 to size directions");
        }
        this.path = at.path();
        this.kind = kind;
        this.size = size;
        this.directions = directions;
        this.vectors = vectors;
        this.reversed = reversed;
        this.contextSize = contextSize;
        int m = directions;
        // R1 = R2 = 0 would be a saddle: no gradient reaches either
        Initializer start = (key, dtype, shape, fans) -> Tensors.concat(
                0,
                Random.normal(key.fold("maps"), dtype, Shape.of(m * m + 3 * m)).mul(0.1),
                Random.normal(key.fold("frame"), dtype, Shape.of(vectors * size)));
        this.numbers = Numbers.of(at, contextSize, m * m + 3 * m + vectors * size, start);
    }

    /**
     * Q by orthonormalisation of M learned vectors.
     *
     * @param at where its parameters go
     * @param size elements of an event
     * @param contextSize elements of the context; 0 for none
     * @param directions M, 1 to size
     * @return the flow
     */
    public static Sylvester orthogonal(ParamScope at, int size, int contextSize, int directions) {
        return new Sylvester(at, Kind.ORTHOGONAL, size, directions, directions, false, contextSize);
    }

    /**
     * Q, square, a product of reflections.
     *
     * @param at where its parameters go
     * @param size elements of an event
     * @param contextSize elements of the context; 0 for none
     * @param reflections how many
     * @return the flow
     */
    public static Sylvester householder(ParamScope at, int size, int contextSize, int reflections) {
        return new Sylvester(at, Kind.HOUSEHOLDER, size, size, reflections, false, contextSize);
    }

    /**
     * Q the identity, or the reversal of the order: alternate them.
     *
     * @param at where its parameters go
     * @param size elements of an event
     * @param contextSize elements of the context; 0 for none
     * @param reversed whether Q reverses the order
     * @return the flow
     */
    public static Sylvester triangular(ParamScope at, int size, int contextSize, boolean reversed) {
        return new Sylvester(at, Kind.TRIANGULAR, size, size, 0, reversed, contextSize);
    }

    @Override
    public Shape inputShape() {
        return Shape.of(size);
    }

    @Override
    public int contextSize() {
        return contextSize;
    }

    @Override
    public Bijection given(Weights p, @Nullable Tensor context) {
        Flows.checkContext(this, context);
        return bound(numbers.given(p, context));
    }

    private Bijection bound(Tensor all) {
        Tensor n = all;
        int m = directions;
        Shape lead = n.shape().drop(-1);
        int at = m * m;
        // one matrix for both: R1 above its diagonal, R2 below
        Tensor square = n.slice(-1, 0, at).reshape(lead.concat(Shape.of(m, m)));
        Tensor d1 = n.slice(-1, at, at + m).tanh().mul(DIAGONAL);
        Tensor d2 = n.slice(-1, at + m, at + 2 * m).tanh().mul(DIAGONAL);
        Tensor b = n.slice(-1, at + 2 * m, at + 3 * m);
        at += 3 * m;
        Tensor r1 = LinearAlgebra.triu(square, 1).add(LinearAlgebra.diagonalMatrix(d1));
        Tensor r2 = transposed(LinearAlgebra.tril(square, -1)).add(LinearAlgebra.diagonalMatrix(d2));
        List<Tensor> v = new ArrayList<>();
        for (int i = 0; i < vectors; i++, at += size) {
            v.add(n.slice(-1, at, at + size));
        }
        Tensor q = kind == Kind.ORTHOGONAL ? orthonormal(Tensors.stack(-2, v.toArray(Tensor[]::new))) : null;
        return new Map(this, n, q, v, r1, r2, d1.mul(d2).add(1), b);
    }

    private static Tensor transposed(Tensor a) {
        int r = a.shape().rank();
        int[] p = new int[r];
        for (int i = 0; i < r; i++) {
            p[i] = i < r - 2 ? i : 2 * r - 3 - i;
        }
        return a.transpose(p);
    }

    /**
     * Rows made orthonormal: A -> L^-1 A with A A' = L L', twice, since the first pass leaves errors of the squared
     * condition number. A ridge keeps the first factor defined for rows that nearly coincide.
     */
    static Tensor orthonormal(Tensor rows) {
        int m = rows.shape().dim(-2);
        Tensor q = rows;
        for (int i = 0; i < 2; i++) {
            Tensor gram = Tensors.matmul(q, q, false, true);
            if (i == 0) {
                Tensor trace =
                        LinearAlgebra.diagonal(gram).sum(-1).expandDims(-1).expandDims(-1);
                gram = gram.add(LinearAlgebra.eye(gram.dtype(), m).mul(trace.mul(1e-6 / m)));
            }
            q = LinearAlgebra.triangularSolve(LinearAlgebra.cholesky(gram), q);
        }
        return q;
    }

    @Override
    public String toString() {
        return "sylvester " + kind + " " + path + " [" + size + "] " + directions + " directions";
    }

    /**
     * The map.
     *
     * @param numbers what everything else is made of
     * @param q orthonormal rows [.., M, D]; null if Q is not a matrix
     * @param v reflections
     * @param slope 1 + diagonal of R1 times that of R2 [.., M]
     */
    private record Map(
            Sylvester flow,
            Tensor numbers,
            @Nullable Tensor q,
            List<Tensor> v,
            Tensor r1,
            Tensor r2,
            Tensor slope,
            Tensor b)
            implements Bijection {
        @Override
        public Shape inputShape() {
            return flow.inputShape();
        }

        /** A z for each row of z, A [.., m, n] broadcast against the axes of z [.., n]. */
        private static Tensor times(Tensor a, Tensor z, boolean transposeA) {
            if (a.shape().rank() == 2 && z.shape().rank() > 1) {
                Shape s = z.shape();
                Tensor y = Tensors.matmul(z.reshape(s.product(0, s.rank() - 1), s.dim(-1)), a, false, !transposeA);
                return y.reshape(s.with(-1, y.shape().dim(1)));
            }
            Tensor y = Tensors.matmul(a, z.expandDims(-1), transposeA, false);
            return y.reshape(y.shape().drop(-1));
        }

        private static Tensor reflected(Tensor z, Tensor v) {
            Tensor along =
                    z.mul(v).sum(-1).div(v.square().sum(-1).maximum(1e-30)).mul(2);
            return z.sub(v.mul(along.expandDims(-1)));
        }

        /** Q'z. */
        private Tensor into(Tensor z) {
            if (q != null) {
                return times(q, z, false);
            }
            Tensor y = z;
            for (Tensor each : v) {
                y = reflected(y, each);
            }
            return flow.reversed ? y.flip(-1) : y;
        }

        /** Q y. */
        private Tensor outOf(Tensor y) {
            if (q != null) {
                return times(q, y, true);
            }
            Tensor z = flow.reversed ? y.flip(-1) : y;
            for (Tensor each : v.reversed()) {
                z = reflected(z, each);
            }
            return z;
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Flows.checkEvent(flow, inputShape(), u);
            Tensor s = times(r2, into(u), false).add(b);
            Tensor x = u.add(outOf(times(r1, s.tanh(), false)));
            return new Mapped(x, Planar.bend(s, slope).logDet().sum(-1));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Flows.checkEvent(flow, inputShape(), x);
            // y = Q'u: y + R1 tanh(R2 y + b) = Q'x, upper triangular, so from the last element to the first
            Tensor right = into(x);
            int m = flow.directions;
            Tensor[] y = new Tensor[m];
            Tensor[] t = new Tensor[m];
            Tensor[] s = new Tensor[m];
            for (int i = m - 1; i >= 0; i--) {
                Tensor offset = b.at(-1, i);
                Tensor rest = right.at(-1, i);
                Tensor row1 = r1.at(-2, i);
                Tensor row2 = r2.at(-2, i);
                for (int k = i + 1; k < m; k++) {
                    offset = offset.add(row2.at(-1, k).mul(y[k]));
                    rest = rest.sub(row1.at(-1, k).mul(t[k]));
                }
                // s = R2 y + offset and y = rest - R1 tanh(s): s + R1 R2 tanh(s) = R2 rest + offset
                s[i] = Planar.unbend(row2.at(-1, i).mul(rest).add(offset), slope.at(-1, i));
                t[i] = s[i].tanh();
                y[i] = rest.sub(row1.at(-1, i).mul(t[i]));
            }
            Tensor all = Tensors.stack(-1, s);
            Tensor u = x.sub(outOf(times(r1, all.tanh(), false)));
            return new Mapped(u, Planar.bend(all, slope).logDet().sum(-1).neg());
        }

        @Override
        public Bijection stopGradient() {
            return flow.bound(numbers.stopGradient());
        }

        @Override
        public String toString() {
            return flow.toString();
        }
    }
}
