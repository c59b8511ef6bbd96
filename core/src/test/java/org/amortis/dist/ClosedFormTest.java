package org.amortis.dist;

import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values at single points, made with mpmath at 40 digits from the textbook formulas. */
class ClosedFormTest {
    private static void close(double expected, double actual, double absolute) {
        assertEquals(expected, actual, absolute + 1e-14 * Math.abs(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "0.3, 0.5, 2, -1.6170857137646181",
        "40, 0, 1, -800.91893853320467",
        "-3, 1.25, 0.01, -90308.813768347217",
        "1e-3, 0, 1e-6, -499987.10342797524"
    })
    void normalLogProb(double x, double mean, double std, double gold) {
        close(gold, eval(Normal.ofMeanStd(f64(mean), f64(std)).logProb(f64(x)))[0], 1e-14);
        close(gold, eval(Normal.ofMeanStd(f64(mean), std).logProb(f64(x)))[0], 1e-14);
        double log = Math.log(std);
        // a logarithm of size 14 is rounded to 2^-50, twice that relative to the squared distance
        double slack = 4e-15 * Math.abs(gold);
        close(gold, eval(Normal.ofMeanLogStd(f64(mean), f64(log)).logProb(f64(x)))[0], 1e-14 + slack);
        close(gold, eval(Normal.ofMeanLogVariance(f64(mean), f64(2 * log)).logProb(f64(x)))[0], 1e-14 + slack);
    }

    @ParameterizedTest
    @CsvSource({
        "0.3, 0.5, -1, 2, 1.1287943611198906",
        "0, 1, 0, 1, 0",
        "1, 1e-6, 0, 1, 13.815510557964774",
        "0.1, 1.0001, 0, 1, 0.0050000099996666917"
    })
    void normalKl(double m1, double s1, double m2, double s2, double gold) {
        Normal p = Normal.ofMeanStd(f64(m1), f64(s1));
        close(gold, eval(p.klTo(Normal.ofMeanStd(f64(m2), f64(s2))))[0], 1e-15);
        if (m2 == 0 && s2 == 1) {
            close(gold, eval(p.klTo(Normal.standardLike(f64(m1))))[0], 1e-15);
        }
    }

    @Test
    void normalEntropy() {
        close(0.72579135264472743, eval(Normal.ofMeanStd(f64(3), 0.5).entropy().orElseThrow())[0], 1e-15);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0.7, -0.40318604888545789",
        "0, 0.7, -1.1031860488854579",
        "1, -40, -40",
        "0, 100, -100",
        "0.3, 2, -1.5269280110429725"
    })
    void bernoulliLogProb(double x, double logit, double gold) {
        close(gold, eval(Bernoulli.ofLogits(f64(logit)).logProb(f64(x)))[0], 1e-15);
    }

    @ParameterizedTest
    @CsvSource({
        "0.7, 0.63545460836774162, 0.22171287329310905",
        "-30, 2.9008631203401871e-12, 9.3576229688384233e-14",
        "5, 0.040179603110542346, 0.0066480566707901549"
    })
    void bernoulliEntropyAndVariance(double logit, double entropy, double variance) {
        Bernoulli d = Bernoulli.ofLogits(f64(logit));
        close(entropy, eval(d.entropy().orElseThrow())[0], 0);
        close(variance, eval(d.variance())[0], 0);
    }

    @ParameterizedTest
    @CsvSource({"0.7, -1.2, 0.4296531855720889", "-30, 2, 2.1269280110398845", "20, -20, 19.999999917553855"})
    void bernoulliKl(double a, double b, double gold) {
        close(gold, eval(Bernoulli.ofLogits(f64(a)).klTo(Bernoulli.ofLogits(f64(b))))[0], 1e-15);
    }

    private static final double[] FACTOR = {2, 0, 0, -0.5, 0.75, 0, 0.25, 1.5, 0.5};
    private static final double[] OTHER_FACTOR = {1, 0, 0, 0.5, 1.25, 0, -0.75, 0.25, 2};

    private static MultivariateNormal correlated() {
        return MultivariateNormal.ofMeanCholesky(f64(0.5, -1, 2), f64(Shape.of(3, 3), FACTOR));
    }

    @Test
    void multivariateNormal() {
        MultivariateNormal p = correlated();
        close(-71.751251582717793, eval(p.logProb(f64(1, 0.25, -1)))[0], 0);
        close(3.9691335271622373, eval(p.entropy().orElseThrow())[0], 0);
        MultivariateNormal q = MultivariateNormal.ofMeanCholesky(f64(0, 1, -0.5), f64(Shape.of(3, 3), OTHER_FACTOR));
        close(6.515300929325936, eval(p.klTo(q))[0], 0);
        Independent diagonal = Independent.of(Normal.ofMeanStd(f64(0, 1, -0.5), f64(1.5, 0.5, 2)));
        close(10.86415412500439, eval(p.klTo(diagonal))[0], 0);
        close(89.919700041662277, eval(diagonal.klTo(p))[0], 1e-13);
        double[] cov = eval(p.covariance());
        double[] gold = {4, -1, 0.5, -1, 0.8125, 1, 0.5, 1, 2.5625};
        for (int i = 0; i < 9; i++) {
            assertEquals(gold[i], cov[i], 1e-15);
        }
    }

    /** Values in front of the batch become columns of one system: the same as one by one. */
    @Test
    void multivariateNormalOfManyValues() {
        MultivariateNormal p = MultivariateNormal.ofMeanCholesky(
                f64(Shape.of(2, 3), 0.5, -1, 2, 0, 1, -0.5),
                Tensors.stack(0, f64(Shape.of(3, 3), FACTOR), f64(Shape.of(3, 3), OTHER_FACTOR)));
        Tensor x = Random.normal(Key.of(1), DType.F64, Shape.of(4, 5, 2, 3));
        double[] all = eval(p.logProb(x));
        assertEquals(40, all.length);
        MultivariateNormal[] one = {
            correlated(), MultivariateNormal.ofMeanCholesky(f64(0, 1, -0.5), f64(Shape.of(3, 3), OTHER_FACTOR))
        };
        for (int i = 0; i < 40; i++) {
            Tensor v = x.reshape(40, 3).at(0, i);
            assertEquals(eval(one[i % 2].logProb(v))[0], all[i], 1e-12 * Math.abs(all[i]));
        }
        // a value that the batch broadcasts over
        Tensor v = f64(1, 0.25, -1);
        close(-71.751251582717793, eval(p.logProb(v))[0], 0);
    }

    @Test
    void categorical() {
        Categorical p = Categorical.ofLogits(f64(1, -0.5, 2, -30));
        double[] gold = {-1.3715390318526916, -2.8715390318526916, -0.37153903185269163, -32.371539031852692};
        double[] log = eval(p.logProb(Tensors.iota(Shape.of(4), 0)));
        for (int i = 0; i < 4; i++) {
            close(gold[i], log[i], 1e-15);
        }
        close(0.76678454408917107, eval(p.entropy().orElseThrow())[0], 1e-15);
        close(2.0685832230388999, eval(p.klTo(Categorical.ofLogits(f64(0, 1, 0.5, 3))))[0], 1e-15);
        Categorical q = Categorical.ofProbabilities(f64(1, 3, 0));
        double[] byWeights = eval(q.logProb(Tensors.iota(Shape.of(3), 0)));
        close(-1.3862943611198906, byWeights[0], 0);
        close(-0.28768207245178093, byWeights[1], 0);
        assertEquals(Double.NEGATIVE_INFINITY, byWeights[2]);
        Tensor outside = Tensors.iota(Shape.of(6), 0).sub(1);
        double[] all = eval(p.logProb(outside));
        assertEquals(Double.NEGATIVE_INFINITY, all[0]);
        assertEquals(Double.NEGATIVE_INFINITY, all[5]);
    }

    @Test
    void classThatNeverOccursCostsNoNaN() {
        State s = new State("logits", f64(0, 0, 0).type());
        java.util.Map<State, double[]> v = java.util.Map.of(s, new double[] {1, Double.NEGATIVE_INFINITY, 0.5});
        Categorical p = Categorical.ofLogits(s.value());
        Categorical two = Categorical.ofLogits(f64(1, 0.5));
        assertEquals(eval(two.entropy().orElseThrow())[0], eval(p.entropy().orElseThrow(), v)[0], 1e-15);
        assertEquals(0, eval(p.klTo(p), v)[0], 1e-15);
        assertEquals(
                Double.POSITIVE_INFINITY,
                eval(Categorical.ofLogits(f64(0, 0, 0)).klTo(p), v)[0]);
        Tensor loss = p.entropy()
                .orElseThrow()
                .add(p.logProb(Tensors.iota(Shape.of(3), 0)).at(0, 2));
        double[] g = eval(Gradients.of(loss, s.value()), v);
        assertEquals(0, g[1]);
        assertEquals(0, g[0] + g[2], 1e-15);
        double[] drawn = eval(p.sample(Key.of(2), 500), v);
        for (double d : drawn) {
            assertEquals(d == 0 ? 0 : 2, d);
        }
    }

    @Test
    void categoricalFrequencies() {
        Categorical p = Categorical.ofLogits(f64(1, -0.5, 2, -1));
        int n = 40_000;
        double[] drawn = eval(p.sample(Key.of(3), n));
        double[] gold = eval(p.probabilities());
        int[] count = new int[4];
        for (double d : drawn) {
            count[(int) d]++;
        }
        for (int i = 0; i < 4; i++) {
            assertEquals(gold[i], count[i] / (double) n, 6 * Math.sqrt(gold[i] * (1 - gold[i]) / n));
        }
    }

    @Test
    void uniformSupport() {
        Uniform u = Uniform.of(f64(-1), f64(3));
        close(-Math.log(4), eval(u.logProb(f64(0.5)))[0], 0);
        assertEquals(Double.NEGATIVE_INFINITY, eval(u.logProb(f64(3.5)))[0]);
        close(Math.log(2), eval(u.klTo(Uniform.of(f64(-2), f64(6))))[0], 0);
        assertEquals(Double.POSITIVE_INFINITY, eval(u.klTo(Uniform.of(f64(0), f64(6))))[0]);
    }

    @Test
    void mistakesAreNamed() {
        assertThrows(PlanException.class, () -> Normal.ofMeanStd(f64(0), 0));
        assertThrows(ShapeException.class, () -> Normal.ofMeanStd(f64(0, 1), f64(1, 2, 3)));
        assertThrows(
                ShapeException.class,
                () -> Normal.ofMeanStd(Tensors.zeros(DType.F32, Shape.of(1)), Tensors.ones(DType.F64, Shape.of(1))));
        assertThrows(
                PlanException.class, () -> Bernoulli.ofLogits(f64(0)).klTo(Normal.standard(DType.F64, Shape.of(1))));
    }
}
