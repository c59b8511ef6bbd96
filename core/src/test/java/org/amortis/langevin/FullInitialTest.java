package org.amortis.langevin;

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
import org.amortis.dist.LogDensity;
import org.amortis.dist.MultivariateNormal;
import org.amortis.grad.Gradients;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.vi.LogWeights;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Paths from a Gaussian of any covariance. */
final class FullInitialTest {
    private static final Device DEVICE = Device.builder().threads(1).build();

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    private static void meanIsOne(double sign, double... log) {
        double[] w = new double[log.length];
        for (int i = 0; i < w.length; i++) {
            w[i] = Math.exp(sign * (log[i] - Cases.SHIFT));
        }
        double error = LogWeights.standardDeviation(w) / Math.sqrt(w.length);
        assertEquals(1, LogWeights.mean(w), 4.5 * error);
        assertTrue(error < .1, "standard error " + error);
    }

    /** E[w] = Z forwards, E[1 / w] = 1 / Z backwards from exact draws. */
    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"ULA", "CMCD", "DDS", "LDVI"})
    void weightsAreUnbiased(Method m) {
        int n = 20_000;
        ParamSpec spec = Cases.f64();
        LearnedPath path = Cases.fullPath(spec, m, 2, 2);
        PathEvaluation e = PathEvaluation.of(path, Cases.mixture(), Cases.correlated(spec), DEVICE)
                .block(n);
        meanIsOne(1, e.run(n, Key.of(3)).logWeights());
        meanIsOne(-1, e.runBackwards(Cases.exact(n, 2, 7), Key.of(4)).logWeights());
    }

    /** Noise form and state form; the density of starts is that of the Gaussian. */
    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"MCD", "DDS", "LDVI", "DBS_UD"})
    void formsAgree(Method m) {
        ParamSpec spec = Cases.f64();
        LearnedPath p = Cases.fullPath(spec, m, 3, 4);
        Weights w = Cases.correlated(spec).frozen();
        LogDensity g = Cases.mixture();
        PathValues v = p.values(w, null);
        PathSample s = p.sample(w, null, g, Shape.of(5), Noise.of(Key.of(8), DType.F64));
        PathSample held = p.path().replay(v, g, w, null, s);
        LearnedPath none = p.startOnly();
        PathSample start = none.sample(w, null, g, Shape.of(5), Noise.of(Key.of(8), DType.F64));
        List<HostArray> r = Run.eval(List.of(
                s.logRatio(),
                held.logRatio(),
                s.x(),
                held.x(),
                s.points().at(0, 3),
                s.start(),
                start.x(),
                start.logRatio(),
                v.first().logDensity(s.start())));
        assertArrayEquals(r.get(0).doubles(), r.get(1).doubles(), 1e-9);
        assertArrayEquals(r.get(2).doubles(), r.get(3).doubles(), 1e-11);
        assertArrayEquals(r.get(2).doubles(), r.get(4).doubles(), 1e-12);
        assertArrayEquals(r.get(5).doubles(), r.get(6).doubles(), 0);
        assertArrayEquals(r.get(8).doubles(), r.get(7).doubles(), 1e-11);
    }

    /** Every parameter, the factor's among them, against differences. */
    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"CMCD", "LDVI"})
    void gradient(Method m) {
        ParamSpec spec = Cases.f64();
        LearnedPath p = Cases.fullPath(spec, m, 2, 2);
        LogDensity g = Cases.mixture();
        Tensor loss = p.bound(
                        GradientMode.REPARAM, spec.weights(), null, g, g, Shape.of(2), Noise.of(Key.of(2), DType.F64))
                .loss();
        Params params = Cases.correlated(spec);
        double[] x = params.flat().doubles().clone();
        Runner r = Program.of(loss, Gradients.of(loss, spec.flat().value())).open(DEVICE, params.store());
        r.run();
        double[] known = r.output(1).doubles().clone();
        for (int i = 0; i < x.length; i++) {
            double h = 1e-4;
            double[] f = new double[2];
            for (int side = 0; side < 2; side++) {
                double[] y = x.clone();
                y[i] += side == 0 ? -h : h;
                params.set(HostArray.wrap(y, Shape.of(y.length)));
                r.run();
                f[side] = r.scalar(0);
            }
            double d = (f[1] - f[0]) / (2 * h);
            assertEquals(d, known[i], 1e-5 * Math.max(1, Math.abs(d)), "element " + i);
        }
    }

    /** Without correlations the path is the one whose masses are inverse variances of a diagonal q0. */
    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"ULA", "UHA"})
    void withoutCorrelationsItIsMatched(Method m) {
        List<Tensor> out = new ArrayList<>();
        for (PathSettings.Covariance c : PathSettings.Covariance.values()) {
            ParamSpec spec = Cases.f64();
            PathSettings s = Cases.settings(m, 3)
                    .first(.3, 1.7, true)
                    .mass(PathSettings.Mass.MATCHED)
                    .covariance(c);
            LearnedPath p = LearnedPath.of(spec.at(""), m, 3, 3, s, Cases.networks(.1), 0);
            Weights w = Cases.params(spec).frozen();
            PathSample q = p.sample(w, null, Cases.mixture(), Shape.of(6), Noise.of(Key.of(1), DType.F64));
            out.add(q.x());
            out.add(q.logRatio());
        }
        List<HostArray> r = Run.eval(out);
        assertArrayEquals(r.get(0).doubles(), r.get(2).doubles(), 1e-12);
        assertArrayEquals(r.get(1).doubles(), r.get(3).doubles(), 1e-11);
    }

    /** Score against the formula, for one Gaussian and for one of each task. */
    @Test
    void score() {
        for (Shape tasks : List.of(Shape.SCALAR, Shape.of(3))) {
            Tensor mean = Random.normal(Key.of(1), DType.F64, tasks.concat(Shape.of(2)));
            Tensor free = Random.normal(Key.of(2), DType.F64, tasks.concat(Shape.of(2, 2)));
            MultivariateNormal normal = MultivariateNormal.ofMeanFree(mean, free);
            FullInitial q = new FullInitial(normal);
            Tensor e = Random.normal(
                    Key.of(3), DType.F64, Shape.of(4).concat(tasks).concat(Shape.of(2)));
            Tensor x = q.colour(e);
            // L' score = -e
            Tensor back = q.score(x).expandDims(-1).mul(normal.factor()).sum(-2).neg();
            List<HostArray> r = Run.eval(List.of(e, back, q.logDensityOfNoise(e), q.logDensity(x), normal.logProb(x)));
            assertArrayEquals(r.get(0).doubles(), r.get(1).doubles(), 1e-12);
            assertArrayEquals(r.get(2).doubles(), r.get(3).doubles(), 1e-12);
            assertArrayEquals(r.get(4).doubles(), r.get(3).doubles(), 1e-12);
        }
    }

    /** The bound of a Gaussian target is its log Z, where a diagonal q0 loses .067. */
    @Test
    void trainsToACorrelatedGaussian() {
        ParamSpec spec = Cases.f64();
        PathSettings s = PathSettings.of(Method.LDVI).covariance(PathSettings.Covariance.FULL);
        LearnedPath p = LearnedPath.of(spec.at(""), Method.LDVI, 2, 2, s, ResidualControl::of, 0);
        Params params = PathTraining.init(spec, Key.of(1), DEVICE);
        PathTraining.Settings fast = new PathTraining.Settings(
                64, GradientMode.REPARAM, org.amortis.optim.Schedule.cosine(.1, 1e-4, 500), 10, 1);
        try (PathTraining t = PathTraining.ofStart(p, Fixed.TARGET, params, fast, DEVICE, Key.of(2))) {
            t.runTo(500);
        }
        PathStatistics r = PathEvaluation.ofStart(p, Fixed.TARGET, params, DEVICE)
                .run(5_000, Key.of(3))
                .statistics();
        assertEquals(Fixed.LOG_Z, r.elbo(), .002 + 4 * r.elboError());
        assertTrue(r.elboError() < .001, r.toString());
    }

    @Test
    void badInput() {
        PathSettings s = PathSettings.of(Method.LDVI).covariance(PathSettings.Covariance.FULL);
        for (org.junit.jupiter.api.function.Executable e : List.<org.junit.jupiter.api.function.Executable>of(
                () -> s.first(0, 1, false), () -> s.fixedCoordinates(1))) {
            PlanException x = assertThrows(PlanException.class, e);
            assertTrue(x.getMessage().contains("covariance=FULL"), x.getMessage());
        }
    }
}
