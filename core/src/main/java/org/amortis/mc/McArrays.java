package org.amortis.mc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.io.Safetensors;

/**
 * The arrays of a file that a run of an {@link Annealer} has written.
 *
 * @param file the file
 * @param all its arrays by name
 */
record McArrays(Path file, Map<String, HostArray> all) {
    private static final String FORMAT = "amortis-annealer";

    static void write(Path file, String run, Map<String, HostArray> all) throws IOException {
        Safetensors.write(file, all, Map.of("format", FORMAT, "run", run));
    }

    /**
     * Reads a file.
     *
     * @throws FormatException if another run has written it
     */
    static McArrays read(Path file, String run) throws IOException {
        try (Safetensors in = Safetensors.open(file)) {
            String found = in.metadata().getOrDefault("run", "none");
            if (!found.equals(run)) {
                throw new FormatException(
                        "annealer(checkpoint=" + file + "): written by " + found + ", this is " + run);
            }
            return new McArrays(file, new LinkedHashMap<>(in.tensors()));
        }
    }

    HostArray array(String name) {
        HostArray a = all.get(name);
        if (a == null) {
            throw new FormatException("annealer(checkpoint=" + file + "): no array " + name);
        }
        return a;
    }

    double[] doubles(String name) {
        return array(name).doubles();
    }
}
