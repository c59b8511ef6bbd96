package org.amortis.cuda;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.View;
import org.amortis.tensor.ContractOp;
import org.jspecify.annotations.Nullable;

/**
 * A matrix product and what a kernel does beside it.
 *
 * @param op the product
 * @param in its factors, and a row to be added
 * @param to its result
 * @param add whether the result is added to what is there
 * @param sums takes the sums of the columns of the second factor, or null
 * @param library whether cuBLAS computes it
 */
record Job(
        ContractOp.MatMul op,
        List<View> in,
        View to,
        boolean add,
        @Nullable View sums,
        boolean library) {
    static final int TILE = 32;
    static final int LARGE_TILE = 128;
    static final int WIDE_TILE = 16;
    static final int DEEP = 64;

    /** Multiplications from which on the library is worth what goes on around it, of floats and of doubles. */
    private static final long MANY = 1L << 27;

    private static final long MANY_WIDE = 1L << 21;

    /** Least size of what the library gets. */
    private static final int THICK = 64;

    /** Blocks that a product should have at least. */
    static final int BLOCKS = 100;

    /**
     * A product.
     *
     * @param op the product
     * @param in its factors, and a row to be added
     * @param to its result
     * @param add whether the result is added to what is there
     * @param library whether there is a library, which gets it if it is large
     */
    static Job of(ContractOp.MatMul op, List<View> in, View to, boolean add, boolean library) {
        Job j = new Job(op, in, to, add, null, false);
        long work = (long) j.m() * j.n() * j.k() * j.walk().size();
        boolean large = work >= (j.wide() ? MANY_WIDE : MANY) && Math.min(j.n(), Math.min(j.m(), j.k())) >= THICK;
        // the products of a batch must lie at one distance from each other
        boolean even = j.walk().size() == 1 || j.step(j.stepsOfA()) >= 0 && j.step(j.stepsOfB()) >= 0;
        return new Job(op, in, to, add, null, library && large && even);
    }

    /** Elements between neighbours along all axes, -1 if they differ. */
    long step(int[] steps) {
        int[][] w = Args.joined(walk().toArray(), steps);
        return w[0].length == 0 ? 0 : w[0].length == 1 ? w[1][0] : -1;
    }

    private static Shape batch(Shape s) {
        return s.slice(0, s.rank() - 2);
    }

    private Shape a() {
        return in.get(0).type().shape();
    }

    private Shape b() {
        return in.get(1).type().shape();
    }

    private Shape c() {
        return to.type().shape();
    }

    /** One right factor for all: the batch is rows of one product. */
    private boolean rows() {
        return batch(b()).size() == 1 && batch(a()).equals(batch(c())) && !op.transposeA();
    }

    /** Axes of the products that are left. */
    Shape walk() {
        return rows() ? Shape.SCALAR : batch(c());
    }

    /** Elements of the first factor between products, along those axes. */
    int[] stepsOfA() {
        return steps(rows() ? Shape.SCALAR : batch(a()), a());
    }

    /** Elements of the second factor between products. */
    int[] stepsOfB() {
        return steps(rows() ? Shape.SCALAR : batch(b()), b());
    }

    private int[] steps(Shape batch, Shape whole) {
        int[] r = Args.broadcast(batch, walk());
        for (int i = 0; i < r.length; i++) {
            r[i] *= whole.dim(-1) * whole.dim(-2);
        }
        return r;
    }

    int m() {
        return rows() ? batch(c()).size() * c().dim(-2) : c().dim(-2);
    }

    int n() {
        return c().dim(-1);
    }

    int k() {
        return a().dim(op.transposeA() ? -2 : -1);
    }

    /** Distance of the stored rows of the first factor. */
    int lda() {
        return op.transposeA() ? m() : k();
    }

    /** Distance of the stored rows of the second factor. */
    int ldb() {
        return op.transposeB() ? k() : n();
    }

    boolean wide() {
        return to.type().dtype() == DType.F64;
    }

    /** Whether the large tile has the few hundred blocks that fill a card. */
    boolean large() {
        return !wide() && !library && tiles(LARGE_TILE) >= BLOCKS && k() >= DEEP;
    }

    boolean small() {
        return !wide() && !large() && !library;
    }

    /** Tiles of a size. */
    long tiles(int tile) {
        return (long) across(tile) * down(tile) * walk().size();
    }

    int across(int tile) {
        return (n() + tile - 1) / tile;
    }

    int down(int tile) {
        return (m() + tile - 1) / tile;
    }

    /** How the factors are stored, in the names of kernels. */
    String form() {
        return (op.transposeA() ? "t" : "n") + (op.transposeB() ? "t" : "n");
    }

    /** What becomes of a result, in the names of kernels. */
    String epilogue() {
        return sums != null ? "sums" : add ? "add" : in.size() > 2 ? "bias" : "plain";
    }

    /**
     * Whether it may stand in one launch with others of its form. Where the first factor is transposed the place of a row is that
     * of the sums of columns.
     */
    boolean sociable() {
        boolean rowOrSums = !op.transposeA() || !op.transposeB() && in.size() == 2;
        return small() && walk().rank() == 0 && !add && rowOrSums;
    }

    /** The same with sums of the columns. */
    Job withSums(View y) {
        return new Job(op, in, to, add, y, library);
    }

    /** What it reads. */
    List<Operand> reads() {
        List<Operand> r = new ArrayList<>();
        in.forEach(v -> r.add(Operand.whole(v)));
        return r;
    }

    /** What it writes. */
    List<Operand> writes() {
        List<Operand> r = new ArrayList<>();
        r.add(Operand.whole(to));
        if (sums != null) {
            r.add(Operand.whole(sums));
        }
        return r;
    }
}
