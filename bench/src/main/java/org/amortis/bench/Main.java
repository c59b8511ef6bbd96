package org.amortis.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.amortis.array.AmortisException;
import org.amortis.bench.data.DataCommand;
import org.amortis.bench.density.DensityCommand;
import org.amortis.bench.gap.GapCommand;
import org.amortis.bench.mcmc.McmcCommand;
import org.amortis.bench.peers.PeersCommand;
import org.amortis.bench.sample.SampleCommand;
import org.amortis.bench.step.WarmUpCommand;
import org.amortis.bench.study.StudyException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line; every study is a subcommand. Exit codes: 0 done, 1 the input or the machine does not allow it or a
 * proof failed, 2 the command line is wrong. What is wrong is said in one message on standard error.
 */
@Command(
        name = "amortis",
        mixinStandardHelpOptions = true,
        version = "Amortis 0.1.0",
        description = "Studies and benchmarks of the Amortis engine.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            GapCommand.class,
            DensityCommand.class,
            McmcCommand.class,
            SampleCommand.class,
            DataCommand.class,
            PeersCommand.class,
            JmhCommand.class,
            WarmUpCommand.class,
            InfoCommand.class
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /**
     * Runs one command and leaves with its exit code.
     *
     * @param args command, options and arguments
     */
    public static void main(String[] args) {
        // one line for each record, unless the user configured logging
        if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "amortis: %5$s%n");
        }
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(out, err, args);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /**
     * Runs one command.
     *
     * @param out where tables and help go
     * @param err where messages and progress go
     * @param args command, options and arguments
     * @return exit code
     */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new Main());
        line.setOut(out);
        line.setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, a) -> {
            err.println("amortis: " + e.getMessage() + "; see: "
                    + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return CommandLine.ExitCode.USAGE;
        });
        line.setExecutionExceptionHandler((e, c, r) -> {
            String message = expected(e);
            if (message != null) {
                err.println("amortis: " + message);
            } else {
                err.println("amortis: this should not have happened:");
                e.printStackTrace(err);
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
        try {
            return line.execute(args);
        } catch (OutOfMemoryError e) {
            err.println("amortis: out of memory (" + e.getMessage()
                    + "); give the JVM more, as in AMORTIS_JAVA_OPTS=-Xmx8g");
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** The message of what a user can cause, or null for what only a mistake in the program can. */
    private static @Nullable String expected(Throwable e) {
        return switch (e) {
            case StudyException s -> s.getMessage();
            case AmortisException a -> a.getMessage();
            case NoSuchFileException f -> f.getFile() + ": there is no such file";
            case AccessDeniedException f -> f.getFile() + ": access denied";
            case UncheckedIOException u -> u.getCause() == null ? u.toString() : expected(u.getCause());
            case IOException i -> i.getMessage() == null ? i.toString() : i.getMessage();
            default -> null;
        };
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "which command? there are "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
