package org.amortis.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.dist.Mapped;
import org.amortis.tensor.CustomGradient;
import org.amortis.tensor.ReverseMode;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** Inverses of increasing functions, element by element, with the gradients of the inverse function. */
final class Roots {
    /** Halvings that take an interval of 1e6 below the last digit of 1. */
    private static final int STEPS = 80;

    private Roots() {}

    /** An increasing function of each element. */
    @FunctionalInterface
    interface Increasing {
        /**
         * The function.
         *
         * @param x argument
         * @param parameters what else it depends on
         * @return value and logarithm of the derivative, of the shape of x
         */
        Mapped at(Tensor x, Tensor... parameters);
    }

    /**
     * The x with f(x) = y, by Newton steps that stay in an interval which shrinks with every step; halving where Newton
     * leaves it or is slow. The gradient is that of the implicit function, to any order, and costs one evaluation.
     *
     * @param f function
     * @param y values
     * @param low where f is at most y, of the shape of y; no gradient flows into it
     * @param high where f is at least y
     * @param parameters of f
     * @return x, of the shape of y
     */
    static Tensor solve(Increasing f, Tensor y, Tensor low, Tensor high, Tensor... parameters) {
        Tensor[] operands = new Tensor[parameters.length + 1];
        operands[0] = y;
        System.arraycopy(parameters, 0, operands, 1, parameters.length);
        Tensor from = low.stopGradient();
        Tensor to = high.stopGradient();
        return CustomGradient.of(all -> search(f, all[0], from, to, tail(all)), (all, x, dx) -> {
                    // f(x; p) = y: dx/dy = 1/f', dx/dp = -(df/dp)/f'
                    Tensor[] p = tail(all);
                    Mapped m = f.at(x, p);
                    Tensor dy = dx.mul(m.logDet().neg().exp());
                    @Nullable
                    Tensor[] dp = ReverseMode.partial(List.of(m.value()), new Tensor[] {dy.neg()}, with(p, x));
                    @Nullable Tensor[] g = new Tensor[all.length];
                    g[0] = dy;
                    System.arraycopy(dp, 0, g, 1, p.length);
                    return g;
                })
                .apply(operands);
    }

    private static Tensor[] tail(Tensor[] all) {
        return java.util.Arrays.copyOfRange(all, 1, all.length);
    }

    private static List<Tensor> with(Tensor[] p, Tensor x) {
        List<Tensor> r = new ArrayList<>(List.of(p));
        r.add(x);
        return r;
    }

    private static Tensor search(Increasing f, Tensor y, Tensor low, Tensor high, Tensor... p) {
        double tolerance = y.dtype() == DType.F64 ? 1e-13 : 1e-6;
        Tensor middle = low.add(high.sub(low).mul(0.5));
        return Scan.until(STEPS)
                .carry(middle, low, high, high.sub(low))
                .body((t, carry, none) -> {
                    Tensor x = carry.get(0);
                    Mapped m = f.at(x, p);
                    Tensor off = m.value().sub(y);
                    Tensor below = off.lt(0);
                    Tensor a = Tensors.where(below, x, carry.get(1));
                    Tensor b = Tensors.where(below, carry.get(2), x);
                    Tensor newton = off.mul(m.logDet().neg().exp());
                    Tensor to = x.sub(newton);
                    // false for NaN: the interval is halved then
                    Tensor good = to.ge(a)
                            .and(to.le(b))
                            .and(newton.abs().mul(2).lt(carry.get(3).abs()).or(newton.eq(0)));
                    Tensor next = Tensors.where(good, to, a.add(b.sub(a).mul(0.5)));
                    Tensor step = next.sub(x);
                    Tensor scale = x.abs().maximum(1);
                    return Scan.Step.of(next, a, b, step).doneWhen(step.abs().le(scale.mul(tolerance)));
                })
                .last(0);
    }
}
