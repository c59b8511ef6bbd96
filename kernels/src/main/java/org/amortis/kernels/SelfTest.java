package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/** A few kernels against scalar code on an awkward size: a processor or JVM that computes wrongly is not used. */
final class SelfTest {
    private SelfTest() {}

    /** Vector width that the platform prefers. */
    static int preferredBits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    /** Null, or the first difference found. */
    static @Nullable String run(int n) {
        float[] x = new float[n];
        float[] y = new float[n];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            x[i] = (i - n / 2) / 8f;
            sum += x[i] * x[i];
        }
        FloatExp.exp(x, 0, y, 0, n);
        for (int i = 0; i < n; i++) {
            double exact = Math.exp(x[i]);
            if (!(Math.abs(y[i] - exact) <= 2 * Math.ulp((float) exact))) {
                return "exp(" + x[i] + ") = " + y[i] + ", scalar " + exact;
            }
        }
        // sums of multiples of 1/64 below 2^18 are exact
        if (FloatReduce.sumOfSquares(x, 0, n) != sum) {
            return "sum of squares " + FloatReduce.sumOfSquares(x, 0, n) + ", scalar " + sum;
        }
        int rows = Math.min(9, n);
        float[] c = new float[rows * n];
        FloatGemm.gemm(
                false,
                false,
                rows,
                n,
                1,
                x,
                0,
                1,
                x,
                0,
                n,
                FloatGemm.ZERO,
                x,
                0,
                c,
                0,
                n,
                0,
                rows,
                0,
                n,
                new float[FloatGemm.scratchSize(false, false, rows, n, 1)],
                0);
        for (int i = 0; i < c.length; i++) {
            if (c[i] != x[i / n] * x[i % n]) {
                return "product element " + i + " = " + c[i] + ", scalar " + x[i / n] * x[i % n];
            }
        }
        return null;
    }
}
