package org.amortis.dist;

import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
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
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wishart and LKJ. Golden values are from mpmath at 50 digits, by determinants, inverses and multivariate gamma functions. */
class MatrixTest {
    private static final double NOWHERE = Double.NEGATIVE_INFINITY;
    private static final Tensor FACTOR = f64(Shape.of(3, 3), 2, 0, 0, -0.5, 0.75, 0, 0.25, 1.5, 0.5);
    private static final Tensor OTHER = f64(Shape.of(3, 3), 1, 0, 0, 0.5, 1.25, 0, -0.75, 0.25, 2);
    private static final Tensor X = f64(Shape.of(3, 3), 2, 0.5, 0.125, 0.5, 1, -0.25, 0.125, -0.25, 3);

    private static Wishart wishart(double degrees, Tensor factor) {
        return Wishart.ofCholesky(f64(degrees), factor);
    }

    private static void close(double gold, Tensor value, double relative) {
        assertEquals(gold, eval(value)[0], relative * Math.max(1, Math.abs(gold)));
    }

    @ParameterizedTest
    @CsvSource({"2.25, -28.373453127885135", "5.5, -26.372508578690375", "1e5, -1466919.9942663485"})
    void wishartDensity(double degrees, double gold) {
        close(gold, wishart(degrees, FACTOR).logProb(X), 1e-14);
        Narrow.agree(
                p -> Wishart.ofCholesky(p.slice(0, 0, 1), p.slice(0, 1, 10).reshape(3, 3))
                        .logProb(X.cast(p.dtype())),
                eval(Tensors.concat(0, f64(degrees), FACTOR.reshape(9))));
    }

    @Test
    void wishartOfNumbersAndNearTheMean() {
        close(-0.67987665860778357, wishart(0.5, f64(Shape.of(1, 1), 1.5)).logProb(f64(Shape.of(1, 1), 0.25)), 1e-14);
        Tensor near = f64(Shape.of(2, 2), 1e5, 0.5e5, 0.5e5, 1.25e5 + 512);
        // one unit of the last place of the elements moves the density by 1e-11
        close(
                -21.380153809831208,
                wishart(1e5, f64(Shape.of(2, 2), 1, 0, 0.5, 1)).logProb(near),
                1e-11);
    }

    @ParameterizedTest
    @CsvSource({"2.25, 1.4694919614711036", "5.5, 12.261744924253975", "1e5, 42.941345074621508"})
    void wishartEntropy(double degrees, double gold) {
        close(gold, wishart(degrees, FACTOR).entropy().orElseThrow(), 1e-14);
    }

    @Test
    void wishartDivergence() {
        close(17.528149156962156, wishart(5.5, FACTOR).klTo(wishart(4.25, OTHER)), 1e-14);
        close(0.0067494600771620424, wishart(1e5, FACTOR).klTo(wishart(1e5 + 30, FACTOR)), 1e-13);
    }

    @Test
    void wishartOutsideHasNoDensityAndNoGradient() {
        Tensor l = f64(Shape.of(2, 2), 1, 0, 0.5, 1);
        Tensor degrees = f64(3.0);
        Tensor x = f64(Shape.of(3, 2, 2), 1, 2, 2, 1, -1, 0, 0, 1, 1, Double.NaN, Double.NaN, 1);
        Tensor p = Wishart.ofCholesky(degrees, l).logProb(x);
        for (double v : eval(p)) {
            assertEquals(NOWHERE, v);
        }
        for (Tensor g : Gradients.of(p.sum(), List.of(degrees, l))) {
            for (double v : eval(g)) {
                assertEquals(0, v);
            }
        }
    }

    /** In the diagonal elements of draws: V_ii times a chi-square number, whatever the size. */
    @Test
    void wishartDiagonalsAreChiSquare() {
        int n = 4000;
        double degrees = 3.25;
        Tensor x = wishart(degrees, FACTOR).sample(Key.of(2), n).reshape(n, 3, 3);
        double[] d = Narrow.run(LinearAlgebra.diagonal(x));
        double[] v = eval(LinearAlgebra.diagonal(Tensors.matmul(FACTOR, FACTOR, false, true)));
        for (int i = 0; i < 3; i++) {
            double[] e = new double[n];
            for (int j = 0; j < n; j++) {
                e[j] = d[3 * j + i];
            }
            double scale = v[i];
            FitTests.continuous("diagonal element " + i, e, t -> SpecialFunctions.gammaP(degrees / 2, t / (2 * scale)));
        }
    }

    @Test
    void gradientsToSecondOrder() {
        GradientCheck.check(
                "wishart",
                p -> {
                    Wishart d = Wishart.ofCholesky(p[0], p[1]);
                    Tensor x = Tensors.matmul(p[2], p[2], false, true);
                    return new Tensor[] {d.logProb(x), d.entropy().orElseThrow(), d.klTo(wishart(4, OTHER))};
                },
                List.of(
                        HostArray.wrap(new double[] {4.5}, Shape.of(1)),
                        HostArray.wrap(eval(FACTOR), Shape.of(3, 3)),
                        HostArray.wrap(eval(OTHER), Shape.of(3, 3))),
                2,
                Evaluator.reference());
        GradientCheck.check(
                "lkj",
                p -> {
                    LkjCholesky d = LkjCholesky.of(4, p[0]);
                    Tensor x = Support.correlationFactors(4).unconstraining().forward(p[1]);
                    return new Tensor[] {d.logProb(x), d.entropy().orElseThrow(), d.mean(), d.variance()};
                },
                List.of(
                        HostArray.wrap(new double[] {0.7, 12}, Shape.of(2)),
                        HostArray.wrap(new double[] {0.3, -0.2, 0.5, 0.1, -0.6, 0.4}, Shape.of(6))),
                2,
                Evaluator.reference());
    }

    private static Tensor withDiagonal(double... d) {
        int n = d.length;
        double[] l = new double[n * n];
        for (int i = 0; i < n; i++) {
            l[i * n + i] = d[i];
            if (i > 0) {
                l[i * n] = Math.sqrt(1 - d[i] * d[i]);
            }
        }
        return f64(Shape.of(n, n), l);
    }

    @Test
    void lkjDensity() {
        close(-0.69314718055994531, LkjCholesky.of(2, f64(1)).logProb(withDiagonal(1, 0.8)), 1e-14);
        Tensor x = withDiagonal(1, 0.8, 0.6);
        double[] gold = {-1.8669654263826721, -2.7180287516676272, -1467918.0991944688};
        double[] eta = {0.7, 2.5, 1e6};
        for (int i = 0; i < 3; i++) {
            close(gold[i], LkjCholesky.of(3, f64(eta[i])).logProb(x), 1e-14);
            Narrow.agree(p -> LkjCholesky.of(3, p).logProb(x.cast(p.dtype())), eta[i]);
        }
        double[] mean = eval(LkjCholesky.of(3, f64(0.7)).mean());
        assertEquals(0.81612416581775058, mean[4], 1e-15);
        assertEquals(0.58333333333333333, mean[8], 1e-15);
        assertEquals(0, eval(LkjCholesky.of(1, f64(0.7)).logProb(f64(Shape.of(1, 1), 1)))[0]);
        assertEquals(1, eval(LkjCholesky.of(1, f64(0.7)).sample(Key.of(1), 1))[0]);
        double[] outside = eval(LkjCholesky.of(2, f64(1))
                .logProb(
                        f64(Shape.of(4, 1, 2, 2), 1, 0, 0.6, -0.8, 1, 0, 1, 0, 1, 0, 0.6, 0.7, 1, 0, Double.NaN, 0.8)));
        for (double v : outside) {
            assertEquals(NOWHERE, v);
        }
    }

    /** Each correlation is 2 b - 1 with b beta distributed, both shapes eta + d/2 - 1. */
    @ParameterizedTest
    @CsvSource({"2, 1", "4, 0.6", "5, 3"})
    void lkjCorrelationsAreBeta(int size, double eta) {
        int n = 4000;
        Tensor l = LkjCholesky.of(size, f64(eta)).sample(Key.of(3), n).reshape(n, size, size);
        double[] r = Narrow.run(Tensors.matmul(l, l, false, true));
        double shape = eta + 0.5 * size - 1;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double[] e = new double[n];
                for (int k = 0; k < n; k++) {
                    e[k] = r[(k * size + i) * size + j];
                    assertEquals(i == j ? 1 : 0, i == j ? e[k] : 0, 1e-14);
                }
                if (i != j) {
                    FitTests.continuous(i + ", " + j, e, v -> SpecialFunctions.betainc(shape, shape, 0.5 * (v + 1)));
                }
            }
        }
    }

    /** At eta = 1e-3 in float32 diagonals underflow; densities of draws and gradients stay numbers. */
    @Test
    void lkjOfSmallEta() {
        Tensor eta = Narrow.f32(1e-3);
        Drawn d = LkjCholesky.of(3, eta).sampleAndLogProb(Key.of(4), 200);
        Tensor g = Gradients.of(d.logProb().sum().add(d.value().sum()), eta);
        for (HostArray a : Narrow.run(List.of(d.value(), d.logProb(), g))) {
            for (double v : a.toDoubles()) {
                assertTrue(Double.isFinite(v), "result " + v);
            }
        }
    }

    @Test
    void mistakesAreNamed() {
        assertThrows(ShapeException.class, () -> Wishart.ofCholesky(f64(3), f64(1, 2)));
        assertThrows(ShapeException.class, () -> Wishart.ofCholesky(f64(3), f64(Shape.of(1, 2), 1, 2)));
        assertThrows(
                ShapeException.class,
                () -> Wishart.ofCholesky(f64(3, 4), FACTOR).klTo(wishart(3, f64(Shape.of(1, 1), 1))));
        assertThrows(org.amortis.array.DTypeException.class, () -> Wishart.ofCholesky(f64(3).cast(DType.F32), FACTOR));
        assertThrows(PlanException.class, () -> LkjCholesky.of(0, f64(1)));
    }
}
