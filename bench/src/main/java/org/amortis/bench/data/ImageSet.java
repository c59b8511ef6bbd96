package org.amortis.bench.data;

import java.util.Arrays;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;

/** Images of two colours, in two splits. */
public final class ImageSet {
    private final String name;
    private final String fingerprint;
    private final int height;
    private final int width;
    private final HostArray train;
    private final HostArray test;

    /**
     * Two splits of the same kind of image.
     *
     * @param name what a reader of a report should call it, with its binarisation
     * @param height rows of an image
     * @param width columns of an image
     * @param train pixels 0 or 1 [N, height width]
     * @param test pixels 0 or 1 [M, height width]
     */
    public ImageSet(String name, int height, int width, HostArray train, HostArray test) {
        this.name = name;
        this.height = height;
        this.width = width;
        this.train = train;
        this.test = test;
        this.fingerprint = Integer.toHexString(31 * Arrays.hashCode(train.floats()) + Arrays.hashCode(test.floats()));
    }

    /**
     * What to call it.
     *
     * @return name with binarisation and number of images
     */
    public String name() {
        return name + ", " + train.shape().dim(0) + " training and "
                + test.shape().dim(0) + " test images of " + height + " x " + width;
    }

    /**
     * Tells sets apart that have the same name.
     *
     * @return hash of the pixels
     */
    public String fingerprint() {
        return fingerprint;
    }

    /**
     * Rows of an image.
     *
     * @return height
     */
    public int height() {
        return height;
    }

    /**
     * Columns of an image.
     *
     * @return width
     */
    public int width() {
        return width;
    }

    /**
     * Pixels of an image.
     *
     * @return height times width
     */
    public int pixels() {
        return height * width;
    }

    /**
     * The images to learn from.
     *
     * @return [N, pixels], not a copy
     */
    public HostArray train() {
        return train;
    }

    /**
     * The images kept back.
     *
     * @return [M, pixels], not a copy
     */
    public HostArray test() {
        return test;
    }

    /**
     * The log-likelihood of the test images if all pixels were independent: what any model must beat.
     *
     * @return mean over test images, nats; frequencies from the training images, one image added of each colour
     */
    public double independentPixels() {
        int n = train.shape().dim(0);
        int m = test.shape().dim(0);
        int d = pixels();
        double[] on = new double[d];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                on[j] += train.floats()[i * d + j];
            }
        }
        double sum = 0;
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < d; j++) {
                double p = (on[j] + 1) / (n + 2);
                sum += Math.log(test.floats()[i * d + j] > 0 ? p : 1 - p);
            }
        }
        return sum / m;
    }

    /**
     * Some rows, spread evenly over the whole.
     *
     * @param images [N, pixels]
     * @param count how many; all if there are fewer
     * @return a copy [min(count, N), pixels]
     */
    public static HostArray some(HostArray images, int count) {
        int n = images.shape().dim(0);
        int d = images.shape().dim(1);
        int k = Math.min(count, n);
        float[] out = new float[k * d];
        for (int i = 0; i < k; i++) {
            System.arraycopy(images.floats(), (int) ((long) i * n / k) * d, out, i * d, d);
        }
        return HostArray.wrap(out, Shape.of(k, d));
    }

    @Override
    public String toString() {
        return name();
    }
}
