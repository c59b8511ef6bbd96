package org.amortis.dist;

import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.check.Evaluator;
import org.amortis.check.GradientCheck;
import org.amortis.grad.Gradients;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Counts: probabilities against other forms of them, sums over the support, draws against distribution functions. */
class DiscreteTest {
    private static final int ALL = 1000;
    private static final int MANY = 5_000;

    static List<DiscreteCases.Family> families() {
        return DiscreteCases.families();
    }

    private static Tensor parameters(List<double[]> rows) {
        int columns = rows.get(0).length;
        double[] p = new double[rows.size() * columns];
        for (int i = 0; i < p.length; i++) {
            p[i] = rows.get(i / columns)[i % columns];
        }
        return f64(Shape.of(rows.size(), columns), p);
    }

    private static Tensor counts(int n) {
        return Tensors.iota(Shape.of(n, 1), 0);
    }

    /** Running sums of probabilities are the distribution function; to the rounding of a thousand terms. */
    @ParameterizedTest
    @MethodSource("families")
    void probabilitiesSumToTheDistributionFunction(DiscreteCases.Family f) {
        double[] p = eval(f.of(parameters(f.ordinary())).logProb(counts(ALL)).exp());
        int rows = f.ordinary().size();
        for (int r = 0; r < rows; r++) {
            double sum = 0;
            for (int k = 0; k < ALL; k++) {
                sum += p[k * rows + r];
                assertEquals(f.cdf().at(k, f.ordinary().get(r)), sum, 2e-13, "row " + r + ", count " + k);
            }
            assertEquals(1, sum, 1e-12);
        }
    }

    /** Mean, variance, entropy and divergence by their definitions, as sums over the support. */
    @ParameterizedTest
    @MethodSource("families")
    void momentsAreSums(DiscreteCases.Family f) {
        Tensor at = parameters(f.ordinary());
        Distribution d = f.of(at);
        Tensor k = counts(ALL);
        Tensor x = k.cast(DType.F64);
        Tensor log = d.logProb(k);
        Tensor p = log.exp();
        assertArrayEquals(eval(p.mul(x).sum(0)), eval(d.mean()), 1e-10);
        assertArrayEquals(eval(p.mul(x.sub(d.mean()).square()).sum(0)), eval(d.variance()), 1e-9);
        Tensor finite = Tensors.where(log.gt(Double.NEGATIVE_INFINITY), log, 0);
        d.entropy().ifPresent(h -> assertArrayEquals(eval(p.mul(finite).sum(0).neg()), eval(h), 1e-11));
        Tensor moved = at.slice(-1, 0, at.shape().dim(1) - 1);
        Tensor last =
                at.slice(-1, at.shape().dim(1) - 1, at.shape().dim(1)).mul(1.1).add(0.05);
        Distribution q = f.of(Tensors.concat(-1, moved, last));
        d.closedKlTo(q).ifPresent(kl -> {
            Tensor ratio = Tensors.where(log.gt(Double.NEGATIVE_INFINITY), log.sub(q.logProb(k)), 0);
            assertArrayEquals(eval(p.mul(ratio).sum(0)), eval(kl), 1e-11);
        });
    }

    /** Chi-square over some thirty cells of about equal probability; five standard deviations of the statistic. */
    @ParameterizedTest
    @MethodSource("families")
    void drawsFollowTheDistributionFunction(DiscreteCases.Family f) {
        List<double[]> all = new ArrayList<>(f.ordinary());
        all.addAll(f.wide());
        double[] drawn = Narrow.run(f.of(parameters(all)).sample(Key.of(11), MANY));
        int rows = all.size();
        for (int r = 0; r < rows; r++) {
            double[] x = new double[MANY];
            for (int i = 0; i < MANY; i++) {
                x[i] = drawn[i * rows + r];
            }
            double[] p = all.get(r);
            FitTests.counts(
                    f + " " + java.util.Arrays.toString(p), x, k -> f.cdf().at(k, p));
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void gradientsToSecondOrder(DiscreteCases.Family f) {
        Tensor at = parameters(f.ordinary());
        int skip = f.name().equals("binomial") ? 1 : 0;
        HostArray free = HostArray.wrap(
                eval(at.slice(-1, skip, at.shape().dim(1))),
                at.slice(-1, skip, at.shape().dim(1)).shape());
        Tensor k = counts(40).mul(3);
        GradientCheck.check(
                f.name(),
                x -> {
                    Tensor log = f.of(Tensors.concat(-1, at.slice(-1, 0, skip), x[0]))
                            .logProb(k);
                    return new Tensor[] {
                        Tensors.where(log.gt(Double.NEGATIVE_INFINITY), log, 0).mul(0.1)
                    };
                },
                List.of(free),
                2,
                Evaluator.reference());
    }

    @ParameterizedTest
    @MethodSource("families")
    void valuesOutsideHaveNoProbabilityAndNoGradient(DiscreteCases.Family f) {
        Tensor at = parameters(f.ordinary());
        Distribution d = f.of(at);
        Tensor outside = f64(Shape.of(3, 1), -1, 0.5, Double.NaN);
        for (double v : eval(d.logProb(outside))) {
            assertEquals(Double.NEGATIVE_INFINITY, v);
        }
        for (double v : eval(d.logProb(counts(1).sub(1)))) {
            assertEquals(Double.NEGATIVE_INFINITY, v);
        }
        for (double v : eval(Gradients.of(d.logProb(outside).sum(), at))) {
            assertEquals(0, v);
        }
        assertArrayEquals(
                eval(d.logProb(counts(9))), eval(d.logProb(counts(9).cast(DType.F64))), "whole numbers are counts");
    }

    /** In real float32 against float64 at the same numbers: the error that rounding the parameters makes, and a few units. */
    private static void agree(java.util.function.Function<Tensor[], Distribution> make, double k, double... at) {
        Tensor[] wide = new Tensor[at.length];
        Tensor[] narrow = new Tensor[at.length];
        for (int i = 0; i < at.length; i++) {
            wide[i] = f64((float) at[i]);
            narrow[i] = Tensors.constant(
                    HostArray.wrap(new double[] {at[i]}, Shape.of(1)).cast(DType.F32));
        }
        Tensor x = f64(k).cast(DType.I32);
        List<Tensor> a = with(make.apply(wide).logProb(x), wide);
        List<Tensor> b = with(make.apply(narrow).logProb(x), narrow);
        try (Device device = Device.builder().threads(1).build()) {
            List<HostArray> computed = Evaluator.on(device).prepare(b).run(java.util.Map.of());
            double scale = 1;
            double[] exact = new double[a.size()];
            for (int i = 0; i < exact.length; i++) {
                exact[i] = eval(a.get(i))[0];
                scale += i == 0 ? Math.abs(exact[0]) : Math.abs(exact[i] * at[i - 1]);
            }
            for (int i = 0; i < exact.length; i++) {
                double v = computed.get(i).get(0);
                // a gradient is a difference of counts
                double unit = i == 0 ? scale : Math.abs(exact[i]) + (k + scale) / Math.max(1, Math.abs(at[i - 1]));
                assertEquals(exact[i], v, 64 * 0x1p-24 * unit, "result " + i);
            }
        }
    }

    private static List<Tensor> with(Tensor y, Tensor[] wrt) {
        List<Tensor> r = new ArrayList<>(List.of(y));
        r.addAll(Gradients.orZeros(y.sum(), List.of(wrt)));
        return r;
    }

    private static void close(double gold, Tensor value, double slack) {
        assertEquals(gold, eval(value)[0], 1e-14 * Math.abs(gold) + 2e-15 + slack);
    }

    // The golden values are from mpmath at 50 digits, by log gamma functions, for the doubles that the numbers round
    // to.

    @ParameterizedTest
    @CsvSource({
        "2.5, 0, -2.5",
        "2.5, 3, -1.5428872736055898",
        "0.001, 4, -30.810074946276494",
        "30, 31, -2.655104721788494",
        "1e6, 1000500, -7.9519230048727608",
        "1e6, 900000, -5183.3099216032794",
        "50, 500, -705.31895574608306",
        "1e-300, 1, -690.77552789821371",
        "12345.5, 12345, -5.6294586097490905",
        "9.75, 11, -2.2023677107665719"
    })
    void poissonByRate(double rate, double k, double gold) {
        close(gold, Poisson.ofRate(f64(rate)).logProb(f64(k).cast(DType.I32)), 0);
        if (rate > 1e-30) {
            agree(p -> Poisson.ofRate(p[0]), k, rate);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-100, 2, -200.69314718055995",
        "-0.5, 1, -1.1065306597126334",
        "3, 20, -2.4211533839411528",
        "10, 22026, -5.9189366681027077",
        "20, 485165195, -10.918938533127178"
    })
    void poissonByLogRate(double logRate, double k, double gold) {
        // an error of the exponential, 2^-53, times the distance of count and rate
        double slack = 0x1p-52 * Math.abs(k - Math.exp(logRate));
        close(gold, Poisson.ofLogRate(f64(logRate)).logProb(f64(k).cast(DType.I32)), slack);
        if (k < 0x1p24) {
            agree(p -> Poisson.ofLogRate(p[0]), k, logRate);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10, 0.3, 4, -1.9964449139678025",
        "10, -3, 0, -0.48587351573742059",
        "10, 4, 10, -0.1814992791780974",
        "1, 0.7, 1, -0.40318604888545791",
        "1000000, -1.5, 182000, -7.4817631606634064",
        "1000000, -12, 7, -1.9608019330938012",
        "1000000, 13, 999998, -1.3224539170722868",
        "2000000000, 0, 1000010000, -11.033997861474572",
        "100, -300, 1, -295.39482981401191",
        "7, 40, 3, -156.44465193851059"
    })
    void binomial(int n, double logit, double k, double gold) {
        double slack = 0x1p-52 * Math.abs(k - n / (1 + Math.exp(-logit)));
        close(gold, Binomial.ofLogits(n, f64(logit)).logProb(f64(k).cast(DType.I32)), slack);
        if (n < 1 << 24) {
            agree(p -> Binomial.ofLogits(n, p[0]), k, Math.max(logit, -80));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2.5, 0.4, 0, -2.2825381309998816",
        "2.5, 0.4, 5, -2.3854247694958769",
        "0.01, 3, 2, -5.4160276123580901",
        "0.01, -2, 0, -0.001269280110429725",
        "1e8, -17.5, 3, -1.5407164069193311",
        "1e8, -9.2, 10150, -5.6364263392342881",
        "30, 6, 12500, -8.671567311260399",
        "1, -1, 4, -5.5663084375911142",
        "500.25, -2, 70, -3.1438199017465956",
        "1e-5, 10, 1000, -18.46610479899681"
    })
    void negativeBinomial(double r, double logit, double k, double gold) {
        double slack = 0x1p-51 * Math.abs(k - r * Math.exp(logit)) / (1 + Math.exp(logit));
        close(gold, NegativeBinomial.ofLogits(f64(r), f64(logit)).logProb(f64(k).cast(DType.I32)), slack);
        agree(p -> NegativeBinomial.ofLogits(p[0], p[1]), k, r, logit);
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 0, -0.47407698418010668",
        "0.5, 7, -7.2926158734408534",
        "-15, 3000000, -15.917707127043435",
        "30, 2, -60.000000000000281",
        "-100, 5, -100"
    })
    void geometric(double logit, double k, double gold) {
        close(gold, Geometric.ofLogits(f64(logit)).logProb(f64(k).cast(DType.I32)), 0);
        agree(p -> Geometric.ofLogits(p[0]), k, Math.max(logit, -80));
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 1.0648845400057592, 0.60653065971263342, 0.97441010088407575",
        "-15, 16.000000152951145, 3269017.3724721106, 10686477850541.835",
        "-30, 31.000000000000047, 10686474581524.462, 1.1420073898157911e+26",
        "30, 2.9008631203404585e-12, 9.3576229688401746e-14, 9.3576229688410503e-14"
    })
    void geometricMoments(double logit, double entropy, double mean, double variance) {
        Geometric d = Geometric.ofLogits(f64(logit));
        close(entropy, d.entropy().orElseThrow(), -2e-15 + 1e-26);
        close(mean, d.mean(), 0);
        close(variance, d.variance(), 0);
    }

    @Test
    void divergencesOfNeighbours() {
        close(4.9999966666691667e-7, Poisson.ofRate(f64(1e6)).klTo(Poisson.ofRate(f64(1e6 + 1))), 0);
        close(0.38076842412915463, Poisson.ofRate(f64(2)).klTo(Poisson.ofRate(f64(3.5))), 0);
        close(0.43837996550558418, Geometric.ofLogits(f64(0.5)).klTo(Geometric.ofLogits(f64(-1))), 0);
        close(0.10653063603302742, Geometric.ofLogits(f64(-15)).klTo(Geometric.ofLogits(f64(-15.5))), 0);
        close(38.822928714200665, Geometric.ofLogits(f64(-3)).klTo(Geometric.ofLogits(f64(2))), 0);
        close(3.274484401690776, Binomial.ofLogits(12, f64(0.5)).klTo(Binomial.ofLogits(12, f64(-1))), 0);
        assertTrue(Binomial.ofLogits(12, f64(0.5))
                .closedKlTo(Binomial.ofLogits(13, f64(-1)))
                .isEmpty());
    }

    /** Draws of bad parameters are outside every support, draws too large for an int saturate. */
    @Test
    void drawsAtTheEnds() {
        double[] d = eval(Poisson.ofRate(f64(0, -1, Double.NaN, 1e11)).sample(Key.of(1), 3));
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(
                    new double[] {0, -1, -1, Integer.MAX_VALUE}, java.util.Arrays.copyOfRange(d, 4 * i, 4 * i + 4));
        }
        d = eval(Binomial.ofLogits(7, f64(-800, 800, Double.NaN)).sample(Key.of(1)));
        assertArrayEquals(new double[] {0, 7, -1}, d);
        d = eval(Geometric.ofLogits(f64(-60, 800, Double.NaN)).sample(Key.of(1)));
        assertArrayEquals(new double[] {Integer.MAX_VALUE, 0, -1}, d);
        d = eval(NegativeBinomial.ofLogits(f64(1e-4, 0), f64(0, 0)).sample(Key.of(1)));
        assertArrayEquals(new double[] {0, -1}, d);
        assertEquals(0, eval(Poisson.ofRate(f64(1, 2)).sample(Key.of(1), 0)).length);
    }

    /** Parameters in float32: the draws are those of the same numbers in float64, in a program too. */
    @Test
    void drawsDoNotDependOnTheParametersType() {
        double[] rates = {0.5, 7, 12.25, 3e6};
        double[] wide = eval(Poisson.ofRate(f64(rates)).sample(Key.of(2), 20));
        assertArrayEquals(wide, Narrow.run(Poisson.ofRate(Narrow.f32(rates)).sample(Key.of(2), 20)));
        double[] logits = {-3, 0.5, 1.25, -9};
        wide = eval(Binomial.ofLogits(5000, f64(logits)).sample(Key.of(2), 20));
        assertArrayEquals(
                wide, Narrow.run(Binomial.ofLogits(5000, Narrow.f32(logits)).sample(Key.of(2), 20)));
    }

    @Test
    void mistakesAreNamed() {
        assertThrows(PlanException.class, () -> Binomial.ofLogits(-1, f64(0)));
        assertThrows(ShapeException.class, () -> Binomial.ofLogits(f64(1, 2), f64(1, 2, 3)));
        assertThrows(ShapeException.class, () -> NegativeBinomial.ofLogits(f64(1, 2), f64(1, 2, 3)));
        assertThrows(ShapeException.class, () -> Poisson.ofRate(f64(1, 2)).logProb(f64(1, 2, 3)));
        assertThrows(ShapeException.class, () -> Poisson.ofRate(f64(1, 2)).sample(Key.of(1), -1));
        assertThrows(PlanException.class, () -> Poisson.ofRate(f64(1)).rsample(Key.of(1)));
        assertThrows(PlanException.class, () -> Poisson.ofRate(f64(1)).klTo(Geometric.ofLogits(f64(1))));
    }
}
