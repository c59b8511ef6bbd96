package org.amortis.mc.target;

import org.amortis.array.PlanException;

/** Arguments of targets. */
final class Check {
    private Check() {}

    static void positive(String what, String argument, double v) {
        if (!(v > 0 && v < Double.POSITIVE_INFINITY)) {
            throw new PlanException(what + "(" + argument + "=" + v + "): not positive and finite");
        }
    }

    static void atLeast(String what, String argument, int v, int least) {
        if (v < least) {
            throw new PlanException(what + "(" + argument + "=" + v + "): at least " + least);
        }
    }
}
