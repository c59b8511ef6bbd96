package org.amortis.bench.density;

import java.util.Locale;

/**
 * How much training.
 *
 * @param epochs passes over the training rows at most
 * @param batch rows of a step
 * @param points evaluations of the validation rows in a whole run
 * @param patience evaluations without a new best after which training ends
 */
record DensityScale(int epochs, int batch, int points, int patience) {
    /** Rows of which more make a longer epoch and not a longer run. */
    private static final long STANDARD_ROWS = 900_000;

    /** Settings for a number of training rows. */
    static DensityScale of(int rows, boolean quick) {
        int batch = Math.clamp(rows / 8, 1, 256);
        long seen = quick ? STANDARD_ROWS / 20 : STANDARD_ROWS;
        int epochs = Math.clamp((seen + rows - 1) / rows, 1, 500);
        return new DensityScale(epochs, batch, quick ? 10 : 60, quick ? 10 : 15);
    }

    DensityScale epochs(int n) {
        return new DensityScale(n, batch, points, patience);
    }

    String describe(double rate) {
        return String.format(
                Locale.ROOT,
                "at most %d epochs of batches of %d, Adam at %.1e falling along a cosine, gradients clipped at 5, the"
                        + " best of %d evaluations on validation rows kept",
                epochs,
                batch,
                rate,
                points);
    }
}
