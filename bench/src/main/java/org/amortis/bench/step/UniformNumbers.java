package org.amortis.bench.step;

import org.amortis.math.Philox;

/** Numbers that all benchmarks share, the same for every library. */
public final class UniformNumbers {
    private UniformNumbers() {}

    /**
     * Uniform numbers.
     *
     * @param n how many
     * @param low lower end
     * @param high upper end
     * @param seed which numbers
     * @return fresh array
     */
    public static float[] of(int n, double low, double high, int seed) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (low + (high - low) * Philox.uniform32(seed, i, 0, 0));
        }
        return x;
    }
}
