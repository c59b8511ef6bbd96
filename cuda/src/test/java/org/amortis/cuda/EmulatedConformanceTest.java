package org.amortis.cuda;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.check.Evaluator;
import org.amortis.check.OpCatalog;
import org.amortis.check.OpConformance;
import org.amortis.check.Sample;
import org.amortis.runtime.Device;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every operation of the catalogue, as the backend plans and launches it, with its PTX run by the machine in Java. Two sizes
 * of each, gradients in F32; everything with -Damortis.conformance=full.
 */
class EmulatedConformanceTest {
    private static final boolean FULL = "full".equals(System.getProperty("amortis.conformance"));

    /** Samples of one operation. */
    private static final int EACH = 2;

    private static List<Sample> samples() {
        Map<String, List<Sample>> groups = new LinkedHashMap<>();
        for (Sample s : OpCatalog.samples()) {
            groups.computeIfAbsent(s.name().replaceAll("\\[[^\\]]*\\]", "").trim(), k -> new ArrayList<>())
                    .add(s);
        }
        if (FULL) {
            return OpCatalog.samples();
        }
        List<Sample> r = new ArrayList<>();
        for (List<Sample> g : groups.values()) {
            // spread over the sizes, which come in ascending order
            int n = Math.min(EACH, g.size());
            for (int i = 0; i < n; i++) {
                r.add(g.get(n == 1 ? 0 : i * (g.size() - 1) / (n - 1)));
            }
        }
        return r;
    }

    @AfterEach
    void drivers() {
        EmulatedProvider.drivers = EmulatedDriver::new;
    }

    @Test
    void everyOperationAgreesWithTheReference() {
        List<String> failures = new ArrayList<>();
        List<Sample> samples = samples();
        for (DType t : List.of(DType.F32, DType.F64)) {
            // cut products of floats exchange sums in clusters; those of doubles are not cut
            EmulatedProvider.drivers = t == DType.F32 ? EmulatedDriver::withClusters : EmulatedDriver::new;
            try (Device d = Device.builder().backend(Backend.NAME).threads(1).build()) {
                for (Sample s : samples) {
                    try {
                        OpConformance.check(s, t, Evaluator.on(d));
                        if (s.derivatives() == Sample.Derivatives.TWICE && (t == DType.F32 || FULL)) {
                            OpConformance.check(OpConformance.gradient(s), t, Evaluator.on(d));
                        }
                    } catch (AssertionError | RuntimeException e) {
                        failures.add(s.name() + " " + t + ": " + e);
                    }
                }
            }
        }
        assertTrue(samples.size() > 300, "only " + samples.size() + " samples");
        assertTrue(
                failures.isEmpty(),
                failures.size() + " of " + samples.size() + " samples:\n" + String.join("\n", failures));
    }
}
