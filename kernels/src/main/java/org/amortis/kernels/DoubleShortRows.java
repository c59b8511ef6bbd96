package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>The steps of {@link DoubleRowSteps} for rows up to a vector long: as many as fit share one, see {@link DoubleLanes}. All but
 * the last vectors are stored whole: what that writes beyond its rows is written again with the next. Results overlap nothing.
 */
final class DoubleShortRows {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleShortRows() {}

    static void subtractMax(
            double[] x, int xo, int rows, int cols, double[] z, int zo, boolean finite, double[] shifts, int so) {
        int g = DoubleLanes.group(cols);
        VectorShuffle<Double> spread = DoubleLanes.SPREAD[cols];
        VectorShuffle<Double> pack = DoubleLanes.PACK[cols];
        VectorShuffle<Double> first = DoubleLanes.FIRST[cols];
        int per = L / g;
        int r = 0;
        for (; r <= rows - L; r += per) {
            // the last element of a row stands in the unused lanes
            DoubleVector v = DoubleVector.fromArray(S, x, xo + r * cols).rearrange(spread);
            DoubleVector one1 = v.rearrange(DoubleLanes.BY_1);
            DoubleVector part2 = g > 1 ? v.blend(one1, one1.compare(VectorOperators.GT, v)) : v;
            DoubleVector two3 = part2.rearrange(DoubleLanes.BY_2);
            part2 = g > 2 ? part2.blend(two3, two3.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector four4 = part2.rearrange(DoubleLanes.BY_4);
            part2 = g > 4 ? part2.blend(four4, four4.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector eight5 = part2.rearrange(DoubleLanes.BY_8);
            DoubleVector groupMax6 = g > 8 ? part2.blend(eight5, eight5.compare(VectorOperators.GT, part2)) : part2;
            DoubleVector max = groupMax6;
            if (finite) {
                DoubleVector t7 = max.blend(Double.MAX_VALUE, max.compare(VectorOperators.GT, Double.MAX_VALUE));
                DoubleVector finite8 = t7.blend(-Double.MAX_VALUE, t7.compare(VectorOperators.LT, -Double.MAX_VALUE));
                max = finite8;
                max.rearrange(first).intoArray(shifts, so + r);
            }
            v.sub(max).rearrange(pack).intoArray(z, zo + r * cols);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Double> m = S.indexInRange(0, have * cols);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + r * cols, m).rearrange(spread);
            DoubleVector one9 = v.rearrange(DoubleLanes.BY_1);
            DoubleVector part10 = g > 1 ? v.blend(one9, one9.compare(VectorOperators.GT, v)) : v;
            DoubleVector two11 = part10.rearrange(DoubleLanes.BY_2);
            part10 = g > 2 ? part10.blend(two11, two11.compare(VectorOperators.GT, part10)) : part10;
            DoubleVector four12 = part10.rearrange(DoubleLanes.BY_4);
            part10 = g > 4 ? part10.blend(four12, four12.compare(VectorOperators.GT, part10)) : part10;
            DoubleVector eight13 = part10.rearrange(DoubleLanes.BY_8);
            DoubleVector groupMax14 =
                    g > 8 ? part10.blend(eight13, eight13.compare(VectorOperators.GT, part10)) : part10;
            DoubleVector max = groupMax14;
            if (finite) {
                DoubleVector t15 = max.blend(Double.MAX_VALUE, max.compare(VectorOperators.GT, Double.MAX_VALUE));
                DoubleVector finite16 =
                        t15.blend(-Double.MAX_VALUE, t15.compare(VectorOperators.LT, -Double.MAX_VALUE));
                max = finite16;
                max.rearrange(first).intoArray(shifts, so + r, S.indexInRange(0, have));
            }
            v.sub(max).rearrange(pack).intoArray(z, zo + r * cols, m);
        }
    }

    static void sums(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        int g = DoubleLanes.group(cols);
        VectorShuffle<Double> spread = DoubleLanes.SPREAD[cols];
        VectorShuffle<Double> first = DoubleLanes.FIRST[cols];
        VectorMask<Double> used = DoubleLanes.USED[cols];
        int per = L / g;
        int r = 0;
        for (; r <= rows - L; r += per) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + r * cols).rearrange(spread);
            DoubleVector all1 = DoubleVector.zero(S).blend(v, used);
            DoubleVector part2 = g > 1 ? all1.add(all1.rearrange(DoubleLanes.BY_1)) : all1;
            part2 = g > 2 ? part2.add(part2.rearrange(DoubleLanes.BY_2)) : part2;
            part2 = g > 4 ? part2.add(part2.rearrange(DoubleLanes.BY_4)) : part2;
            DoubleVector groupSum3 = g > 8 ? part2.add(part2.rearrange(DoubleLanes.BY_8)) : part2;
            DoubleVector q = groupSum3;
            q.rearrange(first).intoArray(y, yo + r);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Double> m = S.indexInRange(0, have * cols);
            DoubleVector v = DoubleVector.fromArray(S, x, xo + r * cols, m).rearrange(spread);
            DoubleVector all4 = DoubleVector.zero(S).blend(v, used);
            DoubleVector part5 = g > 1 ? all4.add(all4.rearrange(DoubleLanes.BY_1)) : all4;
            part5 = g > 2 ? part5.add(part5.rearrange(DoubleLanes.BY_2)) : part5;
            part5 = g > 4 ? part5.add(part5.rearrange(DoubleLanes.BY_4)) : part5;
            DoubleVector groupSum6 = g > 8 ? part5.add(part5.rearrange(DoubleLanes.BY_8)) : part5;
            DoubleVector q = groupSum6;
            q.rearrange(first).intoArray(y, yo + r, S.indexInRange(0, have));
        }
    }

    static void divideBySums(double[] x, int xo, int rows, int cols, double[] y, int yo) {
        int g = DoubleLanes.group(cols);
        VectorShuffle<Double> spread = DoubleLanes.SPREAD[cols];
        VectorShuffle<Double> pack = DoubleLanes.PACK[cols];
        VectorMask<Double> used = DoubleLanes.USED[cols];
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        for (; i <= n - L; i += step) {
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i).rearrange(spread);
            v = DoubleVector.zero(S).blend(v, used);
            DoubleVector part1 = g > 1 ? v.add(v.rearrange(DoubleLanes.BY_1)) : v;
            part1 = g > 2 ? part1.add(part1.rearrange(DoubleLanes.BY_2)) : part1;
            part1 = g > 4 ? part1.add(part1.rearrange(DoubleLanes.BY_4)) : part1;
            DoubleVector groupSum2 = g > 8 ? part1.add(part1.rearrange(DoubleLanes.BY_8)) : part1;
            DoubleVector q = v.div(groupSum2);
            q.rearrange(pack).intoArray(y, yo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Double> m = S.indexInRange(i, Math.min(n, i + step));
            DoubleVector v = DoubleVector.fromArray(S, x, xo + i, m).rearrange(spread);
            v = DoubleVector.zero(S).blend(v, used);
            DoubleVector part3 = g > 1 ? v.add(v.rearrange(DoubleLanes.BY_1)) : v;
            part3 = g > 2 ? part3.add(part3.rearrange(DoubleLanes.BY_2)) : part3;
            part3 = g > 4 ? part3.add(part3.rearrange(DoubleLanes.BY_4)) : part3;
            DoubleVector groupSum4 = g > 8 ? part3.add(part3.rearrange(DoubleLanes.BY_8)) : part3;
            DoubleVector q = v.div(groupSum4);
            q.rearrange(pack).intoArray(y, yo + i, m);
        }
    }

    static void softmaxGradient(double[] y, int yo, double[] dy, int dyo, int rows, int cols, double[] z, int zo) {
        int g = DoubleLanes.group(cols);
        VectorShuffle<Double> spread = DoubleLanes.SPREAD[cols];
        VectorShuffle<Double> pack = DoubleLanes.PACK[cols];
        VectorMask<Double> used = DoubleLanes.USED[cols];
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        for (; i <= n - L; i += step) {
            DoubleVector v = DoubleVector.fromArray(S, y, yo + i).rearrange(spread);
            DoubleVector d = DoubleVector.fromArray(S, dy, dyo + i).rearrange(spread);
            DoubleVector p = DoubleVector.zero(S).blend(v.mul(d), used);
            DoubleVector part1 = g > 1 ? p.add(p.rearrange(DoubleLanes.BY_1)) : p;
            part1 = g > 2 ? part1.add(part1.rearrange(DoubleLanes.BY_2)) : part1;
            part1 = g > 4 ? part1.add(part1.rearrange(DoubleLanes.BY_4)) : part1;
            DoubleVector groupSum2 = g > 8 ? part1.add(part1.rearrange(DoubleLanes.BY_8)) : part1;
            DoubleVector q = d.sub(groupSum2).mul(v);
            q.rearrange(pack).intoArray(z, zo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Double> m = S.indexInRange(i, Math.min(n, i + step));
            DoubleVector v = DoubleVector.fromArray(S, y, yo + i, m).rearrange(spread);
            DoubleVector d = DoubleVector.fromArray(S, dy, dyo + i, m).rearrange(spread);
            DoubleVector p = DoubleVector.zero(S).blend(v.mul(d), used);
            DoubleVector part3 = g > 1 ? p.add(p.rearrange(DoubleLanes.BY_1)) : p;
            part3 = g > 2 ? part3.add(part3.rearrange(DoubleLanes.BY_2)) : part3;
            part3 = g > 4 ? part3.add(part3.rearrange(DoubleLanes.BY_4)) : part3;
            DoubleVector groupSum4 = g > 8 ? part3.add(part3.rearrange(DoubleLanes.BY_8)) : part3;
            DoubleVector q = d.sub(groupSum4).mul(v);
            q.rearrange(pack).intoArray(z, zo + i, m);
        }
    }

    static void subtract(double[] x, int xo, double[] v, int vo, int rows, int cols, double[] z, int zo) {
        VectorShuffle<Double> spread = DoubleLanes.REPEAT_ROW[cols];
        int per = L / cols;
        int r = 0;
        for (; r <= rows - L; r += per) {
            DoubleVector w = DoubleVector.fromArray(S, v, vo + r).rearrange(spread);
            DoubleVector.fromArray(S, x, xo + r * cols).sub(w).intoArray(z, zo + r * cols);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Double> m = S.indexInRange(0, have * cols);
            DoubleVector one = DoubleVector.fromArray(S, v, vo + r, S.indexInRange(0, have));
            DoubleVector q = DoubleVector.fromArray(S, x, xo + r * cols, m).sub(one.rearrange(spread));
            q.intoArray(z, zo + r * cols, m);
        }
    }
}
