package org.amortis.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.amortis.cuda.ptx.Arena;

/** Products of matrices that lie by columns, as the manual of BLAS defines them; every access is looked at. */
final class Columns {
    private Columns() {}

    static void gemm(Arena memory, Gemm g) {
        leading(g.lda(), g.transposeA() ? g.k() : g.m());
        leading(g.ldb(), g.transposeB() ? g.n() : g.k());
        leading(g.ldc(), g.m());
        int bytes = g.wide() ? 8 : 4;
        for (int q = 0; q < g.batch(); q++) {
            double[] a = columns(memory, g.a() + q * g.strideA() * bytes, g.lda(), g.transposeA() ? g.m() : g.k(), g);
            double[] b = columns(memory, g.b() + q * g.strideB() * bytes, g.ldb(), g.transposeB() ? g.k() : g.n(), g);
            long c = g.c() + q * g.strideC() * bytes;
            for (int j = 0; j < g.n(); j++) {
                for (int i = 0; i < g.m(); i++) {
                    double v = 0;
                    for (int l = 0; l < g.k(); l++) {
                        double x = a[g.transposeA() ? l + i * g.lda() : i + l * g.lda()];
                        v += x * b[g.transposeB() ? j + l * g.ldb() : l + j * g.ldb()];
                    }
                    put(memory, c + (long) bytes * (i + (long) j * g.ldc()), g, v);
                }
            }
        }
    }

    private static void leading(int distance, int rows) {
        if (distance < Math.max(1, rows)) {
            throw new IllegalStateException("leading dimension " + distance + " of " + rows + " rows");
        }
    }

    private static ByteBuffer at(Arena memory, long address, int bytes) {
        return ByteBuffer.wrap(memory.bytes()).order(ByteOrder.LITTLE_ENDIAN).position(memory.at(address, bytes));
    }

    /** A whole matrix; its last element must lie in memory as its first does. */
    private static double[] columns(Arena memory, long address, int ld, int columns, Gemm g) {
        double[] r = new double[ld * columns];
        int bytes = g.wide() ? 8 : 4;
        ByteBuffer b = at(memory, address, bytes);
        memory.at(address + (long) bytes * (r.length - 1), bytes);
        for (int i = 0; i < r.length; i++) {
            r[i] = g.wide() ? b.getDouble() : b.getFloat();
        }
        return r;
    }

    private static void put(Arena memory, long address, Gemm g, double v) {
        ByteBuffer b = at(memory, address, g.wide() ? 8 : 4);
        if (g.wide()) {
            b.putDouble(b.position(), g.add() ? v + b.getDouble(b.position()) : v);
        } else {
            b.putFloat(b.position(), (float) (g.add() ? v + b.getFloat(b.position()) : v));
        }
    }
}
