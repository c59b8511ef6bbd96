package org.amortis.langevin;

import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A place with the scores there: each is written once, however many kernels ask for it. */
final class Point {
    private final Scores scores;
    private final Tensor x;
    private @Nullable Tensor target;
    private @Nullable Tensor initial;

    Point(Scores scores, Tensor x, @Nullable Tensor target) {
        this.scores = scores;
        this.x = x;
        this.target = target;
    }

    Tensor x() {
        return x;
    }

    Tensor target() {
        Tensor t = target;
        if (t == null) {
            t = scores.target(x);
            target = t;
        }
        return t;
    }

    Tensor initial() {
        Tensor t = initial;
        if (t == null) {
            t = scores.first(x);
            initial = t;
        }
        return t;
    }

    Point moved(Tensor to) {
        return new Point(scores, to, null);
    }
}
