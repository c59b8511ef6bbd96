package org.amortis.bench.gap;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.report.Page;
import org.amortis.bench.study.Commit;
import org.amortis.bench.study.StudyOptions;
import org.amortis.bench.study.StudyOutput;
import org.amortis.bench.study.StudyResult;
import org.amortis.diagnose.GapAudit;
import org.amortis.diagnose.GapReport;
import org.amortis.diagnose.Moments;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.TensorType;
import org.amortis.vae.LinearGaussian;

/**
 * Sends the linear Gaussian model, whose gaps are known, through the audit that images go through. The observation is
 * audited many times with independent noise, so that the standard error of each mean is known too.
 */
final class LinearStudy {
    /** Audits of the one observation. */
    private static final int REPEATS = 64;

    /** Measured and exact may differ by so many standard errors. */
    private static final double LIMIT = 4;

    private final LinearCase model;
    private final StudyOptions options;
    private final String command;
    private final Device device;
    private final long start = System.nanoTime();

    /**
     * One row of the table.
     *
     * @param key in results.json
     * @param name in the table
     * @param exact by the formula
     * @param measured mean over the repeats
     * @param error standard error, not below what float arithmetic and the end of an iterative fit leave
     */
    record Line(String key, String name, double exact, double measured, double error) {
        double deviation() {
            return (measured - exact) / error;
        }

        boolean agrees() {
            return Math.abs(measured - exact) <= LIMIT * error;
        }
    }

    LinearStudy(LinearCase model, StudyOptions options, String command, Device device) {
        this.model = model;
        this.options = options;
        this.command = command;
        this.device = device;
    }

    /**
     * Measures, writes, prints.
     *
     * @param out where the table goes
     * @return whether all values agree
     */
    boolean run(PrintWriter out) throws IOException {
        try (StudyOutput to =
                StudyOutput.open(options.out("gap-linear-gaussian"), "gap linear-gaussian seed=" + options.seed())) {
            List<Line> lines = measure();
            StudyResult result = new StudyResult()
                    .put("command", command)
                    .put("commit", Commit.ofSources())
                    .put("seed", options.seed())
                    .put("wallSeconds", (System.nanoTime() - start) * 1e-9)
                    .put("threads", device.threads())
                    .put("backend", device.backend())
                    .put("data", "linear-gaussian")
                    .put("observed", model.data())
                    .put("latent", model.latent())
                    .put("repeats", REPEATS);
            for (Line l : lines) {
                result.put(l.key() + ".exact", l.exact())
                        .put(l.key() + ".mean", l.measured())
                        .put(l.key() + ".standardError", l.error());
            }
            boolean agree = lines.stream().allMatch(Line::agrees);
            result.put("agree", agree ? "yes" : "no");
            to.write("report.html", s -> page(lines, agree).writeTo(s));
            to.write("results.json", result::writeTo);
            to.finish();
            print(out, lines, agree);
            out.println("report: " + to.directory().resolve("report.html"));
            return agree;
        }
    }

    private List<Line> measure() {
        ParamSpec spec = new ParamSpec(DType.F32);
        int n = model.data();
        int d = model.latent();
        double[] w = Arrays.stream(model.w()).flatMapToDouble(Arrays::stream).toArray();
        LinearGaussian lg = LinearGaussian.of(
                spec.at("model"),
                HostArray.wrap(w, Shape.of(n, d)).cast(DType.F32),
                HostArray.wrap(model.b(), Shape.of(n)).cast(DType.F32),
                model.s2());
        Params params = Params.init(spec, Key.of(options.seed()), device);
        float[] rows = new float[REPEATS * n];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) model.x()[i % n];
        }
        HostArray x = HostArray.wrap(rows, Shape.of(REPEATS, n));
        GapAudit audit = new GapAudit(
                lg,
                new FixedGaussian(model.mu(), model.variance()),
                params,
                new TensorType(DType.F32, x.shape()),
                GapScale.linear(options.seed(), options.quick()),
                device);
        GapReport r = audit.on(x);
        LinearCase.Exact e = model.exact();
        List<Line> lines = new ArrayList<>();
        lines.add(line("logPxImportance", "log p(x), importance weights", e.logPx(), r.logPxImportance()));
        lines.add(line("logPxAnnealed", "log p(x), annealed chains", e.logPx(), r.logPxAnnealed()));
        lines.add(line("logPx", "log p(x), the larger mean", e.logPx(), r.logPx()));
        lines.add(line("elboAmortized", "ELBO, encoder", e.elboAmortized(), r.elboAmortized()));
        lines.add(line("elboOptimalDiagonal", "ELBO, best diagonal", e.elboOptimal(), r.elboOptimalDiagonal()));
        lines.add(line("elboOptimalFull", "ELBO, best Gaussian", e.logPx(), r.elboOptimalFull()));
        lines.add(line("approximationGap", "approximation gap", e.approximationGap(), r.approximationGap()));
        lines.add(line("amortizationGap", "amortization gap", e.amortizationGap(), r.amortizationGap()));
        // for a Gaussian posterior the prediction is the gap itself
        lines.add(line("certificate", "amortization gap, predicted", e.amortizationGap(), r.certificate()));
        lines.add(line("inferenceGap", "inference gap", e.inferenceGap(), r.inferenceGap()));
        lines.add(line("approximationGapFull", "approximation gap, full", 0, r.approximationGapFull()));
        return lines;
    }

    /** Relative size of what float32 sums over the model's terms and an iterative fit's end may leave. */
    private double floor(double exact) {
        return 5e-4 + 1e-6 * (model.data() + Math.abs(exact));
    }

    private Line line(String key, String name, double exact, double... values) {
        Moments m = Moments.of(values);
        return new Line(key, name, exact, m.mean(), Math.max(m.standardError(), floor(exact)));
    }

    private void print(PrintWriter out, List<Line> lines, boolean agree) {
        out.println(model + ", " + REPEATS + " audits of one observation, nats");
        out.printf(Locale.ROOT, "%-30s %14s %14s %10s %8s%n", "", "exact", "measured", "std.error", "std.dev");
        for (Line l : lines) {
            out.printf(
                    Locale.ROOT,
                    "%-30s %14.6f %14.6f %10.6f %8.2f%s%n",
                    l.name(),
                    l.exact(),
                    l.measured(),
                    l.error(),
                    l.deviation(),
                    l.agrees() ? "" : "  differs");
        }
        out.println(
                agree
                        ? "all measured values agree with the formulas within 4 standard errors"
                        : "measured values differ from the formulas by more than 4 standard errors");
    }

    private Page page(List<Line> lines, boolean agree) {
        List<List<String>> rows = new ArrayList<>();
        for (Line l : lines) {
            rows.add(List.of(
                    l.name(),
                    String.format(Locale.ROOT, "%.6f", l.exact()),
                    String.format(Locale.ROOT, "%.6f", l.measured()),
                    String.format(Locale.ROOT, "%.6f", l.error()),
                    String.format(Locale.ROOT, "%.2f", l.deviation())));
        }
        return new Page(
                        "Gaps of a model whose gaps are known",
                        "The " + model + ", audited " + REPEATS + " times with independent noise by the estimators that"
                                + " the study of images uses.")
                .table(
                        "Exact and measured",
                        agree
                                ? "All measured values agree with the formulas within 4 standard errors."
                                : "Some measured values differ from the formulas by more than 4 standard errors.",
                        List.of("nats", "exact", "measured", "standard error", "deviation in standard errors"),
                        rows,
                        Page.Cells.NUMBERS);
    }
}
