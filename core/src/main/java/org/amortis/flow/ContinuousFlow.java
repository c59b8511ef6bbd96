package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.dist.Mapped;
import org.amortis.flow.ode.FixedSteps;
import org.amortis.flow.ode.OdeSolver;
import org.amortis.nn.Activation;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.train.Loss;
import org.amortis.train.Objective;
import org.jspecify.annotations.Nullable;

/**
 * A continuous flow (Chen et al. 2018, Grathwohl et al. 2019): x is where the velocity takes u in unit time, and
 * log |det dx/du| the integral of the trace of dv/dz. Solver, trace and gradient are chosen apart from the velocity, so one
 * set of weights is trained with an estimate of the trace and few steps, and reported with the exact trace and a tolerance.
 */
public final class ContinuousFlow implements Flow {
    /** Steps of the classical method unless another solver is given. */
    public static final int STEPS = 16;

    private final Velocity velocity;
    private final OdeSolver solver;
    private final @Nullable OdeSolver backward;
    private final TraceEstimate trace;

    private ContinuousFlow(Velocity velocity, OdeSolver solver, @Nullable OdeSolver backward, TraceEstimate trace) {
        this.velocity = velocity;
        this.solver = solver;
        this.backward = backward;
        this.trace = trace;
    }

    /**
     * A flow by {@link #STEPS} steps of the classical method with the exact trace and gradients through the steps.
     *
     * @param velocity what is integrated
     * @return the flow
     */
    public static ContinuousFlow of(Velocity velocity) {
        return new ContinuousFlow(velocity, FixedSteps.rk4(STEPS), null, TraceEstimate.exact());
    }

    /**
     * A flow whose velocity is a network that starts at zero, so the flow at the identity.
     *
     * @param at where parameters go
     * @param size D
     * @param context number of elements of the context; 0 for none
     * @param hidden widths of hidden layers
     * @param activation between layers; smooth
     * @return the flow
     */
    public static ContinuousFlow of(ParamScope at, int size, int context, int[] hidden, Activation activation) {
        return of(TimeMlp.of(at, size, context, hidden, activation));
    }

    /**
     * The same flow by another solver.
     *
     * @param other solver
     * @return new flow of the same weights
     */
    public ContinuousFlow with(OdeSolver other) {
        return new ContinuousFlow(velocity, other, backward, trace);
    }

    /**
     * The same flow with another trace, such as an estimate with the key of a step.
     *
     * @param other trace
     * @return new flow of the same weights
     */
    public ContinuousFlow with(TraceEstimate other) {
        return new ContinuousFlow(velocity, solver, backward, other);
    }

    /**
     * The same flow with gradients by the adjoint equation instead of through the steps.
     *
     * @param solver solver of the adjoint equation
     * @return new flow of the same weights
     */
    public ContinuousFlow adjoint(OdeSolver solver) {
        return new ContinuousFlow(velocity, this.solver, solver, trace);
    }

    /**
     * What is integrated.
     *
     * @return velocity
     */
    public Velocity velocity() {
        return velocity;
    }

    @Override
    public Shape inputShape() {
        return Shape.of(velocity.size());
    }

    @Override
    public int contextSize() {
        return velocity.contextSize();
    }

    @Override
    public ContinuousMap given(Weights p, @Nullable Tensor context) {
        Flows.checkContext(this, context);
        return new ContinuousMap(velocity, solver, backward, trace, p, context);
    }

    @Override
    public ContinuousMap given(Weights p) {
        return given(p, null);
    }

    /**
     * Negative log likelihood of the rows "x" [B, D], given "context" [B, C] if the flow takes one, with penalties of the
     * way. In training an estimate of the trace has the noise of the step; in evaluation the trace is exact and there are
     * no penalties. Metrics: "nll", and in training "kinetic" and "jacobian" where they have a weight.
     *
     * @param base density of u
     * @param kinetic weight of the kinetic energy
     * @param jacobian weight of the Jacobian's squared norm
     * @return what a trainer minimises
     */
    public Objective likelihood(Base base, double kinetic, double jacobian) {
        return s -> {
            Tensor x = s.in("x");
            Tensor context = contextSize() == 0 ? null : s.in("context");
            TraceEstimate with = s.training() ? trace.renewed(s.key().fold("trace")) : TraceEstimate.exact();
            ContinuousMap map = with(with).given(s.params(), context);
            Distribution from = base.given(s.params(), x.shape().drop(-1));
            if (!s.training() || kinetic == 0 && jacobian == 0) {
                Mapped u = map.inverseAndLogDet(x);
                Tensor nll = from.logProb(u.value()).add(u.logDet()).mean().neg();
                return Loss.minimise(nll).metric("nll", nll);
            }
            ContinuousSolution u = map.inverseWithPenalties(x);
            Tensor nll = from.logProb(u.value()).add(u.logDet()).mean().neg();
            Tensor k = u.kinetic().mean();
            Tensor j = u.jacobian().mean();
            return Loss.minimise(nll.add(k.mul(kinetic)).add(j.mul(jacobian)))
                    .metric("nll", nll)
                    .metric("kinetic", k)
                    .metric("jacobian", j);
        };
    }

    @Override
    public String toString() {
        return "continuous flow(" + velocity + ", " + solver + ", " + trace
                + (backward == null ? ")" : ", adjoint by " + backward + ")");
    }
}
