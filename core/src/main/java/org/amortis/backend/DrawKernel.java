package org.amortis.backend;

import org.amortis.array.DType;
import org.amortis.math.Philox;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.RandomOp;

/** Words, uniforms and normals; parts are whole rows, or blocks of positions where one key draws all. */
final class DrawKernel implements Kernel {
    private static final int BLOCK = 4096;

    private final boolean normal;
    private final Loops loops;
    private final int[] key;
    private final int ko;
    private final Object y;
    private final int yo;
    private final int rows;
    private final int n;
    private final Scratch scratch;

    DrawKernel(RandomOp.Draw op, Memory memory, View key, View y, Loops loops, Scratch scratch) {
        this.normal = op.kind() == RandomOp.Kind.NORMAL;
        this.loops = loops;
        this.key = (int[]) memory.array(key);
        this.ko = memory.offset(key);
        this.y = memory.array(y);
        this.yo = memory.offset(y);
        this.rows = key.size();
        this.n = rows == 0 ? 0 : y.size() / rows;
        this.scratch = scratch;
        scratch.reserve(DType.I32, Philox.BLOCK);
        scratch.reserve(DType.F32, loops.drawScratch());
        scratch.reserve(DType.F64, Math.max(4, loops.drawScratch()));
    }

    @Override
    public int parts() {
        return rows == 1 ? (n + BLOCK - 1) / BLOCK : (rows + 63) / 64;
    }

    @Override
    public void run(int from, int to, int worker) {
        for (int p = from; p < to; p++) {
            if (rows == 1) {
                draw(0, p * BLOCK, Math.min(n, (p + 1) * BLOCK), worker);
            } else {
                for (int r = p * 64; r < Math.min(rows, (p + 1) * 64); r++) {
                    draw(r, 0, n, worker);
                }
            }
        }
    }

    private void draw(int row, int from, int to, int worker) {
        int k = ko + 2 * row;
        if (y instanceof float[] f) {
            if (!loops.draw(normal, key, k, from, to, f, yo + row * n + from, scratch.floats(worker))) {
                floats(k, from, to, f, yo + row * n, worker);
            }
        } else if (y instanceof int[] f) {
            bits(k, from, to, f, yo + row * n, worker);
        } else {
            double[] f = (double[]) y;
            float[] w = scratch.floats(worker);
            if (!loops.draw(normal, key, k, from, to, f, yo + row * n + from, w, scratch.doubles(worker))) {
                doubles(k, from, to, f, yo + row * n, worker);
            }
        }
    }

    private void bits(int k, int from, int to, int[] f, int at, int worker) {
        int[] w = scratch.ints(worker);
        for (int i = from; i < to; i += 4) {
            Philox.block(key[k], key[k + 1], i / 4, 0, RandomOp.DRAW, 0, w, 0);
            System.arraycopy(w, 0, f, at + i, Math.min(4, to - i));
        }
    }

    private void floats(int k, int from, int to, float[] f, int at, int worker) {
        int[] w = scratch.ints(worker);
        double[] d = scratch.doubles(worker);
        for (int i = from; i < to; i += 4) {
            Philox.block(key[k], key[k + 1], i / 4, 0, RandomOp.DRAW, 0, w, 0);
            if (normal) {
                Philox.normals32(w, d, 0);
            }
            for (int j = 0; j < Math.min(4, to - i); j++) {
                f[at + i + j] = normal ? (float) d[j] : Philox.uniformFloat(w[j]);
            }
        }
    }

    private void doubles(int k, int from, int to, double[] f, int at, int worker) {
        int[] w = scratch.ints(worker);
        for (int i = from; i < to; i += 2) {
            Philox.block(key[k], key[k + 1], i / 2, 0, RandomOp.DRAW, 0, w, 0);
            double u = Philox.uniform64(w[0], w[1]);
            double v = Philox.uniform64(w[2], w[3]);
            f[at + i] = normal ? Philox.boxMullerCos(u, v) : u;
            if (i + 1 < to) {
                f[at + i + 1] = normal ? Philox.boxMullerSin(u, v) : v;
            }
        }
    }

    @Override
    public long cost() {
        return (long) rows * n * (normal ? 10 : 4);
    }
}
