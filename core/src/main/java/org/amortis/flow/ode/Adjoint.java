package org.amortis.flow.ode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.amortis.grad.Gradients;
import org.amortis.tensor.CustomGradient;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Solutions whose gradient comes from the adjoint equation, solved backwards from the end together with the state: memory
 * does not grow with the steps. It is the gradient of the exact solution and not of the steps taken forward, so it agrees
 * with that of the steps as far as both solutions are accurate. Gradients of parameters are integrals along the way and
 * take no part in the error control.
 */
public final class Adjoint {
    private final OdeSolver forward;
    private final OdeSolver backward;

    private Adjoint(OdeSolver forward, OdeSolver backward) {
        this.forward = forward;
        this.backward = backward;
    }

    /**
     * Of two solvers.
     *
     * @param forward for the solution
     * @param backward for its gradient
     * @return the pair
     */
    public static Adjoint of(OdeSolver forward, OdeSolver backward) {
        return new Adjoint(forward, backward);
    }

    /**
     * The solution at another time.
     *
     * @param system right-hand side of the operands; what else it reads gets no gradient
     * @param operands what it depends on, float tensors such as weights and context
     * @param y state at the start
     * @param from time at the start
     * @param to time at the end
     * @return state at the end
     */
    public List<Tensor> solve(
            Function<List<Tensor>, OdeSystem> system, List<Tensor> operands, List<Tensor> y, double from, double to) {
        List<Tensor> all = new ArrayList<>(y);
        all.addAll(operands);
        int n = y.size();
        Tensor end = CustomGradient.of(
                        x -> packed(forward.solve(system.apply(tail(x, n)), head(x, n), from, to)
                                .y()),
                        (x, result, cotangent) -> {
                            List<Tensor> state = unpacked(result, y);
                            List<Tensor> slope = unpacked(cotangent, y);
                            OdeSolution s = pullBack(system, tail(x, n), state, slope, from, to);
                            List<Tensor> g = new ArrayList<>(s.y().subList(n, 2 * n));
                            g.addAll(s.integrals());
                            return g.toArray(Tensor[]::new);
                        })
                .apply(all.toArray(Tensor[]::new));
        return unpacked(end, y);
    }

    /**
     * The adjoint solution: state and cotangents at the start, and what it took to get them.
     *
     * @param system right-hand side of the operands
     * @param operands what it depends on
     * @param y state at the end
     * @param cotangents cotangent of each tensor of the state at the end
     * @param from time at the start of the solution
     * @param to time at its end
     * @return state, then its cotangents, at the start; the integrals are the cotangents of the operands
     */
    public OdeSolution pullBack(
            Function<List<Tensor>, OdeSystem> system,
            List<Tensor> operands,
            List<Tensor> y,
            List<Tensor> cotangents,
            double from,
            double to) {
        int n = y.size();
        OdeSystem f = system.apply(operands);
        // states of later stages depend on the operands too: what is differentiated reads operands of its own
        List<Tensor> own = copies(operands);
        OdeSystem ofOwn = system.apply(own);
        OdeSystem both = (t, s) -> {
            List<Tensor> state = copies(s.subList(0, n));
            List<Tensor> slopes = f.slopes(t, state);
            List<Tensor> r = new ArrayList<>(slopes);
            for (Tensor g : Gradients.vjp(slopes, s.subList(n, 2 * n), state, true)) {
                r.add(g.neg());
            }
            return r;
        };
        RowIntegrals parameters = new RowIntegrals() {
            @Override
            public List<Tensor> zeros() {
                return operands.stream()
                        .map(o -> Tensors.zeros(o.dtype(), o.shape()))
                        .toList();
            }

            @Override
            public List<Tensor> weighted(Tensor t, List<Tensor> s, Tensor weight) {
                List<Tensor> slopes = ofOwn.slopes(t, s.subList(0, n));
                List<Tensor> c = new ArrayList<>();
                for (Tensor a : s.subList(n, 2 * n)) {
                    c.add(a.mul(weight.neg().expandDims(-1)));
                }
                return Gradients.vjp(slopes, c, own, true);
            }
        };
        List<Tensor> start = new ArrayList<>(y);
        start.addAll(cotangents);
        return backward.solve(both, start, to, from, operands.isEmpty() ? null : parameters);
    }

    /** The same values as other nodes. */
    private static List<Tensor> copies(List<Tensor> x) {
        return x.stream().map(o -> o.named("adjoint")).toList();
    }

    private static List<Tensor> head(Tensor[] x, int n) {
        return List.of(x).subList(0, n);
    }

    private static List<Tensor> tail(Tensor[] x, int n) {
        return List.of(x).subList(n, x.length);
    }

    private static Tensor packed(List<Tensor> y) {
        return y.size() == 1 ? y.get(0) : Tensors.concat(Tensor.LAST, y.toArray(Tensor[]::new));
    }

    private static List<Tensor> unpacked(Tensor all, List<Tensor> like) {
        List<Tensor> r = new ArrayList<>();
        int at = 0;
        for (Tensor t : like) {
            int n = t.shape().dim(-1);
            r.add(all.slice(Tensor.LAST, at, at + n));
            at += n;
        }
        return r;
    }

    @Override
    public String toString() {
        return forward + ", adjoint by " + backward;
    }
}
