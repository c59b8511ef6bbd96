package org.amortis.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Densities far out, in real float32 as programs compute them: value and gradient against float64 formulas, to a few
 * units of 2^-24 of the largest term.
 */
class TailsTest {
    interface Formula {
        Tensor of(Tensor p);
    }

    /** Value and gradient of a sum of elements of a formula of some scalars. */
    static double[] valueAndGradient(DType t, Formula f, double... at) {
        State s = new State("p", new TensorType(t, Shape.of(at.length)));
        Tensor y = f.of(s.value()).sum();
        Tensor g = Gradients.of(y, s.value());
        StateStore store = new StateStore();
        HostArray h = HostArray.wrap(at.clone(), Shape.of(at.length));
        store.set(s, h.cast(t));
        try (Device d = Device.builder().threads(1).build()) {
            Runner r = Program.of(List.of(y, g), Map.of()).open(d, store);
            r.run();
            double[] out = new double[at.length + 1];
            out[0] = r.output(0).scalar();
            for (int i = 0; i < at.length; i++) {
                out[i + 1] = r.output(1).get(i);
            }
            return out;
        }
    }

    private static void agree(Formula f, double... at) {
        double[] a = new double[at.length];
        for (int i = 0; i < at.length; i++) {
            a[i] = (float) at[i];
        }
        double[] wide = valueAndGradient(DType.F64, f, a);
        double[] narrow = valueAndGradient(DType.F32, f, a);
        double scale = 1;
        for (double v : a) {
            scale = Math.max(scale, Math.abs(v));
        }
        for (int i = 0; i < wide.length; i++) {
            assertTrue(Double.isFinite(narrow[i]), "element " + i + " is " + narrow[i]);
            double magnitude = Math.max(scale, Math.abs(wide[i]));
            // exp of an argument of size l has a relative error of l 2^-24 from rounding the argument alone
            assertEquals(wide[i], narrow[i], 16 * 0x1p-24 * scale * magnitude, "element " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "30, 0, 0", "1e5, 0, 0", "1, 1, -30", "1.5, 1, -20", "3, 0, 40", "0, 1e-20, -40", "-2, 5, 2"
    })
    void normalByLogStd(double x, double mean, double logStd) {
        Formula density = p -> Normal.ofMeanLogStd(p.at(0, 1), p.at(0, 2)).logProb(p.at(0, 0));
        if (Math.abs(logStd) < 10 || x == mean || logStd > 0) {
            agree(density, x, mean, logStd);
        }
        agree(
                p -> Normal.ofMeanLogStd(p.at(0, 1), p.at(0, 2))
                        .entropy()
                        .orElseThrow()
                        .add(p.sum()),
                x,
                mean,
                logStd);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.5, -30", "3, -80", "10, 3", "0, 20", "1e-4, 1e-4"})
    void klToTheStandardNormal(double mean, double logStd) {
        Formula f = p -> {
            Normal q = Normal.ofMeanLogStd(p.at(0, 0), p.at(0, 1));
            return q.klTo(Normal.standardLike(p.at(0, 0)));
        };
        double[] v = valueAndGradient(DType.F32, f, mean, logStd);
        double m = (float) mean;
        double l = (float) logStd;
        double e = Math.expm1(2 * l);
        double magnitude = Math.abs(e) + 2 * Math.abs(l) + m * m + 1;
        double unit = 16 * 0x1p-24 * Math.max(1, Math.abs(2 * l));
        assertEquals(0.5 * (e - 2 * l + m * m), v[0], unit * magnitude);
        assertEquals(m, v[1], unit * Math.abs(m));
        assertEquals(e, v[2], unit * Math.max(1, Math.abs(e)));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "0, 0", "1, 50", "0, 50", "1, -120", "0, -120", "1, 1e6", "0, 1e6", "0.25, 17"})
    void bernoulliByLogits(double x, double logit) {
        double[] v = valueAndGradient(
                DType.F32,
                p -> Bernoulli.ofLogits(p.at(0, 0)).logProb(org.amortis.tensor.Tensors.scalarLike(p, x)),
                logit);
        double softplus = Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
        assertEquals(x * logit - softplus, v[0], 8 * 0x1p-24 * Math.max(1, Math.abs(logit)));
        assertEquals(x - 1 / (1 + Math.exp(-logit)), v[1], 8 * 0x1p-24);
        agree(p -> Bernoulli.ofLogits(p.at(0, 0)).entropy().orElseThrow(), Math.min(logit, 80));
        agree(p -> Bernoulli.ofLogits(p.at(0, 0)).klTo(Bernoulli.ofLogits(p.at(0, 1))), Math.min(logit, 1e4), -30);
    }

    @Test
    void categoricalByLogits() {
        agree(
                p -> {
                    Categorical c = Categorical.ofLogits(p.slice(0, 0, 3));
                    return c.entropy().orElseThrow().add(c.klTo(Categorical.ofLogits(p.slice(0, 3, 6))));
                },
                1000,
                -1000,
                999,
                0,
                300,
                -300);
    }

    @Test
    void multivariateNormalByFreeParameters() {
        agree(
                p -> MultivariateNormal.ofMeanFree(
                                p.slice(0, 0, 2), p.slice(0, 2, 6).reshape(2, 2))
                        .logProb(p.slice(0, 6, 8)),
                1,
                2,
                -5,
                0,
                3,
                6,
                1.01,
                2.5);
    }
}
