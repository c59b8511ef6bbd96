package org.amortis.bench.targets;

import java.util.Map;
import org.amortis.mc.LogZ;
import org.amortis.mc.Target;
import org.amortis.mc.target.Mixtures;
import org.amortis.mc.target.TargetTable;
import org.amortis.mc.target.Targets;

/** All targets by name: those of the library and those that carry data. Reference constants by annealed importance sampling. */
public final class BenchTargets {
    /** By name. */
    public static final TargetTable TABLE = Targets.TABLE.with(TargetTable.of(Map.ofEntries(
            Map.entry(
                    "sonar",
                    () -> Designs.standardised("sonar", TargetData.SONAR)
                            .logZ(LogZ.reference(-108.376, 0.002))
                            .moments(TargetData.MOMENTS_SONAR.moments())),
            Map.entry(
                    "ionosphere",
                    () -> Designs.standardised("ionosphere", TargetData.IONOSPHERE)
                            .logZ(LogZ.reference(-111.611, 0.009))),
            Map.entry(
                    "australian",
                    () -> Designs.standardised("australian", TargetData.AUSTRALIAN)
                            .logZ(LogZ.reference(-244.183, 0.006))),
            Map.entry("credit", () -> Designs.credit("credit", 10).logZ(LogZ.reference(-585.098, 0.003))),
            Map.entry(
                    "credit-no-prior",
                    () -> Designs.credit("credit-no-prior", Double.POSITIVE_INFINITY)
                            .logZ(LogZ.reference(-504.486, 0.003))),
            Map.entry("cancer", () -> Designs.cancer("cancer").logZ(LogZ.reference(-77.584, 0.014))),
            Map.entry("seeds", () -> Seeds.of("seeds").moments(TargetData.MOMENTS_SEEDS.moments())),
            Map.entry("brownian", () -> Series.brownian("brownian")),
            Map.entry("lorenz", () -> Series.lorenz("lorenz")),
            Map.entry("lgcp-a", () -> CoxProcess.whitened("lgcp-a", TargetData.PINES_A)),
            Map.entry("lgcp-a-field", () -> CoxProcess.field("lgcp-a-field", TargetData.PINES_A)),
            Map.entry("lgcp-b", () -> CoxProcess.whitened("lgcp-b", TargetData.PINES_B)),
            Map.entry("lgcp-b-field", () -> CoxProcess.field("lgcp-b-field", TargetData.PINES_B)),
            Map.entry("gmm40-2", () -> gmm40("gmm40-2", TargetData.GMM40_2)),
            Map.entry("gmm40-50", () -> gmm40("gmm40-50", TargetData.GMM40_50)),
            Map.entry("mos10-2", () -> mos10("mos10-2", TargetData.MOS10_2)),
            Map.entry("mos10-50", () -> mos10("mos10-50", TargetData.MOS10_50)))));

    private BenchTargets() {}

    /**
     * The target of a name.
     *
     * @param name one of the names of {@link #TABLE}
     * @return the target
     */
    public static Target named(String name) {
        return TABLE.named(name);
    }

    private static Target gmm40(String name, TargetData data) {
        return Mixtures.gaussians(name, data.read(), 1).scale(40);
    }

    private static Target mos10(String name, TargetData data) {
        return Mixtures.students(name, data.read()).scale(15);
    }
}
