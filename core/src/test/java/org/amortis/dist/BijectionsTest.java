package org.amortis.dist;

import static org.amortis.testing.Formulas.checkGradient;
import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.runtime.Run;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every bijection of the table: it is one, and its determinant is that of its differences. */
class BijectionsTest {
    /**
     * A row of the table.
     *
     * @param u one event of the base variable, flattened; or several scalars
     * @param coordinates which elements of x the determinant is taken of; empty for all
     * @param image what the map makes of its base
     */
    record Case(String name, Bijection map, List<Double> u, List<Integer> coordinates, Support base, Support image) {
        @Override
        public String toString() {
            return name;
        }

        Shape shape() {
            return map.inputShape().rank() == 0 ? Shape.of(u.size()) : map.inputShape();
        }

        double[] values() {
            return DistributionCase.array(u);
        }
    }

    private static final List<Double> ANY = List.of(-3.2, -0.4, 0.3, 1.7, 6.0);
    private static final List<Double> ABOVE_ZERO = List.of(0.3, 0.7, 1.0, 5.5);

    private static Case elementwise(String name, Bijection map, List<Double> u, Support base, Support image) {
        return new Case(name, map, u, List.of(), base, image);
    }

    private static Case of(String name, Support s, double... u) {
        Bijection b = s.unconstraining();
        int n = s.eventShape().dim(-1);
        boolean square = s.eventShape().rank() == 2;
        boolean diagonal = !(s instanceof Support.CorrelationFactors);
        List<Integer> at = square
                ? IntStream.range(0, n * n)
                        .filter(i -> diagonal ? i % n <= i / n : i % n < i / n)
                        .boxed()
                        .toList()
                : IntStream.range(0, u.length).boxed().toList();
        return new Case(name, b, Arrays.stream(u).boxed().toList(), at, Support.reals(b.inputShape()), s);
    }

    static List<Case> table() {
        Support real = Support.real();
        Tensor ends = f64(-1, Double.NEGATIVE_INFINITY, 2, Double.NEGATIVE_INFINITY, -7);
        Tensor upper = f64(Double.POSITIVE_INFINITY, 3, 2.5, Double.POSITIVE_INFINITY, 90);
        return List.of(
                elementwise("identity", Elementwise.identity(), ANY, real, real),
                elementwise("exp", Elementwise.exp(), ANY, real, Support.positive()),
                elementwise("softplus", Elementwise.softplus(), ANY, real, Support.positive()),
                elementwise("sigmoid", Elementwise.sigmoid(), ANY, real, Support.unitInterval()),
                elementwise("tanh", Elementwise.tanh(), List.of(-2.2, -0.4, 0.3, 1.7), real, Support.interval(-1, 1)),
                elementwise("affine", Elementwise.affine(f64(1, 2, 3, 4, 5), f64(-0.5)), ANY, real, real),
                elementwise("affine by numbers", Elementwise.affine(-2, 3), ANY, real, real),
                elementwise("affine by log", Elementwise.affineByLog(f64(0.4), f64(1, -2, 0, 3, 4)), ANY, real, real),
                elementwise("power", Elementwise.power(2.5), ABOVE_ZERO, Support.positive(), Support.positive()),
                elementwise(
                        "negative power", Elementwise.power(-1), ABOVE_ZERO, Support.positive(), Support.positive()),
                elementwise("logit", Elementwise.logit(0), List.of(0.04, 0.3, 0.9), Support.unitInterval(), real),
                elementwise(
                        "logit with margin",
                        Elementwise.logit(0.05),
                        List.of(0.0, 0.3, 1.0),
                        Support.unitInterval(),
                        Support.interval(Math.log(0.05 / 0.95), Math.log(0.95 / 0.05))),
                elementwise("leaky tanh", Elementwise.leakyTanh(1.5), ANY, real, real),
                elementwise("soft clip", Elementwise.softClip(2), ANY, real, Support.interval(-2, 2)),
                elementwise(
                        "intervals with and without ends",
                        Support.interval(ends, upper).unconstraining(),
                        ANY,
                        real,
                        Support.interval(ends, upper)),
                elementwise("inverted", Elementwise.exp().inverted(), ABOVE_ZERO, Support.positive(), real),
                elementwise(
                        "chain",
                        Elementwise.affine(0.5, 0.25).then(Elementwise.tanh()).then(Elementwise.affine(1, 2)),
                        ANY,
                        real,
                        Support.image(Support.interval(-1, 1), Elementwise.affine(1, 2))),
                new Case(
                        "each element of an event",
                        Support.each(Support.positive(), Shape.of(2, 2)).unconstraining(),
                        List.of(0.3, -1.0, 2.0, 0.0),
                        List.of(),
                        Support.reals(Shape.of(2, 2)),
                        Support.each(Support.positive(), Shape.of(2, 2))),
                of("simplex", Support.simplex(4), 0.3, -1.2, 2),
                of("simplex of two", Support.simplex(2), -0.7),
                of("simplex of one", Support.simplex(1)),
                of("cholesky factors", Support.choleskyFactors(3), 0.2, -0.7, -0.4, 1.1, 0.3, 0.6),
                of("correlation factors", Support.correlationFactors(4), 0.2, -0.7, -1.4, 1.1, 0.3, 2.6),
                of("correlation factor of one", Support.correlationFactors(1)),
                of("covariances", Support.positiveDefinite(3), 0.2, -0.7, -0.4, 1.1, 0.3, 0.6));
    }

    @ParameterizedTest
    @MethodSource("table")
    void inverseUndoesForward(Case c) {
        Tensor u = f64(c.shape(), c.values());
        Mapped x = c.map.forwardAndLogDet(u);
        Mapped back = c.map.inverseAndLogDet(x.value());
        assertArrayEquals(c.values(), eval(back.value()), 1e-9);
        double[] det = eval(x.logDet());
        assertArrayEquals(det, eval(back.logDet().neg()), 1e-9);
        int batch = c.map.inputShape().rank() == 0 ? 1 : 0;
        assertEquals(batch, x.logDet().shape().rank());
        assertArrayEquals(eval(x.value()), eval(c.map.inverted().inverse(u)));
        assertArrayEquals(det, eval(c.map.stopGradient().forwardAndLogDet(u).logDet()));
        if (batch == 0) {
            assertEquals(c.map.outputShape(), x.value().shape());
            Tensor many = u.broadcastTo(Shape.of(2, 3).concat(u.shape()));
            Mapped m = c.map.forwardAndLogDet(many);
            assertEquals(Shape.of(2, 3).concat(c.map.outputShape()), m.value().shape());
            assertEquals(Shape.of(2, 3), m.logDet().shape());
            assertEquals(
                    Shape.of(2, 3), c.map.inverseAndLogDet(m.value()).logDet().shape());
        }
    }

    @ParameterizedTest
    @MethodSource("table")
    void imageIsTheSupport(Case c) {
        Tensor u = f64(c.shape(), c.values());
        Tensor x = c.map.forward(u);
        for (double inside : eval(c.image.contains(x).cast(DType.F64))) {
            assertEquals(1, inside);
        }
        assertTrue(Arrays.stream(eval(c.image.contains(c.image.inner(x)).cast(DType.F64)))
                .allMatch(v -> v == 1));
        Support made = Support.image(c.base, c.map);
        if (!(made instanceof Support.Image)) {
            // ends of intervals are formulas: compared by what they hold
            if (!made.equals(c.image)) {
                assertEquals(c.image.getClass(), made.getClass());
            }
        }
        assertArrayEquals(
                eval(c.image.contains(x).cast(DType.F64)), eval(made.contains(x).cast(DType.F64)));
    }

    @ParameterizedTest
    @MethodSource("table")
    void determinantIsThatOfDifferences(Case c) {
        double[] u = c.values();
        double[] logDet = eval(c.map.forwardAndLogDet(f64(c.shape(), u)).logDet());
        boolean scalar = c.map.inputShape().rank() == 0;
        int n = u.length;
        double[][] j = new double[n][n];
        for (int i = 0; i < n; i++) {
            double h = 1e-5 * Math.min(1, Math.max(Math.abs(u[i]), 0.05));
            double[] up = u.clone();
            double[] down = u.clone();
            up[i] += h;
            down[i] -= h;
            double[] a = eval(c.map.forward(f64(c.shape(), up)));
            double[] b = eval(c.map.forward(f64(c.shape(), down)));
            for (int k = 0; k < n; k++) {
                int at = c.coordinates.isEmpty() ? k : c.coordinates.get(k);
                j[k][i] = (a[at] - b[at]) / (up[i] - down[i]);
            }
        }
        if (scalar) {
            for (int i = 0; i < n; i++) {
                assertEquals(Math.log(Math.abs(j[i][i])), logDet[i], 2e-7, "element " + i);
            }
        } else {
            assertEquals(logAbsDeterminant(j), logDet[0], 1e-8);
        }
    }

    private static double logAbsDeterminant(double[][] a) {
        double log = 0;
        for (int c = 0; c < a.length; c++) {
            int best = c;
            for (int r = c; r < a.length; r++) {
                best = Math.abs(a[r][c]) > Math.abs(a[best][c]) ? r : best;
            }
            double[] pivot = a[best];
            a[best] = a[c];
            a[c] = pivot;
            log += Math.log(Math.abs(pivot[c]));
            for (int r = c + 1; r < a.length; r++) {
                double f = a[r][c] / pivot[c];
                for (int k = c; k < a.length; k++) {
                    a[r][k] -= f * pivot[k];
                }
            }
        }
        return log;
    }

    @ParameterizedTest
    @MethodSource("table")
    void bothDirectionsAreDifferentiable(Case c) {
        double[] u = c.values();
        boolean edge = Arrays.stream(u).anyMatch(v -> v == 0 || v == 1);
        if (u.length == 0 || edge && c.name.startsWith("logit")) {
            return;
        }
        checkGradient(t -> c.map.forward(t).square(), c.shape(), 1e-6, u);
        checkGradient(t -> c.map.forwardAndLogDet(t).logDet(), c.shape(), 1e-6, u);
        Mapped m = c.map.forwardAndLogDet(f64(c.shape(), u));
        if (c.map instanceof MatrixBijection.Covariance) {
            // a symmetric matrix is no point to move single elements at: through the forward map instead
            checkGradient(t -> c.map.inverseAndLogDet(c.map.forward(t)).logDet(), c.shape(), 1e-6, u);
            return;
        }
        Shape out = m.value().shape();
        checkGradient(t -> c.map.inverse(t).square(), out, 1e-5, eval(m.value()));
        checkGradient(t -> c.map.inverseAndLogDet(t).logDet(), out, 1e-5, eval(m.value()));
    }

    /** Far out values round to the border; the determinant does not become infinite with them. */
    @ParameterizedTest
    @MethodSource("table")
    void determinantIsFiniteInFloat32(Case c) {
        if (c.base.equals(Support.unitInterval()) || c.base.equals(Support.positive()) || c.u.isEmpty()) {
            return;
        }
        double far = c.map.inputShape().rank() == 0 ? 80 : 30;
        float[] u = new float[c.u.size()];
        for (int i = 0; i < u.length; i++) {
            u[i] = (float) (i % 2 == 0 ? far : -far);
        }
        double[] wide = new double[u.length];
        Arrays.setAll(wide, i -> u[i]);
        Bijection map = c.map;
        if (map.toString().contains("affine([") || map.toString().contains("interval")) {
            return; // parameters in float64
        }
        HostArray got = Run.eval(map.forwardAndLogDet(Tensors.constant(HostArray.wrap(u, c.shape())))
                .logDet());
        double[] gold = eval(map.forwardAndLogDet(f64(c.shape(), wide)).logDet());
        for (int i = 0; i < gold.length; i++) {
            assertTrue(Double.isFinite(got.get(i)), "element " + i + " is " + got.get(i));
            assertEquals(gold[i], got.get(i), 0x1p-20 * Math.max(far, Math.abs(gold[i])));
        }
    }

    /** Zero is where |x| and partial correlations could lose their gradient. */
    @Test
    void gradientsAtZero() {
        // its second derivative jumps at 0, so differences of step h are off by h
        checkGradient(t -> Elementwise.softClip(2).forward(t), Shape.of(1), 2e-5, 0);
        checkGradient(t -> Elementwise.leakyTanh(2).inverse(t), Shape.of(1), 1e-9, 0);
        Bijection b = Support.correlationFactors(3).unconstraining();
        double[] eye = eval(b.forward(f64(0, 0, 0)));
        assertArrayEquals(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, eye, 1e-15);
        checkGradient(b::inverse, Shape.of(3, 3), 1e-9, eye);
    }

    private static boolean[] inside(Support s, Tensor x) {
        double[] v = eval(s.contains(x).cast(DType.F64));
        boolean[] b = new boolean[v.length];
        for (int i = 0; i < b.length; i++) {
            b[i] = v[i] == 1;
        }
        return b;
    }

    @Test
    void whatIsOutside() {
        double inf = Double.POSITIVE_INFINITY;
        Tensor x = f64(Double.NaN, inf, -inf, -1, 0, 0.5, 1, 2);
        boolean t = true;
        boolean f = false;
        assertArrayEquals(new boolean[] {f, f, f, t, t, t, t, t}, inside(Support.real(), x));
        assertArrayEquals(new boolean[] {f, f, f, f, f, t, t, t}, inside(Support.positive(), x));
        assertArrayEquals(new boolean[] {f, f, f, f, t, t, t, t}, inside(Support.nonNegative(), x));
        assertArrayEquals(new boolean[] {f, f, f, f, t, t, t, f}, inside(Support.unitInterval(), x));
        assertArrayEquals(new boolean[] {f, f, f, t, t, t, t, f}, inside(Support.interval(-inf, 1), x));
        assertArrayEquals(new boolean[] {f, f, f, f, f, f, t, t}, inside(Support.interval(1, inf), x));
        assertArrayEquals(new boolean[] {f, f, f, f, t, f, t, t}, inside(Support.counts(), x));
        assertArrayEquals(new boolean[] {f, f, f, f, f, f, t, f}, inside(Support.integers(1, 1), x));
        Tensor whole = Tensors.iota(Shape.of(4), 0);
        assertArrayEquals(new boolean[] {f, t, t, f}, inside(Support.integers(1, 2), whole));
        Tensor rows = f64(Shape.of(4, 3), 0.2, 0.3, 0.5, 0, 0, 1, 0.2, 0.3, 0.6, 1.2, -0.2, 0);
        assertArrayEquals(new boolean[] {t, t, f, f}, inside(Support.simplex(3), rows));
        Tensor squares = f64(Shape.of(4, 2, 2), 1, 0, 0.6, 0.8, 1, 0.1, 0.6, 0.8, 1, 0, 0.6, -0.8, 2, 0.6, 0.6, 0.8);
        assertArrayEquals(new boolean[] {t, f, f, f}, inside(Support.choleskyFactors(2), squares));
        assertArrayEquals(new boolean[] {t, f, f, f}, inside(Support.correlationFactors(2), squares));
        assertArrayEquals(new boolean[] {f, f, f, t}, inside(Support.positiveDefinite(2), squares));
        assertArrayEquals(
                new boolean[] {t, f, f, t},
                inside(
                        Support.each(Support.nonNegative(), Shape.of(3)),
                        f64(Shape.of(4, 3), 0, 1, 2, -1, 0, 0, 0, -3, 0, 1, 1, 1)));
    }

    @Test
    void mistakesAreNamed() {
        assertThrows(PlanException.class, () -> Support.interval(1, 1));
        assertThrows(PlanException.class, () -> Support.interval(Double.NaN, 1));
        assertThrows(PlanException.class, () -> Support.integers(2, 1));
        assertThrows(PlanException.class, () -> Support.counts().unconstraining());
        assertThrows(ShapeException.class, () -> Support.simplex(0));
        assertThrows(ShapeException.class, () -> Support.correlationFactors(0));
        assertThrows(PlanException.class, () -> Elementwise.affine(0, 0));
        assertThrows(PlanException.class, () -> Elementwise.power(0));
        assertThrows(PlanException.class, () -> Elementwise.logit(0.5));
        assertThrows(PlanException.class, () -> Elementwise.leakyTanh(10));
        assertThrows(PlanException.class, () -> Elementwise.softClip(-1));
        assertThrows(ShapeException.class, () -> Elementwise.affine(f64(1, 2), f64(1, 2, 3)));
        assertThrows(
                ShapeException.class,
                () -> Transformed.of(
                        Normal.standard(DType.F64, Shape.of(2)),
                        Support.simplex(4).unconstraining()));
        assertThrows(ShapeException.class, () -> Transformed.of(Categorical.ofLogits(f64(1, 2)), Elementwise.exp()));
    }
}
