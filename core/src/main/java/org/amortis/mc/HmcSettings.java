package org.amortis.mc;

import org.amortis.array.PlanException;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Settings of a Hamiltonian transition with unit mass and a step size for each chain, which follows the chain's own
 * acceptance: bring the target to a scale near one, by the whitening of a local fit.
 *
 * @param leapfrog leapfrog steps
 * @param firstStep first step size
 * @param leastStep smallest step size
 * @param largestStep largest step size
 * @param target acceptance above which the step grows
 * @param growth factor of the step after that
 * @param shrink factor of the step else
 * @param memory weight of the past in the running acceptance
 * @param gradientLimit elements of the gradient are limited to this
 */
public record HmcSettings(
        int leapfrog,
        double firstStep,
        double leastStep,
        double largestStep,
        double target,
        double growth,
        double shrink,
        double memory,
        double gradientLimit) {
    /** Checks the numbers. */
    public HmcSettings {
        if (leapfrog < 1
                || !(leastStep > 0 && leastStep <= firstStep && firstStep <= largestStep)
                || !(growth >= 1 && shrink > 0 && shrink <= 1)
                || !(memory >= 0 && memory < 1)
                || !(gradientLimit > 0)) {
            throw new PlanException("hmc(leapfrog=" + leapfrog + ", step=" + leastStep + ".." + firstStep + ".."
                    + largestStep + ", growth=" + growth + ", shrink=" + shrink + ", memory=" + memory
                    + ", gradientLimit=" + gradientLimit + "): at least one leapfrog step, steps in order, growth >= 1"
                    + " >= shrink > 0");
        }
    }

    /**
     * For chains that start at the prior, as published: 10 leapfrog steps of 0.01, between 1e-4 and 0.5.
     *
     * @return settings
     */
    public static HmcSettings prior() {
        return new HmcSettings(10, 0.01, 1e-4, 0.5, 0.65, 1.02, 0.98, 0.9, 1e4);
    }

    /**
     * For chains in coordinates in which the target is near a standard normal: fewer and longer steps.
     *
     * @return settings
     */
    public static HmcSettings whitened() {
        return new HmcSettings(5, 0.3, 1e-3, 1, 0.65, 1.02, 0.98, 0.9, 1e4);
    }

    /**
     * With another number of leapfrog steps.
     *
     * @param n how many
     * @return a copy
     */
    public HmcSettings leapfrog(int n) {
        return new HmcSettings(n, firstStep, leastStep, largestStep, target, growth, shrink, memory, gradientLimit);
    }

    /**
     * With a step size that is not adapted.
     *
     * @param step step size
     * @return a copy
     */
    public HmcSettings fixedStep(double step) {
        return new HmcSettings(leapfrog, step, step, step, target, 1, 1, memory, gradientLimit);
    }

    /**
     * The transition, without jitter.
     *
     * @return transition
     */
    public Hmc transition() {
        return new Hmc(leapfrog, 0, target);
    }

    /**
     * Running acceptance of each chain after a transition.
     *
     * @param before running acceptance
     * @param now acceptance probability of the transition
     * @return both, weighed
     */
    public Tensor remember(Tensor before, Tensor now) {
        return before.mul(memory).add(now.mul(1 - memory));
    }

    /**
     * Step size of each chain after a transition.
     *
     * @param step step size
     * @param acceptance running acceptance
     * @return longer where more than the target is accepted, else shorter
     */
    public Tensor adapt(Tensor step, Tensor acceptance) {
        Tensor up = Tensors.fill(growth, step.dtype(), acceptance.shape());
        return step.mul(Tensors.where(acceptance.gt(target), up, shrink)).clamp(leastStep, largestStep);
    }
}
