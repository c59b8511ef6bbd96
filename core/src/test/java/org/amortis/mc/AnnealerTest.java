package org.amortis.mc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Distribution;
import org.amortis.dist.Independent;
import org.amortis.dist.LogDensity;
import org.amortis.dist.Normal;
import org.amortis.runtime.Device;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AnnealerTest {
    /** (x - 2)^2 / .25 in each of two dimensions: log Z = 2 * 0.2257913526447. */
    private static final LogDensity NARROW =
            z -> z.sub(2).mul(2).square().sum(-1).mul(-0.5);

    private static final double LOG_Z = 2 * .5 * Math.log(2 * Math.PI * .25);

    /** x^4 + x/2 - 6 x^2 in two dimensions, beside a normal one: two of many wells. */
    private static final LogDensity WELLS = z -> {
        Tensor x = z.slice(1, 0, 2);
        Tensor y = z.at(1, 2);
        return x.square()
                .mul(x.square().rsub(6))
                .sub(x.mul(.5))
                .sum(-1)
                .sub(y.square().mul(.5));
    };

    private static Distribution normal(int d, double deviation, DType dtype) {
        return Independent.of(Normal.ofMeanStd(Tensors.zeros(dtype, Shape.of(d)), deviation));
    }

    private static Device device() {
        return Device.builder().threads(1).build();
    }

    /** Four runs each; errors of the runs' spread, tolerance 4.5 of them, and they are small. */
    @ParameterizedTest
    @EnumSource(Metric.Kind.class)
    void normaliserOfAGaussian(Metric.Kind mass) {
        try (Device device = device()) {
            AnnealerSettings s = AnnealerSettings.of(200, 3).mass(mass).conditionalEss(.9);
            Annealer a = Annealer.of(normal(2, 1, DType.F64), NARROW, DType.F64, Hmc.of(4), s, device);
            Annealed learnt = a.learn(0);
            Ladder ladder = learnt.ladder();
            assertEquals(1, ladder.temperature(ladder.size() - 1));
            assertTrue(ladder.size() > 3 && ladder.size() < 40, ladder.toString());
            LogNormaliser z = a.repeat(ladder, 8);
            assertEquals(LOG_Z, z.logZ(), 4.5 * z.standardError());
            assertTrue(z.standardError() < .05, z.toString());
            assertEquals(LOG_Z, learnt.logZ(), 5 * z.standardError() * Math.sqrt(8));
            // weights without resampling
            Annealed ais = a.importance(ladder.refine(4), 1);
            assertEquals(LOG_Z, ais.logZ(), 4.5 * ais.standardError());
            assertEquals(0, ais.resamplings());
            assertTrue(ais.effective() > .5, ais.toString());
            assertEquals(ais.logZ(), a.importance(ladder.refine(4), 1).logZ(), "same run, same bits");
            // the particles at the end: mean 2 and deviation 0.5
            double m = 0;
            double v = 0;
            for (double x : learnt.particles().doubles()) {
                m += x / 400;
                v += (x - 2) * (x - 2) / 400;
            }
            assertEquals(2, m, 5 * .5 / Math.sqrt(400));
            assertEquals(.25, v, 5 * .25 * Math.sqrt(2. / 400));
        }
    }

    /** Both sides of bidirectional Monte Carlo, with few temperatures and with many. */
    @Test
    void sandwichClosesOnTheNormaliser() {
        int n = 300;
        java.util.Random random = new java.util.Random(8);
        double[] exact =
                random.doubles(2L * n).map(u -> 2 + .5 * random.nextGaussian()).toArray();
        HostArray z = HostArray.wrap(exact, Shape.of(n, 2));
        try (Device device = device()) {
            AnnealerSettings s = AnnealerSettings.of(n, 5).temperatures(3).moves(1);
            Annealer a = Annealer.of(normal(2, 1, DType.F64), NARROW, DType.F64, Hmc.of(4), s, device);
            Ladder few = a.learn(0).ladder();
            double before = Double.POSITIVE_INFINITY;
            for (Ladder ladder : new Ladder[] {few, few.refine(12)}) {
                Annealed low = a.importance(ladder, 1);
                Annealed high = a.reverse(ladder, z, 1);
                assertEquals(LOG_Z, low.logZ(), 4.5 * low.standardError());
                assertEquals(LOG_Z, high.logZ(), 4.5 * high.standardError());
                // the bounds in expectation: means of the logarithms of single weights
                double width = 0;
                for (int i = 0; i < n; i++) {
                    width -= (low.logWeights()[i] + high.logWeights()[i]) / n;
                }
                width += high.logZ() - low.logZ();
                assertTrue(width > 0 && width < before / 3, width + " after " + before);
                before = width;
            }
        }
    }

    /** The particles' own normal is the target here: one step, equal weights. */
    @Test
    void normalOfTheParticles() {
        try (Device device = device()) {
            AnnealerSettings s = AnnealerSettings.of(800, 3);
            Annealed first = Annealer.of(normal(2, 1, DType.F64), NARROW, DType.F64, Hmc.of(4), s, device)
                    .learn(0);
            for (Metric.Kind kind : new Metric.Kind[] {Metric.Kind.DIAGONAL, Metric.Kind.DENSE}) {
                Annealer a = Annealer.of(first.normal(kind, 1.2), NARROW, DType.F64, Hmc.of(4), s, device);
                Ladder ladder = a.learn(0).ladder();
                assertTrue(ladder.size() <= 2, ladder.toString());
                Annealed again = a.importance(ladder, 1);
                assertEquals(LOG_Z, again.logZ(), 4.5 * again.standardError());
                assertTrue(again.standardError() < .015, again.toString());
            }
            assertThrows(PlanException.class, () -> first.normal(Metric.Kind.DENSE, 0));
        }
    }

    /** Integral of exp(-x^4 + 6 x^2 - x/2) over the line: 11784.5092651278; four modes of different weight. */
    @Test
    void normaliserOverManyModes() {
        double expected = 2 * Math.log(11784.5092651278) + .5 * Math.log(2 * Math.PI);
        try (Device device = device()) {
            AnnealerSettings s = AnnealerSettings.of(500, 4).conditionalEss(.9);
            Annealer a = Annealer.of(normal(3, 2, DType.F64), WELLS, DType.F64, Hmc.of(4), s, device);
            LogNormaliser z = a.repeat(a.learn(0).ladder(), 6);
            assertEquals(expected, z.logZ(), 4.5 * z.standardError());
            assertTrue(z.standardError() < .08, z.toString());
        }
    }

    @Test
    void systematicResamplingKeepsTheWholeNumbers() {
        Particles p = new Particles(5);
        double[] w = {.41, .2, 0, .3, .09};
        double[] log = new double[5];
        for (int i = 0; i < 5; i++) {
            log[i] = Math.log(w[i]);
        }
        double[] mean = new double[5];
        int rounds = 1000;
        for (int r = 0; r < rounds; r++) {
            p.clear();
            assertTrue(p.reweigh(log, 1));
            assertEquals(Math.log(.2), p.logNormaliser(), 1e-14);
            int[] a = new int[5];
            p.resample((r + .5) / rounds, a);
            int[] count = new int[5];
            for (int i : a) {
                count[i]++;
                mean[i] += 1. / rounds;
            }
            for (int i = 0; i < 5; i++) {
                assertTrue(Math.abs(count[i] - 5 * w[i]) < 1, "particle " + i);
            }
        }
        for (int i = 0; i < 5; i++) {
            assertEquals(5 * w[i], mean[i], 2. / rounds);
        }
    }

    /** Increments of a normal log weight of variance v leave e^-v effective: the step is its root. */
    @Test
    void nextTemperatureByTheEffectiveShare() {
        int n = 2000;
        Particles p = new Particles(n);
        double[] d = new double[n];
        for (int i = 0; i < n; i++) {
            d[i] = i % 2 == 0 ? -3 : 3;
        }
        // two values +-3: share (cosh 3 s)^2 / cosh 6 s
        double s = p.step(d, 1, .9);
        assertEquals(.9, Math.pow(Math.cosh(3 * s), 2) / Math.cosh(6 * s), 1e-9);
        assertEquals(1, p.step(new double[n], 1, .9));
        d[7] = Double.NEGATIVE_INFINITY;
        assertTrue(p.step(d, 1, .9) > 0);
    }

    /** Stopped in the middle and resumed: the same bits as without a stop. */
    @Test
    void stoppedAndResumedGivesTheSameBits(@TempDir Path dir) {
        Path file = dir.resolve("run");
        AnnealerSettings s = AnnealerSettings.of(50, 3);
        Distribution start = normal(2, 1, DType.F64);
        try (Device device = device()) {
            Annealer whole = Annealer.of(start, NARROW, DType.F64, Hmc.of(4), s, device);
            Annealed learnt = whole.learn(4);
            Ladder ladder = learnt.ladder();
            List<Annealed> known = List.of(learnt, whole.resampled(ladder, 1), whole.importance(ladder, 2));
            for (int kind = 0; kind < 3; kind++) {
                Annealer stopped = Annealer.of(start, NARROW, DType.F64, Hmc.of(4), s, device)
                        .checkpoint(file, 2)
                        .watched(t -> {
                            if (t > .5) {
                                throw new IllegalStateException("stopped");
                            }
                        });
                int k = kind;
                assertThrows(IllegalStateException.class, () -> run(stopped, ladder, k));
                assertTrue(Files.exists(file));
                Annealer other = Annealer.of(start, NARROW, DType.F64, Hmc.of(4), s, device)
                        .checkpoint(file, 2);
                assertThrows(FormatException.class, () -> other.resampled(ladder, 9));
                Annealed resumed = run(other, ladder, kind);
                assertEquals(known.get(kind).logZ(), resumed.logZ());
                assertArrayEquals(
                        known.get(kind).particles().doubles(),
                        resumed.particles().doubles());
                assertEquals(known.get(kind).acceptance(), resumed.acceptance());
                assertFalse(Files.exists(file));
            }
            assertThrows(PlanException.class, () -> whole.checkpoint(file, 0));
        }
    }

    /** What was found goes through a file with all its bits, its ladder too. */
    @Test
    void savedAndLoaded(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("found");
        try (Device device = device()) {
            Annealer a = Annealer.of(
                    normal(2, 1, DType.F64), NARROW, DType.F64, Hmc.of(4), AnnealerSettings.of(50, 3), device);
            Annealed learnt = a.learn(4);
            learnt.save(file, "one");
            Annealed read = Annealed.load(file, "one");
            assertEquals(learnt.toString(), read.toString());
            assertArrayEquals(learnt.logWeights(), read.logWeights());
            assertArrayEquals(learnt.particles().doubles(), read.particles().doubles());
            assertEquals(
                    a.resampled(learnt.ladder(), 1).logZ(),
                    a.resampled(read.ladder(), 1).logZ());
            assertThrows(FormatException.class, () -> Annealed.load(file, "two"));
            Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 100));
            assertThrows(FormatException.class, () -> Annealed.load(file, "one"));
        }
    }

    private static Annealed run(Annealer a, Ladder ladder, int kind) {
        return switch (kind) {
            case 0 -> a.learn(4);
            case 1 -> a.resampled(ladder, 1);
            default -> a.importance(ladder, 2);
        };
    }

    @Test
    void badInputIsNamed() {
        assertThrows(PlanException.class, () -> AnnealerSettings.of(1, 0));
        assertThrows(PlanException.class, () -> AnnealerSettings.of(10, 0).moves(0));
        AnnealerSettings s = AnnealerSettings.of(10, 3);
        Distribution q = normal(2, 1, DType.F64);
        try (Device device = device()) {
            LogDensity sum = z -> z.square().sum().mul(-.5);
            assertThrows(ShapeException.class, () -> Annealer.of(q, sum, DType.F64, Hmc.of(1), s, device));
            assertThrows(PlanException.class, () -> Annealer.of(q, NARROW, DType.F32, Hmc.of(1), s, device));
            LogDensity nan = z -> z.at(1, 0).log();
            Annealer a = Annealer.of(q, nan, DType.F64, Hmc.of(1), s, device);
            String text =
                    assertThrows(NonFiniteException.class, () -> a.learn(0)).getMessage();
            assertTrue(text.contains("particle=") && text.contains("not a number"), text);
            LogDensity far = z -> z.sub(1e4).square().sum(-1).neg();
            Annealer b = Annealer.of(
                    q,
                    far,
                    DType.F64,
                    Hmc.of(1),
                    new AnnealerSettings(10, 0, .9, .5, 1, Metric.Kind.UNIT, .1, 3, 1),
                    device);
            assertTrue(assertThrows(PlanException.class, () -> b.learn(0))
                    .getMessage()
                    .contains("temperatures=3"));
            Annealer fine = Annealer.of(q, NARROW, DType.F64, Hmc.of(1), s, device);
            Ladder ladder = fine.learn(0).ladder();
            assertThrows(
                    ShapeException.class, () -> fine.reverse(ladder, HostArray.zeros(DType.F64, Shape.of(9, 2)), 0));
            assertArrayEquals(
                    fine.learn(3).particles().doubles(),
                    fine.learn(3).particles().doubles());
        }
    }
}
