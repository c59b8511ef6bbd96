package org.amortis.kernels;

import org.amortis.array.DType;
import org.amortis.spi.ElementwiseLoop;
import org.jspecify.annotations.Nullable;

/** Changes of the element type: plain loops, which C2 vectorises itself, saturation of float to int included. */
final class CastLoops {
    private CastLoops() {}

    static @Nullable ElementwiseLoop of(DType from, DType to) {
        return switch (from) {
            case F32 -> fromFloat(to);
            case F64 -> fromDouble(to);
            case I32, BOOL -> fromInt(to);
            case KEY -> null;
        };
    }

    private static @Nullable ElementwiseLoop fromFloat(DType to) {
        return switch (to) {
            case F32, KEY -> null;
            case F64 ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    float[] x = (float[]) p;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = x[ao + i];
                    }
                };
            case I32 ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    float[] x = (float[]) p;
                    int[] y = (int[]) z;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = (int) x[ao + i];
                    }
                };
            case BOOL ->
                (p, ao, q, bo, r, co, z, yo, n) -> FloatSelect.notEqualScalar((float[]) p, ao, 0, (int[]) z, yo, n);
        };
    }

    private static @Nullable ElementwiseLoop fromDouble(DType to) {
        return switch (to) {
            case F64, KEY -> null;
            case F32 ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] x = (double[]) p;
                    float[] y = (float[]) z;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = (float) x[ao + i];
                    }
                };
            case I32 ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    double[] x = (double[]) p;
                    int[] y = (int[]) z;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = (int) x[ao + i];
                    }
                };
            case BOOL ->
                (p, ao, q, bo, r, co, z, yo, n) -> DoubleSelect.notEqualScalar((double[]) p, ao, 0, (int[]) z, yo, n);
        };
    }

    private static @Nullable ElementwiseLoop fromInt(DType to) {
        return switch (to) {
            case I32, KEY -> null;
            case F32 ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    int[] x = (int[]) p;
                    float[] y = (float[]) z;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = x[ao + i];
                    }
                };
            case F64 ->
                (p, ao, q, bo, r, co, z, yo, n) -> {
                    int[] x = (int[]) p;
                    double[] y = (double[]) z;
                    for (int i = 0; i < n; i++) {
                        y[yo + i] = x[ao + i];
                    }
                };
            case BOOL -> (p, ao, q, bo, r, co, z, yo, n) -> IntLoops.truths((int[]) p, ao, (int[]) z, yo, n);
        };
    }
}
