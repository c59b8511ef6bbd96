package org.amortis.kernels;

import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.ScalarLoop;
import org.amortis.tensor.Binary;
import org.amortis.tensor.Compare;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Logical;
import org.amortis.tensor.Unary;
import org.amortis.tensor.Where;
import org.jspecify.annotations.Nullable;

/**
 * Loops over int elements: I32 and BOOL, any int but 0 being true. Plain loops without a branch, which C2 vectorises itself
 * and which are no thousand times slower before it does. Division and powers, which have no vector form, are left to
 * the portable loops.
 */
final class IntLoops {
    private IntLoops() {}

    /** An operation of one operand. */
    private interface One {
        void run(int[] x, int xo, int[] y, int yo, int n);
    }

    /** An operation of two operands. */
    private interface Two {
        void run(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n);
    }

    /** A range and a number. */
    private interface RangeNumber {
        void run(int[] a, int ao, int s, int[] y, int yo, int n);
    }

    private static ElementwiseLoop one(One loop) {
        return (a, ao, b, bo, c, co, y, yo, n) -> loop.run((int[]) a, ao, (int[]) y, yo, n);
    }

    private static ElementwiseLoop two(Two loop) {
        return (a, ao, b, bo, c, co, y, yo, n) -> loop.run((int[]) a, ao, (int[]) b, bo, (int[]) y, yo, n);
    }

    private static ScalarLoop number(RangeNumber loop) {
        return (a, ao, s, y, yo, n) -> loop.run((int[]) a, ao, (int) s, (int[]) y, yo, n);
    }

    static @Nullable ElementwiseLoop elementwise(ElementwiseOp op) {
        return switch (op) {
            case Unary u -> unary(u);
            case Binary b -> binary(b);
            case Compare c -> compare(c);
            case Logical l -> logical(l);
            case Where w ->
                (a, ao, b, bo, c, co, y, yo, n) -> where((int[]) a, ao, (int[]) b, bo, (int[]) c, co, (int[]) y, yo, n);
            default -> null;
        };
    }

    /** The reference computes in double: what does not fit becomes the largest int. */
    private static @Nullable ElementwiseLoop unary(Unary op) {
        return switch (op) {
            case NEG ->
                one((x, xo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        int v = -x[xo + i];
                        // the smallest int is its own negative: add -1 where both are negative
                        y[yo + i] = v + ((v & x[xo + i]) >> 31);
                    }
                });
            case ABS ->
                one((x, xo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        int v = Math.abs(x[xo + i]);
                        y[yo + i] = v + (v >> 31);
                    }
                });
            case SIGN ->
                one((x, xo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        int v = x[xo + i];
                        y[yo + i] = (v >> 31) | (-v >>> 31);
                    }
                });
            case SQUARE ->
                one((x, xo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        long v = x[xo + i];
                        y[yo + i] = (int) Math.min(v * v, Integer.MAX_VALUE);
                    }
                });
            default -> null;
        };
    }

    private static @Nullable ElementwiseLoop binary(Binary op) {
        return switch (op) {
            case ADD ->
                two((a, ao, b, bo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] + b[bo + i];
                    }
                });
            case SUB ->
                two((a, ao, b, bo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] - b[bo + i];
                    }
                });
            case MUL ->
                two((a, ao, b, bo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = a[ao + i] * b[bo + i];
                    }
                });
            case MIN ->
                two((a, ao, b, bo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = Math.min(a[ao + i], b[bo + i]);
                    }
                });
            case MAX ->
                two((a, ao, b, bo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = Math.max(a[ao + i], b[bo + i]);
                    }
                });
            case DIV, POW -> null;
        };
    }

    /** 1 unless v is 0. */
    private static int truth(int v) {
        return (v | -v) >>> 31;
    }

    /** 1 if a is below b: the sign of the difference, unless the signs differ and it overflows. */
    private static int less(int a, int b) {
        return ((a & ~b) | (~(a ^ b) & (a - b))) >>> 31;
    }

    private static ElementwiseLoop compare(Compare op) {
        return switch (op) {
            case EQ ->
                two((a, ao, b, bo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = 1 - truth(a[ao + i] ^ b[bo + i]);
                    }
                });
            case NE ->
                two((a, ao, b, bo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = truth(a[ao + i] ^ b[bo + i]);
                    }
                });
            case LT -> two(IntLoops::less);
            case LE -> two(IntLoops::lessEqual);
            case GT -> two((a, ao, b, bo, y, yo, n) -> less(b, bo, a, ao, y, yo, n));
            case GE -> two((a, ao, b, bo, y, yo, n) -> lessEqual(b, bo, a, ao, y, yo, n));
        };
    }

    private static void less(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = less(a[ao + i], b[bo + i]);
        }
    }

    private static void lessEqual(int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = 1 - less(b[bo + i], a[ao + i]);
        }
    }

    private static ElementwiseLoop logical(Logical op) {
        return switch (op) {
            case AND ->
                two((a, ao, b, bo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = truth(a[ao + i]) & truth(b[bo + i]);
                    }
                });
            case OR ->
                two((a, ao, b, bo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = truth(a[ao + i] | b[bo + i]);
                    }
                });
            case XOR ->
                two((a, ao, b, bo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = truth(a[ao + i]) ^ truth(b[bo + i]);
                    }
                });
            case NOT ->
                one((x, xo, y, yo, n) -> {
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = 1 - truth(x[xo + i]);
                    }
                });
        };
    }

    private static void where(int[] c, int co, int[] a, int ao, int[] b, int bo, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            int m = -truth(c[co + i]);
            y[yo + i] = (a[ao + i] & m) | (b[bo + i] & ~m);
        }
    }

    /** Truth value of each int. */
    static void truths(int[] x, int xo, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = truth(x[xo + i]);
        }
    }

    static @Nullable ScalarLoop scalarRight(ElementwiseOp op) {
        return switch (op) {
            case Binary b ->
                switch (b) {
                    case ADD -> number(IntLoops::add);
                    case SUB -> number((a, ao, s, y, yo, n) -> add(a, ao, -s, y, yo, n));
                    case MUL -> number(IntLoops::mul);
                    case MIN -> number(IntLoops::min);
                    case MAX -> number(IntLoops::max);
                    case DIV, POW -> null;
                };
            case Compare c ->
                switch (c) {
                    case EQ -> number(IntLoops::equal);
                    case NE -> number(IntLoops::notEqual);
                    case LT -> number(IntLoops::less);
                    case LE -> number(IntLoops::lessEqual);
                    case GT -> number(IntLoops::greater);
                    case GE -> number(IntLoops::greaterEqual);
                };
            default -> null;
        };
    }

    static @Nullable ScalarLoop scalarLeft(ElementwiseOp op) {
        return switch (op) {
            case Binary b ->
                switch (b) {
                    case ADD -> number(IntLoops::add);
                    case SUB ->
                        number((a, ao, s, y, yo, n) -> {
                            for (int i = 0; i < n; i++) {
                                y[yo + i] = s - a[ao + i];
                            }
                        });
                    case MUL -> number(IntLoops::mul);
                    case MIN -> number(IntLoops::min);
                    case MAX -> number(IntLoops::max);
                    case DIV, POW -> null;
                };
            case Compare c ->
                switch (c) {
                    case EQ -> number(IntLoops::equal);
                    case NE -> number(IntLoops::notEqual);
                    case LT -> number(IntLoops::greater);
                    case LE -> number(IntLoops::greaterEqual);
                    case GT -> number(IntLoops::less);
                    case GE -> number(IntLoops::lessEqual);
                };
            default -> null;
        };
    }

    private static void add(int[] a, int ao, int s, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = a[ao + i] + s;
        }
    }

    private static void mul(int[] a, int ao, int s, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = a[ao + i] * s;
        }
    }

    private static void min(int[] a, int ao, int s, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.min(a[ao + i], s);
        }
    }

    private static void max(int[] a, int ao, int s, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.max(a[ao + i], s);
        }
    }

    private static void equal(int[] a, int ao, int s, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = 1 - truth(a[ao + i] ^ s);
        }
    }

    private static void notEqual(int[] a, int ao, int s, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = truth(a[ao + i] ^ s);
        }
    }

    private static void less(int[] a, int ao, int s, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = less(a[ao + i], s);
        }
    }

    private static void lessEqual(int[] a, int ao, int s, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = 1 - less(s, a[ao + i]);
        }
    }

    private static void greater(int[] a, int ao, int s, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = less(s, a[ao + i]);
        }
    }

    private static void greaterEqual(int[] a, int ao, int s, int[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = 1 - less(a[ao + i], s);
        }
    }
}
