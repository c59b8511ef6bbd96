package org.amortis.langevin;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.dist.Independent;
import org.amortis.dist.Normal;
import org.amortis.nn.Activation;
import org.amortis.nn.Conv2d;
import org.amortis.nn.Linear;
import org.amortis.optim.Schedule;
import org.amortis.optim.Transforms;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.train.Loss;
import org.amortis.train.Trainer;
import org.amortis.vi.Bound;
import org.amortis.vi.Context;
import org.amortis.vi.LatentModel;
import org.amortis.vi.LogWeights;
import org.junit.jupiter.api.Test;

/**
 * Heads on the embedding of an image by convolutions. Images are two patterns that overlap, each with a standard normal
 * factor, and noise of each pixel: posteriors are Gaussian with a correlation, and evidences are known.
 */
final class AmortizedImageTest {
    private static final int SIDE = 8;
    private static final int PIXELS = SIDE * SIDE;
    private static final double NOISE = 1;

    /** Two round patterns around neighbouring places. */
    private static double pattern(int which, int pixel) {
        int line = pixel / SIDE;
        double row = line - 3.5;
        double column = pixel % SIDE - (which == 0 ? 2.5 : 4.5);
        return Math.exp(-(row * row + column * column) / 6);
    }

    private static double[] patterns() {
        double[] t = new double[2 * PIXELS];
        for (int i = 0; i < t.length; i++) {
            t[i] = pattern(i / PIXELS, i % PIXELS);
        }
        return t;
    }

    private static final class Images implements LatentModel {
        private final Tensor patterns;

        Images(DType dtype) {
            patterns = Tensors.constant(
                    HostArray.wrap(patterns(), Shape.of(2, PIXELS)).cast(dtype));
        }

        @Override
        public int latentSize() {
            return 2;
        }

        @Override
        public Distribution prior(Weights p) {
            return Independent.of(Normal.standard(p.dtype(), Shape.of(2)));
        }

        Tensor mean(Tensor z) {
            Shape s = z.shape();
            return z.reshape(s.size() / 2, 2).matmul(patterns).reshape(s.with(-1, PIXELS));
        }

        @Override
        public Tensor logLikelihood(Weights p, Context context, Tensor z) {
            Tensor pixels = context.data().reshape(context.data().shape().dim(0), PIXELS);
            return pixels.sub(mean(z))
                    .div(NOISE)
                    .square()
                    .mul(-.5)
                    .sub(.5 * Math.log(2 * Math.PI) + Math.log(NOISE))
                    .sum(-1);
        }

        Context drawn(Key key, int b) {
            DType type = patterns.dtype();
            Tensor z = Random.normal(key.fold("z"), type, Shape.of(b, 2));
            Tensor e = Random.normal(key.fold("pixels"), type, Shape.of(b, PIXELS));
            return Context.of(mean(z).add(e.mul(NOISE)).reshape(b, 1, SIDE, SIDE));
        }
    }

    /** log N(image; 0, T'T + noise^2), by the determinant lemma. */
    private static double logEvidence(double... image) {
        double[] t = patterns();
        double[] p = {1, 0, 1};
        double[] b = new double[2];
        double log = 0;
        for (int i = 0; i < PIXELS; i++) {
            double u = t[i] / NOISE;
            double v = t[PIXELS + i] / NOISE;
            double y = image[i] / NOISE;
            p[0] += u * u;
            p[1] += u * v;
            p[2] += v * v;
            b[0] += u * y;
            b[1] += v * y;
            log -= .5 * (y * y + Math.log(2 * Math.PI)) + Math.log(NOISE);
        }
        double det = p[0] * p[2] - p[1] * p[1];
        double fit = (b[0] * b[0] * p[2] - 2 * b[0] * b[1] * p[1] + b[1] * b[1] * p[0]) / det;
        return log + .5 * fit - .5 * Math.log(det);
    }

    @Test
    void reachesTheEvidence() {
        DType type = DType.F32;
        ParamSpec spec = new ParamSpec(type);
        Images model = new Images(type);
        Conv2d conv = Conv2d.of(spec.at("encoder"), 1, 4, 3, 2, 1, Activation.SILU.initializer());
        Linear flat = Linear.of(spec.at("encoder/out"), 4 * 16, 16);
        TaskEncoder encoder = TaskEncoder.of((p, x) ->
                flat.apply(p, conv.apply(p, x).silu().reshape(x.shape().dim(0), 4 * 16)));
        PathSettings s = PathSettings.of(Method.LDVI)
                .steps(PathSettings.StepSizes.EACH_STEP, .2)
                .damping(2)
                .covariance(PathSettings.Covariance.FULL);
        LearnedPath path = LearnedPath.of(spec.at("q"), Method.LDVI, 2, 4, s, ResidualControl::of, 16);
        LangevinPosterior q = LangevinPosterior.of(model, path, encoder);
        Params params = Params.init(spec, Key.of(1));
        int tasks = 300;
        double[] test = new double[tasks * PIXELS];
        java.util.Random random = new java.util.Random(8);
        double[][] images = new double[tasks][PIXELS];
        for (int i = 0; i < tasks; i++) {
            double z1 = random.nextGaussian();
            double z2 = random.nextGaussian();
            for (int j = 0; j < PIXELS; j++) {
                images[i][j] = z1 * pattern(0, j) + z2 * pattern(1, j) + NOISE * random.nextGaussian();
            }
            System.arraycopy(images[i], 0, test, i * PIXELS, PIXELS);
        }
        Map<String, HostArray> data = Map.of(
                Context.DATA,
                HostArray.wrap(test, Shape.of(tasks, 1, SIDE, SIDE)).cast(type));
        int steps = 800;
        try (Device device = Device.builder().threads(1).build();
                Trainer t = Trainer.on(device)
                        .params(params, Key.of(2))
                        .objective(x -> Loss.minimise(Bound.elboSampled(1)
                                .of(
                                        model,
                                        q,
                                        model.drawn(x.key().fold("images"), 64),
                                        x.params(),
                                        x.key().fold("paths"))
                                .loss()))
                        .batches(new PathTraining.NoData())
                        .optimizer(Transforms.clipGlobalNorm(5), Transforms.adam(Schedule.cosine(1e-2, 1e-4, steps)))
                        .build()) {
            double before = gap(model, q, params, data, images, device)[0];
            t.run(steps);
            double[] after = gap(model, q, params, data, images, device);
            System.getLogger("org.amortis.test")
                    .log(System.Logger.Level.INFO, "images: gap " + before + " " + java.util.Arrays.toString(after));
            assertTrue(after[0] > -3 * after[1], "above the evidence by " + -after[0]);
            assertTrue(before > 1 && after[0] < .02, before + " before, " + after[0] + " +- " + after[1]);
        }
    }

    private static double[] gap(
            Images model,
            LangevinPosterior q,
            Params params,
            Map<String, HostArray> data,
            double[][] images,
            Device device) {
        double[][] w = RefinementGain.logWeights(model, params, data, q, 16, Key.of(3), device);
        double[] g = new double[images.length];
        for (int i = 0; i < g.length; i++) {
            g[i] = logEvidence(images[i]) - LogWeights.mean(w[i]);
        }
        return new double[] {LogWeights.mean(g), LogWeights.standardDeviation(g) / Math.sqrt(g.length)};
    }
}
