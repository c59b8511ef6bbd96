package org.amortis.mc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.io.Safetensors;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.State;

/** Where a run of an {@link Annealer} is between two temperatures, besides its particles. */
final class AnnealerProgress {
    private static final String NUMBERS = "mc/progress";
    private static final String WEIGHTS = "mc/weights";
    private static final String DIFFERENCE = "mc/difference";
    private static final String RUNGS = "mc/rungs";
    private static final String SCALES = "mc/scales";

    /** Rungs that are done. */
    int done;

    double temperature;
    double step;

    /** Sum of the mean acceptances of the rungs. */
    double accepted;

    int resamplings;

    /** Moves, which number the noise. */
    int moves;

    /** Logarithm of the ratio of normalisers so far. */
    double logNormaliser;

    /** What the last move has drawn for the next resampling. */
    double uniform;

    /** What the run has used so far. */
    final Ladder ladder = new Ladder();

    AnnealerProgress(double firstStep) {
        step = firstStep;
    }

    void save(Path file, String run, StateStore store, List<State> states, double[] weights, double[] difference)
            throws IOException {
        Map<String, HostArray> all = new LinkedHashMap<>();
        for (State s : states) {
            all.put(s.name(), store.get(s));
        }
        double[] numbers = {done, temperature, step, accepted, resamplings, moves, logNormaliser, uniform};
        all.put(NUMBERS, HostArray.wrap(numbers, Shape.of(numbers.length)));
        all.put(WEIGHTS, HostArray.wrap(weights, Shape.of(weights.length)));
        all.put(DIFFERENCE, HostArray.wrap(difference, Shape.of(difference.length)));
        int size = done == 0 ? 0 : ladder.rung(0).scale().length;
        double[] rungs = new double[2 * done];
        double[] scales = new double[size * done];
        for (int k = 0; k < done; k++) {
            rungs[2 * k] = ladder.temperature(k);
            rungs[2 * k + 1] = ladder.stepSize(k);
            System.arraycopy(ladder.rung(k).scale(), 0, scales, k * size, size);
        }
        all.put(RUNGS, HostArray.wrap(rungs, Shape.of(done, 2)));
        all.put(SCALES, HostArray.wrap(scales, Shape.of(done, size)));
        Safetensors.write(file, all, Map.of("format", "amortis-annealer", "run", run));
    }

    void load(Path file, String run, StateStore store, List<State> states, double[] weights, double[] difference)
            throws IOException {
        Map<String, HostArray> all;
        try (Safetensors in = Safetensors.open(file)) {
            String found = in.metadata().getOrDefault("run", "none");
            if (!found.equals(run)) {
                throw new FormatException(
                        "annealer(checkpoint=" + file + "): written by " + found + ", this is " + run);
            }
            all = in.tensors();
        }
        for (State s : states) {
            store.set(s, named(all, s.name(), file));
        }
        double[] numbers = named(all, NUMBERS, file).doubles();
        done = (int) numbers[0];
        temperature = numbers[1];
        step = numbers[2];
        accepted = numbers[3];
        resamplings = (int) numbers[4];
        moves = (int) numbers[5];
        logNormaliser = numbers[6];
        uniform = numbers[7];
        System.arraycopy(named(all, WEIGHTS, file).doubles(), 0, weights, 0, weights.length);
        System.arraycopy(named(all, DIFFERENCE, file).doubles(), 0, difference, 0, difference.length);
        double[] rungs = named(all, RUNGS, file).doubles();
        HostArray scales = named(all, SCALES, file);
        int size = scales.shape().dim(1);
        for (int k = 0; k < done; k++) {
            double[] scale = new double[size];
            System.arraycopy(scales.doubles(), k * size, scale, 0, size);
            ladder.add(rungs[2 * k], rungs[2 * k + 1], scale);
        }
    }

    private static HostArray named(Map<String, HostArray> all, String name, Path file) {
        HostArray a = all.get(name);
        if (a == null) {
            throw new FormatException("annealer(checkpoint=" + file + "): no array " + name);
        }
        return a;
    }
}
