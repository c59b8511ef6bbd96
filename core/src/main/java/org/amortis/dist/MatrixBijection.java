package org.amortis.dist;

import java.util.Arrays;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * From free vectors to structured square matrices. The vector holds the triangle row by row; log determinants are those of
 * the map between triangles.
 */
sealed interface MatrixBijection extends Bijection, KnownImage {
    /** Rows and columns. */
    int size();

    @Override
    default Shape outputShape() {
        return Shape.of(size(), size());
    }

    @Override
    default Bijection stopGradient() {
        return this;
    }

    /** The matrices it gives. */
    Support image();

    @Override
    default @Nullable Support imageOf(Support base) {
        return base.equals(Support.reals(inputShape())) ? image() : null;
    }

    /** Elements of the triangle, the diagonal included or not. */
    private static int count(int size, boolean diagonal) {
        return diagonal ? size * (size + 1) / 2 : size * (size - 1) / 2;
    }

    /** Triangle [.., m] to matrix [.., size, size] with zeros elsewhere. */
    private static Tensor matrix(Tensor v, int size, boolean diagonal) {
        int[] from = new int[size * size];
        int next = 1;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i + (diagonal ? 1 : 0); j++) {
                from[i * size + j] = next++;
            }
        }
        Tensor index = Tensors.constant(HostArray.wrap(from, Shape.of(size, size)));
        return Tensors.pad(v, -1, 1, 0, 0).gather(-1, index);
    }

    /** Matrix [.., size, size] to triangle [.., m]. */
    private static Tensor triangle(Tensor a, int size, boolean diagonal) {
        int[] from = new int[count(size, diagonal)];
        int next = 0;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i + (diagonal ? 1 : 0); j++) {
                from[next++] = i * size + j;
            }
        }
        Shape batch = a.shape().slice(0, a.shape().rank() - 2);
        Tensor index = Tensors.constant(HostArray.wrap(from, Shape.of(from.length)));
        return a.reshape(batch.concat(Shape.of(size * size))).gather(-1, index);
    }

    /** Lower triangular matrices with positive diagonal, of which the free number is the logarithm. */
    record Factor(int size) implements MatrixBijection {
        @Override
        public Shape inputShape() {
            return Shape.of(count(size, true));
        }

        @Override
        public Support image() {
            return Support.choleskyFactors(size);
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Tensor free = matrix(u, size, true);
            Tensor logDiagonal = LinearAlgebra.diagonal(free);
            Tensor l = LinearAlgebra.tril(free, -1).add(LinearAlgebra.diagonalMatrix(logDiagonal.exp()));
            return new Mapped(l, logDiagonal.sum(-1));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Tensor logDiagonal = LinearAlgebra.diagonal(x).log();
            Tensor free = LinearAlgebra.tril(x, -1).add(LinearAlgebra.diagonalMatrix(logDiagonal));
            return new Mapped(triangle(free, size, true), logDiagonal.sum(-1).neg());
        }
    }

    /** Symmetric positive definite matrices by their factor: the determinant of L to L L^T is 2^d prod L_ii^(d-i). */
    record Covariance(int size) implements MatrixBijection {
        @Override
        public Shape inputShape() {
            return Shape.of(count(size, true));
        }

        private Tensor product(Tensor logDiagonal) {
            double[] powers = new double[size];
            Arrays.setAll(powers, i -> size - i);
            Tensor p = Tensors.constant(HostArray.wrap(powers, Shape.of(size))).cast(logDiagonal.dtype());
            return logDiagonal.mul(p).sum(-1).add(size * Math.log(2));
        }

        @Override
        public Support image() {
            return Support.positiveDefinite(size);
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Mapped l = new Factor(size).forwardAndLogDet(u);
            Tensor a = Tensors.matmul(l.value(), l.value(), false, true);
            Tensor logDiagonal = LinearAlgebra.diagonal(matrix(u, size, true));
            return new Mapped(a, l.logDet().add(product(logDiagonal)));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Tensor l = LinearAlgebra.cholesky(x);
            Mapped u = new Factor(size).inverseAndLogDet(l);
            return new Mapped(
                    u.value(), u.logDet().sub(product(LinearAlgebra.diagonal(l).log())));
        }
    }

    /**
     * Factors of correlation matrices by partial correlations z = tanh(u) (Lewandowski, Kurowicka and Joe 2009): element
     * (i, j) is z_ij times the root of what the elements before it leave of the row's norm, prod_k&lt;j (1 - z_ik^2), which
     * is kept as a logarithm.
     */
    record Correlation(int size) implements MatrixBijection {
        @Override
        public Shape inputShape() {
            return Shape.of(count(size, false));
        }

        @Override
        public Support image() {
            return Support.correlationFactors(size);
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Tensor free = matrix(u, size, false);
            Tensor log = Elementwise.logTanhSlope(free);
            Tensor left = log.cumsum(-1).sub(log).mul(0.5);
            // tanh(0) = 0 above and on the diagonal, where the rest of the norm goes
            Tensor below = free.tanh().mul(left.exp());
            Tensor diagonal =
                    LinearAlgebra.diagonalMatrix(LinearAlgebra.diagonal(left).exp());
            return new Mapped(
                    below.add(diagonal), LinearAlgebra.tril(left.add(log), -1).sum(-1, -2));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Tensor squares = LinearAlgebra.tril(x).square();
            // what is left of the norm at and behind each element, as sums of positive terms
            Tensor at = squares.flip(-1).cumsum(-1).flip(-1);
            Tensor behind = Tensors.pad(at.slice(-1, 1, size), -1, 0, 1, 0);
            Tensor rows = Tensors.iota(Shape.of(size, size), 0);
            Tensor inside = rows.gt(Tensors.iota(Shape.of(size, size), 1));
            at = Tensors.where(inside, at, 1);
            behind = Tensors.where(inside, behind, 1);
            Tensor v = Tensors.where(inside, x, 0);
            // atanh(z) with z = v / sqrt(at): by the quotient (1 + |z|) / sqrt(1 - z^2) where z is large
            Tensor z = v.div(at.sqrt());
            Tensor small = z.abs().lt(0.5);
            Tensor safe = Tensors.where(small, z, 0);
            Tensor near = safe.log1p().sub(safe.neg().log1p()).mul(0.5);
            Tensor far = at.sqrt().add(v.abs()).log().sub(behind.log().mul(0.5)).mul(v.sign());
            Tensor u = Tensors.where(small, near, far);
            Tensor det = behind.log().sub(at.log().mul(0.5)).neg();
            return new Mapped(triangle(u, size, false), det.sum(-1, -2));
        }
    }
}
