package org.amortis.mc.target;

import java.util.List;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.mc.Target;

/** The targets that need no data, as published comparisons define them. */
public final class Targets {
    /** By name. */
    public static final TargetTable TABLE = TargetTable.of(Map.ofEntries(
            Map.entry("gaussian", Targets::gaussian),
            Map.entry("gmm1d", Targets::gmm1d),
            Map.entry("gmm-2d", Targets::gmm2d),
            Map.entry("many-well", () -> Wells.symmetric("many-well", 50, 5, 2)),
            Map.entry("many-well-5", () -> Wells.symmetric("many-well-5", 5, 5, 4)),
            Map.entry("fab-many-well", () -> Wells.pairs("fab-many-well", 16)),
            Map.entry("funnel", () -> Funnel.centred("funnel", 10)),
            Map.entry("funnel-noncentred", () -> Funnel.nonCentred("funnel-noncentred", 10)),
            Map.entry("banana", () -> Banana.of("banana", 0.03)),
            Map.entry("eight-schools", () -> Schools.eight().centred("eight-schools")),
            Map.entry("eight-schools-noncentred", () -> Schools.eight().nonCentred("eight-schools-noncentred"))));

    private Targets() {}

    /**
     * A target of {@link #TABLE}.
     *
     * @param name name
     * @return the target
     */
    public static Target named(String name) {
        return TABLE.named(name);
    }

    /** Ten correlated coordinates: standard deviations from 0.1 to 10 in equal ratios, correlations 0.5^|i - j|. */
    private static Target gaussian() {
        int d = 10;
        double[] mean = new double[d];
        double[] covariance = new double[d * d];
        for (int i = 0; i < d; i++) {
            mean[i] = i % 3 - 1;
            for (int j = 0; j < d; j++) {
                covariance[i * d + j] = Math.pow(1e4, (i + j) / 18.0 - 0.5) * Math.pow(0.5, Math.abs(i - j));
            }
        }
        return Gaussian.of("gaussian", HostArray.of(mean), HostArray.wrap(covariance, Shape.of(d, d)));
    }

    private static Target gmm1d() {
        return Mixtures.diagonal(
                "gmm1d",
                HostArray.of(-3, 0.5, 1.5, 2.5).reshape(Shape.of(4, 1)),
                HostArray.of(0.5, 0.6, 0.3, 0.4).reshape(Shape.of(4, 1)));
    }

    /** Three Gaussians and their mirror images. */
    private static Target gmm2d() {
        HostArray flat = matrix(0.7, 0, 0.05);
        HostArray upright = matrix(0.05, 0, 0.7);
        HostArray oblique = matrix(1, 0.95, 1);
        return Mixtures.full(
                "gmm-2d",
                HostArray.wrap(new double[] {3, 0, -2.5, 0, 2, 3, 0, 3, 0, -2.5, 3, 2}, Shape.of(6, 2)),
                List.of(flat, flat, oblique, upright, upright, oblique));
    }

    private static HostArray matrix(double a, double b, double c) {
        return HostArray.wrap(new double[] {a, b, b, c}, Shape.of(2, 2));
    }
}
