package org.amortis.bench.targets;

import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.math.SpecialFunctions;
import org.amortis.mc.LogZ;
import org.amortis.mc.Target;
import org.amortis.mc.target.HostData;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Germination of seeds (Crowder 1978) by logistic regression with an effect of each plate: coordinates a0, a1, a12, a2, the
 * 21 effects b and u = log tau, priors N(0, 10), N(0, 1 / sqrt(tau)) and Gamma(0.01, rate 0.01).
 */
final class Seeds {
    private static final int PLATES = 21;
    private static final int FIXED = 4;
    private static final int D = FIXED + PLATES + 1;
    private static final double HYPER = 0.01;
    private static final double WIDE = 10;

    private Seeds() {}

    static Target of(String name) {
        HostArray table = TargetData.SEEDS.read();
        double[] design = new double[PLATES * D];
        double[] heads = new double[PLATES];
        double[] trials = new double[PLATES];
        double log2Pi = Math.log(2 * Math.PI);
        double constant = HYPER * Math.log(HYPER) - SpecialFunctions.lgamma(HYPER);
        constant -= FIXED * (Math.log(WIDE) + log2Pi / 2) + PLATES * log2Pi / 2;
        for (int j = 0; j < PLATES; j++) {
            double r = table.at(j, 0);
            double n = table.at(j, 1);
            double x1 = table.at(j, 2);
            double x2 = table.at(j, 3);
            design[j * D] = 1;
            design[j * D + 1] = x1;
            design[j * D + 2] = x1 * x2;
            design[j * D + 3] = x2;
            design[j * D + FIXED + j] = 1;
            heads[j] = r;
            trials[j] = n;
            constant += SpecialFunctions.lgamma(n + 1)
                    - SpecialFunctions.lgamma(r + 1)
                    - SpecialFunctions.lgamma(n - r + 1);
        }
        HostData x = HostData.of(Shape.of(PLATES, D), design);
        HostData r = HostData.of(Shape.of(PLATES), heads);
        HostData n = HostData.of(Shape.of(PLATES), trials);
        double c = constant;
        return Target.of(name, D, z -> {
                    Tensor rows = z.shape().rank() == 2 ? z : z.reshape(-1, D);
                    Tensor l = Tensors.matmul(rows, x.like(z), false, true);
                    Tensor fit =
                            r.like(z).mul(l).sub(n.like(z).mul(l.softplus())).sum(-1);
                    Tensor a = rows.slice(-1, 0, FIXED).square().sum(-1).mul(0.5 / (WIDE * WIDE));
                    Tensor b = rows.slice(-1, FIXED, D - 1).square().sum(-1).mul(0.5);
                    Tensor u = rows.at(-1, D - 1);
                    return fit.sub(a)
                            .sub(b.add(HYPER).mul(u.exp()))
                            .add(u.mul(HYPER + PLATES / 2.0))
                            .add(c)
                            .reshape(z.shape().drop(-1));
                })
                .logZ(LogZ.reference(-73.409, 0.006));
    }
}
