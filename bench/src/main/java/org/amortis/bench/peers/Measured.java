package org.amortis.bench.peers;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What all rounds gave: for each row and library the best sample of each round. */
final class Measured {
    private final Map<Row, Map<PeerKind, Series>> rows = new LinkedHashMap<>();
    private final Map<PeerKind, String> versions = new EnumMap<>(PeerKind.class);
    private double peak = Double.NaN;

    Measured() {}

    /** One row in one library. */
    static final class Series {
        private final List<Double> best = new ArrayList<>();
        private final List<Double> median = new ArrayList<>();
        private double error = Double.NaN;

        /** Microseconds of the best sample of each round. */
        List<Double> best() {
            return best;
        }

        /** Microseconds of the median sample of each round. */
        List<Double> median() {
            return median;
        }

        /** Largest error found, NaN if nothing was compared. */
        double error() {
            return error;
        }

        double micros() {
            return best.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
        }
    }

    void version(PeerKind kind, String version) {
        versions.put(kind, version);
    }

    void peak(double flops) {
        peak = Double.isNaN(peak) ? flops : Math.max(peak, flops);
    }

    void add(PeerKind kind, Row row, double median, double best, double error) {
        Series s =
                rows.computeIfAbsent(row, r -> new EnumMap<>(PeerKind.class)).computeIfAbsent(kind, k -> new Series());
        s.best.add(best);
        s.median.add(median);
        s.error = Double.isNaN(s.error) ? error : Math.max(s.error, error);
    }

    /** Rows that somebody has, in the order of the table. */
    List<Row> rows() {
        return Row.TABLE.stream().filter(rows::containsKey).toList();
    }

    /** Libraries that have this row. */
    Map<PeerKind, Series> of(Row row) {
        return Objects.requireNonNull(rows.get(row));
    }

    Map<PeerKind, String> versions() {
        return versions;
    }

    /** Floating-point operations a second of one core that does nothing else; NaN if unknown. */
    double peak() {
        return peak;
    }
}
