package org.amortis.bench.targets;

import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.mc.Target;
import org.amortis.mc.target.HostData;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Paths in time seen with noise, the middle third not seen; as in inference_gym of TensorFlow Probability. */
final class Series {
    private static final int STEPS = 30;
    private static final double LOG_2PI = Math.log(2 * Math.PI);

    private Series() {}

    /**
     * Brownian motion of unknown innovation and observation noise: coordinates (z1, z2, x_0..x_29), standard deviations
     * softplus(z) with priors LogNormal(0, 2). Unbounded where x = 0 and z1 falls: it has no maximum to start from.
     */
    static Target brownian(String name) {
        double[] y = new double[STEPS];
        HostData seen = seen(1, y);
        HostData observed = HostData.of(Shape.of(STEPS), y);
        double count = 20;
        double constant = (STEPS + count) * LOG_2PI / 2 + 2 * (Math.log(2) + LOG_2PI / 2);
        return Target.of(name, STEPS + 2, z -> {
            Tensor s = z.slice(-1, 0, 2);
            Tensor log = logSoftplus(s);
            Tensor prior = s.logSigmoid().sub(log).sub(log.square().mul(0.125)).sum(-1);
            Tensor x = z.slice(-1, 2, STEPS + 2);
            Tensor before = Tensors.pad(z.slice(-1, 2, STEPS + 1), -1, 1, 0, 0);
            // in two factors: 1 / s alone is infinite in float32 where 0 / s is still 0
            Tensor root = log.mul(-0.5).exp();
            Tensor r1 = root.slice(-1, 0, 1);
            Tensor r2 = root.slice(-1, 1, 2);
            Tensor steps = x.sub(before).mul(r1).mul(r1);
            Tensor errors = observed.like(z).sub(x).mul(r2).mul(r2).mul(seen.like(z));
            return steps.square()
                    .add(errors.square())
                    .sum(-1)
                    .mul(-0.5)
                    .sub(log.at(-1, 0).mul(STEPS))
                    .sub(log.at(-1, 1).mul(count))
                    .add(prior)
                    .sub(constant);
        });
    }

    /** log softplus(x), also where softplus(x) is below the smallest number. */
    private static Tensor logSoftplus(Tensor x) {
        Tensor e = x.minimum(-15).exp();
        // log log1p(e) = log e - e / 2 + 5 e^2 / 24 - ..
        Tensor far = x.sub(e.mul(0.5)).add(e.square().mul(5.0 / 24));
        return Tensors.where(x.lt(-15), far, x.maximum(-15).softplus().log());
    }

    /** Lorenz's system in steps of 0.02 with noise 0.1 sqrt(0.02), the first coordinate seen with noise 1. */
    static Target lorenz(String name) {
        double[] y = new double[STEPS];
        HostData seen = seen(2, y);
        HostData observed = HostData.of(Shape.of(STEPS), y);
        double h = 0.02;
        double noise = 0.1 * Math.sqrt(h);
        double constant = (3 * STEPS + 20) * LOG_2PI / 2 + 3 * (STEPS - 1) * Math.log(noise);
        return Target.of(name, 3 * STEPS, z -> {
            Shape lead = z.shape().drop(-1);
            Tensor states = z.reshape(lead.concat(Shape.of(STEPS, 3)));
            Tensor p = states.slice(-2, 0, STEPS - 1);
            Tensor x = p.at(-1, 0);
            Tensor yy = p.at(-1, 1);
            Tensor w = p.at(-1, 2);
            Tensor drift = Tensors.stack(
                    -1, yy.sub(x).mul(10), x.mul(w.rsub(28)).sub(yy), x.mul(yy).sub(w.mul(8.0 / 3)));
            Tensor steps = states.slice(-2, 1, STEPS).sub(p).sub(drift.mul(h)).mul(1 / noise);
            Tensor errors = observed.like(z).sub(states.at(-1, 0)).mul(seen.like(z));
            return steps.square()
                    .sum(-2, -1)
                    .add(errors.square().sum(-1))
                    .add(states.at(-2, 0).square().sum(-1))
                    .mul(-0.5)
                    .sub(constant);
        });
    }

    /** 1 where a number was observed; y becomes the observations, 0 where there is none. */
    private static HostData seen(int column, double[] y) {
        HostArray table = TargetData.SERIES.read();
        double[] m = new double[STEPS];
        for (int t = 0; t < STEPS; t++) {
            boolean known = !Double.isNaN(table.at(t, column));
            m[t] = known ? 1 : 0;
            y[t] = known ? table.at(t, column) : 0;
        }
        return HostData.of(Shape.of(STEPS), m);
    }
}
