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

    @Test
    void partsAreWeighed() {
        Tensor z = Random.normal(Key.of(3), DType.F64, Shape.of(5, 2, 3));
        LogDensity mixed =
                x -> NORMAL.logDensity(x).mul(.7).add(QUARTIC.logDensity(x).mul(.3));
        Tempered one = Tempered.of(mixed);
        Tempered two = Tempered.between(NORMAL, QUARTIC, scalar(.3));
        Hmc t = new Hmc(4, .1, .8);
        Moved a = t.move(one.at(z), one, scalar(.2), Metric.unit(), Key.of(8));
        Moved b = t.move(two.at(z), two, scalar(.2), Metric.unit(), Key.of(8));
        List<HostArray> v = Run.eval(List.of(a.point().z(), b.point().z(), a.energy(), b.energy()));
        assertArrayEquals(v.get(0).doubles(), v.get(1).doubles(), 1e-12);
        assertArrayEquals(v.get(2).doubles(), v.get(3).doubles(), 1e-12);
    }

    @Test
    void whatIsNotANumberIsRejected() {
        LogDensity cliff = z -> z.sub(1).log().mul(-1).add(z.square().mul(-0.5)).sum(-1);
        Tempered target = Tempered.of(cliff);
        Point start = target.at(Tensors.fill(1.001, DType.F64, Shape.of(200, 1, 1)));
        Moved m = new Hmc(2, 0, .8).move(start, target, scalar(.5), Metric.unit(), Key.of(2));
        List<HostArray> v = Run.eval(List.of(
                m.point().z(),
                m.point().values().get(0),
                m.point().gradients().get(0),
                m.acceptance(),
                m.divergent().cast(DType.F64)));
        for (HostArray a : v) {
            for (double d : a.doubles()) {
                assertTrue(Double.isFinite(d), "" + d);
            }
        }
        double lost = java.util.Arrays.stream(v.get(4).doubles()).sum();
        assertTrue(lost > 0, "some proposals fall off the cliff");
    }

    @Test
    void limitedForcesLimitThePath() {
        Tempered target = Tempered.of(QUARTIC).limit(2);
        Point far = target.at(Tensors.fill(100, DType.F64, Shape.of(1, 1)));
        assertEquals(-2, Run.eval(target.gradient(far)).doubles()[0]);
    }

    @Test
    void stepsAdaptChainByChain() {
        HmcSettings s = HmcSettings.prior();
        Tensor step = Tensors.constant(HostArray.of(.01, .01, .5, 1e-4));
        Tensor accepted = s.remember(
                Tensors.constant(HostArray.of(.65, .65, 1., 0.)), Tensors.constant(HostArray.of(1., 0., 1., 0.)));
        assertArrayEquals(new double[] {.685, .585, 1, 0}, Run.eval(accepted).doubles(), 1e-15);
        assertArrayEquals(
                new double[] {.0102, .0098, .5, 1e-4},
                Run.eval(s.adapt(step, accepted)).doubles(),
                1e-15);
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
