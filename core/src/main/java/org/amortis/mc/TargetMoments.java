package org.amortis.mc;

import org.amortis.array.HostArray;
import org.amortis.array.ShapeException;

/**
 * Means and standard deviations of the coordinates of a target.
 *
 * @param mean F64 [d]
 * @param std F64 [d], standard deviations of the target and not errors
 * @param meanError F64 [d], standard errors of the means; zeros where they are exact
 * @param stdError F64 [d], standard errors of the standard deviations; zeros where they are exact
 */
public record TargetMoments(HostArray mean, HostArray std, HostArray meanError, HostArray stdError) {
    /** Checks that the lengths agree. */
    public TargetMoments {
        if (mean.shape().rank() != 1
                || !mean.shape().equals(std.shape())
                || !mean.shape().equals(meanError.shape())
                || !mean.shape().equals(stdError.shape())) {
            throw new ShapeException("moments(mean=" + mean.shape() + ", std=" + std.shape() + ", meanError="
                    + meanError.shape() + ", stdError=" + stdError.shape() + "): needs four vectors of one length");
        }
    }

    /**
     * Moments that are known.
     *
     * @param mean one for each coordinate
     * @param std one for each coordinate
     * @return exact moments
     */
    public static TargetMoments exact(double[] mean, double[] std) {
        return new TargetMoments(
                HostArray.of(mean.clone()),
                HostArray.of(std.clone()),
                HostArray.of(new double[mean.length]),
                HostArray.of(new double[mean.length]));
    }
}
