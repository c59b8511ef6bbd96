package org.amortis.mc.target;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.mc.LogZ;
import org.amortis.mc.Target;
import org.amortis.mc.TargetMoments;
import org.amortis.tensor.Tensor;

/** Products of double wells: 2^m modes. Not normalised. */
public final class Wells {
    private static final int LISTED_MODES = 12;

    private Wells() {}

    /**
     * log g = -sum over the first m coordinates of (x^2 - delta)^2 - |rest|^2 / 2.
     *
     * @param name name
     * @param d coordinates
     * @param m how many of them have two wells
     * @param delta the wells are at +-sqrt(delta)
     * @return the target; its modes are listed for m up to 12
     */
    public static Target symmetric(String name, int d, int m, double delta) {
        Check.atLeast("wells", "m", m, 1);
        Check.atLeast("wells", "d", d, m);
        Check.positive("wells", "delta", delta);
        double reach = Math.sqrt(delta + 30);
        Line well = new Line(x -> -(x * x - delta) * (x * x - delta), -reach, reach);
        double[] std = new double[d];
        Arrays.fill(std, 0, m, well.std());
        Arrays.fill(std, m, d, 1);
        Target t = Target.of(name, d, z -> {
                    Tensor wells = z.slice(-1, 0, m)
                            .square()
                            .sub(delta)
                            .square()
                            .sum(-1)
                            .neg();
                    return d == m
                            ? wells
                            : wells.sub(z.slice(-1, m, d).square().sum(-1).mul(0.5));
                })
                .logZ(LogZ.exact(m * well.logZ() + (d - m) * Gaussian.LOG_2PI / 2))
                .moments(TargetMoments.exact(new double[d], std))
                .sampler((n, seed) -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    double[] x = new double[n * d];
                    for (int i = 0; i < n * d; i++) {
                        x[i] = i % d < m ? well.draw(random) : random.nextGaussian();
                    }
                    return HostArray.wrap(x, Shape.of(n, d));
                });
        return m <= LISTED_MODES ? t.modes(corners(d, m, Math.sqrt(delta))) : t;
    }

    private static HostArray corners(int d, int m, double at) {
        double[] x = new double[(1 << m) * d];
        for (int i = 0; i < 1 << m; i++) {
            for (int j = 0; j < m; j++) {
                x[i * d + j] = (i >> j & 1) == 0 ? -at : at;
            }
        }
        return HostArray.wrap(x, Shape.of(1 << m, d));
    }

    /**
     * Pairs (u, v) side by side, each with log density -u^4 + 6 u^2 + u/2 - v^2/2: unequal wells. Published with 16 pairs
     * by Midgley and others, "Flow annealed importance sampling bootstrap", 2023.
     *
     * @param name name
     * @param pairs number of pairs; the target has twice as many coordinates
     * @return the target
     */
    public static Target pairs(String name, int pairs) {
        Check.atLeast("wells", "pairs", pairs, 1);
        int d = 2 * pairs;
        Line well = new Line(u -> ((6 - u * u) * u + 0.5) * u, -4.5, 4.5);
        double[] quartic = new double[d];
        double[] square = new double[d];
        double[] linear = new double[d];
        double[] mean = new double[d];
        double[] std = new double[d];
        for (int i = 0; i < d; i++) {
            boolean u = i % 2 == 0;
            quartic[i] = u ? -1 : 0;
            square[i] = u ? 6 : -0.5;
            linear[i] = u ? 0.5 : 0;
            mean[i] = u ? well.mean(x -> x) : 0;
            std[i] = u ? well.std() : 1;
        }
        HostData a = HostData.of(Shape.of(d), quartic);
        HostData b = HostData.of(Shape.of(d), square);
        HostData c = HostData.of(Shape.of(d), linear);
        return Target.of(name, d, z -> {
                    Tensor s = z.square();
                    return a.like(z)
                            .mul(s)
                            .add(b.like(z))
                            .mul(s)
                            .add(c.like(z).mul(z))
                            .sum(-1);
                })
                .logZ(LogZ.exact(pairs * (well.logZ() + Gaussian.LOG_2PI / 2)))
                .moments(TargetMoments.exact(mean, std))
                .sampler((n, seed) -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    double[] x = new double[n * d];
                    for (int i = 0; i < n * d; i++) {
                        x[i] = i % 2 == 0 ? well.draw(random) : random.nextGaussian();
                    }
                    return HostArray.wrap(x, Shape.of(n, d));
                });
    }
}
