package org.amortis.langevin;

import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The path integral sampler: Brownian motion from zero, x' = x + sqrt(d/K) u + sqrt(d) noise; the backward kernel is the
 * bridge to zero. Increments are log F0 - log F with F0 the motion without control; the densities of the bridge add up to
 * the normal density of the last point, which is taken at the end.
 */
record Brownian() implements Transition {
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

    @Override
    public boolean usesElapsed() {
        return true;
    }

    /** u / sqrt K; null for zero. */
    private static @Nullable Tensor control(Frame frame, Point at) {
        Tensor u = frame.forwardControl(at, null, false);
        return u == null ? null : u.mul(1 / Math.sqrt(frame.steps()));
    }

    private static @Nullable Tensor ratio(@Nullable Tensor w, Tensor noise) {
        return w == null ? null : w.mul(noise.add(w.mul(0.5))).sum(Tensor.LAST).neg();
    }

    @Override
    public Moved forward(Frame frame, Point at, @Nullable Tensor v, @Nullable Tensor control, Source source) {
        Tensor x = at.x();
        Tensor w = control(frame, at);
        Tensor root = frame.d.sqrt();
        if (source.isRecorded()) {
            Point next = at.moved(source.recall());
            Tensor moved = next.x().sub(x);
            Tensor logForward = Terms.logNormal(w == null ? moved : moved.sub(root.mul(w)), frame.d);
            return new Moved(next, null, Terms.logNormal(moved, frame.d).sub(logForward), logForward, null);
        }
        Tensor noise = source.noise(x.shape());
        Tensor total = w == null ? noise : noise.add(w);
        return new Moved(at.moved(source.made(x.add(root.mul(total)))), null, ratio(w, noise), null, null);
    }

    @Override
    public Moved backward(Frame frame, Point at, @Nullable Tensor v, Noise noise) {
        Tensor x = at.x();
        Tensor share = frame.elapsed().div(frame.elapsed().add(frame.d));
        Tensor bridge = share.mul(frame.d).sqrt().mul(noise.step(frame.k, 0, x.shape()));
        Point before = at.moved(share.mul(x).add(bridge));
        Tensor w = control(frame, before);
        Tensor free = x.sub(before.x()).div(frame.d.sqrt());
        return new Moved(before, null, ratio(w, w == null ? free : free.sub(w)), null, null);
    }

    @Override
    public Tensor end(PathValues values, Tensor x) {
        return Terms.logNormal(x, values.steps().sum(0)).neg();
    }
}
