package org.amortis.vi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.dist.Independent;
import org.amortis.dist.MultivariateNormal;
import org.amortis.dist.Normal;
import org.amortis.grad.Gradients;
import org.amortis.nn.Activation;
import org.amortis.param.Initializer;
import org.amortis.param.ParamSpec;
import org.amortis.param.Weights;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
import org.amortis.spi.Instruction;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.vae.Likelihood;
import org.amortis.vae.Vae;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bounds against closed forms of the linear Gaussian model. Monte Carlo means must lie within 4.5 standard errors. */
final class BoundTest {
    private static final int N = 20_000;

    /** A posterior whose mean and logarithm of the variance are context rows, so that each row has its own gradient. */
    private static final TractableVariational FREE = new TractableVariational() {
        @Override
        public Distribution given(Context c, Weights p) {
            return Independent.of(Normal.ofMeanLogVariance(c.get("mean"), c.get("logVariance")));
        }
    };

    private static void near(double want, double[] meanAndError, String what) {
        assertEquals(want, meanAndError[0], 4.5 * meanAndError[1] + 1e-12, what);
    }

    private static Context plane(Rows r) {
        return Context.of(r.rows(Rows.PLANE_X))
                .with("mean", r.rows(.5, .2))
                .with("logVariance", r.rows(Math.log(.3), Math.log(.1)));
    }

    static Stream<Arguments> elbos() {
        return Stream.of(
                        Bound.elbo(1),
                        Bound.elboSampled(1),
                        Bound.elboStl(1),
                        Bound.elbo(3),
                        Bound.elboStl(2).repeats(2))
                .map(Arguments::of);
    }

    /** Gold values: ELBO = log p(x) - KL(q || posterior) for x = W z + b + noise, by numpy in double. */
    @ParameterizedTest
    @MethodSource("elbos")
    void evidenceLowerBoundAndGradient(Bound bound) {
        Rows r = Rows.plane(N);
        Context c = plane(r);
        Estimate e = bound.of(r.model, FREE, c, r.p, Key.of(3));
        List<Tensor> g = Gradients.of(e.surrogate().sum(), List.of(c.get("mean"), c.get("logVariance")));
        List<HostArray> v = Run.eval(List.of(e.value(), g.get(0), g.get(1)));
        near(-3.535853006594, Rows.columns(v.get(0))[0], "value");
        double[][] mean = Rows.columns(v.get(1));
        double[][] logVariance = Rows.columns(v.get(2));
        near(0.848, mean[0], "mean 0");
        near(1.848, mean[1], "mean 1");
        near(-0.688, logVariance[0], "log variance 0");
        near(0.072, logVariance[1], "log variance 1");
    }

    /** Gold values by quadrature: z ~ N(0,1), x | z ~ N(z, 0.5), x = 1, q = N(0.3, 0.8^2). */
    @ParameterizedTest
    @MethodSource("multiSample")
    void importanceWeightedBounds(String name, int k, double want, BiFunction<Integer, Integer, Bound> make) {
        Rows r = Rows.of(N, 1, new double[] {1}, new double[] {0}, .5);
        Context c = Context.of(r.rows(1)).with("mean", r.rows(.3)).with("logVariance", r.rows(2 * Math.log(.8)));
        for (int m : new int[] {1, 2}) {
            Estimate e = make.apply(k, m).of(r.model, FREE, c, r.p, Key.of(17 + k));
            List<HostArray> v = Run.eval(List.of(e.value(), e.effectiveSamples()));
            near(want, Rows.columns(v.get(0))[0], name + " of " + k);
            for (double s : v.get(1).doubles()) {
                assertTrue(s >= 1 - 1e-9 && s <= k * m + 1e-9, "effective samples " + s);
            }
        }
    }

    static Stream<Arguments> multiSample() {
        double[] gold = {-1.790508494239, -1.569955534480, -1.521124800468};
        Stream.Builder<Arguments> b = Stream.builder();
        for (int k = 1; k <= 3; k++) {
            b.add(Arguments.of("iwae", k, gold[k - 1], (BiFunction<Integer, Integer, Bound>)
                    (n, m) -> Bound.iwae(n).repeats(m)));
            b.add(Arguments.of("dreg", k, gold[k - 1], (BiFunction<Integer, Integer, Bound>)
                    (n, m) -> Bound.dreg(n).repeats(m)));
        }
        return b.build();
    }

    private static double[][][] gradients(Bound bound, int n, int seed) {
        Rows r = Rows.plane(n);
        Context c = plane(r);
        Estimate e = bound.of(r.model, FREE, c, r.p, Key.of(seed));
        // x enters the likelihood only: its gradient is one of the decoder's kind
        List<Tensor> g = Gradients.of(e.surrogate().sum(), List.of(c.get("mean"), c.get("logVariance"), c.data()));
        return Run.eval(g).stream().map(Rows::columns).toArray(double[][][]::new);
    }

    private static void agree(double[][][] a, double[][][] b, int from, int to) {
        for (int i = from; i < to; i++) {
            for (int j = 0; j < a[i].length; j++) {
                double error = Math.hypot(a[i][j][1], b[i][j][1]);
                assertEquals(a[i][j][0], b[i][j][0], 4.5 * error, "gradient " + i + ", column " + j);
            }
        }
    }

    /** Two estimators of one gradient agree within their standard errors; the second is the quieter one. */
    @Test
    void doublyReparameterisedGradientIsUnbiased() {
        double[][][] iwae = gradients(Bound.iwae(8), N, 5);
        double[][][] dreg = gradients(Bound.dreg(8), N, 6);
        agree(iwae, dreg, 0, 3);
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                assertTrue(dreg[i][j][1] < iwae[i][j][1], "standard errors " + dreg[i][j][1] + ", " + iwae[i][j][1]);
            }
        }
    }

    @Test
    void wakePhaseAndItsDoublyReparameterisedForm() {
        double[][][] rws = gradients(Bound.rws(6), N, 7);
        double[][][] dreg = gradients(Bound.dregRws(6), N, 8);
        agree(rws, dreg, 0, 2);
        agree(gradients(Bound.iwae(6), N, 9), rws, 2, 3);
        agree(gradients(Bound.iwaeStl(6), N, 10), dreg, 2, 3);
    }

    /**
     * The noise of IWAE's encoder gradient falls as K^-1/2, that of the doubly reparameterised one as K^-3/2 (Rainforth
     * et al. 2018, Tucker et al. 2018): with 16 times as many draws the ratio grows by about 16.
     */
    @Test
    void signalToNoise() {
        double few = noise(Bound.iwae(4)) / noise(Bound.dreg(4));
        double many = noise(Bound.iwae(64)) / noise(Bound.dreg(64));
        assertTrue(many > 5 * few, few + " then " + many);
    }

    private static double noise(Bound bound) {
        Rows r = Rows.plane(4000);
        // wider than the posterior, so that the weights have the moments the rates need
        Context c =
                Context.of(r.rows(Rows.PLANE_X)).with("mean", r.rows(.5, .4)).with("logVariance", r.rows(-.7, -.7));
        Estimate e = bound.of(r.model, FREE, c, r.p, Key.of(11));
        return Rows.columns(Run.eval(Gradients.of(e.surrogate().sum(), c.get("mean"))))[1][1];
    }

    /** Two roles of the decoder in one estimator cost no second pass: what is equal is computed once. */
    @Test
    void estimatorsCostNoSecondPass() {
        long iwae = products(Bound.iwae(4));
        // two layers each way: forward, and for all but the first two backward
        assertTrue(iwae >= 8, iwae + " products");
        assertEquals(iwae, products(Bound.dreg(4)));
        assertEquals(iwae, products(Bound.dregRws(4)));
        assertEquals(iwae, products(Bound.iwaeStl(4)));
    }

    private static long products(Bound bound) {
        ParamSpec spec = new ParamSpec(DType.F32);
        Vae vae = Vae.mlp(spec, 9, new int[] {7}, 3, Activation.TANH, Likelihood.bernoulli(), Initializer.zeros());
        Tensor x = Tensors.input("x", DType.F32, 5, 9);
        Estimate e = bound.of(vae, vae.posterior(), Context.of(x), spec.weights(), Key.of(1));
        Tensor g = Gradients.of(e.loss(), spec.flat().value());
        return Program.of(e.value(), g).plan().compute().stream()
                .map(i -> switch (i) {
                    case Instruction.Compute c -> c.origin().op().name();
                    case Instruction.Accumulate a -> a.origin().op().name();
                    default -> "";
                })
                .filter(name -> name.startsWith("matmul"))
                .count();
    }

    static Stream<Bound> pathBounds() {
        return Stream.of(Bound.elboStl(1), Bound.iwaeStl(4), Bound.dreg(4), Bound.dregRws(4));
    }

    @ParameterizedTest
    @MethodSource("pathBounds")
    void pathGradientIsZeroAtThePosteriorForEveryDraw(Bound bound) {
        Rows r = Rows.plane(50);
        Tensor x = r.rows(Rows.PLANE_X);
        HostArray mean = Run.eval(r.model.posteriorMean(r.p, x));
        HostArray cov = Run.eval(r.model.posteriorCovariance(r.p));
        Tensor m = Tensors.resident(mean);
        Tensor l = Tensors.resident(Run.eval(
                org.amortis.tensor.LinearAlgebra.cholesky(Tensors.resident(cov).broadcastTo(Shape.of(50, 2, 2)))));
        TractableVariational q = (c, p) -> MultivariateNormal.ofMeanCholesky(m, l);
        Estimate e = bound.of(r.model, q, Context.of(x), r.p, Key.of(4));
        List<Tensor> out = Gradients.of(e.surrogate().sum(), List.of(m, l));
        List<HostArray> v = Run.eval(List.of(out.get(0), out.get(1), e.value()));
        assertArrayEquals(new double[100], v.get(0).doubles(), 1e-12);
        assertArrayEquals(new double[200], v.get(1).doubles(), 1e-12);
        for (double value : v.get(2).doubles()) {
            assertEquals(-2.983124745306, value, 1e-11, "every draw gives log p(x)");
        }
        Tensor noisy = Gradients.of(
                Bound.elboSampled(1)
                        .of(r.model, q, Context.of(x), r.p, Key.of(4))
                        .surrogate()
                        .sum(),
                m);
        assertTrue(Math.abs(Run.eval(noisy).get(0)) > 1e-3, "the ordinary estimator has noise there");
    }

    /** Expectations under q = N(mu, v): log likelihood, log prior and entropy by their formulas. */
    @Test
    void warmUps() {
        Rows r = Rows.plane(N);
        Context c = plane(r);
        double entropy = Math.log(2 * Math.PI * Math.E) + .5 * Math.log(.3 * .1);
        double logPrior = -Math.log(2 * Math.PI) - .5 * (.25 + .04 + .3 + .1);
        double logLik = -3.535853006594 - entropy - logPrior;
        Tensor beta = Tensors.fill(.3, DType.F64, Shape.SCALAR);
        for (Bound b : List.of(Bound.elbo(1), Bound.elboSampled(1), Bound.elboStl(1))) {
            Estimate kl = b.warmUp(WarmUp.KL, beta).of(r.model, FREE, c, r.p, Key.of(5));
            Estimate h = b.warmUp(WarmUp.ENTROPY, beta).of(r.model, FREE, c, r.p, Key.of(6));
            List<HostArray> v = Run.eval(List.of(kl.surrogate(), h.surrogate(), kl.value()));
            near(logLik + .3 * (logPrior + entropy), Rows.columns(v.get(0))[0], b + " KL");
            near(logLik + logPrior + .3 * entropy, Rows.columns(v.get(1))[0], b + " entropy");
            near(-3.535853006594, Rows.columns(v.get(2))[0], b + " value is the bound itself");
        }
    }

    @Test
    void refusals() {
        Rows r = Rows.plane(2);
        Context c = plane(r);
        Variational noDensity = (context, p, key, n) -> FREE.draw(context, p, key, n);
        Estimate e = Bound.iwae(2).of(r.model, noDensity, c, r.p, Key.of(1));
        assertEquals(Shape.of(2), e.value().shape());
        for (Bound b : List.of(Bound.elbo(1), Bound.dreg(2))) {
            PlanException x = assertThrows(PlanException.class, () -> b.of(r.model, noDensity, c, r.p, Key.of(1)));
            assertTrue(x.getMessage().contains("density"), x.getMessage());
        }
        assertThrows(PlanException.class, () -> Bound.iwae(0));
        assertThrows(PlanException.class, () -> Bound.iwae(2).warmUp(WarmUp.KL, c.data()));
        assertTrue(assertThrows(PlanException.class, () -> Context.empty().data())
                .getMessage()
                .contains("x"));
    }
}
