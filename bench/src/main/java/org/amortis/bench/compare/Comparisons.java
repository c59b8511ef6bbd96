package org.amortis.bench.compare;

/** What the comparisons share. */
final class Comparisons {
    private Comparisons() {}

    /** Fails unless all results are the same to float32. */
    static void agree(float[] first, float[]... others) {
        for (float[] other : others) {
            for (int i = 0; i < first.length; i++) {
                // plain sums of many thousand numbers lose a few digits
                if (!(Math.abs(first[i] - other[i]) <= 1e-3 * Math.max(1, Math.abs(first[i])))) {
                    throw new IllegalStateException("element " + i + ": " + first[i] + " and " + other[i]);
                }
            }
        }
    }
}
