package org.amortis.dist;

import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
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
