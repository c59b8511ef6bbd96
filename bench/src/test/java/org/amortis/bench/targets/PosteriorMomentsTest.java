package org.amortis.bench.targets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amortis.array.DType;
import org.amortis.diagnose.ChainSummary;
import org.amortis.mc.Hmc;
import org.amortis.mc.Nuts;
import org.amortis.mc.Sampler;
import org.amortis.mc.SamplerSettings;
import org.amortis.mc.Samples;
import org.amortis.mc.Target;
import org.amortis.mc.TargetMoments;
import org.amortis.mc.Transition;
import org.amortis.runtime.Device;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Posterior moments by the samplers, beside long runs of another program and, for the funnel, beside formulas. */
class PosteriorMomentsTest {
    /**
     * Distances in standard errors of both together. Of some 60 means or deviations one is beyond four in 250 runs; of
     * 200 effective draws the error itself is known to 5% or 10%.
     */
    private static final double ERRORS = 4.5;

    @ParameterizedTest
    @CsvSource({
        "gaussian,hmc,200",
        "funnel-noncentred,nuts,200",
        "seeds,hmc,200",
        "seeds,nuts,200",
        "sonar,hmc,200",
        "sonar,nuts,100"
    })
    void withinMonteCarloError(String name, String method, int draws) {
        Target t = BenchTargets.named(name);
        Transition transition = method.equals("nuts") ? Nuts.standard() : Hmc.of(10);
        TargetMoments known = t.moments().orElseThrow();
        try (Device device = Device.builder().threads(1).build()) {
            Samples s = Sampler.of(
                            t, DType.F64, t.dimension(), transition, SamplerSettings.of(8, 150, draws, 5), device)
                    .start(1)
                    .run();
            for (int i = 0; i < t.dimension(); i++) {
                ChainSummary c = ChainSummary.of(s.coordinate(i));
                String what = name + " " + method + " x" + (i + 1);
                assertTrue(c.rHat() < 1.1, what + " R-hat " + c.rHat());
                double error = Math.hypot(c.meanError(), known.meanError().get(i));
                assertEquals(known.mean().get(i), c.mean(), ERRORS * error, what + " mean");
                error = Math.hypot(c.stdError(), known.stdError().get(i));
                assertEquals(known.std().get(i), c.std(), ERRORS * error, what + " std");
                // so that a large error does not hide a wrong mean
                assertTrue(c.meanError() < .15 * known.std().get(i), what + " error " + c.meanError());
            }
        }
    }
}
