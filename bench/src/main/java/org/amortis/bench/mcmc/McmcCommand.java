package org.amortis.bench.mcmc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.amortis.array.DType;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.StudyException;
import org.amortis.bench.study.StudyOptions;
import org.amortis.bench.targets.BenchTargets;
import org.amortis.mc.AnnealerSettings;
import org.amortis.mc.Metric;
import org.amortis.mc.SamplerSettings;
import org.amortis.mc.Target;
import org.amortis.runtime.Device;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Samples a target and says how far the draws can be trusted. */
@Command(
        name = "mcmc",
        mixinStandardHelpOptions = true,
        description = {
            "Samples a target density by Markov chains (nuts, hmc, mala, ula, slice) or by annealed particles (smc,"
                    + " ais), and reports convergence, effective draws a second, divergences and energies, or the"
                    + " normalising constant, beside what is known of the target.",
            "Writes report.html, results.json (one flat object) and draws.safetensors to the output directory. An"
                    + " unfinished run of chains goes on when its command is repeated."
        })
public final class McmcCommand implements Callable<Integer> {
    private static final int MOST = 1_000_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private StudyOptions options = new StudyOptions();

    @Option(
            names = "--target",
            paramLabel = "NAME",
            description = "what is sampled (default: ${DEFAULT-VALUE}); a wrong name lists the right ones")
    private String target = "funnel-noncentred";

    @Option(
            names = "--method",
            paramLabel = "NAME",
            description = "nuts, hmc, mala, ula, slice, smc, ais (default: ${DEFAULT-VALUE})")
    private Method method = Method.NUTS;

    @Option(names = "--chains", paramLabel = "N", description = "chains side by side (default: ${DEFAULT-VALUE})")
    private int chains = 4;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "transitions before the first draw, which learn step size and mass (default: 1000)")
    private @Nullable Integer warmUp;

    @Option(names = "--draws", paramLabel = "N", description = "draws of each chain (default: 1000)")
    private @Nullable Integer draws;

    @Option(names = "--thin", paramLabel = "N", description = "transitions for each draw (default: ${DEFAULT-VALUE})")
    private int thin = 1;

    @Option(
            names = "--step",
            paramLabel = "H",
            description = "first step size in units of the learnt deviations (default: found; ula: 0.2, slice: 2)")
    private @Nullable Double step;

    @Option(
            names = "--leapfrog",
            paramLabel = "N",
            description = "leapfrog steps of hmc, smc and ais (default: ${DEFAULT-VALUE})")
    private int leapfrog = 10;

    @Option(
            names = "--mass",
            paramLabel = "unit|diagonal|dense",
            description =
                    "what is learnt of the covariance (default: diagonal; smc and ais: dense up to 100 coordinates)")
    private Metric.@Nullable Kind mass;

    @Option(
            names = "--start",
            paramLabel = "S",
            description = "chains and particles start at normal draws of this deviation (default: the target's scale)")
    private @Nullable Double start;

    @Option(
            names = "--float32",
            description = "compute in float32 (default: in float64; log weights are in float64 in any case)")
    private boolean single;

    @Option(names = "--particles", paramLabel = "N", description = "particles of smc and ais (default: 2000)")
    private @Nullable Integer particles;

    @Option(
            names = "--temperatures",
            paramLabel = "N",
            description = "equal steps of smc and ais (default: chosen by the conditional effective share of 0.95)")
    private int temperatures;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "runs of smc and ais on the ladder that the first has learnt; their spread is the error"
                    + " (default: ${DEFAULT-VALUE})")
    private int runs = 4;

    @Option(
            names = "--moves",
            paramLabel = "N",
            description = "transitions of smc and ais at each temperature (default: ${DEFAULT-VALUE})")
    private int moves = 2;

    @Option(
            names = "--share",
            paramLabel = "S",
            description = "conditional effective share that chooses the next temperature (default: ${DEFAULT-VALUE})")
    private double share = 0.95;

    @Option(
            names = "--refine",
            paramLabel = "N",
            description = "parts that smc and ais cut each step of the learnt ladder into (default: ${DEFAULT-VALUE})")
    private int refine = 1;

    @Option(
            names = "--fit",
            paramLabel = "F",
            description = "smc and ais start at the normal distribution of mean and F times covariance of the particles"
                    + " of a first run; for targets with one mode (default: at --start)")
    private double fit;

    private McmcCommand() {}

    private static int ranged(String option, int value, int least) {
        if (value < least || value > MOST) {
            throw new StudyException(option + " " + value + ": must be from " + least + " to " + MOST);
        }
        return value;
    }

    private static int given(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    @Override
    public Integer call() {
        Target t = BenchTargets.named(target);
        double deviation = start == null ? t.scale() : start;
        double first = step == null ? method.step() : step;
        if (!(deviation > 0 && deviation < Double.POSITIVE_INFINITY)) {
            throw new StudyException("--start " + deviation + ": must be positive");
        }
        if (step != null && !(first > 0 && first < Double.POSITIVE_INFINITY)) {
            throw new StudyException("--step " + first + ": must be positive");
        }
        ranged("--leapfrog", leapfrog, 1);
        Console console = new Console(spec.commandLine().getErr(), Console.onTerminal());
        List<String> words = spec.commandLine().getParent().getParseResult().originalArgs();
        Setting setting = new Setting(
                t,
                method,
                method.transition(leapfrog),
                single ? DType.F32 : DType.F64,
                deviation,
                "bench/amortis " + String.join(" ", words));
        boolean quick = options.quick();
        try {
            if (method.anneals()) {
                AnnealerSettings s = AnnealerSettings.of(
                                ranged("--particles", given(particles, quick ? 200 : 2000), 20), options.seed())
                        .mass(kind(t.dimension() > 100 ? Metric.Kind.DIAGONAL : Metric.Kind.DENSE))
                        .moves(ranged("--moves", moves, 1))
                        .conditionalEss(share);
                if (temperatures != 0) {
                    s = s.temperatures(ranged("--temperatures", temperatures, 1));
                }
                if (step != null) {
                    s = s.firstStep(first);
                }
                try (Device device = options.machine().open()) {
                    if (!(fit >= 0 && fit < Double.POSITIVE_INFINITY)) {
                        throw new StudyException("--fit " + fit + ": must not be negative");
                    }
                    new AnnealStudy(
                                    setting,
                                    s,
                                    new AnnealStudy.Repeats(
                                            ranged("--runs", runs, 2), ranged("--refine", refine, 1), fit),
                                    options,
                                    device,
                                    console)
                            .run(spec.commandLine().getOut());
                }
            } else {
                SamplerSettings s = SamplerSettings.of(
                                ranged("--chains", chains, 1),
                                ranged("--warmup", given(warmUp, quick ? 200 : 1000), 0),
                                ranged("--draws", given(draws, quick ? 200 : 1000), 20),
                                options.seed())
                        .thin(ranged("--thin", thin, 1))
                        .mass(kind(Metric.Kind.DIAGONAL))
                        .stepSize(first);
                try (Device device = options.machine().open()) {
                    new McmcStudy(setting, s, options, device, console)
                            .run(spec.commandLine().getOut());
                }
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Metric.Kind kind(Metric.Kind otherwise) {
        return mass == null ? otherwise : mass;
    }
}
