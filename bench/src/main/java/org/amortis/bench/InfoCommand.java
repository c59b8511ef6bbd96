package org.amortis.bench;

import java.io.PrintWriter;
import org.amortis.bench.study.StudyOptions;
import org.amortis.runtime.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what programs would run on. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = "Says which backend, vector width and threads would be used, and why not a better one.")
final class InfoCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private StudyOptions.Machine machine = new StudyOptions.Machine();

    private InfoCommand() {}

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try (Device device = machine.open()) {
            out.println(device.describe());
            device.reasons().forEach(out::println);
        }
        out.println("java=" + Runtime.version() + " vm=" + System.getProperty("java.vm.name") + " os="
                + System.getProperty("os.name") + "/" + System.getProperty("os.arch") + " processors="
                + Runtime.getRuntime().availableProcessors() + " heap="
                + (Runtime.getRuntime().maxMemory() >> 20) + "MB");
        out.println("commit=" + org.amortis.bench.study.Commit.ofSources());
    }
}
