package org.amortis.bench.density;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.Machine;
import org.amortis.bench.study.StudyOptions;
import org.amortis.bench.study.StudyOutput;
import org.amortis.bench.study.StudyResult;
import org.amortis.diagnose.Moments;
import org.amortis.runtime.Device;

/** Fits the flow, measures it on each split, writes what came out. */
final class DensityStudy {
    /** Training rows that are evaluated at the end. */
    private static final int TRAIN_ROWS = 10_000;

    private final Rows rows;
    private final String flow;
    private final DensityScale scale;
    private final StudyOptions options;
    private final String command;
    private final Device device;
    private final Console console;
    private final long start = System.nanoTime();

    DensityStudy(
            Rows rows,
            String flow,
            DensityScale scale,
            StudyOptions options,
            String command,
            Device device,
            Console console) {
        this.rows = rows;
        this.flow = flow;
        this.scale = scale;
        this.options = options;
        this.command = command;
        this.device = device;
        this.console = console;
    }

    private String fingerprint() {
        return "density data=" + rows.fingerprint() + " flow=" + flow + " seed=" + options.seed() + " backend="
                + device.backend() + " " + scale;
    }

    void run(PrintWriter out) throws IOException {
        try (StudyOutput to = StudyOutput.open(options.out("density"), fingerprint())) {
            console.say(rows.name() + ", flow " + flow);
            console.say(device.describe() + "; results go to " + to.directory());
            FittedFlow model = new FittedFlow(rows, flow, options.seed(), device);
            console.say(scale.describe(model.rate()));
            model.train(scale, options.seed(), to.work().resolve("checkpoints"), console);
            double trained = seconds() + model.carried();
            Map<String, FittedFlow.Pulled> pulled = new LinkedHashMap<>();
            pulled.put("train", model.pull(Prepared.some(model.data().standardised("train"), TRAIN_ROWS)));
            pulled.put("validation", model.pull(model.data().standardised("validation")));
            FittedFlow.Pulled test = model.pull(model.data().standardised("test"));
            pulled.put("test", test);
            double[] floor = GaussianFloor.of(
                    model.data().standardised("train"), model.data().standardised("test"));
            for (int i = 0; i < floor.length; i++) {
                floor[i] -= model.data().logDet();
            }
            Normality[] normality = Normality.of(test.residuals());
            StudyResult result = result(model, pulled, floor, normality, trained);
            DensityPage page = new DensityPage(rows, flow, scale, model, test, normality, result, options.seed());
            model.params().save(to.directory().resolve("model.safetensors"));
            Path report = to.write("report.html", page.page()::writeTo);
            to.write("results.json", result::writeTo);
            to.finish();
            print(out, result, report);
        }
    }

    private double seconds() {
        return (System.nanoTime() - start) * 1e-9;
    }

    private StudyResult result(
            FittedFlow model,
            Map<String, FittedFlow.Pulled> pulled,
            double[] floor,
            Normality[] normality,
            double trained) {
        StudyResult r = new StudyResult()
                .put("command", command)
                .put("seed", options.seed())
                .put("wallSeconds", seconds() + model.carried())
                .put("trainingSeconds", trained)
                .put("threads", device.threads())
                .put("backend", device.backend());
        Machine.describe(r);
        double epoch = Math.max(1, rows.train().shape().dim(0) / scale.batch());
        r.put("data", rows.name())
                .put("flow", flow)
                .put("dimensions", rows.dimensions())
                .put("parameters", model.params().spec().count())
                .put("epochs", model.steps() / epoch)
                .put("trainingSteps", model.steps())
                .put("bestStep", model.bestStep())
                .put("learningRate", model.rate())
                .put("train.rows", rows.train().shape().dim(0))
                .put("validation.rows", rows.validation().shape().dim(0))
                .put("test.rows", rows.test().shape().dim(0));
        pulled.forEach((split, p) -> moments(r, split + ".logLikelihood", p.logLikelihood()));
        moments(r, "test.gaussianLogLikelihood", floor);
        Toy toy = rows.toy();
        if (toy != null) {
            r.put("bestLogLikelihood", toy.best());
            double[] excess = pulled(pulled, "test").logLikelihood();
            var x = rows.test();
            for (int i = 0; i < excess.length; i++) {
                excess[i] = toy.logDensity(x.get(2 * i), x.get(2 * i + 1)) - excess[i];
            }
            moments(r, "test.divergence", excess);
        }
        Pixels pixels = rows.pixels();
        if (pixels != null) {
            double[] bits = pulled(pulled, "test").logLikelihood();
            for (int i = 0; i < bits.length; i++) {
                bits[i] =
                        pixels.bits(bits[i] - model.data().rest(), model.data().values("test"), i);
            }
            moments(r, "test.bitsPerDimension", bits);
        }
        Normality worst = Normality.worst(normality);
        return r.put("residuals.largestDistance", worst.distance())
                .put("residuals.largestDistanceCoordinate", worst.coordinate())
                .put("residuals.smallestP", worst.p())
                .put("residuals.lengthDistance", normality[normality.length - 1].distance())
                .put("residuals.lengthP", normality[normality.length - 1].p());
    }

    private static FittedFlow.Pulled pulled(Map<String, FittedFlow.Pulled> all, String split) {
        return java.util.Objects.requireNonNull(all.get(split));
    }

    private static void moments(StudyResult r, String key, double... values) {
        Moments m = Moments.of(values);
        r.put(key + ".mean", m.mean()).put(key + ".standardError", m.standardError());
    }

    static double number(StudyResult result, String key) {
        return result.values().get(key) instanceof Number n ? n.doubleValue() : Double.NaN;
    }

    private void print(PrintWriter out, StudyResult r, Path report) {
        out.println();
        out.println(rows.name() + ", flow " + flow);
        out.printf(Locale.ROOT, "%-38s %12s%n", "log-likelihood, nats per row", "");
        for (String split : new String[] {"train", "validation", "test"}) {
            line(out, r, split, split + ".logLikelihood");
        }
        line(out, r, "test, Gaussian of any covariance", "test.gaussianLogLikelihood");
        if (rows.toy() != null) {
            out.printf(Locale.ROOT, "%-38s %12.4f%n", "best possible", number(r, "bestLogLikelihood"));
            line(out, r, "divergence from the truth", "test.divergence");
        }
        if (rows.pixels() != null) {
            line(out, r, "test, bits per dimension", "test.bitsPerDimension");
        }
        out.printf(
                Locale.ROOT,
                "%.0f epochs, best at step %.0f of %.0f, %,.0f parameters, %s%n",
                number(r, "epochs"),
                number(r, "bestStep"),
                number(r, "trainingSteps"),
                number(r, "parameters"),
                Console.time(number(r, "wallSeconds")));
        out.println("report: " + report);
    }

    private static void line(PrintWriter out, StudyResult r, String name, String key) {
        out.printf(
                Locale.ROOT,
                "%-38s %12.4f +- %.4f%n",
                name,
                number(r, key + ".mean"),
                number(r, key + ".standardError"));
    }
}
