package org.amortis.langevin;

import org.amortis.array.PlanException;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The denoising diffusion sampler: an exact step of the Ornstein-Uhlenbeck process that leaves q0 = N(mean, std^2) as it
 * is, steered by a control; the backward kernel is the process itself, reversed, which for it is the same.
 */
record OrnsteinUhlenbeck() implements Transition {
    @Override
    public boolean momentum() {
        return false;
    }

    @Override
    public int draws() {
        return 1;
    }

    @Override
    public boolean carriesScore(Path path) {
        return false;
    }

    private static DiagonalInitial reference(InitialDensity first) {
        if (first instanceof DiagonalInitial g) {
            return g;
        }
        throw new PlanException(
                "langevin(first=" + first + "): the exact Ornstein-Uhlenbeck step needs a diagonal first" + " density");
    }

    @Override
    public Moved forward(Frame frame, Point at, @Nullable Tensor v, @Nullable Tensor control, Source source) {
        DiagonalInitial q = reference(frame.first());
        Tensor variance = q.logStd().mul(2).exp();
        Refresh o = Refresh.exact(frame.d);
        Tensor e = at.x().sub(q.mean());
        Tensor u = frame.forwardControl(at, null, false);
        if (source.isRecorded()) {
            Point next = at.moved(source.recall());
            Tensor to = next.x().sub(q.mean());
            Tensor r = frame.backwardControl(next, null, true);
            Tensor logForward = o.logDensity(to, e, u, variance);
            return new Moved(next, null, o.logDensity(e, to, r, variance).sub(logForward), logForward, null);
        }
        Tensor noise = source.noise(e.shape());
        Point next = at.moved(source.made(q.mean().add(o.draw(e, u, variance, noise))));
        Tensor r = frame.backwardControl(next, null, true);
        return new Moved(next, null, o.ratio(e, u, r, variance, noise), null, null);
    }

    @Override
    public Moved backward(Frame frame, Point at, @Nullable Tensor v, Noise noise) {
        DiagonalInitial q = reference(frame.first());
        Tensor variance = q.logStd().mul(2).exp();
        Refresh o = Refresh.exact(frame.d);
        Tensor e = at.x().sub(q.mean());
        Tensor r = frame.backwardControl(at, null, true);
        Tensor xi = noise.step(frame.k, 0, e.shape());
        Tensor from = o.draw(e, r, variance, xi);
        Point before = at.moved(q.mean().add(from));
        Tensor u = frame.forwardControl(before, null, false);
        return new Moved(before, null, o.ratio(e, r, u, variance, xi).neg(), null, null);
    }
}
