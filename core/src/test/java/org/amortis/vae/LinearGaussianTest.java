package org.amortis.vae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.grad.Gradients;
import org.amortis.nn.Linear;
import org.amortis.optim.Optimizer;
import org.amortis.optim.OptimizerStep;
import org.amortis.optim.Schedule;
import org.amortis.optim.Transforms;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.vi.AmortizedGaussian;
import org.amortis.vi.Bound;
import org.amortis.vi.Context;
import org.amortis.vi.Estimate;
import org.junit.jupiter.api.Test;

final class LinearGaussianTest {
    /** Gold values by numpy in double. */
    @Test
    void closedForms() {
        ParamSpec spec = new ParamSpec(DType.F64);
        LinearGaussian m = LinearGaussian.of(
                spec.at("model"),
                HostArray.wrap(new double[] {1, .5, .3, -1, .8, .8}, Shape.of(3, 2)),
                HostArray.of(.1, -.2, 0),
                .25);
        var p = Params.init(spec, Key.of(1)).frozen();
        Tensor x = Tensors.constant(HostArray.wrap(new double[] {1, -.5, .7, 1, -.5, .7}, Shape.of(2, 3)));
        List<HostArray> v = Run.eval(
                List.of(m.logEvidence(p, x), m.posteriorMean(p, x), m.posteriorCovariance(p), m.posteriorPrecision(p)));
        assertArrayEquals(
                new double[] {-2.983124745306, -2.983124745306}, v.get(0).doubles(), 1e-11);
        assertArrayEquals(
                new double[] {.5185751501, .4085966701, .5185751501, .4085966701},
                v.get(1).doubles(),
                1e-9);
        assertArrayEquals(
                new double[] {.1514894099, -.0594631329, -.0594631329, .1401630989},
                v.get(2).doubles(),
                1e-9);
        assertEquals(1 / .1262626263, v.get(3).get(0), 1e-8);
        assertEquals(1 / .1168224299, v.get(3).get(3), 1e-8);
    }

    /**
     * Data a_k times plus and minus the k-th axis have covariance diag(a_k^2 / D), so the largest likelihood of a model
     * with d latents (Tipping and Bishop 1999) is known, and so is that an affine encoder loses nothing there (Lucas et
     * al. 2019).
     */
    @Test
    void trainingReachesTheLargestLikelihood() {
        int dim = 5;
        double[] lambda = {3, 1.5, .2, .15, .1};
        double[] data = new double[2 * dim * dim];
        for (int k = 0; k < dim; k++) {
            double a = Math.sqrt(lambda[k] * dim);
            data[2 * k * dim + k] = a;
            data[(2 * k + 1) * dim + k] = -a;
        }
        double noise = (.2 + .15 + .1) / 3;
        double best = -.5
                * (dim * Math.log(2 * Math.PI) + Math.log(lambda[0]) + Math.log(lambda[1]) + 3 * Math.log(noise) + dim);
        ParamSpec spec = new ParamSpec(DType.F64);
        LinearGaussian m = LinearGaussian.of(spec.at("model"), dim, 2);
        AmortizedGaussian q = AmortizedGaussian.of(Linear.of(spec.at("encoder"), dim, 4), 2);
        Tensor x = Tensors.resident(HostArray.wrap(data, Shape.of(2 * dim, dim)));
        Tensor count = Tensors.input("count", DType.I32);
        Estimate e = Bound.elboStl(4)
                .of(m, q, Context.of(x), spec.weights(), Key.of(5).fold(count));
        Tensor g = Gradients.of(e.loss(), spec.flat().value());
        Optimizer adam = Optimizer.of(spec, Transforms.adam(Schedule.cosine(.02, 1e-4, 4000)));
        OptimizerStep step = adam.step(g, count);
        try (Device device = Device.builder().threads(1).build()) {
            StateStore store = new StateStore();
            Params.init(spec, Key.of(3), device).into(store);
            adam.states()
                    .forEach(s ->
                            store.set(s, HostArray.zeros(DType.F64, s.type().shape())));
            Program program = Program.of(
                    List.of(e.value().mean(), m.logEvidence(spec.weights(), x).mean()), step.updates());
            Runner r = program.open(device, store);
            double bound = 0;
            for (int k = 0; k < 4000; k++) {
                r.feed("count", HostArray.wrap(new int[] {k}, Shape.SCALAR)).run();
                bound += k >= 3900 ? r.scalar(0) / 100 : 0;
                assertTrue(r.scalar(1) < best + 1e-9, "no model is above the largest likelihood");
            }
            assertEquals(best, r.scalar(1), 1e-3);
            // path derivatives lose their noise at the optimum, so that the gap closes with the rate
            assertEquals(best, bound, 1e-3);
        }
    }

    @Test
    void refusals() {
        ParamSpec spec = new ParamSpec(DType.F64);
        HostArray w = HostArray.zeros(DType.F64, Shape.of(3, 2));
        assertThrows(ShapeException.class, () -> LinearGaussian.of(spec.at("a"), w, HostArray.of(1.0, 2), 1));
        assertThrows(ShapeException.class, () -> LinearGaussian.of(spec.at("b"), w, HostArray.of(1.0, 2, 3), 0));
    }
}
