package org.amortis.backend;

import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.CustomOp;

/** A user's function of one or two numbers at every element, in double; parts are blocks of elements. */
final class CustomKernel implements Kernel {
    private static final int BLOCK = 1024;

    private final CustomOp op;
    private final Object a;
    private final int ao;
    private final Object b;
    private final int bo;
    private final Object y;
    private final int yo;
    private final int[] dims;
    private final int[] strideA;
    private final int[] strideB;
    private final int n;
    private final int inner;

    CustomKernel(CustomOp op, Instruction.Compute c, Memory memory) {
        View va = c.in().get(0);
        View vb = c.in().get(c.in().size() - 1);
        View vy = c.out().get(0);
        // what is read element by element or is one number needs no walk
        boolean flat = flat(va, vy) && flat(vb, vy);
        Shape s = flat ? Shape.of(vy.size()) : vy.type().shape();
        this.op = op;
        this.a = memory.array(va);
        this.ao = memory.offset(va);
        this.b = memory.array(vb);
        this.bo = memory.offset(vb);
        this.y = memory.array(vy);
        this.yo = memory.offset(vy);
        this.n = vy.size();
        this.dims = s.toArray();
        this.strideA = Strides.broadcast(flat ? Shape.of(va.size()) : va.type().shape(), s);
        this.strideB = Strides.broadcast(flat ? Shape.of(vb.size()) : vb.type().shape(), s);
        this.inner = s.dim(-1);
    }

    private static boolean flat(View v, View y) {
        return v.size() == y.size() || v.size() == 1;
    }

    @Override
    public int parts() {
        return (n + BLOCK - 1) / BLOCK;
    }

    @Override
    public void run(int from, int to, int worker) {
        int end = Math.min(n, to * BLOCK);
        int i = from * BLOCK;
        while (i < end) {
            int piece = Math.min(end - i, inner - i % inner);
            piece(ao + Strides.offset(i, dims, strideA), bo + Strides.offset(i, dims, strideB), yo + i, piece);
            i += piece;
        }
    }

    private void piece(int i, int k, int o, int len) {
        int da = strideA[dims.length - 1];
        int db = strideB[dims.length - 1];
        switch (op) {
            case CustomOp.Unary u -> {
                for (int j = 0; j < len; j++) {
                    put(o + j, u.reference(get(a, i + j * da)));
                }
            }
            case CustomOp.Binary f -> {
                for (int j = 0; j < len; j++) {
                    put(o + j, f.reference(get(a, i + j * da), get(b, k + j * db)));
                }
            }
            case CustomOp.General g -> throw new IllegalStateException(g.name());
        }
    }

    private static double get(Object array, int i) {
        return array instanceof float[] f ? f[i] : ((double[]) array)[i];
    }

    private void put(int i, double v) {
        if (y instanceof float[] f) {
            f[i] = (float) v;
        } else {
            ((double[]) y)[i] = v;
        }
    }

    @Override
    public long cost() {
        return 20L * n;
    }
}
