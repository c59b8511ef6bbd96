package org.amortis.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.amortis.array.Shape;

/** The one struct a kernel takes, laid out as the compiler does: every field at a multiple of its size. */
final class Args {
    /** Longest list of axes that a kernel walks. */
    static final int AXES = 6;

    private ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);

    private Args room(int size) {
        while (bytes.position() % size != 0) {
            bytes.put((byte) 0);
        }
        if (bytes.remaining() < 8) {
            byte[] more = Arrays.copyOf(bytes.array(), 2 * bytes.capacity());
            int at = bytes.position();
            bytes = ByteBuffer.wrap(more).order(ByteOrder.LITTLE_ENDIAN);
            bytes.position(at);
        }
        return this;
    }

    Args pointer(long address) {
        room(8).bytes.putLong(address);
        return this;
    }

    Args pointers(long... addresses) {
        for (long a : addresses) {
            pointer(a);
        }
        return this;
    }

    Args number(double value) {
        room(8).bytes.putDouble(value);
        return this;
    }

    Args ints(int... values) {
        for (int v : values) {
            room(4).bytes.putInt(v);
        }
        return this;
    }

    /** Axes with two lists of strides; neighbours that can be walked as one are joined. */
    Args walk(int[] dims, int[] first, int[] second) {
        int[][] w = joined(dims, first, second);
        ints(w[0].length);
        for (int[] list : w) {
            ints(Arrays.copyOf(list, AXES));
        }
        return this;
    }

    /** Dimensions and strides without axes of 1 and with neighbours joined where both lists allow. */
    static int[][] joined(int[] dims, int[]... strides) {
        int[][] r = new int[strides.length + 1][dims.length];
        int n = 0;
        for (int a = 0; a < dims.length; a++) {
            if (dims[a] == 1) {
                continue;
            }
            boolean join = n > 0;
            for (int k = 0; k < strides.length && join; k++) {
                join = r[k + 1][n - 1] == strides[k][a] * dims[a];
            }
            int at = join ? n - 1 : n++;
            r[0][at] = join ? r[0][at] * dims[a] : dims[a];
            for (int k = 0; k < strides.length; k++) {
                r[k + 1][at] = strides[k][a];
            }
        }
        for (int k = 0; k < r.length; k++) {
            r[k] = Arrays.copyOf(r[k], n);
        }
        return r;
    }

    /** Strides of a shape along the axes of a broadcast one, 0 where it is repeated. */
    static int[] broadcast(Shape own, Shape to) {
        int[] r = new int[to.rank()];
        int lead = to.rank() - own.rank();
        int[] s = own.strides();
        for (int a = lead; a < r.length; a++) {
            r[a] = own.dim(a - lead) == 1 ? 0 : s[a - lead];
        }
        return r;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes.array(), (bytes.position() + 7) / 8 * 8);
    }
}
