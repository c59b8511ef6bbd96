package org.amortis.kernels;

/**
 * Scratch of the calling thread for the elements at the end of an array that fill no step of a loop: four vectors. What an
 * earlier call left there is computed along with them and thrown away.
 */
final class Pads {
    private static final ThreadLocal<float[]> FLOATS =
            ThreadLocal.withInitial(() -> new float[4 * Species.F32.length()]);
    private static final ThreadLocal<double[]> DOUBLES =
            ThreadLocal.withInitial(() -> new double[4 * Species.F64.length()]);

    private Pads() {}

    static float[] floats() {
        return FLOATS.get();
    }

    static double[] doubles() {
        return DOUBLES.get();
    }
}
