package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>The steps of {@link FloatRowSteps} for rows up to a vector long: as many as fit share one, see {@link FloatLanes}. All but
 * the last vectors are stored whole: what that writes beyond its rows is written again with the next. Results overlap nothing.
 */
final class FloatShortRows {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatShortRows() {}

    static void subtractMax(
            float[] x, int xo, int rows, int cols, float[] z, int zo, boolean finite, float[] shifts, int so) {
        int g = FloatLanes.group(cols);
        VectorShuffle<Float> spread = FloatLanes.SPREAD[cols];
        VectorShuffle<Float> pack = FloatLanes.PACK[cols];
        VectorShuffle<Float> first = FloatLanes.FIRST[cols];
        int per = L / g;
        int r = 0;
        for (; r <= rows - L; r += per) {
            // the last element of a row stands in the unused lanes
            FloatVector v = FloatVector.fromArray(S, x, xo + r * cols).rearrange(spread);
            FloatVector one1 = v.rearrange(FloatLanes.BY_1);
            FloatVector part2 = g > 1 ? v.blend(one1, one1.compare(VectorOperators.GT, v)) : v;
            FloatVector two3 = part2.rearrange(FloatLanes.BY_2);
            part2 = g > 2 ? part2.blend(two3, two3.compare(VectorOperators.GT, part2)) : part2;
            FloatVector four4 = part2.rearrange(FloatLanes.BY_4);
            part2 = g > 4 ? part2.blend(four4, four4.compare(VectorOperators.GT, part2)) : part2;
            FloatVector eight5 = part2.rearrange(FloatLanes.BY_8);
            FloatVector groupMax6 = g > 8 ? part2.blend(eight5, eight5.compare(VectorOperators.GT, part2)) : part2;
            FloatVector max = groupMax6;
            if (finite) {
                FloatVector t7 = max.blend(Float.MAX_VALUE, max.compare(VectorOperators.GT, Float.MAX_VALUE));
                FloatVector finite8 = t7.blend(-Float.MAX_VALUE, t7.compare(VectorOperators.LT, -Float.MAX_VALUE));
                max = finite8;
                max.rearrange(first).intoArray(shifts, so + r);
            }
            v.sub(max).rearrange(pack).intoArray(z, zo + r * cols);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Float> m = S.indexInRange(0, have * cols);
            FloatVector v = FloatVector.fromArray(S, x, xo + r * cols, m).rearrange(spread);
            FloatVector one9 = v.rearrange(FloatLanes.BY_1);
            FloatVector part10 = g > 1 ? v.blend(one9, one9.compare(VectorOperators.GT, v)) : v;
            FloatVector two11 = part10.rearrange(FloatLanes.BY_2);
            part10 = g > 2 ? part10.blend(two11, two11.compare(VectorOperators.GT, part10)) : part10;
            FloatVector four12 = part10.rearrange(FloatLanes.BY_4);
            part10 = g > 4 ? part10.blend(four12, four12.compare(VectorOperators.GT, part10)) : part10;
            FloatVector eight13 = part10.rearrange(FloatLanes.BY_8);
            FloatVector groupMax14 =
                    g > 8 ? part10.blend(eight13, eight13.compare(VectorOperators.GT, part10)) : part10;
            FloatVector max = groupMax14;
            if (finite) {
                FloatVector t15 = max.blend(Float.MAX_VALUE, max.compare(VectorOperators.GT, Float.MAX_VALUE));
                FloatVector finite16 = t15.blend(-Float.MAX_VALUE, t15.compare(VectorOperators.LT, -Float.MAX_VALUE));
                max = finite16;
                max.rearrange(first).intoArray(shifts, so + r, S.indexInRange(0, have));
            }
            v.sub(max).rearrange(pack).intoArray(z, zo + r * cols, m);
        }
    }

    static void sums(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int g = FloatLanes.group(cols);
        VectorShuffle<Float> spread = FloatLanes.SPREAD[cols];
        VectorShuffle<Float> first = FloatLanes.FIRST[cols];
        VectorMask<Float> used = FloatLanes.USED[cols];
        int per = L / g;
        int r = 0;
        for (; r <= rows - L; r += per) {
            FloatVector v = FloatVector.fromArray(S, x, xo + r * cols).rearrange(spread);
            FloatVector all1 = FloatVector.zero(S).blend(v, used);
            FloatVector part2 = g > 1 ? all1.add(all1.rearrange(FloatLanes.BY_1)) : all1;
            part2 = g > 2 ? part2.add(part2.rearrange(FloatLanes.BY_2)) : part2;
            part2 = g > 4 ? part2.add(part2.rearrange(FloatLanes.BY_4)) : part2;
            FloatVector groupSum3 = g > 8 ? part2.add(part2.rearrange(FloatLanes.BY_8)) : part2;
            FloatVector q = groupSum3;
            q.rearrange(first).intoArray(y, yo + r);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Float> m = S.indexInRange(0, have * cols);
            FloatVector v = FloatVector.fromArray(S, x, xo + r * cols, m).rearrange(spread);
            FloatVector all4 = FloatVector.zero(S).blend(v, used);
            FloatVector part5 = g > 1 ? all4.add(all4.rearrange(FloatLanes.BY_1)) : all4;
            part5 = g > 2 ? part5.add(part5.rearrange(FloatLanes.BY_2)) : part5;
            part5 = g > 4 ? part5.add(part5.rearrange(FloatLanes.BY_4)) : part5;
            FloatVector groupSum6 = g > 8 ? part5.add(part5.rearrange(FloatLanes.BY_8)) : part5;
            FloatVector q = groupSum6;
            q.rearrange(first).intoArray(y, yo + r, S.indexInRange(0, have));
        }
    }

    static void divideBySums(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int g = FloatLanes.group(cols);
        VectorShuffle<Float> spread = FloatLanes.SPREAD[cols];
        VectorShuffle<Float> pack = FloatLanes.PACK[cols];
        VectorMask<Float> used = FloatLanes.USED[cols];
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        for (; i <= n - L; i += step) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i).rearrange(spread);
            v = FloatVector.zero(S).blend(v, used);
            FloatVector part1 = g > 1 ? v.add(v.rearrange(FloatLanes.BY_1)) : v;
            part1 = g > 2 ? part1.add(part1.rearrange(FloatLanes.BY_2)) : part1;
            part1 = g > 4 ? part1.add(part1.rearrange(FloatLanes.BY_4)) : part1;
            FloatVector groupSum2 = g > 8 ? part1.add(part1.rearrange(FloatLanes.BY_8)) : part1;
            FloatVector q = v.div(groupSum2);
            q.rearrange(pack).intoArray(y, yo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m).rearrange(spread);
            v = FloatVector.zero(S).blend(v, used);
            FloatVector part3 = g > 1 ? v.add(v.rearrange(FloatLanes.BY_1)) : v;
            part3 = g > 2 ? part3.add(part3.rearrange(FloatLanes.BY_2)) : part3;
            part3 = g > 4 ? part3.add(part3.rearrange(FloatLanes.BY_4)) : part3;
            FloatVector groupSum4 = g > 8 ? part3.add(part3.rearrange(FloatLanes.BY_8)) : part3;
            FloatVector q = v.div(groupSum4);
            q.rearrange(pack).intoArray(y, yo + i, m);
        }
    }

    static void softmaxGradient(float[] y, int yo, float[] dy, int dyo, int rows, int cols, float[] z, int zo) {
        int g = FloatLanes.group(cols);
        VectorShuffle<Float> spread = FloatLanes.SPREAD[cols];
        VectorShuffle<Float> pack = FloatLanes.PACK[cols];
        VectorMask<Float> used = FloatLanes.USED[cols];
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        for (; i <= n - L; i += step) {
            FloatVector v = FloatVector.fromArray(S, y, yo + i).rearrange(spread);
            FloatVector d = FloatVector.fromArray(S, dy, dyo + i).rearrange(spread);
            FloatVector p = FloatVector.zero(S).blend(v.mul(d), used);
            FloatVector part1 = g > 1 ? p.add(p.rearrange(FloatLanes.BY_1)) : p;
            part1 = g > 2 ? part1.add(part1.rearrange(FloatLanes.BY_2)) : part1;
            part1 = g > 4 ? part1.add(part1.rearrange(FloatLanes.BY_4)) : part1;
            FloatVector groupSum2 = g > 8 ? part1.add(part1.rearrange(FloatLanes.BY_8)) : part1;
            FloatVector q = d.sub(groupSum2).mul(v);
            q.rearrange(pack).intoArray(z, zo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.fromArray(S, y, yo + i, m).rearrange(spread);
            FloatVector d = FloatVector.fromArray(S, dy, dyo + i, m).rearrange(spread);
            FloatVector p = FloatVector.zero(S).blend(v.mul(d), used);
            FloatVector part3 = g > 1 ? p.add(p.rearrange(FloatLanes.BY_1)) : p;
            part3 = g > 2 ? part3.add(part3.rearrange(FloatLanes.BY_2)) : part3;
            part3 = g > 4 ? part3.add(part3.rearrange(FloatLanes.BY_4)) : part3;
            FloatVector groupSum4 = g > 8 ? part3.add(part3.rearrange(FloatLanes.BY_8)) : part3;
            FloatVector q = d.sub(groupSum4).mul(v);
            q.rearrange(pack).intoArray(z, zo + i, m);
        }
    }

    static void subtract(float[] x, int xo, float[] v, int vo, int rows, int cols, float[] z, int zo) {
        VectorShuffle<Float> spread = FloatLanes.REPEAT_ROW[cols];
        int per = L / cols;
        int r = 0;
        for (; r <= rows - L; r += per) {
            FloatVector w = FloatVector.fromArray(S, v, vo + r).rearrange(spread);
            FloatVector.fromArray(S, x, xo + r * cols).sub(w).intoArray(z, zo + r * cols);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Float> m = S.indexInRange(0, have * cols);
            FloatVector one = FloatVector.fromArray(S, v, vo + r, S.indexInRange(0, have));
            FloatVector q = FloatVector.fromArray(S, x, xo + r * cols, m).sub(one.rearrange(spread));
            q.intoArray(z, zo + r * cols, m);
        }
    }
}
