package org.amortis.langevin;

import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The part of a kernel's drift that is not learned, made of the scores of the target g and of the first density q0. */
public enum Drift {
    /** Zero. */
    NONE(false, false),
    /** grad log g. */
    TARGET(true, false),
    /** grad log q0. */
    INITIAL(false, true),
    /** beta grad log g + (1 - beta) grad log q0, the score of the annealed density. */
    ANNEALED(true, true);

    private final boolean target;
    private final boolean initial;

    Drift(boolean target, boolean initial) {
        this.target = target;
        this.initial = initial;
    }

    /**
     * Whether the score of the target is part of it.
     *
     * @return true if so
     */
    public boolean usesTarget() {
        return target;
    }

    /**
     * Whether the score of the first density is part of it.
     *
     * @return true if so
     */
    public boolean usesInitial() {
        return initial;
    }

    /** The drift at a point; null for zero. */
    @Nullable
    Tensor at(Point at, Tensor beta) {
        return switch (this) {
            case NONE -> null;
            case TARGET -> at.target();
            case INITIAL -> at.initial();
            // c + beta (a - c)
            case ANNEALED -> at.initial().add(at.target().sub(at.initial()).mul(beta));
        };
    }
}
