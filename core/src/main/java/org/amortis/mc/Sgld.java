package org.amortis.mc;

import java.util.List;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Stochastic gradient Langevin dynamics (Welling and Teh 2011): x + (e/2) stochastic gradient + sqrt(e) noise, with
 * e_t = e (1 + t / delay)^-power and e the step size of the settings. The log density kept with a draw is the estimate at
 * the position before it.
 *
 * @param estimate log density of a minibatch
 * @param delay transitions after which the step size begins to fall
 * @param power 0 for constant steps, 0.55 in published code
 */
public record Sgld(StochasticLogDensity estimate, double delay, double power) implements Transition {
    /** Checks the numbers. */
    public Sgld {
        if (!(delay > 0) || !(power >= 0)) {
            throw new PlanException("sgld(delay=" + delay + ", power=" + power + "): delay > 0, power not negative");
        }
    }

    /**
     * With constant steps.
     *
     * @param estimate log density of a minibatch
     * @return the transition
     */
    public static Sgld constant(StochasticLogDensity estimate) {
        return new Sgld(estimate, 1, 0);
    }

    @Override
    public Moved move(Point now, Tempered target, Tensor step, Metric metric, Key key) {
        Tensor z = now.z();
        Shape lanes = z.shape().drop(-1);
        Tensor e = step.shape().rank() == 0 ? step : step.expandDims(-1);
        Tensor value = estimate.logDensity(z, key.fold("batch"));
        Tensor gradient = Gradients.of(value.sum(), z);
        Tensor noise = Random.normal(key.fold("noise"), z.dtype(), z.shape());
        Tensor next = z.add(metric.velocity(
                e.mul(0.5).mul(metric.force(gradient)).add(e.sqrt().mul(noise))));
        return Ula.unadjusted(at(next, value), value, 1, lanes);
    }

    /** A point whose gradient nobody reads. */
    static Point at(Tensor z, Tensor value) {
        return new Point(z, List.of(value), List.of(Tensors.zeros(z.dtype(), z.shape())));
    }

    @Override
    public boolean usesGradient() {
        return false;
    }

    @Override
    public double scheduled(double first, int transition) {
        return power == 0 ? first : first * Math.pow(1 + transition / delay, -power);
    }
}
