package org.amortis.kernels;

import java.util.function.IntUnaryOperator;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from the float form; edit that.
 *
 * <p>Shuffles that swap halves, quarters, eighths and sixteenths of a vector, or neighbours: steps of sums and maxima over its
 * lanes. And tables for rows shorter than a vector, by their length: each row is spread over a group of 1, 2, 4, .. lanes, so
 * that such steps stay inside a row.
 */
final class DoubleLanes {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    static final VectorShuffle<Double> HALVES = swap(L / 2);
    static final VectorShuffle<Double> QUARTERS = swap(L / 4);
    static final VectorShuffle<Double> EIGHTHS = swap(L / 8);
    static final VectorShuffle<Double> SIXTEENTHS = swap(L / 16);

    static final VectorShuffle<Double> BY_1 = swap(1);
    static final VectorShuffle<Double> BY_2 = swap(2);
    static final VectorShuffle<Double> BY_4 = swap(4);
    static final VectorShuffle<Double> BY_8 = swap(8);

    /** From rows one after the other to groups; lanes beyond a row repeat it. */
    static final VectorShuffle<Double>[] SPREAD =
            table(n -> lane -> Math.min(L - 1, lane / group(n) * n + Math.min(n - 1, lane % group(n))));

    /** From groups back to rows one after the other. */
    static final VectorShuffle<Double>[] PACK = table(n -> lane -> Math.min(L - 1, lane / n * group(n) + lane % n));

    /** From one number a row to all elements of rows one after the other. */
    static final VectorShuffle<Double>[] REPEAT_ROW = table(n -> lane -> lane / n);

    /** From the first lane of each group to one number a row. */
    static final VectorShuffle<Double>[] FIRST = table(n -> lane -> lane * group(n) % L);

    /** Lanes of groups that hold elements. */
    static final VectorMask<Double>[] USED = used();

    private DoubleLanes() {}

    /** Lanes of a row of n elements, n at most a vector: the next power of two. */
    static int group(int n) {
        return n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
    }

    private static VectorShuffle<Double> swap(int distance) {
        return VectorShuffle.fromOp(S, i -> distance < L ? i ^ distance : i);
    }

    /** The lane function of a row length. */
    private interface ByLength {
        IntUnaryOperator of(int n);
    }

    @SuppressWarnings("unchecked")
    private static VectorShuffle<Double>[] table(ByLength f) {
        VectorShuffle<Double>[] r = (VectorShuffle<Double>[]) new VectorShuffle<?>[L + 1];
        for (int n = 1; n <= L; n++) {
            r[n] = VectorShuffle.fromOp(S, f.of(n));
        }
        return r;
    }

    @SuppressWarnings("unchecked")
    private static VectorMask<Double>[] used() {
        VectorMask<Double>[] r = (VectorMask<Double>[]) new VectorMask<?>[L + 1];
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
