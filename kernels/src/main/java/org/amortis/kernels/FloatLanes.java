package org.amortis.kernels;

import java.util.function.IntUnaryOperator;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Shuffles that swap halves, quarters, eighths and sixteenths of a vector, or neighbours: steps of sums and maxima over its
 * lanes. And tables for rows shorter than a vector, by their length: each row is spread over a group of 1, 2, 4, .. lanes, so
 * that such steps stay inside a row.
 */
final class FloatLanes {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    static final VectorShuffle<Float> HALVES = swap(L / 2);
    static final VectorShuffle<Float> QUARTERS = swap(L / 4);
    static final VectorShuffle<Float> EIGHTHS = swap(L / 8);
    static final VectorShuffle<Float> SIXTEENTHS = swap(L / 16);

    static final VectorShuffle<Float> BY_1 = swap(1);
    static final VectorShuffle<Float> BY_2 = swap(2);
    static final VectorShuffle<Float> BY_4 = swap(4);
    static final VectorShuffle<Float> BY_8 = swap(8);

    /** From rows one after the other to groups; lanes beyond a row repeat it. */
    static final VectorShuffle<Float>[] SPREAD =
            table(n -> lane -> Math.min(L - 1, lane / group(n) * n + Math.min(n - 1, lane % group(n))));

    /** From groups back to rows one after the other. */
    static final VectorShuffle<Float>[] PACK = table(n -> lane -> Math.min(L - 1, lane / n * group(n) + lane % n));

    /** From one number a row to all elements of rows one after the other. */
    static final VectorShuffle<Float>[] REPEAT_ROW = table(n -> lane -> lane / n);

    /** From the first lane of each group to one number a row. */
    static final VectorShuffle<Float>[] FIRST = table(n -> lane -> lane * group(n) % L);

    /** Lanes of groups that hold elements. */
    static final VectorMask<Float>[] USED = used();

    private FloatLanes() {}

    /** Lanes of a row of n elements, n at most a vector: the next power of two. */
    static int group(int n) {
        return n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
    }

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(S, i -> distance < L ? i ^ distance : i);
    }

    /** The lane function of a row length. */
    private interface ByLength {
        IntUnaryOperator of(int n);
    }

    @SuppressWarnings("unchecked")
    private static VectorShuffle<Float>[] table(ByLength f) {
        VectorShuffle<Float>[] r = (VectorShuffle<Float>[]) new VectorShuffle<?>[L + 1];
        for (int n = 1; n <= L; n++) {
            r[n] = VectorShuffle.fromOp(S, f.of(n));
        }
        return r;
    }

    @SuppressWarnings("unchecked")
    private static VectorMask<Float>[] used() {
        VectorMask<Float>[] r = (VectorMask<Float>[]) new VectorMask<?>[L + 1];
        for (int n = 1; n <= L; n++) {
            boolean[] b = new boolean[L];
            for (int lane = 0; lane < L; lane++) {
                b[lane] = lane % group(n) < n;
            }
            r[n] = VectorMask.fromArray(S, b, 0);
        }
        return r;
    }
}
