package org.amortis.backend;

import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;

/** Copies a contiguous range; source and target may be the same array but do not overlap. */
final class CopyKernel implements Kernel {
    private final Object from;
    private final int fromOffset;
    private final Object to;
    private final int toOffset;
    private final int slots;

    CopyKernel(Memory memory, View from, View to) {
        this.from = memory.array(from);
        this.fromOffset = memory.offset(from);
        this.to = memory.array(to);
        this.toOffset = memory.offset(to);
        this.slots = from.slots();
    }

    @Override
    public int parts() {
        return 1;
    }

    @Override
    public void run(int first, int last, int worker) {
        System.arraycopy(from, fromOffset, to, toOffset, slots);
    }

    @Override
    public long cost() {
        return slots / 8;
    }
}
