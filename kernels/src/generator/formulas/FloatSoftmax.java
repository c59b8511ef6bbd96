package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Softmax, its logarithm and log-sum-exp of rows that lie one after the other, each row shifted by its largest element. Rows
 * up to a vector long share vectors, as {@link FloatLanes} has it; of longer ones the reduced numbers stay in all lanes of a
 * vector. The maximum does not heed NaN: the exponential does.
 */
final class FloatSoftmax {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();
    private static final float LOW = Float.NEGATIVE_INFINITY;

    /** Elements added in one go: the error of a sum grows with the number of blocks, not of elements. */
    private static final int BLOCK = 1024;

    private FloatSoftmax() {}

    /** Rows of y = softmax of the rows of x. A row of -infinity gives NaN. */
    static void softmaxRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        if (cols <= L) {
            shortRows(x, xo, rows, cols, y, yo);
        } else {
            longRows(x, xo, rows, cols, y, yo);
        }
    }

    /** Rows of y = log of the softmax of the rows of x. */
    static void logSoftmaxRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        if (cols <= L) {
            shortLogRows(x, xo, rows, cols, y, yo);
        } else {
            longLogRows(x, xo, rows, cols, y, yo);
        }
    }

    /** y[yo + i] = log of the sum of exponentials of row i of x; infinities as the limits have them. */
    static void logSumExpRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        if (cols <= L) {
            shortSums(x, xo, rows, cols, y, yo);
        } else {
            longSums(x, xo, rows, cols, y, yo);
        }
    }

    private static void shortRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int g = FloatLanes.group(cols);
        VectorShuffle<Float> spread = FloatLanes.SPREAD[cols];
        VectorShuffle<Float> pack = FloatLanes.PACK[cols];
        VectorMask<Float> used = FloatLanes.USED[cols];
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        // what is written beyond the rows of this step is written again by the next
        for (; i <= n - L; i += step) {
            FloatVector v = FloatVector.broadcast(S, LOW)
                    .blend(FloatVector.fromArray(S, x, xo + i).rearrange(spread), used);
            FloatVector e = FloatMath.exp(v.sub(FloatMath.groupMax(v, g)));
            FloatVector q = e.div(FloatMath.groupSum(e, g));
            q.rearrange(pack).intoArray(y, yo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.broadcast(S, LOW)
                    .blend(FloatVector.fromArray(S, x, xo + i, m).rearrange(spread), used);
            FloatVector e = FloatMath.exp(v.sub(FloatMath.groupMax(v, g)));
            FloatVector q = e.div(FloatMath.groupSum(e, g));
            q.rearrange(pack).intoArray(y, yo + i, m);
        }
    }

    private static void shortLogRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int g = FloatLanes.group(cols);
        VectorShuffle<Float> spread = FloatLanes.SPREAD[cols];
        VectorShuffle<Float> pack = FloatLanes.PACK[cols];
        VectorMask<Float> used = FloatLanes.USED[cols];
        int step = L / g * cols;
        int n = rows * cols;
        int i = 0;
        for (; i <= n - L; i += step) {
            FloatVector v = FloatVector.broadcast(S, LOW)
                    .blend(FloatVector.fromArray(S, x, xo + i).rearrange(spread), used);
            FloatVector z = v.sub(FloatMath.groupMax(v, g));
            FloatVector e = FloatMath.exp(z);
            FloatVector q = z.sub(FloatMath.log(FloatMath.groupSum(e, g)));
            q.rearrange(pack).intoArray(y, yo + i);
        }
        for (; i < n; i += step) {
            VectorMask<Float> m = S.indexInRange(i, Math.min(n, i + step));
            FloatVector v = FloatVector.broadcast(S, LOW)
                    .blend(FloatVector.fromArray(S, x, xo + i, m).rearrange(spread), used);
            FloatVector z = v.sub(FloatMath.groupMax(v, g));
            FloatVector e = FloatMath.exp(z);
            FloatVector q = z.sub(FloatMath.log(FloatMath.groupSum(e, g)));
            q.rearrange(pack).intoArray(y, yo + i, m);
        }
    }

    private static void shortSums(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int g = FloatLanes.group(cols);
        VectorShuffle<Float> spread = FloatLanes.SPREAD[cols];
        VectorShuffle<Float> first = FloatLanes.FIRST[cols];
        VectorMask<Float> used = FloatLanes.USED[cols];
        int per = L / g;
        int r = 0;
        for (; r <= rows - L; r += per) {
            FloatVector v = FloatVector.broadcast(S, LOW)
                    .blend(FloatVector.fromArray(S, x, xo + r * cols).rearrange(spread), used);
            FloatVector shift = FloatMath.finiteShift(FloatMath.groupMax(v, g));
            FloatVector e = FloatMath.exp(v.sub(shift));
            FloatVector q = FloatMath.log(FloatMath.groupSum(e, g)).add(shift);
            q.rearrange(first).intoArray(y, yo + r);
        }
        for (; r < rows; r += per) {
            int have = Math.min(per, rows - r);
            VectorMask<Float> m = S.indexInRange(0, have * cols);
            FloatVector v = FloatVector.broadcast(S, LOW)
                    .blend(FloatVector.fromArray(S, x, xo + r * cols, m).rearrange(spread), used);
            FloatVector shift = FloatMath.finiteShift(FloatMath.groupMax(v, g));
            FloatVector e = FloatMath.exp(v.sub(shift));
            FloatVector q = FloatMath.log(FloatMath.groupSum(e, g)).add(shift);
            q.rearrange(first).intoArray(y, yo + r, S.indexInRange(0, have));
        }
    }

    private static void longRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int end = S.loopBound(cols);
        VectorMask<Float> tail = S.indexInRange(end, cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int to = yo + r * cols;
            FloatVector m0 = FloatVector.broadcast(S, LOW);
            FloatVector m1 = m0;
            int i = 0;
            for (; i < end - L; i += 2 * L) {
                FloatVector v0 = FloatVector.fromArray(S, x, from + i);
                FloatVector v1 = FloatVector.fromArray(S, x, from + i + L);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1));
            }
            if (i < end) {
                FloatVector v0 = FloatVector.fromArray(S, x, from + i);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
            }
            if (end < cols) {
                FloatVector v1 = FloatVector.fromArray(S, x, from + end, tail);
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1).and(tail));
            }
            m0 = m0.blend(m1, m1.compare(VectorOperators.GT, m0));
            FloatVector max = FloatMath.maxAll(m0);
            FloatVector sum = FloatVector.zero(S);
            for (int block = 0; block < end; block += BLOCK) {
                FloatVector s = FloatVector.zero(S);
                int last = Math.min(end, block + BLOCK);
                for (i = block; i < last; i += L) {
                    FloatVector e =
                            FloatMath.exp(FloatVector.fromArray(S, x, from + i).sub(max));
                    e.intoArray(y, to + i);
                    s = s.add(e);
                }
                sum = sum.add(s);
            }
            if (end < cols) {
                FloatVector e = FloatMath.exp(
                        FloatVector.fromArray(S, x, from + end, tail).sub(max));
                e.intoArray(y, to + end, tail);
                sum = sum.blend(sum.add(e), tail);
            }
            FloatVector scale = FloatVector.broadcast(S, 1f).div(FloatMath.sumAll(sum));
            for (i = 0; i < end; i += L) {
                FloatVector.fromArray(S, y, to + i).mul(scale).intoArray(y, to + i);
            }
            if (end < cols) {
                FloatVector.fromArray(S, y, to + end, tail).mul(scale).intoArray(y, to + end, tail);
            }
        }
    }

    private static void longLogRows(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int end = S.loopBound(cols);
        VectorMask<Float> tail = S.indexInRange(end, cols);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * cols;
            int to = yo + r * cols;
            FloatVector m0 = FloatVector.broadcast(S, LOW);
            FloatVector m1 = m0;
            int i = 0;
            for (; i < end - L; i += 2 * L) {
                FloatVector v0 = FloatVector.fromArray(S, x, from + i);
                FloatVector v1 = FloatVector.fromArray(S, x, from + i + L);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1));
            }
            if (i < end) {
                FloatVector v0 = FloatVector.fromArray(S, x, from + i);
                m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
            }
            if (end < cols) {
                FloatVector v1 = FloatVector.fromArray(S, x, from + end, tail);
                m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1).and(tail));
            }
            m0 = m0.blend(m1, m1.compare(VectorOperators.GT, m0));
            FloatVector max = FloatMath.maxAll(m0);
            FloatVector sum = FloatVector.zero(S);
            for (int block = 0; block < end; block += BLOCK) {
                FloatVector s = FloatVector.zero(S);
                int last = Math.min(end, block + BLOCK);
                for (i = block; i < last; i += L) {
                    FloatVector z = FloatVector.fromArray(S, x, from + i).sub(max);
                    z.intoArray(y, to + i);
                    s = s.add(FloatMath.exp(z));
                }
                sum = sum.add(s);
            }
            if (end < cols) {
                FloatVector z = FloatVector.fromArray(S, x, from + end, tail).sub(max);
                z.intoArray(y, to + end, tail);
                FloatVector e = FloatMath.exp(z);
                sum = sum.blend(sum.add(e), tail);
            }
            FloatVector log = FloatMath.log(FloatMath.sumAll(sum));
            for (i = 0; i < end; i += L) {
                FloatVector.fromArray(S, y, to + i).sub(log).intoArray(y, to + i);
            }
            if (end < cols) {
                FloatVector.fromArray(S, y, to + end, tail).sub(log).intoArray(y, to + end, tail);
            }
        }
    }

    /** As many rows at a time as there are lanes, for the logarithm. */
    private static void longSums(float[] x, int xo, int rows, int cols, float[] y, int yo) {
        int end = S.loopBound(cols);
        VectorMask<Float> tail = S.indexInRange(end, cols);
        FloatVector lanes = FloatVector.broadcast(S, 0f).addIndex(1);
        for (int first = 0; first < rows; first += L) {
            FloatVector shifts = FloatVector.zero(S);
            FloatVector sums = FloatVector.zero(S);
            int here = Math.min(L, rows - first);
            for (int r = 0; r < here; r++) {
                int from = xo + (first + r) * cols;
                FloatVector m0 = FloatVector.broadcast(S, LOW);
                FloatVector m1 = m0;
                int i = 0;
                for (; i < end - L; i += 2 * L) {
                    FloatVector v0 = FloatVector.fromArray(S, x, from + i);
                    FloatVector v1 = FloatVector.fromArray(S, x, from + i + L);
                    m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
                    m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1));
                }
                if (i < end) {
                    FloatVector v0 = FloatVector.fromArray(S, x, from + i);
                    m0 = m0.blend(v0, v0.compare(VectorOperators.GT, m0));
                }
                if (end < cols) {
                    FloatVector v1 = FloatVector.fromArray(S, x, from + end, tail);
                    m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1).and(tail));
                }
                m0 = m0.blend(m1, m1.compare(VectorOperators.GT, m0));
                FloatVector shift = FloatMath.finiteShift(FloatMath.maxAll(m0));
                FloatVector sum = FloatVector.zero(S);
                for (int block = 0; block < end; block += BLOCK) {
                    FloatVector s = FloatVector.zero(S);
                    int last = Math.min(end, block + BLOCK);
                    for (i = block; i < last; i += L) {
                        s = s.add(FloatMath.exp(
                                FloatVector.fromArray(S, x, from + i).sub(shift)));
                    }
                    sum = sum.add(s);
                }
                if (end < cols) {
                    FloatVector e = FloatMath.exp(
                            FloatVector.fromArray(S, x, from + end, tail).sub(shift));
                    sum = sum.blend(sum.add(e), tail);
                }
                VectorMask<Float> lane = lanes.compare(VectorOperators.EQ, (float) r);
                shifts = shifts.blend(shift, lane);
                sum = FloatMath.sumAll(sum);
                sums = sums.blend(sum, lane);
            }
            FloatVector q = FloatMath.log(sums).add(shifts);
            q.intoArray(y, yo + first, S.indexInRange(0, here));
        }
    }
}
