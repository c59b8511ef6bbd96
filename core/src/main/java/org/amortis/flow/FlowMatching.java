package org.amortis.flow;

import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.train.Loss;
import org.amortis.train.Objective;
import org.jspecify.annotations.Nullable;

/**
 * Flow matching (Lipman et al. 2022): the velocity is regressed on the velocities of paths between base variables and data,
 * without solving an equation in training. Draws and densities then come from {@link #flow}. Of normal base N(0, 1), data
 * N(m, s^2), straight paths and independent pairs the least loss is s pi / 2 for each dimension, with optimal pairs it
 * falls with the size of the batch towards 0.
 */
public final class FlowMatching {
    private final Velocity velocity;
    private final ProbabilityPath path;
    private final @Nullable Base base;
    private final double power;
    private final boolean optimal;

    private FlowMatching(Velocity velocity, ProbabilityPath path, @Nullable Base base, double power, boolean optimal) {
        this.velocity = velocity;
        this.path = path;
        this.base = base;
        this.power = power;
        this.optimal = optimal;
    }

    /**
     * Straight paths from a standard normal, independent pairs, uniform times.
     *
     * @param velocity what is learned
     * @return flow matching
     */
    public static FlowMatching of(Velocity velocity) {
        return new FlowMatching(velocity, ProbabilityPath.straight(), null, 0, false);
    }

    /**
     * Along other paths.
     *
     * @param other path
     * @return new flow matching of the same weights
     */
    public FlowMatching path(ProbabilityPath other) {
        return new FlowMatching(velocity, other, base, power, optimal);
    }

    /**
     * From another base.
     *
     * @param other density of events [D]
     * @return new flow matching of the same weights
     * @throws ShapeException if the base has another shape
     */
    public FlowMatching base(Base other) {
        if (!other.eventShape().equals(Shape.of(velocity.size()))) {
            throw new ShapeException("flowMatching.base(" + other + ", event=" + other.eventShape()
                    + "): the velocity has events [" + velocity.size() + "]");
        }
        return new FlowMatching(velocity, path, other, power, optimal);
    }

    /**
     * Times as u^(1 + alpha) of uniform u: positive alpha looks more often at early times.
     *
     * @param alpha above -1; 0 for uniform times
     * @return new flow matching of the same weights
     * @throws PlanException if alpha is not above -1
     */
    public FlowMatching timePower(double alpha) {
        if (!(alpha > -1) || Double.isInfinite(alpha)) {
            throw new PlanException("flowMatching.timePower(alpha=" + alpha + "): must be above -1");
        }
        return new FlowMatching(velocity, path, base, alpha, optimal);
    }

    /**
     * With pairs of least squared distance within each batch (Tong et al. 2023), see {@link OptimalPairing}. Paths become
     * straighter. The context goes with its datum; but pairs are then chosen across contexts, so that the base of one
     * context is no longer the base: conditional flows are biased by it, more so in small batches.
     *
     * @return new flow matching of the same weights
     */
    public FlowMatching optimalPairs() {
        return new FlowMatching(velocity, path, base, power, true);
    }

    /**
     * The continuous flow of the velocity.
     *
     * @return flow of the same weights, by its default solver
     */
    public ContinuousFlow flow() {
        return ContinuousFlow.of(velocity);
    }

    /**
     * Squared error of the velocity at one random time of each pair.
     *
     * @param p weights
     * @param x0 base variables [B, D]
     * @param x1 data [B, D]
     * @param context [B, C], or null
     * @param key key of times and of noise around the path
     * @return mean over D of the squared error [B]
     */
    public Tensor loss(Weights p, Tensor x0, Tensor x1, @Nullable Tensor context, Key key) {
        Tensor from = optimal ? x0.gather(0, OptimalPairing.of(x0, x1)) : x0;
        Tensor u =
                Random.uniform(key.fold("time"), x1.dtype(), Shape.of(x1.shape().dim(0)));
        Tensor t = power == 0 ? u : u.pow(1 + power);
        ProbabilityPath.Point point = path.at(t.expandDims(-1), from, x1, key.fold("path"));
        Tensor v = velocity.given(p, context).at(t, point.x());
        return v.sub(point.velocity()).square().mean(Tensor.LAST);
    }

    /**
     * The loss of the rows "x" [B, D], given "context" [B, C] if the velocity takes one. Base variables are drawn, unless
     * the batch brings them as "x0" with each row's own: pairs of {@link Rectification}.
     *
     * @return what a trainer minimises
     */
    public Objective objective() {
        return s -> {
            Tensor x = s.in("x");
            if (x.shape().rank() != 2 || x.shape().dim(1) != velocity.size()) {
                throw new ShapeException("flowMatching(x=" + x.describe() + "): needs [B, " + velocity.size() + "]");
            }
            Tensor context = velocity.contextSize() == 0 ? null : s.in("context");
            Tensor x0 = s.names().contains("x0")
                    ? s.in("x0")
                    : draw(s.params(), s.key().fold("base"), x);
            return Loss.minimise(
                    loss(s.params(), x0, x, context, s.key().fold("match")).mean());
        };
    }

    private Tensor draw(Weights p, Key key, Tensor x) {
        Base from = base == null ? Base.normal(velocity.size()) : base;
        return from.given(p, x.shape().drop(-1)).sample(key);
    }

    @Override
    public String toString() {
        return "flow matching(" + velocity + (optimal ? ", optimal pairs" : "")
                + (power == 0 ? ")" : ", time power " + power + ")");
    }
}
