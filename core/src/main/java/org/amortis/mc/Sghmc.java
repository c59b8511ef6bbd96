package org.amortis.mc;

import java.util.List;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;

/**
 * Stochastic gradient Hamiltonian Monte Carlo (Chen et al. 2014), one transition: a fresh velocity v ~ N(0, e), then steps
 * x + v, (1 - friction) v + e stochastic gradient + sqrt(2 friction e) noise, with e the step size of the settings. The
 * noise of the gradient is not subtracted, so that it heats the chain by a share that falls with e. The log density kept
 * with a draw is the estimate at the last position but one.
 *
 * @param estimate log density of a minibatch
 * @param steps steps with one velocity
 * @param friction share of the velocity lost at a step, in (0, 1]
 */
public record Sghmc(StochasticLogDensity estimate, int steps, double friction) implements Transition {
    /** Checks the numbers. */
    public Sghmc {
        if (steps < 1 || !(friction > 0 && friction <= 1)) {
            throw new PlanException(
                    "sghmc(steps=" + steps + ", friction=" + friction + "): at least one step, friction in (0, 1]");
        }
    }

    @Override
    public Moved move(Point now, Tempered target, Tensor step, Metric metric, Key key) {
        Tensor z = now.z();
        Shape lanes = z.shape().drop(-1);
        Tensor e = step.shape().rank() == 0 ? step : step.expandDims(-1);
        Tensor v = Random.normal(key.fold("velocity"), z.dtype(), z.shape()).mul(e.sqrt());
        Key batches = key.fold("batch");
        Key noises = key.fold("noise");
        Scan.Result r = Scan.of(steps).carry(z, v, now.values().get(0)).body((t, carry, none) -> {
            Tensor x = carry.get(0).add(metric.velocity(carry.get(1)));
            Tensor value = estimate.logDensity(x, batches.fold(t));
            Tensor force = metric.force(Gradients.of(value.sum(), x));
            Tensor noise = Random.normal(noises.fold(t), z.dtype(), z.shape());
            Tensor next = carry.get(1)
                    .mul(1 - friction)
                    .add(e.mul(force))
                    .add(e.mul(2 * friction).sqrt().mul(noise));
            return Scan.Step.of(List.of(x, next, value));
        });
        return Ula.unadjusted(Sgld.at(r.last(0), r.last(2)), r.last(2), steps, lanes);
    }

    @Override
    public boolean usesGradient() {
        return false;
    }
}
