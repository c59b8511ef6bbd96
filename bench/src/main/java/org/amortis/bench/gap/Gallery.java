package org.amortis.bench.gap;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.data.ImageSet;
import org.amortis.bench.report.Png;
import org.amortis.diagnose.GapReport;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.amortis.vi.GaussianFamily;
import org.amortis.vi.Gaussians;
import org.amortis.vi.LocalFit;

/** Pictures of what the model does: images beside their reconstructions, and images it draws itself. */
final class Gallery {
    static final int RECONSTRUCTED = 16;
    static final int SAMPLES = 48;
    private static final int SAMPLE_COLUMNS = 16;

    private final Png originals;
    private final Png amortized;
    private final Png optimal;
    private final Png samples;
    private final double[] gaps;

    private Gallery(Png originals, Png amortized, Png optimal, Png samples, double[] gaps) {
        this.originals = originals;
        this.amortized = amortized;
        this.optimal = optimal;
        this.samples = samples;
        this.gaps = gaps;
    }

    /**
     * Makes the pictures.
     *
     * @param model trained model
     * @param images data, for the size of an image
     * @param audited test images that were audited
     * @param report their gaps
     * @param scale settings of the local fits
     * @param seed of the drawn images
     * @param device where
     */
    static Gallery of(
            TrainedVae model,
            ImageSet images,
            HostArray audited,
            GapReport report,
            GapScale scale,
            long seed,
            Device device) {
        double[] gap = report.amortizationGap();
        int n = gap.length;
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> gap[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int k = Math.min(RECONSTRUCTED, n);
        int d = images.pixels();
        float[] x = new float[k * d];
        double[] gaps = new double[k];
        for (int i = 0; i < k; i++) {
            // from the smallest gap to the largest
            int row = order[k == 1 ? 0 : (int) Math.round(i * (n - 1.0) / (k - 1))];
            System.arraycopy(audited.floats(), row * d, x, i * d, d);
            gaps[i] = gap[row];
        }
        HostArray chosen = HostArray.wrap(x, Shape.of(k, d));
        Gaussians encoded = Gaussians.encode(model.vae().posterior(), model.params(), chosen, k, device);
        LocalFit fit = new LocalFit(
                model.vae(),
                model.params(),
                GaussianFamily.DIAGONAL,
                new TensorType(DType.F32, chosen.shape()),
                scale.audit(seed, 0).diagonal().slots(k),
                device);
        Gaussians best = fit.run(chosen, encoded);
        Weights w = model.params().spec().weights();
        Key key = Key.of(seed).fold("gallery");
        Tensor z = Random.normal(key, DType.F32, Shape.of(SAMPLES, model.vae().latentSize()));
        float[] drawn = decode(model, w, z, device);
        int h = images.height();
        int c = images.width();
        return new Gallery(
                Png.grid(k, h, c, x, k),
                Png.grid(k, h, c, decode(model, w, Tensors.constant(encoded.mean()), device), k),
                Png.grid(k, h, c, decode(model, w, Tensors.constant(best.mean()), device), k),
                Png.grid(SAMPLE_COLUMNS, h, c, drawn, SAMPLES),
                gaps);
    }

    private static float[] decode(TrainedVae model, Weights w, Tensor z, Device device) {
        Runner r = Program.of(model.vae().decode(w, z).mean())
                .open(device, model.params().store());
        r.run();
        return r.output(0).toFloats();
    }

    Png originals() {
        return originals;
    }

    Png amortized() {
        return amortized;
    }

    Png optimal() {
        return optimal;
    }

    Png samples() {
        return samples;
    }

    /** Amortization gaps of the images shown, ascending. */
    double[] gaps() {
        return gaps.clone();
    }
}
