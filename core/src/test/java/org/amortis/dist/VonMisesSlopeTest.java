package org.amortis.dist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Node;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.tensor.Unary;
import org.junit.jupiter.api.Test;

class VonMisesSlopeTest {
    /** Concentration, angle, and the derivative of the angle by quadrature with forty digits. */
    private static final double[][] GOLD = {
        {0, 1.3, -0.96355818541719298},
        {0.3, -2.0, 0.95397143127221748},
        {2.5, 0.2, -0.047235071887116436},
        {2.5, -2.2, 0.79768171197585324},
        {30, 0.1, -0.0016824837404134164},
        {30, 0.64, -0.011152384819567755},
        {1000, -0.11, 5.5069344980108227e-5},
        {1e6, 0.0035, -1.7500022239627458e-9},
        {40, 3.0, -0.21668507845406901}
    };

    private static double[] slopes(DType dtype) {
        Shape s = Shape.of(GOLD.length);
        Tensor k = Tensors.resident(
                HostArray.wrap(Arrays.stream(GOLD).mapToDouble(g -> g[0]).toArray(), s)
                        .cast(dtype));
        Tensor d = Tensors.resident(
                HostArray.wrap(Arrays.stream(GOLD).mapToDouble(g -> g[1]).toArray(), s)
                        .cast(dtype));
        return Run.eval(VonMisesSlope.of(d, k, Node.of(Unary.BESSEL_REST, k).result(0)))
                .toDoubles();
    }

    @Test
    void againstQuadratureOfManyDigits() {
        double[] exact = slopes(DType.F64);
        double[] single = slopes(DType.F32);
        for (int i = 0; i < GOLD.length; i++) {
            double want = GOLD[i][2];
            assertEquals(want, exact[i], 1e-13 * Math.abs(want), Arrays.toString(GOLD[i]));
            // in float32 exponents of up to 40 lose 40 half units
            assertEquals(want, single[i], 2e-5 * Math.abs(want), Arrays.toString(GOLD[i]));
        }
    }

    /** The mean of cos of draws is I1 / I0: its derivative along the draws within 4.5 standard errors of the closed one. */
    @Test
    void meanOfTheCosine() {
        int n = 20_000;
        double[] k = {0.1, 0.7, 4, 60};
        Tensor c = Tensors.resident(HostArray.wrap(k, Shape.of(4)));
        VonMises q = VonMises.of(Tensors.zeros(DType.F64, Shape.of(4)), c);
        Tensor cos = q.rsample(Key.of(5), n).mul(0.5).sin().square().mul(-2).add(1);
        Tensor closed = q.circularVariance().rsub(1);
        // the gradient of each draw, to know its scatter
        Tensor each = c.broadcastTo(Shape.of(n, 4));
        VonMises many = VonMises.of(Tensors.zeros(DType.F64, Shape.of(n, 4)), each);
        Tensor one = many.rsample(Key.of(5)).mul(0.5).sin().square().mul(-2).add(1);
        Tensor g = Gradients.of(one.sum(), each);
        List<HostArray> r = Run.eval(List.of(
                Gradients.of(closed.sum(), c),
                g.mean(0),
                g.sub(g.mean(0)).square().mean(0)));
        double[] sum = Run.eval(Gradients.of(cos.mean(0).sum(), c)).toDoubles();
        for (int i = 0; i < 4; i++) {
            double error = Math.sqrt(r.get(2).get(i) / n);
            assertTrue(error < 0.05 * Math.abs(r.get(0).get(i)), "error " + error);
            assertEquals(r.get(0).get(i), r.get(1).get(i), 4.5 * error);
            assertEquals(r.get(0).get(i), sum[i], 4.5 * error);
        }
    }

    /** Wherever an angle and whatever the concentration: a finite derivative, no more than 1, zero in the middle. */
    @Test
    void extremesAreFinite() {
        double[] d = {0, 1e-30, -1e-6, 1e-3, -0.5, 1.5, 3.1, Math.PI, -Math.PI};
        double[] k = {0, 1e-30, 1e-3, 1, 1e3, 1e6, 1e12, 1e30};
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            Tensor a = Tensors.resident(HostArray.wrap(d, Shape.of(d.length, 1)).cast(type));
            Tensor c = Tensors.resident(HostArray.wrap(k, Shape.of(k.length)).cast(type));
            Tensor s = VonMisesSlope.of(
                    a.broadcastTo(Shape.of(d.length, k.length)),
                    c,
                    Node.of(Unary.BESSEL_REST, c).result(0));
            double[] v = Run.eval(s).toDoubles();
            assertTrue(Arrays.stream(v).allMatch(x -> Math.abs(x) <= 1.001), type + ": " + Arrays.toString(v));
            assertArrayEquals(
                    new double[k.length],
                    Arrays.stream(v).limit(k.length).map(Math::abs).toArray());
        }
    }
}
