package org.amortis.bench.mcmc;

import java.util.Locale;
import org.amortis.mc.Hmc;
import org.amortis.mc.Nuts;
import org.amortis.mc.Slice;
import org.amortis.mc.Transition;
import org.amortis.mc.Ula;

/** What samples. */
enum Method {
    NUTS(0, true),
    HMC(0, true),
    MALA(0, true),
    ULA(0.2, false),
    SLICE(2, false),
    SMC(0, false),
    AIS(0, false);

    private final double step;
    private final boolean momentum;

    Method(double step, boolean momentum) {
        this.step = step;
        this.momentum = momentum;
    }

    /** Step size where none is learnt, in units of the learnt deviations; 0 where one is. */
    double step() {
        return step;
    }

    /** Whether its energy means something: the Hamiltonian of fresh momenta. */
    boolean momentum() {
        return momentum;
    }

    /** Whether particles go from a start to the target instead of chains staying in it. */
    boolean anneals() {
        return this == SMC || this == AIS;
    }

    /** The kernel; of the methods that anneal the one that moves particles. */
    Transition transition(int leapfrog) {
        return switch (this) {
            case NUTS -> Nuts.standard();
            case HMC, SMC, AIS -> Hmc.of(leapfrog);
            case MALA -> Hmc.mala();
            case ULA -> new Ula();
            case SLICE -> Slice.standard();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
