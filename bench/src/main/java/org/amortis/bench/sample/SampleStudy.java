package org.amortis.bench.sample;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.Machine;
import org.amortis.bench.study.StudyOptions;
import org.amortis.bench.study.StudyOutput;
import org.amortis.bench.study.StudyResult;
import org.amortis.bench.targets.BenchTargets;
import org.amortis.langevin.PathStatistics;
import org.amortis.mc.LogZ;
import org.amortis.mc.Target;
import org.amortis.runtime.Device;

/** Runs the cells one after the other, keeps each when it is done, writes what came out. */
final class SampleStudy {
    private final List<Cell> cells;
    private final SampleSettings settings;
    private final StudyOptions options;
    private final String command;
    private final Device device;
    private final Console console;

    SampleStudy(
            List<Cell> cells,
            SampleSettings settings,
            StudyOptions options,
            String command,
            Device device,
            Console console) {
        this.cells = List.copyOf(cells);
        this.settings = settings;
        this.options = options;
        this.command = command;
        this.device = device;
        this.console = console;
    }

    private String fingerprint() {
        return "sample cells=" + cells.stream().map(Cell::name).toList() + " seed=" + options.seed() + " backend="
                + device.backend() + " " + settings;
    }

    void run(PrintWriter out) throws IOException {
        try (StudyOutput to = StudyOutput.open(options.out("sample"), fingerprint())) {
            console.say(cells.size() == 1 ? cells.get(0).name() : cells.size() + " cells");
            console.say(settings.describe());
            console.say(device.describe() + "; results go to " + to.directory());
            to.keepUnfinished();
            List<CellResult> results = new ArrayList<>();
            for (Cell c : cells) {
                if (!CellResult.exists(c, to.work())) {
                    Target t = BenchTargets.named(c.target());
                    new CellRun(c, t, settings, options.seed(), device, console)
                            .run(to.work())
                            .write(to.work());
                }
                CellResult r = CellResult.read(c, to.work());
                results.add(r);
                console.say(line(r));
            }
            StudyResult result = result(results);
            Path report = to.write("report.html", new SamplePage(results, settings, result, device).page()::writeTo);
            to.write("results.json", result::writeTo);
            to.finish();
            print(out, results, report);
        }
    }

    private StudyResult result(List<CellResult> results) {
        StudyResult r = new StudyResult()
                .put("command", command)
                .put("seed", options.seed())
                .put(
                        "wallSeconds",
                        results.stream().mapToDouble(CellResult::seconds).sum())
                .put("threads", device.threads())
                .put("backend", device.backend());
        Machine.describe(r);
        r.put("trainingSteps", settings.steps())
                .put("startSteps", settings.startSteps())
                .put("rate", settings.rate())
                .put("decay", SampleSettings.word(settings.decay()))
                .put("pathsPerStep", settings.paths())
                .put("evaluationPaths", settings.evaluation())
                .put("gradient", SampleSettings.word(settings.gradient()))
                .put("stepSizes", SampleSettings.word(settings.stepSizes()))
                .put("profile", SampleSettings.word(settings.profile()));
        if (results.size() == 1) {
            CellResult one = results.get(0);
            r.put("target", one.cell().target())
                    .put("method", one.cell().methodName())
                    .put("k", one.cell().k());
            truth(r, "", one.cell().target());
            one.into(r, "");
            return r;
        }
        for (String t : results.stream().map(c -> c.cell().target()).distinct().toList()) {
            truth(r, t + ".", t);
        }
        results.forEach(c -> c.into(r, c.cell().name() + "."));
        return r;
    }

    private static void truth(StudyResult r, String prefix, String target) {
        BenchTargets.named(target)
                .logZ()
                .ifPresent(z -> r.put(prefix + "trueLogZ.mean", z.value())
                        .put(prefix + "trueLogZ.standardError", z.standardError()));
    }

    static double number(StudyResult result, String key) {
        return result.values().get(key) instanceof Number n ? n.doubleValue() : Double.NaN;
    }

    private static String line(CellResult r) {
        PathStatistics s = r.statistics();
        return String.format(
                Locale.ROOT,
                "%-26s ELBO %10.3f +- %.3f  log Z %10.3f +- %.3f  ESS %.4f +- %.4f  %s",
                r.cell().name(),
                s.elbo(),
                s.elboError(),
                s.logZ(),
                s.logZError(),
                s.ess(),
                s.essError(),
                Console.time(r.seconds()));
    }

    private static void print(PrintWriter out, List<CellResult> results, Path report) {
        out.println();
        String target = "";
        for (CellResult r : results) {
            if (!r.cell().target().equals(target)) {
                target = r.cell().target();
                out.println(target
                        + BenchTargets.named(target)
                                .logZ()
                                .map(LogZ::toString)
                                .map(z -> ": log Z " + z)
                                .orElse(": log Z is not known"));
            }
            out.println(line(r));
            if (Double.isFinite(r.eubo(0))) {
                out.printf(Locale.ROOT, "%-26s EUBO %10.3f +- %.3f%n", "", r.eubo(0), r.eubo(1));
            }
            if (Double.isFinite(r.modes())) {
                out.printf(Locale.ROOT, "%-26s modes found: %.1f%%%n", "", 100 * r.modes());
            }
        }
        out.println("report: " + report);
    }
}
