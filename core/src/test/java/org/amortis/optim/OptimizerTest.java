package org.amortis.optim;

import static org.amortis.optim.Transforms.adam;
import static org.amortis.optim.Transforms.adamW;
import static org.amortis.optim.Transforms.addDecay;
import static org.amortis.optim.Transforms.clipGlobalNorm;
import static org.amortis.optim.Transforms.clipValue;
import static org.amortis.optim.Transforms.ema;
import static org.amortis.optim.Transforms.momentum;
import static org.amortis.optim.Transforms.rmsProp;
import static org.amortis.optim.Transforms.scale;
import static org.amortis.optim.Transforms.sgd;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.grad.Gradients;
import org.amortis.param.Initializer;
import org.amortis.param.ParamSpec;
import org.amortis.tensor.RefArray;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.amortis.testing.Formulas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerTest {
    /** The update of a hand-written loop: gradient, parameters and 1-based step to what is subtracted; keeps its own state. */
    interface Loop {
        double[] update(double[] g, double[] p, int t);
    }

    /**
     * One optimizer: adding a row adds all tests.
     *
     * @param name printed
     * @param chain transforms for a learning rate schedule
     * @param loop the same by hand, for a constant rate of 0.05
     * @param rate initial rate for the problems
     * @param decays whether its optimum is moved by weight decay
     */
    record Row(String name, Chain chain, java.util.function.Supplier<Loop> loop, double rate, boolean decays) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Chain {
        List<Transform> of(Schedule rate);
    }

    private static final double LR = 0.05;

    static List<Row> optimizers() {
        return List.of(
                new Row("sgd", r -> List.of(sgd(r)), () -> (g, p, t) -> map(g, x -> LR * x), 1.5e-3, false),
                new Row(
                        "clipped sgd",
                        r -> List.of(clipGlobalNorm(1), sgd(r)),
                        () -> (g, p, t) -> {
                            double n = Math.hypot(g[0], g[1]);
                            return map(g, x -> LR * x * Math.min(1, 1 / n));
                        },
                        1.5e-3,
                        false),
                new Row(
                        "sgd clipped by value",
                        r -> List.of(clipValue(0.7), sgd(r)),
                        () -> (g, p, t) -> map(g, x -> LR * Math.max(-0.7, Math.min(0.7, x))),
                        1.5e-3,
                        false),
                new Row("momentum", r -> List.of(momentum(r, 0.9, false)), () -> heavyBall(false), 5e-4, false),
                new Row("nesterov", r -> List.of(momentum(r, 0.9, true)), () -> heavyBall(true), 5e-4, false),
                new Row("rmsProp", r -> List.of(rmsProp(r, 0.9, 1e-8)), () -> rms(0.9, 1e-8), 5e-3, false),
                new Row("adam", r -> List.of(adam(r)), () -> adamLoop(0.9, 0.999, 1e-8, 0, true, 0), 2e-2, false),
                new Row(
                        "adam as in the IWAE recipe",
                        r -> List.of(adam(r).betas(0.99, 0.999).epsilon(1e-4).secondMomentStart(1)),
                        () -> adamLoop(0.99, 0.999, 1e-4, 1, true, 0),
                        2e-2,
                        false),
                new Row(
                        "adam without correction",
                        r -> List.of(adam(r).correctBias(false)),
                        () -> adamLoop(0.9, 0.999, 1e-8, 0, false, 0),
                        2e-2,
                        false),
                new Row(
                        "adamW",
                        r -> List.of(adamW(r, 0.1)),
                        () -> adamLoop(0.9, 0.999, 1e-8, 0, true, 0.1),
                        2e-2,
                        true),
                new Row(
                        "sgd with L2",
                        r -> List.of(addDecay(0.1, "decay"), sgd(r)),
                        () -> (g, p, t) -> new double[] {LR * (g[0] + 0.1 * p[0]), LR * (g[1] + 0.1 * p[1])},
                        1.5e-3,
                        true),
                new Row(
                        "adam with average",
                        r -> List.of(clipGlobalNorm(100), adam(r), ema(0.9)),
                        () -> {
                            Loop adam = adamLoop(0.9, 0.999, 1e-8, 0, true, 0);
                            return (g, p, t) -> {
                                double n = Math.hypot(g[0], g[1]);
                                return adam.update(map(g, x -> x * Math.min(1, 100 / n)), p, t);
                            };
                        },
                        2e-2,
                        false));
    }

    private static double[] map(double[] x, java.util.function.DoubleUnaryOperator f) {
        return Arrays.stream(x).map(f).toArray();
    }

    private static Loop heavyBall(boolean nesterov) {
        double[] v = new double[2];
        return (g, p, t) -> {
            double[] u = new double[2];
            for (int i = 0; i < 2; i++) {
                v[i] = 0.9 * v[i] + g[i];
                u[i] = LR * (nesterov ? g[i] + 0.9 * v[i] : v[i]);
            }
            return u;
        };
    }

    private static Loop rms(double decay, double eps) {
        double[] v = new double[2];
        return (g, p, t) -> {
            double[] u = new double[2];
            for (int i = 0; i < 2; i++) {
                v[i] = decay * v[i] + (1 - decay) * g[i] * g[i];
                u[i] = LR * g[i] / (Math.sqrt(v[i]) + eps);
            }
            return u;
        };
    }

    private static Loop adamLoop(double b1, double b2, double eps, double start, boolean correct, double decay) {
        double[] m = new double[2];
        double[] v = {start, start};
        return (g, p, t) -> {
            double[] u = new double[2];
            for (int i = 0; i < 2; i++) {
                m[i] = b1 * m[i] + (1 - b1) * g[i];
                v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
                double mh = correct ? m[i] / (1 - Math.pow(b1, t)) : m[i];
                double vh = correct ? v[i] / (1 - Math.pow(b2, t)) : v[i];
                u[i] = LR * mh / (Math.sqrt(vh) + eps) + LR * decay * p[i];
            }
            return u;
        };
    }

    /** A problem in two variables with its minimum at (1, 1). */
    enum Problem {
        PARABOLA(p -> {
            Tensor a = p.at(0, 0).sub(1);
            Tensor b = p.at(0, 1).sub(1);
            return a.square().add(b.square().mul(4));
        }),
        ROSENBROCK(p -> {
            Tensor x = p.at(0, 0);
            Tensor y = p.at(0, 1);
            return x.rsub(1).square().add(y.sub(x.square()).square().mul(100));
        });

        final UnaryOperator<Tensor> loss;

        Problem(UnaryOperator<Tensor> loss) {
            this.loss = loss;
        }
    }

    /** A model of two parameters, its optimizer, and a step evaluated by the reference loops. */
    private static final class Bench {
        final ParamSpec spec = new ParamSpec(DType.F64);
        final String path = spec.at("").declare("p", Shape.of(2), Initializer.zeros(), "decay");
        final State count = new State("count", new TensorType(DType.I32, Shape.SCALAR));
        final Optimizer optimizer;
        final OptimizerStep step;
        final Map<State, double[]> values = new HashMap<>();
        final Tensor gradient;

        Bench(List<Transform> chain, UnaryOperator<Tensor> loss) {
            optimizer = Optimizer.of(spec, chain);
            gradient = Gradients.of(
                    loss.apply(spec.weights().get(path)), spec.flat().value());
            step = optimizer.step(gradient, count.value());
            double[] start = new double[spec.size()];
            start[0] = -1.2;
            start[1] = 0.5;
            values.put(spec.flat(), start);
            values.put(count, new double[] {0});
            optimizer
                    .initialValues(spec.flat().value())
                    .forEach((s, t) -> values.put(s, Formulas.eval(t, Map.of(spec.flat(), start))));
        }

        double[] params() {
            return values.get(spec.flat());
        }

        void run() {
            List<State> states = new ArrayList<>(step.updates().keySet());
            List<RefArray> next = Formulas.eval(new ArrayList<>(step.updates().values()), values);
            for (int i = 0; i < states.size(); i++) {
                values.put(states.get(i), next.get(i).doubles());
            }
            values.get(count)[0]++;
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void fiveStepsAgreeWithLoopsWrittenByHand(Row row) {
        for (Problem problem : Problem.values()) {
            Bench b = new Bench(row.chain().of(Schedule.constant(LR)), problem.loss);
            Loop loop = row.loop().get();
            double[] p = Arrays.copyOf(b.params(), 2);
            double[] average = p.clone();
            for (int t = 1; t <= 5; t++) {
                double[] u = loop.update(gradient(problem, p), p, t);
                b.run();
                for (int i = 0; i < 2; i++) {
                    p[i] -= u[i];
                    average[i] = 0.9 * average[i] + 0.1 * p[i];
                    assertEquals(p[i], b.params()[i], 1e-12 * Math.max(1, Math.abs(p[i])), problem + " step " + t);
                }
            }
            b.optimizer.average().ifPresent(s -> {
                double[] a = b.values.get(s);
                assertArrayEquals(average, Arrays.copyOf(a, 2), 1e-12);
            });
            assertArrayEquals(new double[14], Arrays.copyOfRange(b.params(), 2, 16), "padding stays zero");
        }
    }

    private static double[] gradient(Problem problem, double[] p) {
        return switch (problem) {
            case PARABOLA -> new double[] {2 * (p[0] - 1), 8 * (p[1] - 1)};
            case ROSENBROCK ->
                new double[] {-2 * (1 - p[0]) - 400 * p[0] * (p[1] - p[0] * p[0]), 200 * (p[1] - p[0] * p[0])};
        };
    }

    /** Every optimizer on both problems: within 3e-2 of the optimum after 10,000 steps. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void reachesTheOptimum(Row row) {
        for (Problem problem : Problem.values()) {
            Schedule rate = Schedule.cosine(row.rate(), row.rate() * 0.6, 10_000);
            Bench b = new Bench(row.chain().of(rate), problem.loss);
            for (int i = 0; i < 10_000; i++) {
                b.run();
            }
            double tolerance = row.decays() ? 0.3 : 3e-2;
            assertEquals(1, b.params()[0], tolerance, problem + " x");
            assertEquals(1, b.params()[1], tolerance, problem + " y");
        }
    }

    @Test
    void momentsNeverBecomeDenormal() {
        Bench b = new Bench(List.of(adam(1e-3)), p -> p.mul(0).sum());
        State m = b.optimizer.states().get(0);
        State v = b.optimizer.states().get(1);
        b.values.get(m)[0] = 1e-299;
        b.values.get(v)[0] = 1e-299;
        for (int i = 0; i < 100; i++) {
            b.run();
        }
        assertEquals(0, b.values.get(m)[0]);
        assertTrue(b.values.get(v)[0] >= Double.MIN_NORMAL);
        assertEquals(List.of("optim/0.adam/m", "optim/0.adam/v"), List.of(m.name(), v.name()));
    }

    @Test
    void tagsAndPrefixesSelectParameters() {
        ParamSpec spec = new ParamSpec(DType.F64);
        spec.at("a").declare("w", Shape.of(3), Initializer.ones(), "decay");
        spec.at("a").declare("b", Shape.of(3), Initializer.ones());
        spec.at("c").declare("b", Shape.of(3), Initializer.ones());
        State params = spec.flat();
        Optimizer o = Optimizer.of(spec, scale("a/b", 0), adamW(Schedule.constant(0.5), 0.2));
        Tensor zero = Tensors.zeros(DType.I32, Shape.SCALAR);
        double[] ones = new double[48];
        Arrays.fill(ones, 1);
        Map<State, double[]> values = new HashMap<>();
        values.put(params, ones);
        o.states().forEach(s -> values.put(s, new double[48]));
        double[] next = Formulas.eval(o.step(params.value(), zero).updates().get(params), values);
        assertEquals(1 - 0.5 - 0.1, next[0], 1e-7);
        assertEquals(1, next[16], 1e-12);
        assertEquals(1 - 0.5, next[32], 1e-7);
    }

    @Test
    void gradientNormIsThatBeforeClipping() {
        Bench b = new Bench(List.of(clipGlobalNorm(1), sgd(1)), Problem.PARABOLA.loss);
        double norm = Formulas.eval(b.step.gradientNorm(), b.values)[0];
        assertEquals(Math.hypot(2 * -2.2, 8 * -0.5), norm, 1e-12);
        b.run();
        assertEquals(1, Math.hypot(b.params()[0] + 1.2, b.params()[1] - 0.5), 1e-12);
    }

    /** A step differentiated through, as meta-learning does: also where the gradient is zero. */
    @Test
    void stepsAreDifferentiable() {
        ParamSpec spec = new ParamSpec(DType.F64);
        spec.at("").declare("p", Shape.of(16), Initializer.zeros(), "decay");
        Tensor count = Tensors.zeros(DType.I32, Shape.SCALAR);
        for (Row row : optimizers()) {
            Optimizer o = Optimizer.of(spec, row.chain().of(Schedule.constant(LR)));
            Map<Tensor, Tensor> starts = new HashMap<>();
            o.initialValues(spec.flat().value()).forEach((s, t) -> starts.put(s.value(), t));
            double[] g = new double[16];
            Arrays.setAll(g, i -> i < 12 ? Math.sin(i + 1.0) : 1.5 + i);
            Formulas.checkGradient(
                    t -> {
                        Tensor next = o.step(t, count).updates().get(spec.flat());
                        starts.put(spec.flat().value(), Tensors.zeros(DType.F64, Shape.of(16)));
                        return org.amortis.tensor.Graphs.substitute(List.of(next), starts)
                                .get(0)
                                .square();
                    },
                    Shape.of(16),
                    1e-6,
                    g);
        }
        Tensor zero = Tensors.zeros(DType.F64, Shape.of(16)).mul(spec.flat().value());
        Optimizer clipped = Optimizer.of(spec, clipGlobalNorm(1), sgd(1));
        Tensor next = clipped.step(zero, count).updates().get(spec.flat());
        double[] d = Formulas.eval(Gradients.of(next.sum(), spec.flat().value()), Map.of(spec.flat(), new double[16]));
        assertEquals(1, d[0], 1e-15);
    }

    @Test
    void mistakesAreNamed() {
        ParamSpec spec = new ParamSpec(DType.F64);
        spec.at("").declare("p", Shape.of(2), Initializer.zeros());
        assertThrows(PlanException.class, () -> Optimizer.of(spec, ema(0.9), sgd(1)));
        assertThrows(PlanException.class, () -> adam(1e-3).betas(1, 0.9));
        assertThrows(PlanException.class, () -> clipGlobalNorm(0));
        assertThrows(PlanException.class, () -> ema(1));
        Optimizer o = Optimizer.of(spec, sgd(1));
        assertFalse(o.average().isPresent());
        Tensor count = Tensors.zeros(DType.I32, Shape.SCALAR);
        assertThrows(ShapeException.class, () -> o.step(Tensors.zeros(DType.F64, Shape.of(2)), count));
        assertThrows(ShapeException.class, () -> o.step(spec.flat().value(), Tensors.zeros(DType.F64, Shape.SCALAR)));
        Transform bad = Transforms.of("bad", (u, s) -> {
            s.set("nope", u);
            return u;
        });
        assertThrows(
                PlanException.class,
                () -> Optimizer.of(spec, bad).step(spec.flat().value(), count));
    }
}
