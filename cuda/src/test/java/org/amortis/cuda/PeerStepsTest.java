package org.amortis.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.amortis.array.Precision;
import org.amortis.runtime.Device;
import org.amortis.runtime.Runner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps that are timed beside the peers: right when small, and how many kernels they are when not. */
class PeerStepsTest {
    private static void besideTheProcessor(int steps, PeerSteps.Step onDevice, PeerSteps.Step onProcessor) {
        try (Device d = Device.builder().backend(Backend.NAME).threads(1).build();
                Device cpu = Device.builder().backend("scalar").threads(1).build()) {
            Runner a = onDevice.program().open(d, onDevice.store());
            Runner b = onProcessor.program().open(cpu, onProcessor.store());
            for (int i = 0; i < steps; i++) {
                a.run();
                b.run();
                // float32 sums of hundreds of terms in other orders
                assertEquals(b.scalar(0), a.scalar(0), 1e-4 * Math.abs(b.scalar(0)), onDevice.name() + " step " + i);
            }
            a.close();
        }
    }

    @AfterEach
    void drivers() {
        EmulatedProvider.drivers = EmulatedDriver::new;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void smallOnesAreRight(boolean clusters) {
        EmulatedProvider.drivers = clusters ? EmulatedDriver::withClusters : EmulatedDriver::new;
        besideTheProcessor(3, PeerSteps.vae(6, 20, 12, 3), PeerSteps.vae(6, 20, 12, 3));
        besideTheProcessor(3, PeerSteps.flow(5, 4, 3, 9, 2), PeerSteps.flow(5, 4, 3, 9, 2));
        besideTheProcessor(3, PeerSteps.mlp(7, 12), PeerSteps.mlp(7, 12));
        besideTheProcessor(3, PeerSteps.gru(3, 4, 5, 6), PeerSteps.gru(3, 4, 5, 6));
    }

    /** Inner sizes of a hundred and more: K is cut, forward and in the gradients of weights. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cutProductsAreRight(boolean clusters) {
        EmulatedProvider.drivers = clusters ? EmulatedDriver::withClusters : EmulatedDriver::new;
        besideTheProcessor(2, PeerSteps.mlp(130, 33), PeerSteps.mlp(130, 33));
        besideTheProcessor(2, PeerSteps.vae(5, 110, 40, 3), PeerSteps.vae(5, 110, 40, 3));
    }

    /** A node costs 0.75 us or more on a large card, whatever it does: their number is looked after. */
    @ParameterizedTest
    @CsvSource({
        "vae128, 90, FP32, 20",
        "vae128, 75, FP32, 28",
        "flow256, 90, FP32, 63",
        "flow256, 75, FP32, 86",
        "mlp64, 90, FP32, 10",
        "vae128, 90, TF32, 20",
        "vae128, 80, BF16, 28"
    })
    void nodesOfAStep(String name, int capability, Precision precision, int most, @TempDir Path dir)
            throws IOException, InterruptedException {
        PeerSteps.Step s = PeerSteps.of(name);
        EmulatedDriver driver = switch (capability) {
            case 75 -> new EmulatedDriver();
            case 80 -> EmulatedDriver.withTensorCores();
            default -> EmulatedDriver.withClusters();
        };
        CudaDevice device = new CudaDevice(driver, precision);
        CudaExecution e = CardSteps.execution(device, s);
        List<String> nodes = e.describe();
        System.getLogger("org.amortis")
                .log(
                        System.Logger.Level.DEBUG,
                        String.format(Locale.ROOT, "%s: %d nodes %s", name, nodes.size(), nodes));
        if (Boolean.getBoolean("amortis.nodes")) {
            nodes.forEach(n -> System.err.println(name + " " + n));
        }
        assertTrue(nodes.stream().noneMatch(n -> n.startsWith("host")), nodes.toString());
        assertTrue(nodes.size() <= most, nodes.size() + " nodes: " + nodes);
        device.close();
        if (BuiltKernelsTest.Tools.onPath("ptxas")) {
            // products with chains behind them among them
            Path file = dir.resolve("step.ptx");
            Files.writeString(file, driver.loaded.get(0));
            for (String sm : List.of("sm_" + capability, "sm_90")) {
                String out = dir.resolve("out").toString();
                BuiltKernelsTest.Tools.run(List.of("ptxas", "-arch", sm, "-O1", "-o", out, file.toString()));
            }
        }
    }

    /** How the time of a launch in its sequence is found. */
    @Test
    void everyLaunchOfAStepIsTimed() {
        EmulatedDriver driver = new EmulatedDriver();
        CudaDevice device = new CudaDevice(driver, Precision.FP32);
        CudaExecution e = CardSteps.execution(device, PeerSteps.mlp(4, 3));
        assertTrue(e.sequence());
        int n = e.describe().size();
        assertEquals(n, e.micros(1).length);
        assertEquals(n, driver.calls.stream().filter("capture"::equals).count());
        device.close();
    }
}
