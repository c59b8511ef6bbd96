package org.amortis.mc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;

final class HmcTest {
    private static final LogDensity QUARTIC = z -> z.square().square().sum(-1).mul(-0.25);
    private static final LogDensity NORMAL = z -> z.square().sum(-1).mul(-0.5);

    private static Tensor scalar(double v) {
        return Tensors.fill(v, DType.F64, Shape.SCALAR);
    }

    private static double mean(HostArray a) {
        double s = 0;
        for (double v : a.toDoubles()) {
            s += v;
        }
        return s / a.shape().size();
    }

    /**
     * Chains that start in the target stay in it, for a step so large that many proposals are rejected. exp(-z^4/4) has
     * E z^2 = 2 gamma(3/4) / gamma(1/4) = 0.675978240067285 and E z^4 = 1.
     */
    @Test
    void leavesTheTargetInvariant() {
        int n = 40_000;
        double[] start = new double[n];
        java.util.Random random = new java.util.Random(4);
        for (int i = 0; i < n; ) {
            // by rejection from a normal: exp(-z^4/4 + z^2/2 - 1/4) <= 1
            double z = random.nextGaussian();
            if (random.nextDouble() < Math.exp(-z * z * z * z / 4 + z * z / 2 - .25)) {
                start[i++] = z;
            }
        }
        HmcSettings s = HmcSettings.prior().leapfrog(3).fixedStep(.5);
        Chains c = Chains.start(Tensors.resident(HostArray.wrap(start, Shape.of(n / 4, 4, 1))), List.of(QUARTIC), s);
        for (int k = 0; k < 3; k++) {
            c = Hmc.step(c, List.of(QUARTIC), List.of(scalar(1)), s, Key.of(9).fold(k));
        }
        Tensor z = c.z();
        List<HostArray> v = Run.eval(List.of(
                z.square(), z.square().square(), c.acceptance(), c.values().get(0)));
        // standard deviations of z^2 and z^4: sqrt(1 - .676^2), sqrt(E z^8 - 1) = 2
        assertEquals(.675978240067285, mean(v.get(0)), 4.5 * .74 / Math.sqrt(n));
        assertEquals(1, mean(v.get(1)), 4.5 * 2 / Math.sqrt(n));
        double accepted = mean(v.get(2));
        assertTrue(accepted > .5 && accepted < .95, "acceptance " + accepted);
        List<HostArray> again = Run.eval(List.of(
                QUARTIC.logDensity(z), z.square().mul(z).neg(), c.gradients().get(0)));
        assertArrayEquals(again.get(0).doubles(), v.get(3).doubles(), 1e-12);
        assertArrayEquals(again.get(1).doubles(), again.get(2).doubles(), 1e-12);
    }

    @Test
    void partsAreWeighed() {
        Tensor z = Random.normal(Key.of(3), DType.F64, Shape.of(5, 2, 3));
        HmcSettings s = HmcSettings.prior();
        LogDensity mixed =
                x -> NORMAL.logDensity(x).mul(.7).add(QUARTIC.logDensity(x).mul(.3));
        Chains one = Hmc.step(Chains.start(z, List.of(mixed), s), List.of(mixed), List.of(scalar(1)), s, Key.of(8));
        Chains two = Hmc.step(
                Chains.start(z, List.of(NORMAL, QUARTIC), s),
                List.of(NORMAL, QUARTIC),
                List.of(scalar(.7), scalar(.3)),
                s,
                Key.of(8));
        List<HostArray> v = Run.eval(List.of(one.z(), two.z()));
        assertArrayEquals(v.get(0).doubles(), v.get(1).doubles(), 1e-12);
    }

    @Test
    void whatIsNotANumberIsRejected() {
        LogDensity cliff = z -> z.sub(1).log().mul(-1).add(z.square().mul(-0.5)).sum(-1);
        Tensor z = Tensors.fill(1.001, DType.F64, Shape.of(200, 1, 1));
        HmcSettings s = HmcSettings.prior().leapfrog(2).fixedStep(.5);
        Chains c = Hmc.step(Chains.start(z, List.of(cliff), s), List.of(cliff), List.of(scalar(1)), s, Key.of(2));
        List<HostArray> v =
                Run.eval(List.of(c.z(), c.values().get(0), c.gradients().get(0)));
        for (HostArray a : v) {
            for (double d : a.doubles()) {
                assertTrue(Double.isFinite(d), "" + d);
            }
        }
    }

    @Test
    void stepsAdaptChainByChain() {
        // a narrow and a wide target side by side
        Tensor scale = Tensors.constant(HostArray.wrap(new double[] {.01, 10}, Shape.of(2, 1)));
        LogDensity f = z -> z.div(scale).square().sum(-1).mul(-0.5);
        HmcSettings s = HmcSettings.prior();
        Chains c = Chains.start(Tensors.zeros(DType.F64, Shape.of(1, 2, 1)), List.of(f), s);
        for (int k = 0; k < 40; k++) {
            c = Hmc.step(c, List.of(f), List.of(scalar(1)), s, Key.of(1).fold(k));
        }
        double[] step = Run.eval(c.stepSize()).doubles();
        assertTrue(step[0] > 1e-4 && step[0] < .02, "narrow " + step[0]);
        assertEquals(.01 * Math.pow(1.02, 40), step[1], 1e-9, "wide: every proposal is accepted");
    }

    @Test
    void temperatures() {
        assertArrayEquals(new double[] {0, .25, .5, .75, 1}, Annealing.linear(4), 1e-15);
        double[] t = Annealing.sigmoidal(10, 4);
        assertEquals(0, t[0]);
        assertEquals(.5, t[5], 1e-15);
        assertEquals(1, t[10]);
        assertTrue(t[1] < .05 && t[1] > 0, "" + t[1]);
        assertThrows(PlanException.class, () -> Annealing.linear(0));
        assertThrows(PlanException.class, () -> HmcSettings.prior().leapfrog(0));
    }
}
