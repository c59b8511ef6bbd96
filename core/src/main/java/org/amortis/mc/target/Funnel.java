package org.amortis.mc.target;

import java.util.Arrays;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.mc.LogZ;
import org.amortis.mc.Target;
import org.amortis.mc.TargetMoments;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Neal's funnel ("Slice sampling", 2003): x_1 ~ N(0, 3^2), the others N(0, exp(x_1)) given it. Normalised. */
public final class Funnel {
    private static final double STD = 3;

    private Funnel() {}

    /**
     * As it stands.
     *
     * @param name name
     * @param d coordinates, at least 2
     * @return the target
     */
    public static Target centred(String name, int d) {
        Check.atLeast("funnel", "d", d, 2);
        double constant = d * Gaussian.LOG_2PI / 2 + Math.log(STD);
        double[] std = new double[d];
        // E exp(x_1) = exp(9/2)
        Arrays.fill(std, Math.exp(STD * STD / 4));
        std[0] = STD;
        return Target.of(name, d, z -> {
                    Tensor v = z.slice(-1, 0, 1);
                    Tensor e = z.slice(-1, 1, d).mul(v.mul(-0.5).exp());
                    Tensor first = v.reshape(z.shape().drop(-1));
                    return e.square()
                            .sum(-1)
                            .add(first.square().mul(1 / (STD * STD)))
                            .mul(-0.5)
                            .sub(first.mul((d - 1) / 2.0))
                            .sub(constant);
                })
                .logZ(LogZ.exact(0))
                .moments(TargetMoments.exact(new double[d], std))
                .sampler((n, seed) -> {
                    double[] x = Gaussian.noise(n * d, seed);
                    for (int i = 0; i < n; i++) {
                        x[i * d] *= STD;
                        for (int j = 1; j < d; j++) {
                            x[i * d + j] *= Math.exp(x[i * d] / 2);
                        }
                    }
                    return HostArray.wrap(x, Shape.of(n, d));
                });
    }

    /**
     * In coordinates (x_1, x_i exp(-x_1 / 2)), in which it is a Gaussian.
     *
     * @param name name
     * @param d coordinates, at least 2
     * @return the target
     */
    public static Target nonCentred(String name, int d) {
        Check.atLeast("funnel", "d", d, 2);
        double[] std = new double[d];
        Arrays.fill(std, 1);
        std[0] = STD;
        return Gaussian.diagonal(name, new double[d], std);
    }

    /**
     * From the coordinates of {@link #nonCentred} to those of {@link #centred}.
     *
     * @param z [.., d]
     * @return [.., d]
     */
    public static Tensor centre(Tensor z) {
        Tensor v = z.slice(-1, 0, 1);
        return Tensors.concat(
                -1, v, z.slice(-1, 1, z.shape().dim(-1)).mul(v.mul(0.5).exp()));
    }
}
