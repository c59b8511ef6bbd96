package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Loops over two operands, comparisons and choices, in float and double, against Java's own operators. */
class ElementwiseTest {
    private static final int[] SIZES = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 67, 101};

    interface F3 {
        void run(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);
    }

    interface FRight {
        void run(float[] a, int ao, float b, float[] y, int yo, int n);
    }

    interface FLeft {
        void run(float a, float[] b, int bo, float[] y, int yo, int n);
    }

    interface D3 {
        void run(double[] a, int ao, double[] b, int bo, double[] y, int yo, int n);
    }

    interface DRight {
        void run(double[] a, int ao, double b, double[] y, int yo, int n);
    }

    interface DLeft {
        void run(double a, double[] b, int bo, double[] y, int yo, int n);
    }

    /** Float operations on doubles that are floats, rounded once, are float operations. */
    enum Binary {
        ADD(
                (x, y) -> x + y,
                FloatBinary::add,
                FloatBinary::addScalar,
                (a, b, bo, y, yo, n) -> FloatBinary.addScalar(b, bo, a, y, yo, n),
                DoubleBinary::add,
                DoubleBinary::addScalar,
                (a, b, bo, y, yo, n) -> DoubleBinary.addScalar(b, bo, a, y, yo, n)),
        SUB(
                (x, y) -> x - y,
                FloatBinary::sub,
                FloatBinary::subScalar,
                FloatBinary::scalarSub,
                DoubleBinary::sub,
                DoubleBinary::subScalar,
                DoubleBinary::scalarSub),
        MUL(
                (x, y) -> x * y,
                FloatBinary::mul,
                FloatBinary::mulScalar,
                (a, b, bo, y, yo, n) -> FloatBinary.mulScalar(b, bo, a, y, yo, n),
                DoubleBinary::mul,
                DoubleBinary::mulScalar,
                (a, b, bo, y, yo, n) -> DoubleBinary.mulScalar(b, bo, a, y, yo, n)),
        DIV(
                (x, y) -> x / y,
                FloatBinary::div,
                FloatBinary::divScalar,
                FloatBinary::scalarDiv,
                DoubleBinary::div,
                DoubleBinary::divScalar,
                DoubleBinary::scalarDiv),
        MIN(
                Math::min,
                FloatBinary::min,
                FloatBinary::minScalar,
                (a, b, bo, y, yo, n) -> FloatBinary.minScalar(b, bo, a, y, yo, n),
                DoubleBinary::min,
                DoubleBinary::minScalar,
                (a, b, bo, y, yo, n) -> DoubleBinary.minScalar(b, bo, a, y, yo, n)),
        MAX(
                Math::max,
                FloatBinary::max,
                FloatBinary::maxScalar,
                (a, b, bo, y, yo, n) -> FloatBinary.maxScalar(b, bo, a, y, yo, n),
                DoubleBinary::max,
                DoubleBinary::maxScalar,
                (a, b, bo, y, yo, n) -> DoubleBinary.maxScalar(b, bo, a, y, yo, n)),
        POW(
                Math::pow,
                FloatBinary::pow,
                FloatBinary::powScalar,
                FloatBinary::scalarPow,
                DoubleBinary::pow,
                DoubleBinary::powScalar,
                DoubleBinary::scalarPow);

        final DoubleBinaryOperator exact;
        final F3 f3;
        final FRight fRight;
        final FLeft fLeft;
        final D3 d3;
        final DRight dRight;
        final DLeft dLeft;

        Binary(DoubleBinaryOperator exact, F3 f3, FRight fRight, FLeft fLeft, D3 d3, DRight dRight, DLeft dLeft) {
            this.exact = exact;
            this.f3 = f3;
            this.fRight = fRight;
            this.fLeft = fLeft;
            this.d3 = d3;
            this.dRight = dRight;
            this.dLeft = dLeft;
        }
    }

    @ParameterizedTest
    @EnumSource(Binary.class)
    void binaryInFloat(Binary op) {
        Random random = new Random(1);
        for (int n : SIZES) {
            float[] a = floats(random, n + 3);
            float[] b = floats(random, n + 3);
            for (float s : new float[] {2f, -0f, Float.NaN, a[1]}) {
                float[] y = floats(random, n + 4);
                float[] all = y.clone();
                float[] right = y.clone();
                float[] left = y.clone();
                for (int i = 0; i < n; i++) {
                    all[2 + i] = (float) op.exact.applyAsDouble(a[1 + i], b[3 + i]);
                    right[2 + i] = (float) op.exact.applyAsDouble(a[1 + i], s);
                    left[2 + i] = (float) op.exact.applyAsDouble(s, b[3 + i]);
                }
                float[] z = y.clone();
                op.f3.run(a, 1, b, 3, z, 2, n);
                assertArrayEquals(all, z, op + " " + n);
                z = y.clone();
                op.fRight.run(a, 1, s, z, 2, n);
                assertArrayEquals(right, z, op + " right " + n + " " + s);
                z = y.clone();
                op.fLeft.run(s, b, 3, z, 2, n);
                assertArrayEquals(left, z, op + " left " + n + " " + s);
                z = a.clone();
                op.f3.run(z, 1, b, 3, z, 1, n);
                assertArrayEquals(Arrays.copyOfRange(all, 2, 2 + n), Arrays.copyOfRange(z, 1, 1 + n), op + " in place");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Binary.class)
    void binaryInDouble(Binary op) {
        Random random = new Random(2);
        for (int n : SIZES) {
            double[] a = widen(floats(random, n + 3));
            double[] b = widen(floats(random, n + 3));
            double s = a[1] + 0.25;
            double[] y = widen(floats(random, n + 4));
            double[] all = y.clone();
            double[] right = y.clone();
            double[] left = y.clone();
            for (int i = 0; i < n; i++) {
                all[2 + i] = op.exact.applyAsDouble(a[1 + i], b[3 + i]);
                right[2 + i] = op.exact.applyAsDouble(a[1 + i], s);
                left[2 + i] = op.exact.applyAsDouble(s, b[3 + i]);
            }
            double[] z = y.clone();
            op.d3.run(a, 1, b, 3, z, 2, n);
            assertArrayEquals(all, z, op + " " + n);
            z = y.clone();
            op.dRight.run(a, 1, s, z, 2, n);
            assertArrayEquals(right, z, op + " right " + n);
            z = y.clone();
            op.dLeft.run(s, b, 3, z, 2, n);
            assertArrayEquals(left, z, op + " left " + n);
        }
    }

    interface FCompare {
        void run(float[] a, int ao, float[] b, int bo, int[] y, int yo, int n);
    }

    interface FCompareScalar {
        void run(float[] a, int ao, float b, int[] y, int yo, int n);
    }

    interface DCompare {
        void run(double[] a, int ao, double[] b, int bo, int[] y, int yo, int n);
    }

    interface DCompareScalar {
        void run(double[] a, int ao, double b, int[] y, int yo, int n);
    }

    interface Relation {
        boolean holds(double a, double b);
    }

    enum Compare {
        LESS((a, b) -> a < b, FloatSelect::less, FloatSelect::lessScalar, DoubleSelect::less, DoubleSelect::lessScalar),
        LESS_EQUAL(
                (a, b) -> a <= b,
                FloatSelect::lessEqual,
                FloatSelect::lessEqualScalar,
                DoubleSelect::lessEqual,
                DoubleSelect::lessEqualScalar),
        GREATER(
                (a, b) -> a > b,
                FloatSelect::greater,
                FloatSelect::greaterScalar,
                DoubleSelect::greater,
                DoubleSelect::greaterScalar),
        GREATER_EQUAL(
                (a, b) -> a >= b,
                FloatSelect::greaterEqual,
                FloatSelect::greaterEqualScalar,
                DoubleSelect::greaterEqual,
                DoubleSelect::greaterEqualScalar),
        EQUAL(
                (a, b) -> a == b,
                FloatSelect::equal,
                FloatSelect::equalScalar,
                DoubleSelect::equal,
                DoubleSelect::equalScalar),
        NOT_EQUAL(
                (a, b) -> a != b,
                FloatSelect::notEqual,
                FloatSelect::notEqualScalar,
                DoubleSelect::notEqual,
                DoubleSelect::notEqualScalar);

        final Relation relation;
        final FCompare f;
        final FCompareScalar fs;
        final DCompare d;
        final DCompareScalar ds;

        Compare(Relation relation, FCompare f, FCompareScalar fs, DCompare d, DCompareScalar ds) {
            this.relation = relation;
            this.f = f;
            this.fs = fs;
            this.d = d;
            this.ds = ds;
        }
    }

    @ParameterizedTest
    @EnumSource(Compare.class)
    void compares(Compare op) {
        Random random = new Random(3);
        for (int n : SIZES) {
            float[] a = floats(random, n + 1);
            float[] b = floats(random, n + 2);
            int[] y = random.ints(n + 4).toArray();
            int[] expected = y.clone();
            int[] scalar = y.clone();
            for (int i = 0; i < n; i++) {
                expected[3 + i] = op.relation.holds(a[1 + i], b[2 + i]) ? 1 : 0;
                scalar[3 + i] = op.relation.holds(a[1 + i], 0.5f) ? 1 : 0;
            }
            int[] z = y.clone();
            op.f.run(a, 1, b, 2, z, 3, n);
            assertArrayEquals(expected, z);
            z = y.clone();
            op.d.run(widen(a), 1, widen(b), 2, z, 3, n);
            assertArrayEquals(expected, z);
            z = y.clone();
            op.fs.run(a, 1, 0.5f, z, 3, n);
            assertArrayEquals(scalar, z);
            z = y.clone();
            op.ds.run(widen(a), 1, 0.5, z, 3, n);
            assertArrayEquals(scalar, z);
        }
    }

    @Test
    void choosesAndCombines() {
        Random random = new Random(4);
        for (int n : SIZES) {
            float[] a = floats(random, n + 1);
            float[] b = floats(random, n + 2);
            int[] c = random.ints(n + 3, -1, 2).toArray();
            float[] y = floats(random, n + 4);
            float[][] e = new float[8][];
            Arrays.setAll(e, i -> y.clone());
            for (int i = 0; i < n; i++) {
                boolean t = c[3 + i] != 0;
                float v = a[1 + i];
                float w = b[2 + i];
                e[0][1 + i] = t ? v : w;
                e[1][1 + i] = t ? v : 7f;
                e[2][1 + i] = t ? 7f : w;
                e[3][1 + i] = Math.min(Math.max(v, -0.5f), 1f);
                e[4][1 + i] = Math.fma(3f, v, y[1 + i]);
                e[5][1 + i] = Math.fma(v, w, a[i]);
                e[6][1 + i] = Math.fma(3f, v, 0.5f);
            }
            float[][] z = new float[7][];
            Arrays.setAll(z, i -> y.clone());
            FloatSelect.where(c, 3, a, 1, b, 2, z[0], 1, n);
            FloatSelect.whereScalar(c, 3, a, 1, 7f, z[1], 1, n);
            FloatSelect.scalarWhere(c, 3, 7f, b, 2, z[2], 1, n);
            FloatSelect.clamp(a, 1, -0.5f, 1f, z[3], 1, n);
            FloatSelect.axpy(3f, a, 1, z[4], 1, n);
            FloatSelect.fma(a, 1, b, 2, a, 0, z[5], 1, n);
            FloatSelect.scale(3f, a, 1, 0.5f, z[6], 1, n);
            for (int i = 0; i < z.length; i++) {
                assertArrayEquals(e[i], z[i], "float case " + i + " of " + n);
            }
            double[][] d = new double[4][];
            Arrays.setAll(d, i -> widen(y));
            DoubleSelect.where(c, 3, widen(a), 1, widen(b), 2, d[0], 1, n);
            DoubleSelect.whereScalar(c, 3, widen(a), 1, 7, d[1], 1, n);
            DoubleSelect.scalarWhere(c, 3, 7, widen(b), 2, d[2], 1, n);
            DoubleSelect.clamp(widen(a), 1, -0.5, 1, d[3], 1, n);
            for (int i = 0; i < d.length; i++) {
                assertArrayEquals(widen(e[i]), d[i], "double case " + i + " of " + n);
            }
        }
    }

    @Test
    void sineOfAnElementDoesNotDependOnItsNeighbours() {
        Random random = new Random(6);
        float[] x = new float[1500];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian() * (random.nextInt(50) == 0 ? 1e9f : 10f);
        }
        float[] sin = x.clone();
        float[] cos = new float[x.length];
        FloatTrig.sin(sin, 0, sin, 0, x.length);
        FloatTrig.cos(x, 0, cos, 0, x.length);
        float[] one = new float[1];
        for (int i = 0; i < x.length; i++) {
            FloatTrig.sin(x, i, one, 0, 1);
            assertEquals(one[0], sin[i]);
            FloatTrig.cos(x, i, one, 0, 1);
            assertEquals(one[0], cos[i]);
        }
    }

    /** Mostly ordinary, one in six a special value. */
    private static float[] floats(Random random, int n) {
        float[] special = {0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0.5f, Float.MIN_VALUE};
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = random.nextInt(6) == 0
                    ? special[random.nextInt(special.length)]
                    : (float) (2 * random.nextGaussian());
        }
        return x;
    }

    private static double[] widen(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i];
        }
        return y;
    }
}
