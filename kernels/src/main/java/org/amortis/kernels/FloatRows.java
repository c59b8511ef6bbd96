package org.amortis.kernels;

import org.amortis.spi.RowLoop;
import org.amortis.tensor.Composites;
import org.amortis.tensor.RowOp;
import org.amortis.tensor.SoftmaxOp;
import org.jspecify.annotations.Nullable;

/** The loop of each composite over rows. */
final class FloatRows {
    private FloatRows() {}

    static @Nullable RowLoop of(RowOp op) {
        return switch (op) {
            case SoftmaxOp.Softmax o -> FloatRows::softmax;
            case SoftmaxOp.SoftmaxGradient o -> FloatRows::softmaxGradient;
            case SoftmaxOp.LogSoftmax o -> FloatRows::logSoftmax;
            case SoftmaxOp.LogSoftmaxGradient o -> FloatRows::logSoftmaxGradient;
            case SoftmaxOp.LogSumExp o -> FloatRows::logSumExp;
            case SoftmaxOp.LogSumExpGradient o -> FloatRows::logSumExpGradient;
            case Composites.LayerNorm o -> {
                float epsilon = (float) o.epsilon();
                yield (a, at, from, to, cols, scratch) -> layerNorm(a, at, from, to, cols, epsilon);
            }
            case Composites.LayerNormGradient o -> {
                float epsilon = (float) o.epsilon();
                yield (a, at, from, to, cols, scratch) -> layerNormGradient(a, at, from, to, cols, epsilon);
            }
            case Composites.GruCell o -> FloatRows::gruCell;
            case Composites.GruCellGradient o -> FloatRows::gruCellGradient;
        };
    }

    private static void softmax(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int skip = from * cols;
        FloatSoftmax.softmax(
                (float[]) a[0], at[0] + skip, to - from, cols, (float[]) a[1], at[1] + skip, (float[]) scratch);
    }

    private static void softmaxGradient(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int skip = from * cols;
        FloatRowSteps.softmaxGradient(
                (float[]) a[0],
                at[0] + skip,
                (float[]) a[1],
                at[1] + skip,
                to - from,
                cols,
                (float[]) a[2],
                at[2] + skip);
    }

    private static void logSoftmax(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int skip = from * cols;
        FloatSoftmax.logSoftmax(
                (float[]) a[0], at[0] + skip, to - from, cols, (float[]) a[1], at[1] + skip, (float[]) scratch);
    }

    private static void logSoftmaxGradient(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int skip = from * cols;
        FloatSoftmaxGradient.logSoftmaxRows(
                (float[]) a[0],
                at[0] + skip,
                (float[]) a[1],
                at[1] + skip,
                to - from,
                cols,
                (float[]) a[2],
                at[2] + skip);
    }

    private static void logSumExp(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        FloatSoftmax.logSumExp(
                (float[]) a[0], at[0] + from * cols, to - from, cols, (float[]) a[1], at[1] + from, (float[]) scratch);
    }

    private static void logSumExpGradient(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int skip = from * cols;
        FloatSoftmaxGradient.logSumExpRows(
                (float[]) a[0],
                at[0] + skip,
                (float[]) a[1],
                at[1] + from,
                (float[]) a[2],
                at[2] + from,
                to - from,
                cols,
                (float[]) a[3],
                at[3] + skip);
    }

    private static void layerNorm(Object[] a, int[] at, int from, int to, int cols, float epsilon) {
        int skip = from * cols;
        FloatNorm.normalise((float[]) a[0], at[0] + skip, to - from, cols, epsilon, (float[]) a[1], at[1] + skip);
    }

    private static void layerNormGradient(Object[] a, int[] at, int from, int to, int cols, float epsilon) {
        int skip = from * cols;
        FloatNorm.gradient(
                (float[]) a[0],
                at[0] + skip,
                (float[]) a[1],
                at[1] + skip,
                to - from,
                cols,
                epsilon,
                (float[]) a[2],
                at[2] + skip);
    }

    private static void gruCell(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int h = cols / 3;
        FloatGru.cell(
                (float[]) a[0],
                at[0] + from * cols,
                (float[]) a[1],
                at[1] + from * cols,
                (float[]) a[2],
                at[2] + from * h,
                to - from,
                h,
                (float[]) a[3],
                at[3] + from * h,
                (float[]) scratch);
    }

    private static void gruCellGradient(Object[] a, int[] at, int from, int to, int cols, Object scratch) {
        int h = cols / 3;
        FloatGru.gradient(
                (float[]) a[0],
                at[0] + from * cols,
                (float[]) a[1],
                at[1] + from * cols,
                (float[]) a[2],
                at[2] + from * h,
                (float[]) a[3],
                at[3] + from * h,
                to - from,
                h,
                (float[]) a[4],
                at[4] + from * cols,
                (float[]) a[5],
                at[5] + from * cols,
                (float[]) a[6],
                at[6] + from * h,
                (float[]) scratch);
    }
}
