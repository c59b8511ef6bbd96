package org.amortis.backend;

import org.amortis.math.Philox;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.RandomOp;
import org.jspecify.annotations.Nullable;

/** Keys from keys. Every training step folds its number into a key, so this must not leave garbage. */
final class KeyKernel implements Kernel {
    private static final int BLOCK = 256;

    private final int[] from;
    private final int fo;
    private final int keyStep;
    private final int repeat;
    private final int @Nullable [] numbers;
    private final int no;
    private final int numberStep;
    private final long constant;
    private final int tag;
    private final int[] to;
    private final int at;
    private final int n;
    private final int[][] words;

    private KeyKernel(Instruction.Compute c, Memory memory, int repeat, long constant, int tag) {
        View key = c.in().get(0);
        View y = c.out().get(0);
        this.from = (int[]) memory.array(key);
        this.fo = memory.offset(key);
        this.keyStep = key.size() == 1 ? 0 : 2;
        this.repeat = repeat;
        this.constant = constant;
        this.tag = tag;
        boolean indexed = c.in().size() == 2;
        View number = c.in().get(c.in().size() - 1);
        this.numbers = indexed ? (int[]) memory.array(number) : null;
        this.no = indexed ? memory.offset(number) : 0;
        this.numberStep = number.size() == 1 ? 0 : 1;
        this.to = (int[]) memory.array(y);
        this.at = memory.offset(y);
        this.n = y.size();
        this.words = new int[parts()][Philox.BLOCK];
    }

    /** A kernel, or null where operands are broadcast along some axes and not others. */
    static @Nullable Kernel of(RandomOp op, Instruction.Compute c, Memory memory) {
        int n = c.out().get(0).size();
        return switch (op) {
            case RandomOp.FoldConstant f -> new KeyKernel(c, memory, 1, f.data(), f.tag());
            case RandomOp.Split s -> new KeyKernel(c, memory, s.n(), 0, 2);
            case RandomOp.FoldIndex f ->
                c.in().stream().allMatch(v -> v.size() == 1 || v.size() == n)
                        ? new KeyKernel(c, memory, 1, 0, 0)
                        : null;
            default -> null;
        };
    }

    @Override
    public int parts() {
        return (n + BLOCK - 1) / BLOCK;
    }

    @Override
    public void run(int first, int end, int worker) {
        for (int p = first; p < end; p++) {
            int[] w = words[p];
            for (int i = p * BLOCK; i < Math.min(n, (p + 1) * BLOCK); i++) {
                int k = fo + i / repeat * keyStep;
                long data = numbers == null
                        ? repeat == 1 ? constant : i % repeat
                        : numbers[no + i * numberStep] & 0xffffffffL;
                Philox.block(from[k], from[k + 1], (int) data, (int) (data >>> 32), RandomOp.FOLD, tag, w, 0);
                to[at + 2 * i] = w[0];
                to[at + 2 * i + 1] = w[1];
            }
        }
    }

    @Override
    public long cost() {
        return 40L * n;
    }
}
