package org.amortis.grad;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DTypeException;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;
import org.amortis.tensor.ReverseMode;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Reverse-mode gradients. They are ordinary formulas, so gradients of gradients are gradients; what a program does not
 * need is dropped when it is compiled.
 */
public final class Gradients {
    private Gradients() {}

    /**
     * Gradient of a scalar.
     *
     * @param loss float tensor of one element
     * @param wrt what to differentiate with respect to
     * @return the gradient, of the type of {@code wrt}
     * @throws PlanException if the loss does not depend on {@code wrt}
     */
    public static Tensor of(Tensor loss, Tensor wrt) {
        return of(loss, List.of(wrt)).get(0);
    }

    /**
     * Gradients of a scalar.
     *
     * @param loss float tensor of one element
     * @param wrt what to differentiate with respect to
     * @return a gradient for each, of its type
     * @throws PlanException if the loss does not depend on one of them
     */
    public static List<Tensor> of(Tensor loss, List<Tensor> wrt) {
        return compute(loss, wrt, false);
    }

    /**
     * Gradients of a scalar, zeros where it does not depend.
     *
     * @param loss float tensor of one element
     * @param wrt what to differentiate with respect to
     * @return a gradient for each, of its type
     */
    public static List<Tensor> orZeros(Tensor loss, List<Tensor> wrt) {
        return compute(loss, wrt, true);
    }

    private static List<Tensor> compute(Tensor loss, List<Tensor> wrt, boolean zeros) {
        if (loss.shape().size() != 1) {
            throw new ShapeException("gradient(loss=" + loss.describe() + "): the loss has "
                    + loss.shape().size() + " elements, not one; reduce it or use Gradients.vjp");
        }
        return vjp(List.of(loss), List.of(Tensors.ones(loss.dtype(), loss.shape())), wrt, zeros);
    }

    /**
     * Vector-Jacobian product: cotangents of the results pulled back to what they depend on.
     *
     * @param results float tensors
     * @param cotangents one for each result, of its type
     * @param wrt what to pull back to
     * @param zerosIfIndependent whether independence gives zeros instead of an error
     * @return a cotangent for each of {@code wrt}
     * @throws PlanException if no result depends on one of {@code wrt} and zeros were not asked for
     */
    public static List<Tensor> vjp(
            List<Tensor> results, List<Tensor> cotangents, List<Tensor> wrt, boolean zerosIfIndependent) {
        for (Tensor t : wrt) {
            if (!t.dtype().isFloat()) {
                throw new DTypeException("gradient with respect to " + t.describe() + ": only float tensors have one");
            }
        }
        if (cotangents.size() != results.size()) {
            throw new ShapeException("vjp(results=" + results.size() + ", cotangents=" + cotangents.size()
                    + "): needs one cotangent for each result");
        }
        if (!zerosIfIndependent) {
            return ReverseMode.total(results, cotangents, wrt);
        }
        List<@Nullable Tensor> found = ReverseMode.pullBack(results, cotangents, wrt);
        List<Tensor> r = new ArrayList<>();
        for (int i = 0; i < wrt.size(); i++) {
            Tensor t = wrt.get(i);
            Tensor g = found.get(i);
            r.add(g == null ? Tensors.zeros(t.dtype(), t.shape()) : g);
        }
        return r;
    }

    /**
     * Jacobian-vector products: how results change along a direction. By two reverse sweeps: the pull-back is linear in
     * its cotangent, and its own gradient with respect to that cotangent is the push-forward.
     *
     * @param results float tensors
     * @param wrt what moves
     * @param tangents direction for each of {@code wrt}, of its type
     * @return change of each result, of its type; zeros where it does not depend on {@code wrt}
     */
    public static List<Tensor> jvp(List<Tensor> results, List<Tensor> wrt, List<Tensor> tangents) {
        if (wrt.size() != tangents.size()) {
            throw new ShapeException("jvp(wrt=" + wrt.size() + ", tangents=" + tangents.size()
                    + "): needs one tangent for each tensor that moves");
        }
        List<Tensor> probes = new ArrayList<>();
        for (Tensor t : results) {
            probes.add(Tensors.zeros(t.dtype(), t.shape()));
        }
        List<@Nullable Tensor> back = ReverseMode.pullBack(results, probes, wrt);
        List<Tensor> reached = new ArrayList<>();
        List<Tensor> along = new ArrayList<>();
        for (int i = 0; i < wrt.size(); i++) {
            Tensor g = back.get(i);
            if (!tangents.get(i).type().equals(wrt.get(i).type())) {
                throw new ShapeException("jvp(wrt=" + wrt.get(i).describe() + ", tangent="
                        + tangents.get(i).describe() + "): types differ");
            }
            if (g != null) {
                reached.add(g);
                along.add(tangents.get(i));
            }
        }
        return vjp(reached, along, probes, true);
    }

    /**
     * Hessian of a scalar times a vector, without the Hessian.
     *
     * @param loss float tensor of one element
     * @param wrt what to differentiate with respect to
     * @param vector vector, of the type of {@code wrt}; taken as constant
     * @return the product, of the type of {@code wrt}; zeros where the gradient is constant
     * @throws PlanException if the loss does not depend on {@code wrt}
     */
    public static Tensor hvp(Tensor loss, Tensor wrt, Tensor vector) {
        // the Hessian is symmetric: its product is the pull-back of the gradient
        return vjp(List.of(of(loss, wrt)), List.of(vector), List.of(wrt), true).get(0);
    }
}
