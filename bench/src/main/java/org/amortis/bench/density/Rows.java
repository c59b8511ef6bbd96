package org.amortis.bench.density;

import org.amortis.array.HostArray;
import org.jspecify.annotations.Nullable;

/**
 * Data of the study, split.
 *
 * @param name for people
 * @param fingerprint what two runs have in common if their data are the same
 * @param train rows to learn from [n, D]; whole numbers if pixels say so
 * @param validation rows that stop the training; likewise
 * @param test rows that nothing is learnt from; likewise
 * @param pixels what makes a density of whole numbers, or null
 * @param toy the density itself, or null
 * @param height rows of an image, 0 if rows are no images
 * @param width columns of an image
 * @param published whether log-likelihoods are those of standardised rows, as published numbers are
 */
record Rows(
        String name,
        String fingerprint,
        HostArray train,
        HostArray validation,
        HostArray test,
        @Nullable Pixels pixels,
        @Nullable Toy toy,
        int height,
        int width,
        boolean published) {
    int dimensions() {
        return train.shape().dim(1);
    }
}
