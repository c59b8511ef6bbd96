package org.amortis.backend;

import org.amortis.array.DType;
import org.amortis.math.Philox;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.RandomOp;

/** Keys derived from keys and numbers; parts are blocks of results. */
final class KeyKernel implements Kernel {
    private static final int BLOCK = 256;

    private final RandomOp op;
    private final int[] keys;
    private final int ko;
    private final int[] numbers;
    private final int no;
    private final int[] y;
    private final int yo;
    private final int n;
    private final int[] dims;
    private final int[] keyStrides;
    private final int[] numberStrides;
    private final Scratch scratch;

    KeyKernel(RandomOp op, Instruction.Compute c, Memory memory, Scratch scratch) {
        View k = c.in().get(0);
        View r = c.out().get(0);
        // only numbers that are computed have a second operand
        View i = c.in().get(c.in().size() - 1);
        this.op = op;
        this.keys = (int[]) memory.array(k);
        this.ko = memory.offset(k);
        this.numbers = (int[]) memory.array(i);
        this.no = memory.offset(i);
        this.y = (int[]) memory.array(r);
        this.yo = memory.offset(r);
        this.n = r.size();
        this.dims = r.type().shape().toArray();
        boolean indexed = op instanceof RandomOp.FoldIndex;
        this.keyStrides = indexed ? Strides.broadcast(k.type().shape(), r.type().shape()) : new int[0];
        this.numberStrides =
                indexed ? Strides.broadcast(i.type().shape(), r.type().shape()) : new int[0];
        this.scratch = scratch;
        scratch.reserve(DType.I32, Philox.BLOCK);
    }

    @Override
    public int parts() {
        return (n + BLOCK - 1) / BLOCK;
    }

    @Override
    public void run(int from, int to, int worker) {
        int[] w = scratch.ints(worker);
        int end = Math.min(n, to * BLOCK);
        for (int i = from * BLOCK; i < end; i++) {
            switch (op) {
                case RandomOp.FoldConstant f -> derive(i, i, f.data(), f.tag(), w);
                case RandomOp.Split s -> derive(i, i / s.n(), i % s.n(), 2, w);
                case RandomOp.FoldIndex f -> {
                    int number = numbers[no + Strides.offset(i, dims, numberStrides)];
                    derive(i, Strides.offset(i, dims, keyStrides), number & 0xffffffffL, 0, w);
                }
                default -> throw new IllegalStateException(op.name());
            }
        }
    }

    private void derive(int i, int key, long data, int tag, int[] w) {
        int k = ko + 2 * key;
        Philox.block(keys[k], keys[k + 1], (int) data, (int) (data >>> 32), RandomOp.FOLD, tag, w, 0);
        y[yo + 2 * i] = w[0];
        y[yo + 2 * i + 1] = w[1];
    }

    @Override
    public long cost() {
        return 25L * n;
    }
}
