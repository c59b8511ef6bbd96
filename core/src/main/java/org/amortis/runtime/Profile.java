package org.amortis.runtime;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Where the time of a step goes, instruction by instruction on one thread. Times are medians over the measured runs; the
 * clock itself costs some 20 ns an instruction, which small instructions feel.
 *
 * @param rows one row an instruction, in the order of execution
 * @param runs how many runs were measured
 */
public record Profile(List<Row> rows, int runs) {
    /**
     * One instruction.
     *
     * @param text what it computes, with the types it writes and the user's line
     * @param nanos median time
     * @param elements elements written
     */
    public record Row(String text, long nanos, long elements) {}

    /**
     * Time of all instructions.
     *
     * @return nanoseconds
     */
    public long nanos() {
        return rows.stream().mapToLong(Row::nanos).sum();
    }

    /** A table, the most expensive instructions first. */
    @Override
    public String toString() {
        long total = Math.max(1, nanos());
        StringBuilder b = new StringBuilder(
                String.format(Locale.ROOT, "%.1f us in %d instructions, %d runs%n", total * 1e-3, rows.size(), runs));
        rows.stream()
                .sorted(Comparator.comparingLong(Row::nanos).reversed())
                .forEach(r -> b.append(String.format(
                        Locale.ROOT,
                        "%9.2f us %5.1f %%  %6.2f ns/element  %s%n",
                        r.nanos * 1e-3,
                        100.0 * r.nanos / total,
                        (double) r.nanos / Math.max(1, r.elements),
                        r.text)));
        return b.toString();
    }
}
