package org.amortis.dist;

import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.check.Evaluator;
import org.amortis.check.GradientCheck;
import org.amortis.grad.Gradients;
import org.amortis.math.SpecialFunctions;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Dirichlet, relaxed categorical and multinomial. Golden values are from mpmath at 50 digits, by log gamma and digamma
 * functions.
 */
class SimplexTest {
    private static final double NOWHERE = Double.NEGATIVE_INFINITY;

    private static void close(double gold, Tensor value, double absolute) {
        assertEquals(gold, eval(value)[0], absolute + 2e-15 + 1e-14 * Math.abs(gold));
    }

    private static Tensor parse(String numbers) {
        String[] s = numbers.split(" ");
        double[] v = new double[s.length];
        for (int i = 0; i < v.length; i++) {
            v[i] = Double.parseDouble(s[i]);
        }
        return f64(v);
    }

    private static Tensor one(Tensor v) {
        return v.reshape(1, v.shape().dim(0));
    }

    @ParameterizedTest
    @CsvSource({
        "0.5 0.25 4, 0.25 0.25 0.5, -1.1901491085550687",
        "1e6 2e6 1e6, 0.25 0.5 0.25, 15.096795616574683",
        "1e6 2e6 1e6, 0.2509765625 0.5 0.2490234375, -0.16209460352591686",
        "1e-3 1e-3, 0.5 0.5, -6.2159927502495767",
        "1e-3 2, 9.5367431640625e-7 0.99999904632568359375, 6.9423239352638826",
        "1 1 1 1, 0 0.5 0.25 0.25, 1.791759469228055",
        "9.5 10.5, 0.5 0.5, 1.2332762969194464"
    })
    void dirichletDensity(String a, String x, double gold) {
        Tensor at = parse(x);
        close(gold, Dirichlet.ofConcentration(one(parse(a))).logProb(at), 0);
        // in float32 too: the largest error is that of rounding the concentrations
        Narrow.agree(p -> Dirichlet.ofConcentration(one(p)).logProb(at.cast(p.dtype())), eval(parse(a)));
    }

    @ParameterizedTest
    @CsvSource({"0.5 0.25 4, -4.5410155533259061", "1e6 2e6 1e6, -14.096796304074854", "1e-3 1e-3, -991.40237857123448"
    })
    void dirichletEntropy(String a, double gold) {
        close(gold, Dirichlet.ofConcentration(one(parse(a))).entropy().orElseThrow(), 0);
        Narrow.agree(p -> Dirichlet.ofConcentration(one(p)).entropy().orElseThrow(), eval(parse(a)));
    }

    @ParameterizedTest
    @CsvSource({
        "0.5 0.25 4, 1 2 3, 6.5095013534518586",
        "1e6 2e6 1e6, 1000100 2e6 999950, 0.0059373585633885882",
        "1e-3 20, 2e-3 15, 0.3071895864582452"
    })
    void dirichletDivergence(String a, String b, double gold) {
        Dirichlet p = Dirichlet.ofConcentration(one(parse(a)));
        // the largest terms are 1e-2 at the large concentrations, the logarithms beside them 15
        close(gold, p.klTo(Dirichlet.ofConcentration(one(parse(b)))), 2e-14);
    }

    @Test
    void dirichletToSecondOrder() {
        Tensor x = f64(Shape.of(2, 3), 0.2, 0.7, 0.1, 0.5, 0.25, 0.25);
        List<HostArray> at = List.of(HostArray.wrap(new double[] {0.3, 2, 9.99, 12, 1, 0.05}, Shape.of(2, 3)));
        GradientCheck.check(
                "dirichlet",
                p -> new Tensor[] {
                    Dirichlet.ofConcentration(p[0]).logProb(x),
                    Dirichlet.ofConcentration(p[0]).entropy().orElseThrow().mul(0.01),
                    Dirichlet.ofConcentration(p[0])
                            .klTo(Dirichlet.ofConcentration(x))
                            .mul(0.01)
                },
                at,
                2,
                Evaluator.reference());
    }

    @Test
    void dirichletAtTheBorderAndOutside() {
        Dirichlet d = Dirichlet.ofConcentration(f64(Shape.of(1, 3), 2, 0.5, 1));
        Tensor x = f64(
                Shape.of(6, 3), 0, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0, 0, 0, 1, -0.1, 0.6, 0.5, Double.NaN, 0.5, 0.5);
        double[] v = eval(d.logProb(x));
        assertEquals(NOWHERE, v[0]);
        assertEquals(Double.POSITIVE_INFINITY, v[1]);
        // log(1.5 * 2.5 * gamma(1.5) / gamma(0.5)) + log 0.5 - 0.5 log 0.5
        assertEquals(Math.log(2.5 * 1.5 * 0.5) + 0.5 * Math.log(0.5), v[2], 1e-14);
        assertEquals(NOWHERE, v[3]);
        assertEquals(NOWHERE, v[4]);
        assertEquals(NOWHERE, v[5]);
        Tensor a = f64(2, 0.5, 1);
        Tensor at = f64(0.5, 0.5, 0);
        for (double g : eval(Gradients.of(Dirichlet.ofConcentration(a).logProb(at), a))) {
            assertTrue(!Double.isNaN(g));
        }
    }

    /** Concentrations of 1e-3 in float32: most elements underflow, densities of draws and gradients stay numbers. */
    @Test
    void dirichletOfSmallConcentrations() {
        Tensor a = Narrow.f32(1e-3, 2e-3, 1e-3);
        Dirichlet d = Dirichlet.ofConcentration(one(a));
        Drawn drawn = d.sampleAndLogProb(Key.of(3), 500);
        Tensor g = Gradients.of(drawn.value().square().sum().add(drawn.logProb().sum()), a);
        List<HostArray> r = Narrow.run(List.of(drawn.value(), drawn.logProb(), g));
        int zeros = 0;
        for (int i = 0; i < 1500; i++) {
            double v = r.get(0).get(i);
            assertTrue(v >= 0 && v <= 1, "draw " + v);
            zeros += v == 0 ? 1 : 0;
        }
        assertTrue(zeros > 800, zeros + " zeros");
        for (double v : r.get(1).toDoubles()) {
            assertTrue(Double.isFinite(v), "density " + v);
        }
        for (double v : r.get(2).toDoubles()) {
            assertTrue(Double.isFinite(v), "gradient " + v);
        }
    }

    /** Each element is beta distributed. */
    @Test
    void dirichletMarginals() {
        double[] a = {0.3, 2, 5};
        int n = 4000;
        double[] x = Narrow.run(Dirichlet.ofConcentration(f64(a)).sample(Key.of(4), n));
        for (int j = 0; j < 3; j++) {
            double[] e = new double[n];
            for (int i = 0; i < n; i++) {
                e[i] = x[3 * i + j];
            }
            double first = a[j];
            FitTests.continuous("element " + j, e, v -> SpecialFunctions.betainc(first, 7.3 - first, v));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.7, 1 -0.5 2, 0.25 0.25 0.5, -0.73010552784996511",
        "0.1, 0 3, 0.0009765625 0.9990234375, 2.1330850107764844",
        "5, 1 2 3 4, 0.125 0.125 0.25 0.5, 2.9473303451826189"
    })
    void relaxedDensity(double temperature, String logits, String x, double gold) {
        RelaxedCategorical d = RelaxedCategorical.ofLogits(temperature, one(parse(logits)));
        Tensor at = parse(x);
        close(gold, d.logProb(at), 4e-15);
        close(gold + eval(at.log().sum())[0], d.logarithms().logProb(at.log()), 1e-14);
        Narrow.agree(
                p -> RelaxedCategorical.ofLogits(temperature, one(p)).logProb(at.cast(p.dtype())), eval(parse(logits)));
    }

    /** Of two classes the first element is logistic in its log odds: ((l + noise) / t), noise logistic. */
    @Test
    void relaxedPairIsLogistic() {
        double[] x = Narrow.run(RelaxedCategorical.ofLogits(0.6, f64(0.8, 0))
                .sample(Key.of(5), 4000)
                .at(-1, 0));
        FitTests.continuous("first of two", x, v -> 1 / (1 + Math.exp(-(0.6 * (Math.log(v) - Math.log1p(-v)) - 0.8))));
    }

    /** The largest element is that of the classes' probabilities, at any temperature; six standard errors. */
    @Test
    void relaxedArgmaxFollowsTheClasses() {
        Tensor logits = f64(1, -0.5, 2);
        double[] p = eval(logits.softmax(-1));
        int n = 10_000;
        double[] k = Narrow.run(RelaxedCategorical.ofLogits(0.05, logits)
                .logarithms()
                .sample(Key.of(6), n)
                .argmax(-1));
        for (int j = 0; j < 3; j++) {
            int count = 0;
            for (double v : k) {
                count += v == j ? 1 : 0;
            }
            assertEquals(p[j], count / (double) n, 6 * Math.sqrt(p[j] * (1 - p[j]) / n));
        }
    }

    /** At temperature 0.01 in float32 elements are 0; the density of draws and all gradients are numbers. */
    @Test
    void relaxedAtLowTemperature() {
        Tensor logits = Narrow.f32(1, -0.5, 2, 40);
        RelaxedCategorical d = RelaxedCategorical.ofLogits(0.01, logits);
        Drawn drawn = d.sampleAndLogProb(Key.of(7), 200);
        Tensor loss = drawn.logProb().sum().add(d.logProb(drawn.value()).sum().mul(1e-3));
        List<HostArray> r = Narrow.run(List.of(drawn.logProb(), d.logProb(drawn.value()), Gradients.of(loss, logits)));
        for (HostArray a : r) {
            for (double v : a.toDoubles()) {
                assertTrue(Double.isFinite(v), "result " + v);
            }
        }
        assertEquals(NOWHERE, eval(RelaxedCategorical.ofLogits(1, f64(0, 0)).logProb(f64(-0.5, 1.5)))[0]);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 1 -0.5 2, 2 1 4, -2.4468128728112569",
        "1000000, 0 0 1, 212000 211900 576100, -13.838625503073918",
        "5, 0 -200 0, 2 0 3, -1.1631508098056809",
        "0, 0 1, 0 0, 0",
        "3, 0 -200 0, 2 1 0, -200.98082925301173"
    })
    void multinomial(int n, String logits, String x, double gold) {
        Tensor k = parse(x).cast(DType.I32);
        // an error of each probability, 2^-53, times the distance of the count from its mean
        close(gold, Multinomial.ofLogits(n, one(parse(logits))).logProb(k), n * 1e-16);
        Narrow.agree(p -> Multinomial.ofLogits(n, one(p)).logProb(k), eval(parse(logits)));
    }

    /** All vectors of four trials and three classes: sum, mean, variance and divergence by definition. */
    @Test
    void multinomialOverItsSupport() {
        int n = 4;
        double[] all = new double[15 * 3];
        int at = 0;
        for (int i = 0; i <= n; i++) {
            for (int j = 0; i + j <= n; j++, at += 3) {
                all[at] = i;
                all[at + 1] = j;
                all[at + 2] = n - i - j;
            }
        }
        Tensor x = f64(Shape.of(15, 3), all);
        Multinomial d = Multinomial.ofLogits(n, f64(0.3, -1, 0.5));
        Multinomial q = Multinomial.ofLogits(n, f64(0.1, 0.2, 0.3));
        Tensor p = d.logProb(x.cast(DType.I32)).exp();
        assertEquals(1, eval(p.sum())[0], 1e-14);
        Tensor w = p.reshape(15, 1);
        assertArrayEquals(eval(d.mean()), eval(w.mul(x).sum(0)), 1e-14);
        assertArrayEquals(
                eval(d.variance()), eval(w.mul(x.sub(d.mean()).square()).sum(0)), 1e-14);
        assertEquals(
                eval(d.klTo(q))[0], eval(p.mul(d.logProb(x).sub(q.logProb(x))).sum())[0], 1e-14);
        assertTrue(d.closedKlTo(Multinomial.ofLogits(5, f64(0, 0, 0))).isEmpty());
        Tensor outside = f64(Shape.of(4, 3), 4, 1, -1, 2, 1, 0, 1.5, 1.5, 1, Double.NaN, 2, 2);
        for (double v : eval(d.logProb(outside))) {
            assertEquals(NOWHERE, v);
        }
        Tensor logits = f64(0.3, -1, 0.5);
        assertArrayEquals(
                new double[3],
                eval(Gradients.of(
                        Multinomial.ofLogits(n, logits).logProb(outside).sum(), logits)));
    }

    @Test
    void multinomialToSecondOrder() {
        Tensor x = f64(Shape.of(2, 3), 2, 1, 4, 0, 0, 7).cast(DType.I32);
        GradientCheck.check(
                "multinomial",
                p -> new Tensor[] {Multinomial.ofLogits(7, p[0]).logProb(x)},
                List.of(HostArray.wrap(new double[] {0.3, -1, 0.5, 2, 0, -2}, Shape.of(2, 3))),
                2,
                Evaluator.reference());
    }

    /** Each count is binomial, the counts add up, and a class without probability stays empty. */
    @Test
    void multinomialDraws() {
        double[] p = {0.2, 0, 0.5, 0.3, 0};
        int[] trials = {11, 3000};
        double[] logits = new double[5];
        for (int i = 0; i < 5; i++) {
            logits[i] = Math.log(p[i]);
        }
        int n = 3000;
        Multinomial d = Multinomial.ofLogits(f64(11, 3000), f64(logits));
        double[] x = Narrow.run(d.sample(Key.of(8), n));
        for (int r = 0; r < 2; r++) {
            for (int j = 0; j < 5; j++) {
                double[] k = new double[n];
                for (int i = 0; i < n; i++) {
                    k[i] = x[(2 * i + r) * 5 + j];
                }
                int t = trials[r];
                double q = p[j];
                if (q == 0) {
                    assertArrayEquals(new double[n], k);
                } else {
                    FitTests.counts("class " + j, k, v -> v >= t ? 1 : SpecialFunctions.betainc(t - v, v + 1, 1 - q));
                }
            }
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j < 5; j++) {
                    sum += x[(2 * i + r) * 5 + j];
                }
                assertEquals(trials[r], sum);
            }
        }
    }

    @Test
    void mistakesAreNamed() {
        assertThrows(ShapeException.class, () -> Dirichlet.ofConcentration(f64(Shape.SCALAR, 1)));
        assertThrows(
                ShapeException.class,
                () -> Dirichlet.ofConcentration(f64(1, 2)).klTo(Dirichlet.ofConcentration(f64(1, 2, 3))));
        assertThrows(PlanException.class, () -> RelaxedCategorical.ofLogits(0, f64(1, 2)));
        assertThrows(
                PlanException.class,
                () -> RelaxedCategorical.ofLogits(1, f64(1, 2)).mean());
        assertThrows(ShapeException.class, () -> RelaxedCategorical.ofLogits(f64(1, 2), f64(1, 2)));
        assertThrows(PlanException.class, () -> Multinomial.ofLogits(-1, f64(1, 2)));
        assertThrows(
                ShapeException.class, () -> Multinomial.ofLogits(f64(1, 2), f64(Shape.of(3, 2), 1, 2, 3, 4, 5, 6)));
        assertThrows(
                ShapeException.class,
                () -> Tensors.stack(
                        0, Multinomial.ofLogits(1, f64(Shape.SCALAR, 1)).mean()));
    }
}
