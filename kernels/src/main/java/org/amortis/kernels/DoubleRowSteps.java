package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Steps over rows that lie one after the other: what softmax and its kin are made of. Rows of up to four vectors stay in
 * registers where masks cost nothing, since loops of a few rounds cost more than what they do; up to one vector they are
 * {@link DoubleShortRows}. Results overlap nothing: a
 * load that meets part of a store just made waits for it.
 */
final class DoubleRowSteps {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();
    private static final double LOW = Double.NEGATIVE_INFINITY;

    /** Longest row that is kept in registers. */
    private static final int FEW = Species.BITS == 512 ? 4 * L : L;

    /** Elements added in one go: the error of a sum grows with the number of blocks. */
    private static final int BLOCK = 1024;

    private DoubleRowSteps() {}

    /**
     * z = x - the largest of the row, which does not heed NaN: differences do. If finite is true, infinite shifts are made
     * finite and shifts[so + i] becomes that of row i.
     */
    static void subtractMax(
            double[] x, int xo, int rows, int cols, double[] z, int zo, boolean finite, double[] shifts, int so) {
        if (cols <= L) {
            DoubleShortRows.subtractMax(x, xo, rows, cols, z, zo, finite, shifts, so);
        } else if (cols <= FEW) {
            subtractMaxFew(x, xo, rows, cols, z, zo, finite, shifts, so);
        } else {
            subtractMaxMany(x, xo, rows, cols, z, zo, finite, shifts, so);
        }
    }

    private static void subtractMaxFew(
            double[] x, int xo, int rows, int cols, double[] z, int zo, boolean finite, double[] shifts, int so) {
        VectorMask<Double> k1 = S.indexInRange(L, cols);
        VectorMask<Double> k2 = S.indexInRange(2 * L, cols);
        VectorMask<Double> k3 = S.indexInRange(3 * L, cols);
        DoubleVector low = DoubleVector.broadcast(S, LOW);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int to = zo + r * cols;
            DoubleVector v0 = DoubleVector.fromArray(S, x, from);
            DoubleVector v1 = DoubleVector.fromArray(S, x, from + L, k1);
            DoubleVector v2 = DoubleVector.fromArray(S, x, from + 2 * L, k2);
            DoubleVector v3 = DoubleVector.fromArray(S, x, from + 3 * L, k3);
            DoubleVector m1 = v0.blend(v1, v1.compare(VectorOperators.GT, v0).and(k1));
            // the lanes of v0 must not hold NaN, which nothing is larger than
            m1 = low.blend(m1, m1.compare(VectorOperators.GT, low));
            DoubleVector m3 = low.blend(v2, v2.compare(VectorOperators.GT, low).and(k2));
            m3 = m3.blend(v3, v3.compare(VectorOperators.GT, m3).and(k3));
            m1 = m1.blend(m3, m3.compare(VectorOperators.GT, m1));
            DoubleVector half1 = m1.rearrange(DoubleLanes.HALVES);
            DoubleVector part2 = m1.blend(half1, half1.compare(VectorOperators.GT, m1));
            DoubleVector quarter3 = part2.rearrange(DoubleLanes.QUARTERS);
            part2 = L >= 4 ? part2.blend(quarter3, quarter3.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector eighth4 = part2.rearrange(DoubleLanes.EIGHTHS);
            part2 = L >= 8 ? part2.blend(eighth4, eighth4.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector sixteenth5 = part2.rearrange(DoubleLanes.SIXTEENTHS);
            DoubleVector maxAll6 =
                    L >= 16 ? part2.blend(sixteenth5, sixteenth5.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector max = maxAll6;
            if (finite) {
                DoubleVector t7 = max.blend(Double.MAX_VALUE, max.compare(VectorOperators.GT, Double.MAX_VALUE));
                DoubleVector finite8 = t7.blend(-Double.MAX_VALUE, t7.compare(VectorOperators.LT, -Double.MAX_VALUE));
                max = finite8;
                shifts[so + r] = max.lane(0);
            }
            v0.sub(max).intoArray(z, to);
            v1.sub(max).intoArray(z, to + L, k1);
            v2.sub(max).intoArray(z, to + 2 * L, k2);
            v3.sub(max).intoArray(z, to + 3 * L, k3);
        }
    }

    private static void subtractMaxMany(
            double[] x, int xo, int rows, int cols, double[] z, int zo, boolean finite, double[] shifts, int so) {
        int end = S.loopBound(cols);
        VectorMask<Double> tail = S.indexInRange(end, cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int to = zo + r * cols;
            DoubleVector m0 = DoubleVector.broadcast(S, LOW);
            DoubleVector m1 = m0;
            DoubleVector m2 = m0;
            DoubleVector m3 = m0;
            int i = 0;
            for (; i <= end - 4 * L; i += 4 * L) {
                DoubleVector v0 = DoubleVector.fromArray(S, x, from + i);
                DoubleVector v1 = DoubleVector.fromArray(S, x, from + i + L);
                DoubleVector v2 = DoubleVector.fromArray(S, x, from + i + 2 * L);
                DoubleVector v3 = DoubleVector.fromArray(S, x, from + i + 3 * L);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1));
                m2 = m2.blend(v2, v2.compare(VectorOperators.GT, m2));
                m3 = m3.blend(v3, v3.compare(VectorOperators.GT, m3));
            }
            for (; i < end; i += L) {
                DoubleVector v0 = DoubleVector.fromArray(S, x, from + i);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
            }
            if (end < cols) {
                DoubleVector v1 = DoubleVector.fromArray(S, x, from + end, tail);
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1).and(tail));
            }
            m0 = m0.blend(m1, m1.compare(VectorOperators.GT, m0));
            m2 = m2.blend(m3, m3.compare(VectorOperators.GT, m2));
            m0 = m0.blend(m2, m2.compare(VectorOperators.GT, m0));
            DoubleVector half1 = m0.rearrange(DoubleLanes.HALVES);
            DoubleVector part2 = m0.blend(half1, half1.compare(VectorOperators.GT, m0));
            DoubleVector quarter3 = part2.rearrange(DoubleLanes.QUARTERS);
            part2 = L >= 4 ? part2.blend(quarter3, quarter3.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector eighth4 = part2.rearrange(DoubleLanes.EIGHTHS);
            part2 = L >= 8 ? part2.blend(eighth4, eighth4.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector sixteenth5 = part2.rearrange(DoubleLanes.SIXTEENTHS);
            DoubleVector maxAll6 =
                    L >= 16 ? part2.blend(sixteenth5, sixteenth5.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector max = maxAll6;
            if (finite) {
                DoubleVector t7 = max.blend(Double.MAX_VALUE, max.compare(VectorOperators.GT, Double.MAX_VALUE));
                DoubleVector finite8 = t7.blend(-Double.MAX_VALUE, t7.compare(VectorOperators.LT, -Double.MAX_VALUE));
                max = finite8;
                shifts[so + r] = max.lane(0);
            }
            for (i = 0; i < end; i += L) {
                DoubleVector.fromArray(S, x, from + i).sub(max).intoArray(z, to + i);
            }
            if (end < cols) {
                DoubleVector.fromArray(S, x, from + end, tail).sub(max).intoArray(z, to + end, tail);
            }
        }
    }

    /** y[yo + i] = sum of row i of x. */
    static void sums(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        if (cols <= L) {
            DoubleShortRows.sums(x, xo, rows, cols, y, yo);
        } else if (cols <= FEW) {
            sumsFew(x, xo, rows, cols, y, yo);
        } else {
            sumsMany(x, xo, rows, cols, y, yo);
        }
    }

    private static void sumsFew(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        VectorMask<Double> k1 = S.indexInRange(L, cols);
        VectorMask<Double> k2 = S.indexInRange(2 * L, cols);
        VectorMask<Double> k3 = S.indexInRange(3 * L, cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            DoubleVector v0 = DoubleVector.fromArray(S, x, from);
            DoubleVector v1 = DoubleVector.fromArray(S, x, from + L, k1);
            DoubleVector v2 = DoubleVector.fromArray(S, x, from + 2 * L, k2);
            DoubleVector v3 = DoubleVector.fromArray(S, x, from + 3 * L, k3);
            DoubleVector all1 = v0.add(v1).add(v2.add(v3));
            DoubleVector part2 = all1.add(all1.rearrange(DoubleLanes.HALVES));
            part2 = L >= 4 ? part2.add(part2.rearrange(DoubleLanes.QUARTERS)) : part2;
            part2 = L >= 8 ? part2.add(part2.rearrange(DoubleLanes.EIGHTHS)) : part2;
            DoubleVector sumAll3 = L >= 16 ? part2.add(part2.rearrange(DoubleLanes.SIXTEENTHS)) : part2;
            DoubleVector sum = sumAll3;
            y[yo + r] = sum.lane(0);
        }
    }

    private static void sumsMany(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        int end = S.loopBound(cols);
        VectorMask<Double> tail = S.indexInRange(end, cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            DoubleVector sum = DoubleVector.zero(S);
            for (int block = 0; block < end; block += BLOCK) {
                DoubleVector s0 = DoubleVector.zero(S);
                DoubleVector s1 = DoubleVector.zero(S);
                int last = Math.min(end, block + BLOCK);
                int i = block;
                for (; i <= last - 2 * L; i += 2 * L) {
                    s0 = s0.add(DoubleVector.fromArray(S, x, from + i));
                    s1 = s1.add(DoubleVector.fromArray(S, x, from + i + L));
                }
                if (i < last) {
                    s0 = s0.add(DoubleVector.fromArray(S, x, from + i));
                }
                sum = sum.add(s0.add(s1));
            }
            if (end < cols) {
                sum = sum.add(DoubleVector.fromArray(S, x, from + end, tail));
            }
            DoubleVector part1 = sum.add(sum.rearrange(DoubleLanes.HALVES));
            part1 = L >= 4 ? part1.add(part1.rearrange(DoubleLanes.QUARTERS)) : part1;
            part1 = L >= 8 ? part1.add(part1.rearrange(DoubleLanes.EIGHTHS)) : part1;
            DoubleVector sumAll2 = L >= 16 ? part1.add(part1.rearrange(DoubleLanes.SIXTEENTHS)) : part1;
            DoubleVector all = sumAll2;
            y[yo + r] = all.lane(0);
        }
    }

    /** Rows of y = rows of x, each divided by its sum. */
    static void divideBySums(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        if (cols <= L) {
            DoubleShortRows.divideBySums(x, xo, rows, cols, y, yo);
        } else if (cols <= FEW) {
            divideBySumsFew(x, xo, rows, cols, y, yo);
        } else {
            divideBySumsMany(x, xo, rows, cols, y, yo);
        }
    }

    private static void divideBySumsFew(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        VectorMask<Double> k1 = S.indexInRange(L, cols);
        VectorMask<Double> k2 = S.indexInRange(2 * L, cols);
        VectorMask<Double> k3 = S.indexInRange(3 * L, cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int to = yo + r * cols;
            DoubleVector v0 = DoubleVector.fromArray(S, x, from);
            DoubleVector v1 = DoubleVector.fromArray(S, x, from + L, k1);
            DoubleVector v2 = DoubleVector.fromArray(S, x, from + 2 * L, k2);
            DoubleVector v3 = DoubleVector.fromArray(S, x, from + 3 * L, k3);
            DoubleVector all1 = v0.add(v1).add(v2.add(v3));
            DoubleVector part2 = all1.add(all1.rearrange(DoubleLanes.HALVES));
            part2 = L >= 4 ? part2.add(part2.rearrange(DoubleLanes.QUARTERS)) : part2;
            part2 = L >= 8 ? part2.add(part2.rearrange(DoubleLanes.EIGHTHS)) : part2;
            DoubleVector sumAll3 = L >= 16 ? part2.add(part2.rearrange(DoubleLanes.SIXTEENTHS)) : part2;
            DoubleVector sum = sumAll3;
            DoubleVector factor = DoubleVector.broadcast(S, 1.0).div(sum);
            v0.mul(factor).intoArray(y, to);
            v1.mul(factor).intoArray(y, to + L, k1);
            v2.mul(factor).intoArray(y, to + 2 * L, k2);
            v3.mul(factor).intoArray(y, to + 3 * L, k3);
        }
    }

    private static void divideBySumsMany(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        int end = S.loopBound(cols);
        VectorMask<Double> tail = S.indexInRange(end, cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int to = yo + r * cols;
            DoubleVector sum = DoubleVector.zero(S);
            for (int block = 0; block < end; block += BLOCK) {
                DoubleVector s0 = DoubleVector.zero(S);
                DoubleVector s1 = DoubleVector.zero(S);
                int last = Math.min(end, block + BLOCK);
                int i = block;
                for (; i <= last - 2 * L; i += 2 * L) {
                    s0 = s0.add(DoubleVector.fromArray(S, x, from + i));
                    s1 = s1.add(DoubleVector.fromArray(S, x, from + i + L));
                }
                if (i < last) {
                    s0 = s0.add(DoubleVector.fromArray(S, x, from + i));
                }
                sum = sum.add(s0.add(s1));
            }
            if (end < cols) {
                sum = sum.add(DoubleVector.fromArray(S, x, from + end, tail));
            }
            DoubleVector part1 = sum.add(sum.rearrange(DoubleLanes.HALVES));
            part1 = L >= 4 ? part1.add(part1.rearrange(DoubleLanes.QUARTERS)) : part1;
            part1 = L >= 8 ? part1.add(part1.rearrange(DoubleLanes.EIGHTHS)) : part1;
            DoubleVector sumAll2 = L >= 16 ? part1.add(part1.rearrange(DoubleLanes.SIXTEENTHS)) : part1;
            DoubleVector all = sumAll2;
            DoubleVector factor = DoubleVector.broadcast(S, 1.0).div(all);
            for (int i = 0; i < end; i += L) {
                DoubleVector.fromArray(S, x, from + i).mul(factor).intoArray(y, to + i);
            }
            if (end < cols) {
                DoubleVector.fromArray(S, x, from + end, tail).mul(factor).intoArray(y, to + end, tail);
            }
        }
    }

    /** Rows of z = (dy - sum dy y) y. */
    static void softmaxGradient(double[] y, int yo, double[] dy, int dyo, int rows, int cols, double[] z, int zo) {
        if (cols <= L) {
            DoubleShortRows.softmaxGradient(y, yo, dy, dyo, rows, cols, z, zo);
        } else if (cols <= FEW) {
            softmaxGradientFew(y, yo, dy, dyo, rows, cols, z, zo);
        } else {
            softmaxGradientMany(y, yo, dy, dyo, rows, cols, z, zo);
        }
    }

    private static void softmaxGradientFew(
            double[] y, int yo, double[] dy, int dyo, int rows, int cols, double[] z, int zo) {
        VectorMask<Double> k1 = S.indexInRange(L, cols);
        VectorMask<Double> k2 = S.indexInRange(2 * L, cols);
        VectorMask<Double> k3 = S.indexInRange(3 * L, cols);
        for (int r = 0; r < rows; r++) {
            int from = yo + r * cols;
            int at = dyo + r * cols;
            int to = zo + r * cols;
            DoubleVector v0 = DoubleVector.fromArray(S, y, from);
            DoubleVector v1 = DoubleVector.fromArray(S, y, from + L, k1);
            DoubleVector v2 = DoubleVector.fromArray(S, y, from + 2 * L, k2);
            DoubleVector v3 = DoubleVector.fromArray(S, y, from + 3 * L, k3);
            DoubleVector d0 = DoubleVector.fromArray(S, dy, at);
            DoubleVector d1 = DoubleVector.fromArray(S, dy, at + L, k1);
            DoubleVector d2 = DoubleVector.fromArray(S, dy, at + 2 * L, k2);
            DoubleVector d3 = DoubleVector.fromArray(S, dy, at + 3 * L, k3);
            DoubleVector s0 = v1.fma(d1, v0.mul(d0));
            DoubleVector s1 = v3.fma(d3, v2.mul(d2));
            DoubleVector all1 = s0.add(s1);
            DoubleVector part2 = all1.add(all1.rearrange(DoubleLanes.HALVES));
            part2 = L >= 4 ? part2.add(part2.rearrange(DoubleLanes.QUARTERS)) : part2;
            part2 = L >= 8 ? part2.add(part2.rearrange(DoubleLanes.EIGHTHS)) : part2;
            DoubleVector sumAll3 = L >= 16 ? part2.add(part2.rearrange(DoubleLanes.SIXTEENTHS)) : part2;
            DoubleVector inner = sumAll3;
            d0.sub(inner).mul(v0).intoArray(z, to);
            d1.sub(inner).mul(v1).intoArray(z, to + L, k1);
            d2.sub(inner).mul(v2).intoArray(z, to + 2 * L, k2);
            d3.sub(inner).mul(v3).intoArray(z, to + 3 * L, k3);
        }
    }

    private static void softmaxGradientMany(
            double[] y, int yo, double[] dy, int dyo, int rows, int cols, double[] z, int zo) {
        int end = S.loopBound(cols);
        VectorMask<Double> tail = S.indexInRange(end, cols);
        for (int r = 0; r < rows; r++) {
            int from = yo + r * cols;
            int at = dyo + r * cols;
            int to = zo + r * cols;
            DoubleVector sum = DoubleVector.zero(S);
            for (int block = 0; block < end; block += BLOCK) {
                DoubleVector s0 = DoubleVector.zero(S);
                DoubleVector s1 = DoubleVector.zero(S);
                int last = Math.min(end, block + BLOCK);
                int i = block;
                for (; i <= last - 2 * L; i += 2 * L) {
                    s0 = DoubleVector.fromArray(S, y, from + i).fma(DoubleVector.fromArray(S, dy, at + i), s0);
                    s1 = DoubleVector.fromArray(S, y, from + i + L).fma(DoubleVector.fromArray(S, dy, at + i + L), s1);
                }
                if (i < last) {
                    s0 = DoubleVector.fromArray(S, y, from + i).fma(DoubleVector.fromArray(S, dy, at + i), s0);
                }
                sum = sum.add(s0.add(s1));
            }
            if (end < cols) {
                sum = DoubleVector.fromArray(S, y, from + end, tail)
                        .fma(DoubleVector.fromArray(S, dy, at + end, tail), sum);
            }
            DoubleVector part1 = sum.add(sum.rearrange(DoubleLanes.HALVES));
            part1 = L >= 4 ? part1.add(part1.rearrange(DoubleLanes.QUARTERS)) : part1;
            part1 = L >= 8 ? part1.add(part1.rearrange(DoubleLanes.EIGHTHS)) : part1;
            DoubleVector sumAll2 = L >= 16 ? part1.add(part1.rearrange(DoubleLanes.SIXTEENTHS)) : part1;
            DoubleVector inner = sumAll2;
            for (int i = 0; i < end; i += L) {
                DoubleVector d = DoubleVector.fromArray(S, dy, at + i).sub(inner);
                d.mul(DoubleVector.fromArray(S, y, from + i)).intoArray(z, to + i);
            }
            if (end < cols) {
                DoubleVector d = DoubleVector.fromArray(S, dy, at + end, tail).sub(inner);
                d.mul(DoubleVector.fromArray(S, y, from + end, tail)).intoArray(z, to + end, tail);
            }
        }
    }

    /** z = x - v[vo + i] in row i. */
    static void subtract(double[] x, int xo, double[] v, int vo, int rows, int cols, double[] z, int zo) {
        if (cols <= L) {
            DoubleShortRows.subtract(x, xo, v, vo, rows, cols, z, zo);
            return;
        }
        int end = S.loopBound(cols);
        VectorMask<Double> tail = S.indexInRange(end, cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int to = zo + r * cols;
            DoubleVector w = DoubleVector.broadcast(S, v[vo + r]);
            for (int i = 0; i < end; i += L) {
                DoubleVector.fromArray(S, x, from + i).sub(w).intoArray(z, to + i);
            }
            if (end < cols) {
                DoubleVector.fromArray(S, x, from + end, tail).sub(w).intoArray(z, to + end, tail);
            }
        }
    }
}
