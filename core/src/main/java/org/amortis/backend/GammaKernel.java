package org.amortis.backend;

import org.amortis.array.DType;
import org.amortis.math.GammaSampler;
import org.amortis.math.Philox;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.RandomOp;

/** Gamma draws and their derivatives, in double; parts are blocks of elements. */
final class GammaKernel implements Kernel {
    private static final int BLOCK = 64;

    private final boolean draw;
    private final boolean log;
    private final int[] keys;
    private final int ko;
    private final int perKey;
    private final Object alpha;
    private final int ao;
    private final Object x;
    private final int xo;
    private final Object y;
    private final int yo;
    private final int n;
    private final Scratch scratch;

    private GammaKernel(
            boolean draw, boolean log, Instruction.Compute c, View alpha, View x, Memory memory, Scratch scratch) {
        View r = c.out().get(0);
        View key = c.in().get(0);
        this.draw = draw;
        this.log = log;
        this.keys = draw ? (int[]) memory.array(key) : new int[0];
        this.ko = draw ? memory.offset(key) : 0;
        this.n = r.size();
        this.perKey = draw && key.size() > 0 ? n / key.size() : 1;
        this.alpha = memory.array(alpha);
        this.ao = memory.offset(alpha);
        this.x = memory.array(x);
        this.xo = memory.offset(x);
        this.y = memory.array(r);
        this.yo = memory.offset(r);
        this.scratch = scratch;
        scratch.reserve(DType.I32, Philox.BLOCK);
    }

    static Kernel of(RandomOp.GammaDraw op, Instruction.Compute c, Memory memory, Scratch scratch) {
        View alpha = c.in().get(1);
        return new GammaKernel(true, op.log(), c, alpha, alpha, memory, scratch);
    }

    static Kernel of(RandomOp.GammaDerivative op, Instruction.Compute c, Memory memory, Scratch scratch) {
        return new GammaKernel(false, op.log(), c, c.in().get(0), c.in().get(1), memory, scratch);
    }

    @Override
    public int parts() {
        return (n + BLOCK - 1) / BLOCK;
    }

    @Override
    public void run(int from, int to, int worker) {
        int[] words = scratch.ints(worker);
        int end = Math.min(n, to * BLOCK);
        for (int i = from * BLOCK; i < end; i++) {
            double r = draw ? draw(i, words) : derivative(get(alpha, ao + i), get(x, xo + i));
            if (y instanceof float[] f) {
                f[yo + i] = (float) r;
            } else {
                ((double[]) y)[yo + i] = r;
            }
        }
    }

    private static double get(Object array, int i) {
        return array instanceof float[] f ? f[i] : ((double[]) array)[i];
    }

    private double draw(int i, int[] words) {
        int k = ko + 2 * (i / perKey);
        long key = (keys[k + 1] & 0xffffffffL) << 32 | keys[k] & 0xffffffffL;
        double l = GammaSampler.logSample(get(alpha, ao + i), key, i % perKey, RandomOp.DRAW, 0, words);
        return log ? l : Math.exp(l);
    }

    private double derivative(double a, double v) {
        return log ? GammaSampler.logSampleDerivative(a, v) : GammaSampler.sampleDerivative(a, v);
    }

    @Override
    public long cost() {
        return 200L * n;
    }
}
