package org.amortis.backend;

import org.amortis.array.DType;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.Loops;
import org.amortis.spi.ScalarLoop;
import org.amortis.tensor.ElementwiseOp;

/** The loops of a backend, completed by the portable ones where it has none. */
final class LoopTable {
    private final Loops loops;

    LoopTable(Loops loops) {
        this.loops = loops;
    }

    Loops loops() {
        return loops;
    }

    ElementwiseLoop elementwise(ElementwiseOp op, DType type) {
        ElementwiseLoop own = loops.elementwise(op, type);
        return own != null ? own : ScalarLoops.INSTANCE.elementwise(op, type);
    }

    ScalarLoop scalarRight(ElementwiseOp op, DType type) {
        ScalarLoop own = loops.scalarRight(op, type);
        return own != null ? own : ScalarLoops.INSTANCE.scalarRight(op, type);
    }

    ScalarLoop scalarLeft(ElementwiseOp op, DType type) {
        ScalarLoop own = loops.scalarLeft(op, type);
        return own != null ? own : ScalarLoops.INSTANCE.scalarLeft(op, type);
    }
}
