package org.amortis.bench.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.amortis.array.PlanException;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.StudyException;
import org.amortis.bench.study.StudyOptions;
import org.amortis.bench.targets.BenchTargets;
import org.amortis.langevin.GradientMode;
import org.amortis.langevin.Method;
import org.amortis.langevin.PathSettings;
import org.amortis.runtime.Device;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Langevin diffusion and its kin on target densities. */
@Command(
        name = "sample",
        mixinStandardHelpOptions = true,
        description = {
            "Trains a diffusion sampler on a target density and evaluates it on new paths: evidence lower bound,"
                    + " estimate of log Z, effective share of the paths, the upper bound where exact draws exist, each"
                    + " with its standard error, beside the true value.",
            "Several targets, methods or numbers of kernels, separated by commas, make a table. Writes report.html and"
                    + " results.json (one flat object) to the output directory. An unfinished run goes on when its"
                    + " command is repeated."
        })
public final class SampleCommand implements Callable<Integer> {
    private static final String ALL_TARGETS = "sonar,seeds,credit,funnel,gmm-2d,many-well";
    private static final String ALL_METHODS = "ula,mcd,uha,ldvi,cmcd,cmcd-ud";
    private static final String ALL_K = "8,16,32,64,128,256";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private StudyOptions options = new StudyOptions();

    @Option(
            names = "--target",
            paramLabel = "NAME[,NAME ..]",
            description = "such as sonar (the default), seeds, credit, funnel, gmm-2d, many-well")
    private @Nullable String target;

    @Option(
            names = "--method",
            paramLabel = "NAME[,NAME ..]",
            description =
                    "ula, mcd, cmcd, dbs, gbs, dis, dds, pis; with momentum uha, uha-exact, dais, ldvi (the default),"
                            + " cmcd-ud, dbs-ud, dis-ud")
    private @Nullable String method;

    @Option(
            names = {"--k", "--K"},
            paramLabel = "K[,K ..]",
            description = "number of kernels (default: 8); 0 is plain variational inference")
    private @Nullable String k;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "training steps of the path (default: 15000); q0 alone gets as many before, at most 15000")
    private @Nullable Integer steps;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description =
                    "learning rate of Adam (default: ${DEFAULT-VALUE}); that of the step size is ten times as large")
    private double rate = 1e-3;

    @Option(
            names = "--decay",
            paramLabel = "NAME",
            description = "how the rate falls: constant (the default), cosine (to a hundredth at the last step)")
    private String decay = "constant";

    @Option(names = "--paths", paramLabel = "N", description = "paths of a step (default: ${DEFAULT-VALUE})")
    private int paths = 5;

    @Option(
            names = "--gradient",
            paramLabel = "MODE",
            description = "reparam (the default), logderiv, logvar; the last two want hundreds of paths")
    private String gradient = "reparam";

    @Option(names = "--step-sizes", paramLabel = "WHICH", description = "one (the default), each-step, each-coordinate")
    private String stepSizes = "one";

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "how step sizes fall along the path at first: constant (the default), cosine")
    private String profile = "constant";

    @Option(
            names = "--all",
            description = "the whole table: targets " + ALL_TARGETS + ", methods " + ALL_METHODS + ", K " + ALL_K)
    private boolean all;

    private SampleCommand() {}

    @Override
    public Integer call() {
        if (all && (target != null || method != null || k != null)) {
            throw new StudyException("--all: is a table of its own; leave --target, --method and --k away");
        }
        List<Cell> cells = new ArrayList<>();
        for (String t : names("--target", all ? ALL_TARGETS : target == null ? "sonar" : target)) {
            if (!BenchTargets.TABLE.names().contains(t)) {
                throw new StudyException("--target " + t + ": there are "
                        + String.join(", ", new java.util.TreeSet<>(BenchTargets.TABLE.names())));
            }
            for (String m : names("--method", all ? ALL_METHODS : method == null ? "ldvi" : method)) {
                for (String n : names("--k", all ? ALL_K : k == null ? "8" : k)) {
                    Cell c = new Cell(t, method(m), kernels(n));
                    if (c.k() == 0 && c.method() == Method.PIS) {
                        throw new StudyException("--method pis --k 0: it has no q0, so it needs kernels");
                    }
                    // without kernels all methods are the same
                    if (c.k() > 0
                            || cells.stream()
                                    .noneMatch(o -> o.k() == 0 && o.target().equals(t))) {
                        cells.add(c);
                    }
                }
            }
        }
        SampleSettings settings = SampleSettings.of(
                steps == null ? options.quick() ? 500 : 15_000 : steps,
                rate,
                choice("--decay", decay, SampleSettings.Decay.values()),
                paths,
                options.quick(),
                choice("--gradient", gradient, GradientMode.values()),
                choice("--step-sizes", stepSizes, PathSettings.StepSizes.values()),
                choice("--profile", profile, PathSettings.Profile.values()));
        Console console = new Console(spec.commandLine().getErr(), Console.onTerminal());
        List<String> words = spec.commandLine().getParent().getParseResult().originalArgs();
        try (Device device = options.machine().open()) {
            new SampleStudy(cells, settings, options, "bench/amortis " + String.join(" ", words), device, console)
                    .run(spec.commandLine().getOut());
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(String option, String list) {
        List<String> out = new ArrayList<>();
        for (String s : list.split(",", -1)) {
            String name = s.strip().toLowerCase(Locale.ROOT);
            if (name.isEmpty() || out.contains(name)) {
                throw new StudyException(option + " " + list + ": names or numbers separated by commas, each once");
            }
            out.add(name);
        }
        return out;
    }

    private static <E extends Enum<E>> E choice(String option, String word, E[] values) {
        List<String> words = new ArrayList<>();
        for (E e : values) {
            String w = SampleSettings.word(e);
            if (w.equals(word.strip().toLowerCase(Locale.ROOT))) {
                return e;
            }
            words.add(w);
        }
        throw new StudyException(option + " " + word + ": there are " + String.join(", ", words));
    }

    private static Method method(String name) {
        try {
            return Method.named(name);
        } catch (PlanException e) {
            throw new StudyException("--method " + name + ": " + e.getMessage(), e);
        }
    }

    private static int kernels(String text) {
        try {
            int n = Integer.parseInt(text);
            if (n >= 0 && n <= 4096) {
                return n;
            }
        } catch (NumberFormatException e) {
            throw new StudyException("--k " + text + ": not a number", e);
        }
        throw new StudyException("--k " + text + ": must be from 0 to 4096");
    }
}
