package org.amortis.langevin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.optim.Schedule;
import org.amortis.optim.Transforms;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.train.Loss;
import org.amortis.train.Trainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * q0 = N(0, 1), log g = -((x - 2) / .5)^2 / 2, beta_k = k / (K + 1): bounds known exactly, by a recursion of moments.
 */
final class GaussianPathTest {
    private static final double LOG_Z = GaussianChain.LOG_Z;
    private static final Device DEVICE = Device.builder().threads(1).build();
    private static final LogDensity TARGET =
            x -> x.sub(2).div(.5).square().mul(-.5).sum(-1);

    @AfterAll
    static void close() {
        DEVICE.close();
    }

    private static LearnedPath path(ParamSpec spec, Method m, int steps) {
        return LearnedPath.of(
                spec.at(""),
                m,
                1,
                steps,
                PathSettings.of(m).betas(PathSettings.Betas.LINEAR),
                (at, d, momentum, k, context) -> LinearControl.of(at, d, momentum, k),
                0);
    }

    /** Numbers held: constant step, damping 2, q0 standard normal. */
    private static PathValues values(double d, int steps) {
        double[] b = new double[steps];
        for (int k = 0; k < steps; k++) {
            b[k] = (k + 1.0) / (steps + 1);
        }
        Tensor zero = Tensors.zeros(DType.F64, Shape.of(1));
        return new PathValues(
                new DiagonalInitial(zero, zero),
                Tensors.constant(HostArray.wrap(b, Shape.of(steps, 1))),
                Tensors.fill(d, DType.F64, Shape.of(steps, 1)),
                Tensors.fill(2, DType.F64, Shape.of(1)),
                null);
    }

    private static Tensor logWeights(LearnedPath p, PathValues v, Weights w, int n, Key key) {
        PathSample s = p.path().sample(v, TARGET, w, null, Shape.of(n), 1, Noise.of(key, DType.F64));
        return TARGET.logDensity(s.x()).sub(s.logRatio());
    }

    /** Columns of the table of controls that the recursion has: multiples of x, of the momentum, the constant. */
    private static double[][] controls(Method m, int steps) {
        return new double[steps + 1][m.integrator().momentum() ? 3 : 2];
    }

    private static double exact(Method m, double d, double[][] r, boolean best) {
        return m.integrator().momentum()
                ? GaussianChain.underdamped(d, 2, r, best)
                : GaussianChain.overdamped(d, r, best);
    }

    /** Bounds for K = 0, 1, 2, 4, .. 512, of the best affine controls where the method has one. */
    @ParameterizedTest
    @CsvSource({
        "ULA, .05, -7.652907 -7.004029 -6.024062 -4.720204 -3.310178 -2.088994 -1.190228 -.596430 -.231611 -.020323",
        "ULA, .02, -8.213140 -7.937687 -7.468653 -6.691219 -5.524527 -4.071935 -2.656814 -1.555085 -.814875 -.356405",
        "MCD, .05, -6.869929 -5.494942 -3.520820 -1.445030 -.176488 .166070 .209406 .217486 .220418 .221709",
        "MCD, .02, -7.869365 -7.215565 -6.067572 -4.295110 -2.154973 -.500842 .118783 .211223 .221397 .223810",
        "UHA, .2, -8.234140 -7.765997 -6.608327 -4.479649 -2.510585 -1.388964 -.713686 -.313725 -.087134 .036218",
        "UHA, .08, -8.523728 -8.435561 -8.177640 -7.435368 -5.729113 -3.472929 -1.880156 -.953731 -.416812 -.116792",
        "LDVI, .2, -8.229174 -7.684658 -5.927205 -2.294038 -.054569 .144475 .169865 .179019 .182831 .184570",
        "LDVI, .08, -8.523024 -8.427650 -8.084296 -6.794354 -3.383904 -.190451 .193900 .210837 .217336 .219697"
    })
    void knownBounds(Method m, double d, String bounds) {
        int n = 4_000;
        String[] all = ("-8.5810614668 " + bounds).split(" ");
        double before = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < all.length; i++) {
            int steps = i == 0 ? 0 : 1 << i - 1;
            double[][] r = controls(m, steps);
            double exact = exact(m, d, r, m.arrangement().networks() > 0);
            assertEquals(Double.parseDouble(all[i]), exact, 1e-6, m + " K=" + steps);
            assertTrue(exact > before && exact < LOG_Z, "monotone at K=" + steps);
            ParamSpec spec = Cases.f64();
            LearnedPath p = path(spec, m, steps);
            PathValues v = steps == 0 ? p.values(spec.weights(), null) : values(d, steps);
            Params params = Params.init(spec, Key.of(1));
            if (steps > 0 && m.arrangement().networks() > 0) {
                double[] x = params.flat().doubles().clone();
                int at = spec.parameter("net/table").offset();
                for (double[] row : r) {
                    System.arraycopy(row, 0, x, at, row.length);
                    at += row.length;
                }
                params.set(HostArray.wrap(x, Shape.of(x.length)));
            }
            Runner run = Program.of(logWeights(p, v, spec.weights(), n, Key.of(3 + i)))
                    .open(DEVICE, params.store());
            run.run();
            PathStatistics s = PathStatistics.of(run.output(0).doubles());
            assertEquals(exact, s.elbo(), 4 * s.elboError(), m + " K=" + steps);
            assertTrue(s.elbo() < LOG_Z + 3 * s.elboError(), "above log Z at " + steps);
            before = exact;
            if (steps >= 256) {
                assertEquals(LOG_Z, s.logZ(), 5 * s.logZError(), "log Z at " + steps);
                assertTrue(s.logZError() < .05, s.toString());
            }
        }
    }

    /** Controls that are affine for each kernel, trained, come within .01 of the best; their bound is known exactly. */
    @ParameterizedTest
    @CsvSource({
        "MCD, .05, 1, -6.869929",
        "MCD, .05, 4, -3.520820",
        "MCD, .05, 8, -1.445030",
        "MCD, .05, 16, -.176488",
        "MCD, .05, 32, .166070",
        "MCD, .02, 8, -4.295110",
        "MCD, .02, 32, -.500842",
        "LDVI, .2, 1, -8.229174",
        "LDVI, .2, 4, -5.927205",
        "LDVI, .2, 8, -2.294038",
        "LDVI, .2, 16, -.054569",
        "LDVI, .2, 32, .144475",
        "LDVI, .08, 8, -6.794354",
        "LDVI, .08, 32, -.190451"
    })
    void trainedNetwork(Method m, double d, int steps, double best) {
        ParamSpec spec = Cases.f64();
        LearnedPath p = path(spec, m, steps);
        PathValues v = values(d, steps);
        int last = 600;
        try (Trainer t = Trainer.on(DEVICE)
                .params(Params.init(spec, Key.of(1)), Key.of(2))
                .objective(s -> Loss.maximise(
                        logWeights(p, v, s.params(), 100, s.key().fold("x")).mean()))
                .batches(new PathTraining.NoData())
                .optimizer(Transforms.adam(Schedule.cosine(.1, 1e-4, last)))
                .build()) {
            t.run(last);
            double[] x = t.params().flat().doubles();
            double[][] r = controls(m, steps);
            int at = spec.parameter("net/table").offset();
            for (double[] row : r) {
                System.arraycopy(x, at, row, 0, row.length);
                at += row.length;
            }
            assertEquals(best, exact(m, d, r, false), .01);
        }
    }
}
