package org.amortis.bench.gap;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.bench.data.ImageSet;
import org.amortis.bench.study.Commit;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.StudyOptions;
import org.amortis.bench.study.StudyOutput;
import org.amortis.bench.study.StudyResult;
import org.amortis.diagnose.GapReport;
import org.amortis.diagnose.GeneralisationGap;
import org.amortis.diagnose.Moments;
import org.amortis.runtime.Device;

/** Trains the model, audits images of both splits, writes what came out. */
final class GapStudy {
    private final ImageSet images;
    private final GapScale scale;
    private final StudyOptions options;
    private final String command;
    private final Device device;
    private final Console console;
    private final long start = System.nanoTime();

    GapStudy(ImageSet images, GapScale scale, StudyOptions options, String command, Device device, Console console) {
        this.images = images;
        this.scale = scale;
        this.options = options;
        this.command = command;
        this.device = device;
        this.console = console;
    }

    private String fingerprint() {
        return "gap data=" + images.fingerprint() + " seed=" + options.seed() + " backend=" + device.backend() + " "
                + scale;
    }

    void run(PrintWriter out) throws IOException {
        try (StudyOutput to = StudyOutput.open(options.out("gap"), fingerprint())) {
            if (scale.size() == GapScale.Size.FULL) {
                to.keepUnfinished();
            }
            console.say(images.name());
            console.say(scale.describe());
            console.say(device.describe() + "; results go to " + to.directory());
            TrainedVae model = TrainedVae.train(
                    images, scale, options.seed(), device, to.work().resolve("checkpoints"), console);
            double trained = seconds() + model.carried();
            SplitAudit audit = new SplitAudit(model, scale, options.seed(), device, to.work(), console);
            Map<String, GapReport> reports = new LinkedHashMap<>();
            HostArray train = ImageSet.some(images.train(), scale.trainImages());
            HostArray test = ImageSet.some(images.test(), scale.testImages());
            reports.put("train", audit.run("train", train));
            reports.put("test", audit.run("test", test));
            Gallery gallery = Gallery.of(model, images, test, reports.get("test"), scale, options.seed(), device);
            double seconds = seconds() + model.carried() + audit.carried();
            StudyResult result = result(reports, model, seconds)
                    .put("trainingSeconds", trained)
                    .put("auditSeconds", seconds - trained);
            GapPage page = new GapPage(images, scale, model, reports, gallery, result);
            model.params().save(to.directory().resolve("model.safetensors"));
            Path report = to.write("report.html", page.page()::writeTo);
            to.write("results.json", result::writeTo);
            to.finish();
            print(out, reports, result, report);
        }
    }

    private double seconds() {
        return (System.nanoTime() - start) * 1e-9;
    }

    private StudyResult result(Map<String, GapReport> reports, TrainedVae model, double seconds) {
        StudyResult r = new StudyResult()
                .put("command", command)
                .put("commit", Commit.ofSources())
                .put("seed", options.seed())
                .put("wallSeconds", seconds)
                .put("threads", device.threads())
                .put("backend", device.backend())
                .put("data", images.name())
                .put("scale", scale.size().name().toLowerCase(Locale.ROOT))
                .put("epochs", scale.epochs())
                .put("trainingSteps", model.steps());
        reports.forEach((split, g) -> {
            r.put(split + ".images", g.images());
            moments(r, split + ".logPx", g.logPx());
            r.put(split + ".logPxEstimator", g.annealedIsLarger() ? "annealed" : "importance");
            moments(r, split + ".logPxImportance", g.logPxImportance());
            moments(r, split + ".logPxAnnealed", g.logPxAnnealed());
            moments(r, split + ".elboAmortized", g.elboAmortized());
            moments(r, split + ".elboOptimalDiagonal", g.elboOptimalDiagonal());
            moments(r, split + ".elboOptimalFull", g.elboOptimalFull());
            moments(r, split + ".approximationGap", g.approximationGap());
            moments(r, split + ".amortizationGap", g.amortizationGap());
            moments(r, split + ".inferenceGap", g.inferenceGap());
            moments(r, split + ".approximationGapFull", g.approximationGapFull());
            r.put(split + ".negativeGapShare", g.negativeGapShare());
            r.put(split + ".certificateRankCorrelation", g.certificateRankCorrelation());
        });
        GeneralisationGap g = GeneralisationGap.of(get(reports, "train"), get(reports, "test"));
        r.put("generalisationGap.inference.mean", g.inference())
                .put("generalisationGap.inference.standardError", g.inferenceError())
                .put("generalisationGap.generative.mean", g.generative())
                .put("generalisationGap.generative.standardError", g.generativeError())
                .put("independentPixelsLogPx", images.independentPixels());
        return r;
    }

    private static GapReport get(Map<String, GapReport> reports, String split) {
        return java.util.Objects.requireNonNull(reports.get(split));
    }

    private static void moments(StudyResult r, String key, double... values) {
        Moments m = Moments.of(values);
        r.put(key + ".mean", m.mean()).put(key + ".standardError", m.standardError());
    }

    private void print(PrintWriter out, Map<String, GapReport> reports, StudyResult result, Path report) {
        out.println();
        out.println(images.name());
        out.printf(Locale.ROOT, "%-34s %22s %22s%n", "nats per image", "train", "test");
        for (Row row : ROWS) {
            out.printf(Locale.ROOT, "%-34s", row.name());
            for (String split : reports.keySet()) {
                out.printf(
                        Locale.ROOT,
                        " %12.3f +- %6.3f",
                        number(result, split + "." + row.key() + ".mean"),
                        number(result, split + "." + row.key() + ".standardError"));
            }
            out.println();
        }
        for (Row row : SHARES) {
            out.printf(Locale.ROOT, "%-34s", row.name());
            for (String split : reports.keySet()) {
                out.printf(Locale.ROOT, " %12.3f          ", number(result, split + "." + row.key()));
            }
            out.println();
        }
        GapReport test = get(reports, "test");
        out.printf(
                Locale.ROOT,
                "%d + %d images audited, log p(x) by %s, independent pixels would give %.1f on test, %s%n",
                get(reports, "train").images(),
                test.images(),
                test.annealedIsLarger() ? "annealed importance sampling" : "importance weights",
                number(result, "independentPixelsLogPx"),
                Console.time(number(result, "wallSeconds")));
        out.println("report: " + report);
    }

    static double number(StudyResult result, String key) {
        return result.values().get(key) instanceof Number n ? n.doubleValue() : Double.NaN;
    }

    /**
     * A line of the tables.
     *
     * @param key in results.json
     * @param name for people
     * @param meaning in a few words
     */
    record Row(String key, String name, String meaning) {}

    static final List<Row> ROWS = List.of(
            new Row("logPx", "log p(x)", "the larger of the two estimates below"),
            new Row("logPxImportance", "  by importance weights", "best Gaussian as proposal"),
            new Row("logPxAnnealed", "  by annealed chains", "started at the best Gaussian"),
            new Row("elboOptimalFull", "ELBO, best Gaussian", "any covariance, fitted to each image"),
            new Row(
                    "elboOptimalDiagonal",
                    "ELBO, best diagonal Gaussian",
                    "the encoder's family, fitted to each image"),
            new Row("elboAmortized", "ELBO, encoder", "one pass of the encoder"),
            new Row("approximationGap", "approximation gap", "log p(x) - ELBO of the best diagonal Gaussian"),
            new Row("amortizationGap", "amortization gap", "ELBO of the best diagonal Gaussian - ELBO of the encoder"),
            new Row("inferenceGap", "inference gap", "log p(x) - ELBO of the encoder: the sum of the two"),
            new Row("approximationGapFull", "approximation gap, full", "log p(x) - ELBO of the best Gaussian"));

    static final List<Row> SHARES = List.of(
            new Row("negativeGapShare", "share of negative gaps", "above 0.01 the local fits have not converged"),
            new Row(
                    "certificateRankCorrelation",
                    "certificate, rank correlation",
                    "of the prediction without a fit with the measured amortization gap"));
}
