package org.amortis.mc;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
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
}
