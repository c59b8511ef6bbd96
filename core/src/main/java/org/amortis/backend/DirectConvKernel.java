package org.amortis.backend;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.ConvLoop;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.ConvOp;
import org.jspecify.annotations.Nullable;

/** A convolution for which the backend has a loop of its own. */
final class DirectConvKernel implements Kernel {
    private final ConvLoop loop;
    private final boolean single;
    private final long products;
    private final Object in;
    private final int io;
    private final Object weights;
    private final int wo;
    private final Object out;
    private final int oo;
    private final Scratch scratch;

    private DirectConvKernel(ConvLoop loop, Instruction.Compute c, long products, Memory memory, Scratch scratch) {
        View a = c.in().get(0);
        View k = c.in().get(1);
        View r = c.out().get(0);
        DType type = r.type().dtype();
        this.loop = loop;
        this.single = type == DType.F32;
        this.products = products;
        this.in = memory.array(a);
        this.io = memory.offset(a);
        this.weights = memory.array(k);
        this.wo = memory.offset(k);
        this.out = memory.array(r);
        this.oo = memory.offset(r);
        this.scratch = scratch;
        scratch.reserve(type, loop.scratch());
    }

    /** The kernel of an operation, or null if the backend has none. */
    static @Nullable DirectConvKernel of(
            ConvOp op, Instruction.Compute c, Memory memory, Loops loops, Scratch scratch) {
        Shape a = c.in().get(0).type().shape();
        Shape k = c.in().get(1).type().shape();
        Shape r = c.out().get(0).type().shape();
        if (op instanceof ConvOp.WeightGradient || a.size() == 0 || k.size() == 0) {
            return null;
        }
        boolean forward = op instanceof ConvOp.Conv2d;
        Shape x = forward ? a : r;
        Shape y = forward ? r : a;
        ConvLoop loop = loops.convolution(op, c.out().get(0).type().dtype(), x, k, y);
        return loop == null ? null : new DirectConvKernel(loop, c, (long) y.size() * k.product(1, 4), memory, scratch);
    }

    @Override
    public int parts() {
        return loop.parts();
    }

    @Override
    public void run(int from, int to, int worker) {
        loop.run(in, io, weights, wo, out, oo, from, to, single ? scratch.floats(worker) : scratch.doubles(worker));
    }

    @Override
    public long cost() {
        // some 10 ps for a multiply-add in vectors
        return products / 100;
    }
}
