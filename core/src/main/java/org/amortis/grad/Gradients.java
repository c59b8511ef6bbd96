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
}
