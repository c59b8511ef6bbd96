package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.backend.ScalarLoops;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.ScalarLoop;
import org.amortis.tensor.Binary;
import org.amortis.tensor.Cast;
import org.amortis.tensor.Compare;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Logical;
import org.amortis.tensor.ParamUnary;
import org.amortis.tensor.Unary;
import org.amortis.tensor.Where;
import org.junit.jupiter.api.Test;

/** Loops over ints, casts between all types, and that no elementwise operation is left to the portable loops unnoticed. */
class IntLoopsTest {
    private static final int[] INTS = {
        0, 1, -1, 2, -3, 46340, 46341, -46341, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1, 7, 100, -100
    };

    private static final double[] REALS = {
        0,
        -0.0,
        0.5,
        -0.5,
        1.9,
        -1.9,
        1e9,
        3e9,
        -3e9,
        1e300,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        Float.MIN_VALUE,
        16777217
    };

    /** All pairs, with a prime number of elements. */
    private static int[] left() {
        int[] a = new int[INTS.length * INTS.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = INTS[i / INTS.length];
        }
        return a;
    }

    private static int[] right() {
        int[] a = new int[INTS.length * INTS.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = INTS[i % INTS.length];
        }
        return a;
    }

    private static List<ElementwiseOp> operations() {
        List<ElementwiseOp> ops = new ArrayList<>();
        ops.addAll(List.of(Unary.NEG, Unary.ABS, Unary.SIGN, Unary.SQUARE));
        ops.addAll(List.of(Binary.ADD, Binary.SUB, Binary.MUL, Binary.MIN, Binary.MAX));
        ops.addAll(List.of(Compare.values()));
        ops.addAll(List.of(Logical.values()));
        ops.add(Where.WHERE);
        return ops;
    }

    @Test
    void intsAsThePortableLoopsComputeThem() {
        int[] a = left();
        int[] b = right();
        int n = a.length - 3;
        for (ElementwiseOp op : operations()) {
            // truth values are 0 or 1 in the portable loops
            boolean logical = op instanceof Logical;
            int[] p = logical ? truths(a) : a;
            int[] q = logical ? truths(b) : b;
            int[] expected = new int[n + 3];
            int[] y = new int[n + 3];
            ScalarLoops.INSTANCE.elementwise(op, DType.I32).run(p, 2, q, 1, b, 3, expected, 3, n);
            ElementwiseLoop loop = IntLoops.elementwise(op);
            assertNotNull(loop, op.name());
            loop.run(p, 2, q, 1, b, 3, y, 3, n);
            assertArrayEquals(expected, y, op.name());
            if (op instanceof Binary || op instanceof Compare) {
                for (int s : INTS) {
                    ScalarLoops.INSTANCE.scalarRight(op, DType.I32).run(a, 2, s, expected, 3, n);
                    ScalarLoop right = IntLoops.scalarRight(op);
                    assertNotNull(right, op.name());
                    right.run(a, 2, s, y, 3, n);
                    assertArrayEquals(expected, y, op.name() + " right " + s);
                    ScalarLoops.INSTANCE.scalarLeft(op, DType.I32).run(a, 2, s, expected, 3, n);
                    ScalarLoop left = IntLoops.scalarLeft(op);
                    assertNotNull(left, op.name());
                    left.run(a, 2, s, y, 3, n);
                    assertArrayEquals(expected, y, op.name() + " left " + s);
                }
            }
        }
    }

    private static int[] truths(int[] a) {
        int[] t = new int[a.length];
        for (int i = 0; i < t.length; i++) {
            t[i] = a[i] > 0 ? 1 : 0;
        }
        return t;
    }

    @Test
    void castsAsThePortableLoopsDoThem() {
        DType[] types = {DType.F32, DType.F64, DType.I32, DType.BOOL};
        for (DType from : types) {
            for (DType to : types) {
                ElementwiseLoop loop = CastLoops.of(from, to);
                if (from == to && to != DType.BOOL || from == DType.BOOL && to == DType.I32) {
                    assertNull(loop);
                    continue;
                }
                assertNotNull(loop, from + " to " + to);
                Object x = from.isFloat() ? array(from) : INTS.clone();
                int n = from.isFloat() ? REALS.length : INTS.length;
                Object y = empty(to, n);
                Object expected = empty(to, n);
                ScalarLoops.INSTANCE.elementwise(new Cast(to), from).run(x, 0, x, 0, x, 0, expected, 1, n);
                loop.run(x, 0, x, 0, x, 0, y, 1, n);
                for (int i = 0; i <= n; i++) {
                    assertEquals(
                            java.lang.reflect.Array.get(expected, i),
                            java.lang.reflect.Array.get(y, i),
                            from + " to " + to + " " + i);
                }
            }
        }
    }

    private static Object array(DType type) {
        if (type == DType.F64) {
            return REALS.clone();
        }
        float[] x = new float[REALS.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) REALS[i];
        }
        return x;
    }

    private static Object empty(DType type, int n) {
        return switch (type) {
            case F32 -> new float[n + 1];
            case F64 -> new double[n + 1];
            default -> new int[n + 1];
        };
    }

    /** Whoever adds an operation sees it here. */
    @Test
    void whatIsLeftToThePortableLoops() {
        SimdLoops loops = new SimdLoops();
        List<ElementwiseOp> ops = new ArrayList<>();
        ops.addAll(List.of(Unary.values()));
        ops.addAll(List.of(Binary.values()));
        ops.addAll(List.of(Compare.values()));
        ops.add(Where.WHERE);
        ops.add(new ParamUnary.LeakyRelu(0.1));
        ops.add(new ParamUnary.Elu(1));
        ops.add(new ParamUnary.Clamp(-1, 1));
        ops.add(new ParamUnary.Polygamma(0));
        ops.add(new ParamUnary.Polygamma(1));
        ops.add(new ParamUnary.Polygamma(2));
        List<String> missing = new ArrayList<>();
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            for (ElementwiseOp op : ops) {
                if (loops.elementwise(op, type) == null) {
                    missing.add(type + " " + op.name());
                }
            }
        }
        if (loops.lanes(DType.F64) == 2) {
            // of doubles only arithmetic is left
            assertTrue(missing.contains("F64 EXP") && missing.contains("F64 LT") && !missing.contains("F64 ADD"));
            return;
        }
        assertEquals(
                List.of(
                        "F32 NORMAL_QUANTILE",
                        "F32 LGAMMA",
                        "F32 LOG_BESSEL",
                        "F32 BESSEL_REST",
                        "F32 polygamma:0",
                        "F32 polygamma:1",
                        "F32 polygamma:2",
                        "F64 LOG_BESSEL",
                        "F64 BESSEL_REST",
                        "F64 polygamma:2"),
                missing);
    }
}
