package org.amortis.bench.density;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.study.StudyException;
import org.amortis.flow.Standardiser;
import org.amortis.param.Params;
import org.jspecify.annotations.Nullable;

/**
 * Data as the flow sees them: with noise added to whole numbers, standardised. Noise of validation and test rows is drawn
 * once; training rows get new noise at every step, in {@link FittedFlow}.
 */
final class Prepared {
    private static final String[] SPLITS = {"train", "validation", "test"};

    private final Rows rows;
    private final HostArray feed;
    private final HostArray[] values = new HostArray[3];
    private final HostArray[] standardised = new HostArray[3];
    private final double logDet;

    /**
     * Prepares.
     *
     * @param rows data
     * @param seed of the noise
     * @param standardiser fitted here to the training rows
     * @param params where its numbers go
     */
    Prepared(Rows rows, long seed, Standardiser standardiser, Params params) {
        this.rows = rows;
        HostArray[] raw = {rows.train(), rows.validation(), rows.test()};
        SplittableRandom r = new SplittableRandom(seed + 1);
        Pixels pixels = rows.pixels();
        for (int i = 0; i < 3; i++) {
            values[i] = pixels == null ? raw[i] : pixels.of(raw[i], r);
        }
        checkVaries(values[0]);
        standardiser.fit(params, values[0]);
        for (int i = 0; i < 3; i++) {
            standardised[i] = standardiser.standardise(params, values[i]);
        }
        logDet = standardiser.logDet(params);
        feed = pixels == null ? standardised[0] : raw[0];
    }

    private static void checkVaries(HostArray x) {
        int n = x.shape().dim(0);
        int d = x.shape().dim(1);
        for (int j = 0; j < d; j++) {
            boolean same = true;
            for (int i = 1; i < n && same; i++) {
                same = x.get(i * d + j) == x.get(j);
            }
            if (same) {
                throw new StudyException("column " + (j + 1) + " is " + x.get(j)
                        + " in all training rows, so it has no density; drop it");
            }
        }
    }

    Rows rows() {
        return rows;
    }

    @Nullable
    Pixels pixels() {
        return rows.pixels();
    }

    /** What training is fed with: standardised rows, or whole numbers. */
    HostArray feed() {
        return feed;
    }

    /** Rows of a split in the units of the data. */
    HostArray values(String split) {
        return values[Arrays.asList(SPLITS).indexOf(split)];
    }

    /** Rows of a split standardised. */
    HostArray standardised(String split) {
        return standardised[Arrays.asList(SPLITS).indexOf(split)];
    }

    /** log p in the units that are reported is that of standardised rows minus this. */
    double logDet() {
        return rows.published() ? 0 : logDet;
    }

    /** log p of the rows themselves is the one that is reported minus this. */
    double rest() {
        return logDet - logDet();
    }

    /** Some rows, spread evenly over the whole. */
    static HostArray some(HostArray x, int count) {
        int n = x.shape().dim(0);
        int d = x.shape().dim(1);
        int k = Math.min(count, n);
        float[] all = x.toFloats();
        float[] out = new float[k * d];
        for (int i = 0; i < k; i++) {
            System.arraycopy(all, (int) ((long) i * n / k) * d, out, i * d, d);
        }
        return HostArray.wrap(out, Shape.of(k, d));
    }
}
