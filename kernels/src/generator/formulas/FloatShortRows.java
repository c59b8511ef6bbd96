package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The steps of {@link FloatRowSteps} for rows up to a vector long: as many as fit share one, see {@link FloatLanes}. All but
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
            FloatVector max = FloatMath.groupMax(v, g);
            if (finite) {
                max = FloatMath.finite(max);
                max.rearrange(first).intoArray(shifts, so + r);
            }
            v.sub(max).rearrange(pack).intoArray(z, zo + r * cols);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Float> m = S.indexInRange(0, have * cols);
            FloatVector v = FloatVector.fromArray(S, x, xo + r * cols, m).rearrange(spread);
            FloatVector max = FloatMath.groupMax(v, g);
            if (finite) {
                max = FloatMath.finite(max);
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
            FloatVector q = FloatMath.groupSum(FloatVector.zero(S).blend(v, used), g);
            q.rearrange(first).intoArray(y, yo + r);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Float> m = S.indexInRange(0, have * cols);
            FloatVector v = FloatVector.fromArray(S, x, xo + r * cols, m).rearrange(spread);
            FloatVector q = FloatMath.groupSum(FloatVector.zero(S).blend(v, used), g);
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
            FloatVector q = v.div(FloatMath.groupSum(v, g));
            q.rearrange(pack).intoArray(y, yo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.fromArray(S, x, xo + i, m).rearrange(spread);
            v = FloatVector.zero(S).blend(v, used);
            FloatVector q = v.div(FloatMath.groupSum(v, g));
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
            FloatVector q = d.sub(FloatMath.groupSum(p, g)).mul(v);
            q.rearrange(pack).intoArray(z, zo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.fromArray(S, y, yo + i, m).rearrange(spread);
            FloatVector d = FloatVector.fromArray(S, dy, dyo + i, m).rearrange(spread);
            FloatVector p = FloatVector.zero(S).blend(v.mul(d), used);
            FloatVector q = d.sub(FloatMath.groupSum(p, g)).mul(v);
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
