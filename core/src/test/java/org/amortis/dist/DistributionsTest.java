package org.amortis.dist;

import static org.amortis.testing.Formulas.checkGradient;
import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.Key;
import org.amortis.tensor.RandomOp;
import org.amortis.tensor.RefArray;
import org.amortis.tensor.ScanOp;
import org.amortis.tensor.State;
import org.amortis.tensor.SubgraphOp;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every distribution of the table. */
class DistributionsTest {
    private static final int MANY = 10_000;

    static List<DistributionCase> table() {
        return DistributionCase.all();
    }

    private static Tensor values(DistributionCase c, Distribution d) {
        Tensor x = f64(c.pointShape(d), DistributionCase.array(c.point()));
        return x.cast(d.dtype());
    }

    @ParameterizedTest
    @MethodSource("table")
    void shapes(DistributionCase c) {
        Distribution d = c.distribution();
        Shape one = c.pointShape(d);
        assertEquals(new TensorType(d.dtype(), one), d.sample(Key.of(1)).type());
        assertEquals(
                new TensorType(d.dtype(), one.insert(0, 5)),
                d.sample(Key.of(1), 5).type());
        assertEquals(d.batchShape(), d.logProb(values(c, d)).shape());
        Drawn drawn = d.sampleAndLogProb(Key.of(1), 5);
        assertEquals(one.insert(0, 5), drawn.value().shape());
        assertEquals(d.batchShape().insert(0, 5), drawn.logProb().shape());
        assertEquals(one, d.sampleAndLogProb(Key.of(1)).value().shape());
        assertEquals(d.batchShape(), d.sampleAndLogProb(Key.of(1)).logProb().shape());
        d.entropy().ifPresent(h -> assertEquals(d.batchShape(), h.shape()));
        assertEquals(d.batchShape(), d.stopGradient().batchShape());
        assertTrue(d.toString().contains(d.batchShape().toString()), d.toString());
        if (d.reparameterized()) {
            assertEquals(one, d.rsample(Key.of(1)).shape());
            assertEquals(one.insert(0, 5), d.rsample(Key.of(1), 5).shape());
        } else {
            assertThrows(PlanException.class, () -> d.rsample(Key.of(1)));
        }
        assertThrows(ShapeException.class, () -> d.sample(Key.of(1).split(97), 2));
    }

    /** Values and draws lie in the support, whose free coordinates give them back. */
    @ParameterizedTest
    @MethodSource("table")
    void supportHoldsValuesAndDraws(DistributionCase c) {
        Distribution d = c.distribution();
        Support s = d.support();
        assertEquals(d.eventShape(), s.eventShape());
        Tensor x = values(c, d);
        assertEquals(d.batchShape(), s.contains(x).broadcastTo(d.batchShape()).shape());
        for (Tensor t : List.of(x, d.sample(Key.of(8), 50))) {
            assertTrue(Arrays.stream(eval(s.contains(t).cast(DType.F64))).allMatch(v -> v == 1), "inside");
        }
        if (s.discrete()) {
            assertThrows(PlanException.class, s::unconstraining);
            return;
        }
        Bijection b = s.unconstraining();
        assertEquals(d.eventShape(), b.outputShape());
        assertArrayEquals(DistributionCase.array(c.point()), eval(b.forward(b.inverse(x))), 1e-10);
    }

    @ParameterizedTest
    @MethodSource("table")
    void densityIsDifferentiable(DistributionCase c) {
        Distribution d = c.distribution();
        double[] p = DistributionCase.array(c.parameters());
        Tensor x = values(c, d);
        checkGradient(t -> c.make().apply(t).logProb(x), Shape.of(p.length), 1e-6, p);
        if (!d.reparameterized()) {
            return;
        }
        Bijection free = d.support().unconstraining();
        if (free.inputShape().equals(free.outputShape())) {
            checkGradient(d::logProb, c.pointShape(d), 1e-6, DistributionCase.array(c.point()));
        } else {
            // single elements cannot move: a step would leave the support
            double[] u = eval(free.inverse(x));
            checkGradient(t -> d.logProb(free.forward(t)), d.batchShape().concat(free.inputShape()), 1e-6, u);
        }
    }

    @ParameterizedTest
    @MethodSource("table")
    void entropyIsDifferentiable(DistributionCase c) {
        assumeTrue(c.distribution().entropy().isPresent());
        double[] p = DistributionCase.array(c.parameters());
        checkGradient(t -> c.make().apply(t).entropy().orElseThrow(), Shape.of(p.length), 1e-6, p);
    }

    @ParameterizedTest
    @MethodSource("table")
    void drawsAreDifferentiable(DistributionCase c) {
        assumeTrue(c.distribution().reparameterized());
        double[] p = DistributionCase.array(c.parameters());
        Shape s = Shape.of(p.length);
        if (implicit(c.distribution())) {
            pathAndScoreAgree(c);
            return;
        }
        checkGradient(t -> c.make().apply(t).rsample(Key.of(9)).square(), s, 1e-6, p);
        checkGradient(t -> c.make().apply(t).sampleAndLogProb(Key.of(9), 3).logProb(), s, 1e-6, p);
    }

    /** Whether draws have an implicit gradient, which is not the derivative at fixed random words. */
    private static boolean implicit(Distribution d) {
        return implicit(List.of(d.rsample(Key.of(1))));
    }

    private static boolean implicit(List<Tensor> formulas) {
        return Graphs.topological(formulas).stream()
                .anyMatch(n -> n.op() instanceof RandomOp.GammaDraw
                        || n.op() instanceof SubgraphOp
                        || (n.op() instanceof ScanOp loop && implicit(loop.bodyResults())));
    }

    /**
     * The gradient of a mean along the draws against that by the score, both unbiased: 40 estimates of their difference,
     * each over 200 draws, average to zero within five standard errors of the average.
     */
    private static void pathAndScoreAgree(DistributionCase c) {
        double[] p = DistributionCase.array(c.parameters());
        State s = new State("p", f64(p).type());
        Distribution d = c.make().apply(s.value());
        int repeats = 40;
        int n = 200;
        double[] sum = new double[p.length];
        double[] squares = new double[p.length];
        for (int r = 0; r < repeats; r++) {
            Tensor x = d.rsample(Key.of(100 + r), n);
            // draws of angles jump at the ends, where only periodic functions do not
            Tensor f = mixed(d instanceof VonMises ? x.sin().add(x.mul(2).cos()) : x, d.eventShape());
            // what is masked has no score
            f = d instanceof Masked m ? Tensors.where(m.mask(), f, 0) : f;
            Tensor centred = f.sub(f.mean(0)).stopGradient().mul(1.0 / (n - 1));
            Tensor score = centred.mul(d.logProb(x.stopGradient())).sum();
            Tensor difference = f.mean(0).sum().sub(score);
            double[] g = eval(Gradients.of(difference, s.value()), Map.of(s, p));
            for (int i = 0; i < g.length; i++) {
                sum[i] += g[i];
                squares[i] += g[i] * g[i];
            }
        }
        for (int i = 0; i < p.length; i++) {
            double m = sum[i] / repeats;
            double se = Math.sqrt((squares[i] / repeats - m * m) / (repeats - 1));
            assertEquals(0, m, 5 * se + 1e-12, "parameter " + i);
        }
    }

    /** A number of each value in which its elements have different weights. */
    private static Tensor mixed(Tensor x, Shape event) {
        double[] w = new double[event.size()];
        Arrays.setAll(w, i -> 1 + Math.sin(3 * i));
        int[] axes = new int[event.rank()];
        Arrays.setAll(axes, i -> -1 - i);
        Tensor y = x.add(x.square().mul(0.5)).mul(f64(event, w));
        return axes.length == 0 ? y : y.sum(axes);
    }

    @ParameterizedTest
    @MethodSource("table")
    void densityOfADrawIsItsDensity(DistributionCase c) {
        Distribution d = c.distribution();
        Drawn drawn = d.sampleAndLogProb(Key.of(4), 7);
        assertArrayEquals(eval(d.logProb(drawn.value())), eval(drawn.logProb()), 1e-10);
        Drawn one = d.sampleAndLogProb(Key.of(4));
        assertArrayEquals(eval(d.logProb(one.value())), eval(one.logProb()), 1e-10);
    }

    /**
     * Mean, variance and entropy against averages over draws: six standard errors of each average. Moments that have no
     * closed form or are not finite are left out.
     */
    @ParameterizedTest
    @MethodSource("table")
    void momentsAreThoseOfDraws(DistributionCase c) {
        Distribution d = c.distribution();
        assumeFalse(d.dtype() == DType.I32);
        Tensor x = d.sample(Key.of(5), MANY);
        try {
            check(x, d.mean());
            check(x.sub(d.mean()).square(), d.variance());
        } catch (PlanException e) {
            assertTrue(e.getMessage().contains("no closed form"), e.getMessage());
        }
        d.entropy().ifPresent(h -> check(d.logProb(x).neg(), h));
    }

    private static void check(Tensor samples, Tensor expected) {
        Tensor mean = samples.mean(0);
        Tensor error = samples.sub(mean)
                .square()
                .mean(0)
                .mul(1.0 / samples.shape().dim(0))
                .sqrt();
        // in one go: draws are not made again for each
        List<RefArray> all = eval(List.of(mean, error, expected), Map.of());
        double[] m = all.get(0).toHost().toDoubles();
        double[] se = all.get(1).toHost().toDoubles();
        double[] e = all.get(2).toHost().toDoubles();
        for (int i = 0; i < m.length; i++) {
            if (Double.isFinite(e[i])) {
                assertEquals(e[i], m[i], 6 * se[i] + 1e-12, "element " + i);
            }
        }
    }

    /** The divergence from another member of the family, by its definition over draws. */
    @ParameterizedTest
    @MethodSource("table")
    void divergenceIsTheMeanLogRatio(DistributionCase c) {
        Distribution p = c.distribution();
        double[] other = DistributionCase.array(c.parameters());
        for (int i = 0; i < other.length; i++) {
            other[i] += 0.15 * (1 + i % 2);
        }
        Distribution q = c.make().apply(f64(other));
        assumeTrue(p.closedKlTo(q).isPresent());
        for (double zero : eval(p.klTo(p))) {
            assertEquals(0, zero, 1e-14);
        }
        assumeTrue(Arrays.stream(eval(p.klTo(q))).allMatch(Double::isFinite), "supports differ");
        // draws of counts are slow in the reference, and their divergences are tested as sums
        Tensor x = p.sample(Key.of(6), p.dtype() == DType.I32 ? MANY / 5 : MANY);
        check(p.logProb(x).sub(q.logProb(x)), p.klTo(q));
        checkGradient(
                t -> c.make().apply(t).klTo(q), Shape.of(other.length), 1e-6, DistributionCase.array(c.parameters()));
    }

    @ParameterizedTest
    @MethodSource("table")
    void stopGradientDetachesParametersButNotValues(DistributionCase c) {
        double[] p = DistributionCase.array(c.parameters());
        State s = new State("p", f64(p).type());
        Distribution d = c.make().apply(s.value());
        Distribution stopped = d.stopGradient();
        Tensor x = values(c, d);
        Tensor loss = stopped.logProb(x).sum();
        double[] g = eval(Gradients.orZeros(loss, List.of(s.value())).get(0), Map.of(s, p));
        assertArrayEquals(new double[p.length], g);
        assertArrayEquals(eval(d.logProb(x), Map.of(s, p)), eval(stopped.logProb(x), Map.of(s, p)));
        Tensor draw = d.sample(Key.of(3), 2);
        if (draw.dtype().isFloat()) {
            g = eval(Gradients.orZeros(draw.sum(), List.of(s.value())).get(0), Map.of(s, p));
            assertArrayEquals(new double[p.length], g);
        }
    }

    /** With a key per row, a row draws what it draws alone, whatever the number of draws in front. */
    @ParameterizedTest
    @MethodSource("table")
    void rowsDrawFromTheirOwnKeys(DistributionCase c) {
        Distribution d = c.distribution();
        assumeFalse(d.batchShape().rank() == 0);
        int rows = d.batchShape().dim(0);
        int[] ids = new int[rows];
        Arrays.setAll(ids, i -> i + 10);
        Tensor a = d.sample(Key.of(1).fold(Tensors.constant(HostArray.wrap(ids, Shape.of(rows)))), 3);
        ids[0] = 99;
        Tensor b = d.sample(Key.of(1).fold(Tensors.constant(HostArray.wrap(ids, Shape.of(rows)))), 3);
        assertEquals(d.sample(Key.of(1), 3).type(), a.type());
        for (int r = 1; r < rows; r++) {
            assertArrayEquals(eval(a.at(1, r)), eval(b.at(1, r)));
        }
        if (d.reparameterized()) {
            assertFalse(Arrays.equals(eval(a.at(1, 0)), eval(b.at(1, 0))));
        }
    }
}
