package org.amortis.mc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.LogDensity;
import org.amortis.runtime.Device;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SamplerTest {
    /** Correlated (0.8) and with deviations 1, 0.05 around (3, -2). */
    private static final LogDensity NARROW = z -> {
        Tensor x = z.at(1, 0).sub(3);
        Tensor y = z.at(1, 1).add(2).mul(20);
        return x.square().add(y.square()).sub(x.mul(y).mul(1.6)).mul(-0.5 / .36);
    };

    private static Device device() {
        return Device.builder().threads(1).build();
    }

    static Stream<Arguments> transitions() {
        return Stream.of(
                Arguments.of(Nuts.standard(), Metric.Kind.DIAGONAL, DType.F64),
                Arguments.of(Nuts.standard(), Metric.Kind.DENSE, DType.F32),
                Arguments.of(Hmc.of(6), Metric.Kind.DENSE, DType.F64));
    }

    /**
     * 40 chains of 100 draws after warm-up. Chains are independent, so that the standard error of a mean is the spread of
     * the chains' means.
     */
    @ParameterizedTest
    @MethodSource("transitions")
    void momentsOfANarrowGaussian(Transition t, Metric.Kind mass, DType dtype) {
        int c = 40;
        try (Device device = device()) {
            Sampler s = Sampler.of(
                            NARROW,
                            dtype,
                            2,
                            t,
                            SamplerSettings.of(c, 150, 100, 11).mass(mass),
                            device)
                    .start(2);
            Samples r = s.run();
            double[][] x = r.coordinate(0);
            double[][] y = r.coordinate(1);
            double[][] terms = new double[5][c];
            for (int i = 0; i < c; i++) {
                for (int n = 0; n < 100; n++) {
                    double a = x[i][n] - 3;
                    double b = (y[i][n] + 2) * 20;
                    double[] v = {a, b, a * a, b * b, a * b};
                    for (int k = 0; k < 5; k++) {
                        terms[k][i] += v[k] / 100;
                    }
                }
            }
            double[] expected = {0, 0, 1, 1, .8};
            for (int k = 0; k < 5; k++) {
                double m = 0;
                double q = 0;
                for (double v : terms[k]) {
                    m += v / c;
                    q += v * v / c;
                }
                assertEquals(expected[k], m, 4.5 * Math.sqrt((q - m * m) / (c - 1)), "moment " + k);
            }
            // acceptance of the frozen step: dual averaging leaves it within a few hundredths
            assertEquals(.8, r.mean(Statistic.ACCEPTANCE), .06);
            assertEquals(0, s.divergences());
            assertEquals(100, r.filled());
        }
    }

    @Test
    void stoppedAndResumedGivesTheSameBits(@TempDir Path dir) throws Exception {
        SamplerSettings settings = SamplerSettings.of(3, 40, 10, 5).thin(2);
        try (Device device = device()) {
            Sampler whole = sampler(NARROW, Nuts.standard().maxDepth(6), settings, device)
                    .start(2);
            Sampler half = sampler(NARROW, Nuts.standard().maxDepth(6), settings, device)
                    .start(2);
            whole.run();
            // in the window that learns the mass, then among the draws, between two of them
            half.advance(21);
            half.save(dir.resolve("a"));
            Sampler third = sampler(NARROW, Nuts.standard().maxDepth(6), settings, device)
                    .load(dir.resolve("a"));
            third.advance(30);
            third.save(dir.resolve("b"));
            assertEquals(5, third.samples().filled());
            half.load(dir.resolve("b"));
            half.run();
            assertArrayEquals(
                    whole.samples().draws().doubles(), half.samples().draws().doubles());
            whole.samples()
                    .statistics()
                    .forEach((k, v) -> assertArrayEquals(
                            v.doubles(), half.samples().statistic(k).doubles(), k.name()));
            Sampler other = sampler(NARROW, Nuts.standard().maxDepth(5), settings, device);
            assertThrows(FormatException.class, () -> other.load(dir.resolve("a")));
        }
    }

    private static Sampler sampler(LogDensity f, Transition t, SamplerSettings s, Device device) {
        return Sampler.of(f, DType.F64, 2, t, s, device);
    }

    @Test
    void badInputIsNamed() {
        SamplerSettings s = SamplerSettings.of(3, 30, 10, 5);
        assertThrows(PlanException.class, () -> SamplerSettings.of(0, 10, 10, 1));
        assertThrows(PlanException.class, () -> SamplerSettings.of(4, 10, 0, 1));
        assertThrows(PlanException.class, () -> SamplerSettings.of(4, -1, 1, 1));
        assertThrows(PlanException.class, () -> Nuts.standard().maxDepth(0));
        assertThrows(PlanException.class, () -> Hmc.of(0));
        try (Device device = device()) {
            LogDensity sum = z -> z.square().sum().mul(-.5);
            assertThrows(ShapeException.class, () -> sampler(sum, Hmc.of(2), s, device));
            Sampler fine = sampler(NARROW, Hmc.of(2), s, device);
            assertThrows(PlanException.class, () -> fine.advance(1));
            assertThrows(ShapeException.class, () -> fine.start(HostArray.zeros(DType.F64, Shape.of(3, 3))));
            // chain 1 starts where the logarithm has no value, the others do not
            LogDensity half = z -> z.at(1, 0).log().sub(z.square().sum(-1));
            HostArray at = HostArray.wrap(new double[] {1, 0, -1, 0, 2, 0}, Shape.of(3, 2));
            String text = assertThrows(
                            NonFiniteException.class,
                            () -> sampler(half, Hmc.of(2), s, device).start(at))
                    .getMessage();
            assertTrue(text.contains("chain=1") && text.contains("not a number"), text);
        }
    }

    /** A density that is infinite within a disc: chains that meet it stop the run and stand where they stood. */
    @ParameterizedTest
    @MethodSource("transitions")
    void anInfiniteDensityStopsTheRun(Transition t, Metric.Kind mass, DType dtype) {
        LogDensity hole = z -> {
            Tensor r = z.square().sum(-1);
            return Tensors.where(r.lt(.25), Tensors.fill(Double.POSITIVE_INFINITY, z.dtype(), r.shape()), r.mul(-.5));
        };
        try (Device device = device()) {
            SamplerSettings settings =
                    SamplerSettings.of(2, 0, 200, 5).mass(mass).stepSize(.4);
            Sampler s = Sampler.of(hole, dtype, 2, t, settings, device)
                    .start(HostArray.wrap(new double[] {1, 1, -1, 1}, Shape.of(2, 2)));
            String text = assertThrows(NonFiniteException.class, s::run).getMessage();
            assertTrue(text.contains("transition=" + (s.transitions() + 1)) && text.contains("plus infinity"), text);
            for (double v : s.positions().toDoubles()) {
                assertTrue(Double.isFinite(v));
            }
            assertEquals(s.transitions(), s.samples().filled());
        }
    }

    @Test
    void windowsOfWarmUp() {
        assertArrayEquals(new int[] {99, 149, 249, 449, 949}, ends(1000));
        assertArrayEquals(new int[] {99}, ends(150));
        assertArrayEquals(new int[] {89}, ends(100));
        assertArrayEquals(new int[] {}, ends(19));
    }

    private static int[] ends(int warmUp) {
        Windows w = new Windows(warmUp);
        return java.util.stream.IntStream.range(0, warmUp).filter(w::ends).toArray();
    }
}
