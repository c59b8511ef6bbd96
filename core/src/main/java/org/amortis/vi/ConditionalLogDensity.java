package org.amortis.vi;

import org.amortis.dist.LogDensity;

/** A log density for each context. */
@FunctionalInterface
public interface ConditionalLogDensity {
    /**
     * The density for a context.
     *
     * @param context what is observed, B rows
     * @return density of values [.., B, event]
     */
    LogDensity given(Context context);
}
