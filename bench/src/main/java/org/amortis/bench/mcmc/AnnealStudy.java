package org.amortis.bench.mcmc;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.report.Page;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.Machine;
import org.amortis.bench.study.StudyOptions;
import org.amortis.bench.study.StudyOutput;
import org.amortis.bench.study.StudyResult;
import org.amortis.diagnose.Psis;
import org.amortis.dist.Distribution;
import org.amortis.dist.MultivariateNormal;
import org.amortis.io.Safetensors;
import org.amortis.mc.Annealed;
import org.amortis.mc.Annealer;
import org.amortis.mc.AnnealerSettings;
import org.amortis.mc.Ladder;
import org.amortis.mc.LogNormaliser;
import org.amortis.mc.LogZ;
import org.amortis.mc.Target;
import org.amortis.runtime.Device;
import org.amortis.tensor.Tensors;

/** Learns a ladder, runs it several times, reports the normaliser. */
final class AnnealStudy {
    private static final int SHOWN = 8;
    private static final int EXACT_DRAWS = 10_000;
    private static final int PAIR_POINTS = 2_000;

    /** Temperatures between two checkpoints. */
    private static final int CHECKPOINT = 25;

    private static final String LADDER = """
        {"data": {"name": "rows"}, "height": 260,
         "mark": {"type": "line", "point": {"size": 14}, "strokeWidth": 1.5, "tooltip": true},
         "encoding": {
          "x": {"field": "number", "type": "quantitative", "title": "temperature number"},
          "y": {"field": "value", "type": "quantitative", "title": "TITLE", "scale": {"type": "log"}}}}\
        """;

    private static final String WEIGHTS = """
        {"data": {"name": "rows"}, "height": 260,
         "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2},
         "encoding": {
          "x": {"field": "at", "type": "quantitative", "title": "log weight, nats", "scale": {"zero": false}},
          "y": {"field": "density", "type": "quantitative", "title": "density"}}}\
        """;

    /**
     * How the normaliser is estimated.
     *
     * @param runs runs on the ladder
     * @param refine parts of each step of the ladder
     * @param fit factor of the covariance of the first run's particles, from which the others start; 0 for the wide start
     */
    record Repeats(int runs, int refine, double fit) {}

    private final Setting setting;
    private final AnnealerSettings settings;
    private final Repeats repeats;
    private final int runs;
    private final StudyOptions options;
    private final Device device;
    private final Console console;
    private final long start = System.nanoTime();

    AnnealStudy(
            Setting setting,
            AnnealerSettings settings,
            Repeats repeats,
            StudyOptions options,
            Device device,
            Console console) {
        this.setting = setting;
        this.settings = settings;
        this.repeats = repeats;
        this.runs = repeats.runs();
        this.options = options;
        this.device = device;
        this.console = console;
    }

    void run(PrintWriter out) throws IOException {
        String fingerprint = setting.fingerprint(settings.toString()) + " " + repeats + " backend=" + device.backend();
        try (StudyOutput to = StudyOutput.open(options.out("mcmc"), fingerprint)) {
            Target t = setting.target();
            console.say(t + ", " + setting.method() + " with " + setting.transition() + ", " + settings.particles()
                    + " particles");
            console.say(device.describe() + "; results go to " + to.directory());
            int d = t.dimension();
            DType type = setting.dtype();
            to.keepUnfinished();
            Path work = to.work();
            Annealer annealer = annealer(MultivariateNormal.ofMeanStd(
                    Tensors.zeros(type, Shape.of(d)), Tensors.fill(setting.deviation(), type, Shape.of(d))));
            Annealed last = kept(work, "wide", annealer, a -> a.learn(0));
            if (repeats.fit() > 0) {
                console.say("first run from the wide start: " + last);
                annealer = annealer(last.normal(settings.mass(), repeats.fit()));
                last = kept(work, "fit", annealer, a -> a.learn(0));
            }
            Ladder ladder = last.ladder().refine(repeats.refine());
            console.say("the ladder has " + ladder.size() + " temperatures, first estimate "
                    + String.format(Locale.ROOT, "%.4f", last.logZ()));
            List<Annealed> found = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                int run = i + 1;
                last = kept(
                        work,
                        "run " + run + " of " + runs,
                        annealer,
                        a -> importance() ? a.importance(ladder, run) : a.resampled(ladder, run));
                found.add(last);
                console.say(String.format(Locale.ROOT, "run %d of %d: log Z %.4f", run, runs, last.logZ()));
            }
            LogNormaliser z = importance()
                    ? LogNormaliser.ofImportance(found)
                    : LogNormaliser.of(
                            found.stream().mapToDouble(Annealed::logZ).toArray());
            Psis psis = Psis.of(Annealed.logWeights(found));
            StudyResult result = result(ladder, z, last, psis);
            HostArray draws = drawn(last);
            Safetensors.write(
                    to.directory().resolve("draws.safetensors"),
                    Map.of("draws", draws.reshape(Shape.of(1, draws.shape().dim(0), d))),
                    Map.of("format", "amortis-draws"));
            Path report = to.write("report.html", page(result, ladder, last, draws)::writeTo);
            to.write("results.json", result::writeTo);
            to.finish();
            print(out, result, report);
        }
    }

    /** A run of an earlier start of the command, whole or in parts, goes on. */
    private Annealed kept(Path work, String name, Annealer annealer, Function<Annealer, Annealed> run)
            throws IOException {
        Path file = work.resolve(name.replace(' ', '-') + ".safetensors");
        if (Files.exists(file)) {
            return Annealed.load(file, name);
        }
        annealer.checkpoint(work.resolve("anneal.part"), CHECKPOINT)
                .watched(t -> console.progress(name, t, String.format(Locale.ROOT, "temperature %.2e", t)));
        Annealed a = run.apply(annealer);
        a.save(file, name);
        return a;
    }

    private boolean importance() {
        return setting.method() == Method.AIS;
    }

    private Annealer annealer(Distribution from) {
        return Annealer.of(from, setting.target(), setting.dtype(), setting.transition(), settings, device);
    }

    /** Particles in proportion to their weights, by one uniform number. */
    private HostArray drawn(Annealed a) {
        double[] w = a.logWeights();
        int n = w.length;
        int d = setting.target().dimension();
        double[] x = new double[n * d];
        double u = new SplittableRandom(options.seed()).nextDouble();
        double top = Arrays.stream(w).max().orElse(0);
        double total = Arrays.stream(w).map(v -> Math.exp(v - top)).sum();
        double sum = 0;
        int k = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.exp(w[i] - top) / total * n;
            while (k < n && k + u < sum) {
                for (int j = 0; j < d; j++) {
                    x[k * d + j] = a.particles().get(i * d + j);
                }
                k++;
            }
        }
        return HostArray.wrap(x, Shape.of(n, d)).rows(0, Math.max(1, k));
    }

    private StudyResult result(Ladder ladder, LogNormaliser z, Annealed last, Psis psis) {
        StudyResult r = new StudyResult()
                .put("command", setting.command())
                .put("seed", options.seed())
                .put("wallSeconds", (System.nanoTime() - start) * 1e-9)
                .put("threads", device.threads())
                .put("backend", device.backend());
        Machine.describe(r);
        r.put("target", setting.target().name())
                .put("dimensions", setting.target().dimension())
                .put("method", setting.method().toString())
                .put("transition", setting.transition().toString())
                .put("precision", setting.dtype().toString())
                .put("particles", settings.particles())
                .put("temperatures", ladder.size())
                .put("moves", settings.moves())
                .put("conditionalShare", settings.conditionalEss())
                .put("fit", repeats.fit())
                .put("refine", repeats.refine())
                .put("runs", runs)
                .put("acceptance", last.acceptance())
                .put("resamplings", last.resamplings())
                .put("logZ.mean", z.logZ())
                .put("logZ.standardError", z.standardError())
                .put("ess.mean", last.effective());
        if (importance()) {
            r.put("kHat", psis.kHat()).put("kHatThreshold", psis.threshold());
        }
        setting.target().logZ().ifPresent(known -> {
            double error = Math.hypot(z.standardError(), known.standardError());
            r.put("known.logZ", known.value())
                    .put("known.logZStandardError", known.standardError())
                    .put("known.difference", z.logZ() - known.value())
                    .put("known.differenceInErrors", (z.logZ() - known.value()) / error);
        });
        return r;
    }

    private static double number(StudyResult r, String key) {
        return McmcStudy.number(r, key);
    }

    private Page page(StudyResult r, Ladder ladder, Annealed last, HostArray draws) {
        Target t = setting.target();
        Page p = new Page(
                "Annealing to " + t.name(),
                settings.particles() + " particles go from "
                        + (repeats.fit() > 0 ? "a normal fit" : "N(0, " + setting.deviation() + "^2 I)")
                        + " to a target of "
                        + t.dimension() + " coordinates. " + runs + " runs on a ladder that was learnt beforehand:"
                        + " each estimates the normalising constant without"
                        + " bias. The error of log Z is by the bootstrap,"
                        + " over "
                        + (importance() ? "the weights of all runs." : "the runs."));
        List<Page.Card> cards = new ArrayList<>();
        cards.add(new Page.Card(
                "log Z",
                String.format(Locale.ROOT, "%.3f", number(r, "logZ.mean")),
                String.format(Locale.ROOT, "± %.3f nats", number(r, "logZ.standardError"))));
        LogZ known = t.logZ().orElse(null);
        if (known != null) {
            cards.add(new Page.Card(
                    known.kind() == LogZ.Kind.EXACT ? "true log Z" : "reference log Z",
                    known.toString().replace("+-", "±"),
                    String.format(Locale.ROOT, "difference %.3f nats", number(r, "known.difference"))));
        }
        cards.add(new Page.Card(
                "effective",
                String.format(Locale.ROOT, "%.0f%%", 100 * number(r, "ess.mean")),
                "of the particles, last run"));
        cards.add(new Page.Card(
                "temperatures",
                String.valueOf(ladder.size()),
                String.format(
                        Locale.ROOT, "acceptance %.2f, resampled %d times", last.acceptance(), last.resamplings())));
        p.cards(cards);
        p.beginPair();
        p.figure(
                "temperatures",
                "Temperatures",
                "From the start to the target.",
                LADDER.replace("TITLE", "temperature"),
                ladder(ladder, true));
        p.figure(
                "steps",
                "Step sizes",
                "In units of the particles' covariance.",
                LADDER.replace("TITLE", "step size"),
                ladder(ladder, false));
        p.endPair();
        if (importance()) {
            double[] w = last.logWeights();
            p.figure(
                    "weights",
                    "Log weights",
                    "Of the last run. Estimates can be trusted where the shape of the tail is below its threshold.",
                    WEIGHTS,
                    Figures.histogram("", "weight", Figures.range(w), w));
        }
        p.figure(
                "marginals",
                "Marginals",
                "Densities of the particles" + (t.sampler().isPresent() ? ", and of exact draws of the target." : "."),
                Figures.marginals(t.sampler().isPresent() ? List.of("particles", "exact") : List.of("particles")),
                marginals(draws));
        if (t.dimension() > 1) {
            pairs(p, draws);
        }
        List<List<String>> about = new ArrayList<>();
        r.values().forEach((k, v) -> about.add(List.of(k, String.valueOf(v))));
        p.table("All numbers", "The first column names the keys of results.json.", List.of(), about, Page.Cells.TEXT);
        return p;
    }

    private static List<Map<String, Object>> ladder(Ladder ladder, boolean temperature) {
        List<Map<String, Object>> out = new ArrayList<>();
        for (int k = 0; k < ladder.size(); k++) {
            out.add(Figures.row("number", k + 1, "value", temperature ? ladder.temperature(k) : ladder.stepSize(k)));
        }
        return out;
    }

    private List<Map<String, Object>> marginals(HostArray draws) {
        int d = setting.target().dimension();
        HostArray exact =
                setting.target().sampler().map(s -> s.sample(EXACT_DRAWS, 1)).orElse(null);
        List<Map<String, Object>> out = new ArrayList<>();
        for (int j = 0; j < Math.min(d, SHOWN); j++) {
            double[] x = column(draws, j);
            double[] truth = exact == null ? new double[0] : column(exact, j);
            double[] range = Figures.range(exact == null ? x : truth);
            out.addAll(Figures.histogram("x" + (j + 1), "particles", range, x));
            if (exact != null) {
                out.addAll(Figures.histogram("x" + (j + 1), "exact", range, truth));
            }
        }
        return out;
    }

    private static double[] column(HostArray x, int j) {
        double[] v = new double[x.shape().dim(0)];
        for (int i = 0; i < v.length; i++) {
            v[i] = x.at(i, j);
        }
        return v;
    }

    private void pairs(Page p, HostArray draws) {
        int shown = Math.min(3, setting.target().dimension());
        List<String> names = new ArrayList<>();
        for (int j = 0; j < shown; j++) {
            names.add("x" + (j + 1));
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        int n = draws.shape().dim(0);
        int step = Math.max(1, n / PAIR_POINTS);
        for (int i = 0; i < n; i += step) {
            Map<String, Object> row = Figures.row();
            for (int j = 0; j < shown; j++) {
                row.put("x" + (j + 1), draws.at(i, j));
            }
            rows.add(row);
        }
        p.figure("pairs", "Pairs", "Where the particles lie.", Figures.pairs(names), rows);
    }

    private void print(PrintWriter out, StudyResult r, Path report) {
        out.println();
        out.println(setting.title() + ", " + settings.particles() + " particles, " + runs + " runs");
        out.printf(
                Locale.ROOT,
                "%-24s %12.4f +- %.4f%n",
                "log Z",
                number(r, "logZ.mean"),
                number(r, "logZ.standardError"));
        setting.target()
                .logZ()
                .ifPresent(known -> out.printf(
                        Locale.ROOT,
                        "%-24s %12.4f +- %.4f, difference %.4f%n",
                        known.kind() == LogZ.Kind.EXACT ? "true" : "reference",
                        known.value(),
                        known.standardError(),
                        number(r, "known.difference")));
        out.printf(
                Locale.ROOT,
                "%.0f temperatures, acceptance %.2f, effective share %.2f, %s%n",
                number(r, "temperatures"),
                number(r, "acceptance"),
                number(r, "ess.mean"),
                Console.time(number(r, "wallSeconds")));
        if (importance()) {
            out.printf(
                    Locale.ROOT,
                    "k-hat of the weights %.2f, threshold %.2f%n",
                    number(r, "kHat"),
                    number(r, "kHatThreshold"));
        }
        out.println("report: " + report);
    }
}
