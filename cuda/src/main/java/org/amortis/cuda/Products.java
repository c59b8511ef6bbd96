package org.amortis.cuda;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.View;
import org.amortis.tensor.ContractOp;

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

    Products(Addresses memory, Workspace workspace) {
        this.memory = memory;
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
        Launch launch = new Launch(
                "product", name, tiles(n, tileSize), tiles(m, tileSize), split * walk.size(), 256, 1, a.bytes());
        if (split == 1) {
            steps.add(new Step.Run(launch));
            return;
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
