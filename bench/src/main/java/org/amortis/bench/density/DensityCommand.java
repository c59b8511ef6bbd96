package org.amortis.bench.density;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.StudyException;
import org.amortis.bench.study.StudyOptions;
import org.amortis.runtime.Device;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How well a normalizing flow fits a density. */
@Command(
        name = "density",
        mixinStandardHelpOptions = true,
        description = {
            "Fits a normalizing flow to rows of numbers by maximum likelihood, stops early by validation rows, and"
                    + " reports the log-likelihood of test rows beside that of a full-covariance Gaussian and, where"
                    + " the density is known, beside the best there is.",
            "Writes report.html, results.json (one flat object) and model.safetensors to the output directory. An"
                    + " unfinished run goes on when its command is repeated."
        })
public final class DensityCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private StudyOptions options = new StudyOptions();

    @Option(
            names = "--data",
            paramLabel = "NAME|FILE",
            description = "eight-gaussians (the default), two-moons, checkerboard, rings; mnist, letter, digits; or a"
                    + " file: CSV (.gz too, a first line of names is passed over), .npy, idx")
    private String data = "eight-gaussians";

    @Option(
            names = "--flow",
            paramLabel = "NAME",
            description = "nsf (the default), affine, nice, maf, spline-maf, naf, iaf, cnf, flow-matching")
    private String flow = "nsf";

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description =
                    "where mnist, letter and digits are, each in a folder of its name (default: ${DEFAULT-VALUE})")
    private Path from = Path.of("data");

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "train for at most so many epochs (default: some 900,000 rows altogether)")
    private @Nullable Integer epochs;

    private DensityCommand() {}

    @Override
    public Integer call() {
        if (!Stacks.names().contains(flow)) {
            throw new StudyException("--flow " + flow + ": there are " + String.join(", ", Stacks.names()));
        }
        if (epochs != null && (epochs < 1 || epochs > 1_000_000)) {
            throw new StudyException("--epochs " + epochs + ": must be from 1 to 1000000");
        }
        Console console = new Console(spec.commandLine().getErr(), Console.onTerminal());
        List<String> words = spec.commandLine().getParent().getParseResult().originalArgs();
        try {
            Rows rows = new RowFiles(from, options.seed(), options.quick()).load(data);
            DensityScale scale = DensityScale.of(rows.train().shape().dim(0), options.quick());
            try (Device device = options.machine().open()) {
                new DensityStudy(
                                rows,
                                flow,
                                epochs == null ? scale : scale.epochs(epochs),
                                options,
                                "bench/amortis " + String.join(" ", words),
                                device,
                                console)
                        .run(spec.commandLine().getOut());
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
