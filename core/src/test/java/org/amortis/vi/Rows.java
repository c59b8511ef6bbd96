package org.amortis.vi;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.param.ParamSpec;
import org.amortis.param.Weights;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.vae.LinearGaussian;

/** A linear Gaussian model in float64 with constant weights, and many equal rows: each row is one repetition. */
final class Rows {
    final LinearGaussian model;
    final Weights p;
    final int n;

    private Rows(LinearGaussian model, Weights p, int n) {
        this.model = model;
        this.p = p;
        this.n = n;
    }

    static Rows of(int n, int d, double[] w, double[] b, double variance) {
        ParamSpec spec = new ParamSpec(DType.F64);
        LinearGaussian m = LinearGaussian.of(
                spec.at("model"),
                HostArray.wrap(w, Shape.of(b.length, d)),
                HostArray.wrap(b, Shape.of(b.length)),
                variance);
        spec.flat();
        return new Rows(m, spec.weights(Tensors.resident(Run.eval(spec.initialValue(Key.of(1))))), n);
    }

    /** Section 9.1: two latents, three observed. */
    static Rows plane(int n) {
        return of(n, 2, new double[] {1, .5, .3, -1, .8, .8}, new double[] {.1, -.2, 0}, .25);
    }

    static final double[] PLANE_X = {1, -.5, .7};

    Tensor rows(double... row) {
        double[] all = new double[n * row.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = row[i % row.length];
        }
        return Tensors.resident(HostArray.wrap(all, Shape.of(n, row.length)));
    }

    /** Mean and standard error of each column of [n, k]. */
    static double[][] columns(HostArray a) {
        int n = a.shape().dim(0);
        int k = a.shape().size() / n;
        double[][] r = new double[k][2];
        for (int j = 0; j < k; j++) {
            double s = 0;
            double s2 = 0;
            for (int i = 0; i < n; i++) {
                double v = a.get(i * k + j);
                s += v;
                s2 += v * v;
            }
            double m = s / n;
            r[j][0] = m;
            r[j][1] = Math.sqrt(Math.max(0, s2 / n - m * m) / (n - 1));
        }
        return r;
    }
}
