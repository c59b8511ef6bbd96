package org.amortis.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;
import org.amortis.tensor.ContractOp;
import org.jspecify.annotations.Nullable;

/** Matrix products: which kernel, how K is cut. A function of shapes alone, so that the bits are the same on every card. */
final class Products {
    /** Blocks that a small product should have at least, by cutting K. */
    private static final int BLOCKS = 100;

    /** Least K of a slice. */
    private static final int SLICE = 50;

    private static final int TILE = 32;
    private static final int LARGE_TILE = 128;
    private static final int DEEP = 64;

    private final Addresses memory;
    private final Workspace workspace;
    private final Chains chains;

    Products(Addresses memory, Workspace workspace, Chains chains) {
        this.memory = memory;
        this.chains = chains;
        this.workspace = workspace;
    }

    /** Slices of K: the smallest of 1, 2, 4, 8 with enough blocks whose slices are not too thin. */
    static int split(long tiles, int k) {
        int s = 1;
        while (s < 8 && tiles * s < BLOCKS && k / (2 * s) >= SLICE) {
            s *= 2;
        }
        return s;
    }

    void product(ContractOp.MatMul op, List<View> in, View to, boolean add, List<Step> steps) {
        product(op, in, to, add, null, steps);
    }

    /**
     * A product, and behind it a chain if that can be: true if it was.
     *
     * @param op the product
     * @param in its factors, and a row to be added
     * @param to its result
     * @param add whether the result is added to what is there
     * @param next the group that follows, or null
     * @param steps takes the launches
     */
    boolean product(
            ContractOp.MatMul op,
            List<View> in,
            View to,
            boolean add,
            Instruction.@Nullable Fused next,
            List<Step> steps) {
        Shape sa = in.get(0).type().shape();
        Shape sb = in.get(1).type().shape();
        Shape sc = to.type().shape();
        Shape batch = sc.slice(0, sc.rank() - 2);
        Shape batchA = sa.slice(0, sa.rank() - 2);
        Shape batchB = sb.slice(0, sb.rank() - 2);
        int n = sc.dim(-1);
        int k = sa.dim(op.transposeA() ? -2 : -1);
        // one right factor for all: the batch is rows of one product
        boolean rows = batchB.size() == 1 && batchA.equals(batch) && !op.transposeA();
        int m = rows ? batch.size() * sc.dim(-2) : sc.dim(-2);
        Shape walk = rows ? Shape.SCALAR : batch;
        int lda = op.transposeA() ? m : k;
        int ldb = op.transposeB() ? k : n;
        String form = (op.transposeA() ? "t" : "n") + (op.transposeB() ? "t" : "n");
        String epilogue = add ? "add" : in.size() > 2 ? "bias" : "plain";
        boolean wide = to.type().dtype() == DType.F64;
        int tileSize = wide ? 16 : TILE;
        long tiles = (long) tiles(m, tileSize) * tiles(n, tileSize) * walk.size();
        // the large tile needs a few hundred of its blocks to fill a card
        boolean large =
                !wide && (long) tiles(m, LARGE_TILE) * tiles(n, LARGE_TILE) * walk.size() >= BLOCKS && k >= DEEP;
        tileSize = large ? LARGE_TILE : tileSize;
        int split = wide || large ? 1 : split(tiles, k);
        int slice = split == 1 ? k : (k + split * DEEP - 1) / (split * DEEP) * DEEP;
        int[] strideA = Args.broadcast(rows ? Shape.SCALAR : batchA, walk);
        int[] strideB = Args.broadcast(rows ? Shape.SCALAR : batchB, walk);
        scale(strideA, sa.dim(-1) * sa.dim(-2));
        scale(strideB, sb.dim(-1) * sb.dim(-2));
        Args a = new Args()
                .pointers(memory.of(in.get(0)), memory.of(in.get(1)), memory.of(to))
                .pointer(in.size() > 2 ? memory.of(in.get(2)) : 0)
                .ints(m, n, k, lda, ldb, split, slice, walk.size())
                .walk(walk.toArray(), strideA, strideB);
        String name = "am_" + (wide ? "double_" : large ? "large_" : "small_") + form + "_"
                + (split > 1 ? "plain" : epilogue);
        int given = next == null || wide || large ? -1 : given(next, to);
        if (given >= 0 && next != null && (split > 1 || apart(next, in))) {
            behind(
                    Chain.behind(next, memory, given),
                    a,
                    form,
                    add,
                    tiles(n, tileSize),
                    tiles(m, tileSize),
                    split,
                    walk.size(),
                    (long) m * n * walk.size(),
                    steps);
            return true;
        }
        Launch launch = new Launch(
                "product", name, tiles(n, tileSize), tiles(m, tileSize), split * walk.size(), 256, 1, a.bytes());
        if (split == 1) {
            steps.add(new Step.Run(launch));
            return false;
        }
        long size = (long) m * n * walk.size();
        workspace.reserve(4 * size * split);
        steps.add(new Step.Run(workspace.patched(launch, 16, 0)));
        Args f = new Args()
                .pointers(0, 0, memory.of(to))
                .pointer(in.size() > 2 ? memory.of(in.get(2)) : 0)
                .ints(m, n, k, 0, 0, split, slice, walk.size())
                .walk(new int[0], new int[0], new int[0]);
        steps.add(new Step.Run(workspace.patched(Launch.flat("product", "am_finish_" + epilogue, size, f), 0, 0)));
        return false;
    }

    /**
     * A gradient of weights and that of the row beside them in one: X^T dY and the sums of the columns of dY, which blocks
     * have in shared memory anyway. False if it is no such pair; nothing was added then.
     *
     * @param op the product
     * @param in its factors
     * @param to its result
     * @param x what is summed over its leading axes
     * @param y the sums
     * @param steps takes the launches
     */
    boolean productAndSums(ContractOp.MatMul op, List<View> in, View to, View x, View y, List<Step> steps) {
        Shape sa = in.get(0).type().shape();
        Shape sb = in.get(1).type().shape();
        boolean same = in.size() == 2
                && op.transposeA()
                && !op.transposeB()
                && sa.rank() == 2
                && sb.rank() == 2
                && to.type().dtype() == DType.F32
                && x.space() == in.get(1).space()
                && x.index() == in.get(1).index()
                && x.offset() == in.get(1).offset()
                && x.size() == in.get(1).size()
                && y.size() == sb.dim(-1);
        if (!same) {
            return false;
        }
        int m = sa.dim(-1);
        int n = sb.dim(-1);
        int k = sb.dim(0);
        long tiles = (long) tiles(m, TILE) * tiles(n, TILE);
        boolean large = (long) tiles(m, LARGE_TILE) * tiles(n, LARGE_TILE) >= BLOCKS && k >= DEEP;
        int split = split(tiles, k);
        boolean apart = split > 1 || !overlap(y, in.get(0)) && !overlap(y, in.get(1));
        if (large || !apart || overlap(y, to)) {
            return false;
        }
        int slice = split == 1 ? k : (k + split * DEEP - 1) / (split * DEEP) * DEEP;
        long size = (long) m * n;
        // the sums take the place of the row that is added
        Args a = new Args()
                .pointers(memory.of(in.get(0)), memory.of(in.get(1)), memory.of(to), memory.of(y))
                .ints(m, n, k, m, n, split, slice, 1)
                .walk(new int[0], new int[0], new int[0]);
        Launch launch =
                new Launch("product", "am_small_tn_sums", tiles(n, TILE), tiles(m, TILE), split, 256, 1, a.bytes());
        if (split == 1) {
            steps.add(new Step.Run(launch));
            return true;
        }
        workspace.reserve(4 * (size + n) * split);
        workspace.patched(launch, 16, 0);
        steps.add(new Step.Run(workspace.patched(launch, 24, 4 * size * split)));
        Args f = new Args()
                .pointers(0, 0, memory.of(to), memory.of(y))
                .ints(m, n, k, 0, 0, split, slice, 1)
                .walk(new int[0], new int[0], new int[0]);
        Launch last = Launch.flat("product", "am_finish_sums", size + n, f);
        workspace.patched(last, 0, 0);
        steps.add(new Step.Run(workspace.patched(last, 8, 4 * size * split)));
        return true;
    }

    /** The input of a group that is a product just made, if the group goes through it element by element; else -1. */
    private static int given(Instruction.Fused g, View product) {
        if (!g.sums().isEmpty()
                || g.shape().size() != product.size()
                || g.in().size() + g.out().size() > Chained.MOST) {
            return -1;
        }
        int found = -1;
        for (int i = 0; i < g.in().size(); i++) {
            View v = g.in().get(i).view();
            if (overlap(v, product)) {
                int[][] walk = Args.joined(
                        g.shape().toArray(),
                        g.in().get(i).strides().toArray(),
                        g.shape().strides());
                boolean whole =
                        v.offset() == product.offset() && v.size() == product.size() && Arrays.equals(walk[1], walk[2]);
                if (!whole || found >= 0) {
                    return -1;
                }
                found = i;
            }
        }
        for (Instruction.MicroOp m : g.micro()) {
            if (!ChainText.known(m.op())) {
                return -1;
            }
        }
        return found;
    }

    /** Whether a group writes nothing that the product still reads. */
    private static boolean apart(Instruction.Fused g, List<View> in) {
        return g.out().stream().noneMatch(o -> in.stream().anyMatch(v -> overlap(o, v)));
    }

    static boolean overlap(View a, View b) {
        return a.space() == b.space()
                && a.index() == b.index()
                && carrier(a) == carrier(b)
                && a.offset() < b.offset() + b.slots()
                && b.offset() < a.offset() + a.slots();
    }

    private static int carrier(View v) {
        return switch (v.type().dtype()) {
            case F32 -> 0;
            case F64 -> 1;
            case I32, BOOL, KEY -> 2;
        };
    }

    private void behind(
            Chain chain,
            Args product,
            String form,
            boolean add,
            int columns,
            int rows,
            int split,
            int batches,
            long size,
            List<Step> steps) {
        byte[] p = Arrays.copyOf(product.bytes(), Chained.ADDRESSES);
        ByteBuffer b = ByteBuffer.wrap(p).order(ByteOrder.LITTLE_ENDIAN);
        if (split > 1) {
            // the slices store plain sums; row and chain come when those are added
            workspace.reserve(4 * size * split);
            byte[] slices = p.clone();
            Launch first = new Launch(
                    "product", "am_small_" + form + "_plain", columns, rows, split * batches, 256, 1, slices);
            steps.add(new Step.Run(workspace.patched(first, 16, 0)));
        }
        b.putInt(Chained.ADD, add ? 1 : 0);
        long[] x = Arrays.copyOf(chain.addresses(), Chained.MOST);
        byte[] all = Arrays.copyOf(p, Chained.ADDRESSES + 8 * Chained.MOST);
        ByteBuffer c = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).position(Chained.ADDRESSES);
        for (long address : x) {
            c.putLong(address);
        }
        if (split == 1) {
            String name = chains.add(chain, "am_small_" + form + "_chain");
            steps.add(new Step.Run(new Launch(Launch.CHAINS, name, columns, rows, batches, 256, 1, all)));
        } else {
            String name = chains.add(chain, "am_finish_chain");
            Launch last = new Launch(Launch.CHAINS, name, (int) ((size + 255) / 256), 1, 1, 256, 1, all);
            steps.add(new Step.Run(workspace.patched(last, 0, 0)));
        }
    }

    private static int tiles(int n, int tile) {
        return (n + tile - 1) / tile;
    }

    private static void scale(int[] strides, int by) {
        for (int i = 0; i < strides.length; i++) {
            strides[i] *= by;
        }
    }
}
