package org.amortis.langevin;

import java.util.Random;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.param.ParamSpec;
import org.amortis.param.Parameter;
import org.amortis.param.Params;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Small paths of every method, with networks that are not zero, on targets whose log Z is known. */
final class Cases {
    static final double LOG_TWO_PI = Math.log(2 * Math.PI);

    private Cases() {}

    /** Means and deviations of the mixture "gmm1d", equal weights, log Z = 0. */
    static final double[] MEANS = {-3, .5, 1.5, 2.5};

    static final double[] STDS = {.5, .6, .3, .4};

    /** log Z of {@link #mixture}, away from zero so that a forgotten constant shows. */
    static final double SHIFT = 1.25;

    /** The mixture in each of d coordinates, shifted. */
    static LogDensity mixture() {
        return x -> {
            Tensor m = row(MEANS, x);
            Tensor s = row(STDS, x);
            Tensor e = x.expandDims(-1).sub(m).div(s);
            Tensor l = e.square().mul(-.5).sub(s.log()).sub(LOG_TWO_PI / 2 + Math.log(4));
            return l.logsumexp(-1).sum(-1).add(SHIFT);
        };
    }

    private static Tensor row(double[] v, Tensor like) {
        return Tensors.constant(HostArray.wrap(v.clone(), Shape.of(v.length)).cast(like.dtype()));
    }

    /** Exact draws of the mixture [n, d]. */
    static HostArray exact(int n, int d, long seed) {
        Random r = new Random(seed);
        double[] x = new double[n * d];
        for (int i = 0; i < x.length; i++) {
            int k = r.nextInt(4);
            x[i] = MEANS[k] + STDS[k] * r.nextGaussian();
        }
        return HostArray.wrap(x, Shape.of(n, d));
    }

    /** A control whose first values are not zero: affine for each time. */
    static LearnedPath.Networks networks(double size) {
        return (at, d, momentum, steps, context) -> {
            LinearControl linear = LinearControl.of(at, d, momentum, steps);
            return new Control() {
                @Override
                public Tensor times(org.amortis.param.Weights p, int k) {
                    Tensor t = linear.times(p, k);
                    int n = t.shape().size();
                    Tensor wave = Tensors.iota(Shape.of(n), 0)
                            .cast(t.dtype())
                            .mul(1.7)
                            .add(.3)
                            .sin()
                            .mul(size);
                    return t.add(wave.reshape(t.shape()));
                }

                @Override
                public Tensor apply(org.amortis.param.Weights p, ControlInput in) {
                    return linear.apply(p, in);
                }
            };
        };
    }

    /** A path of a method in double, with settings under which its weights have a moderate variance. */
    static LearnedPath path(ParamSpec spec, Method m, int d, int steps) {
        return LearnedPath.of(spec.at(""), m, d, steps, settings(m, steps), networks(.1), 0);
    }

    /** The same from a Gaussian of any covariance. */
    static LearnedPath fullPath(ParamSpec spec, Method m, int d, int steps) {
        PathSettings s = settings(m, steps).covariance(PathSettings.Covariance.FULL);
        return LearnedPath.of(spec.at(""), m, d, steps, s, networks(.1), 0);
    }

    static PathSettings settings(Method m, int steps) {
        PathSettings s = PathSettings.of(m).damping(2).first(.2, 2, m != Method.PIS);
        s = switch (m) {
            // Brownian motion to a variance of about four
            case PIS -> s.steps(PathSettings.StepSizes.EACH_STEP, 4.0 / steps);
            case DDS -> s.steps(PathSettings.StepSizes.EACH_STEP, .3);
            case ULA, MCD, CMCD, DBS, GBS, DIS -> s.steps(PathSettings.StepSizes.EACH_STEP, .05);
            case UHA, UHA_EXACT, DAIS, LDVI, CMCD_UD, DBS_UD, DIS_UD -> s.steps(PathSettings.StepSizes.EACH_STEP, .2);
        };
        s = s.betas(PathSettings.Betas.CUMULATIVE);
        if (m.integrator().momentum()) {
            s = s.mass(PathSettings.Mass.LEARNED);
        }
        return s;
    }

    static Params params(ParamSpec spec) {
        return Params.init(spec, Key.of(5));
    }

    /** With numbers below the diagonal of the factor, which start at zero. */
    static Params correlated(ParamSpec spec) {
        Params p = params(spec);
        double[] x = p.flat().doubles().clone();
        Parameter lower = spec.parameter("path/lower");
        for (int i = lower.offset(); i < lower.end(); i++) {
            x[i] = .9 - .5 * (i - lower.offset());
        }
        p.set(HostArray.wrap(x, Shape.of(x.length)));
        return p;
    }

    static ParamSpec f64() {
        return new ParamSpec(DType.F64);
    }
}
