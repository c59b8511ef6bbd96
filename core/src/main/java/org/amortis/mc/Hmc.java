package org.amortis.mc;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.dist.Normal;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Hamiltonian Monte Carlo: fresh momenta, leapfrog steps, one accept or reject.
 *
 * @param leapfrog leapfrog steps
 * @param jitter each chain's step size is multiplied by a number drawn from [1 - jitter, 1 + jitter], which keeps chains
 *     from running in circles
 * @param targetAcceptance acceptance that warm-up steers the step size to
 */
public record Hmc(int leapfrog, double jitter, double targetAcceptance) implements Transition {
    /** Energy error from which a proposal counts as lost. */
    static final double DIVERGENCE = 1000;

    /** Checks the numbers. */
    public Hmc {
        if (leapfrog < 1 || !(jitter >= 0 && jitter < 1) || !(targetAcceptance > 0 && targetAcceptance < 1)) {
            throw new PlanException("hmc(leapfrog=" + leapfrog + ", jitter=" + jitter + ", targetAcceptance="
                    + targetAcceptance + "): needs leapfrog >= 1, 0 <= jitter < 1, target between 0 and 1");
        }
    }

    /**
     * A number of leapfrog steps with step sizes jittered by a fifth; acceptance 0.8.
     *
     * @param leapfrog leapfrog steps
     * @return settings
     */
    public static Hmc of(int leapfrog) {
        return new Hmc(leapfrog, 0.2, 0.8);
    }

    /**
     * The Metropolis-adjusted Langevin algorithm, which is one leapfrog step h: x + h^2/2 gradient + h noise, accepted or
     * rejected. Acceptance 0.574.
     *
     * @return settings
     */
    public static Hmc mala() {
        return new Hmc(1, 0, 0.574);
    }

    @Override
    public Moved move(Point now, Tempered target, Tensor step, Metric metric, Key key) {
        DType dtype = now.z().dtype();
        Shape lanes = now.z().shape().drop(-1);
        Tensor e = step.broadcastTo(lanes);
        if (jitter > 0) {
            e = e.mul(Random.uniform(key.fold("jitter"), dtype, lanes)
                    .mul(2 * jitter)
                    .add(1 - jitter));
        }
        Tensor length = e;
        Tensor p = Random.normal(key.fold("momentum"), dtype, now.z().shape());
        Tensor u = Random.uniform(key.fold("accept"), dtype, lanes);
        int parts = target.parts().size();
        List<Tensor> carries = new ArrayList<>(now.flat());
        carries.add(p);
        carries.add(Tensors.zeros(DType.BOOL, lanes));
        List<Tensor> ends = Scan.of(leapfrog)
                .carry(carries)
                .body((t, carry, none) -> {
                    Point at = Point.of(carry.subList(0, Point.size(parts)));
                    Leapfrog.End end = Leapfrog.step(
                            at.z(), carry.get(carry.size() - 2), target.gradient(at), target, length, metric);
                    List<Tensor> next = new ArrayList<>(end.point().flat());
                    next.add(end.p());
                    next.add(carry.get(carry.size() - 1)
                            .or(target.value(end.point()).eq(Double.POSITIVE_INFINITY)));
                    return Scan.Step.of(next);
                })
                .finals();
        Point proposal = Point.of(ends.subList(0, Point.size(parts)));
        Tensor before = Leapfrog.kinetic(p).sub(target.value(now));
        Tensor after = Leapfrog.kinetic(ends.get(ends.size() - 2)).sub(target.value(proposal));
        Tensor gain = before.sub(after);
        // false where the energy is not a number: such a proposal is rejected
        Tensor fine = gain.gt(-DIVERGENCE);
        Tensor accept = fine.and(u.log().lt(gain));
        return new Moved(
                Point.where(accept, proposal, now),
                Tensors.where(fine, gain.minimum(0).exp(), 0),
                Tensors.where(accept, after, before),
                Tensors.fill(leapfrog, dtype, lanes),
                Tensors.zeros(dtype, lanes),
                fine.not(),
                ends.get(ends.size() - 1));
    }

    /**
     * One transition that leaves exp(sum weight_i part_i) invariant; the step size of each chain is adapted after it.
     *
     * @param chains where they are
     * @param parts log densities
     * @param weights a scalar for each
     * @param settings settings
     * @param key a key, or one for each of the B data
     * @return where they are afterwards
     */
    public static Chains step(
            Chains chains, List<LogDensity> parts, List<Tensor> weights, HmcSettings settings, Key key) {
        if (parts.size() != weights.size() || parts.size() != chains.values().size()) {
            throw new PlanException("hmc(parts=" + parts.size() + ", weights=" + weights.size() + ", values="
                    + chains.values().size() + "): needs one weight and one value for each part");
        }
        Tensor z = chains.z();
        Shape s = z.shape();
        Tensor step = chains.stepSize().expandDims(-1);
        Tensor half = step.mul(0.5);
        Tensor first = Normal.standard(z.dtype(), s.drop(0)).sample(key.fold("momentum"), s.dim(0));
        Tensor r = first;
        List<Tensor> values = chains.values();
        List<Tensor> gradients = chains.gradients();
        Tensor force = total(gradients, weights).clamp(-settings.gradientLimit(), settings.gradientLimit());
        for (int i = 0; i < settings.leapfrog(); i++) {
            r = r.add(half.mul(force));
            z = z.add(step.mul(r));
            values = new ArrayList<>();
            gradients = new ArrayList<>();
            Chains.evaluate(z, parts, values, gradients);
            force = total(gradients, weights).clamp(-settings.gradientLimit(), settings.gradientLimit());
            r = r.add(half.mul(force));
        }
        Tensor gain = total(values, weights)
                .sub(total(chains.values(), weights))
                .add(first.square().sum(-1).sub(r.square().sum(-1)).mul(0.5));
        // log u < gain is false where the energy is not a number: such a proposal is rejected
        Tensor accept = uniform(key.fold("accept"), z).log().lt(gain);
        Tensor wide = accept.expandDims(-1);
        List<Tensor> newValues = new ArrayList<>();
        List<Tensor> newGradients = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            newValues.add(Tensors.where(accept, values.get(i), chains.values().get(i)));
            newGradients.add(
                    Tensors.where(wide, gradients.get(i), chains.gradients().get(i)));
        }
        Tensor accepted = chains.acceptance()
                .mul(settings.memory())
                .add(accept.cast(z.dtype()).mul(1 - settings.memory()));
        Tensor up = Tensors.fill(settings.growth(), z.dtype(), accepted.shape());
        Tensor stepSize = chains.stepSize()
                .mul(Tensors.where(accepted.gt(settings.target()), up, settings.shrink()))
                .clamp(settings.leastStep(), settings.largestStep());
        return new Chains(Tensors.where(wide, z, chains.z()), newValues, newGradients, stepSize, accepted);
    }

    private static Tensor total(List<Tensor> parts, List<Tensor> weights) {
        Tensor s = parts.get(0).mul(weights.get(0));
        for (int i = 1; i < parts.size(); i++) {
            s = s.add(parts.get(i).mul(weights.get(i)));
        }
        return s;
    }

    /** Uniform numbers [C, B]; with a key for each datum its numbers do not depend on the others. */
    private static Tensor uniform(Key key, Tensor z) {
        int c = z.shape().dim(0);
        int b = z.shape().dim(1);
        return key.tensor().shape().rank() == 0
                ? Random.uniform(key, z.dtype(), Shape.of(c, b))
                : Random.uniform(key, z.dtype(), Shape.of(b, c)).transpose();
    }
}
