package org.amortis.backend;

import org.amortis.array.DType;
import org.amortis.spi.Instruction;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;

/** Where the sums of one register of a fused group go: straight to their rows, or to a partial for each part if there is one row. */
final class RowSums {
    /** Rows up to this length are added up in place: a call costs more. */
    private static final int SHORT = 8;

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

    /** Adds the rows of a tile, or starts them: {@code count} rows of {@code length} that begin at row {@code slot}. */
    void addRows(int slot, Object[] tiles, int count, int length, Loops loops) {
        if (length > SHORT) {
            for (int i = 0; i < count; i++) {
                add(slot + i, true, tiles, i * length, length, loops);
            }
        } else if (to instanceof float[] f) {
            float[] x = (float[]) tiles[register];
            for (int i = 0, at = 0; i < count; i++, at += length) {
                float sum = length > 0 ? x[at] : 0;
                for (int k = 1; k < length; k++) {
                    sum += x[at + k];
                }
                f[offset + slot + i] = sum;
            }
        } else {
            double[] d = (double[]) to;
            double[] x = (double[]) tiles[register];
            for (int i = 0, at = 0; i < count; i++, at += length) {
                double sum = length > 0 ? x[at] : 0;
                for (int k = 1; k < length; k++) {
                    sum += x[at + k];
                }
                d[offset + slot + i] = sum;
            }
        }
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
