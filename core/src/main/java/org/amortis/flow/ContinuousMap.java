package org.amortis.flow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.flow.ode.Adjoint;
import org.amortis.flow.ode.OdeSolution;
import org.amortis.flow.ode.OdeSolver;
import org.amortis.flow.ode.OdeSystem;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * A continuous flow of given weights and context: forward integrates the velocity from time 0 to 1, inverse from 1 to 0,
 * beside it the trace of the Jacobian. Values alone are integrated without the trace; with adaptive steps they then differ
 * from those with it, within the tolerance.
 */
public final class ContinuousMap implements Bijection {
    private final Velocity velocity;
    private final OdeSolver solver;
    private final @Nullable OdeSolver backward;
    private final TraceEstimate trace;
    private final Weights p;
    private final @Nullable Tensor context;

    ContinuousMap(
            Velocity velocity,
            OdeSolver solver,
            @Nullable OdeSolver backward,
            TraceEstimate trace,
            Weights p,
            @Nullable Tensor context) {
        this.velocity = velocity;
        this.solver = solver;
        this.backward = backward;
        this.trace = trace;
        this.p = p;
        this.context = context;
    }

    @Override
    public Shape inputShape() {
        return Shape.of(velocity.size());
    }

    /**
     * The velocity that is integrated.
     *
     * @return field
     */
    public VelocityField field() {
        return velocity.given(p, context);
    }

    @Override
    public Mapped forwardAndLogDet(Tensor u) {
        List<Tensor> y = end(u, 0, 1, Parts.TRACE);
        return new Mapped(y.get(0), scalar(y.get(1)));
    }

    @Override
    public Mapped inverseAndLogDet(Tensor x) {
        List<Tensor> y = end(x, 1, 0, Parts.TRACE);
        return new Mapped(y.get(0), scalar(y.get(1)));
    }

    @Override
    public Tensor forward(Tensor u) {
        return end(u, 0, 1, Parts.VALUE).get(0);
    }

    @Override
    public Tensor inverse(Tensor x) {
        return end(x, 1, 0, Parts.VALUE).get(0);
    }

    /**
     * From the base variable to the value, with the penalties of the way and what it took.
     *
     * @param u base variable [.., D]
     * @return x and the rest
     */
    public ContinuousSolution forwardWithPenalties(Tensor u) {
        return solution(u, 0, 1);
    }

    /**
     * From the value to the base variable, with the penalties of the way and what it took: what maximum likelihood
     * regularises (Finlay et al. 2020).
     *
     * @param x value [.., D]
     * @return u and the rest
     */
    public ContinuousSolution inverseWithPenalties(Tensor x) {
        return solution(x, 1, 0);
    }

    /**
     * How far the base variable comes back: max |u - inverse(forward(u))| of each row. A log density of steps whose
     * reverse misses by more than a hundred times the absolute tolerance is not to be trusted.
     *
     * @param u base variable [.., D]
     * @return [..]
     */
    public Tensor reverseError(Tensor u) {
        return inverse(forward(u)).sub(u).abs().max(Tensor.LAST);
    }

    /**
     * How far the ways are from straight lines, integral of |x - u - v|^2 over time: 0 where one Euler step is exact. It
     * is the kinetic energy less the squared distance.
     *
     * @param u base variable [.., D]
     * @return [..]
     */
    public Tensor straightness(Tensor u) {
        Tensor z = broadcast(u);
        List<Tensor> y = solver.solve(system(List.of(), Parts.KINETIC, 1, null), start(z, Parts.KINETIC), 0, 1)
                .y();
        Tensor far = y.get(0).sub(z).square().sum(Tensor.LAST);
        return scalar(y.get(1)).sub(far);
    }

    /**
     * What a gradient of {@link #forwardAndLogDet} by the adjoint equation takes, for cotangents of one everywhere.
     * Gradients through the steps take as many evaluations as the steps did.
     *
     * @param u base variable [.., D]
     * @return I32 [..], evaluations of the velocity and its pull-back
     * @throws PlanException if gradients go through the steps
     */
    public Tensor adjointEvaluations(Tensor u) {
        if (backward == null) {
            throw new PlanException("adjointEvaluations(" + this + "): gradients go through the steps; give the flow a"
                    + " solver by adjoint(solver)");
        }
        Tensor z = broadcast(u);
        Tensor noise = trace.noise(z);
        List<Tensor> end = solver.solve(system(List.of(), Parts.TRACE, 1, noise), start(z, Parts.TRACE), 0, 1)
                .y();
        List<Tensor> ones =
                end.stream().map(t -> Tensors.ones(t.dtype(), t.shape())).toList();
        return Adjoint.of(solver, backward)
                .pullBack(o -> system(o, Parts.TRACE, 1, noise), operands(), end, ones, 0, 1)
                .evaluations();
    }

    @Override
    public ContinuousMap stopGradient() {
        Map<String, Tensor> fixed = new LinkedHashMap<>();
        for (String path : velocity.parameters()) {
            fixed.put(path, p.get(path).stopGradient());
        }
        return new ContinuousMap(
                velocity, solver, backward, trace, p.with("", fixed), context == null ? null : context.stopGradient());
    }

    /** What is integrated beside the value. */
    private enum Parts {
        VALUE(0),
        TRACE(1),
        KINETIC(1),
        ALL(3);

        final int count;

        Parts(int count) {
            this.count = count;
        }
    }

    private Tensor broadcast(Tensor z) {
        Shape rows = Velocities.rows(velocity, z, context);
        return z.broadcastTo(rows.concat(Shape.of(velocity.size())));
    }

    private static List<Tensor> start(Tensor z, Parts parts) {
        List<Tensor> y = new ArrayList<>();
        y.add(z);
        Shape one = z.shape().with(-1, 1);
        for (int i = 0; i < parts.count; i++) {
            y.add(Tensors.zeros(z.dtype(), one));
        }
        return y;
    }

    private List<Tensor> end(Tensor from, double t0, double t1, Parts parts) {
        Tensor z = broadcast(from);
        List<Tensor> y = start(z, parts);
        Tensor noise = parts == Parts.VALUE ? null : trace.noise(z);
        double sign = Math.signum(t1 - t0);
        if (backward == null) {
            return solver.solve(system(List.of(), parts, sign, noise), y, t0, t1)
                    .y();
        }
        return Adjoint.of(solver, backward).solve(o -> system(o, parts, sign, noise), operands(), y, t0, t1);
    }

    private ContinuousSolution solution(Tensor from, double t0, double t1) {
        Tensor z = broadcast(from);
        OdeSystem f = system(List.of(), Parts.ALL, Math.signum(t1 - t0), trace.noise(z));
        OdeSolution s = solver.solve(f, start(z, Parts.ALL), t0, t1);
        // what it took is read from the formula without a gradient of its own, which nobody computes who does not ask
        List<Tensor> y = backward == null ? s.y() : end(from, t0, t1, Parts.ALL);
        return new ContinuousSolution(
                y.get(0), scalar(y.get(1)), scalar(y.get(2)), scalar(y.get(3)), s.finished(), s.evaluations());
    }

    /** What the adjoint equation differentiates with respect to: the parameters, then the context. */
    private List<Tensor> operands() {
        List<Tensor> r = new ArrayList<>();
        for (String path : velocity.parameters()) {
            r.add(p.get(path));
        }
        if (context != null) {
            r.add(context);
        }
        return r;
    }

    private VelocityField field(List<Tensor> operands) {
        if (operands.isEmpty()) {
            return field();
        }
        Map<String, Tensor> own = new LinkedHashMap<>();
        List<String> paths = velocity.parameters();
        for (int i = 0; i < paths.size(); i++) {
            own.put(paths.get(i), operands.get(i));
        }
        return velocity.given(p.with("", own), context == null ? null : operands.get(paths.size()));
    }

    /** The augmented system; penalties grow with sign times time, so that they are positive in both directions. */
    private OdeSystem system(List<Tensor> operands, Parts parts, double sign, @Nullable Tensor noise) {
        VelocityField field = field(operands);
        return (t, y) -> {
            Tensor z = y.get(0);
            Tensor v = field.at(t, z);
            if (parts == Parts.VALUE) {
                return List.of(v);
            }
            Tensor energy = v.square().sum(Tensor.LAST).expandDims(-1).mul(sign);
            if (parts == Parts.KINETIC) {
                return List.of(v, energy);
            }
            TraceEstimate.Moments m = TraceEstimate.of(v, z, noise);
            return parts == Parts.TRACE
                    ? List.of(v, m.trace())
                    : List.of(v, m.trace(), energy, m.squares().mul(sign));
        };
    }

    private static Tensor scalar(Tensor x) {
        return x.reshape(x.shape().slice(0, x.shape().rank() - 1));
    }

    @Override
    public String toString() {
        return "continuous map(" + velocity + ", " + solver + ", " + trace + ")";
    }
}
