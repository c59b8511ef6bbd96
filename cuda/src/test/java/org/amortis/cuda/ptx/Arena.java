package org.amortis.cuda.ptx;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Device memory: allocations with room between them; every access must lie inside one. */
public final class Arena {
    static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long BASE = 0x7f00_0000_0000L;
    private static final int PAGE = 256;

    private byte[] bytes = new byte[1 << 16];
    private int[] owner = new int[bytes.length / PAGE];
    private final List<int[]> blocks = new ArrayList<>();
    private long[] writers = new long[bytes.length / 4];
    private long[] readers = new long[bytes.length / 4];
    private long[] crowds = new long[bytes.length / 4];
    private int top = PAGE;
    private long live;

    /** Makes an empty memory. */
    public Arena() {
        blocks.add(new int[2]);
    }

    /**
     * Bytes in use.
     *
     * @return sum of live allocations
     */
    public long live() {
        return live;
    }

    /**
     * Room for bytes, filled with a pattern nobody expects.
     *
     * @param size bytes
     * @return address, a multiple of 256
     */
    public long allocate(long size) {
        int pages = (int) Math.max(1, (size + PAGE - 1) / PAGE);
        int at = top;
        top += (pages + 1) * PAGE;
        if (top > bytes.length) {
            int n = Math.max(2 * bytes.length, top);
            bytes = Arrays.copyOf(bytes, (n + PAGE - 1) / PAGE * PAGE);
            owner = Arrays.copyOf(owner, bytes.length / PAGE);
            writers = Arrays.copyOf(writers, bytes.length / 4);
            readers = Arrays.copyOf(readers, bytes.length / 4);
            crowds = Arrays.copyOf(crowds, bytes.length / 4);
        }
        Arrays.fill(owner, at / PAGE, at / PAGE + pages, blocks.size());
        blocks.add(new int[] {at, at + (int) size});
        Arrays.fill(bytes, at, at + (int) size, (byte) 0xA5);
        live += size;
        return BASE + at;
    }

    /**
     * Gives an allocation back; later accesses to it fail.
     *
     * @param address what {@link #allocate} returned
     */
    public void free(long address) {
        int at = (int) (address - BASE);
        int[] b = blocks.get(owner[at / PAGE]);
        if (b[0] != at) {
            throw new IllegalStateException("free of " + Long.toHexString(address) + ", which was not allocated");
        }
        Arrays.fill(owner, at / PAGE, (b[1] + PAGE - 1) / PAGE, 0);
        live -= b[1] - b[0];
    }

    /**
     * The place of an address, after checking that so many bytes lie in one allocation.
     *
     * @param address address
     * @param size bytes
     * @return index into {@link #bytes}
     */
    public int at(long address, int size) {
        long o = address - BASE;
        if (o < 0 || o >= bytes.length || (address & (Integer.lowestOneBit(size) - 1)) != 0 && size <= 16) {
            throw new IllegalStateException("access of " + size + " bytes at " + Long.toHexString(address)
                    + ": not in device memory, or misaligned");
        }
        int i = (int) o;
        int[] b = blocks.get(owner[i / PAGE]);
        if (i < b[0] || i + size > b[1] || owner[i / PAGE] == 0) {
            throw new IllegalStateException(
                    "access of " + size + " bytes at " + Long.toHexString(address) + ": outside of every allocation");
        }
        return i;
    }

    /** Who accesses: launch, block, warp and the number of barriers passed, in one number. */
    static long stamp(long launch, int block, int warp, int epoch) {
        return launch << 40 | (block & 0xfffffL) << 20 | (warp & 0x1fL) << 15 | epoch & 0x7fffL;
    }

    private static boolean unordered(long a, long b) {
        return a >>> 40 == b >>> 40
                && ((a >>> 20 & 0xfffff) != (b >>> 20 & 0xfffff)
                        || (a >>> 15 & 0x1f) != (b >>> 15 & 0x1f) && (a & 0x7fff) == (b & 0x7fff));
    }

    /**
     * Fails if somebody else accesses the same words in the same launch, without a barrier between, and one of them writes:
     * another block, or another warp of the block.
     *
     * @param at place, from {@link #at}
     * @param size bytes
     * @param write whether this one writes
     * @param who {@link #stamp}
     */
    void touch(int at, int size, boolean write, long who) {
        for (int w = at / 4; w <= (at + size - 1) / 4; w++) {
            boolean crowd = write
                    && crowds[w] >>> 40 == who >>> 40
                    && ((crowds[w] >>> 20 & 0xfffff) != (who >>> 20 & 0xfffff)
                            || (crowds[w] & 0x7fff) == (who & 0x7fff));
            if (unordered(writers[w], who) || write && unordered(readers[w], who) || crowd) {
                throw new IllegalStateException("race on device memory at " + Long.toHexString(BASE + 4L * w));
            }
            if (write) {
                writers[w] = who;
            } else {
                crowds[w] = unordered(readers[w], who) ? who : crowds[w];
                readers[w] = who;
            }
        }
    }

    /**
     * The memory itself.
     *
     * @return bytes, until the next allocation
     */
    public byte[] bytes() {
        return bytes;
    }
}
