package org.amortis.cuda;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.Shape;
import org.amortis.spi.View;
import org.amortis.tensor.RandomOp;
import org.jspecify.annotations.Nullable;

/**
 * Keys as a stored key and what is folded into it.
 *
 * @param root the stored keys
 * @param folds what is folded in, in order
 */
record KeyPath(View root, List<Fold> folds) {
    /**
     * One step.
     *
     * @param op how keys are derived
     * @param number what is folded in if that is computed, or null
     * @param from shape of the keys before
     * @param to shape of the derived keys
     */
    record Fold(RandomOp op, @Nullable View number, Shape from, Shape to) {}

    /** Stored keys as they are. */
    static KeyPath stored(View root) {
        return new KeyPath(root, List.of());
    }

    /** With one more step. */
    KeyPath then(Fold fold) {
        List<Fold> all = new ArrayList<>(folds);
        all.add(fold);
        return new KeyPath(root, List.copyOf(all));
    }

    /** What is read to derive them. */
    List<View> reads() {
        List<View> r = new ArrayList<>(List.of(root));
        folds.forEach(f -> {
            if (f.number != null) {
                r.add(f.number);
            }
        });
        return r;
    }
}
