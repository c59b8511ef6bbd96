package org.amortis.backend;

import org.amortis.array.DType;
import org.amortis.spi.Instruction;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;

/** Where the sums of one register of a fused group go: straight to their rows, or to a partial for each part if there is one row. */
final class RowSums {
    private final int register;
    private final Object to;
    private final int offset;
    private final Object result;
    private final int resultOffset;

    RowSums(Instruction.RowSum s, Memory memory, int parts) {
        this.register = s.register();
        this.result = memory.array(s.to());
        this.resultOffset = memory.offset(s.to());
        boolean partial = s.to().size() == 1;
        this.to = partial ? (s.to().type().dtype() == DType.F32 ? new float[parts] : new double[parts]) : result;
        this.offset = partial ? 0 : resultOffset;
    }

    void add(int slot, boolean first, Object[] tiles, int at, int n, Loops loops) {
        if (to instanceof float[] f) {
            float v = loops.sum((float[]) tiles[register], at, n);
            f[offset + slot] = first ? v : f[offset + slot] + v;
        } else {
            double[] d = (double[]) to;
            double v = loops.sum((double[]) tiles[register], at, n);
            d[offset + slot] = first ? v : d[offset + slot] + v;
        }
    }

    /** Adds the parts of a sum over everything. */
    void total(int parts, Loops loops) {
        if (to instanceof float[] f) {
            ((float[]) result)[resultOffset] = loops.sum(f, 0, parts);
        } else {
            ((double[]) result)[resultOffset] = loops.sum((double[]) to, 0, parts);
        }
    }
}
