package org.amortis.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Distribution;
import org.amortis.dist.Independent;
import org.amortis.dist.MultivariateNormal;
import org.amortis.dist.Normal;
import org.amortis.dist.Support;
import org.amortis.grad.Gradients;
import org.amortis.param.ParamSpec;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;

class FlowDistributionTest {
    private static final Key KEY = Key.of(5);

    private final ParamSpec spec = new ParamSpec(DType.F64);
    private final Base base = Base.learnedNormal(spec.at("base"), 3);
    private final Flow flow = Coupling.affine(spec.at("flow"), Split.half(3), 2, Net.plain(6, 1));
    private final HostArray numbers =
            Run.eval(Random.normal(Key.of(1), DType.F64, Shape.of(spec.size())).mul(0.4));
    private final Tensor flat = Tensors.resident(numbers);
    private final Tensor context = Tensors.resident(Run.eval(Random.normal(Key.of(2), DType.F64, Shape.of(4, 2))));

    private static double[] eval(Tensor t) {
        return Run.eval(t).toDoubles();
    }

    private FlowDistribution made() {
        return FlowDistribution.of(base, flow, spec.weights(flat), context);
    }

    @Test
    void hasTheBatchOfItsContext() {
        FlowDistribution q = made();
        assertEquals(Shape.of(4), q.batchShape());
        assertEquals(Shape.of(3), q.eventShape());
        assertEquals(Shape.of(4, 3), q.sample(KEY).shape());
        assertEquals(Shape.of(4, 3), q.rsample(KEY).shape());
        assertEquals(Shape.of(7, 4, 3), q.sample(KEY, 7).shape());
        assertEquals(Shape.of(7, 4), q.sampleAndLogProb(KEY, 7).logProb().shape());
        assertEquals(Shape.of(4), q.sampleAndLogProb(KEY).logProb().shape());
        assertEquals(
                Shape.of(4), q.logProb(Tensors.zeros(DType.F64, Shape.of(3))).shape());
        assertEquals(
                Shape.of(4), q.logProb(Tensors.zeros(DType.F64, Shape.of(1, 3))).shape());
        assertTrue(q.toString().contains("[4]"), q.toString());
        assertEquals(Shape.of(4), q.stopGradient().batchShape());
    }

    @Test
    void drawsOfARowDependOnItsKeyOnly() {
        FlowDistribution q = made();
        int[] ids = {10, 11, 12, 13};
        double[] a = eval(q.sample(KEY.fold(Tensors.constant(HostArray.wrap(ids, Shape.of(4)))), 3));
        ids = new int[] {99, 11, 12, 13};
        double[] b = eval(q.sample(KEY.fold(Tensors.constant(HostArray.wrap(ids, Shape.of(4)))), 3));
        for (int i = 0; i < a.length; i++) {
            assertEquals(i / 3 % 4 != 0, a[i] == b[i], "element " + i);
        }
    }

    @Test
    void onlyReparameterisedDrawsCarryGradients() {
        FlowDistribution q = made();
        assertTrue(q.reparameterized());
        double[] none =
                eval(Gradients.orZeros(q.sample(KEY, 2).sum(), List.of(flat)).get(0));
        assertArrayEquals(new double[spec.size()], none);
        double[] some = eval(Gradients.of(q.rsample(KEY, 2).square().sum(), flat));
        assertFalse(Arrays.stream(some).allMatch(v -> v == 0));
        double[] stopped =
                eval(Gradients.orZeros(q.stopGradient().rsample(KEY, 2).square().sum(), List.of(flat))
                        .get(0));
        assertArrayEquals(new double[spec.size()], stopped);
    }

    /** With no weights beside the base and a linear map it is a Gaussian: mean and factor are known. */
    @Test
    void anAffineMapOfANormalIsANormal() {
        ParamSpec own = new ParamSpec(DType.F64);
        Coupling shift =
                Coupling.of(own.at("s"), Split.of(true, true), 0, Transformer.affine(ScaleMap.EXP), Net.plain(2, 1));
        // planes: log scales of both, then shifts of both
        Weights p = own.weights(Tensors.constant(
                HostArray.wrap(Arrays.copyOf(new double[] {0.3, -0.7, 1.5, -2}, own.size()), Shape.of(own.size()))));
        FlowDistribution q = FlowDistribution.of(Base.normal(2), shift, p);
        MultivariateNormal expected = MultivariateNormal.ofMeanCholesky(
                Tensors.constant(HostArray.wrap(new double[] {1.5, -2}, Shape.of(2))),
                Tensors.constant(HostArray.wrap(new double[] {Math.exp(0.3), 0, 0, Math.exp(-0.7)}, Shape.of(2, 2))));
        Tensor x = Random.normal(KEY, DType.F64, Shape.of(9, 2));
        assertArrayEquals(eval(expected.logProb(x)), eval(q.logProb(x)), 1e-12);
        assertArrayEquals(eval(expected.rsample(KEY, 5)), eval(q.rsample(KEY, 5)), 1e-12);
    }

    /** The mean weight p/q over draws of q is 1: five standard errors of the average. */
    @Test
    void importanceWeightsAverageToOne() {
        FlowDistribution q = made();
        int n = 20_000;
        var d = q.sampleAndLogProb(KEY, n);
        Distribution wide = Independent.of(Normal.ofMeanStd(Tensors.zeros(DType.F64, Shape.of(4, 3)), 0.5));
        Tensor w = wide.logProb(d.value()).sub(d.logProb()).exp();
        double[] r = Run.eval(List.of(w.mean(), w.square().mean())).stream()
                .mapToDouble(a -> a.get(0))
                .toArray();
        assertEquals(1, r[0], 5 * Math.sqrt((r[1] - r[0] * r[0]) / (4 * n)));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThrows(
                ShapeException.class, () -> FlowDistribution.of(Base.normal(2), flow, spec.weights(flat), context));
        assertThrows(ShapeException.class, () -> FlowDistribution.of(base, flow, spec.weights(flat)));
        assertThrows(
                ShapeException.class,
                () -> FlowDistribution.of(
                        Normal.standard(DType.F64, Shape.of(3)), flow.given(spec.weights(flat), context)));
        Base odd = Base.of("odd", Shape.of(3), (p, shape) -> Normal.standard(p.dtype(), shape));
        assertThrows(ShapeException.class, () -> FlowDistribution.of(odd, flow, spec.weights(flat), context));
        FlowDistribution box = FlowDistribution.of(
                Base.of(
                        "counted",
                        Shape.of(3),
                        (p, shape) -> new NotReparameterised(Independent.of(Normal.standard(p.dtype(), shape)))),
                flow,
                spec.weights(flat),
                context);
        assertFalse(box.reparameterized());
        assertThrows(PlanException.class, () -> box.rsample(KEY));
        assertThrows(ShapeException.class, () -> Permutation.of(0, 2, 2));
        assertThrows(ShapeException.class, () -> Split.of(false, false));
        assertThrows(ShapeException.class, () -> Net.plain(0, 1));
    }

    private record NotReparameterised(Distribution d) implements Distribution {
        @Override
        public Shape batchShape() {
            return d.batchShape();
        }

        @Override
        public Shape eventShape() {
            return d.eventShape();
        }

        @Override
        public DType dtype() {
            return d.dtype();
        }

        @Override
        public Support support() {
            return d.support();
        }

        @Override
        public Tensor logProb(Tensor x) {
            return d.logProb(x);
        }

        @Override
        public Tensor sample(Key key, int n) {
            return d.sample(key, n);
        }

        @Override
        public Distribution stopGradient() {
            return this;
        }
    }

    @Test
    void uniformBoxMapsToABox() {
        ParamSpec own = new ParamSpec(DType.F64);
        Flow same = Flows.of(Permutation.reverse(2));
        FlowDistribution q = FlowDistribution.of(Base.uniform(-2, 2, 2), same, own.weights());
        double[] in = eval(q.logProb(Tensors.zeros(DType.F64, Shape.of(2))));
        assertEquals(-Math.log(16), in[0], 1e-14);
        assertEquals(Double.NEGATIVE_INFINITY, eval(q.logProb(Tensors.fill(3, DType.F64, Shape.of(2))))[0]);
    }

    /** Whatever the batch and the number of threads, a row has the same bits. */
    @Test
    void bitsDependNeitherOnThreadsNorOnTheBatch() {
        ParamSpec own = new ParamSpec(DType.F32);
        Flow stack = FlowStacks.rqNsf(own.at("flow"), 6, 0, 2, Net.residual(32, 1), 8, 3);
        HostArray w = Run.eval(own.initialValue(Key.of(3))
                .add(Random.normal(Key.of(4), DType.F32, Shape.of(own.size())).mul(0.1)));
        HostArray x = Run.eval(Random.normal(Key.of(5), DType.F32, Shape.of(2000, 6)));
        List<float[]> all = new java.util.ArrayList<>();
        for (int threads : new int[] {1, 2}) {
            try (Device device = Device.builder().threads(threads).build()) {
                for (int n : new int[] {2000, 1000}) {
                    Tensor log = FlowDistribution.of(Base.normal(6), stack, own.weights(Tensors.resident(w)))
                            .logProb(Tensors.resident(x.rows(0, n)));
                    all.add(Arrays.copyOf(Run.eval(device, List.of(log)).get(0).toFloats(), 1000));
                }
            }
        }
        for (float[] a : all) {
            assertArrayEquals(all.get(0), a);
        }
    }
}
