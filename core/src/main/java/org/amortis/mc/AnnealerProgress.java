package org.amortis.mc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.State;

/** Where a run of an {@link Annealer} is between two temperatures, besides its particles. */
final class AnnealerProgress {
    private static final String NUMBERS = "mc/progress";
    private static final String WEIGHTS = "mc/weights";
    private static final String DIFFERENCE = "mc/difference";

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
    Ladder ladder = new Ladder();

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
        ladder.put(all);
        McArrays.write(file, run, all);
    }

    void load(Path file, String run, StateStore store, List<State> states, double[] weights, double[] difference)
            throws IOException {
        McArrays all = McArrays.read(file, run);
        for (State s : states) {
            store.set(s, all.array(s.name()));
        }
        double[] numbers = all.doubles(NUMBERS);
        done = (int) numbers[0];
        temperature = numbers[1];
        step = numbers[2];
        accepted = numbers[3];
        resamplings = (int) numbers[4];
        moves = (int) numbers[5];
        logNormaliser = numbers[6];
        uniform = numbers[7];
        System.arraycopy(all.doubles(WEIGHTS), 0, weights, 0, weights.length);
        System.arraycopy(all.doubles(DIFFERENCE), 0, difference, 0, difference.length);
        ladder = Ladder.of(all);
    }
}
