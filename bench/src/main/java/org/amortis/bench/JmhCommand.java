package org.amortis.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amortis.bench.study.Commit;
import org.amortis.bench.study.Machine;
import org.amortis.bench.study.StudyException;
import org.amortis.bench.study.StudyResult;
import org.amortis.io.AtomicFile;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Runs the JMH benchmarks of this module and keeps their raw numbers with what they were measured on. */
@Command(
        name = "jmh",
        mixinStandardHelpOptions = true,
        customSynopsis = "amortis jmh [--out FILE] [REGEX ..] [JMH OPTION ..]",
        description = {
            "Runs JMH benchmarks whose names contain an expression, such as 'step' or 'micro.ProductBenchmark',",
            "with any option of JMH: -p shape=256x256x256 -f 1 -prof gc. -l lists them, -lp with their parameters."
        })
final class JmhCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "where the numbers go as JSON (default: a file in bench/results named after the expressions)")
    private @Nullable Path out;

    @Unmatched
    private List<String> words = new ArrayList<>();

    JmhCommand() {}

    @Override
    public void run() {
        try {
            CommandLineOptions options = new CommandLineOptions(words.toArray(String[]::new));
            if (options.shouldList()) {
                new Runner(options).list();
                return;
            }
            if (options.shouldListWithParams()) {
                new Runner(options).listWithParams(options);
                return;
            }
            Path file = file(options);
            Path raw = Files.createTempFile("amortis-jmh", ".json");
            new Runner(new OptionsBuilder()
                            .parent(options)
                            .resultFormat(ResultFormatType.JSON)
                            .result(raw.toString())
                            .build())
                    .run();
            write(file, Files.readString(raw, StandardCharsets.UTF_8));
            Files.delete(raw);
            spec.commandLine().getOut().println("numbers: " + file);
        } catch (CommandLineOptionException e) {
            throw new StudyException("jmh: " + e.getMessage(), e);
        } catch (RunnerException e) {
            throw new StudyException("jmh: " + e.getMessage() + "; -l lists the benchmarks", e);
        } catch (IOException e) {
            throw new StudyException("jmh: " + e, e);
        }
    }

    private Path file(CommandLineOptions options) {
        if (out != null) {
            return out;
        }
        String name = String.join("-", options.getIncludes()).replaceAll("[^A-Za-z0-9]+", "-");
        Path root = Commit.root();
        return (root == null ? Path.of("") : root.resolve("bench/results"))
                .resolve(name.isEmpty() ? "jmh.json" : "jmh-" + name + ".json");
    }

    private void write(Path file, String raw) throws IOException {
        StudyResult about = new StudyResult();
        about.put("command", "bench/amortis jmh " + String.join(" ", words));
        about.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        Machine.describe(about);
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            for (Map.Entry<String, Object> e : about.values().entrySet()) {
                json.writeStringField(e.getKey(), String.valueOf(e.getValue()));
            }
            json.writeFieldName("benchmarks");
            json.writeRawValue(raw.strip());
            json.writeEndObject();
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        AtomicFile.write(file, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
