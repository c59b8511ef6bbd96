package org.amortis.kernels;

import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Shuffles that swap halves, quarters, eighths and sixteenths of a vector: steps of sums and maxima over its lanes. */
final class FloatLanes {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    static final VectorShuffle<Float> HALVES = swap(L / 2);
    static final VectorShuffle<Float> QUARTERS = swap(L / 4);
    static final VectorShuffle<Float> EIGHTHS = swap(L / 8);
    static final VectorShuffle<Float> SIXTEENTHS = swap(L / 16);

    private FloatLanes() {}

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(S, i -> i ^ distance);
    }
}
