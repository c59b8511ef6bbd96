package org.amortis.flow.ode;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.CustomOp;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Steps as large as a tolerance allows. The error of a step is the root mean square over the whole state of the estimated
 * error divided by atol + rtol max(|y before|, |y after|); it is accepted if that is at most 1. By default each row has
 * its own steps, so that its result does not depend on the rows beside it; all rows are computed until the last one is
 * done.
 *
 * <p>A row that needs more than the allowed steps, accepted and rejected, ends as NaN and as not finished. The gradient
 * runs over all allowed steps, taken or not: a training loop wants {@link FixedSteps}, few allowed steps, or
 * {@link Adjoint}. A rejected step whose slopes overflow leaves the solution as it is but makes its gradient NaN.
 */
public final class AdaptiveSteps implements OdeSolver {
    /** Allowed steps unless set. */
    public static final int MAX_STEPS = 256;

    /** Stands for an error that is not a number: the step is rejected and the next is as small as allowed. */
    private static final double HOPELESS = 1e30;

    private final Tableau tableau;
    private final double rtol;
    private final double atol;
    private final int maxSteps;
    private final boolean together;
    private final StepControl control;
    private final int every;

    private AdaptiveSteps(
            Tableau tableau, double rtol, double atol, int maxSteps, boolean together, StepControl control, int every) {
        if (!tableau.embedded()) {
            throw new PlanException("adaptiveSteps(" + tableau + "): has no error estimate; use an embedded pair");
        }
        if (!(rtol >= 0 && atol >= 0 && rtol + atol > 0 && rtol < 1) || Double.isInfinite(atol) || maxSteps < 1) {
            throw new PlanException("adaptiveSteps(rtol=" + rtol + ", atol=" + atol + ", maxSteps=" + maxSteps
                    + "): needs tolerances of at least 0, not both 0, rtol below 1, and at least one step");
        }
        this.tableau = tableau;
        this.rtol = rtol;
        this.atol = atol;
        this.maxSteps = maxSteps;
        this.together = together;
        this.control = control;
        this.every = every;
    }

    /**
     * A tolerance for a method.
     *
     * @param tableau embedded pair
     * @param rtol error allowed relative to the state
     * @param atol error allowed besides
     * @return the solver with {@link #MAX_STEPS} and rows of their own steps
     * @throws PlanException if the method has no error estimate or there is no tolerance
     */
    public static AdaptiveSteps of(Tableau tableau, double rtol, double atol) {
        return new AdaptiveSteps(tableau, rtol, atol, MAX_STEPS, false, StepControl.usual(), 0);
    }

    /**
     * Dormand and Prince's pair.
     *
     * @param rtol error allowed relative to the state
     * @param atol error allowed besides
     * @return the solver
     * @throws PlanException if there is no tolerance
     */
    public static AdaptiveSteps dormandPrince(double rtol, double atol) {
        return of(Tableau.DORMAND_PRINCE, rtol, atol);
    }

    /**
     * The same solver with another limit of steps.
     *
     * @param steps most steps of a row, rejected ones included
     * @return new solver
     * @throws PlanException if there is none
     */
    public AdaptiveSteps maxSteps(int steps) {
        return new AdaptiveSteps(tableau, rtol, atol, steps, together, control, every);
    }

    /**
     * The same solver with one step size for all rows, that of the row with the largest error. Results then depend on
     * which rows are solved together.
     *
     * @return new solver
     */
    public AdaptiveSteps together() {
        return new AdaptiveSteps(tableau, rtol, atol, maxSteps, true, control, every);
    }

    /**
     * The same solver with other step control.
     *
     * @param other how sizes follow errors
     * @return new solver
     */
    public AdaptiveSteps control(StepControl other) {
        return new AdaptiveSteps(tableau, rtol, atol, maxSteps, together, other, every);
    }

    /**
     * The same solver that stores every k-th state for the gradient and computes the others again.
     *
     * @param k steps between stored states
     * @return new solver
     * @throws PlanException if k is not positive
     */
    public AdaptiveSteps checkpointEvery(int k) {
        if (k < 1) {
            throw new PlanException("adaptiveSteps.checkpointEvery(k=" + k + "): needs at least 1");
        }
        return new AdaptiveSteps(tableau, rtol, atol, maxSteps, together, control, k);
    }

    /**
     * The absolute tolerance.
     *
     * @return error allowed where the state is zero
     */
    public double atol() {
        return atol;
    }

    @Override
    public OdeSolution solve(OdeSystem f, List<Tensor> y, double from, double to, @Nullable RowIntegrals integrals) {
        Shape rows = RungeKutta.rows(y, from, to);
        DType type = y.get(0).dtype();
        if (type == DType.F32 && rtol < 1e-6 && rtol * 1e-2 + atol < 1e-6) {
            throw new PlanException("adaptiveSteps(rtol=" + rtol + ", atol=" + atol + ", y="
                    + y.get(0).describe() + "): float32 rounds at 6e-8 and steps would only shrink; use F64 or a"
                    + " tolerance of at least 1e-6");
        }
        int n = y.size();
        Tensor start = Tensors.fill(from, type, rows);
        List<Tensor> k = RungeKutta.checked(f.slopes(start, y), y);
        Scan loop = Scan.until(maxSteps)
                .carry(
                        start,
                        first(f, start, y, k, from, to),
                        Tensors.ones(type, rows),
                        Tensors.fill(from == to ? 1 : 0, DType.BOOL, rows),
                        Tensors.zeros(DType.I32, rows),
                        Tensors.zeros(DType.I32, rows))
                .carry(y)
                .carry(k);
        if (integrals != null) {
            loop.carry(integrals.zeros());
        }
        if (every > 0) {
            loop.checkpointEvery(every);
        } else {
            loop.checkpointAuto();
        }
        Scan.Result r = loop.body((i, carry, x) -> step(f, carry, n, to, Math.signum(to - from), integrals));
        Tensor finished = r.last(3);
        Tensor accepted = r.last(4);
        Tensor tried = r.last(5);
        Tensor unfinished =
                new NotFinished(maxSteps, this).apply(finished.cast(type)).expandDims(-1);
        List<Tensor> end = new ArrayList<>();
        for (Tensor t : r.finals().subList(6, 6 + n)) {
            end.add(Tensors.where(finished.expandDims(-1), t, unfinished));
        }
        return new OdeSolution(
                end,
                r.finals().subList(6 + 2 * n, r.finals().size()),
                finished,
                tried.mul(Tensors.fill(tableau.stages() - 1, DType.I32, Shape.SCALAR))
                        .add(Tensors.fill(2, DType.I32, Shape.SCALAR)),
                accepted,
                tried.sub(accepted));
    }

    private Scan.Step step(
            OdeSystem f, List<Tensor> carry, int n, double to, double sign, @Nullable RowIntegrals integrals) {
        Tensor t = carry.get(0);
        Tensor size = carry.get(1);
        Tensor before = carry.get(2);
        Tensor done = carry.get(3);
        List<Tensor> y = carry.subList(6, 6 + n);
        List<Tensor> k = carry.subList(6 + n, 6 + 2 * n);
        Tensor left = t.rsub(to).mul(sign);
        // a remainder of a thousandth of a step is taken along, so that no step is lost in rounding
        Tensor last = left.le(size.mul(1.001));
        Tensor h = Tensors.where(
                done, Tensors.scalarLike(t, 0), Tensors.where(last, left, size).mul(sign));
        RungeKutta step = new RungeKutta(tableau, f, t, y, h, k, tableau.stages());
        List<Tensor> next = step.next(y);
        Tensor error = error(step.errors(), y, next);
        Tensor accepted = error.le(1).and(done.not());
        Tensor row = accepted.expandDims(-1);
        Tensor arrived = accepted.and(last);
        Tensor factor = control.factor(error, before, error.le(1), tableau.errorOrder());
        List<Tensor> after = new ArrayList<>();
        after.add(Tensors.where(accepted, Tensors.where(last, Tensors.scalarLike(t, to), t.add(h)), t));
        after.add(Tensors.where(done, size, h.abs().mul(factor)));
        after.add(Tensors.where(accepted, StepControl.memory(error), before));
        after.add(done.or(arrived));
        after.add(carry.get(4).add(accepted.cast(DType.I32)));
        after.add(carry.get(5).add(done.not().cast(DType.I32)));
        List<Tensor> slopes = step.last();
        for (int i = 0; i < n; i++) {
            after.add(Tensors.where(row, next.get(i), y.get(i)));
        }
        for (int i = 0; i < n; i++) {
            after.add(Tensors.where(row, slopes.get(i), k.get(i)));
        }
        if (integrals != null) {
            Tensor weight = Tensors.where(accepted, h, Tensors.scalarLike(h, 0));
            after.addAll(step.add(integrals, carry.subList(6 + 2 * n, carry.size()), weight));
        }
        return Scan.Step.of(after).doneWhen(after.get(3).all());
    }

    /** What guards name when a row did not arrive. */
    private record NotFinished(int maxSteps, AdaptiveSteps solver) implements CustomOp.Unary {
        @Override
        public String name() {
            return "ode row not finished after maxSteps=" + maxSteps + " of " + solver
                    + " (allow more steps or a larger tolerance, or look for slopes that explode)";
        }

        @Override
        public double reference(double x) {
            return x == 0 ? Double.NaN : 0;
        }

        @Override
        public Tensor vjp(Tensor x, Tensor y, Tensor dy) {
            return dy.mul(0);
        }
    }

    /** Error of each row relative to the tolerance, without gradient. */
    private Tensor error(List<Tensor> errors, List<Tensor> y, List<Tensor> next) {
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < y.size(); i++) {
            Tensor magnitude = y.get(i)
                    .stopGradient()
                    .abs()
                    .maximum(next.get(i).stopGradient().abs());
            parts.add(errors.get(i).stopGradient().div(scale(magnitude)));
        }
        Tensor e = norm(parts);
        e = Tensors.where(e.le(HOPELESS), e, HOPELESS);
        return together ? e.max().broadcastTo(e.shape()) : e;
    }

    private Tensor scale(Tensor magnitude) {
        return magnitude.mul(rtol).add(atol);
    }

    /** Root mean square over the whole state of a row. */
    private static Tensor norm(List<Tensor> parts) {
        Tensor sum = null;
        int count = 0;
        for (Tensor p : parts) {
            Tensor s = p.square().sum(Tensor.LAST);
            sum = sum == null ? s : sum.add(s);
            count += p.shape().dim(-1);
        }
        return java.util.Objects.requireNonNull(sum)
                .mul(1.0 / Math.max(1, count))
                .sqrt();
    }

    /**
     * First step of each row (Hairer, Norsett and Wanner, II.4): such that an Euler step changes the state by a hundredth
     * of its size, corrected by how much the slopes change over it. Where slopes vanish, all of the interval.
     */
    private Tensor first(OdeSystem f, Tensor start, List<Tensor> y, List<Tensor> k, double from, double to) {
        double span = Math.abs(to - from);
        double sign = Math.signum(to - from);
        List<Tensor> state = new ArrayList<>();
        List<Tensor> slope = new ArrayList<>();
        for (int i = 0; i < y.size(); i++) {
            Tensor sc = scale(y.get(i).stopGradient().abs());
            state.add(y.get(i).stopGradient().div(sc));
            slope.add(k.get(i).stopGradient().div(sc));
        }
        Tensor d0 = norm(state);
        Tensor d1 = norm(slope);
        Tensor small = d0.lt(1e-5).or(d1.lt(1e-5));
        Tensor h0 = Tensors.where(
                        small,
                        Tensors.scalarLike(d0, 1e-6),
                        d0.div(d1.maximum(1e-5)).mul(0.01))
                .minimum(span);
        List<Tensor> moved = new ArrayList<>();
        for (int i = 0; i < y.size(); i++) {
            moved.add(y.get(i)
                    .stopGradient()
                    .add(k.get(i).stopGradient().mul(h0.expandDims(-1).mul(sign))));
        }
        List<Tensor> there = f.slopes(start.add(h0.mul(sign)), moved);
        List<Tensor> change = new ArrayList<>();
        for (int i = 0; i < y.size(); i++) {
            Tensor d = there.get(i).sub(k.get(i)).stopGradient();
            change.add(d.div(scale(y.get(i).stopGradient().abs())));
        }
        Tensor steep = d1.maximum(norm(change).div(h0.maximum(1e-30)));
        Tensor h1 = steep.maximum(1e-15)
                .rdiv(0.01)
                .log()
                .mul(1.0 / (tableau.errorOrder() + 1))
                .exp();
        Tensor h = Tensors.where(
                        steep.le(1e-15),
                        Tensors.scalarLike(d0, span),
                        h0.mul(100).minimum(h1))
                .minimum(span);
        h = Tensors.where(h.gt(0), h, span * 1e-6);
        return together ? h.min().broadcastTo(h.shape()) : h;
    }

    @Override
    public String toString() {
        return tableau + "(rtol=" + rtol + ", atol=" + atol + (together ? ", rows together)" : ")");
    }
}
