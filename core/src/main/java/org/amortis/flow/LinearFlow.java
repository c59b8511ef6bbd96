package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Linear maps x = A u + shift that mix the elements of a vector between other layers. Matrix and inverse are formed once
 * for all values, so that both directions cost one product for each value. They start at the identity.
 */
public final class LinearFlow implements Flow {
    /** How A is parametrised. */
    private enum Kind {
        LU,
        HOUSEHOLDER,
        CAYLEY
    }

    private static final double FLOOR = 1e-3;

    private final Kind kind;
    private final String path;
    private final int size;

    private LinearFlow(Kind kind, String path, int size) {
        this.kind = kind;
        this.path = path;
        this.size = size;
    }

    /**
     * A = L U with unit lower triangular L, and U upper triangular with a positive diagonal (Oliva and others 2018). Put a
     * {@link Permutation} beside it to reach matrices that need pivots.
     *
     * @param at where "lu" [D, D], both triangles in one matrix, and "shift" [D] go
     * @param size D
     * @return the flow
     */
    public static LinearFlow lu(ParamScope at, int size) {
        return new LinearFlow(Kind.LU, declared(at, "lu", size, size, Initializer.zeros()), size);
    }

    /**
     * A product of reflections I - 2 v v' / v'v: orthogonal, log determinant 0. Reflections start in equal pairs, which
     * undo each other; an odd number starts with one reflection left over.
     *
     * @param at where "v" [reflections, D] and "shift" [D] go
     * @param size D
     * @param reflections how many; D of them reach every orthogonal matrix
     * @return the flow
     */
    public static LinearFlow householder(ParamScope at, int size, int reflections) {
        if (reflections < 1) {
            throw new ShapeException("householder(reflections=" + reflections + "): needs one");
        }
        Initializer pairs = (key, dtype, shape, fans) -> {
            Tensor half = Random.normal(key, dtype, Shape.of((reflections + 1) / 2, 1, size));
            return half.broadcastTo(Shape.of((reflections + 1) / 2, 2, size))
                    .reshape(Shape.of((reflections + 1) / 2 * 2, size))
                    .slice(0, 0, reflections);
        };
        return new LinearFlow(Kind.HOUSEHOLDER, declared(at, "v", reflections, size, pairs), size);
    }

    /**
     * The Cayley transform (I - S)(I + S)^-1 of a skew matrix: rotations, log determinant 0; all of them but those with
     * an angle of exactly half a turn.
     *
     * @param at where "skew" [D, D], of which the part below the diagonal is read, and "shift" [D] go
     * @param size D
     * @return the flow
     */
    public static LinearFlow cayley(ParamScope at, int size) {
        return new LinearFlow(Kind.CAYLEY, declared(at, "skew", size, size, Initializer.zeros()), size);
    }

    private static String declared(ParamScope at, String name, int rows, int size, Initializer first) {
        if (size < 1) {
            throw new ShapeException("linearFlow(size=" + size + "): needs an element");
        }
        at.declare(name, Shape.of(rows, size), first);
        at.declare("shift", Shape.of(size), Initializer.zeros());
        return at.path();
    }

    @Override
    public Shape inputShape() {
        return Shape.of(size);
    }

    @Override
    public int contextSize() {
        return 0;
    }

    @Override
    public Bijection given(Weights p, @Nullable Tensor context) {
        Flows.checkContext(this, context);
        Tensor shift = p.get(path + "/shift");
        Tensor none = Tensors.zeros(p.dtype(), Shape.SCALAR);
        Tensor eye = LinearAlgebra.eye(p.dtype(), size);
        return switch (kind) {
            case LU -> {
                Tensor lu = p.get(path + "/lu");
                Tensor diagonal = LinearAlgebra.diagonal(lu)
                        .add(Math.log(Math.expm1(1 - FLOOR)))
                        .softplus()
                        .add(FLOOR);
                Tensor l = LinearAlgebra.tril(lu, -1).add(eye);
                Tensor u = LinearAlgebra.triu(lu, 1).add(LinearAlgebra.diagonalMatrix(diagonal));
                Tensor inverse = LinearAlgebra.triangularSolve(
                        u, LinearAlgebra.triangularSolve(l, eye, true, false, true), false, false, false);
                yield map(p, l.matmul(u), inverse, diagonal.log().sum(), shift);
            }
            case HOUSEHOLDER -> {
                Tensor v = p.get(path + "/v");
                Tensor q = eye;
                for (int k = 0; k < v.shape().dim(0); k++) {
                    Tensor one = v.at(0, k);
                    Tensor factor = one.square().sum().rdiv(2);
                    q = q.sub(LinearAlgebra.outer(q.matmul(one), one.mul(factor)));
                }
                yield map(p, q, q.transpose(), none, shift);
            }
            case CAYLEY -> {
                Tensor lower = LinearAlgebra.tril(p.get(path + "/skew"), -1);
                Tensor s = lower.sub(lower.transpose());
                Tensor less = eye.sub(s);
                // I + S and I - S commute, and their product I - S^2 = I + S'S has a Cholesky factor
                Tensor factor = LinearAlgebra.cholesky(eye.add(Tensors.matmul(s, s, true, false)));
                Tensor q = LinearAlgebra.choleskySolve(factor, less.matmul(less));
                yield map(p, q, q.transpose(), none, shift);
            }
        };
    }

    private LinearMap map(Weights p, Tensor a, Tensor inverse, Tensor logDet, Tensor shift) {
        return new LinearMap(toString(), a, inverse, logDet, shift, () -> given(p.stopGradient(path), null));
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + " linear flow " + path + " [" + size + "]";
    }
}
