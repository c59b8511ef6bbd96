package org.amortis.cuda;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.spi.View;
import org.amortis.tensor.RandomOp;
import org.jspecify.annotations.Nullable;

/**
 * A draw, or keys that are stored because somebody else reads them.
 *
 * @param keys what is drawn from
 * @param op the draw, or null where the keys themselves are stored
 * @param alpha shapes of gamma draws, or null
 * @param to takes the result
 */
record Draw(KeyPath keys, @Nullable RandomOp op, @Nullable View alpha, View to) {
    /** Number of elements of one key. */
    int perKey() {
        return op == null ? 1 : to.size() / count();
    }

    /** Number of keys. */
    int count() {
        return op == null
                ? to.size()
                : keys.folds().isEmpty()
                        ? keys.root().size()
                        : keys.folds().getLast().to().size();
    }

    /** Name of the kernel that makes it; every kernel makes keys. */
    String kernel() {
        String type = Launch.suffix(to.type().dtype());
        return op instanceof RandomOp.GammaDraw
                ? "am_gamma_" + type
                : to.type().dtype() == DType.F64 ? "am_draw_f64" : "am_draw_f32";
    }

    /** Whether one kernel makes both. */
    boolean beside(Draw other) {
        return op == null || other.op == null || kernel().equals(other.kernel());
    }

    /** What it reads. */
    List<Operand> reads() {
        List<Operand> r = new ArrayList<>();
        keys.reads().forEach(v -> r.add(Operand.whole(v)));
        if (alpha != null) {
            r.add(Operand.whole(alpha));
        }
        return r;
    }

    /** What it writes. */
    List<Operand> writes() {
        return List.of(Operand.whole(to));
    }
}
