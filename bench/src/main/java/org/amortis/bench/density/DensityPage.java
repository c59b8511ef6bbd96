package org.amortis.bench.density;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.report.Page;
import org.amortis.bench.report.Png;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.StudyResult;

/** The report of the study. */
final class DensityPage {
    private static final int GRID = 200;
    private static final int DRAWS = 2_000;
    private static final int IMAGES = 64;
    private static final int IMAGE_COLUMNS = 16;
    private static final int BARS = 40;

    /** Columns shown one by one, and coordinates in the table. */
    private static final int SHOWN = 8;

    private final Rows rows;
    private final String flow;
    private final DensityScale scale;
    private final FittedFlow model;
    private final FittedFlow.Pulled test;
    private final Normality[] normality;
    private final StudyResult result;
    private final long seed;

    DensityPage(
            Rows rows,
            String flow,
            DensityScale scale,
            FittedFlow model,
            FittedFlow.Pulled test,
            Normality[] normality,
            StudyResult result,
            long seed) {
        this.rows = rows;
        this.flow = flow;
        this.scale = scale;
        this.model = model;
        this.test = test;
        this.normality = normality;
        this.result = result;
        this.seed = seed;
    }

    private double number(String key) {
        return DensityStudy.number(result, key);
    }

    Page page() {
        Page p = new Page(
                "How well a flow fits: " + rows.name(),
                "The flow \"" + flow + "\" maps a standard normal to the data and was fitted by "
                        + (model.byLikelihood() ? "maximum likelihood" : "matching straight paths") + ". Its"
                        + " log-likelihood is measured on rows that nothing was learnt from, in nats per row.");
        p.cards(cards());
        HostArray seen = Prepared.some(model.data().values("test"), DRAWS);
        HostArray draws = model.draws(DRAWS, seed);
        int d = rows.dimensions();
        if (d == 2) {
            plane(p, seen, draws);
        } else if (rows.height() > 0) {
            p.images(
                    "Samples",
                    "Images that the flow draws, beside some of the test images.",
                    List.of(
                            new Page.Strip(IMAGES + " draws", images(draws)),
                            new Page.Strip(IMAGES + " test images", images(seen))));
        }
        if (d != 2) {
            p.figure(
                    "columns",
                    "Each column by itself",
                    "Densities of the test rows and of rows that the flow draws"
                            + (d > SHOWN ? ", for " + SHOWN + " of " + d + " columns" : "")
                            + ". Right margins do not make a density right.",
                    COLUMNS,
                    columns(seen, draws));
        }
        p.beginPair();
        residuals(p);
        p.figure(
                "curves",
                "Training",
                "Mean log-likelihood of " + (model.byLikelihood() ? "training batches and of " : "")
                        + "validation rows; " + level(),
                CURVES.replace("ROWS", model.byLikelihood() ? "\"train\", \"validation\"" : "\"validation\""),
                curves());
        p.endPair();
        p.table(
                "Are the residuals normal?",
                "Test rows pulled back to the base should be independent standard normals. Kolmogorov and Smirnov's"
                        + " test of "
                        + (d > SHOWN ? "the " + SHOWN + " coordinates that differ most" : "each coordinate")
                        + ", and of the squared length against chi-square, which sees what coordinates alone do not;"
                        + " with many rows small distances are certain.",
                List.of("coordinate", "mean", "standard deviation", "distance", "p"),
                tests(),
                Page.Cells.NUMBERS);
        p.table(
                "All numbers",
                "Means over rows with standard errors; the first column names the keys of results.json.",
                List.of("key", "mean", "standard error"),
                numbers(),
                Page.Cells.NUMBERS);
        p.table("The run", "What it takes to repeat it.", List.of(), about(), Page.Cells.TEXT);
        return p;
    }

    private List<Page.Card> cards() {
        List<Page.Card> cards = new ArrayList<>();
        cards.add(card("log p, test", "test.logLikelihood", "nats per row"));
        if (rows.toy() != null) {
            cards.add(new Page.Card(
                    "best possible",
                    String.format(Locale.ROOT, "%.3f", number("bestLogLikelihood")),
                    "minus the entropy of the density"));
            cards.add(card("divergence", "test.divergence", "KL(truth, flow), nats"));
        }
        cards.add(card("Gaussian", "test.gaussianLogLikelihood", "of any covariance"));
        if (rows.pixels() != null) {
            cards.add(card("bits per dimension", "test.bitsPerDimension", "of the whole numbers"));
        }
        cards.add(new Page.Card(
                "residuals",
                String.format(Locale.ROOT, "%.3f", number("residuals.largestDistance")),
                "largest Kolmogorov-Smirnov distance"));
        return cards;
    }

    private Page.Card card(String name, String key, String note) {
        double mean = number(key + ".mean");
        return new Page.Card(
                name,
                String.format(Locale.ROOT, Math.abs(mean) >= 100 ? "%.1f" : "%.3f", mean),
                String.format(
                        Locale.ROOT,
                        Math.abs(mean) >= 100 ? "± %.1f; %s" : "± %.3f; %s",
                        number(key + ".standardError"),
                        note));
    }

    /** Truth and learned density, data and draws. */
    private void plane(Page p, HostArray seen, HostArray draws) {
        double[] box = box(seen);
        double width = (box[1] - box[0]) / GRID;
        double height = (box[3] - box[2]) / GRID;
        double[] at = new double[2 * GRID * GRID];
        for (int i = 0; i < GRID * GRID; i++) {
            at[2 * i] = box[0] + (i % GRID + 0.5) * width;
            int line = i / GRID;
            at[2 * i + 1] = box[3] - (line + 0.5) * height;
        }
        double[] learned = Arrays.stream(model.logDensity(HostArray.wrap(at, Shape.of(GRID * GRID, 2))))
                .map(Math::exp)
                .toArray();
        double[] sorted = learned.clone();
        Arrays.sort(sorted);
        double top = sorted[(int) (0.999 * (sorted.length - 1))];
        Toy toy = rows.toy();
        double[] truth = new double[learned.length];
        if (toy != null) {
            double most = 0;
            for (int i = 0; i < truth.length; i++) {
                truth[i] = Math.exp(toy.logDensity(at[2 * i], at[2 * i + 1]));
                most = Math.max(most, truth[i]);
            }
            top = 1.15 * most;
        }
        p.beginPair();
        if (toy != null) {
            p.figure(
                    "truth",
                    "The density",
                    "Darker is denser; both maps share one scale.",
                    heat(truth, top, box),
                    List.of());
        }
        p.figure(
                "learned",
                "What the flow learnt",
                toy != null ? "On the same points." : "Darker is denser.",
                heat(learned, top, box),
                List.of());
        if (toy == null) {
            scatter(p, "data", "Test rows", "Some of them.", seen, box);
        }
        p.endPair();
        p.beginPair();
        if (toy != null) {
            scatter(p, "data", "Test rows", seen.shape().dim(0) + " of them.", seen, box);
        }
        scatter(p, "draws", "Draws of the flow", draws.shape().dim(0) + " of them.", draws, box);
        p.endPair();
    }

    private double[] box(HostArray seen) {
        Toy toy = rows.toy();
        if (toy != null) {
            return new double[] {toy.left(), toy.right(), toy.bottom(), toy.top()};
        }
        double[] box = new double[4];
        int n = seen.shape().dim(0);
        for (int j = 0; j < 2; j++) {
            double[] v = new double[n];
            for (int i = 0; i < n; i++) {
                v[i] = seen.get(2 * i + j);
            }
            Arrays.sort(v);
            // a few rows far away would squeeze all others into a point
            double low = v[(int) (0.002 * (n - 1))];
            double high = v[(int) Math.ceil(0.998 * (n - 1))];
            double room = Math.max(0.08 * (high - low), 1e-6 * Math.max(1e-30, Math.abs(high)));
            box[2 * j] = low - room;
            box[2 * j + 1] = high + room;
        }
        return box;
    }

    private static String axes(double[] box) {
        return String.format(
                Locale.ROOT,
                "\"x\": {\"field\": \"x\", \"type\": \"quantitative\", \"title\": \"first\", \"scale\": {\"domain\":"
                        + " [%.6g, %.6g], \"nice\": false, \"zero\": false}, \"axis\": {\"grid\": false}},"
                        + " \"y\": {\"field\": \"y\", \"type\": \"quantitative\", \"title\": \"second\", \"scale\":"
                        + " {\"domain\": [%.6g, %.6g], \"nice\": false, \"zero\": false}, \"axis\": {\"grid\": false}}",
                box[0],
                box[1],
                box[2],
                box[3]);
    }

    private static String heat(double[] values, double top, double[] box) {
        return String.format(
                Locale.ROOT,
                "{\"width\": 400, \"height\": 400, \"autosize\": \"pad\", \"data\": {\"values\": [{\"x\": %.6g, \"y\":"
                    + " %.6g, \"image\": \"%s\"}]}, \"mark\": {\"type\": \"image\", \"width\": 400, \"height\": 400,"
                    + " \"aspect\": false}, \"encoding\": {%s, \"url\": {\"field\": \"image\", \"type\":"
                    + " \"nominal\"}}}",
                (box[0] + box[1]) / 2,
                (box[2] + box[3]) / 2,
                Png.heat(GRID, values, top).dataUri(),
                axes(box));
    }

    private static void scatter(Page p, String id, String heading, String meaning, HostArray x, double[] box) {
        List<Map<String, Object>> points = new ArrayList<>();
        for (int i = 0; i < x.shape().dim(0); i++) {
            points.add(row("x", x.get(2 * i), "y", x.get(2 * i + 1)));
        }
        p.figure(
                id,
                heading,
                meaning,
                "{\"width\": 400, \"height\": 400, \"autosize\": \"pad\", \"data\": {\"name\": \"rows\"}, \"mark\":"
                        + " {\"type\": \"point\", \"filled\": true, \"size\": 7, \"opacity\": 0.5, \"clip\": true},"
                        + " \"encoding\": {" + axes(box) + "}}",
                points);
    }

    private Png images(HostArray x) {
        int h = rows.height();
        int w = rows.width();
        int n = Math.min(IMAGES, x.shape().dim(0));
        float[] bright = new float[n * h * w];
        Pixels pixels = java.util.Objects.requireNonNull(rows.pixels());
        for (int i = 0; i < bright.length; i++) {
            bright[i] = (float) pixels.brightness(x.get(i));
        }
        return Png.grid(IMAGE_COLUMNS, h, w, bright, n);
    }

    private static final String COLUMNS = """
        {"data": {"name": "rows"}, "width": 210, "height": 130, "autosize": "pad", "columns": 4,
         "facet": {"field": "column", "type": "nominal", "title": null, "sort": null},
         "spec": {"width": 200, "height": 130,
          "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 1.6},
          "encoding": {
           "x": {"field": "at", "type": "quantitative", "title": null, "scale": {"zero": false},
                 "axis": {"tickCount": 4}},
           "y": {"field": "density", "type": "quantitative", "title": null, "axis": {"tickCount": 3}},
           "color": {"field": "rows", "type": "nominal", "scale": {"domain": ["test", "flow"]}}}},
         "resolve": {"scale": {"x": "independent", "y": "independent"}}}\
        """;

    private List<Map<String, Object>> columns(HostArray seen, HostArray draws) {
        List<Map<String, Object>> out = new ArrayList<>();
        int d = rows.dimensions();
        int shown = Math.min(SHOWN, d);
        for (int k = 0; k < shown; k++) {
            int j = (int) ((k + 0.5) * d / shown);
            double[] a = column(seen, j);
            double[] b = column(draws, j);
            double low = a[(int) (0.002 * (a.length - 1))];
            double high = a[(int) Math.ceil(0.998 * (a.length - 1))];
            double room = 0.05 * (high - low);
            // as many digits for each, so that they stand in their order
            int digits = String.valueOf(d).length();
            String name = String.format(Locale.ROOT, "column %0" + digits + "d", j + 1);
            histogram(out, name, "test", a, low - room, high + room);
            histogram(out, name, "flow", b, low - room, high + room);
        }
        return out;
    }

    private static double[] column(HostArray x, int j) {
        int n = x.shape().dim(0);
        int d = x.shape().dim(1);
        double[] v = new double[n];
        for (int i = 0; i < n; i++) {
            v[i] = x.get(i * d + j);
        }
        Arrays.sort(v);
        return v;
    }

    private static void histogram(
            List<Map<String, Object>> out, String name, String which, double[] v, double low, double high) {
        int[] counts = new int[BARS];
        double step = (high - low) / BARS;
        for (double x : v) {
            int k = (int) Math.floor((x - low) / step);
            if (k >= 0 && k < BARS) {
                counts[k]++;
            }
        }
        for (int k = 0; k <= BARS; k++) {
            out.add(row(
                    "column",
                    name,
                    "rows",
                    which,
                    "at",
                    low + k * step,
                    "density",
                    k == BARS ? 0 : counts[k] / (v.length * step)));
        }
    }

    private void residuals(Page p) {
        HostArray u = Prepared.some(test.residuals(), DRAWS);
        if (rows.dimensions() == 2) {
            scatter(
                    p,
                    "residuals",
                    "Residuals",
                    "Test rows pulled back to the base; a right flow leaves a round cloud without structure.",
                    u,
                    new double[] {-4, 4, -4, 4});
            return;
        }
        List<Map<String, Object>> bars = new ArrayList<>();
        double[] all = test.residuals().toDoubles();
        double step = 8.0 / BARS;
        int[] counts = new int[BARS];
        for (double v : all) {
            int k = (int) Math.floor((v + 4) / step);
            if (k >= 0 && k < BARS) {
                counts[k]++;
            }
        }
        for (int k = 0; k < BARS; k++) {
            double at = -4 + (k + 0.5) * step;
            bars.add(row(
                    "from",
                    -4 + k * step,
                    "to",
                    -4 + (k + 1) * step,
                    "at",
                    at,
                    "density",
                    counts[k] / (all.length * step),
                    "normal",
                    Math.exp(-at * at / 2) / Math.sqrt(2 * Math.PI)));
        }
        p.figure(
                "residuals",
                "Residuals",
                "All coordinates of the test rows pulled back to the base, and the standard normal they should follow.",
                RESIDUALS,
                bars);
    }

    private static final String RESIDUALS = """
        {"data": {"name": "rows"}, "height": 400,
         "layer": [
           {"mark": {"type": "bar", "opacity": 0.5},
            "encoding": {
              "x": {"field": "from", "type": "quantitative", "bin": {"binned": true}, "title": "residual"},
              "x2": {"field": "to"},
              "y": {"field": "density", "type": "quantitative", "title": "density"}}},
           {"mark": {"type": "line", "color": "#d9772b", "strokeWidth": 2},
            "encoding": {
              "x": {"field": "at", "type": "quantitative"},
              "y": {"field": "normal", "type": "quantitative"}}}]}\
        """;

    private static final String CURVES = """
        {"data": {"name": "rows"}, "height": 400,
         "layer": [
           {"transform": [{"filter": "datum.rows != 'level'"}],
            "mark": {"type": "line", "point": {"size": 18}, "strokeWidth": 2, "tooltip": true, "clip": true},
            "encoding": {
              "x": {"field": "epoch", "type": "quantitative", "title": "epoch", "axis": {"tickCount": 6}},
              "color": {"field": "rows", "type": "nominal", "scale": {"domain": [ROWS]}}}},
           {"transform": [{"filter": "datum.rows == 'level'"}],
            "mark": {"type": "rule", "strokeDash": [5, 3], "strokeWidth": 1.5, "color": "#5b6977"}}],
         "encoding": {
           "y": {"field": "logp", "type": "quantitative", "title": "log-likelihood, nats per row",
                 "scale": {"zero": false}}}}\
        """;

    private List<Map<String, Object>> curves() {
        List<Map<String, Object>> out = new ArrayList<>();
        boolean many = model.curve().size() > 10;
        for (int i = 0; i < model.curve().size(); i++) {
            Fit.Point c = model.curve().get(i);
            // the first points are far below everything else
            if (!many || i >= 2) {
                if (Double.isFinite(c.train())) {
                    out.add(row("epoch", c.epoch(), "rows", "train", "logp", c.train()));
                }
                out.add(row("epoch", c.epoch(), "rows", "validation", "logp", c.validation()));
            }
        }
        if (levelIsShown()) {
            out.add(row("rows", "level", "logp", reference()));
        }
        return out;
    }

    /** What the curves are to be compared with. */
    private double reference() {
        return rows.toy() != null ? number("bestLogLikelihood") : number("test.gaussianLogLikelihood.mean");
    }

    /** A line too far from the curves would leave them flat. */
    private boolean levelIsShown() {
        double last = model.curve().isEmpty() ? 0 : model.curve().getLast().validation();
        return Math.abs(reference() - last) < 100;
    }

    private String level() {
        String what = rows.toy() != null ? "the best there is" : "a Gaussian of any covariance, on test rows";
        if (levelIsShown()) {
            return "the broken line is " + what + ".";
        }
        return Double.isFinite(reference())
                ? String.format(Locale.ROOT, "%s, far below, has %.1f.", what, reference())
                : "a Gaussian of any covariance cannot be fitted.";
    }

    private List<List<String>> tests() {
        List<Normality> shown = new ArrayList<>(Arrays.asList(normality).subList(0, normality.length - 1));
        if (shown.size() > SHOWN) {
            shown.sort(java.util.Comparator.comparingDouble(n -> -n.distance()));
            shown = new ArrayList<>(shown.subList(0, SHOWN));
        }
        shown.add(normality[normality.length - 1]);
        List<List<String>> out = new ArrayList<>();
        for (Normality n : shown) {
            out.add(List.of(
                    n.coordinate() < 0 ? "squared length" : String.valueOf(n.coordinate() + 1),
                    String.format(Locale.ROOT, "%.3f", n.mean()),
                    String.format(Locale.ROOT, "%.3f", n.std()),
                    String.format(Locale.ROOT, "%.4f", n.distance()),
                    String.format(Locale.ROOT, "%.2g", n.p())));
        }
        return out;
    }

    private List<List<String>> numbers() {
        List<List<String>> out = new ArrayList<>();
        result.values().forEach((key, value) -> {
            if (key.endsWith(".mean")) {
                String name = key.substring(0, key.length() - ".mean".length());
                out.add(List.of(
                        name,
                        String.format(Locale.ROOT, "%.4f", number(key)),
                        String.format(Locale.ROOT, "%.4f", number(name + ".standardError"))));
            }
        });
        return out;
    }

    private List<List<String>> about() {
        return List.of(
                List.of("command", text("command")),
                List.of("commit", text("commit")),
                List.of("seed", text("seed")),
                List.of("time", Console.time(number("wallSeconds"))),
                List.of(
                        "device",
                        text("backend") + ", " + text("threads") + (number("threads") == 1 ? " thread, " : " threads, ")
                                + text("processor")),
                List.of(
                        "data",
                        rows.name() + ": " + text("train.rows") + " rows to train, " + text("validation.rows")
                                + " to validate, " + text("test.rows") + " to test"),
                List.of("model", "flow " + flow + ", " + text("parameters") + " parameters"),
                List.of("training", scale.describe(model.rate())),
                List.of(
                        "files",
                        "results.json: these numbers, flat, keys joined by dots; model.safetensors: weights of the flow"
                                + " with mean and standard deviation of each column"));
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
