package org.amortis.bench.mcmc;

import org.amortis.array.DType;
import org.amortis.mc.Target;
import org.amortis.mc.Transition;

/** What both kinds of study are about. */
record Setting(Target target, Method method, Transition transition, DType dtype, double deviation, String command) {
    String title() {
        return target.name() + " by " + method;
    }

    String fingerprint(String seed) {
        return "mcmc target=" + target.name() + " method=" + method + " " + transition + " " + dtype + " start="
                + deviation + " seed=" + seed;
    }
}
