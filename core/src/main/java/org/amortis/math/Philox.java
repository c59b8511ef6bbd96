package org.amortis.math;

/**
 * Random numbers by counter: Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2,
 * 3" (SC 2011). A block of four 32-bit words is a pure function of a 64-bit key and a 128-bit counter, so any number of
 * any stream can be computed alone, in any order, on any backend.
 *
 * <p>What is fixed for ever, because saved runs depend on it:
 *
 * <ul>
 *   <li><b>Words.</b> Word {@code i} of the stream {@code (key, c2, c3)} is lane {@code i % 4} of the block with
 *       counter {@code (c0, c1, c2, c3)}, where {@code c0} and {@code c1} are the low and high half of {@code i / 4}.
 *   <li><b>Uniforms.</b> Never 0. F32: one word, {@code ((w >>> 8) + 0.5) * 2^-24}, exact in double. F64: two words,
 *       high first, {@code (n + 0.5) * 2^-53} with the 53-bit number {@code n} of their leading bits.
 *   <li><b>Normals</b> by Box-Muller, {@code r = sqrt(-2 ln u)} and {@code theta = 2 pi u'}, giving {@code r cos theta}
 *       and then {@code r sin theta}. F32: {@code (u, u')} from words (0, 1), then from words (2, 3): four normals a
 *       block. F64: {@code u} from words (0, 1), {@code u'} from words (2, 3): two normals a block.
 * </ul>
 *
 * <p>Everything is computed in double, for F32 too: a caller narrows the result once.
 */
public final class Philox {
    /** Words in a block. */
    public static final int BLOCK = 4;

    private static final int ROUNDS = 10;
    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final long LOW = 0xFFFFFFFFL;
    private static final float BELOW_ONE = 0x1.fffffep-1f;

    private Philox() {}

    /**
     * Computes one block of four words.
     *
     * @param k0 low half of the key
     * @param k1 high half of the key
     * @param c0 counter word 0, the fastest
     * @param c1 counter word 1
     * @param c2 counter word 2
     * @param c3 counter word 3
     * @param out where the four words are written
     * @param offset index in {@code out} of the first of them
     */
    public static void block(int k0, int k1, int c0, int c1, int c2, int c3, int[] out, int offset) {
        int a = c0;
        int b = c1;
        int c = c2;
        int d = c3;
        int p = k0;
        int q = k1;
        for (int round = 0; round < ROUNDS; round++) {
            long x = M0 * (a & LOW);
            long y = M1 * (c & LOW);
            a = (int) (y >>> 32) ^ b ^ p;
            b = (int) y;
            c = (int) (x >>> 32) ^ d ^ q;
            d = (int) x;
            p += W0;
            q += W1;
        }
        out[offset] = a;
        out[offset + 1] = b;
        out[offset + 2] = c;
        out[offset + 3] = d;
    }

    /**
     * Computes the block that holds words {@code 4 * index} to {@code 4 * index + 3} of a stream.
     *
     * @param key the key, low half first
     * @param index number of the block, an unsigned 64-bit number
     * @param c2 counter word 2
     * @param c3 counter word 3
     * @param out where the four words are written, from its beginning
     */
    public static void block(long key, long index, int c2, int c3, int[] out) {
        block((int) key, (int) (key >>> 32), (int) index, (int) (index >>> 32), c2, c3, out, 0);
    }

    /**
     * One word of a stream. Whoever wants neighbours too saves three quarters of the work with {@link #block}.
     *
     * @param key the key, low half first
     * @param index number of the word, an unsigned 64-bit number
     * @param c2 counter word 2
     * @param c3 counter word 3
     * @return the word: lane {@code index % 4} of block {@code index / 4}
     */
    public static int word(long key, long index, int c2, int c3) {
        long at = index >>> 2;
        int a = (int) at;
        int b = (int) (at >>> 32);
        int c = c2;
        int d = c3;
        int p = (int) key;
        int q = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long x = M0 * (a & LOW);
            long y = M1 * (c & LOW);
            a = (int) (y >>> 32) ^ b ^ p;
            b = (int) y;
            c = (int) (x >>> 32) ^ d ^ q;
            d = (int) x;
            p += W0;
            q += W1;
        }
        return switch ((int) index & 3) {
            case 0 -> a;
            case 1 -> b;
            case 2 -> c;
            default -> d;
        };
    }

    /**
     * The uniform of one word, on the grid of odd multiples of 2^-25.
     *
     * @param w a word
     * @return {@code ((w >>> 8) + 0.5) * 2^-24}, exact, in [2^-25, 1 - 2^-25]. Narrowed to float the largest value
     *     rounds to 1: see {@link #uniformFloat}
     */
    public static double uniform32(int w) {
        return ((w >>> 8) + 0.5) * 0x1p-24;
    }

    /**
     * The uniform of one word as a float that is inside the open interval.
     *
     * @param w a word
     * @return {@link #uniform32} narrowed, but 1 - 2^-24 where that would be 1 (one word in 2^24): the logarithm of 1 -
     *     u stays finite
     */
    public static float uniformFloat(int w) {
        return Math.min((float) uniform32(w), BELOW_ONE);
    }

    /**
     * The uniform of two words.
     *
     * @param hi the first word of the pair
     * @param lo the second word of the pair
     * @return {@code (n + 0.5) * 2^-53} rounded to double, {@code n} being the leading 53 bits: at least 2^-54, and 1
     *     for the one largest {@code n} (probability 2^-53), which Box-Muller bears
     */
    public static double uniform64(int hi, int lo) {
        return ((((hi & LOW) << 21) | ((lo & LOW) >>> 11)) + 0.5) * 0x1p-53;
    }

    /**
     * The first normal of a Box-Muller pair.
     *
     * @param u uniform for the radius, in (0, 1]
     * @param v uniform for the angle, in (0, 1]
     * @return {@code sqrt(-2 ln u) * cos(2 pi v)}
     */
    public static double boxMullerCos(double u, double v) {
        return radius(u) * cosTurn(v);
    }

    /**
     * The second normal of a Box-Muller pair.
     *
     * @param u uniform for the radius, in (0, 1]
     * @param v uniform for the angle, in (0, 1]
     * @return {@code sqrt(-2 ln u) * sin(2 pi v)}
     */
    public static double boxMullerSin(double u, double v) {
        return radius(u) * sinTurn(v);
    }

    /**
     * The four F32 normals of a block, in double.
     *
     * @param words four words, from the beginning of the array; read
     * @param out where the four normals are written
     * @param offset index in {@code out} of the first of them
     */
    public static void normals32(int[] words, double[] out, int offset) {
        for (int pair = 0; pair < 4; pair += 2) {
            double r = radius(uniform32(words[pair]));
            double v = uniform32(words[pair + 1]);
            out[offset + pair] = r * cosTurn(v);
            out[offset + pair + 1] = r * sinTurn(v);
        }
    }

    /**
     * The two F64 normals of a block.
     *
     * @param words four words, from the beginning of the array; read
     * @param out where the two normals are written
     * @param offset index in {@code out} of the first of them
     */
    public static void normals64(int[] words, double[] out, int offset) {
        double r = radius(uniform64(words[0], words[1]));
        double v = uniform64(words[2], words[3]);
        out[offset] = r * cosTurn(v);
        out[offset + 1] = r * sinTurn(v);
    }

    /**
     * Element {@code index} of the F32 uniforms of a stream.
     *
     * @param key the key
     * @param index number of the element
     * @param c2 counter word 2
     * @param c3 counter word 3
     * @return {@link #uniform32} of word {@code index}
     */
    public static double uniform32(long key, long index, int c2, int c3) {
        return uniform32(word(key, index, c2, c3));
    }

    /**
     * Element {@code index} of the F64 uniforms of a stream.
     *
     * @param key the key
     * @param index number of the element
     * @param c2 counter word 2
     * @param c3 counter word 3
     * @param scratch at least four words of working space; overwritten
     * @return {@link #uniform64} of words {@code 2 * index} and {@code 2 * index + 1}
     */
    public static double uniform64(long key, long index, int c2, int c3, int[] scratch) {
        block(key, index >>> 1, c2, c3, scratch);
        int lane = (int) (index & 1) << 1;
        return uniform64(scratch[lane], scratch[lane + 1]);
    }

    /**
     * Element {@code index} of the F32 normals of a stream.
     *
     * @param key the key
     * @param index number of the element
     * @param c2 counter word 2
     * @param c3 counter word 3
     * @param scratch at least four words of working space; overwritten
     * @return normal {@code index % 4} of block {@code index / 4}, in double
     */
    public static double normal32(long key, long index, int c2, int c3, int[] scratch) {
        block(key, index >>> 2, c2, c3, scratch);
        int pair = (int) index & 2;
        double u = uniform32(scratch[pair]);
        double v = uniform32(scratch[pair + 1]);
        return (index & 1) == 0 ? boxMullerCos(u, v) : boxMullerSin(u, v);
    }

    /**
     * Element {@code index} of the F64 normals of a stream.
     *
     * @param key the key
     * @param index number of the element
     * @param c2 counter word 2
     * @param c3 counter word 3
     * @param scratch at least four words of working space; overwritten
     * @return normal {@code index % 2} of block {@code index / 2}
     */
    public static double normal64(long key, long index, int c2, int c3, int[] scratch) {
        block(key, index >>> 1, c2, c3, scratch);
        double u = uniform64(scratch[0], scratch[1]);
        double v = uniform64(scratch[2], scratch[3]);
        return (index & 1) == 0 ? boxMullerCos(u, v) : boxMullerSin(u, v);
    }

    private static double radius(double u) {
        return Math.sqrt(-2 * Math.log(u));
    }

    // The angle is reduced before it meets pi: v minus the nearest quarter turn is exact in binary, so that a normal
    // near
    // 0 keeps its relative accuracy. cos(2 * Math.PI * v) would carry the rounding of the product, 4e-16, absolutely.

    private static double cosTurn(double v) {
        int quarter = (int) Math.rint(4 * v);
        double t = 2 * Math.PI * (v - 0.25 * quarter);
        return switch (quarter & 3) {
            case 0 -> Math.cos(t);
            case 1 -> -Math.sin(t);
            case 2 -> -Math.cos(t);
            default -> Math.sin(t);
        };
    }

    private static double sinTurn(double v) {
        int quarter = (int) Math.rint(4 * v);
        double t = 2 * Math.PI * (v - 0.25 * quarter);
        return switch (quarter & 3) {
            case 0 -> Math.sin(t);
            case 1 -> Math.cos(t);
            case 2 -> -Math.sin(t);
            default -> -Math.cos(t);
        };
    }
}
