package org.amortis.backend;

import java.util.Arrays;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;

/** Fills a contiguous range with one number. */
final class FillKernel implements Kernel {
    private final Object to;
    private final int offset;
    private final int slots;
    private final double value;

    FillKernel(Memory memory, View to, double value) {
        this.to = memory.array(to);
        this.offset = memory.offset(to);
        this.slots = to.slots();
        this.value = value;
    }

    @Override
    public int parts() {
        return 1;
    }

    @Override
    public void run(int first, int last, int worker) {
        switch (to) {
            case float[] f -> Arrays.fill(f, offset, offset + slots, (float) value);
            case double[] d -> Arrays.fill(d, offset, offset + slots, value);
            case int[] i -> Arrays.fill(i, offset, offset + slots, (int) value);
            default -> throw new IllegalStateException();
        }
    }

    @Override
    public long cost() {
        return slots / 8;
    }
}
