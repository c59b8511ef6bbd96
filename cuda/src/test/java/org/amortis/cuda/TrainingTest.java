package org.amortis.cuda;

import static org.amortis.nn.Activation.TANH;
import static org.amortis.nn.Mlp.sizes;
import static org.amortis.optim.Transforms.adam;
import static org.amortis.optim.Transforms.clipGlobalNorm;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Bernoulli;
import org.amortis.dist.Normal;
import org.amortis.math.Philox;
import org.amortis.nn.Mlp;
import org.amortis.param.ParamSpec;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.train.Batches;
import org.amortis.train.Loss;
import org.amortis.train.Objective;
import org.amortis.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small VAE trained over the emulated device: beside the processor, again, and from one to the other. */
class TrainingTest {
    private static final int PIXELS = 36;

    private static Trainer trainer(Device device) {
        ParamSpec spec = new ParamSpec(DType.F32);
        Mlp encoder = Mlp.of(spec.at("encoder"), sizes(PIXELS, 24, 8), TANH);
        Mlp decoder = Mlp.of(spec.at("decoder"), sizes(4, 24, PIXELS), TANH);
        Objective elbo = s -> {
            Tensor x = s.in("x");
            Normal q = Normal.ofMeanLogStd(encoder.apply(s.params(), x).split(Tensor.LAST, 4, 4));
            Tensor z = q.rsample(s.key().fold("z"));
            Tensor logLik =
                    Bernoulli.ofLogits(decoder.apply(s.params(), z)).logProb(x).sum(Tensor.LAST);
            Tensor kl = q.klTo(Normal.standardLike(z)).sum(Tensor.LAST);
            return Loss.minimise(kl.sub(logLik).mean());
        };
        float[] x = new float[64 * PIXELS];
        for (int i = 0; i < x.length; i++) {
            x[i] = Philox.uniform32(5, i, 0, 0) < 0.5 ? 1 : 0;
        }
        return Trainer.on(device)
                .params(spec, Key.of(7))
                .objective(elbo)
                .batches(Batches.shuffled(HostArray.wrap(x, Shape.of(64, PIXELS)), 16))
                .optimizer(clipGlobalNorm(10), adam(1e-3))
                .build();
    }

    private static Device emulated() {
        return Device.builder().backend(Backend.NAME).threads(1).build();
    }

    private static double[] flat(Trainer t) {
        double[] r = {};
        for (HostArray a : t.snapshot().values()) {
            double[] v = a.dtype() == DType.KEY
                    ? java.util.Arrays.stream(a.ints()).asDoubleStream().toArray()
                    : a.toDoubles();
            int n = r.length;
            r = java.util.Arrays.copyOf(r, n + v.length);
            System.arraycopy(v, 0, r, n, v.length);
        }
        return r;
    }

    @Test
    void lossesAreThoseOfTheProcessorAndBitsAreTheSameAgain() {
        double[] again = {};
        for (int k = 0; k < 2; k++) {
            try (Device d = emulated();
                    Device cpu = Device.builder().backend("scalar").threads(1).build();
                    Trainer gpu = trainer(d);
                    Trainer host = trainer(cpu)) {
                for (int step = 1; step <= 4; step++) {
                    gpu.run(1);
                    host.run(1);
                    // sums of 36 * 16 terms of magnitude 1 in float32, in other orders
                    assertEquals(host.loss(), gpu.loss(), 2e-5 * Math.abs(host.loss()), "step " + step);
                    assertEquals(host.gradientNorm(), gpu.gradientNorm(), 1e-4 * host.gradientNorm());
                }
                double[] v = flat(gpu);
                assertTrue(v.length > 1000);
                if (k == 1) {
                    assertArrayEquals(again, v);
                }
                again = v;
            }
        }
    }

    @Test
    void aCheckpointOfOneBackendIsResumedOnTheOther(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("step.safetensors");
        try (Device d = emulated();
                Device cpu = Device.builder().backend("scalar").threads(1).build()) {
            double[] saved;
            try (Trainer t = trainer(d)) {
                t.run(2);
                t.save(file);
                saved = flat(t);
            }
            try (Trainer t = trainer(cpu)) {
                t.resume(file);
                assertArrayEquals(saved, flat(t));
                t.run(1);
                t.save(file);
                saved = flat(t);
            }
            try (Trainer t = trainer(d)) {
                t.resume(file);
                assertArrayEquals(saved, flat(t));
                t.run(1);
                assertEquals(4, t.steps());
            }
        }
    }
}
