package org.amortis.backend;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;
import org.amortis.spi.SmallProducts;
import org.amortis.spi.View;
import org.amortis.tensor.ContractOp;
import org.jspecify.annotations.Nullable;

/**
 * Batched matrix product; parts are blocks of rows or of columns of one product or whole products of a batch. Every worker copies
 * the factor that is not cut, so the longer side is cut.
 */
final class MatMulKernel implements Kernel {
    private static final int ROWS = 48;

    /** Columns of a block; the last one of a product has the rest too, so that no block is narrow and goes another way. */
    private static final int COLUMNS = 64;

    /** Blocks that are started from the bias together: what the product then adds to is still in the cache. */
    private static final int BIASED_BLOCKS = 4;

    private final Loops loops;
    private final int beta;
    private final boolean ta;
    private final boolean tb;
    private final int m;
    private final int n;
    private final int k;
    private final int[] offsetA;
    private final int[] offsetB;
    private final Object a;
    private final Object b;
    private final Object c;
    private final int baseA;
    private final int baseB;
    private final int baseC;
    private final @Nullable Object bias;
    private final int baseBias;
    private final Scratch scratch;
    private final @Nullable SmallProducts small;
    private final boolean byColumns;
    private final int blocks;

    MatMulKernel(
            ContractOp.MatMul op,
            List<View> in,
            View vc,
            boolean accumulate,
            Memory memory,
            Loops loops,
            Scratch scratch) {
        boolean biased = in.size() > 2;
        this.beta = accumulate || biased ? 1 : 0;
        this.bias = biased ? memory.array(in.get(2)) : null;
        this.baseBias = biased ? memory.offset(in.get(2)) : 0;
        this.loops = loops;
        View va = in.get(0);
        View vb = in.get(1);
        Shape sa = va.type().shape();
        Shape sb = vb.type().shape();
        Shape sc = vc.type().shape();
        Shape batch = sc.slice(0, sc.rank() - 2);
        Shape batchA = sa.slice(0, sa.rank() - 2);
        Shape batchB = sb.slice(0, sb.rank() - 2);
        this.n = sc.dim(-1);
        this.k = sa.dim(op.transposeA() ? -2 : -1);
        // one right factor for all: the batch is rows of one product
        boolean oneB = batchB.size() == 1 && batchA.equals(batch) && !op.transposeA();
        this.m = oneB ? batch.size() * sc.dim(-2) : sc.dim(-2);
        this.ta = op.transposeA();
        this.tb = op.transposeB();
        Shape walk = oneB ? Shape.SCALAR : batch;
        this.offsetA = offsets(batchA, walk, sa.dim(-1) * sa.dim(-2));
        this.offsetB = offsets(batchB, walk, sb.dim(-1) * sb.dim(-2));
        this.a = memory.array(va);
        this.b = memory.array(vb);
        this.c = memory.array(vc);
        this.baseA = memory.offset(va);
        this.baseB = memory.offset(vb);
        this.baseC = memory.offset(vc);
        DType t = vc.type().dtype();
        this.scratch = scratch;
        this.small = loops.smallProducts(t, ta, tb, m, n, k);
        this.byColumns = small == null && n > m && n >= 2 * COLUMNS;
        this.blocks = byColumns ? n / COLUMNS : (m + ROWS - 1) / ROWS;
        scratch.reserve(t, small != null ? small.scratch() : loops.gemmScratch(t, ta, tb, m, n, k));
    }

    private static int[] offsets(Shape own, Shape batch, int stride) {
        int[] r = new int[batch.size()];
        if (batch.rank() == 0 || own.size() == 1) {
            return r;
        }
        int[] s = new int[batch.rank()];
        int[] strides = own.strides();
        int lead = batch.rank() - own.rank();
        for (int x = lead; x < s.length; x++) {
            s[x] = own.dim(x - lead) == 1 ? 0 : strides[x - lead];
        }
        for (int q = 0; q < r.length; q++) {
            int rest = q;
            for (int x = s.length - 1; x >= 0; x--) {
                r[q] += rest % batch.dim(x) * s[x] * stride;
                rest /= batch.dim(x);
            }
        }
        return r;
    }

    @Override
    public int parts() {
        return offsetA.length * blocks;
    }

    @Override
    public void run(int from, int to, int worker) {
        if (small != null) {
            together(small, from, to, worker);
            return;
        }
        int at = from;
        while (at < to) {
            int q = at / blocks;
            int first = at % blocks;
            int last = Math.min(blocks, first + to - at);
            if (byColumns) {
                int end = last == blocks ? n : last * COLUMNS;
                if (bias != null) {
                    start(bias, q, 0, m, first * COLUMNS, end);
                }
                product(q, 0, m, first * COLUMNS, end, worker);
            } else {
                if (bias != null) {
                    last = Math.min(last, first + BIASED_BLOCKS);
                    start(bias, q, first * ROWS, Math.min(m, last * ROWS), 0, n);
                }
                product(q, first * ROWS, Math.min(m, last * ROWS), 0, n, worker);
            }
            at += last - first;
        }
    }

    /** Small matrices, each in one block of rows. */
    private void together(SmallProducts products, int from, int to, int worker) {
        for (int q = from; bias != null && q < to; q++) {
            start(bias, q, 0, m, 0, n);
        }
        Object s = c instanceof float[] ? scratch.floats(worker) : scratch.doubles(worker);
        products.run(a, baseA, offsetA, b, baseB, offsetB, beta != 0, c, baseC, from, to, s);
    }

    /** Writes the bias to a part of product q, which is then added to. */
    private void start(Object row, int q, int rowFrom, int rowTo, int colFrom, int colTo) {
        int at = baseC + q * m * n + colFrom;
        for (int i = rowFrom; i < rowTo; i++) {
            System.arraycopy(row, baseBias + colFrom, c, at + i * n, colTo - colFrom);
        }
    }

    private void product(int q, int rowFrom, int rowTo, int colFrom, int colTo, int worker) {
        int lda = ta ? m : k;
        int ldb = tb ? k : n;
        int ao = baseA + offsetA[q];
        int bo = baseB + offsetB[q] + colFrom * (tb ? ldb : 1);
        int co = baseC + q * m * n + colFrom;
        int columns = colTo - colFrom;
        if (c instanceof float[] y) {
            float[] s = scratch.floats(worker);
            loops.gemm(
                    ta,
                    tb,
                    m,
                    columns,
                    k,
                    (float[]) a,
                    ao,
                    lda,
                    (float[]) b,
                    bo,
                    ldb,
                    beta,
                    y,
                    co,
                    n,
                    rowFrom,
                    rowTo,
                    s);
        } else {
            double[] s = scratch.doubles(worker);
            loops.gemm(
                    ta,
                    tb,
                    m,
                    columns,
                    k,
                    (double[]) a,
                    ao,
                    lda,
                    (double[]) b,
                    bo,
                    ldb,
                    beta,
                    (double[]) c,
                    co,
                    n,
                    rowFrom,
                    rowTo,
                    s);
        }
    }

    @Override
    public long cost() {
        return (long) offsetA.length * m * n * k / 50;
    }
}
