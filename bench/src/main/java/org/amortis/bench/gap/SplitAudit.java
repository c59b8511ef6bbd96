package org.amortis.bench.gap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.study.Console;
import org.amortis.diagnose.GapAudit;
import org.amortis.diagnose.GapReport;
import org.amortis.io.Safetensors;
import org.amortis.runtime.Device;
import org.amortis.tensor.TensorType;

/**
 * Audits the images of both splits block by block, and keeps each finished block in a file, so that a run of hours loses
 * at most one block.
 */
final class SplitAudit {
    private static final String SECONDS = "seconds";

    /** Parts of an audit in their order, with the share of its time that each takes, about. */
    private static final Map<String, Double> PARTS = parts();

    private final TrainedVae model;
    private final GapScale scale;
    private final long seed;
    private final Device device;
    private final Path folder;
    private final Console console;
    private final Map<Integer, GapAudit> audits = new HashMap<>();
    private double carried;

    SplitAudit(TrainedVae model, GapScale scale, long seed, Device device, Path folder, Console console) {
        this.model = model;
        this.scale = scale;
        this.seed = seed;
        this.device = device;
        this.folder = folder;
        this.console = console;
    }

    private static Map<String, Double> parts() {
        Map<String, Double> m = new LinkedHashMap<>();
        m.put("encoder", 0.03);
        m.put("certificate", 0.10);
        m.put("best diagonal Gaussian", 0.33);
        m.put("best Gaussian", 0.32);
        m.put("importance weights", 0.06);
        m.put("annealing", 0.16);
        return m;
    }

    /**
     * Audits a split.
     *
     * @param split its name
     * @param images [N, pixels]
     */
    GapReport run(String split, HostArray images) throws IOException {
        int n = images.shape().dim(0);
        Map<String, double[]> all = new LinkedHashMap<>();
        for (int from = 0, block = 0; from < n; from += scale.block(), block++) {
            int to = Math.min(n, from + scale.block());
            Path file = folder.resolve(String.format(Locale.ROOT, "audit-%s-%05d-%05d.safetensors", split, from, to));
            Map<String, double[]> columns;
            if (Files.exists(file)) {
                columns = read(file);
                console.say(split + " images " + from + " to " + (to - 1) + ": audited before");
            } else {
                long start = System.nanoTime();
                columns = audit(split, images.rows(from, to), block, from, n).columns();
                write(file, columns, (System.nanoTime() - start) * 1e-9);
            }
            columns.forEach((name, values) -> all.merge(name, values, SplitAudit::concat));
        }
        console.progress("audit, " + split, 1, n + " images");
        return GapReport.of(all);
    }

    private GapReport audit(String split, HostArray images, int block, int from, int n) {
        GapAudit audit = audits.computeIfAbsent(
                block,
                b -> new GapAudit(
                        model.vae(),
                        model.vae().posterior(),
                        model.params(),
                        new TensorType(DType.F32, images.shape()),
                        scale.audit(seed, b),
                        device));
        // each block is audited once for each split; the programs of older ones are only memory
        audits.keySet().removeIf(b -> b < block - 1);
        double before = from / (double) n;
        double share = images.shape().dim(0) / (double) n;
        return audit.on(images, part -> {
            double done = 0;
            for (Map.Entry<String, Double> e : PARTS.entrySet()) {
                if (e.getKey().equals(part)) {
                    break;
                }
                done += e.getValue();
            }
            console.progress("audit, " + split, before + share * done, part);
        });
    }

    /** Seconds of audits in earlier processes. */
    double carried() {
        return carried;
    }

    private static double[] concat(double[] a, double[] b) {
        double[] c = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, c, a.length, b.length);
        return c;
    }

    private Map<String, double[]> read(Path file) throws IOException {
        Map<String, double[]> columns = new LinkedHashMap<>();
        try (Safetensors in = Safetensors.open(file)) {
            carried += Double.parseDouble(in.metadata().getOrDefault(SECONDS, "0"));
            for (String name : in.names()) {
                columns.put(name, in.tensor(name).doubles().clone());
            }
        }
        return columns;
    }

    private static void write(Path file, Map<String, double[]> columns, double seconds) throws IOException {
        Map<String, HostArray> arrays = new LinkedHashMap<>();
        columns.forEach((name, values) -> arrays.put(name, HostArray.wrap(values, Shape.of(values.length))));
        Safetensors.write(file, arrays, Map.of(SECONDS, Double.toString(seconds)));
    }
}
