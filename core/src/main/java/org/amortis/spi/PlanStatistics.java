package org.amortis.spi;

import java.util.Locale;

/**
 * Counts of a planned program.
 *
 * @param nodes nodes after simplification, loop bodies included
 * @param instructions instructions, loop bodies included
 * @param fusedGroups fused groups of more than one operation
 * @param constantBytes bytes of constants
 * @param inputBytes bytes of inputs
 * @param temporaryBytes bytes of planned temporaries, after reuse
 * @param temporaryBytesWithoutReuse what they would take without reuse
 * @param stateBytes bytes of the states it touches
 * @param flops floating-point operations of one run, products only
 * @param compileNanos time it took to compile
 */
public record PlanStatistics(
        int nodes,
        int instructions,
        int fusedGroups,
        long constantBytes,
        long inputBytes,
        long temporaryBytes,
        long temporaryBytesWithoutReuse,
        long stateBytes,
        long flops,
        long compileNanos) {
    /** Megabytes by class, work and compile time in one line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d nodes in %d instructions (%d fused groups), %.1f MFLOP in products; MB: constants %.2f, inputs"
                        + " %.2f, states %.2f, temporaries %.2f (%.2f without reuse); compiled in %.0f ms",
                nodes,
                instructions,
                fusedGroups,
                flops / 1e6,
                constantBytes / 1e6,
                inputBytes / 1e6,
                stateBytes / 1e6,
                temporaryBytes / 1e6,
                temporaryBytesWithoutReuse / 1e6,
                compileNanos / 1e6);
    }
}
