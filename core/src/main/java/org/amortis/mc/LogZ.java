package org.amortis.mc;

import java.util.Locale;
import org.amortis.array.PlanException;

/**
 * What is known of the logarithm of a normalising constant.
 *
 * @param value log Z in nats
 * @param standardError its standard error; 0 where it is exact
 * @param kind how it is known
 */
public record LogZ(double value, double standardError, Kind kind) {
    /** How a normalising constant is known. */
    public enum Kind {
        /** By a formula, or by quadrature to the last digits of a double. */
        EXACT,
        /** By a long Monte Carlo run. */
        REFERENCE
    }

    /** Checks the numbers. */
    public LogZ {
        if (!Double.isFinite(value)
                || !(standardError >= 0 && standardError < Double.POSITIVE_INFINITY)
                || (kind == Kind.EXACT) != (standardError == 0)) {
            throw new PlanException("logZ(value=" + value + ", standardError=" + standardError + ", kind=" + kind
                    + "): finite numbers; a standard error is 0 where the value is exact and positive where it is not");
        }
    }

    /**
     * A known constant.
     *
     * @param value log Z in nats
     * @return exact
     */
    public static LogZ exact(double value) {
        return new LogZ(value, 0, Kind.EXACT);
    }

    /**
     * An estimated constant.
     *
     * @param value log Z in nats
     * @param standardError its standard error, positive
     * @return a reference
     */
    public static LogZ reference(double value, double standardError) {
        return new LogZ(value, standardError, Kind.REFERENCE);
    }

    @Override
    public String toString() {
        return kind == Kind.EXACT
                ? String.format(Locale.ROOT, "%.6f", value)
                : String.format(Locale.ROOT, "%.3f +- %.3f", value, standardError);
    }
}
