package org.amortis.backend;

import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.Op;
import org.amortis.tensor.RefArray;

/**
 * Any operation through its reference loop: operands are widened to double, results rounded. Slow and right, and it may
 * leave garbage. Serves users' operations on whole arrays; of the library's own no plan has one that needs it.
 */
final class ReferenceKernel implements Kernel {
    private final Op op;
    private final RefArray[] in;
    private final RefArray[] out;
    private final Object[] inArrays;
    private final int[] inOffsets;
    private final Object[] outArrays;
    private final int[] outOffsets;
    private long elements;

    ReferenceKernel(Instruction.Compute c, Memory memory) {
        this.op = c.origin().op();
        this.in = new RefArray[c.in().size()];
        this.inArrays = new Object[in.length];
        this.inOffsets = new int[in.length];
        this.out = new RefArray[c.out().size()];
        this.outArrays = new Object[out.length];
        this.outOffsets = new int[out.length];
        for (int i = 0; i < in.length; i++) {
            View v = c.in().get(i);
            in[i] = RefArray.zeros(v.type());
            inArrays[i] = memory.array(v);
            inOffsets[i] = memory.offset(v);
            elements += v.size();
        }
        for (int i = 0; i < out.length; i++) {
            View v = c.out().get(i);
            out[i] = RefArray.zeros(v.type());
            outArrays[i] = memory.array(v);
            outOffsets[i] = memory.offset(v);
            elements += v.size();
        }
    }

    @Override
    public int parts() {
        return 1;
    }

    @Override
    public void run(int from, int to, int worker) {
        for (int i = 0; i < in.length; i++) {
            load(inArrays[i], inOffsets[i], in[i]);
        }
        for (RefArray o : out) {
            o.clear();
        }
        op.reference(in, out);
        for (int i = 0; i < out.length; i++) {
            store(out[i], outArrays[i], outOffsets[i]);
        }
    }

    /** Widens a range. */
    static void load(Object array, int offset, RefArray to) {
        switch (array) {
            case float[] f -> {
                double[] d = to.doubles();
                for (int k = 0; k < d.length; k++) {
                    d[k] = f[offset + k];
                }
            }
            case double[] d -> System.arraycopy(d, offset, to.doubles(), 0, to.doubles().length);
            case int[] n -> System.arraycopy(n, offset, to.ints(), 0, to.ints().length);
            default -> throw new IllegalStateException();
        }
    }

    /** Rounds into a range. */
    static void store(RefArray from, Object array, int offset) {
        switch (array) {
            case float[] f -> {
                double[] d = from.doubles();
                for (int k = 0; k < d.length; k++) {
                    f[offset + k] = (float) d[k];
                }
            }
            case double[] d -> System.arraycopy(from.doubles(), 0, d, offset, from.doubles().length);
            case int[] n -> System.arraycopy(from.ints(), 0, n, offset, from.ints().length);
            default -> throw new IllegalStateException();
        }
    }

    @Override
    public long cost() {
        return 10 * elements;
    }
}
