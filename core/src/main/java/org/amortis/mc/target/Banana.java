package org.amortis.mc.target;

import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.mc.LogZ;
import org.amortis.mc.Target;
import org.amortis.mc.TargetMoments;
import org.amortis.tensor.Tensor;

/** A bent Gaussian of the plane: x_1 ~ N(0, 10^2), x_2 ~ N(b (x_1^2 - 100), 1) given it. Normalised. */
public final class Banana {
    private static final double STD = 10;

    private Banana() {}

    /**
     * The target.
     *
     * @param name name
     * @param curvature b; 0.03 in published comparisons
     * @return the target
     */
    public static Target of(String name, double curvature) {
        double constant = Gaussian.LOG_2PI + Math.log(STD);
        // Var x_1^2 = 2 * 100^2
        double std = Math.sqrt(1 + curvature * curvature * 2 * STD * STD * STD * STD);
        return Target.of(name, 2, z -> {
                    Tensor x = z.at(-1, 0);
                    Tensor y = z.at(-1, 1).sub(x.square().sub(STD * STD).mul(curvature));
                    return y.square().add(x.mul(1 / STD).square()).mul(-0.5).sub(constant);
                })
                .logZ(LogZ.exact(0))
                .moments(TargetMoments.exact(new double[2], new double[] {STD, std}))
                .sampler((n, seed) -> {
                    double[] x = Gaussian.noise(2 * n, seed);
                    for (int i = 0; i < n; i++) {
                        x[2 * i] *= STD;
                        x[2 * i + 1] += curvature * (x[2 * i] * x[2 * i] - STD * STD);
                    }
                    return HostArray.wrap(x, Shape.of(n, 2));
                });
    }
}
