package org.amortis.flow;

import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.train.Loss;
import org.amortis.train.Objective;
import org.jspecify.annotations.Nullable;

/**
 * A consistency model (Song et al. 2023, in the form of Schmitt et al. 2024 for inference): one network that takes data
 * with noise of any level to the data, so that a draw is one evaluation or a few; it has no density. With
 * s the standard deviation of the data, f(x, t) = c_skip x + c_out F(x, t, context), c_skip = s^2 / ((t - e)^2 + s^2) and
 * c_out = s (t - e) / sqrt(s^2 + t^2): the identity at the least level e. Trained without a teacher model: outputs at
 * neighbouring levels of the same noise are pulled together, no gradient flowing into the one at the lower level.
 */
public final class ConsistencyModel {
    private static final double LOG_MEAN = -1.1;
    private static final double LOG_STD = 2;
    private static final double HUBER = 0.00054;

    private final Velocity network;
    private final NoiseLevels levels;
    private final double data;
    private final boolean scaled;
    private final boolean norm;

    private ConsistencyModel(Velocity network, NoiseLevels levels, double data, boolean scaled, boolean norm) {
        if (!(data > 0) || Double.isInfinite(data)) {
            throw new PlanException("consistencyModel(deviation=" + data + "): must be positive and finite");
        }
        this.network = network;
        this.levels = levels;
        this.data = data;
        this.scaled = scaled;
        this.norm = norm;
    }

    /**
     * A model of data of unit variance, whose network is given x / sqrt(t^2 + s^2), of unit variance at all levels, and
     * log(t) / 4 as its time (Karras et al. 2022). See {@link #plainInput} for the inputs published with the formula.
     *
     * @param network F
     * @param levels noise levels and their growth
     * @return the model
     */
    public static ConsistencyModel of(Velocity network, NoiseLevels levels) {
        return new ConsistencyModel(network, levels, 1, true, false);
    }

    /**
     * For data of another standard deviation.
     *
     * @param deviation s, positive
     * @return new model of the same weights
     * @throws PlanException if it is not positive
     */
    public ConsistencyModel deviation(double deviation) {
        return new ConsistencyModel(network, levels, deviation, scaled, norm);
    }

    /**
     * With a network that is given x and t / T, as published for inference. It learns far more slowly: what enters it has
     * a deviation of up to T, and nearly all times of training are next to 0.
     *
     * @return new model of the same weights
     */
    public ConsistencyModel plainInput() {
        return new ConsistencyModel(network, levels, data, false, norm);
    }

    /**
     * With the loss of the distance of vectors (Song and Dhariwal 2023) instead of each element's.
     *
     * @return new model of the same weights
     */
    public ConsistencyModel vectorLoss() {
        return new ConsistencyModel(network, levels, data, scaled, true);
    }

    /**
     * The function of a noise level, f.
     *
     * @param p weights
     * @param context [.., C], or null
     * @return data for noisy data: {@code at(t, x)} with t of each row
     */
    public VelocityField denoiser(Weights p, @Nullable Tensor context) {
        VelocityField net = network.given(p, context);
        double s2 = data * data;
        return (t, x) -> {
            Tensor far = t.sub(levels.least());
            Tensor variance = t.square().add(s2);
            Tensor skip = far.square().add(s2).rdiv(s2).expandDims(-1);
            Tensor out = far.mul(variance.rsqrt()).mul(data).expandDims(-1);
            Tensor f = scaled
                    ? net.at(t.log().mul(0.25), x.mul(variance.rsqrt().expandDims(-1)))
                    : net.at(t.mul(1 / levels.most()), x);
            return skip.mul(x).add(out.mul(f));
        };
    }

    /**
     * The loss of each datum at one random pair of neighbouring levels.
     *
     * @param p weights
     * @param x data [B, D]
     * @param context [B, C], or null
     * @param step I32 scalar, completed training steps
     * @param key key of level and noise
     * @return [B]
     */
    public Tensor loss(Weights p, Tensor x, @Nullable Tensor context, Tensor step, Key key) {
        int rows = x.shape().dim(0);
        DType type = x.dtype();
        Tensor n = levels.count(step);
        Tensor all = levels.levels(n, type);
        Tensor index = interval(all, n, Random.uniform(key.fold("level"), type, Shape.of(rows)));
        Tensor low = all.gather(0, index);
        Tensor high = all.gather(0, index.add(Tensors.fill(1, DType.I32, Shape.SCALAR)));
        Tensor z = Random.normal(key.fold("noise"), type, x.shape());
        Tensor student = denoiser(p, context).at(high, x.add(z.mul(high.expandDims(-1))));
        Tensor teacher =
                denoiser(p, context).at(low, x.add(z.mul(low.expandDims(-1)))).stopGradient();
        Tensor d = student.sub(teacher);
        double c = HUBER * Math.sqrt(network.size());
        // (sqrt(d^2 + c^2) - c) without cancellation where d is small
        Tensor square = norm ? d.square().sum(Tensor.LAST) : d.square();
        Tensor huber = square.div(square.add(c * c).sqrt().add(c));
        return (norm ? huber : huber.mean(Tensor.LAST)).div(high.sub(low));
    }

    /**
     * Index from 0 of the interval of each row: probability proportional to what a log-normal of the level, mean -1.1 and
     * standard deviation 2 of the logarithm, puts between its ends.
     *
     * @param all levels [M]
     * @param n N, I32 scalar
     * @param u uniform numbers [B]
     * @return I32 [B], below N - 1
     */
    static Tensor interval(Tensor all, Tensor n, Tensor u) {
        Tensor cumulated =
                all.log().sub(LOG_MEAN).mul(1 / (Math.sqrt(2) * LOG_STD)).erf();
        int m = all.shape().dim(0);
        // levels past N are equal, so what is below them all is what is below level N
        Tensor from = cumulated.slice(0, 0, 1);
        Tensor to = cumulated.slice(0, m - 1, m);
        Tensor mark = u.mul(to.sub(from)).add(from).expandDims(-1);
        Tensor passed = cumulated.slice(0, 1, m).le(mark).cast(DType.I32).sum(Tensor.LAST);
        return passed.minimum(n.sub(Tensors.fill(2, DType.I32, Shape.SCALAR)));
    }

    /**
     * The loss of the rows "x" [B, D], given "context" [B, C] if the network takes one. The number of levels grows with
     * the steps of the run.
     *
     * @return what a trainer minimises
     */
    public Objective objective() {
        return s -> {
            Tensor x = s.in("x");
            if (x.shape().rank() != 2 || x.shape().dim(1) != network.size()) {
                throw new ShapeException("consistencyModel(x=" + x.describe() + "): needs [B, " + network.size() + "]");
            }
            Tensor context = network.contextSize() == 0 ? null : s.in("context");
            Tensor l = loss(s.params(), x, context, s.step(), s.key().fold("consistency"));
            return Loss.minimise(l.mean());
        };
    }

    /**
     * Draws: noise of the largest level is denoised; then, for each further step, given noise of the next lower level of a
     * grid of steps + 1 and denoised again.
     *
     * @param p weights
     * @param context [rows.., C], or null
     * @param key key of the draws
     * @param n draws for each row of the context
     * @param steps evaluations of the network, at least 1
     * @return [n, rows.., D]
     * @throws PlanException if there is no step
     */
    public Tensor sample(Weights p, @Nullable Tensor context, Key key, int n, int steps) {
        if (steps < 1) {
            throw new PlanException("consistencyModel.sample(steps=" + steps + "): needs at least 1");
        }
        Velocities.checkContext(network, context);
        Shape rows = Shape.of(n);
        if (context != null) {
            Shape c = context.shape();
            rows = rows.concat(c.slice(0, c.rank() - 1));
        }
        Shape shape = rows.concat(Shape.of(network.size()));
        VelocityField f = denoiser(p, context);
        DType type = p.dtype();
        Tensor x = Random.normal(key.fold("start"), type, shape).mul(levels.most());
        x = f.at(Tensors.fill(levels.most(), type, rows), x);
        for (int i = steps; i > 1; i--) {
            double t = levels.level(i, steps + 1);
            double s = Math.sqrt(t * t - levels.least() * levels.least());
            Tensor noise = Random.normal(key.fold(i), type, shape);
            x = f.at(Tensors.fill(t, type, rows), x.add(noise.mul(s)));
        }
        return x;
    }

    @Override
    public String toString() {
        return "consistency model(" + network + ", " + levels + (norm ? ", vector loss)" : ")");
    }
}
