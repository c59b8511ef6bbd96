package org.amortis.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.grad.PerRow;
import org.amortis.tensor.CustomGradient;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Random;
import org.amortis.tensor.ReverseMode;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * x = u + g(u) of a contraction g. The inverse is a fixed point, with the gradients of the implicit function.
 *
 * @param g contraction of rows
 * @param size D
 * @param parameters what g depends on
 * @param perRow one more parameter with an axis for each row [.., n], broadcast against events; null for none
 * @param estimate how the log determinant is had
 */
record ResidualMap(
        Contraction g,
        int size,
        List<Tensor> parameters,
        @Nullable Tensor perRow,
        LogDetEstimate estimate) implements Bijection {
    /** A contraction of rows. */
    @FunctionalInterface
    interface Contraction {
        /**
         * The function.
         *
         * @param x [N, D]
         * @param parameters of it, the one per row [N, n] last
         * @return [N, D]
         */
        Tensor at(Tensor x, Tensor... parameters);
    }

    /** Terms of the series beyond which the chance of one more is below 2^-50. */
    private static final int TAIL = 50;

    /** Contractions of 0.9 gain a digit in 22 steps. */
    private static final int STEPS = 500;

    @Override
    public Shape inputShape() {
        return Shape.of(size);
    }

    /** Parameters with the one per row at the rows of a batch. */
    private Tensor[] at(Shape batch) {
        List<Tensor> all = new ArrayList<>(parameters);
        if (perRow != null) {
            int n = perRow.shape().dim(-1);
            all.add(perRow.broadcastTo(batch.concat(Shape.of(n))).reshape(batch.size(), n));
        }
        return all.toArray(Tensor[]::new);
    }

    @Override
    public Mapped forwardAndLogDet(Tensor u) {
        Shape batch = Events.batch(this, u, inputShape(), perRow);
        Shape full = batch.concat(inputShape());
        Tensor rows = u.broadcastTo(full).reshape(batch.size(), size);
        Tensor[] p = at(batch);
        Tensor y = g.at(rows, p);
        return new Mapped(rows.add(y).reshape(full), logDet(rows, p).reshape(batch));
    }

    @Override
    public Mapped inverseAndLogDet(Tensor x) {
        Shape batch = Events.batch(this, x, inputShape(), perRow);
        Shape full = batch.concat(inputShape());
        Tensor[] p = at(batch);
        Tensor u = inverse(x.broadcastTo(full).reshape(batch.size(), size), p);
        return new Mapped(u.reshape(full), logDet(u, p).neg().reshape(batch));
    }

    /** Cotangents of (x, parameters) for a cotangent of g(x). */
    private @Nullable Tensor[] pull(Tensor x, Tensor[] p, Tensor w) {
        List<Tensor> wrt = new ArrayList<>(List.of(x));
        wrt.addAll(List.of(p));
        return ReverseMode.partial(List.of(g.at(x, p)), new Tensor[] {w}, wrt);
    }

    /** J'w. */
    private Tensor pullToX(Tensor x, Tensor[] p, Tensor w) {
        Tensor y = ReverseMode.partial(List.of(g.at(x, p)), new Tensor[] {w}, List.of(x))[0];
        return y == null ? Tensors.zeros(x.dtype(), x.shape()) : y;
    }

    private Tensor inverse(Tensor x, Tensor[] p) {
        Tensor[] operands = new Tensor[p.length + 1];
        operands[0] = x;
        System.arraycopy(p, 0, operands, 1, p.length);
        return CustomGradient.of(
                        all -> {
                            Tensor[] own = Arrays.copyOfRange(all, 1, all.length);
                            return fixedPoint(all[0], u -> all[0].sub(g.at(u, own)));
                        },
                        (all, u, du) -> {
                            // u + g(u; p) = x: dx = (I + J)'^-1 du, dp = -(dg/dp)' dx
                            Tensor[] own = Arrays.copyOfRange(all, 1, all.length);
                            Tensor dx = fixedPoint(du, w -> du.sub(pullToX(u, own, w)));
                            @Nullable Tensor[] parts = pull(u, own, dx.neg());
                            parts[0] = dx;
                            return parts;
                        })
                .apply(operands);
    }

    /** Iterates a contraction of rows [N, D] until no row moves. */
    private static Tensor fixedPoint(Tensor start, java.util.function.UnaryOperator<Tensor> f) {
        double tolerance = start.dtype() == DType.F64 ? 1e-14 : 1e-6;
        return Scan.until(STEPS)
                .carry(start)
                .body((t, carry, none) -> {
                    Tensor x = carry.get(0);
                    Tensor next = f.apply(x);
                    Tensor scale = next.abs().max(-1).maximum(1);
                    return Scan.Step.of(next).doneWhen(next.sub(x).abs().max(-1).le(scale.mul(tolerance)));
                })
                .last(0);
    }

    private Tensor logDet(Tensor x, Tensor[] p) {
        return switch (estimate) {
            case LogDetEstimate.Exact e -> {
                Tensor a = PerRow.jacobian(g.at(x, p), x).add(LinearAlgebra.eye(x.dtype(), size));
                // a contraction has det > 0 and singular values within (1 - L, 1 + L): squares lose few digits
                Tensor l = LinearAlgebra.cholesky(Tensors.matmul(a, a, false, true));
                yield LinearAlgebra.logdetTriangular(l);
            }
            case LogDetEstimate.Series s -> {
                Tensor j = PerRow.jacobian(g.at(x, p), x);
                Tensor power = j;
                Tensor sum = LinearAlgebra.diagonal(j).sum(-1);
                for (int k = 2; k <= s.terms(); k++) {
                    power = power.matmul(j);
                    sum = sum.add(LinearAlgebra.diagonal(power).sum(-1).mul((k % 2 == 0 ? -1.0 : 1.0) / k));
                }
                yield sum;
            }
            case LogDetEstimate.Roulette r -> roulette(r, x, p);
        };
    }

    /**
     * sum_k (-1)^(k+1)/k v'J^k v with weights 1/P(N >= k); its gradient is that of a'J v at fixed a = sum_k (-1)^k
     * (J')^k v with the same weights, a series of its own.
     */
    private Tensor roulette(LogDetEstimate.Roulette r, Tensor x, Tensor[] p) {
        DType t = x.dtype();
        Tensor v = sign(Random.uniform(r.key().fold("vectors"), t, x.shape()));
        // N = terms + G with P(G >= j) = 2^-j
        Tensor one = Random.uniform(r.key().fold("terms"), t, Shape.SCALAR).maximum(Math.scalb(1.0, -TAIL));
        Tensor last = one.log().mul(-1 / Math.log(2)).floor().add(r.terms());
        Tensor at = x.stopGradient();
        Tensor[] fixed = new Tensor[p.length];
        Arrays.setAll(fixed, i -> p[i].stopGradient());
        Scan.Result loop = Scan.until(r.terms() + TAIL)
                .carry(v, v, Tensors.zeros(t, x.shape().drop(-1)))
                .body((step, carry, none) -> {
                    Tensor k = step.cast(t).add(1);
                    Tensor w = pullToX(at, fixed, carry.get(0)); // (J')^k v
                    Tensor weight = k.sub(r.terms()).maximum(0).mul(Math.log(2)).exp();
                    Tensor odd = k.mul(0.5).sub(k.mul(0.5).floor()).mul(4).sub(1); // 1 for odd k, -1 for even
                    Tensor sum = carry.get(2)
                            .add(w.mul(v).sum(-1).mul(weight.mul(odd).div(k)));
                    Tensor a = carry.get(1).sub(w.mul(weight.mul(odd)));
                    return Scan.Step.of(w, a, sum).doneWhen(k.ge(last));
                });
        Tensor a = loop.last(1).stopGradient();
        Tensor slope = pullToX(x, p, a).mul(v).sum(-1);
        return loop.last(2).stopGradient().add(slope.sub(slope.stopGradient()));
    }

    private static Tensor sign(Tensor uniform) {
        return Tensors.where(uniform.lt(0.5), Tensors.fill(-1, uniform.dtype(), uniform.shape()), 1);
    }

    @Override
    public Bijection stopGradient() {
        return new ResidualMap(
                g,
                size,
                parameters.stream().map(Tensor::stopGradient).toList(),
                perRow == null ? null : Objects.requireNonNull(perRow).stopGradient(),
                estimate);
    }

    @Override
    public String toString() {
        return "residual [" + size + "]";
    }
}
