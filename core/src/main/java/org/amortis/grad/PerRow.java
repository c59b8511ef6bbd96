package org.amortis.grad;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Jacobians and Hessians of each row of a batch, for functions in which a row of the result depends on the same row of
 * the operand alone. That is not checked: a function that mixes rows gives sums over rows.
 */
public final class PerRow {
    private PerRow() {}

    /**
     * Jacobian of each row, by min(m, d) products.
     *
     * @param y result [B, m], row i a function of row i of x
     * @param x operand [B, d]
     * @return [B, m, d]
     * @throws PlanException if y does not depend on x
     */
    public static Tensor jacobian(Tensor y, Tensor x) {
        if (y.shape().rank() != 2
                || x.shape().rank() != 2
                || y.shape().dim(0) != x.shape().dim(0)) {
            throw new ShapeException("jacobian(y=" + y.describe() + ", x=" + x.describe()
                    + "): needs [B, m] and [B, d] with the same B");
        }
        int m = y.shape().dim(1);
        int d = x.shape().dim(1);
        // the first product is also what says whether y depends on x at all
        Gradients.vjp(List.of(y), List.of(Tensors.ones(y.dtype(), y.shape())), List.of(x), false);
        if (m == 0 || d == 0) {
            return Tensors.zeros(y.dtype(), Shape.of(y.shape().dim(0), m, d));
        }
        List<Tensor> parts = new ArrayList<>();
        for (int k = 0; k < Math.min(m, d); k++) {
            Tensor unit = unit(m <= d ? y : x, k);
            parts.add(
                    m <= d
                            ? Gradients.vjp(List.of(y), List.of(unit), List.of(x), true)
                                    .get(0)
                            : Gradients.jvp(List.of(y), List.of(x), List.of(unit))
                                    .get(0));
        }
        return Tensors.stack(m <= d ? 1 : 2, parts.toArray(Tensor[]::new));
    }

    /**
     * Hessian of each row, by d products.
     *
     * @param y result [B], element i a function of row i of x
     * @param x operand [B, d]
     * @return [B, d, d]
     * @throws PlanException if y does not depend on x
     */
    public static Tensor hessian(Tensor y, Tensor x) {
        if (y.shape().rank() != 1
                || x.shape().rank() != 2
                || y.shape().dim(0) != x.shape().dim(0)) {
            throw new ShapeException(
                    "hessian(y=" + y.describe() + ", x=" + x.describe() + "): needs [B] and [B, d] with the same B");
        }
        Tensor g = Gradients.vjp(List.of(y), List.of(Tensors.ones(y.dtype(), y.shape())), List.of(x), false)
                .get(0);
        int d = x.shape().dim(1);
        if (d == 0) {
            return Tensors.zeros(y.dtype(), Shape.of(y.shape().dim(0), 0, 0));
        }
        List<Tensor> parts = new ArrayList<>();
        for (int k = 0; k < d; k++) {
            parts.add(Gradients.vjp(List.of(g), List.of(unit(x, k)), List.of(x), true)
                    .get(0));
        }
        return Tensors.stack(1, parts.toArray(Tensor[]::new));
    }

    /** Column k of the identity in every row. */
    private static Tensor unit(Tensor like, int k) {
        return Tensors.iota(Shape.of(like.shape().dim(1)), 0)
                .eq(k)
                .cast(like.dtype())
                .broadcastTo(like.shape());
    }
}
