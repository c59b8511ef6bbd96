package org.amortis.langevin;

import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A kernel of the path, with its partner in the other direction. */
sealed interface Transition permits EulerMaruyama, OrnsteinUhlenbeck, Brownian, Splitting {
    /** Whether the state has a momentum. */
    boolean momentum();

    /** Normal vectors a step takes. */
    int draws();

    /** Whether a step begins with the score of the target at its start, which the step before has computed already. */
    boolean carriesScore(Path path);

    /** Whether u at the end of a step is the next step's u at its start. */
    default boolean carriesControl(Path path) {
        return false;
    }

    /** Whether the sum of the step sizes before a step is needed. */
    default boolean usesElapsed() {
        return false;
    }

    /**
     * A step forward.
     *
     * @param control u at the start if it was carried, else null
     */
    Moved forward(Frame frame, Point at, @Nullable Tensor v, @Nullable Tensor control, Source source);

    /** A step backward, drawn from B: the ratio is log B - log F again. */
    Moved backward(Frame frame, Point at, @Nullable Tensor v, Noise noise);

    /** What the last point adds to log w besides log g; null for nothing. */
    default @Nullable Tensor end(PathValues values, Tensor x) {
        return null;
    }
}
