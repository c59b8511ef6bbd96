package org.amortis.flow;

import static org.amortis.optim.Transforms.adam;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.dist.Poisson;
import org.amortis.grad.Gradients;
import org.amortis.optim.Schedule;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.train.Batches;
import org.amortis.train.Loss;
import org.amortis.train.Trainer;
import org.junit.jupiter.api.Test;

/** On a normal q with learned mean and scale, where both divergences and their gradients are known. */
class FlowLossesTest {
    private static final double MEAN = 1.2;
    private static final double STD = 0.8;
    private static final double CONSTANT = 3;
    private static final int KEYS = 16;

    /** N(MEAN, STD^2), off by a constant that nobody knows. */
    private static final LogDensity TARGET = x -> x.sub(MEAN)
            .mul(1 / STD)
            .square()
            .sum(-1)
            .mul(-0.5)
            .sub(0.5 * Math.log(2 * Math.PI) + Math.log(STD))
            .add(CONSTANT);

    private final ParamSpec spec = new ParamSpec(DType.F64);
    private final Base base = Base.normal(1);
    private final Flow flow = ActNorm.of(spec.at("n"), 1);

    private Tensor flat(double mean, double std) {
        double[] v = new double[spec.size()];
        v[spec.parameter("n/logScale").offset()] = Math.log(std);
        v[spec.parameter("n/shift").offset()] = mean;
        return Tensors.resident(HostArray.wrap(v, Shape.of(spec.size())));
    }

    private FlowDistribution q(Tensor flat) {
        return FlowDistribution.of(base, flow, spec.weights(flat));
    }

    /** Value and gradient with respect to mean and log scale. */
    private double[] numbers(Loss loss, Tensor flat) {
        List<HostArray> r = Run.eval(List.of(loss.value(), Gradients.of(loss.value(), flat)));
        HostArray g = r.get(1);
        return new double[] {
            r.get(0).scalar(),
            g.get(spec.parameter("n/shift").offset()),
            g.get(spec.parameter("n/logScale").offset())
        };
    }

    private interface Estimate {
        Loss of(FlowDistribution q, Key key);
    }

    /** Means over keys agree with what is known within five standard errors, which the keys themselves tell. */
    private void checkMeans(double[] expected, Estimate estimate, double bias) {
        Tensor flat = flat(0.7, 1.1);
        double[] sum = new double[3];
        double[] square = new double[3];
        for (int k = 0; k < KEYS; k++) {
            double[] v = numbers(estimate.of(q(flat), Key.of(100 + k)), flat);
            for (int i = 0; i < 3; i++) {
                sum[i] += v[i] / KEYS;
                square[i] += v[i] * v[i] / KEYS;
            }
        }
        for (int i = 0; i < 3; i++) {
            double error = Math.sqrt(Math.max(0, square[i] - sum[i] * sum[i]) / (KEYS - 1));
            assertTrue(error > 0 && error < 0.1, "error " + error);
            assertEquals(expected[i], sum[i], 5 * error + bias, "number " + i);
        }
    }

    @Test
    void reverseDivergenceAndItsGradientAreRight() {
        double m = 0.7 - MEAN;
        double ratio = 1.1 / STD;
        double kl = -Math.log(ratio) + 0.5 * (ratio * ratio + m * m / (STD * STD) - 1);
        checkMeans(
                new double[] {kl - CONSTANT, m / (STD * STD), ratio * ratio - 1},
                (q, key) -> FlowLosses.reverseKl(q, TARGET, key, 500),
                0);
    }

    /** The gradient along paths has no noise where q is the target, for every single draw. */
    @Test
    void reverseGradientVanishesAtTheTarget() {
        Tensor flat = flat(MEAN, STD);
        double[] v = numbers(FlowLosses.reverseKl(q(flat), TARGET, Key.of(4), 1), flat);
        assertEquals(-CONSTANT, v[0], 1e-12);
        assertArrayEquals(new double[2], new double[] {v[1], v[2]}, 1e-12);
    }

    /** Cross entropy of two normals. The bias of 2,000 draws is of the order of their inverse. */
    @Test
    void forwardDivergenceAndItsGradientAreRight() {
        double m = 0.7 - MEAN;
        double s = 1.1;
        double second = (STD * STD + m * m) / (s * s);
        checkMeans(
                new double[] {
                    0.5 * Math.log(2 * Math.PI) + Math.log(s) + 0.5 * second, m / (s * s), 1 - second,
                },
                (q, key) -> FlowLosses.forwardKl(q, TARGET, key, 2_000),
                5.0 / 2_000);
    }

    @Test
    void allDrawsCountWhereTheTargetIsMet() {
        Loss loss = FlowLosses.forwardKl(q(flat(MEAN, STD)), TARGET, Key.of(4), 50);
        assertEquals(1, Run.eval(loss.metrics().get("effective")).scalar(), 1e-10);
        Loss far = FlowLosses.forwardKl(q(flat(MEAN + 9, STD)), TARGET, Key.of(4), 50);
        assertTrue(Run.eval(far.metrics().get("effective")).scalar() < 0.1);
    }

    @Test
    void likelihoodIsTheMeanLogDensity() {
        FlowDistribution q = q(flat(0.7, 1.1));
        Tensor x = Tensors.resident(HostArray.wrap(new double[] {0.7, 1.8}, Shape.of(2, 1)));
        Loss loss = FlowLosses.maximumLikelihood(q, x);
        double expected = -0.5 * Math.log(2 * Math.PI) - Math.log(1.1) - 0.25;
        assertEquals(-expected, Run.eval(loss.value()).scalar(), 1e-14);
        assertEquals(expected, Run.eval(loss.metrics().get("logLikelihood")).scalar(), 1e-14);
    }

    /** A density that bends: x ~ N(0, 1), y ~ N(x^2, 1/4). An affine coupling that draws y last represents it. */
    @Test
    void variationalInferenceFindsABentDensity() {
        LogDensity bent = z -> {
            Tensor x = z.slice(-1, 0, 1);
            Tensor y = z.slice(-1, 1, 2).sub(x.square()).mul(2);
            return x.square().add(y.square()).sum(-1).mul(-0.5).sub(Math.log(2 * Math.PI) - Math.log(2));
        };
        ParamSpec own = new ParamSpec(DType.F64);
        Flow two = FlowStacks.affineCoupling(own.at("f"), 2, 0, 2, Net.residual(16, 1));
        HostArray dummy = HostArray.zeros(DType.F64, Shape.of(1));
        try (Device device = Device.best();
                Trainer trainer = Trainer.on(device)
                        .params(own, Key.of(8))
                        .objective(s -> FlowLosses.reverseKl(
                                FlowDistribution.of(Base.normal(2), two, s.params()),
                                bent,
                                s.key().fold("draws"),
                                s.training() ? 128 : 4_000))
                        .batches(Batches.full(Map.of("x", dummy)))
                        .optimizer(adam(Schedule.cosine(1e-2, 1e-4, 1_000)))
                        .build()) {
            double first = trainer.evaluate(Batches.full(dummy)).get("divergence");
            trainer.run(1_000);
            Params p = trainer.params();
            double last = trainer.evaluate(Batches.full(dummy)).get("divergence");
            // normalised, so the best is zero; the start is about KL(N(0, I), bent), above 3
            assertTrue(first > 2, "first " + first);
            assertEquals(0, last, 0.05);
            // the mean importance weight of draws is one: five standard errors of 4,000
            FlowDistribution q = FlowDistribution.of(Base.normal(2), two, p.frozen());
            Tensor x = q.sample(Key.of(9), 4_000);
            double[] w = Run.eval(bent.logDensity(x).sub(q.logProb(x)).exp()).toDoubles();
            double mean = 0;
            double square = 0;
            for (double v : w) {
                mean += v / w.length;
                square += v * v / w.length;
            }
            assertEquals(1, mean, 5 * Math.sqrt((square - mean * mean) / w.length));
        }
    }

    @Test
    void drawsMustBeThere() {
        FlowDistribution q = q(flat(0, 1));
        assertThrows(PlanException.class, () -> FlowLosses.reverseKl(q, TARGET, Key.of(1), 0));
        assertThrows(PlanException.class, () -> FlowLosses.forwardKl(q, TARGET, Key.of(1), 1));
        Poisson counts = Poisson.ofRate(Tensors.fill(3, DType.F64, Shape.SCALAR));
        assertTrue(assertThrows(PlanException.class, () -> FlowLosses.reverseKl(counts, TARGET, Key.of(1), 4))
                .getMessage()
                .contains("not differentiable"));
    }
}
