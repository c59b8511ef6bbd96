package org.amortis.bench.mcmc;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.amortis.array.HostArray;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.Machine;
import org.amortis.bench.study.StudyOptions;
import org.amortis.bench.study.StudyOutput;
import org.amortis.bench.study.StudyResult;
import org.amortis.diagnose.ChainSummary;
import org.amortis.io.AtomicFile;
import org.amortis.io.Safetensors;
import org.amortis.mc.Sampler;
import org.amortis.mc.SamplerSettings;
import org.amortis.mc.Samples;
import org.amortis.mc.Statistic;
import org.amortis.mc.TargetMoments;
import org.amortis.runtime.Device;

/** Runs the chains, judges them, writes what came out. */
final class McmcStudy {
    /** Coordinates with keys of their own in results.json. */
    private static final int LISTED = 100;

    private static final long SAVE_NANOS = 20_000_000_000L;

    private final Setting setting;
    private final SamplerSettings settings;
    private final StudyOptions options;
    private final Device device;
    private final Console console;
    private double warmUpSeconds;
    private double drawSeconds;
    private long saved = System.nanoTime();
    private long mark;

    McmcStudy(Setting setting, SamplerSettings settings, StudyOptions options, Device device, Console console) {
        this.setting = setting;
        this.settings = settings;
        this.options = options;
        this.device = device;
        this.console = console;
    }

    void run(PrintWriter out) throws IOException {
        String fingerprint = setting.fingerprint(settings.toString()) + " backend=" + device.backend();
        try (StudyOutput to = StudyOutput.open(options.out("mcmc"), fingerprint)) {
            console.say(setting.target() + ", " + setting.transition() + ", " + settings.chains() + " chains of "
                    + settings.warmUp() + " + " + settings.draws() + " draws");
            console.say(device.describe() + "; results go to " + to.directory());
            Sampler sampler = Sampler.of(
                    setting.target(),
                    setting.dtype(),
                    setting.target().dimension(),
                    setting.transition(),
                    settings,
                    device);
            sample(sampler, to);
            ChainTable table = new ChainTable(sampler.samples());
            StudyResult result = result(sampler, table);
            save(to.directory().resolve("draws.safetensors"), sampler.samples());
            McmcPage page = new McmcPage(setting, sampler, table, result);
            Path report = to.write("report.html", page.page()::writeTo);
            to.write("results.json", result::writeTo);
            to.finish();
            print(out, sampler, table, result, report);
        }
    }

    private void sample(Sampler sampler, StudyOutput to) throws IOException {
        Path chains = to.work().resolve("chains.safetensors");
        Path clock = to.work().resolve("seconds.txt");
        if (to.resumed() && Files.exists(chains)) {
            sampler.load(chains);
            String[] seconds = Files.readString(clock, StandardCharsets.UTF_8).split(" ");
            warmUpSeconds = Double.parseDouble(seconds[0]);
            drawSeconds = Double.parseDouble(seconds[1].strip());
            console.say("goes on after transition " + sampler.transitions() + " of " + sampler.total());
        } else {
            sampler.start(setting.deviation());
        }
        mark = System.nanoTime();
        while (sampler.transitions() < sampler.total()) {
            boolean warm = sampler.transitions() < settings.warmUp();
            sampler.advance(1);
            long now = System.nanoTime();
            if (warm) {
                warmUpSeconds += (now - mark) * 1e-9;
            } else {
                drawSeconds += (now - mark) * 1e-9;
            }
            mark = now;
            console.progress(
                    warm ? "warm-up" : "draws",
                    warm
                            ? sampler.transitions() / (double) settings.warmUp()
                            : (sampler.transitions() - settings.warmUp())
                                    / (double) (sampler.total() - settings.warmUp()),
                    String.format(
                            Locale.ROOT,
                            "step %.3g, acceptance %.2f, %d divergent",
                            sampler.stepSize(),
                            sampler.acceptance(),
                            sampler.divergences()));
            if (now - saved > SAVE_NANOS) {
                AtomicFile.write(clock, (warmUpSeconds + " " + drawSeconds + "\n").getBytes(StandardCharsets.UTF_8));
                sampler.save(chains);
                saved = System.nanoTime();
                mark = saved;
            }
        }
    }

    private static void save(Path file, Samples samples) throws IOException {
        Map<String, HostArray> all = new TreeMap<>();
        all.put("draws", samples.draws());
        samples.statistics().forEach((s, a) -> all.put(s.name().toLowerCase(Locale.ROOT), a));
        Safetensors.write(file, all, Map.of("format", "amortis-draws"));
    }

    private StudyResult result(Sampler sampler, ChainTable table) {
        Samples samples = sampler.samples();
        StudyResult r = new StudyResult()
                .put("command", setting.command())
                .put("seed", options.seed())
                .put("warmUpSeconds", warmUpSeconds)
                .put("drawSeconds", drawSeconds)
                .put("threads", device.threads())
                .put("backend", device.backend());
        Machine.describe(r);
        int worst = table.worstFirst()[0];
        double evaluations = samples.mean(Statistic.EVALUATIONS) * settings.chains() * settings.draws();
        r.put("target", setting.target().name())
                .put("dimensions", setting.target().dimension())
                .put("method", setting.method().toString())
                .put("transition", setting.transition().toString())
                .put("precision", setting.dtype().toString())
                .put("chains", settings.chains())
                .put("warmUp", settings.warmUp())
                .put("draws", settings.draws())
                .put("thin", settings.thin())
                .put("stepSize", sampler.stepSize())
                .put("acceptance", samples.mean(Statistic.ACCEPTANCE))
                .put("evaluationsPerDraw", samples.mean(Statistic.EVALUATIONS))
                .put("divergences", sampler.divergences())
                .put("largestRHat", table.largestRHat())
                .put("leastBulkEss", table.leastBulkEss())
                .put("leastBulkEssQuantity", table.name(worst))
                .put("leastTailEss", table.leastTailEss())
                .put("leastBulkEssPerSecond", table.leastBulkEss() / drawSeconds)
                .put("leastBulkEssPerEvaluation", table.leastBulkEss() / evaluations);
        if (setting.method() == Method.NUTS) {
            r.put("depth", samples.mean(Statistic.DEPTH));
        }
        if (setting.method().momentum()) {
            r.put(
                    "leastEnergyFraction",
                    Arrays.stream(table.energyFraction()).min().orElse(Double.NaN));
        }
        setting.target().moments().ifPresent(m -> {
            r.put("known.largestMeanError", largestError(table, m, true));
            r.put("known.largestStdError", largestError(table, m, false));
        });
        for (int i = 0; i < table.size(); i++) {
            if (i >= LISTED && i != table.size() - 1) {
                continue;
            }
            ChainSummary s = table.summary(i);
            String name = table.name(i);
            r.put(name + ".mean", s.mean())
                    .put(name + ".standardError", s.meanError())
                    .put(name + ".std", s.std())
                    .put(name + ".stdError", s.stdError())
                    .put(name + ".rHat", s.rHat())
                    .put(name + ".bulkEss", s.bulkEss())
                    .put(name + ".tailEss", s.tailEss())
                    .put(name + ".bulkEssPerSecond", s.bulkEss() / drawSeconds);
        }
        return r;
    }

    /** Largest distance from the known moments, in standard errors of both together. */
    static double largestError(ChainTable table, TargetMoments m, boolean mean) {
        double most = 0;
        for (int i = 0; i < m.mean().shape().size(); i++) {
            ChainSummary s = table.summary(i);
            double distance =
                    mean ? s.mean() - m.mean().get(i) : s.std() - m.std().get(i);
            double error = mean
                    ? Math.hypot(s.meanError(), m.meanError().get(i))
                    : Math.hypot(s.stdError(), m.stdError().get(i));
            most = Math.max(most, Math.abs(distance) / error);
        }
        return most;
    }

    static double number(StudyResult result, String key) {
        return result.values().get(key) instanceof Number n ? n.doubleValue() : Double.NaN;
    }

    private void print(PrintWriter out, Sampler sampler, ChainTable table, StudyResult r, Path report) {
        out.println();
        out.println(setting.title() + ", " + settings.chains() + " chains");
        out.printf(
                Locale.ROOT,
                "%-12s %11s %10s %10s %7s %9s %9s %10s%n",
                "",
                "mean",
                "+-",
                "std",
                "R-hat",
                "bulk ESS",
                "tail ESS",
                "ESS/s");
        int[] order = table.worstFirst();
        int shown = Math.min(order.length, 10);
        for (int k = 0; k < shown; k++) {
            ChainSummary s = table.summary(order[k]);
            out.printf(
                    Locale.ROOT,
                    "%-12s %11.4f %10.4f %10.4f %7.3f %9.0f %9.0f %10.1f%n",
                    table.name(order[k]),
                    s.mean(),
                    s.meanError(),
                    s.std(),
                    s.rHat(),
                    s.bulkEss(),
                    s.tailEss(),
                    s.bulkEss() / drawSeconds);
        }
        if (shown < order.length) {
            out.println("... the other " + (order.length - shown) + " have more effective draws");
        }
        out.printf(
                Locale.ROOT,
                "%d divergent, acceptance %.2f, step %.3g, %.1f evaluations a draw, energy fraction %.2f, %s + %s%n",
                sampler.divergences(),
                number(r, "acceptance"),
                sampler.stepSize(),
                number(r, "evaluationsPerDraw"),
                number(r, "leastEnergyFraction"),
                Console.time(warmUpSeconds),
                Console.time(drawSeconds));
        if (setting.target().moments().isPresent()) {
            out.printf(
                    Locale.ROOT,
                    "known moments: means within %.1f, deviations within %.1f standard errors%n",
                    number(r, "known.largestMeanError"),
                    number(r, "known.largestStdError"));
        }
        out.println("report: " + report);
        if (Double.isNaN(table.largestRHat())) {
            out.println("warning: a quantity has the same value in all draws; nothing can be said of it");
        }
    }
}
