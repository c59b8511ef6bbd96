package org.amortis.langevin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.mc.Target;
import org.amortis.mc.target.Funnel;
import org.amortis.param.ParamSpec;
import org.amortis.param.Parameter;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.vi.LogWeights;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for networks that were never trained, and for the moves between their draws. */
final class BoundsTest {
    private static final Device DEVICE = Device.builder().threads(1).build();

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    private static LearnedPath residual(ParamSpec spec, Method m, int d, int steps) {
        return LearnedPath.of(spec.at(""), m, d, steps, Cases.settings(m, steps), ResidualControl::of, 0);
    }

    /** With networks that are switched on. */
    private static Params random(ParamSpec spec) {
        Params p = Cases.params(spec);
        double[] x = p.flat().doubles().clone();
        for (Parameter q : spec.parameters()) {
            if (q.path().endsWith("/scale")) {
                x[q.offset()] = .3;
            }
        }
        p.set(HostArray.wrap(x, Shape.of(x.length)));
        return p;
    }

    /** E[w] = Z on the mixture of one dimension: a million paths, four standard errors. */
    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"CMCD", "LDVI"})
    void aMillionPaths(Method m) {
        int n = 1_000_000;
        ParamSpec spec = Cases.f64();
        LearnedPath p = residual(spec, m, 1, 2);
        double[] log = PathEvaluation.of(p, Cases.mixture(), random(spec), DEVICE)
                .block(5_000)
                .run(n, Key.of(6))
                .logWeights();
        double[] w = new double[n];
        for (int i = 0; i < n; i++) {
            w[i] = Math.exp(log[i] - Cases.SHIFT);
        }
        double error = LogWeights.standardDeviation(w) / Math.sqrt(n);
        assertEquals(1, LogWeights.mean(w), 4 * error);
        assertTrue(error < .01, "standard error " + error);
        assertTrue(LogWeights.mean(log) < Cases.SHIFT, "ELBO");
    }

    /** Both bounds enclose log Z = 0 of the funnel in ten dimensions. */
    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"ULA", "MCD", "CMCD", "UHA", "LDVI", "CMCD_UD", "DBS_UD"})
    void funnel(Method m) {
        int n = 4_000;
        Target funnel = Funnel.centred("funnel", 10);
        ParamSpec spec = Cases.f64();
        PathSettings s = Cases.settings(m, 8)
                .steps(PathSettings.StepSizes.ONE, m.integrator().momentum() ? .05 : .005)
                .first(0, 1, true);
        LearnedPath p = LearnedPath.of(spec.at(""), m, 10, 8, s, ResidualControl::of, 0);
        p = p.path(p.path().scoreLimit(100));
        PathEvaluation e = PathEvaluation.of(p, funnel, random(spec), DEVICE).block(n);
        PathStatistics lower = e.run(n, Key.of(1)).statistics();
        PathStatistics upper = e.runBackwards(funnel.sampler().orElseThrow().sample(n, 5), Key.of(2))
                .statistics();
        assertTrue(lower.elbo() < -4 * lower.elboError(), "lower " + lower);
        assertTrue(upper.elbo() > 4 * upper.elboError(), "upper " + upper);
    }

    /** Leapfrog steps and back, to rounding. */
    @ParameterizedTest
    @CsvSource({"BAB, 1", "BAB, 20", "ABA, 1", "ABA, 20"})
    void leapfrogIsUndone(String word, int leapfrog) {
        Splitting moves = Splitting.repeated(word, leapfrog, false);
        Tensor zero = Tensors.zeros(DType.F64, Shape.of(3));
        Tensor one = Tensors.ones(DType.F64, Shape.of(1));
        Tensor mass = Tensors.constant(HostArray.wrap(new double[] {.5, 1, 2}, Shape.of(3)));
        PathValues v = new PathValues(new DiagonalInitial(zero, zero), one, one, one, mass);
        Frame frame = new Frame(
                Method.UHA.path(1),
                v,
                null,
                null,
                Tensors.iota(Shape.of(1), 0),
                Tensors.fill(.6, DType.F64, Shape.of(1)),
                Tensors.fill(.1, DType.F64, Shape.of(1)),
                null,
                new Tensor[0],
                new Tensor[0]);
        Tensor x = Random.normal(Key.of(1), DType.F64, Shape.of(50, 3));
        Tensor p = Random.normal(Key.of(2), DType.F64, Shape.of(50, 3));
        Noise none = Noise.of(Key.of(3), DType.F64);
        Point start = new Point(new Scores(Cases.mixture(), v.first(), Double.POSITIVE_INFINITY), x, null);
        Moved there = moves.forward(frame, start, p, null, Source.fresh(none, frame.k));
        Moved back = moves.backward(frame, there.point(), there.v(), none);
        List<HostArray> r = Run.eval(List.of(
                x,
                back.point().x(),
                p,
                java.util.Objects.requireNonNull(back.v()),
                there.point().x().sub(x).square().mean()));
        assertArrayEquals(r.get(0).doubles(), r.get(1).doubles(), 1e-12);
        assertArrayEquals(r.get(2).doubles(), r.get(3).doubles(), 1e-12);
        assertTrue(r.get(4).doubles()[0] > .001);
    }
}
