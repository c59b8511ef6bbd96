package org.amortis.mc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.amortis.array.AmortisException;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.runtime.Device;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each transition keeps the law it should keep: the target, or for those that never reject another known one. */
final class TransitionsTest {
    private static final int CHAINS = 3000;
    private static final LogDensity QUARTIC = z -> z.square().square().sum(-1).mul(-0.25);

    /** A normal of mean 1 and deviation 2. */
    private static final LogDensity NORMAL = z -> z.sub(1).square().sum(-1).mul(-0.125);

    /** The same, seen through one of four data times four: gradients have a noise of variance 16 * 1.25 / 256. */
    private static final StochasticLogDensity NOISY = (z, key) -> {
        Tensor which = Random.integers(key, 4, Shape.of(CHAINS)).cast(z.dtype());
        return z.sub(which.sub(0.5).expandDims(-1)).square().sum(-1).mul(-0.125);
    };

    static Stream<Arguments> exact() {
        return Stream.of(
                Arguments.of(Hmc.of(3), .6),
                Arguments.of(Hmc.mala(), 1.2),
                Arguments.of(Nuts.standard().maxDepth(4), .7),
                Arguments.of(Nuts.standard().maxDepth(2), .3),
                Arguments.of(Slice.standard(), 1.),
                Arguments.of(new Slice(0, 50), 3.),
                Arguments.of(new Slice(3, 50), .3));
    }

    /**
     * Chains that start in the target stay in it. exp(-z^4/4) has E z^2 = 2 gamma(3/4) / gamma(1/4) = 0.675978240067285
     * and E z^4 = 1; the standard deviations of z^2 and z^4 are .737 and sqrt(E z^8 - 1) = 2. A diagonal metric of (.5, 2)
     * is no symmetry of the target.
     */
    @ParameterizedTest
    @MethodSource("exact")
    void leavesTheTargetInvariant(Transition t, double step) {
        double[] start = new double[2 * CHAINS];
        java.util.Random random = new java.util.Random(4);
        for (int i = 0; i < start.length; ) {
            // by rejection from a normal: exp(-z^4/4 + z^2/2 - 1/4) <= 1
            double z = random.nextGaussian();
            if (random.nextDouble() < Math.exp(-z * z * z * z / 4 + z * z / 2 - .25)) {
                start[i++] = z;
            }
        }
        double[] z = run(QUARTIC, t, step, 3, HostArray.wrap(start, Shape.of(CHAINS, 2)), DType.F64);
        double moved = 0;
        for (int i = 0; i < z.length; i++) {
            moved += (z[i] - start[i]) * (z[i] - start[i]) / z.length;
        }
        assertTrue(moved > .3, "the chains move: " + moved);
        for (int k = 0; k < 2; k++) {
            double[] m = new double[4];
            for (int c = 0; c < CHAINS; c++) {
                double x = z[2 * c + k];
                m[0] += x / CHAINS;
                m[1] += x * x / CHAINS;
                m[2] += x * x * x * x / CHAINS;
                m[3] += z[2 * c] * z[2 * c + 1] / CHAINS;
            }
            double e = 4.5 / Math.sqrt(CHAINS);
            assertEquals(0, m[0], e * .822);
            assertEquals(.675978240067285, m[1], e * .737);
            assertEquals(1, m[2], e * 2);
            assertEquals(0, m[3], e * .676);
        }
    }

    private static double[] run(LogDensity f, Transition t, double step, int moves, HostArray start, DType dtype) {
        int d = start.shape().dim(1);
        try (Device device = Device.builder().threads(1).build()) {
            SamplerSettings s = SamplerSettings.of(CHAINS, 0, moves, 21).stepSize(step);
            Sampler sampler =
                    Sampler.of(f, dtype, d, t, s.mass(Metric.Kind.UNIT), device).start(start);
            sampler.run();
            return sampler.positions().toDoubles();
        }
    }

    /** Variance of v + x of a chain x' = a x + b v + .., by the moments of its linear steps. */
    private static double sghmc(double e, double friction, int steps, double noise) {
        double xx = 4;
        for (int k = 0; k < 400; k++) {
            double xv = 0;
            double vv = e;
            for (int i = 0; i < steps; i++) {
                // x = x + v, then v = (1 - friction) v - e x / 4 + noise
                double x2 = xx + 2 * xv + vv;
                double c = xv + vv;
                double f = 1 - friction;
                double g = -e / 4;
                xx = x2;
                xv = f * c + g * x2;
                vv = f * f * vv + 2 * f * g * c + g * g * x2 + 2 * friction * e + e * e * noise;
            }
        }
        return xx;
    }

    static Stream<Arguments> unadjusted() {
        double noise = 1.25 / 16;
        return Stream.of(
                Arguments.of(new Ula(), 1.5, 4 / (1 - 1.5 * 1.5 / 16), DType.F64),
                Arguments.of(
                        Sgld.constant(NOISY),
                        2.5,
                        (2.5 + 6.25 / 4 * noise) / (1 - Math.pow(1 - 2.5 / 8, 2)),
                        DType.F64),
                Arguments.of(new Sghmc(NOISY, 4, .2), .8, sghmc(.8, .2, 4, noise), DType.F32));
    }

    /** Variances of the unadjusted chains are known on a normal; each is some percent from that of the target. */
    @ParameterizedTest
    @MethodSource("unadjusted")
    void unadjustedChainsHaveTheirOwnLaw(Transition t, double step, double variance, DType dtype) {
        double[] z = run(NORMAL, t, step, 25, HostArray.zeros(DType.F64, Shape.of(CHAINS, 1)), dtype);
        double m = 0;
        double v = 0;
        for (double x : z) {
            m += x / CHAINS;
        }
        for (double x : z) {
            v += (x - m) * (x - m) / CHAINS;
        }
        assertEquals(1, m, 4.5 * Math.sqrt(variance / CHAINS));
        assertEquals(variance, v, 4.5 * variance * Math.sqrt(2. / CHAINS));
        assertTrue(Math.abs(variance - 4) > 2 * variance * Math.sqrt(2. / CHAINS), "not the target's: " + variance);
    }

    @Test
    void stepsOfTheSchedule() {
        Sgld s = new Sgld(NOISY, 10, .55);
        assertEquals(.3, s.scheduled(.3, 0));
        assertEquals(.3 * Math.pow(2, -.55), s.scheduled(.3, 10), 1e-15);
        assertEquals(.3, Sgld.constant(NOISY).scheduled(.3, 10));
    }

    /** A step twice beyond the stable one: the chains leave the numbers, and the last finite positions are kept. */
    @Test
    void anExplodingChainIsNamed() {
        LogDensity stiff = z -> z.square().square().sum(-1).neg();
        try (Device device = Device.builder().threads(1).build()) {
            SamplerSettings s =
                    SamplerSettings.of(3, 0, 100, 2).mass(Metric.Kind.UNIT).stepSize(1);
            Sampler sampler = Sampler.of(stiff, DType.F32, 1, new Ula(), s, device)
                    .start(HostArray.wrap(new double[] {.1, 9, .2}, Shape.of(3, 1)));
            String text = assertThrows(NonFiniteException.class, sampler::run).getMessage();
            assertTrue(text.contains("transition=" + (sampler.transitions() + 1)) && text.contains("chain=1"), text);
            for (double x : sampler.positions().toDoubles()) {
                assertTrue(Double.isFinite(x));
            }
        }
    }

    @Test
    void badInputIsNamed() {
        assertThrows(PlanException.class, () -> new Slice(-1, 5));
        assertThrows(PlanException.class, () -> new Sghmc(NOISY, 0, .1));
        assertThrows(PlanException.class, () -> new Sgld(NOISY, 0, .1));
        LogDensity constant = z -> Tensors.zeros(z.dtype(), z.shape().drop(-1));
        SamplerSettings s = SamplerSettings.of(2, 10, 10, 2);
        try (Device device = Device.builder().threads(1).build()) {
            assertThrows(AmortisException.class, () -> Sampler.of(constant, DType.F64, 1, Hmc.of(2), s, device));
            String text = assertThrows(
                            PlanException.class, () -> Sampler.of(NORMAL, DType.F64, 1, new Ula(), s, device))
                    .getMessage();
            assertTrue(text.contains("step size"), text);
        }
    }
}
