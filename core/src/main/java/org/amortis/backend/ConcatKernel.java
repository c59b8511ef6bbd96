package org.amortis.backend;

import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.LayoutOp;

/** Joins operands along an inner axis: [outer, w1], [outer, w2], .. side by side. */
final class ConcatKernel implements Kernel {
    /** Elements that are moved one by one faster than by a call. */
    private static final int SHORT_RUN = 12;

    private final Object[] x;
    private final int[] xo;
    private final int[] width;
    private final Object y;
    private final int yo;
    private final int outer;
    private final int row;
    private final int block;

    ConcatKernel(LayoutOp.Concat op, Instruction.Compute c, Memory memory) {
        View to = c.out().get(0);
        int n = c.in().size();
        this.x = new Object[n];
        this.xo = new int[n];
        this.width = new int[n];
        Shape s = to.type().shape();
        this.outer = s.product(0, op.axis());
        for (int i = 0; i < n; i++) {
            View v = c.in().get(i);
            x[i] = memory.array(v);
            xo[i] = memory.offset(v);
            width[i] = v.slots() / outer;
        }
        this.y = memory.array(to);
        this.yo = memory.offset(to);
        this.row = to.slots() / outer;
        this.block = Math.max(1, 8192 / row);
    }

    @Override
    public int parts() {
        return (outer + block - 1) / block;
    }

    @Override
    public void run(int from, int to, int worker) {
        for (int o = from * block; o < Math.min(outer, to * block); o++) {
            int at = yo + o * row;
            for (int i = 0; i < x.length; i++) {
                int n = width[i];
                if (n <= SHORT_RUN && y instanceof float[] f) {
                    float[] g = (float[]) x[i];
                    int g0 = xo[i] + o * n;
                    for (int k = 0; k < n; k++) {
                        f[at + k] = g[g0 + k];
                    }
                } else {
                    System.arraycopy(x[i], xo[i] + o * n, y, at, n);
                }
                at += width[i];
            }
        }
    }

    @Override
    public long cost() {
        return (long) outer * (5L * x.length + row / 4);
    }
}
