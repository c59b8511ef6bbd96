package org.amortis.spi;

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
        long compileNanos) {}
