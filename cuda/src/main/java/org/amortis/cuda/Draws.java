package org.amortis.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;
import org.amortis.tensor.RandomOp;
import org.jspecify.annotations.Nullable;

/** Random draws and derived keys as launches. */
final class Draws {
    /** Most draws in one launch, as in random.cuh. */
    static final int TOGETHER = 7;

    /** Bytes of a fold, of a draw before its folds, and of what stands before the first draw. */
    private static final int FOLD = 104;

    private static final int DRAW = 48;
    private static final int HEAD = 8;
    private static final int BLOCK = 256;

    private final Addresses memory;

    Draws(Addresses memory) {
        this.memory = memory;
    }

    void translate(Unit.Random u, List<Step> steps) {
        int each = DRAW + Keys.FOLDS * FOLD;
        ByteBuffer all = ByteBuffer.allocate(HEAD + TOGETHER * each).order(ByteOrder.LITTLE_ENDIAN);
        all.putInt(u.draws.size());
        String kernel = u.draws.get(0).kernel();
        int blocks = 0;
        for (int i = 0; i < u.draws.size(); i++) {
            Draw d = u.draws.get(i);
            kernel = d.op() == null ? kernel : d.kernel();
            all.put(HEAD + i * each, draw(d, blocks));
            for (int k = 0; k < d.keys().folds().size(); k++) {
                all.put(HEAD + i * each + DRAW + k * FOLD, fold(d.keys().folds().get(k)));
            }
            blocks += blocks(d);
        }
        String module = kernel.startsWith("am_gamma") ? "gamma" : "random";
        steps.add(new Step.Run(new Launch(module, kernel, blocks, 1, 1, BLOCK, 1, all.array())));
    }

    /** Slopes of gamma draws. */
    void slope(RandomOp.GammaDerivative op, Instruction.Compute c, List<Step> steps) {
        View y = c.out().get(0);
        Args a = new Args()
                .pointers(memory.of(c.in().get(0)), memory.of(c.in().get(1)), memory.of(y))
                .ints(y.size(), op.log() ? 1 : 0);
        String kernel = "am_gamma_slope_" + Launch.suffix(y.type().dtype());
        steps.add(new Step.Run(Launch.flat("gamma", kernel, y.size(), a)));
    }

    /** Blocks of threads; a thread has the elements of four words, or one gamma draw, or one key. */
    private static int blocks(Draw d) {
        int per = d.op() instanceof RandomOp.Draw ? d.to().type().dtype() == DType.F64 ? 2 : 4 : 1;
        long threads = (long) d.count() * ((d.perKey() + per - 1) / per);
        return (int) ((threads + BLOCK - 1) / BLOCK);
    }

    private byte[] draw(Draw d, int first) {
        return new Args()
                .pointers(memory.of(d.keys().root()), memory.of(d.to()), d.alpha() == null ? 0 : memory.of(d.alpha()))
                .ints(
                        d.count(),
                        d.perKey(),
                        kind(d.op()),
                        first,
                        d.keys().folds().size())
                .bytes();
    }

    private static int kind(@Nullable RandomOp op) {
        return switch (op) {
            case null -> 0;
            case RandomOp.Draw d ->
                switch (d.kind()) {
                    case BITS -> 1;
                    case UNIFORM -> 2;
                    case NORMAL -> 3;
                };
            case RandomOp.GammaDraw g -> g.log() ? 5 : 4;
            default -> throw new IllegalStateException(op.name() + " is no draw");
        };
    }

    private byte[] fold(KeyPath.Fold f) {
        Args a = new Args().pointer(f.number() == null ? 0 : memory.of(f.number()));
        switch (f.op()) {
            case RandomOp.FoldConstant c -> a.ints((int) c.data(), (int) (c.data() >>> 32), c.tag(), 0);
            case RandomOp.Split k -> a.ints(0, 0, 2, k.n());
            case RandomOp.FoldIndex k -> a.ints(0, 0, 0, 0);
            default -> throw new IllegalStateException(f.op().name() + " derives no key");
        }
        int[] dims = f.number() == null ? new int[0] : f.to().toArray();
        int[] keys = f.number() == null ? dims : Args.broadcast(f.from(), f.to());
        int[] numbers =
                f.number() == null ? dims : Args.broadcast(f.number().type().shape(), f.to());
        return Arrays.copyOf(a.walk(dims, keys, numbers).bytes(), FOLD);
    }
}
