package org.amortis.langevin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.grad.Gradients;
import org.amortis.param.ParamSpec;
import org.amortis.param.Parameter;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.vi.LogWeights;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every method: a new row of the table brings these tests. */
final class MethodsTest {
    private static final int N = 5_000;
    private static final Device DEVICE = Device.builder().threads(1).build();

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    private static PathEvaluation evaluation(Method m, int steps) {
        ParamSpec spec = Cases.f64();
        LearnedPath path = Cases.path(spec, m, 1, steps);
        Params params = Cases.params(spec);
        return PathEvaluation.of(path, Cases.mixture(), params, DEVICE).block(N);
    }

    private static double[] exp(double[] log, double shift, int sign) {
        double[] w = new double[log.length];
        for (int i = 0; i < w.length; i++) {
            w[i] = Math.exp(sign * (log[i] - shift));
        }
        return w;
    }

    private static void meanIsOne(double... w) {
        double error = LogWeights.standardDeviation(w) / Math.sqrt(w.length);
        assertEquals(1, LogWeights.mean(w), 4.5 * error);
        // a test whose error is large would see nothing
        assertTrue(error < .15, "standard error " + error);
    }

    /** E[w] = Z forwards, E[1 / w] = 1 / Z backwards from exact draws; bounds lie on their sides. */
    @ParameterizedTest
    @EnumSource(Method.class)
    void weightsAreUnbiased(Method m) {
        PathEvaluation e = evaluation(m, 3);
        PathEvaluation.Result forward = e.run(N, Key.of(3));
        meanIsOne(exp(forward.logWeights(), Cases.SHIFT, 1));
        PathStatistics s = forward.statistics();
        assertTrue(s.elbo() < Cases.SHIFT, "ELBO " + s.elbo());
        PathEvaluation.Result backward = e.runBackwards(Cases.exact(N, 1, 7), Key.of(4));
        meanIsOne(exp(backward.logWeights(), Cases.SHIFT, -1));
        assertTrue(backward.statistics().elbo() > Cases.SHIFT);
    }

    /** Noise form and state form of log w, the loop written out and as a loop. */
    @ParameterizedTest
    @EnumSource(Method.class)
    void formsAgree(Method m) {
        ParamSpec spec = Cases.f64();
        LearnedPath p = Cases.path(spec, m, 3, 4);
        Weights w = Cases.params(spec).frozen();
        LogDensity g = Cases.mixture();
        List<Tensor> out = new ArrayList<>();
        for (int unrolled : new int[] {0, 4}) {
            LearnedPath q = p.path(p.path().unrolled(unrolled));
            PathSample s = q.sample(w, null, g, Shape.of(5), Noise.of(Key.of(8), DType.F64));
            PathSample held = q.path().replay(q.values(w, null), g, w, null, s);
            out.add(s.logRatio());
            out.add(held.logRatio());
            out.add(s.x());
            out.add(held.x());
        }
        List<HostArray> r = Run.eval(out);
        assertArrayEquals(r.get(0).doubles(), r.get(1).doubles(), 1e-9);
        assertArrayEquals(r.get(2).doubles(), r.get(3).doubles(), 1e-12);
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(r.get(i).doubles(), r.get(i + 4).doubles(), 1e-11);
        }
    }

    /** The reparameterised gradient against differences, every parameter: errors of order h^2 and of rounding, 1e-8. */
    @ParameterizedTest
    @EnumSource(Method.class)
    void gradient(Method m) {
        ParamSpec spec = Cases.f64();
        LearnedPath p = Cases.path(spec, m, 2, 2);
        Noise noise = Noise.of(Key.of(2), DType.F64);
        LogDensity g = Cases.mixture();
        Tensor loss = p.bound(GradientMode.REPARAM, spec.weights(), null, g, g, Shape.of(2), noise)
                .loss();
        Params params = Cases.params(spec);
        double[] x = params.flat().doubles().clone();
        Runner r = Program.of(loss, Gradients.of(loss, spec.flat().value()))
                .open(Device.builder().backend("scalar").threads(1).build(), params.store());
        r.run();
        double[] known = r.output(1).doubles().clone();
        double largest = 0;
        for (Parameter q : spec.parameters()) {
            for (int i = q.offset(); i < q.end(); i++) {
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
                assertEquals(d, known[i], 1e-5 * Math.max(1, Math.abs(d)), q.path() + " " + (i - q.offset()));
                largest = Math.max(largest, Math.abs(d));
            }
        }
        assertTrue(largest > .1, "the gradient is not zero");
    }

    /** Without steps nothing moves: log w is that of q0, exactly. */
    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PIS"})
    void stepsOfZero(Method m) {
        ParamSpec spec = Cases.f64();
        LearnedPath p = Cases.path(spec, m, 2, 3);
        Weights w = Cases.params(spec).frozen();
        PathValues v = p.values(w, null);
        PathValues still =
                new PathValues(v.first(), v.betas(), Tensors.zeros(DType.F64, Shape.of(3, 1)), v.damping(), v.mass());
        LogDensity g = Cases.mixture();
        PathSample s = p.path().sample(still, g, w, null, Shape.of(6), 2, Noise.of(Key.of(1), DType.F64));
        List<HostArray> r =
                Run.eval(List.of(s.x(), s.start(), s.logRatio(), v.first().logDensity(s.start())));
        assertArrayEquals(r.get(1).doubles(), r.get(0).doubles(), m == Method.DDS ? 1e-15 : 0);
        assertArrayEquals(r.get(3).doubles(), r.get(2).doubles(), 1e-14);
    }

    /** Adding a constant to log g adds it to log w. */
    @ParameterizedTest
    @EnumSource(Method.class)
    void shift(Method m) {
        ParamSpec spec = Cases.f64();
        LearnedPath p = Cases.path(spec, m, 1, 2);
        Weights w = Cases.params(spec).frozen();
        LogDensity g = Cases.mixture();
        LogDensity more = x -> g.logDensity(x).add(1000);
        List<Tensor> out = new ArrayList<>();
        for (LogDensity f : List.of(g, more)) {
            PathSample s = p.sample(w, null, f, Shape.of(4), Noise.of(Key.of(1), DType.F64));
            out.add(f.logDensity(s.x()).sub(s.logRatio()));
        }
        List<HostArray> r = Run.eval(out);
        for (int i = 0; i < 4; i++) {
            assertEquals(r.get(0).doubles()[i] + 1000, r.get(1).doubles()[i], 1e-10);
        }
    }

    /** With a key for each task a task's paths do not depend on how many others there are. */
    @ParameterizedTest
    @EnumSource(Method.class)
    void tasksAreIndependent(Method m) {
        ParamSpec spec = Cases.f64();
        LearnedPath p = Cases.path(spec, m, 2, 2);
        Weights w = Cases.params(spec).frozen();
        LogDensity g = Cases.mixture();
        Key keys = Key.of(6).fold(Tensors.iota(Shape.of(3), 0));
        Key one = Key.of(Key.of(6).fold(Tensors.iota(Shape.of(3), 0)).tensor().slice(0, 1, 2));
        PathSample three = p.sample(w, null, g, Shape.of(4, 3), Noise.of(keys, DType.F64));
        PathSample alone = p.sample(w, null, g, Shape.of(4, 1), Noise.of(one, DType.F64));
        List<HostArray> r = Run.eval(List.of(
                three.x().at(1, 1),
                alone.x().at(1, 0),
                three.logRatio().at(1, 1),
                alone.logRatio().at(1, 0)));
        assertArrayEquals(r.get(1).doubles(), r.get(0).doubles(), 1e-13);
        assertArrayEquals(r.get(3).doubles(), r.get(2).doubles(), 1e-12);
    }

    /** A network whose output is zero changes no bit. */
    @Test
    void zeroNetwork() {
        for (List<Method> pair : List.of(
                List.of(Method.ULA, Method.MCD),
                List.of(Method.ULA, Method.CMCD),
                List.of(Method.UHA, Method.LDVI),
                List.of(Method.UHA, Method.CMCD_UD))) {
            List<Tensor> out = new ArrayList<>();
            for (Method m : pair) {
                ParamSpec spec = new ParamSpec(DType.F32);
                LearnedPath p = LearnedPath.of(spec.at(""), m, 3, 4, PathSettings.of(m), ResidualControl::of, 0);
                Weights w = Params.init(spec, Key.of(1)).frozen();
                PathSample s = p.sample(w, null, Cases.mixture(), Shape.of(7), Noise.of(Key.of(1), DType.F32));
                out.add(s.x());
                out.add(s.logRatio());
            }
            List<HostArray> r = Run.eval(out);
            assertArrayEquals(r.get(0).floats(), r.get(2).floats(), pair.toString());
            assertArrayEquals(r.get(1).floats(), r.get(3).floats(), pair.toString());
        }
    }

    /** The gradient of a long path takes little more memory than that of a short one: steps are computed again. */
    @Test
    void memory() {
        Map<Integer, Long> bytes = new java.util.HashMap<>();
        for (int steps : new int[] {8, 256}) {
            ParamSpec spec = new ParamSpec(DType.F32);
            LearnedPath p = LearnedPath.of(
                    spec.at(""), Method.LDVI, 20, steps, PathSettings.of(Method.LDVI), ResidualControl::of, 0);
            p = p.path(p.path().unrolled(0).checkpoint(16));
            Tensor loss = p.bound(
                            GradientMode.REPARAM,
                            spec.weights(),
                            null,
                            Cases.mixture(),
                            Cases.mixture(),
                            Shape.of(16),
                            Noise.of(Key.of(1), DType.F32))
                    .loss();
            bytes.put(
                    steps,
                    Program.of(Gradients.of(loss, spec.flat().value()))
                            .plan()
                            .statistics()
                            .temporaryBytes());
        }
        assertTrue(bytes.get(256) < 4 * bytes.get(8), bytes.toString());
    }
}
