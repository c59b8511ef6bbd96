package org.amortis.bench.peers;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much faster this engine is than the fastest of some libraries: best of all rounds against best of all rounds, and the
 * range of the rounds taken one by one.
 *
 * @param value ratio, above 1 if this engine is faster
 * @param low smallest ratio of a round
 * @param high largest ratio of a round
 */
record Ratio(double value, double low, double high) {
    /**
     * Against stock libraries or against those with AVX-512 forced.
     *
     * @param row times of all libraries
     * @param wide whether AVX-512 was forced
     * @return the ratio, or null if either side is missing
     */
    static @Nullable Ratio of(Map<PeerKind, Measured.Series> row, boolean wide) {
        Measured.Series own = row.get(PeerKind.AMORTIS);
        if (own == null) {
            return null;
        }
        double best = Double.POSITIVE_INFINITY;
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (int round = 0; round < own.best().size(); round++) {
            double here = Double.POSITIVE_INFINITY;
            for (Map.Entry<PeerKind, Measured.Series> e : row.entrySet()) {
                List<Double> times = e.getValue().best();
                if (e.getKey() != PeerKind.AMORTIS && e.getKey().isWide() == wide && round < times.size()) {
                    here = Math.min(here, times.get(round));
                }
            }
            if (here < Double.POSITIVE_INFINITY) {
                best = Math.min(best, here);
                low = Math.min(low, here / own.best().get(round));
                high = Math.max(high, here / own.best().get(round));
            }
        }
        return high == 0 ? null : new Ratio(best / own.micros(), low, high);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f (%.2f-%.2f)", value, low, high);
    }
}
