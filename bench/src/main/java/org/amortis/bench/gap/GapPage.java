package org.amortis.bench.gap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.bench.data.ImageSet;
import org.amortis.bench.report.Page;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.StudyResult;
import org.amortis.diagnose.GapReport;

/** The report of the study of images. */
final class GapPage {
    private static final int LOG_EPOCHS = 200;

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
                curves());
        p.beginPair();
        p.figure(
                "bounds",
                "Where the nats go",
                "From log p(x) down to the encoder's bound: each bar is the mean loss of one step.",
                losses());
        p.figure(
                "histogram",
                "Amortization gap per image",
                "Gaps differ widely between images; none is clipped, and bars left of zero would mean that a local fit"
                        + " had not converged.",
                histogram());
        p.endPair();
        p.figure(
                "certificate",
                "Predicted and measured gap",
                String.format(
                        Locale.ROOT,
                        "Each point is an image; the prediction takes one gradient and curvature at the encoder's"
                            + " output and no fit. Rank correlation %.2f on test, %.2f on training images; on the grey"
                            + " line prediction and measurement agree.",
                        number("test.certificateRankCorrelation"),
                        number("train.certificateRankCorrelation")),
                certificate());
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
                false);
        p.table("The run", "What it takes to repeat it.", List.of(), about(), true);
        return p;
    }

    private String estimator() {
        return pair("test.logPx", 1).replaceFirst(".*± ", "± ") + ", by "
                + (java.util.Objects.requireNonNull(reports.get("test")).annealedIsLarger()
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

    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> m = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            m.put((String) pairs[i], pairs[i + 1]);
        }
        return m;
    }

    private static Map<String, Object> axis(String field, String title) {
        return map("field", field, "type", "quantitative", "title", title);
    }

    private static final Map<String, Object> BY_SPLIT =
            map("field", "split", "type", "nominal", "scale", map("domain", List.of("train", "test")));

    private Map<String, Object> curves() {
        List<Object> rows = new ArrayList<>();
        for (Curve.Point c : model.curve()) {
            // the first step is far below everything else
            if (c.epoch() >= 1 || model.curve().getLast().epoch() <= 1) {
                rows.add(map("epoch", c.epoch(), "split", "train", "bound", c.train()));
                rows.add(map("epoch", c.epoch(), "split", "test", "bound", c.test()));
            }
        }
        Map<String, Object> x = axis("epoch", "epoch");
        if (scale.epochs() > LOG_EPOCHS) {
            x.put("scale", map("type", "log"));
        }
        Map<String, Object> y = axis("bound", "ELBO, nats per image");
        y.put("scale", map("zero", false));
        return map(
                "data",
                map("values", rows),
                "height",
                260,
                "mark",
                map("type", "line", "point", map("size", 22), "strokeWidth", 2, "tooltip", true),
                "encoding",
                map("x", x, "y", y, "color", BY_SPLIT));
    }

    private Map<String, Object> losses() {
        List<Object> rows = new ArrayList<>();
        for (String split : reports.keySet()) {
            double full = number(split + ".approximationGapFull.mean");
            double diagonal = number(split + ".approximationGap.mean");
            rows.add(map("split", split, "step", "no Gaussian reaches", "nats", full, "order", 1));
            rows.add(map("split", split, "step", "no diagonal Gaussian reaches", "nats", diagonal - full, "order", 2));
            rows.add(map(
                    "split",
                    split,
                    "step",
                    "the encoder misses",
                    "nats",
                    number(split + ".amortizationGap.mean"),
                    "order",
                    3));
        }
        Map<String, Object> x = axis("nats", "mean loss, nats per image");
        x.put("stack", "zero");
        return map(
                "data",
                map("values", rows),
                "mark",
                map("type", "bar", "tooltip", true, "height", map("band", 0.62)),
                "encoding",
                map(
                        "y",
                        map("field", "split", "type", "nominal", "title", "", "sort", List.of("train", "test")),
                        "x",
                        x,
                        "order",
                        map("field", "order"),
                        "color",
                        map(
                                "field",
                                "step",
                                "type",
                                "nominal",
                                "scale",
                                map(
                                        "domain",
                                        List.of(
                                                "no Gaussian reaches",
                                                "no diagonal Gaussian reaches",
                                                "the encoder misses"),
                                        "range",
                                        List.of("#9db4c8", "#5f8db5", "#d9772b")))));
    }

    private List<Object> points() {
        List<Object> rows = new ArrayList<>();
        reports.forEach((split, r) -> {
            double[] gap = r.amortizationGap();
            double[] predicted = r.certificate();
            for (int i = 0; i < gap.length; i++) {
                rows.add(map("split", split, "gap", gap[i], "predicted", predicted[i], "image", i));
            }
        });
        return rows;
    }

    private Map<String, Object> histogram() {
        Map<String, Object> x = axis("gap", "amortization gap, nats");
        x.put("bin", map("maxbins", 32));
        Map<String, Object> y = map("aggregate", "count", "title", "images", "stack", false);
        Map<String, Object> mean = axis("gap", "amortization gap, nats");
        mean.put("aggregate", "mean");
        return map(
                "data",
                map("values", points()),
                "layer",
                List.of(
                        map(
                                "mark",
                                map("type", "bar", "opacity", 0.55, "tooltip", true, "binSpacing", 1),
                                "encoding",
                                map("x", x, "y", y, "color", BY_SPLIT)),
                        map(
                                "mark",
                                map("type", "rule", "strokeWidth", 2, "strokeDash", List.of(5, 3)),
                                "encoding",
                                map("x", mean, "color", BY_SPLIT))));
    }

    private Map<String, Object> certificate() {
        double top = 1;
        List<Object> rows = points();
        for (GapReport r : reports.values()) {
            for (double g : r.amortizationGap()) {
                top = Math.max(top, g);
            }
        }
        List<Object> diagonal = List.of(map("gap", 0, "predicted", 0), map("gap", top, "predicted", top));
        Map<String, Object> x = axis("predicted", "predicted gap, nats");
        Map<String, Object> y = axis("gap", "measured amortization gap, nats");
        return map(
                "height",
                380,
                "layer",
                List.of(
                        map(
                                "data",
                                map("values", diagonal),
                                "mark",
                                map("type", "line", "color", "#b4bcc5", "strokeWidth", 1.5),
                                "encoding",
                                map("x", x, "y", y)),
                        map(
                                "data",
                                map("values", rows),
                                "mark",
                                map("type", "point", "filled", true, "size", 34, "opacity", 0.6, "tooltip", true),
                                "encoding",
                                map("x", x, "y", y, "color", BY_SPLIT))));
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
