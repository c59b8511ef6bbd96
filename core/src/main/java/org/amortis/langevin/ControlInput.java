package org.amortis.langevin;

import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** Where a control is asked for. */
public final class ControlInput {
    private final Point point;
    private final @Nullable Tensor v;
    private final Tensor time;
    private final Tensor beta;
    private final @Nullable Tensor context;

    ControlInput(Point point, @Nullable Tensor v, Tensor time, Tensor beta, @Nullable Tensor context) {
        this.point = point;
        this.v = v;
        this.time = time;
        this.beta = beta;
        this.context = context;
    }

    /**
     * The place.
     *
     * @return [.., d]
     */
    public Tensor x() {
        return point.x();
    }

    /**
     * The momentum.
     *
     * @return [.., d]
     * @throws PlanException if the path has none
     */
    public Tensor v() {
        if (v == null) {
            throw new PlanException("control.v(): the path has no momentum");
        }
        return v;
    }

    /**
     * Whether there is a momentum.
     *
     * @return true for underdamped paths
     */
    public boolean hasMomentum() {
        return v != null;
    }

    /**
     * The control's own features of this time.
     *
     * @return one slice of {@link Control#times}
     */
    public Tensor time() {
        return time;
    }

    /**
     * The embedding of the tasks, repeated for each draw.
     *
     * @return [.., size]; null if there are none
     */
    public @Nullable Tensor contextOfRows() {
        return context == null ? null : rows(context);
    }

    /**
     * x, the momentum if there is one, features of time and of the task, in this order.
     *
     * @return [.., inputs]
     */
    public Tensor concatenated() {
        return concatenated(time);
    }

    /**
     * The same with other features of the time.
     *
     * @param features [.., size]
     * @return [.., inputs]
     */
    public Tensor concatenated(Tensor features) {
        Tensor c = contextOfRows();
        java.util.List<Tensor> parts = new java.util.ArrayList<>();
        parts.add(x());
        if (v != null) {
            parts.add(v);
        }
        parts.add(rows(features));
        if (c != null) {
            parts.add(c);
        }
        return Tensors.concat(Tensor.LAST, parts.toArray(Tensor[]::new));
    }

    private Tensor rows(Tensor t) {
        Shape s = x().shape();
        return t.broadcastTo(s.with(-1, t.shape().dim(-1)));
    }

    /**
     * The score of the annealed density, without gradient: what networks may look at.
     *
     * @return [.., d]
     */
    public Tensor score() {
        Tensor a = point.target().stopGradient();
        Tensor c = point.initial().stopGradient();
        return c.add(a.sub(c).mul(beta.stopGradient()));
    }
}
