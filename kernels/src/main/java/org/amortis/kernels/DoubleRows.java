package org.amortis.kernels;

import org.amortis.spi.RowLoop;
import org.amortis.tensor.Composites;
import org.amortis.tensor.RowOp;
import org.amortis.tensor.SoftmaxOp;
import org.jspecify.annotations.Nullable;

/**
 * Written by Generate from the float form; edit that.
 *
 * <p>The loop of each composite over rows.
 */
final class DoubleRows {
    private DoubleRows() {}

    static @Nullable RowLoop of(RowOp op) {
        return switch (op) {
            case SoftmaxOp.Softmax o -> DoubleRows::softmax;
            case SoftmaxOp.SoftmaxGradient o -> DoubleRows::softmaxGradient;
            case SoftmaxOp.LogSoftmax o -> DoubleRows::logSoftmax;
            case SoftmaxOp.LogSoftmaxGradient o -> DoubleRows::logSoftmaxGradient;
            case SoftmaxOp.LogSumExp o -> DoubleRows::logSumExp;
            case SoftmaxOp.LogSumExpGradient o -> DoubleRows::logSumExpGradient;
            case Composites.LayerNorm o -> {
                double epsilon = o.epsilon();
                yield (a, at, from, to, cols, scratch) -> layerNorm(a, at, from, to, cols, epsilon);
            }
            case Composites.LayerNormGradient o -> {
                double epsilon = o.epsilon();
                yield (a, at, from, to, cols, scratch) -> layerNormGradient(a, at, from, to, cols, epsilon);
            }
            case Composites.GruCell o -> DoubleRows::gruCell;
            case Composites.GruCellGradient o -> DoubleRows::gruCellGradient;
        };
    }

    private static void softmax(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int skip = from * cols;
        DoubleSoftmax.softmax(
                (double[]) a[0], at[0] + skip, to - from, cols, (double[]) a[1], at[1] + skip, (double[]) scratch);
    }

    private static void softmaxGradient(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int skip = from * cols;
        DoubleRowSteps.softmaxGradient(
                (double[]) a[0],
                at[0] + skip,
                (double[]) a[1],
                at[1] + skip,
                to - from,
                cols,
                (double[]) a[2],
                at[2] + skip);
    }

    private static void logSoftmax(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int skip = from * cols;
        DoubleSoftmax.logSoftmax(
                (double[]) a[0], at[0] + skip, to - from, cols, (double[]) a[1], at[1] + skip, (double[]) scratch);
    }

    private static void logSoftmaxGradient(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int skip = from * cols;
        DoubleSoftmaxGradient.logSoftmaxRows(
                (double[]) a[0],
                at[0] + skip,
                (double[]) a[1],
                at[1] + skip,
                to - from,
                cols,
                (double[]) a[2],
                at[2] + skip);
    }

    private static void logSumExp(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        DoubleSoftmax.logSumExp(
                (double[]) a[0], at[0] + from * cols, to - from, cols, (double[]) a[1], at[1] + from, (double[])
                        scratch);
    }

    private static void logSumExpGradient(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int skip = from * cols;
        DoubleSoftmaxGradient.logSumExpRows(
                (double[]) a[0],
                at[0] + skip,
                (double[]) a[1],
                at[1] + from,
                (double[]) a[2],
                at[2] + from,
                to - from,
                cols,
                (double[]) a[3],
                at[3] + skip);
    }

    private static void layerNorm(Object[] a, int[] at, int from, int to, int cols, double epsilon) {
        int skip = from * cols;
        DoubleNorm.normalise((double[]) a[0], at[0] + skip, to - from, cols, epsilon, (double[]) a[1], at[1] + skip);
    }

    private static void layerNormGradient(Object[] a, int[] at, int from, int to, int cols, double epsilon) {
        int skip = from * cols;
        DoubleNorm.gradient(
                (double[]) a[0],
                at[0] + skip,
                (double[]) a[1],
                at[1] + skip,
                to - from,
                cols,
                epsilon,
                (double[]) a[2],
                at[2] + skip);
    }

    private static void gruCell(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int h = cols / 3;
        DoubleGru.cell(
                (double[]) a[0],
                at[0] + from * cols,
                (double[]) a[1],
                at[1] + from * cols,
                (double[]) a[2],
                at[2] + from * h,
                to - from,
                h,
                (double[]) a[3],
                at[3] + from * h,
                (double[]) scratch);
    }

    private static void gruCellGradient(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int h = cols / 3;
        DoubleGru.gradient(
                (double[]) a[0],
                at[0] + from * cols,
                (double[]) a[1],
                at[1] + from * cols,
                (double[]) a[2],
                at[2] + from * h,
                (double[]) a[3],
                at[3] + from * h,
                to - from,
                h,
                (double[]) a[4],
                at[4] + from * cols,
                (double[]) a[5],
                at[5] + from * cols,
                (double[]) a[6],
                at[6] + from * h,
                (double[]) scratch);
    }
}
