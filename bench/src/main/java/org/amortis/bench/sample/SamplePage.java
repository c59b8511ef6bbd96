package org.amortis.bench.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.report.Page;
import org.amortis.bench.report.Png;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.StudyResult;
import org.amortis.bench.targets.BenchTargets;
import org.amortis.langevin.PathStatistics;
import org.amortis.mc.LogZ;
import org.amortis.mc.Target;
import org.amortis.runtime.Device;
import org.amortis.runtime.Run;
import org.amortis.tensor.Tensors;

/** The report of the study. */
final class SamplePage {
    private static final int GRID = 160;

    /** Densities as images and clouds of draws take room: so many cells have them. */
    private static final int CLOUDS = 6;

    private final List<CellResult> results;
    private final SampleSettings settings;
    private final StudyResult result;
    private final Device device;

    SamplePage(List<CellResult> results, SampleSettings settings, StudyResult result, Device device) {
        this.results = results;
        this.settings = settings;
        this.result = result;
        this.device = device;
    }

    private List<String> targets() {
        return results.stream().map(r -> r.cell().target()).distinct().toList();
    }

    Page page() {
        CellResult first = results.get(0);
        boolean one = results.size() == 1;
        Page p = new Page(
                one
                        ? "Sampling " + first.cell().target() + " with "
                                + first.cell().methodName()
                        : "Diffusion samplers",
                "Paths from a simple density to the target, trained on their evidence lower bound. E[log w] is a lower"
                        + " bound of log Z, the mean of w an unbiased estimate of Z; both are taken on new paths, in"
                        + " nats.");
        if (one) {
            p.cards(cards(first));
        }
        p.table(
                "Results",
                "Lower bound, estimate of log Z and effective share of the paths, each with its standard error (by 200"
                        + " bootstrap samples for the last two). A heavy-tailed estimate of log Z lies below the truth"
                        + " and its error does not show it.",
                List.of("target", "method", "K", "ELBO", "log Z", "true log Z", "EUBO", "ESS", "q0 alone", "modes"),
                table(),
                Page.Cells.NUMBERS);
        for (String t : targets()) {
            againstK(p, t);
        }
        p.beginPair();
        p.figure(
                "schedule",
                "Temperatures",
                "Inverse temperature of each kernel as it was learned.",
                curve("k / (K + 1)", "inverse temperature", false),
                values("betas"));
        p.figure(
                "steps",
                "Step sizes",
                "Of each kernel; the mean over coordinates where they differ.",
                curve("k / (K + 1)", "step size", true),
                values("steps"));
        p.endPair();
        p.figure(
                "training",
                "Training",
                "Mean lower bound of the training paths. The first pieces are left out, they are far below the rest.",
                curve("training step", "ELBO", false),
                training());
        int clouds = 0;
        for (CellResult r : results) {
            if (r.array("draws").shape().dim(1) == 2 && clouds < CLOUDS) {
                cloud(p, r, clouds++);
            }
        }
        p.table("The run", "What it takes to repeat it.", List.of(), about(), Page.Cells.TEXT);
        return p;
    }

    private static String truth(String target) {
        return BenchTargets.named(target)
                .logZ()
                .map(z -> z.kind() == LogZ.Kind.EXACT ? z.toString() : pm(z.value(), z.standardError(), 3))
                .orElse("");
    }

    private static List<Page.Card> cards(CellResult r) {
        PathStatistics s = r.statistics();
        List<Page.Card> cards = new ArrayList<>();
        cards.add(card("ELBO", s.elbo(), s.elboError(), "lower bound of log Z"));
        cards.add(card("log Z", s.logZ(), s.logZError(), "estimate"));
        String z = truth(r.cell().target());
        if (!z.isEmpty()) {
            cards.add(new Page.Card("true log Z", z, "known beforehand"));
        }
        if (Double.isFinite(r.eubo(0))) {
            cards.add(card("EUBO", r.eubo(0), r.eubo(1), "upper bound, from exact draws"));
        }
        cards.add(new Page.Card(
                "ESS",
                String.format(Locale.ROOT, "%.4f", s.ess()),
                String.format(Locale.ROOT, "± %.4f; effective share of the paths", s.essError())));
        return cards;
    }

    private static Page.Card card(String name, double mean, double error, String note) {
        return new Page.Card(
                name, String.format(Locale.ROOT, "%.3f", mean), String.format(Locale.ROOT, "± %.3f; %s", error, note));
    }

    private static String pm(double mean, double error, int digits) {
        return Double.isFinite(mean)
                ? String.format(Locale.ROOT, "%." + digits + "f ± %." + digits + "f", mean, error)
                : "";
    }

    private List<List<String>> table() {
        List<List<String>> rows = new ArrayList<>();
        for (CellResult r : results) {
            PathStatistics s = r.statistics();
            rows.add(List.of(
                    r.cell().target(),
                    r.cell().methodName(),
                    String.valueOf(r.cell().k()),
                    pm(s.elbo(), s.elboError(), 3),
                    pm(s.logZ(), s.logZError(), 3),
                    truth(r.cell().target()),
                    pm(r.eubo(0), r.eubo(1), 3),
                    pm(s.ess(), s.essError(), 4),
                    pm(r.start().elbo(), r.start().elboError(), 2),
                    Double.isFinite(r.modes()) ? String.format(Locale.ROOT, "%.0f%%", 100 * r.modes()) : ""));
        }
        return rows;
    }

    private void againstK(Page p, String target) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (CellResult r : results) {
            if (!r.cell().target().equals(target)) {
                continue;
            }
            PathStatistics s = r.statistics();
            for (boolean elbo : new boolean[] {true, false}) {
                double mean = elbo ? s.elbo() : s.logZ();
                double error = elbo ? s.elboError() : s.logZError();
                rows.add(row(
                        "k",
                        r.cell().k(),
                        "method",
                        r.cell().methodName(),
                        "what",
                        elbo ? "ELBO" : "log Z",
                        "value",
                        mean,
                        "low",
                        mean - 2 * error,
                        "high",
                        mean + 2 * error));
            }
        }
        BenchTargets.named(target).logZ().ifPresent(z -> rows.add(row("what", "truth", "value", z.value())));
        p.figure(
                "k-" + target,
                target + ": bound and log Z against K",
                "Full lines: lower bound; dotted: estimate of log Z, bars of two standard errors; the broken line is"
                        + " the true value.",
                AGAINST_K,
                rows);
    }

    private static final String AGAINST_K = """
        {"data": {"name": "rows"}, "height": 300,
         "layer": [
           {"transform": [{"filter": "datum.what != 'truth'"}],
            "mark": {"type": "line", "point": {"size": 36}, "strokeWidth": 2, "tooltip": true},
            "encoding": {
              "x": {"field": "k", "type": "quantitative", "title": "K", "scale": {"type": "symlog"}},
              "color": {"field": "method", "type": "nominal"},
              "strokeDash": {"field": "what", "type": "nominal", "scale": {"domain": ["ELBO", "log Z"], "range": [[1, 0], [2, 3]]}}}},
           {"transform": [{"filter": "datum.what != 'truth'"}],
            "mark": {"type": "rule", "strokeWidth": 1.2},
            "encoding": {
              "x": {"field": "k", "type": "quantitative"},
              "y": {"field": "low", "type": "quantitative"},
              "y2": {"field": "high"},
              "color": {"field": "method", "type": "nominal"}}},
           {"transform": [{"filter": "datum.what == 'truth'"}],
            "mark": {"type": "rule", "strokeDash": [6, 4], "strokeWidth": 1.5, "color": "#5b6977"}}],
         "encoding": {
           "y": {"field": "value", "type": "quantitative", "title": "nats", "scale": {"zero": false}}}}\
        """;

    private static String curve(String x, String y, boolean log) {
        return "{\"data\": {\"name\": \"rows\"}, \"height\": 260, \"mark\": {\"type\": \"line\", \"strokeWidth\": 2,"
                + " \"tooltip\": true, \"point\": {\"size\": 14}}, \"encoding\": {\"x\": {\"field\": \"x\", \"type\":"
                + " \"quantitative\", \"title\": \"" + x + "\"}, \"y\": {\"field\": \"y\", \"type\": \"quantitative\","
                + " \"title\": \"" + y + "\", \"scale\": {\"zero\": false" + (log ? ", \"type\": \"log\"" : "")
                + "}}, \"color\": {\"field\": \"cell\", \"type\": \"nominal\", \"title\": null}}}";
    }

    private List<Map<String, Object>> values(String name) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (CellResult r : results) {
            if (r.cell().k() == 0) {
                continue;
            }
            HostArray v = r.array(name);
            int n = v.shape().size();
            for (int k = 0; k < n; k++) {
                rows.add(row(
                        "x",
                        (k + 1.0) / (n + 1),
                        "y",
                        v.get(k),
                        "cell",
                        r.cell().name()));
            }
        }
        return rows;
    }

    private List<Map<String, Object>> training() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (CellResult r : results) {
            if (!r.has("curve")) {
                continue;
            }
            HostArray v = r.array("curve");
            int n = v.shape().dim(0);
            for (int i = n > 20 ? n / 10 : 0; i < n; i++) {
                rows.add(row(
                        "x",
                        v.get(2 * i),
                        "y",
                        v.get(2 * i + 1),
                        "cell",
                        r.cell().name()));
            }
        }
        return rows;
    }

    /** Draws over the density where it has two coordinates, else the first two coordinates of the draws. */
    private void cloud(Page p, CellResult r, int number) {
        Target t = BenchTargets.named(r.cell().target());
        HostArray x = r.array("draws");
        double[] box = box(x);
        List<Map<String, Object>> points = new ArrayList<>();
        for (int i = 0; i < x.shape().dim(0); i++) {
            points.add(row("x", x.get(2 * i), "y", x.get(2 * i + 1)));
        }
        String axes = axes(box);
        String cloud = "{\"data\": {\"name\": \"rows\"}, \"mark\": {\"type\": \"point\", \"filled\": true, \"size\": 7,"
                + " \"opacity\": 0.5, \"clip\": true}, \"encoding\": {" + axes + "}}";
        String layers = t.dimension() == 2 ? density(t, box, axes) + ", " + cloud : cloud;
        p.figure(
                "cloud-" + number,
                r.cell().name() + ": draws",
                t.dimension() == 2
                        ? "Last points of the paths, without weights, over the density (darker is denser)."
                        : "First two coordinates of the last points of the paths, without weights.",
                "{\"width\": 420, \"height\": 420, \"autosize\": \"pad\", \"layer\": [" + layers + "]}",
                points);
    }

    private String density(Target t, double[] box, String axes) {
        double[] at = new double[2 * GRID * GRID];
        for (int i = 0; i < GRID * GRID; i++) {
            at[2 * i] = box[0] + (i % GRID + 0.5) * (box[1] - box[0]) / GRID;
            int line = i / GRID;
            at[2 * i + 1] = box[3] - (line + 0.5) * (box[3] - box[2]) / GRID;
        }
        double[] log = Run.eval(
                        device, List.of(t.logDensity(Tensors.resident(HostArray.wrap(at, Shape.of(GRID * GRID, 2))))))
                .get(0)
                .cast(DType.F64)
                .toDoubles();
        double most = Arrays.stream(log).max().orElse(0);
        double[] v = Arrays.stream(log).map(l -> Math.exp(l - most)).toArray();
        return String.format(
                Locale.ROOT,
                "{\"data\": {\"values\": [{\"x\": %.6g, \"y\": %.6g, \"image\": \"%s\"}]}, \"mark\": {\"type\":"
                        + " \"image\", \"width\": 420, \"height\": 420, \"aspect\": false}, \"encoding\": {%s, \"url\":"
                        + " {\"field\": \"image\", \"type\": \"nominal\"}}}",
                (box[0] + box[1]) / 2,
                (box[2] + box[3]) / 2,
                Png.heat(GRID, v, 1.15).dataUri(),
                axes);
    }

    private static double[] box(HostArray x) {
        int n = x.shape().dim(0);
        double[] box = new double[4];
        for (int j = 0; j < 2; j++) {
            double[] v = new double[n];
            for (int i = 0; i < n; i++) {
                v[i] = x.get(2 * i + j);
            }
            Arrays.sort(v);
            double low = v[(int) (0.002 * (n - 1))];
            double high = v[(int) Math.ceil(0.998 * (n - 1))];
            double room = Math.max(0.08 * (high - low), 1e-3);
            box[2 * j] = low - room;
            box[2 * j + 1] = high + room;
        }
        return box;
    }

    private static String axes(double[] box) {
        String axis =
                "\"%s\": {\"field\": \"%s\", \"type\": \"quantitative\", \"title\": \"%s\", \"scale\": {\"domain\":"
                        + " [%.6g, %.6g], \"nice\": false, \"zero\": false}, \"axis\": {\"grid\": false}}";
        return String.format(Locale.ROOT, axis, "x", "x", "first", box[0], box[1])
                + ", "
                + String.format(Locale.ROOT, axis, "y", "y", "second", box[2], box[3]);
    }

    private List<List<String>> about() {
        return List.of(
                List.of("command", text("command")),
                List.of("commit", text("commit")),
                List.of("seed", text("seed")),
                List.of("time", Console.time(SampleStudy.number(result, "wallSeconds")) + " of training"),
                List.of("device", text("backend") + ", " + text("threads") + " threads, " + text("processor")),
                List.of("training", settings.describe()),
                List.of("files", "results.json: these numbers, flat, keys joined by dots"));
    }

    private String text(String key) {
        return String.valueOf(result.values().get(key));
    }

    private static Map<String, Object> row(Object... pairs) {
        Map<String, Object> m = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            m.put((String) pairs[i], pairs[i + 1]);
        }
        return m;
    }
}
