package org.amortis.langevin;

import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.dist.Drawn;
import org.amortis.dist.LogDensity;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.vi.Context;
import org.amortis.vi.Draw;
import org.amortis.vi.LatentModel;
import org.amortis.vi.TractableVariational;
import org.amortis.vi.Variational;

/**
 * An amortized answer, improved at test time without training: its draws walk k annealed steps with momentum from q(z | x)
 * to p(x, z), so that their bound is the one of differentiable annealed importance sampling. Kernels at the temperature of
 * the target alone would change no bound.
 */
public final class RefinedPosterior implements Variational {
    private static final double DAMPING = 2;

    private final LatentModel model;
    private final TractableVariational base;
    private final int steps;
    private final double stepSize;

    private RefinedPosterior(LatentModel model, TractableVariational base, int steps, double stepSize) {
        if (steps < 1 || !(stepSize >= 0)) {
            throw new PlanException(
                    "refined(steps=" + steps + ", stepSize=" + stepSize + "): at least one step, not backwards");
        }
        this.model = model;
        this.base = base;
        this.steps = steps;
        this.stepSize = stepSize;
    }

    /**
     * More steps.
     *
     * @param model model
     * @param base what is improved
     * @param steps how many steps k
     * @param stepSize step size in units of the standard deviations of the base
     * @return approximate posterior
     */
    public static RefinedPosterior of(LatentModel model, TractableVariational base, int steps, double stepSize) {
        return new RefinedPosterior(model, base, steps, stepSize);
    }

    /**
     * With another step size.
     *
     * @param size in units of the standard deviations of the base; zero leaves everything as it is
     * @return a copy
     */
    public RefinedPosterior stepSize(double size) {
        return new RefinedPosterior(model, base, steps, size);
    }

    @Override
    public Draw draw(Context context, Weights weights, Key key, int n) {
        Distribution q = base.given(context, weights);
        Drawn d = q.sampleAndLogProb(key.fold("base"), n);
        LogDensity joint = model.joint(weights).given(context);
        Tensor x = d.value();
        double[] b = new double[steps];
        for (int k = 0; k < steps; k++) {
            b[k] = (k + 1.0) / steps;
        }
        Tensor betas = Tensors.constant(HostArray.wrap(b, Shape.of(steps, 1)).cast(x.dtype()));
        Tensor size = Tensors.fill(stepSize, x.dtype(), Shape.of(steps, 1));
        // the inverse variance as mass brings all coordinates to the scale of the base
        PathValues v = new PathValues(
                new DistributionInitial(q),
                betas,
                size,
                Tensors.fill(DAMPING, x.dtype(), Shape.of(1)),
                q.variance().reciprocal());
        Path path = Method.UHA_EXACT.path(steps);
        PathSample s = path.continued(v, joint, x, d.logProb(), Noise.of(key.fold("steps"), x.dtype()));
        return new Draw(s.x(), s.logRatio());
    }

    @Override
    public String toString() {
        return "RefinedPosterior(" + base + ", steps=" + steps + ", stepSize=" + stepSize + ")";
    }
}
