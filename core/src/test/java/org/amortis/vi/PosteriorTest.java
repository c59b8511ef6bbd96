package org.amortis.vi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.nn.Activation;
import org.amortis.param.Initializer;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.tensor.Key;
import org.amortis.vae.Likelihood;
import org.amortis.vae.Vae;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PosteriorTest {
    private final ParamSpec spec = new ParamSpec(DType.F32);
    private final Vae vae =
            Vae.mlp(spec, 6, new int[] {7}, 2, Activation.TANH, Likelihood.bernoulli(), Initializer.zeros());
    private final Params params = Params.init(spec, Key.of(4));
    private final float[] x = {1, 0, 0, 1, 1, 0};

    @Test
    void savedAndLoadedPosteriorsGiveTheSameDraws(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("vae.safetensors");
        params.save(file);
        try (Posterior a = Posterior.of(vae, params);
                Posterior b = Posterior.load(file, spec, vae)) {
            float[] draws = a.sample(x, 1000, Key.of(2));
            assertEquals(2000, draws.length);
            assertArrayEquals(draws, b.sample(x, 1000, Key.of(2)));
            assertArrayEquals(Arrays.copyOf(draws, 20), a.sample(x, 10, Key.of(2)), "fewer draws are the first ones");
            assertEquals(0, a.sample(x, 0, Key.of(2)).length);
            assertTrue(!Arrays.equals(draws, a.sample(x, 1000, Key.of(3))));
            assertArrayEquals(
                    a.sample(x, 3, Key.of(2).fold("a")),
                    b.sample(x, 3, Key.of(2).fold("a")));
        }
    }

    /** Moments of the draws against the encoder's, the density against the normal's. */
    @Test
    void drawsFollowTheDensity() {
        HostArray one = HostArray.wrap(x, Shape.of(6));
        try (Posterior p = Posterior.of(vae, params);
                var device = org.amortis.runtime.Device.builder().threads(1).build()) {
            Gaussians q = Gaussians.encode(vae.posterior(), params, one.reshape(Shape.of(1, 6)), 1, device);
            int n = 20_000;
            float[] z = p.sample(one, n, Key.of(8));
            double[] log = p.logProb(one, HostArray.wrap(Arrays.copyOf(z, 600), Shape.of(300, 2)));
            for (int i = 0; i < 300; i++) {
                double want = -Math.log(2 * Math.PI);
                for (int j = 0; j < 2; j++) {
                    double e = (z[2 * i + j] - q.mean().get(j))
                            / Math.exp(q.scale().get(j));
                    want -= e * e / 2 + q.scale().get(j);
                }
                assertEquals(want, log[i], 1e-4);
            }
            for (int j = 0; j < 2; j++) {
                double s = 0;
                double s2 = 0;
                for (int i = 0; i < n; i++) {
                    double e = (z[2 * i + j] - q.mean().get(j))
                            / Math.exp(q.scale().get(j));
                    s += e / n;
                    s2 += e * e / n;
                }
                assertEquals(0, s, 4.5 / Math.sqrt(n));
                assertEquals(1, s2, 4.5 * Math.sqrt(2.0 / n));
            }
            WeightedDraws w = p.weightedSample(one, 5000, Key.of(1));
            assertTrue(w.effectiveSamples() > 100 && w.effectiveSamples() <= 5000);
            // p(x) of 6 bits, summed over all 64, is 1: on average 1/64
            assertTrue(Math.abs(w.logEvidence() + Math.log(64)) < 3, "" + w.logEvidence());
        }
    }

    @Test
    void threadsShareIt() throws Exception {
        try (Posterior p = Posterior.of(vae, params);
                ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<float[]> want = new ArrayList<>();
            List<Future<float[]>> got = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Key key = Key.of(i);
                want.add(p.sample(x, 700, key));
                got.add(pool.submit(() -> p.sample(x, 700, key)));
            }
            for (int i = 0; i < 16; i++) {
                assertArrayEquals(want.get(i), got.get(i).get());
            }
        }
    }

    @Test
    void refusals() {
        try (Posterior p = Posterior.of(vae, params)) {
            assertThrows(ShapeException.class, () -> p.sample(new float[5], 3, Key.of(1)));
            assertThrows(ShapeException.class, () -> p.sample(x, -1, Key.of(1)));
            assertThrows(
                    ShapeException.class,
                    () -> p.logProb(HostArray.wrap(x, Shape.of(6)), HostArray.zeros(DType.F32, Shape.of(3, 5))));
        }
    }
}
