package org.amortis.langevin;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The random results of a step: made of new noise, or recorded ones that are held constant while the parameters are
 * differentiated.
 */
final class Source {
    private final @Nullable Noise noise;
    private final Tensor k;
    private final List<Tensor> results;
    private int next;

    private Source(@Nullable Noise noise, Tensor k, List<Tensor> results) {
        this.noise = noise;
        this.k = k;
        this.results = results;
    }

    static Source fresh(Noise noise, Tensor k) {
        return new Source(noise, k, new ArrayList<>());
    }

    static Source recorded(Tensor k, List<Tensor> results) {
        return new Source(null, k, results);
    }

    boolean isRecorded() {
        return noise == null;
    }

    /** Standard normal numbers of the next draw. */
    Tensor noise(Shape shape) {
        if (noise == null) {
            throw new IllegalStateException("recorded");
        }
        return noise.step(k, results.size(), shape);
    }

    /** Notes what a draw gave. */
    Tensor made(Tensor result) {
        results.add(result);
        return result;
    }

    /** What the next draw gave when it was made. */
    Tensor recall() {
        return results.get(next++);
    }

    List<Tensor> results() {
        return results;
    }
}
