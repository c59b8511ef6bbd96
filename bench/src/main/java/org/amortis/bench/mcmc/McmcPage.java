package org.amortis.bench.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.bench.report.Page;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.StudyResult;
import org.amortis.diagnose.ChainDiagnostics;
import org.amortis.diagnose.ChainSummary;
import org.amortis.diagnose.Ranks;
import org.amortis.mc.Sampler;
import org.amortis.mc.Statistic;
import org.amortis.mc.Target;
import org.amortis.mc.TargetMoments;

/** The report of chains. */
final class McmcPage {
    /** Quantities with figures: those of the fewest effective draws. */
    private static final int SHOWN = 4;

    private static final int TABLE_ROWS = 60;
    private static final int TRACE_POINTS = 400;
    private static final int PAIR_POINTS = 2_000;
    private static final int RANK_BARS = 20;
    private static final int LAGS = 50;
    private static final int EXACT_DRAWS = 10_000;

    private static final String TRACES = """
        {"data": {"name": "rows"}, "columns": 1, "autosize": "pad", "width": 920, "height": 110,
         "facet": {"field": "quantity", "type": "nominal", "title": null, "sort": null},
         "spec": {"width": 920, "height": 110,
          "mark": {"type": "line", "strokeWidth": 0.8, "opacity": 0.75},
          "encoding": {
           "x": {"field": "draw", "type": "quantitative", "title": null},
           "y": {"field": "value", "type": "quantitative", "title": null, "scale": {"zero": false},
                 "axis": {"tickCount": 4}},
           "color": {"field": "chain", "type": "nominal"}}},
         "resolve": {"scale": {"y": "independent"}}}\
        """;

    private static final String RANKS = """
        {"data": {"name": "rows"}, "columns": 4, "autosize": "pad", "width": 210, "height": 120,
         "facet": {"field": "quantity", "type": "nominal", "title": null, "sort": null},
         "spec": {"width": 200, "height": 120,
          "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 1.5},
          "encoding": {
           "x": {"field": "rank", "type": "quantitative", "title": null, "axis": {"tickCount": 4}},
           "y": {"field": "share", "type": "quantitative", "title": null, "axis": {"tickCount": 3}},
           "color": {"field": "chain", "type": "nominal"}}}}\
        """;

    private static final String CORRELATIONS = """
        {"data": {"name": "rows"}, "columns": 4, "autosize": "pad", "width": 210, "height": 120,
         "facet": {"field": "quantity", "type": "nominal", "title": null, "sort": null},
         "spec": {"width": 200, "height": 120,
          "mark": {"type": "line", "strokeWidth": 1.3},
          "encoding": {
           "x": {"field": "lag", "type": "quantitative", "title": null, "axis": {"tickCount": 5}},
           "y": {"field": "correlation", "type": "quantitative", "title": null,
                 "axis": {"tickCount": 4}},
           "color": {"field": "chain", "type": "nominal"}}}}\
        """;

    private static final String ENERGIES = """
        {"data": {"name": "rows"}, "height": 260,
         "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2},
         "encoding": {
          "x": {"field": "at", "type": "quantitative", "title": "energy about its mean, nats"},
          "y": {"field": "density", "type": "quantitative", "title": "density"},
          "color": {"field": "which", "type": "nominal", "sort": null}}}\
        """;

    private static final String DEPTHS = """
        {"data": {"name": "rows"}, "height": 260,
         "mark": {"type": "bar", "opacity": 0.75},
         "encoding": {
          "x": {"field": "depth", "type": "ordinal", "title": "doublings", "axis": {"labelAngle": 0}},
          "y": {"field": "share", "type": "quantitative", "title": "share of draws"}}}\
        """;

    private final Setting setting;
    private final Sampler sampler;
    private final ChainTable table;
    private final StudyResult result;
    private final int[] shown;

    McmcPage(Setting setting, Sampler sampler, ChainTable table, StudyResult result) {
        this.setting = setting;
        this.sampler = sampler;
        this.table = table;
        this.result = result;
        int[] order = table.worstFirst();
        this.shown = Arrays.copyOf(order, Math.min(order.length, SHOWN));
    }

    private double number(String key) {
        return McmcStudy.number(result, key);
    }

    private static String format(String pattern, double v) {
        return Double.isNaN(v) ? "none" : String.format(Locale.ROOT, pattern, v);
    }

    Page page() {
        Target t = setting.target();
        Page p = new Page(
                "Sampling " + t.name(),
                sampler.settings().chains() + " chains of " + setting.transition() + " on a target of " + t.dimension()
                        + " coordinates. R-hat below 1.01 and 400 effective draws or more are what the diagnostics ask"
                        + " for before draws are used.");
        p.cards(cards());
        p.table(
                "Quantities",
                (table.size() > TABLE_ROWS ? "The " + TABLE_ROWS + " of " + table.size() + " with the" : "The")
                        + " fewest effective draws first. R-hat is the larger of the rank-normalised and the folded"
                        + " one; +- is the Monte Carlo standard error"
                        + (t.moments().isPresent() ? "; what is known of the target stands beside." : "."),
                head(),
                rows(),
                Page.Cells.NUMBERS);
        p.figure(
                "traces",
                "Traces",
                "Draws in their order, for the quantities of the fewest effective draws; chains must lie on each"
                        + " other.",
                TRACES,
                traces());
        p.figure(
                "ranks",
                "Ranks",
                "Where each chain's draws stand among all draws: of chains that agree all steps are at 1.",
                RANKS,
                ranks());
        p.figure(
                "marginals",
                "Marginals",
                "Densities by chain" + (t.sampler().isPresent() ? ", and of exact draws of the target." : "."),
                Figures.marginals(which()),
                marginals());
        p.figure(
                "correlations",
                "Autocorrelations",
                "By chain; what is left at large lags is noise of size 1 / sqrt(draws).",
                CORRELATIONS,
                correlations());
        pairs(p);
        energies(p);
        p.table("The run", "What it takes to repeat it.", List.of(), about(), Page.Cells.TEXT);
        return p;
    }

    private List<Page.Card> cards() {
        List<Page.Card> cards = new ArrayList<>();
        cards.add(new Page.Card("largest R-hat", format("%.3f", number("largestRHat")), "below 1.01 is asked for"));
        cards.add(new Page.Card(
                "least bulk ESS",
                format("%,.0f", number("leastBulkEss")),
                format("%,.1f a second", number("leastBulkEssPerSecond")) + ", " + text("leastBulkEssQuantity")));
        cards.add(new Page.Card(
                "least tail ESS", format("%,.0f", number("leastTailEss")), "of the 5% and 95% quantiles"));
        cards.add(new Page.Card(
                "divergent", format("%,.0f", number("divergences")), format("acceptance %.2f", number("acceptance"))));
        if (setting.method().momentum()) {
            cards.add(new Page.Card(
                    "energy fraction",
                    format("%.2f", number("leastEnergyFraction")),
                    "least of the chains; above 0.3"));
        }
        if (setting.target().moments().isPresent()) {
            cards.add(new Page.Card(
                    "known moments",
                    format("%.1f", number("known.largestMeanError")),
                    format("standard errors at most in means; %.1f in deviations", number("known.largestStdError"))));
        }
        return cards;
    }

    private List<String> head() {
        List<String> h = new ArrayList<>(List.of(
                "", "mean", "+-", "std", "+-", "5%", "median", "95%", "R-hat", "bulk ESS", "tail ESS", "ESS/s"));
        if (setting.target().moments().isPresent()) {
            h.addAll(List.of("true mean", "true std"));
        }
        return h;
    }

    private List<List<String>> rows() {
        List<List<String>> out = new ArrayList<>();
        TargetMoments known = setting.target().moments().orElse(null);
        int[] order = table.worstFirst();
        for (int k = 0; k < Math.min(order.length, TABLE_ROWS); k++) {
            int i = order[k];
            ChainSummary s = table.summary(i);
            List<String> r = new ArrayList<>();
            r.add(table.name(i));
            for (double v :
                    new double[] {s.mean(), s.meanError(), s.std(), s.stdError(), s.low(), s.median(), s.high()}) {
                r.add(format("%.4f", v));
            }
            r.add(format("%.3f", s.rHat()));
            r.add(format("%.0f", s.bulkEss()));
            r.add(format("%.0f", s.tailEss()));
            r.add(format("%.1f", s.bulkEss() / number("drawSeconds")));
            if (known != null) {
                boolean coordinate = i < setting.target().dimension();
                r.add(coordinate ? format("%.4f", known.mean().get(i)) : "");
                r.add(coordinate ? format("%.4f", known.std().get(i)) : "");
            }
            out.add(r);
        }
        return out;
    }

    private List<Map<String, Object>> traces() {
        List<Map<String, Object>> out = new ArrayList<>();
        for (int i : shown) {
            double[][] x = table.values(i);
            for (int c = 0; c < x.length; c++) {
                int step = Math.max(1, x[c].length / TRACE_POINTS);
                for (int n = 0; n < x[c].length; n += step) {
                    out.add(Figures.row("quantity", table.name(i), "chain", chain(c), "draw", n, "value", x[c][n]));
                }
            }
        }
        return out;
    }

    private static String chain(int c) {
        return "chain " + (c + 1);
    }

    private List<Map<String, Object>> ranks() {
        List<Map<String, Object>> out = new ArrayList<>();
        for (int i : shown) {
            double[][] x = table.values(i);
            double[] ranks =
                    Ranks.ranks(Arrays.stream(x).flatMapToDouble(Arrays::stream).toArray());
            int n = x[0].length;
            for (int c = 0; c < x.length; c++) {
                int[] counts = new int[RANK_BARS];
                for (int k = 0; k < n; k++) {
                    double at = (ranks[c * n + k] - 0.5) / ranks.length;
                    counts[Math.min((int) (at * RANK_BARS), RANK_BARS - 1)]++;
                }
                for (int k = 0; k <= RANK_BARS; k++) {
                    out.add(Figures.row(
                            "quantity",
                            table.name(i),
                            "chain",
                            chain(c),
                            "rank",
                            k / (double) RANK_BARS,
                            "share",
                            counts[Math.min(k, RANK_BARS - 1)] * (double) RANK_BARS / n));
                }
            }
        }
        return out;
    }

    private List<String> which() {
        List<String> out = new ArrayList<>();
        for (int c = 0; c < sampler.settings().chains(); c++) {
            out.add(chain(c));
        }
        if (setting.target().sampler().isPresent()) {
            out.add("exact");
        }
        return out;
    }

    private List<Map<String, Object>> marginals() {
        List<Map<String, Object>> out = new ArrayList<>();
        int d = setting.target().dimension();
        HostArray exact =
                setting.target().sampler().map(s -> s.sample(EXACT_DRAWS, 1)).orElse(null);
        for (int i : shown) {
            double[][] x = table.values(i);
            double[] all = Arrays.stream(x).flatMapToDouble(Arrays::stream).toArray();
            double[] truth = new double[0];
            if (exact != null && i < d) {
                truth = new double[EXACT_DRAWS];
                for (int n = 0; n < EXACT_DRAWS; n++) {
                    truth[n] = exact.get(n * d + i);
                }
            }
            double[] range = Figures.range(truth.length > 0 ? truth : all);
            for (int c = 0; c < x.length; c++) {
                out.addAll(Figures.histogram(table.name(i), chain(c), range, x[c]));
            }
            if (truth.length > 0) {
                out.addAll(Figures.histogram(table.name(i), "exact", range, truth));
            }
        }
        return out;
    }

    private List<Map<String, Object>> correlations() {
        List<Map<String, Object>> out = new ArrayList<>();
        for (int i : shown) {
            double[][] x = table.values(i);
            for (int c = 0; c < x.length; c++) {
                double[] r = ChainDiagnostics.autocorrelation(x[c], Math.min(LAGS, x[c].length - 1));
                for (int t = 0; t < r.length; t++) {
                    if (Double.isFinite(r[t])) {
                        out.add(Figures.row(
                                "quantity", table.name(i), "chain", chain(c), "lag", t, "correlation", r[t]));
                    }
                }
            }
        }
        return out;
    }

    /** The first coordinate and the two of the fewest effective draws; draws that diverged in their colour, and on top. */
    private void pairs(Page p) {
        int d = setting.target().dimension();
        if (d < 2) {
            return;
        }
        List<Integer> chosen = new ArrayList<>(List.of(0));
        for (int i : table.worstFirst()) {
            if (i < d && !chosen.contains(i) && chosen.size() < 3) {
                chosen.add(i);
            }
        }
        List<String> names = chosen.stream().map(table::name).toList();
        List<Map<String, Object>> usual = new ArrayList<>();
        List<Map<String, Object>> lost = new ArrayList<>();
        double[][] first = table.values(0);
        int step = Math.max(1, first.length * first[0].length / PAIR_POINTS);
        int k = 0;
        for (int c = 0; c < first.length; c++) {
            for (int n = 0; n < first[c].length; n++, k++) {
                boolean divergent = table.divergent()[c][n];
                if (divergent && lost.size() < PAIR_POINTS || k % step == 0) {
                    Map<String, Object> row = Figures.row("kind", divergent ? "divergent" : "draw");
                    for (int i : chosen) {
                        row.put(table.name(i), table.values(i)[c][n]);
                    }
                    (divergent ? lost : usual).add(row);
                }
            }
        }
        usual.addAll(lost);
        p.figure(
                "pairs",
                "Pairs",
                "Where draws lie, and where divergent ones gather: the region there is what the chains do not reach.",
                Figures.pairsWithDivergent(names),
                usual);
    }

    private void energies(Page p) {
        if (!setting.method().momentum()) {
            return;
        }
        List<Double> about = new ArrayList<>();
        List<Double> change = new ArrayList<>();
        for (double[] e : table.energy()) {
            double mean = Arrays.stream(e).average().orElse(0);
            for (int n = 0; n < e.length; n++) {
                about.add(e[n] - mean);
                if (n > 0) {
                    change.add(e[n] - e[n - 1]);
                }
            }
        }
        double[] a = about.stream().mapToDouble(Double::doubleValue).toArray();
        double[] b = change.stream().mapToDouble(Double::doubleValue).toArray();
        double[] range = Figures.range(a);
        List<Map<String, Object>> rows = Figures.histogram("", "energy", range, a);
        rows.addAll(Figures.histogram("", "its change", range, b));
        p.beginPair();
        p.figure(
                "energies",
                "Energies",
                "From draw to draw the energy must change about as widely as it varies; else tails are reached slowly.",
                ENERGIES,
                rows);
        if (setting.method() == Method.NUTS) {
            double[][] depth = ChainTable.statistic(sampler.samples(), Statistic.DEPTH);
            int[] counts = new int[32];
            int all = 0;
            int most = 0;
            for (double[] c : depth) {
                for (double v : c) {
                    counts[(int) v]++;
                    most = Math.max(most, (int) v);
                    all++;
                }
            }
            List<Map<String, Object>> bars = new ArrayList<>();
            for (int k = 0; k <= most; k++) {
                bars.add(Figures.row("depth", k, "share", counts[k] / (double) all));
            }
            p.figure("depths", "Trees", "A trajectory of k doublings has up to 2^k leapfrog steps.", DEPTHS, bars);
        }
        p.endPair();
    }

    private List<List<String>> about() {
        return List.of(
                List.of("command", text("command")),
                List.of("commit", text("commit")),
                List.of("seed", text("seed")),
                List.of(
                        "time",
                        Console.time(number("warmUpSeconds")) + " of warm-up and " + Console.time(number("drawSeconds"))
                                + " of draws"),
                List.of("device", text("backend") + ", " + text("threads") + " threads, " + text("processor")),
                List.of(
                        "sampler",
                        setting.transition() + ", " + sampler.settings() + ", " + text("precision") + ", step size "
                                + format("%.4g", number("stepSize"))),
                List.of(
                        "work",
                        format("%.1f evaluations of density and gradient a draw; ", number("evaluationsPerDraw"))
                                + format("%.2g effective draws an evaluation", number("leastBulkEssPerEvaluation"))),
                List.of(
                        "files",
                        "results.json: these numbers, flat, keys joined by dots; draws.safetensors: draws [chains,"
                                + " draws, d] and a number for each draw"));
    }

    private String text(String key) {
        return String.valueOf(result.values().get(key));
    }
}
