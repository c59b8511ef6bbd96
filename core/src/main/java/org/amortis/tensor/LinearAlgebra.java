package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;

/** Linear algebra of the last two axes; axes before them are batches and broadcast. */
public final class LinearAlgebra {
    private LinearAlgebra() {}

    /**
     * The lower triangular L with A = L L^T.
     *
     * @param a symmetric positive definite [.., n, n]; only the lower triangle is read
     * @return L [.., n, n]; NaN where a is not positive definite
     */
    public static Tensor cholesky(Tensor a) {
        return Node.of(new LinalgOp.Cholesky(), a).result(0);
    }

    /**
     * X with T X = B for lower triangular T.
     *
     * @param t lower triangular [.., n, n]; only the lower triangle is read
     * @param b right-hand sides [.., n, m]
     * @return X [.., n, m]
     */
    public static Tensor triangularSolve(Tensor t, Tensor b) {
        return triangularSolve(t, b, true, false, false);
    }

    /**
     * X with op(T) X = B for triangular T.
     *
     * @param t triangular [.., n, n]; only the named triangle is read
     * @param b right-hand sides [.., n, m]
     * @param lower whether T is lower triangular, else upper
     * @param transpose whether op(T) is the transpose of T
     * @param unitDiagonal whether the diagonal is taken as ones and not read
     * @return X [.., n, m]
     */
    public static Tensor triangularSolve(Tensor t, Tensor b, boolean lower, boolean transpose, boolean unitDiagonal) {
        return Node.of(new LinalgOp.TriangularSolve(lower, transpose, unitDiagonal), t, b)
                .result(0);
    }

    /**
     * X with A X = B, A given by its Cholesky factor.
     *
     * @param l the lower triangular factor [.., n, n]
     * @param b right-hand sides [.., n, m]
     * @return X [.., n, m]
     */
    public static Tensor choleskySolve(Tensor l, Tensor b) {
        return triangularSolve(l, triangularSolve(l, b), true, true, false);
    }

    /**
     * Logarithm of the absolute determinant of triangular matrices; of A = L L^T it is twice that of L.
     *
     * @param t triangular [.., n, n]
     * @return [..]
     */
    public static Tensor logdetTriangular(Tensor t) {
        return diagonal(t).abs().log().sum(-1);
    }

    /**
     * The diagonal of square matrices.
     *
     * @param a [.., n, n]
     * @return [.., n]
     */
    public static Tensor diagonal(Tensor a) {
        int n = squareSize("diagonal", a);
        Shape batch = a.shape().slice(0, a.shape().rank() - 2);
        if (n == 0) {
            return a.reshape(batch.concat(Shape.of(0)));
        }
        // elements 0, n+1, 2(n+1).. of the flat matrix: a strided slice, no index and no mask
        return a.reshape(batch.concat(Shape.of(n * n))).slice(-1, 0, n * n, n + 1);
    }

    /**
     * Diagonal matrices.
     *
     * @param v the diagonals [.., n]
     * @return [.., n, n], zero off the diagonal
     */
    public static Tensor diagonalMatrix(Tensor v) {
        Shape s = v.shape();
        if (s.rank() == 0) {
            throw new ShapeException("diagonalMatrix(" + v.describe() + "): needs rank 1 or more" + Messages.at());
        }
        int n = s.dim(-1);
        Shape square = s.concat(Shape.of(n));
        Tensor on = Tensors.iota(Shape.of(n, n), 0).eq(Tensors.iota(Shape.of(n, n), 1));
        return Tensors.where(on, v.expandDims(-1), Tensors.zeros(v.dtype(), square));
    }

    /**
     * Products of each element of one vector with each of another.
     *
     * @param a [.., m]
     * @param b [.., n]
     * @return [.., m, n]
     */
    public static Tensor outer(Tensor a, Tensor b) {
        return a.expandDims(-1).mul(b.expandDims(-2));
    }

    /**
     * The identity matrix.
     *
     * @param dtype element type
     * @param n size
     * @return [n, n]
     */
    public static Tensor eye(DType dtype, int n) {
        Shape s = Shape.of(n, n);
        return Tensors.iota(s, 0).eq(Tensors.iota(s, 1)).cast(dtype);
    }

    /**
     * The lower triangle with the diagonal, zeros above.
     *
     * @param a [.., m, n]
     * @return tensor of this shape
     */
    public static Tensor tril(Tensor a) {
        return tril(a, 0);
    }

    /**
     * What lies on or below a diagonal, zeros above.
     *
     * @param a [.., m, n]
     * @param diagonal the last diagonal kept: 0 is the main one, -1 the one below it
     * @return tensor of this shape
     */
    public static Tensor tril(Tensor a, int diagonal) {
        return Tensors.where(Indexing.lowerMask(rows(a), columns(a), diagonal), a, 0);
    }

    /**
     * The upper triangle with the diagonal, zeros below.
     *
     * @param a [.., m, n]
     * @return tensor of this shape
     */
    public static Tensor triu(Tensor a) {
        return triu(a, 0);
    }

    /**
     * What lies on or above a diagonal, zeros below.
     *
     * @param a [.., m, n]
     * @param diagonal the first diagonal kept: 0 is the main one, 1 the one above it
     * @return tensor of this shape
     */
    public static Tensor triu(Tensor a, int diagonal) {
        Tensor below = Indexing.lowerMask(rows(a), columns(a), diagonal - 1);
        return Tensors.where(below.not(), a, 0);
    }

    private static int rows(Tensor a) {
        if (a.shape().rank() < 2) {
            throw new ShapeException("triangle(" + a.describe() + "): needs rank 2 or more" + Messages.at());
        }
        return a.shape().dim(-2);
    }

    private static int columns(Tensor a) {
        return a.shape().dim(-1);
    }

    private static int squareSize(String op, Tensor a) {
        Shape s = a.shape();
        if (s.rank() < 2 || s.dim(-1) != s.dim(-2)) {
            throw new ShapeException(
                    op + "(" + a.describe() + "): needs square matrices in the last two axes" + Messages.at());
        }
        return s.dim(-1);
    }
}
