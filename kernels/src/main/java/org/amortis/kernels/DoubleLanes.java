package org.amortis.kernels;

import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from the float form; edit that.
 *
 * <p>Shuffles that swap halves, quarters, eighths and sixteenths of a vector: steps of sums and maxima over its lanes.
 */
final class DoubleLanes {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    static final VectorShuffle<Double> HALVES = swap(L / 2);
    static final VectorShuffle<Double> QUARTERS = swap(L / 4);
    static final VectorShuffle<Double> EIGHTHS = swap(L / 8);
    static final VectorShuffle<Double> SIXTEENTHS = swap(L / 16);

    private DoubleLanes() {}

    private static VectorShuffle<Double> swap(int distance) {
        return VectorShuffle.fromOp(S, i -> i ^ distance);
    }
}
