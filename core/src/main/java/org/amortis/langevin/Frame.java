package org.amortis.langevin;

import org.amortis.array.PlanException;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** All that a kernel reads besides the state: the numbers of step k and the controls. */
final class Frame {
    private final Path path;
    private final PathValues values;
    private final @Nullable Weights weights;
    private final @Nullable Tensor context;
    final Tensor k;
    final Tensor beta;
    final Tensor d;
    private final @Nullable Tensor elapsed;
    private final Tensor[] startTimes;
    private final Tensor[] endTimes;

    /** Times are those of the networks, in order. */
    Frame(
            Path path,
            PathValues values,
            @Nullable Weights weights,
            @Nullable Tensor context,
            Tensor k,
            Tensor beta,
            Tensor d,
            @Nullable Tensor elapsed,
            Tensor[] startTimes,
            Tensor[] endTimes) {
        this.path = path;
        this.values = values;
        this.weights = weights;
        this.context = context;
        this.k = k;
        this.beta = beta;
        this.d = d;
        this.elapsed = elapsed;
        this.startTimes = startTimes;
        this.endTimes = endTimes;
    }

    int steps() {
        return path.steps();
    }

    /** Sum of the step sizes before this step. */
    Tensor elapsed() {
        return java.util.Objects.requireNonNull(elapsed);
    }

    InitialDensity first() {
        return values.first();
    }

    Tensor damping() {
        Tensor g = values.damping();
        if (g == null) {
            throw new PlanException("langevin(" + path + "): has momentum, so it needs a damping");
        }
        return g;
    }

    @Nullable
    Tensor mass() {
        return values.mass();
    }

    /** f at a point; null for zero. */
    @Nullable
    Tensor forwardDrift(Point at) {
        return path.forward().at(at, beta);
    }

    /** b at a point; null for zero. */
    @Nullable
    Tensor backwardDrift(Point at) {
        return path.backward().at(at, beta);
    }

    /** u; null for zero. */
    @Nullable
    Tensor forwardControl(Point at, @Nullable Tensor v, boolean end) {
        return switch (path.controls().arrangement()) {
            case NONE, BACKWARD -> null;
            case FORWARD, MIRRORED, BOTH -> net(0, at, v, end);
        };
    }

    /** r; null for zero. */
    @Nullable
    Tensor backwardControl(Point at, @Nullable Tensor v, boolean end) {
        return switch (path.controls().arrangement()) {
            case NONE, FORWARD -> null;
            case BACKWARD -> net(0, at, v, end);
            case MIRRORED -> net(0, at, v, end).neg();
            case BOTH -> net(1, at, v, end);
        };
    }

    private Tensor net(int which, Point at, @Nullable Tensor v, boolean end) {
        Control c = which == 0 ? path.controls().first() : path.controls().second();
        if (c == null || weights == null) {
            throw new PlanException("langevin(" + path + "): has a network, so it needs weights");
        }
        Tensor time = (end ? endTimes : startTimes)[which];
        Tensor y = c.apply(weights, new ControlInput(at, v, time, beta, context));
        if (!y.shape().equals(at.x().shape())) {
            throw new org.amortis.array.ShapeException("langevin(control=" + c + "): gives " + y.describe() + " at x="
                    + at.x().describe() + "; needs the shape of x");
        }
        return y;
    }
}
