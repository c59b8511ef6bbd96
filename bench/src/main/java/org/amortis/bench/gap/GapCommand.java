package org.amortis.bench.gap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.amortis.bench.data.Images;
import org.amortis.bench.study.Console;
import org.amortis.bench.study.StudyException;
import org.amortis.bench.study.StudyOptions;
import org.amortis.runtime.Device;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How far the amortized posterior of a variational autoencoder is from the best one, image by image. */
@Command(
        name = "gap",
        mixinStandardHelpOptions = true,
        description = {
            "Trains a variational autoencoder on black-and-white images, freezes its decoder, fits the best posterior"
                    + " to each of some images, estimates log p(x), and splits the loss of the encoder's posterior into"
                    + " what the family of Gaussians costs and what amortization costs.",
            "Writes report.html, results.json (one flat object; its keys are explained in the report) and"
                    + " model.safetensors to the output directory."
        })
public final class GapCommand implements Callable<Integer> {
    /** Data set whose gaps are known. */
    private static final String LINEAR_GAUSSIAN = "linear-gaussian";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private StudyOptions options = new StudyOptions();

    @Option(
            names = "--data",
            paramLabel = "NAME|DIR",
            description = "fashion (embedded, the default), a directory with idx files of MNIST or Fashion-MNIST, or"
                    + " linear-gaussian: a model whose gaps are known")
    private String data = Images.FASHION;

    @Option(
            names = "--lg",
            paramLabel = "FILE",
            description = "other values for linear-gaussian: JSON with W, b, s2, x, encoder {mu, var}, or lines W,1,0.5"
                    + " ..")
    private @Nullable Path linear;

    @Option(names = "--full", description = "published training and 1,000 + 1,000 images; hours, resumable")
    private boolean full;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "audit at most so many images of each split (default: 200 of training, 2000 of test;"
                    + " --quick 40, --full 1000)")
    private @Nullable Integer images;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "train for so many epochs (default: set by --quick and --full)")
    private @Nullable Integer epochs;

    private GapCommand() {}

    @Override
    public Integer call() {
        if (full && options.quick()) {
            throw new ParameterException(spec.commandLine(), "--quick and --full exclude each other");
        }
        if (linear != null && !data.equals(LINEAR_GAUSSIAN)) {
            throw new ParameterException(spec.commandLine(), "--lg FILE needs --data linear-gaussian");
        }
        GapScale settings = options.quick() ? GapScale.quick() : full ? GapScale.full() : GapScale.standard();
        if (images != null) {
            if (images < 2) {
                throw new StudyException("--images " + images + ": must be at least 2");
            }
            settings = settings.images(images);
        }
        if (epochs != null) {
            if (epochs < 1) {
                throw new StudyException("--epochs " + epochs + ": must be at least 1");
            }
            settings = settings.epochs(epochs);
        }
        Console console = new Console(spec.commandLine().getErr(), Console.onTerminal());
        List<String> words = spec.commandLine().getParent().getParseResult().originalArgs();
        String command = "bench/amortis " + String.join(" ", words);
        try {
            if (data.equals(LINEAR_GAUSSIAN)) {
                LinearCase c = linear == null ? LinearCase.standard() : LinearCaseFile.read(linear);
                try (Device device = options.machine().open()) {
                    return new LinearStudy(c, options, command, device)
                                    .run(spec.commandLine().getOut())
                            ? 0
                            : 1;
                }
            }
            var set = Images.load(data);
            try (Device device = options.machine().open()) {
                new GapStudy(set, settings, options, command, device, console)
                        .run(spec.commandLine().getOut());
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
