package org.amortis.bench.peers;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.amortis.bench.study.StudyResult;
import org.jspecify.annotations.Nullable;

/** The table in Markdown, and the same numbers as a result file. */
final class PeersTable {
    private PeersTable() {}

    static void print(Measured all, PrintWriter out) {
        TreeSet<PeerKind> kinds = new TreeSet<>();
        all.rows().forEach(r -> kinds.addAll(all.of(r).keySet()));
        out.println();
        out.println("Microseconds a call, best sample of the best round. Ratios: speed of this engine over the fastest"
                + " library as it comes, and over the fastest with AVX-512 forced (+); in brackets the rounds one"
                + " by one.");
        out.println();
        StringBuilder head = new StringBuilder("| row |");
        StringBuilder rule = new StringBuilder("|---|");
        for (PeerKind k : kinds) {
            head.append(' ').append(k.label()).append(" |");
            rule.append("---|");
        }
        out.println(head.append(" over stock | goal | over + | goal | error |"));
        out.println(rule.append("---|---|---|---|---|"));
        for (Row row : all.rows()) {
            out.println(line(all, row, kinds));
        }
        out.println();
        floors(all, out);
        twoThreads(all, out);
    }

    private static String line(Measured all, Row row, Iterable<PeerKind> kinds) {
        Map<PeerKind, Measured.Series> of = all.of(row);
        StringBuilder s = new StringBuilder("| ").append(row.id()).append(" |");
        for (PeerKind k : kinds) {
            Measured.Series t = of.get(k);
            s.append(' ').append(t == null ? "" : micros(t.micros())).append(" |");
        }
        Ratio stock = Ratio.of(of, false);
        Ratio wide = Ratio.of(of, true);
        s.append(' ').append(stock == null ? "" : stock).append(" | ").append(goal(row.goal(), stock));
        s.append(" | ").append(wide == null ? "" : wide).append(" | ").append(goal(row.wideGoal(), wide));
        Measured.Series own = of.get(PeerKind.AMORTIS);
        double error = own == null ? Double.NaN : own.error();
        return s.append(" | ")
                .append(Double.isNaN(error) ? "" : String.format(Locale.ROOT, "%.1e", error))
                .append(" |")
                .toString();
    }

    private static String goal(double goal, @Nullable Ratio reached) {
        if (goal == 0) {
            return "";
        }
        String g = String.format(Locale.ROOT, "%.3g", goal);
        return reached == null ? g : g + (reached.value() >= goal ? " met" : " missed");
    }

    private static String micros(double us) {
        return String.format(Locale.ROOT, us < 1 ? "%.4f" : us < 100 ? "%.2f" : "%.0f", us);
    }

    /** How far products and steps are from the multiply-adds alone. */
    private static void floors(Measured all, PrintWriter out) {
        if (Double.isNaN(all.peak())) {
            return;
        }
        out.printf(Locale.ROOT, "Multiply-add loop of one core: %.0f GFLOP/s float32.%n", all.peak() * 1e-9);
        for (Row row : all.rows()) {
            Measured.Series own = all.of(row).get(PeerKind.AMORTIS);
            if (own != null && (row.op().isStep() || row.op().isGemm()) && row.threads() == 1) {
                double floor = row.work() / all.peak() * 1e6;
                out.printf(
                        Locale.ROOT,
                        "%s: %.1f GFLOP/s, %.2f times the floor of %s us%n",
                        row.id(),
                        row.work() / own.micros() * 1e-3,
                        own.micros() / floor,
                        micros(floor));
            }
        }
    }

    private static void twoThreads(Measured all, PrintWriter out) {
        List<Row> rows = all.rows();
        for (Row two : rows) {
            for (Row one : rows) {
                Measured.Series t2 = all.of(two).get(PeerKind.AMORTIS);
                Measured.Series t1 = all.of(one).get(PeerKind.AMORTIS);
                if (two.threads() == 2 && one.threads() == 1 && one.sameWork(two) && t1 != null && t2 != null) {
                    out.printf(Locale.ROOT, "%s: %.2f times one thread%n", two.id(), t1.micros() / t2.micros());
                }
            }
        }
    }

    static void put(Measured all, StudyResult result) {
        all.versions().forEach((k, v) -> result.put("version." + k.label(), v));
        result.put("peakFlops", all.peak());
        for (Row row : all.rows()) {
            String id = row.id();
            result.put(id + ".work", row.work());
            all.of(row).forEach((kind, series) -> {
                String key = id + "." + kind.label();
                for (int i = 0; i < series.best().size(); i++) {
                    result.put(key + ".best." + i, series.best().get(i));
                    result.put(key + ".median." + i, series.median().get(i));
                }
                result.put(key + ".error", series.error());
            });
            put(result, id + ".overStock", Ratio.of(all.of(row), false), row.goal());
            put(result, id + ".overWide", Ratio.of(all.of(row), true), row.wideGoal());
        }
    }

    private static void put(StudyResult result, String key, @Nullable Ratio ratio, double goal) {
        if (ratio != null) {
            result.put(key, ratio.value());
            result.put(key + ".low", ratio.low());
            result.put(key + ".high", ratio.high());
            result.put(key + ".goal", goal == 0 ? Double.NaN : goal);
        }
    }
}
