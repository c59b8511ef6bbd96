package org.amortis.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.grad.Gradients;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Planes;
import org.amortis.tensor.Random;
import org.amortis.tensor.SplineKnots;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SplineTest {
    /** The constant that our slopes have and the ones of the reference values do not. */
    private static final double OFFSET = Math.log(Math.expm1(1 - 1e-3));

    static List<Transformer> splines() {
        return List.of(
                RationalQuadratic.of(8, 3),
                RationalQuadratic.of(8, 3).with(Tails.LINEAR),
                RationalQuadratic.of(8, 3).with(Tails.PERIODIC));
    }

    private static Tensor vector(double... v) {
        return Tensors.resident(HostArray.wrap(v, Shape.of(v.length)));
    }

    /** Parameters of one element for n values: the planes of a batch of n. */
    private static Tensor same(int n, double... parameters) {
        return vector(parameters).expandDims(0).broadcastTo(Shape.of(n, parameters.length));
    }

    private static List<double[]> eval(Tensor... t) {
        return Run.eval(List.of(t)).stream().map(HostArray::toDoubles).toList();
    }

    private static final double[] GOLD = {0.2, -0.5, 0.9, -0.3, 0.4, 0.1, 0.7 - OFFSET, -1.1 - OFFSET};

    /** Values computed in double from the published parametrisation with K = 3 on [-3, 3]. */
    @Test
    void knownValues() {
        double[] x = {-2.5, -0.7, 0, 1.3, 2.9, -3, 3, -4, 4};
        Tensor v = vector(x).expandDims(-1);
        Bijection b = RationalQuadratic.of(3, 3).of(same(x.length, GOLD));
        Mapped f = b.forwardAndLogDet(v);
        List<double[]> r = eval(f.value(), f.logDet());
        assertArrayEquals(
                new double[] {
                    -2.591217759695, 0.554970784176, 1.152113591159, 1.727756140999, 2.901863311339, -3, 3, -4, 4
                },
                r.get(0),
                1e-11);
        assertArrayEquals(
                new double[] {
                    -0.355556171674, 1.265381137310, -1.060313316080, -0.597684457543, -0.037657391957, 0, 0, 0, 0
                },
                r.get(1),
                1e-11);
        List<double[]> back = eval(RationalQuadratic.of(3, 3)
                .of(same(2, GOLD))
                .inverse(vector(0, 1.3).expandDims(-1)));
        assertArrayEquals(new double[] {-0.827504843993, 0.395607491573}, back.get(0), 1e-11);
    }

    /** The same in float32: values of size 3 have 2e-7, log slopes a few of those times slopes up to 4. */
    @Test
    void knownValuesInFloat() {
        Tensor v = vector(-2.5, -0.7, 0, 1.3, 2.9).expandDims(-1).cast(DType.F32);
        Mapped f = RationalQuadratic.of(3, 3).of(same(5, GOLD).cast(DType.F32)).forwardAndLogDet(v);
        List<double[]> r = eval(f.value(), f.logDet());
        assertArrayEquals(
                new double[] {-2.591217759695, 0.554970784176, 1.152113591159, 1.727756140999, 2.901863311339},
                r.get(0),
                1e-5);
        assertArrayEquals(
                new double[] {-0.355556171674, 1.265381137310, -1.060313316080, -0.597684457543, -0.037657391957},
                r.get(1),
                1e-5);
    }

    @Test
    void knownKnots() {
        Tensor[] raw = {vector(0.2), vector(-0.5), vector(0.9)};
        double[] expected = {-3, -1.289890600618, -0.437654916832, 3};
        Tensor[] knots = SplineKnots.of(raw, 1e-3, 1);
        for (int k = 0; k < 4; k++) {
            assertEquals(expected[k], 6 * eval(knots[k]).get(0)[0] - 3, 1e-11);
        }
    }

    @ParameterizedTest
    @MethodSource("splines")
    void zerosAreTheIdentity(Transformer t) {
        int n = 101;
        double[] x = new double[n];
        Arrays.setAll(x, i -> -4 + 8.0 * i / (n - 1));
        Tensor v = vector(x).expandDims(-1);
        Bijection b = t.of(Tensors.zeros(DType.F64, Shape.of(n, t.parameters())));
        for (Mapped m : List.of(b.forwardAndLogDet(v), b.inverseAndLogDet(v))) {
            List<double[]> r = eval(m.value(), m.logDet());
            assertArrayEquals(x, r.get(0), 1e-14);
            assertArrayEquals(new double[n], r.get(1), 1e-14);
        }
    }

    /** Bins of a thousandth of the interval, slopes from 1e-6 to 1e3: there and back as well as slopes let float64. */
    @Test
    void steepBinsRoundTripInDouble() {
        double[] p = new double[23];
        for (int k = 0; k < 8; k++) {
            p[k] = k % 2 == 0 ? 30 : -30;
            p[8 + k] = k % 3 == 0 ? 25 : -25;
        }
        for (int k = 0; k < 7; k++) {
            p[16 + k] = k % 2 == 0 ? -40 : 9;
        }
        int n = 2001;
        double[] x = new double[n];
        Arrays.setAll(x, i -> -3.001 + 6.002 * i / (n - 1));
        Bijection b = RationalQuadratic.of(8, 3).of(same(n, p));
        Tensor v = vector(x).expandDims(-1);
        Mapped f = b.forwardAndLogDet(v);
        Mapped back = b.inverseAndLogDet(f.value());
        List<double[]> r = eval(back.value(), f.value(), f.logDet(), back.logDet());
        for (int i = 0; i < n; i++) {
            // some roundings of a number near 3, divided by the slope on the way back
            double tolerance = 16 * Math.ulp(3.0) * Math.max(1, Math.exp(-r.get(2)[i]));
            assertEquals(x[i], r.get(0)[i], tolerance, "at " + x[i] + ", log slope " + r.get(2)[i]);
            // the same roundings times the change of the log slope over a bin
            assertEquals(r.get(2)[i], -r.get(3)[i], 1e-6);
            assertTrue(i == 0 || r.get(1)[i] > r.get(1)[i - 1], "not increasing at " + x[i]);
        }
    }

    /**
     * Extreme parameters in float32: values are finite, in the interval and increasing, gradients are finite. Tight round
     * trips cannot be had where a slope is 1e6 beside one of 1e-6.
     */
    @ParameterizedTest
    @MethodSource("splines")
    void extremeParametersInFloat(Transformer t) {
        int sets = 40;
        int n = 501;
        int count = t.parameters();
        Tensor p = Random.normal(Key.of(7), DType.F32, Shape.of(count, sets));
        Tensor size =
                Random.uniform(Key.of(8), DType.F32, Shape.of(sets)).mul(8).exp();
        HostArray raw = Run.eval(p.mul(size).transpose(1, 0));
        double[] x = new double[n];
        Arrays.setAll(x, i -> -3 + 6.0 * i / (n - 1));
        Tensor v = Tensors.resident(HostArray.wrap(x, Shape.of(n)).cast(DType.F32))
                .expandDims(-1)
                .expandDims(-1)
                .broadcastTo(Shape.of(n, sets, 1));
        Tensor parameters = Tensors.resident(raw);
        Bijection b = t.of(parameters);
        for (boolean forward : new boolean[] {true, false}) {
            Mapped m = forward ? b.forwardAndLogDet(v) : b.inverseAndLogDet(v);
            Tensor loss = m.value().sum().add(m.logDet().sum());
            List<double[]> r = eval(m.value(), m.logDet(), Gradients.of(loss, parameters));
            for (double[] a : r) {
                assertTrue(Arrays.stream(a).allMatch(Double::isFinite));
            }
            double[] y = r.get(0);
            for (int i = 0; i < n; i++) {
                for (int s = 0; s < sets; s++) {
                    double here = y[i * sets + s];
                    assertTrue(Math.abs(here) <= 3.000001, here + " leaves the interval");
                    // a step of rounding at the joint of two bins
                    assertTrue(i == 0 || here >= y[(i - 1) * sets + s] - 1e-6, "decreasing at " + x[i] + ", set " + s);
                }
            }
        }
    }

    /** What lies outside takes no part in the formula: its gradients are those of the identity, and never NaN. */
    @Test
    void gradientsOutsideTheInterval() {
        double[] x = {-1e30, -1e6, -3.0001, 3.0001, 1e6, 1e30};
        Tensor v = vector(x).expandDims(-1);
        Tensor p = same(x.length, GOLD);
        Bijection b = RationalQuadratic.of(3, 3).of(p);
        for (boolean forward : new boolean[] {true, false}) {
            Mapped m = forward ? b.forwardAndLogDet(v) : b.inverseAndLogDet(v);
            List<Tensor> g = Gradients.orZeros(m.value().sum().add(m.logDet().sum()), List.of(v, p));
            List<double[]> r = eval(m.value(), m.logDet(), g.get(0), g.get(1));
            assertArrayEquals(x, r.get(0));
            assertArrayEquals(new double[x.length], r.get(1), 1e-300);
            double[] ones = new double[x.length];
            Arrays.fill(ones, 1);
            assertArrayEquals(ones, r.get(2));
            assertArrayEquals(new double[x.length * 8], r.get(3), 1e-300);
        }
    }

    /** At knots and at the ends of the interval value, log slope and first gradient are continuous. */
    @ParameterizedTest
    @MethodSource("splines")
    void smoothAtKnots(Transformer t) {
        HostArray raw = Run.eval(Random.normal(Key.of(2), DType.F64, Shape.of(t.parameters())));
        Tensor[] planes = Planes.of(Tensors.resident(raw), t.parameters());
        Tensor[] unit = SplineKnots.of(Arrays.copyOf(planes, 8), 1e-3, 1);
        double[] x = new double[3 * 9];
        for (int k = 0; k <= 8; k++) {
            double knot = 6 * eval(unit[k]).get(0)[0] - 3;
            for (int i = 0; i < 3; i++) {
                x[3 * k + i] = knot + (i - 1) * 1e-9;
            }
        }
        Tensor v = vector(x).expandDims(-1);
        Bijection b = t.of(same(x.length, raw.toDoubles()));
        Mapped m = b.forwardAndLogDet(v);
        List<double[]> r = eval(m.value(), m.logDet(), Gradients.of(m.value().sum(), v));
        for (int k = 0; k < 9; k++) {
            for (double[] a : r) {
                // curvature times the distance; slopes are below 1e2 here
                assertEquals(a[3 * k], a[3 * k + 1], 1e-5);
                assertEquals(a[3 * k + 2], a[3 * k + 1], 1e-5);
            }
            assertEquals(Math.exp(r.get(1)[3 * k + 1]), r.get(2)[3 * k + 1], 1e-9, "knot " + k);
        }
    }

    @Test
    void periodicMapsRepeat() {
        Transformer t = RationalQuadratic.of(5, Math.PI).with(Tails.PERIODIC);
        HostArray raw = Run.eval(Random.normal(Key.of(2), DType.F64, Shape.of(t.parameters())));
        double[] x = {-3, -1, 0.5, 2, 3.1};
        Tensor v = vector(x).expandDims(-1);
        Bijection b = t.of(same(x.length, raw.toDoubles()));
        Mapped here = b.forwardAndLogDet(v);
        Mapped there = b.forwardAndLogDet(v.add(6 * Math.PI));
        List<double[]> r = eval(here.value(), there.value().sub(6 * Math.PI), here.logDet(), there.logDet());
        assertArrayEquals(r.get(0), r.get(1), 1e-12);
        assertArrayEquals(r.get(2), r.get(3), 1e-12);
        assertTrue(Arrays.stream(r.get(0)).allMatch(y -> Math.abs(y) <= Math.PI));
    }

    @ParameterizedTest
    @EnumSource(Tails.class)
    void allInTheTailsAndNothingAtAll(Tails tails) {
        RationalQuadratic t = RationalQuadratic.of(4, 1).with(tails);
        Tensor far = vector(5, -7, 9).expandDims(-1);
        Bijection b = t.of(same(3, new double[t.parameters()]));
        assertArrayEquals(new double[] {5, -7, 9}, eval(b.forward(far)).get(0), 1e-12);
        Bijection none = t.of(Tensors.zeros(DType.F64, Shape.of(0, 2 * t.parameters())));
        assertEquals(
                0, eval(none.forward(Tensors.zeros(DType.F64, Shape.of(0, 2)))).get(0).length);
    }

    @Test
    void badSizesAreRefused() {
        assertThrows(ShapeException.class, () -> RationalQuadratic.of(0, 3));
        assertThrows(ShapeException.class, () -> RationalQuadratic.of(1000, 3));
        assertThrows(ShapeException.class, () -> RationalQuadratic.of(8, 0));
        assertThrows(
                ShapeException.class, () -> RationalQuadratic.of(8, 3).of(Tensors.zeros(DType.F64, Shape.of(2, 22))));
    }

    /** Dividing by the root of a width is the same as smaller numbers. */
    @Test
    void scaledSoftmax() {
        double[] scaled = GOLD.clone();
        for (int k = 0; k < 6; k++) {
            scaled[k] *= 4;
        }
        Tensor v = vector(-1, 0.4, 2).expandDims(-1);
        double[] a =
                eval(RationalQuadratic.of(3, 3).of(same(3, GOLD)).forward(v)).get(0);
        double[] b = eval(RationalQuadratic.of(3, 3)
                        .scaledBy(16)
                        .of(same(3, scaled))
                        .forward(v))
                .get(0);
        assertArrayEquals(a, b, 1e-14);
    }
}
