package org.amortis.langevin;

import java.util.Random;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.dist.Independent;
import org.amortis.dist.Normal;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.vi.Context;
import org.amortis.vi.LatentModel;

/**
 * z standard normal in the plane, y = a z + noise of deviation 1/2 for rows (a_1, a_2, y) of a set: posteriors are Gaussian
 * with correlations, and evidences are known.
 */
final class Regression implements LatentModel {
    static final int MOST = 20;
    private static final double[] SIZES = {0, 1, 5, 20};
    private static final double VARIANCE = .25;

    @Override
    public int latentSize() {
        return 2;
    }

    @Override
    public Distribution prior(Weights p) {
        return Independent.of(Normal.standard(p.dtype(), Shape.of(2)));
    }

    @Override
    public Tensor logLikelihood(Weights p, Context context, Tensor z) {
        Tensor[] ay = context.data().split(-1, 2, 1);
        // [n, B, 1, 2] by [B, N, 2]
        Tensor mean = z.expandDims(-2).mul(ay[0]).sum(-1);
        Tensor e = ay[1].reshape(ay[1].shape().drop(-1)).sub(mean);
        Tensor l = e.square().div(-2 * VARIANCE).sub(.5 * Math.log(2 * Math.PI * VARIANCE));
        return l.mul(context.get(TaskEncoder.MASK).cast(z.dtype())).sum(-1);
    }

    /** Tasks of 0, 1, 5 or 20 rows in turn. */
    static Context tasks(Key key, DType type, int b) {
        Tensor size = Tensors.constant(
                        HostArray.wrap(SIZES.clone(), Shape.of(4)).cast(type))
                .gather(0, org.amortis.tensor.Random.integers(key.fold("size"), 4, Shape.of(b)));
        Tensor z = org.amortis.tensor.Random.normal(key.fold("z"), type, Shape.of(b, 1, 2));
        Tensor a = org.amortis.tensor.Random.normal(key.fold("a"), type, Shape.of(b, MOST, 2));
        Tensor noise = org.amortis.tensor.Random.normal(key.fold("noise"), type, Shape.of(b, MOST, 1));
        Tensor y = a.mul(z).sum(-1).expandDims(-1).add(noise.mul(Math.sqrt(VARIANCE)));
        Tensor row = Tensors.iota(Shape.of(b, MOST), 1).cast(type);
        return Context.of(Tensors.concat(-1, a, y)).with(TaskEncoder.MASK, row.lt(size.expandDims(-1)));
    }

    /** One task on the host: rows (a_1, a_2, y). */
    static double[][] task(int n, long seed) {
        Random r = new Random(seed);
        double z1 = r.nextGaussian();
        double z2 = r.nextGaussian();
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            double a = r.nextGaussian();
            double b = r.nextGaussian();
            rows[i] = new double[] {a, b, a * z1 + b * z2 + Math.sqrt(VARIANCE) * r.nextGaussian()};
        }
        return rows;
    }

    /** log p(y), by the determinant lemma. */
    static double logEvidence(double[][] rows) {
        double p11 = 1;
        double p12 = 0;
        double p22 = 1;
        double b1 = 0;
        double b2 = 0;
        double log = 0;
        for (double[] r : rows) {
            p11 += r[0] * r[0] / VARIANCE;
            p12 += r[0] * r[1] / VARIANCE;
            p22 += r[1] * r[1] / VARIANCE;
            b1 += r[0] * r[2] / VARIANCE;
            b2 += r[1] * r[2] / VARIANCE;
            log -= .5 * (Math.log(2 * Math.PI * VARIANCE) + r[2] * r[2] / VARIANCE);
        }
        double det = p11 * p22 - p12 * p12;
        return log + .5 * (b1 * b1 * p22 - 2 * b1 * b2 * p12 + b2 * b2 * p11) / det - .5 * Math.log(det);
    }
}
