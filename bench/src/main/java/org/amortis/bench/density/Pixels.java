package org.amortis.bench.density;

import java.util.random.RandomGenerator;
import org.amortis.array.HostArray;
import org.amortis.tensor.Tensor;

/**
 * What makes a density of whole numbers: x = (v + u) / levels with u uniform on [0, 1), and then its logit with a margin m,
 * log s - log(1 - s) with s = m + (1 - 2m) x, if the margin is not 0.
 *
 * @param levels numbers are 0 to levels - 1
 * @param margin of the logit; 0 for none
 */
record Pixels(int levels, double margin) {
    double of(double v, double u) {
        double x = (v + u) / levels;
        if (margin == 0) {
            return x;
        }
        return Math.log(margin + (1 - 2 * margin) * x)
                - Math.log(margin + (1 - 2 * margin) * ((levels - v - u) / levels));
    }

    /** The same as a formula, with 1 - x from levels - v, which float32 holds exactly. */
    Tensor of(Tensor v, Tensor u) {
        Tensor x = v.add(u).mul(1.0 / levels);
        if (margin == 0) {
            return x;
        }
        double slope = 1 - 2 * margin;
        Tensor rest = v.rsub(levels).sub(u).mul(1.0 / levels);
        return x.mul(slope).add(margin).log().sub(rest.mul(slope).add(margin).log());
    }

    /** Adds noise to whole numbers, in double. */
    HostArray of(HostArray v, RandomGenerator r) {
        float[] x = new float[v.shape().size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) of(v.get(i), r.nextDouble());
        }
        return HostArray.wrap(x, v.shape());
    }

    /** From values back to brightness, 0 to 1. */
    double brightness(double x) {
        double s = margin == 0 ? x : (1 / (1 + Math.exp(-x)) - margin) / (1 - 2 * margin);
        return Math.clamp((s * levels - 0.5) / (levels - 1.0), 0, 1);
    }

    /**
     * Bits a dimension of the whole numbers themselves.
     *
     * @param logLikelihood of the row, nats
     * @param x rows of values
     * @param row which
     */
    double bits(double logLikelihood, HostArray x, int row) {
        int d = x.shape().dim(1);
        double bits = -logLikelihood / (d * Math.log(2)) + Math.log(levels) / Math.log(2);
        if (margin > 0) {
            double sum = 0;
            for (int j = 0; j < d; j++) {
                double y = x.get(row * d + j);
                // log s + log(1 - s) of the logit y
                sum -= Math.abs(y) + 2 * Math.log1p(Math.exp(-Math.abs(y)));
            }
            bits += sum / (d * Math.log(2)) - Math.log(1 - 2 * margin) / Math.log(2);
        }
        return bits;
    }
}
