package org.amortis.dist;

import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Key;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.testing.Formulas;
import org.junit.jupiter.api.Test;

/** Distributions of mapped values against densities written down another way, and outside of their support. */
class TransformedTest {
    /** The exponential, of which the library does not know that it is one. */
    private record Unknown() implements Bijection {
        @Override
        public Shape inputShape() {
            return Shape.SCALAR;
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            return new Mapped(u.exp(), u);
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            return new Mapped(x.log(), x.log().neg());
        }

        @Override
        public Bijection stopGradient() {
            return this;
        }
    }

    @Test
    void affineOfANormalIsNormal() {
        Transformed t = Transformed.of(Normal.standard(DType.F64, Shape.of(3)), Elementwise.affine(1.5, -0.25));
        Tensor x = f64(1.2, 1.5, 2.6);
        double[] gold = eval(Normal.ofMeanStd(f64(1.5, 1.5, 1.5), 0.25).logProb(x));
        assertArrayEquals(gold, eval(t.logProb(x)), 1e-13);
        assertSame(Support.real(), t.support());
    }

    @Test
    void uniformMappedByLogitIsLogistic() {
        Distribution u = Uniform.of(0, 1, DType.F64, Shape.of(2));
        Transformed t = Transformed.of(u, Elementwise.logit(0));
        double[] p = eval(t.logProb(f64(0.7, -3)));
        assertEquals(-0.7 - 2 * Math.log1p(Math.exp(-0.7)), p[0], 1e-14);
        assertEquals(-3 - 2 * Math.log1p(Math.exp(-3)), p[1], 1e-14);
    }

    @Test
    void outsideIsMinusInfinityWithoutNaN() {
        State s = new State("p", f64(0, 0).type());
        Map<State, double[]> v = Map.of(s, new double[] {0.3, -0.2});
        Distribution base = Normal.ofMeanLogStd(s.value().at(0, 0), s.value().at(0, 1));
        Tensor x = f64(-1, 0, 0.7, Double.POSITIVE_INFINITY, Double.NaN);
        for (Bijection b : List.of(
                Elementwise.exp(),
                Elementwise.softplus(),
                Elementwise.affine(0, 2).then(Elementwise.exp()))) {
            Transformed t = Transformed.of(base, b);
            Tensor p = t.logProb(x);
            double[] got = eval(p, v);
            for (int i : new int[] {0, 1, 3, 4}) {
                assertEquals(Double.NEGATIVE_INFINITY, got[i], b.toString());
            }
            assertFalse(Double.isNaN(got[2]));
            double[] g = eval(Gradients.of(p.sum(), s.value()), v);
            double[] one = eval(Gradients.of(t.logProb(f64(0.7)).sum(), s.value()), v);
            assertArrayEquals(one, g, 1e-14);
        }
        // the border, where the inverse is infinite and the determinant too
        Tensor ends = f64(0, 1, 0.5);
        Tensor p = Transformed.of(base, Elementwise.sigmoid()).logProb(ends);
        assertEquals(Double.NEGATIVE_INFINITY, eval(p, v)[0]);
        assertEquals(Double.NEGATIVE_INFINITY, eval(p, v)[1]);
        for (double g : eval(Gradients.of(p.sum(), s.value()), v)) {
            assertFalse(Double.isNaN(g));
        }
        double[] unknown = eval(Transformed.of(base, new Unknown()).logProb(x), v);
        assertEquals(Double.NEGATIVE_INFINITY, unknown[0]);
        assertEquals(Double.NEGATIVE_INFINITY, unknown[1]);
        assertFalse(Double.isNaN(unknown[2]));
        assertEquals(Double.NEGATIVE_INFINITY, unknown[4]);
    }

    /** The last batch axes become the event of a bijection of vectors. */
    @Test
    void batchAxesBecomeEvents() {
        Transformed t = Transformed.of(
                Normal.standard(DType.F64, Shape.of(5, 2)), Support.simplex(3).unconstraining());
        assertEquals(Shape.of(5), t.batchShape());
        assertEquals(Shape.of(3), t.eventShape());
        assertEquals(Support.simplex(3), t.support());
        double[] x = eval(t.sample(Key.of(1)).sum(-1));
        for (double sum : x) {
            assertEquals(1, sum, 1e-15);
        }
        // smaller maps act on the parts of an event
        Transformed parts =
                Transformed.of(Independent.of(Normal.standard(DType.F64, Shape.of(5, 2))), Elementwise.sigmoid());
        assertEquals(Support.each(Support.unitInterval(), Shape.of(2)), parts.support());
        assertEquals(
                Shape.of(5), parts.logProb(Formulas.f64(Shape.of(2), 0.2, 0.3)).shape());
    }
}
