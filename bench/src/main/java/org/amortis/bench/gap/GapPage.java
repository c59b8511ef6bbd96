package org.amortis.bench.gap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.amortis.bench.data.ImageSet;
import org.amortis.bench.report.Page;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.StudyResult;
import org.amortis.diagnose.GapReport;

/** The report of the study of images. */
final class GapPage {
    private static final int LOG_EPOCHS = 200;
    private static final int BARS = 40;

    private final ImageSet images;
    private final GapScale scale;
    private final TrainedVae model;
    private final Map<String, GapReport> reports;
    private final Gallery gallery;
    private final StudyResult result;

    GapPage(
            ImageSet images,
            GapScale scale,
            TrainedVae model,
            Map<String, GapReport> reports,
            Gallery gallery,
            StudyResult result) {
        this.images = images;
        this.scale = scale;
        this.model = model;
        this.reports = reports;
        this.gallery = gallery;
        this.result = result;
    }

    private double number(String key) {
        return GapStudy.number(result, key);
    }

    private String pair(String key, int digits) {
        return String.format(
                Locale.ROOT,
                "%." + digits + "f ± %." + digits + "f",
                number(key + ".mean"),
                number(key + ".standardError"));
    }

    Page page() {
        Page p = new Page(
                "How much a variational autoencoder loses by amortization",
                images.name() + ". The decoder is frozen after training; for each audited image the encoder's posterior"
                        + " is compared with the best one that could be found for that image alone. All numbers are in"
                        + " nats per image.");
        p.cards(List.of(
                card("Amortization gap, test", "test.amortizationGap", "what the encoder misses of its own family"),
                card("Approximation gap, test", "test.approximationGap", "what diagonal Gaussians cannot reach"),
                card("Amortization gap, train", "train.amortizationGap", "the same on images it was trained on"),
                card("log p(x), test", "test.logPx", estimator())));
        p.figure(
                "curves",
                "Training",
                "The evidence lower bound on 500 images of each split; where the two lines part, the model begins to"
                        + " learn its training images by heart.",
                CURVES.replace("SCALE", scale.epochs() > LOG_EPOCHS ? "log" : "linear"),
                curves());
        p.beginPair();
        p.figure(
                "bounds",
                "Where the nats go",
                "The mean way from log p(x) down to the encoder's bound, in three steps.",
                LOSSES,
                losses());
        p.figure(
                "histogram",
                "Amortization gap per image",
                "Gaps differ widely between images; the broken lines are the means, the last bars hold all that is"
                        + " beyond them, and bars left of zero would mean that a local fit had not converged.",
                HISTOGRAM,
                histogram());
        p.endPair();
        List<Map<String, Object>> points = points();
        p.figure(
                "certificate",
                "Predicted and measured gap",
                String.format(
                        Locale.ROOT,
                        "Each point is an image with a positive gap; the prediction takes one gradient and curvature"
                                + " at the encoder's output and no fit. Rank correlation %.2f on test, %.2f on training"
                                + " images; on the grey line prediction and measurement agree.",
                        number("test.certificateRankCorrelation"),
                        number("train.certificateRankCorrelation")),
                certificate(points),
                points);
        double[] gaps = gallery.gaps();
        p.images(
                "Reconstructions",
                "Test images from the smallest amortization gap on the left to the largest on the right, and what the"
                        + " decoder makes of the posterior mean.",
                List.of(
                        new Page.Strip(
                                String.format(
                                        Locale.ROOT,
                                        "images; amortization gaps from %.1f to %.1f nats",
                                        gaps[0],
                                        gaps[gaps.length - 1]),
                                gallery.originals()),
                        new Page.Strip("decoded from the encoder's mean", gallery.amortized()),
                        new Page.Strip("decoded from the mean of the best diagonal Gaussian", gallery.optimal())));
        p.images(
                "Samples",
                "Images the model draws by itself: the decoder's mean for latents drawn from the prior.",
                List.of(new Page.Strip("48 draws", gallery.samples())));
        p.table(
                "All numbers",
                "Means over the audited images with standard errors; the first column names the keys of results.json"
                        + " after the split.",
                List.of("key", "train", "test", "meaning"),
                numbers(),
                Page.Cells.NUMBERS_AND_WORDS);
        p.table("The run", "What it takes to repeat it.", List.of(), about(), Page.Cells.TEXT);
        return p;
    }

    private String estimator() {
        return pair("test.logPx", 1).replaceFirst(".*± ", "± ") + ", by "
                + (Objects.requireNonNull(reports.get("test")).annealedIsLarger()
                        ? "annealed chains"
                        : "importance weights");
    }

    private Page.Card card(String name, String key, String note) {
        boolean large = Math.abs(number(key + ".mean")) >= 50;
        return new Page.Card(
                name,
                String.format(Locale.ROOT, large ? "%.1f" : "%.2f", number(key + ".mean")),
                note.startsWith("±")
                        ? note
                        : String.format(Locale.ROOT, "± %.2f; %s", number(key + ".standardError"), note));
    }

    private static final String CURVES = """
        {"data": {"name": "rows"}, "height": 260,
         "mark": {"type": "line", "point": {"size": 22}, "strokeWidth": 2, "tooltip": true},
         "encoding": {
           "x": {"field": "epoch", "type": "quantitative", "title": "epoch", "scale": {"type": "SCALE"}},
           "y": {"field": "bound", "type": "quantitative", "title": "ELBO, nats per image",
                 "scale": {"zero": false}},
           "color": {"field": "split", "type": "nominal", "scale": {"domain": ["train", "test"]}}}}\
        """;

    private static final String LOSSES = """
        {"data": {"name": "rows"}, "height": 250,
         "layer": [
           {"mark": {"type": "bar", "height": {"band": 0.6}, "tooltip": true}},
           {"transform": [{"filter": "datum.wide"}],
            "mark": {"type": "text", "fontSize": 12.5, "fontWeight": 600},
            "encoding": {"x": {"field": "middle", "type": "quantitative"}, "x2": null,
                         "text": {"field": "nats", "format": ".2f"}, "color": {"value": "white"}}}],
         "encoding": {
           "y": {"field": "split", "type": "nominal", "title": null, "sort": ["train", "test"]},
           "x": {"field": "from", "type": "quantitative", "title": "mean loss, nats per image"},
           "x2": {"field": "to"},
           "color": {"field": "lost", "type": "nominal",
                     "legend": {"columns": 1, "labelLimit": 400},
                     "scale": {"domain": ["to Gaussians of any covariance", "to diagonal Gaussians",
                                          "to amortization"],
                               "range": ["#8fa6ba", "#5b9a68", "#8a63ae"]}}}}\
        """;

    private static final String HISTOGRAM = """
        {"data": {"name": "rows"}, "height": 250,
         "layer": [
           {"transform": [{"filter": "!datum.mean"}],
            "mark": {"type": "bar", "opacity": 0.5, "tooltip": true},
            "encoding": {
              "x": {"field": "from", "type": "quantitative", "title": "amortization gap, nats",
                    "bin": {"binned": true}, "axis": {"tickCount": 8, "format": "~g"}},
              "x2": {"field": "to"},
              "y": {"field": "share", "type": "quantitative", "title": "share of images", "stack": null,
                    "axis": {"format": "%"}}}},
           {"transform": [{"filter": "datum.mean"}],
            "mark": {"type": "rule", "strokeWidth": 2, "strokeDash": [5, 3]},
            "encoding": {"x": {"field": "from", "type": "quantitative"}}}],
         "encoding": {
           "color": {"field": "split", "type": "nominal", "scale": {"domain": ["train", "test"]}}}}\
        """;

    private static final String CERTIFICATE = """
        {"height": 400,
         "layer": [
           {"data": {"values": [{"predicted": LOW, "gap": LOW}, {"predicted": TOP, "gap": TOP}]},
            "mark": {"type": "line", "color": "#8b96a2", "strokeWidth": 1.5},
            "encoding": {"x": {"field": "predicted", "type": "quantitative"},
                         "y": {"field": "gap", "type": "quantitative"}}},
           {"data": {"name": "rows"},
            "mark": {"type": "point", "filled": true, "size": 20, "opacity": 0.55, "tooltip": {"content": "data"}},
            "encoding": {
              "x": {"field": "predicted", "type": "quantitative", "title": "predicted gap, nats",
                    "scale": {"type": "log", "nice": false}, "axis": {"format": "~g"}},
              "y": {"field": "gap", "type": "quantitative", "title": "measured amortization gap, nats",
                    "scale": {"type": "log", "nice": false}, "axis": {"format": "~g"}},
              "color": {"field": "split", "type": "nominal", "scale": {"domain": ["train", "test"]}}}}]}\
        """;

    private static Map<String, Object> row(Object... pairs) {
        Map<String, Object> m = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            m.put((String) pairs[i], pairs[i + 1]);
        }
        return m;
    }

    private List<Map<String, Object>> curves() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Curve.Point c : model.curve()) {
            // the first step is far below everything else
            if (c.epoch() >= 1 || model.curve().getLast().epoch() <= 1) {
                rows.add(row("epoch", c.epoch(), "split", "train", "bound", c.train()));
                rows.add(row("epoch", c.epoch(), "split", "test", "bound", c.test()));
            }
        }
        return rows;
    }

    private List<Map<String, Object>> losses() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String split : reports.keySet()) {
            double full = number(split + ".approximationGapFull.mean");
            double diagonal = number(split + ".approximationGap.mean");
            double whole = number(split + ".inferenceGap.mean");
            rows.add(loss(split, "to Gaussians of any covariance", 0, full, whole));
            rows.add(loss(split, "to diagonal Gaussians", full, diagonal, whole));
            rows.add(loss(split, "to amortization", diagonal, whole, whole));
        }
        return rows;
    }

    private static Map<String, Object> loss(String split, String what, double from, double to, double whole) {
        return row(
                "split",
                split,
                "lost",
                what,
                "nats",
                to - from,
                "from",
                from,
                "to",
                to,
                "middle",
                (from + to) / 2,
                // room for the number
                "wide",
                to - from > 0.12 * whole);
    }

    /** Bars and means. The last bar holds what is beyond it: a few images would squeeze all others to the left. */
    private List<Map<String, Object>> histogram() {
        double least = 0;
        double top = 1;
        for (GapReport r : reports.values()) {
            double[] gap = r.amortizationGap();
            Arrays.sort(gap);
            least = Math.min(least, gap[0]);
            top = Math.max(top, gap[(int) (0.99 * (gap.length - 1))]);
        }
        double step = step((top - least) / BARS);
        int first = (int) Math.floor(least / step);
        int last = (int) Math.floor(top / step);
        List<Map<String, Object>> rows = new ArrayList<>();
        reports.forEach((split, r) -> {
            double[] gap = r.amortizationGap();
            int[] counts = new int[last - first + 1];
            for (double g : gap) {
                counts[Math.clamp((long) Math.floor(g / step) - first, 0, last - first)]++;
            }
            for (int i = 0; i < counts.length; i++) {
                double from = (first + i) * step;
                double share = counts[i] / (double) gap.length;
                rows.add(row(
                        "split",
                        split,
                        "from",
                        from,
                        "to",
                        from + step,
                        "share",
                        share,
                        "images",
                        counts[i],
                        "mean",
                        false));
            }
            rows.add(row("split", split, "from", number(split + ".amortizationGap.mean"), "mean", true));
        });
        return rows;
    }

    /** A round number near one. */
    private static double step(double about) {
        double ten = Math.pow(10, Math.floor(Math.log10(about)));
        for (double f : new double[] {1, 2, 5}) {
            if (f * ten >= about) {
                return f * ten;
            }
        }
        return 10 * ten;
    }

    private List<Map<String, Object>> points() {
        List<Map<String, Object>> rows = new ArrayList<>();
        // the many behind the few
        for (String split : List.of("test", "train")) {
            GapReport r = Objects.requireNonNull(reports.get(split));
            double[] gap = r.amortizationGap();
            double[] predicted = r.certificate();
            for (int i = 0; i < gap.length; i++) {
                if (gap[i] > 0 && predicted[i] > 0) {
                    rows.add(row("split", split, "image", i, "gap", gap[i], "predicted", predicted[i]));
                }
            }
        }
        return rows;
    }

    private String certificate(List<Map<String, Object>> points) {
        double low = Double.POSITIVE_INFINITY;
        double top = 0;
        for (Map<String, Object> p : points) {
            if (p.get("gap") instanceof Double g) {
                low = Math.min(low, g);
                top = Math.max(top, g);
            }
        }
        return CERTIFICATE
                .replace("LOW", String.format(Locale.ROOT, "%.4g", Math.min(low, top)))
                .replace("TOP", String.format(Locale.ROOT, "%.4g", top));
    }

    private List<List<String>> numbers() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "images",
                String.valueOf((long) number("train.images")),
                String.valueOf((long) number("test.images")),
                "audited"));
        for (GapStudy.Row r : GapStudy.ROWS) {
            rows.add(List.of(r.key(), pair("train." + r.key(), 3), pair("test." + r.key(), 3), r.meaning()));
        }
        for (GapStudy.Row r : GapStudy.SHARES) {
            rows.add(List.of(
                    r.key(),
                    String.format(Locale.ROOT, "%.3f", number("train." + r.key())),
                    String.format(Locale.ROOT, "%.3f", number("test." + r.key())),
                    r.meaning()));
        }
        rows.add(List.of(
                "generalisationGap.inference",
                "",
                pair("generalisationGap.inference", 3),
                "amortization gap, test - train"));
        rows.add(List.of(
                "generalisationGap.generative", "", pair("generalisationGap.generative", 3), "log p(x), train - test"));
        rows.add(List.of(
                "independentPixelsLogPx",
                "",
                String.format(Locale.ROOT, "%.1f", number("independentPixelsLogPx")),
                "if all pixels were independent: a model below this is broken"));
        return rows;
    }

    private List<List<String>> about() {
        return List.of(
                List.of("command", text("command")),
                List.of("commit", text("commit")),
                List.of("seed", text("seed")),
                List.of("time", Console.time(number("wallSeconds"))),
                List.of("device", text("backend") + ", " + text("threads") + " threads"),
                List.of("data", images.name()),
                List.of(
                        "model",
                        images.pixels() + "-200-200-(" + model.vae().latentSize() + ", "
                                + model.vae().latentSize()
                                + ") encoder, " + model.vae().latentSize() + "-200-200-" + images.pixels()
                                + " decoder, ELU, Bernoulli pixels"),
                List.of("scale", scale.describe()),
                List.of(
                        "files",
                        "results.json: these numbers, flat, keys joined by dots, each mean with its standard error;"
                                + " model.safetensors: the trained weights"));
    }

    private String text(String key) {
        return String.valueOf(result.values().get(key));
    }
}
