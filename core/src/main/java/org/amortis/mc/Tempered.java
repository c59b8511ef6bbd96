package org.amortis.mc;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.LogDensity;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * What transitions leave invariant: exp(sum weight_i part_i). Values and gradients of the parts are kept apart, so that
 * annealing, which changes the weights only, evaluates nothing again.
 *
 * @param parts log densities
 * @param weights a scalar for each; empty if there is one part of weight 1
 * @param limit elements of the weighted gradient are limited to this; a force that is a function of the position leaves
 *     Hamiltonian transitions exact whatever it is. Infinity for none
 * @param smooth whether gradients are wanted; else they are zero
 */
public record Tempered(List<LogDensity> parts, List<Tensor> weights, double limit, boolean smooth) {
    /** Copies the lists. */
    public Tempered {
        parts = List.copyOf(parts);
        weights = List.copyOf(weights);
        if (parts.isEmpty() || (parts.size() != weights.size() && !(parts.size() == 1 && weights.isEmpty()))) {
            throw new PlanException("tempered(parts=" + parts.size() + ", weights=" + weights.size()
                    + "): needs one weight for each part");
        }
        if (!(limit > 0)) {
            throw new PlanException("tempered(limit=" + limit + "): not positive");
        }
    }

    /**
     * One density.
     *
     * @param density its logarithm
     * @return a sum of one part of weight 1
     */
    public static Tempered of(LogDensity density) {
        return new Tempered(List.of(density), List.of(), Double.POSITIVE_INFINITY, true);
    }

    /**
     * Between two densities: (1 - t) log a + t log b.
     *
     * @param start a
     * @param end b
     * @param temperature t, a scalar
     * @return both, weighed
     */
    public static Tempered between(LogDensity start, LogDensity end, Tensor temperature) {
        return new Tempered(
                List.of(start, end), List.of(temperature.rsub(1), temperature), Double.POSITIVE_INFINITY, true);
    }

    /**
     * With limited gradients.
     *
     * @param most largest element in absolute value
     * @return a copy
     */
    public Tempered limit(double most) {
        return new Tempered(parts, weights, most, smooth);
    }

    /**
     * For transitions that need no gradient.
     *
     * @return a copy whose gradients are zero
     */
    public Tempered withoutGradient() {
        return new Tempered(parts, weights, limit, false);
    }

    /**
     * Values and gradients of all parts.
     *
     * @param z positions [.., d]
     * @return the point
     * @throws ShapeException if a part does not give one number for each chain
     */
    public Point at(Tensor z) {
        Shape lanes = z.shape().drop(-1);
        List<Tensor> values = new ArrayList<>();
        List<Tensor> gradients = new ArrayList<>();
        for (LogDensity f : parts) {
            Tensor v = f.logDensity(z);
            if (!v.shape().equals(lanes)) {
                throw new ShapeException("logDensity(z=" + z.describe() + "): gives " + v.describe()
                        + ", needs one number for each chain, " + lanes);
            }
            values.add(v);
            // chains do not see each other: the gradient of the sum is each chain's own
            gradients.add(smooth ? Gradients.orZeros(v.sum(), List.of(z)).get(0) : Tensors.zeros(z.dtype(), z.shape()));
        }
        return new Point(z, values, gradients);
    }

    /**
     * The weighted log density at a point.
     *
     * @param p point
     * @return [..]
     */
    public Tensor value(Point p) {
        return total(p.values());
    }

    /**
     * The gradient of the weighted log density at a point.
     *
     * @param p point
     * @return [.., d]
     */
    public Tensor gradient(Point p) {
        Tensor g = total(p.gradients());
        return limit < Double.POSITIVE_INFINITY ? g.clamp(-limit, limit) : g;
    }

    private Tensor total(List<Tensor> all) {
        if (weights.isEmpty()) {
            return all.get(0);
        }
        Tensor s = all.get(0).mul(weights.get(0));
        for (int i = 1; i < all.size(); i++) {
            s = s.add(all.get(i).mul(weights.get(i)));
        }
        return s;
    }
}
