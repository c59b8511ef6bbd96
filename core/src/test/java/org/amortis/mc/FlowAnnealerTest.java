package org.amortis.mc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.Independent;
import org.amortis.dist.LogDensity;
import org.amortis.dist.Normal;
import org.amortis.flow.ActNorm;
import org.amortis.flow.Flow;
import org.amortis.param.ParamSpec;
import org.amortis.runtime.Device;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FlowAnnealerTest {
    /** Far and narrow: mean 3, deviation 0.3. */
    private static final LogDensity FAR = z -> z.sub(3).div(.3).square().sum(-1).mul(-0.5);

    private static final double LOG_Z = Math.log(2 * Math.PI * .09);

    /**
     * From N(0, 1) to the target all temperatures are diagonal normals, which a scale and a shift map onto each other: the
     * weights become equal, and four temperatures give what four hundred do not without maps.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void scaleAndShiftMapsCarryAGaussian(boolean passes) {
        int n = 60;
        DType dtype = DType.F64;
        try (Device device = Device.builder().threads(1).build()) {
            ParamSpec spec = new ParamSpec(dtype);
            Flow flow = ActNorm.of(spec.at("map"), 2);
            Annealer plain = Annealer.of(
                    Independent.of(Normal.standard(dtype, Shape.of(2))),
                    FAR,
                    dtype,
                    Hmc.of(3),
                    AnnealerSettings.of(n, 3).mass(Metric.Kind.UNIT).moves(1).firstStep(.2),
                    device);
            FlowAnnealer f = FlowAnnealer.of(plain, 4, spec, flow::given, .05);
            double untrained = f.run(7).effective();
            if (passes) {
                double[] z = f.learnInPasses(100, 150);
                assertEquals(LOG_Z, z[149], .5);
            } else {
                f.learnOnce(100, 150);
            }
            Annealed a = f.run(1);
            assertTrue(a.effective() > .7, a + ", untrained " + untrained);
            assertTrue(a.acceptance() > .6 && a.acceptance() < .98, a.toString());
            LogNormaliser z = f.repeat(1, 8);
            assertEquals(LOG_Z, z.logZ(), 4.5 * z.standardError());
            assertTrue(z.standardError() < .08, z.toString());
            assertEquals(a.logZ(), f.run(1).logZ(), "same run, same bits");
        }
    }

    /** Maps thrown off by one step much too long: more noise, no bias. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F64"})
    void anyMapGivesTheNormaliser(DType dtype) {
        LogDensity near = z -> z.sub(.5).square().sum(-1).mul(-1.);
        try (Device device = Device.builder().threads(1).build()) {
            ParamSpec spec = new ParamSpec(dtype);
            Flow flow = ActNorm.of(spec.at("map"), 2);
            Annealer plain = Annealer.of(
                    Independent.of(Normal.standard(dtype, Shape.of(2))),
                    near,
                    dtype,
                    Hmc.of(3),
                    AnnealerSettings.of(100, 2).mass(Metric.Kind.UNIT),
                    device);
            FlowAnnealer f = FlowAnnealer.of(plain, 3, spec, flow::given, .4);
            f.learnInPasses(50, 1);
            LogNormaliser z = f.repeat(0, 10);
            assertEquals(Math.log(Math.PI), z.logZ(), 4.5 * z.standardError());
            assertTrue(z.standardError() > .01 && z.standardError() < .3, z.toString());
            ParamSpec other = new ParamSpec(dtype == DType.F32 ? DType.F64 : DType.F32);
            Flow single = ActNorm.of(other.at("map"), 2);
            assertThrows(PlanException.class, () -> FlowAnnealer.of(plain, 3, other, single::given, .01));
            assertThrows(PlanException.class, () -> FlowAnnealer.of(plain, 0, spec, flow::given, .01));
        }
    }
}
