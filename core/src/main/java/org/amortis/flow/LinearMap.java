package org.amortis.flow;

import java.util.function.Supplier;
import org.amortis.array.Shape;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * x = A u + shift with a matrix, its inverse and its log determinant at hand: what linear flows become once their weights
 * are given. Matrices are made once, then each value costs one product.
 *
 * @param name what messages call it
 * @param matrix A [D, D]
 * @param inverse A^-1 [D, D]
 * @param logDet log |det A| []
 * @param shift [D]
 * @param detached the same map without gradients into weights
 */
record LinearMap(String name, Tensor matrix, Tensor inverse, Tensor logDet, Tensor shift, Supplier<Bijection> detached)
        implements Bijection {
    @Override
    public Shape inputShape() {
        return matrix.shape().slice(0, 1);
    }

    /** Rows times the transpose, all leading axes as one product. */
    private static Tensor times(Tensor rows, Tensor a) {
        int d = a.shape().dim(0);
        Shape s = rows.shape();
        int n = s.rank() == 1 ? 1 : s.product(0, s.rank() - 1);
        return Tensors.matmul(rows.reshape(n, d), a, false, true).reshape(s);
    }

    @Override
    public Mapped forwardAndLogDet(Tensor u) {
        Flows.checkEvent(name, inputShape(), u);
        Tensor x = times(u, matrix).add(shift);
        return new Mapped(x, logDet.broadcastTo(x.shape().drop(-1)));
    }

    @Override
    public Mapped inverseAndLogDet(Tensor x) {
        Flows.checkEvent(name, inputShape(), x);
        Tensor u = times(x.sub(shift), inverse);
        return new Mapped(u, logDet.neg().broadcastTo(u.shape().drop(-1)));
    }

    @Override
    public Bijection stopGradient() {
        return detached.get();
    }

    @Override
    public String toString() {
        return name;
    }
}
