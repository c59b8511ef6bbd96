package org.amortis.langevin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.nn.Activation;
import org.amortis.nn.Mlp;
import org.amortis.param.Initializer;
import org.amortis.param.ParamSpec;
import org.amortis.param.Parameter;
import org.amortis.param.Params;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.vae.Likelihood;
import org.amortis.vae.Vae;
import org.amortis.vi.Bound;
import org.amortis.vi.Context;
import org.amortis.vi.Estimate;
import org.amortis.vi.Posterior;
import org.amortis.vi.WeightedDraws;
import org.junit.jupiter.api.Test;

/** A variational autoencoder whose posterior walks. */
final class WalkingVaeTest {
    private static final double[] X = {1, 0, 0, 1, 1};

    private final ParamSpec spec = new ParamSpec(DType.F64);
    private final Vae vae =
            Vae.mlp(spec, 5, new int[] {6}, 2, Activation.TANH, Likelihood.bernoulli(), Initializer.zeros());
    private final Mlp embedding = Mlp.of(spec.at("embedding"), Mlp.sizes(5, 6, 4), Activation.TANH);
    private final LearnedPath path = LearnedPath.of(
            spec.at("q"),
            Method.LDVI,
            2,
            3,
            PathSettings.of(Method.LDVI).steps(PathSettings.StepSizes.ONE, .3).damping(2),
            ResidualControl::of,
            4);
    private final LangevinPosterior q = LangevinPosterior.of(vae, path, TaskEncoder.of(embedding));

    /** The evidence by walking draws and by those of the encoder. */
    @Test
    void evidence() {
        Params params = Params.init(spec, Key.of(1));
        Tensor x = Tensors.constant(HostArray.wrap(X.clone(), Shape.of(1, 5)));
        Estimate walking = Bound.iwae(4_000).of(vae, q, Context.of(x), params.frozen(), Key.of(2));
        Estimate plain = Bound.iwae(4_000).of(vae, vae.posterior(), Context.of(x), params.frozen(), Key.of(3));
        List<HostArray> r = Run.eval(List.of(walking.logWeights(), plain.logWeights()));
        PathStatistics a = PathStatistics.of(r.get(0).doubles());
        PathStatistics b = PathStatistics.of(r.get(1).doubles());
        assertEquals(b.logZ(), a.logZ(), 5 * Math.hypot(a.logZError(), b.logZError()));
        assertTrue(a.logZError() < .1, a.toString());
        assertThrows(PlanException.class, () -> Bound.elbo(1).of(vae, q, Context.of(x), params.frozen(), Key.of(2)));
    }

    /** Every parameter that a walk reads has a gradient; with a held drift the value is the same, the decoder's is not. */
    @Test
    void gradients() {
        Params params = Params.init(spec, Key.of(1));
        Tensor x = Tensors.constant(HostArray.wrap(X.clone(), Shape.of(1, 5)));
        Tensor full = Bound.elboSampled(4)
                .of(vae, q, Context.of(x), spec.weights(), Key.of(2))
                .loss();
        Tensor held = Bound.elboSampled(4)
                .of(vae, q.detached(), Context.of(x), spec.weights(), Key.of(2))
                .loss();
        var r = org.amortis.runtime.Program.of(
                        full,
                        held,
                        Gradients.of(full, spec.flat().value()),
                        Gradients.of(held, spec.flat().value()))
                .open(org.amortis.runtime.Device.builder().threads(1).build(), params.store());
        r.run();
        assertEquals(r.scalar(0), r.scalar(1), 1e-12);
        double[] a = r.output(2).toDoubles();
        double[] b = r.output(3).toDoubles();
        double moved = 0;
        for (Parameter p : spec.parameters()) {
            double size = 0;
            for (int i = p.offset(); i < p.end(); i++) {
                size = Math.max(size, Math.abs(a[i]));
                if (p.path().startsWith("decoder")) {
                    moved = Math.max(moved, Math.abs(a[i] - b[i]));
                } else {
                    assertEquals(a[i], b[i], 1e-12, p.path());
                }
            }
            boolean read = p.path().startsWith("decoder") || p.path().startsWith("q/path/mean");
            assertTrue(!read || size > 0, p.path());
        }
        assertTrue(moved > 1e-6, "the drift has a gradient of its own");
    }

    @Test
    void posteriorInAProgram() {
        Params params = Params.init(spec, Key.of(1));
        HostArray x = HostArray.wrap(X.clone(), Shape.of(5));
        try (Posterior p = Posterior.of(vae, q, params)) {
            WeightedDraws w = p.weightedSample(x, 600, Key.of(4));
            float[] s = p.sample(x, 300, Key.of(4));
            assertArrayEquals(Arrays.copyOf(w.draws(), 600), s, "fewer draws begin more of them");
            assertTrue(w.effectiveSamples() > 10, "" + w.effectiveSamples());
            assertThrows(PlanException.class, () -> p.logProb(x, HostArray.zeros(DType.F64, Shape.of(1, 2))));
        }
    }
}
