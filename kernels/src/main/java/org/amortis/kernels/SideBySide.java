package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Matrices of one size, as many as a vector has lanes, between memory and an array of doubles where element e of matrix q is
 * at e * LANES + q. Squares of LANES elements are transposed in registers, by way of scratch: second passes in place, from
 * what was stored just before, took twice as long.
 */
final class SideBySide {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    /** As many floats as there are lanes. */
    private static final VectorSpecies<Float> H = FloatVector.SPECIES_PREFERRED.withShape(Species.half());

    private static final VectorShuffle<Double> SWAP_1 = swap(1);
    private static final VectorShuffle<Double> SWAP_2 = swap(2);
    private static final VectorShuffle<Double> SWAP_4 = swap(4);
    private static final VectorMask<Double> UPPER_1 = upper(1);
    private static final VectorMask<Double> UPPER_2 = upper(2);
    private static final VectorMask<Double> UPPER_4 = upper(4);

    private SideBySide() {}

    private static VectorShuffle<Double> swap(int distance) {
        return VectorShuffle.fromOp(S, i -> distance < L ? i ^ distance : i);
    }

    private static VectorMask<Double> upper(int distance) {
        long bits = 0;
        for (int i = 0; i < L; i++) {
            bits |= (i & distance) != 0 ? 1L << i : 0;
        }
        return VectorMask.fromLong(S, bits);
    }

    /** Elements 0 to n - 1 of matrix q, which begins at xo + at[first + q], go to y. L x L doubles of s are overwritten. */
    static void load(double[] x, int xo, int[] at, int first, int n, double[] y, int yo, double[] s, int so) {
        int e = 0;
        if (L == 8) {
            for (; e <= n - L; e += L) {
                load4(x, xo + e, at, first, s, so);
                exchange2And1(s, so, L, y, yo + e * L, L);
            }
        } else if (L == 4) {
            for (; e <= n - L; e += L) {
                for (int q = 0; q < L; q++) {
                    DoubleVector.fromArray(S, x, xo + e + at[first + q]).intoArray(s, so + q * L);
                }
                exchange2And1(s, so, L, y, yo + e * L, L);
            }
        }
        if (e < n) {
            for (int q = 0; q < L; q++) {
                int from = xo + at[first + q];
                for (int i = e; i < n; i++) {
                    y[yo + i * L + q] = x[from + i];
                }
            }
        }
    }

    /** The same from floats. */
    static void load(float[] x, int xo, int[] at, int first, int n, double[] y, int yo, double[] s, int so) {
        int e = 0;
        if (L == 8) {
            for (; e <= n - L; e += L) {
                load4(x, xo + e, at, first, s, so);
                exchange2And1(s, so, L, y, yo + e * L, L);
            }
        } else if (L == 4) {
            for (; e <= n - L; e += L) {
                for (int q = 0; q < L; q++) {
                    widened(x, xo + e + at[first + q]).intoArray(s, so + q * L);
                }
                exchange2And1(s, so, L, y, yo + e * L, L);
            }
        }
        if (e < n) {
            for (int q = 0; q < L; q++) {
                int from = xo + at[first + q];
                for (int i = e; i < n; i++) {
                    y[yo + i * L + q] = x[from + i];
                }
            }
        }
    }

    /** Elements 0 to n - 1 of matrix q go to yo + q * stride. L x L doubles of s are overwritten. */
    static void store(double[] x, int xo, int n, double[] y, int yo, int stride, double[] s, int so) {
        int e = 0;
        if (L >= 4) {
            for (; e <= n - L; e += L) {
                if (L == 8) {
                    exchange4(x, xo + e * L, s, so);
                    exchange2And1(s, so, L, y, yo + e, stride);
                } else {
                    exchange2And1(x, xo + e * L, L, y, yo + e, stride);
                }
            }
        }
        if (e < n) {
            for (int q = 0; q < L; q++) {
                int to = yo + q * stride;
                for (int i = e; i < n; i++) {
                    y[to + i] = x[xo + i * L + q];
                }
            }
        }
    }

    /** The same to floats. 2 L x L doubles of s are overwritten. */
    static void store(double[] x, int xo, int n, float[] y, int yo, int stride, double[] s, int so) {
        int e = 0;
        int s2 = so + L * L;
        if (L >= 4) {
            for (; e <= n - L; e += L) {
                if (L == 8) {
                    exchange4(x, xo + e * L, s, so);
                    exchange2And1(s, so, L, s, s2, L);
                } else {
                    exchange2And1(x, xo + e * L, L, s, s2, L);
                }
                narrow(s, s2, y, yo + e, stride);
            }
        }
        if (e < n) {
            for (int q = 0; q < L; q++) {
                int to = yo + q * stride;
                for (int i = e; i < n; i++) {
                    y[to + i] = (float) x[xo + i * L + q];
                }
            }
        }
    }

    private static DoubleVector widened(float[] x, int at) {
        return (DoubleVector) FloatVector.fromArray(H, x, at).castShape(S, 0);
    }

    private static void narrow(double[] s, int so, float[] y, int yo, int stride) {
        for (int q = 0; q < L; q++) {
            FloatVector v =
                    (FloatVector) DoubleVector.fromArray(S, s, so + q * L).castShape(H, 0);
            v.intoArray(y, yo + q * stride);
        }
    }

    // A transpose swaps, for every power of two d, the lanes with bit d of the rows without it and the other way round.

    private static void load4(double[] x, int xo, int[] at, int first, double[] y, int yo) {
        for (int i = 0; i < 4; i++) {
            DoubleVector a = DoubleVector.fromArray(S, x, xo + at[first + i]);
            DoubleVector b = DoubleVector.fromArray(S, x, xo + at[first + i + 4]);
            a.blend(b.rearrange(SWAP_4), UPPER_4).intoArray(y, yo + i * L);
            a.rearrange(SWAP_4).blend(b, UPPER_4).intoArray(y, yo + (i + 4) * L);
        }
    }

    private static void load4(float[] x, int xo, int[] at, int first, double[] y, int yo) {
        for (int i = 0; i < 4; i++) {
            DoubleVector a = widened(x, xo + at[first + i]);
            DoubleVector b = widened(x, xo + at[first + i + 4]);
            a.blend(b.rearrange(SWAP_4), UPPER_4).intoArray(y, yo + i * L);
            a.rearrange(SWAP_4).blend(b, UPPER_4).intoArray(y, yo + (i + 4) * L);
        }
    }

    private static void exchange4(double[] x, int xo, double[] y, int yo) {
        for (int i = 0; i < 4; i++) {
            DoubleVector a = DoubleVector.fromArray(S, x, xo + i * L);
            DoubleVector b = DoubleVector.fromArray(S, x, xo + (i + 4) * L);
            a.blend(b.rearrange(SWAP_4), UPPER_4).intoArray(y, yo + i * L);
            a.rearrange(SWAP_4).blend(b, UPPER_4).intoArray(y, yo + (i + 4) * L);
        }
    }

    private static void exchange2And1(double[] x, int xo, int xStride, double[] y, int yo, int yStride) {
        for (int i = 0; i < L; i += 4) {
            DoubleVector a = DoubleVector.fromArray(S, x, xo + i * xStride);
            DoubleVector b = DoubleVector.fromArray(S, x, xo + (i + 1) * xStride);
            DoubleVector c = DoubleVector.fromArray(S, x, xo + (i + 2) * xStride);
            DoubleVector d = DoubleVector.fromArray(S, x, xo + (i + 3) * xStride);
            DoubleVector ac = a.blend(c.rearrange(SWAP_2), UPPER_2);
            DoubleVector ca = a.rearrange(SWAP_2).blend(c, UPPER_2);
            DoubleVector bd = b.blend(d.rearrange(SWAP_2), UPPER_2);
            DoubleVector db = b.rearrange(SWAP_2).blend(d, UPPER_2);
            ac.blend(bd.rearrange(SWAP_1), UPPER_1).intoArray(y, yo + i * yStride);
            ac.rearrange(SWAP_1).blend(bd, UPPER_1).intoArray(y, yo + (i + 1) * yStride);
            ca.blend(db.rearrange(SWAP_1), UPPER_1).intoArray(y, yo + (i + 2) * yStride);
            ca.rearrange(SWAP_1).blend(db, UPPER_1).intoArray(y, yo + (i + 3) * yStride);
        }
    }
}
