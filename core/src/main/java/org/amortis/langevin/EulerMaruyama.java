package org.amortis.langevin;

import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * x' = x + d (f + u)(x) + sqrt(2d) noise; backward mean x' + d (b + r)(x'), the same spread. With t = sqrt(d/2) (D_f + D_b)
 * the ratio is -sum t (noise + t/2): no difference of log densities, which for d = 1e-5 would lose half the digits of
 * float32.
 */
record EulerMaruyama() implements Transition {
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
        return path.forward().usesTarget();
    }

    @Override
    public boolean carriesControl(Path path) {
        return path.controls().arrangement() == Controls.Arrangement.MIRRORED;
    }

    private static @Nullable Tensor forwardDrift(Frame frame, Point at, @Nullable Tensor control) {
        Tensor u = control == null ? frame.forwardControl(at, null, false) : control;
        return Terms.sum(frame.forwardDrift(at), u);
    }

    @Override
    public Moved forward(Frame frame, Point at, @Nullable Tensor v, @Nullable Tensor control, Source source) {
        Tensor d = frame.d;
        Tensor x = at.x();
        Tensor df = forwardDrift(frame, at, control);
        Tensor mean = Terms.plus(x, d, df);
        if (source.isRecorded()) {
            Point next = at.moved(source.recall());
            Tensor r = frame.backwardControl(next, null, true);
            Tensor db = Terms.sum(frame.backwardDrift(next), r);
            Tensor s2 = d.mul(2);
            Tensor logForward = Terms.logNormal(next.x().sub(mean), s2);
            Tensor logBackward = Terms.logNormal(x.sub(Terms.plus(next.x(), d, db)), s2);
            return new Moved(next, null, logBackward.sub(logForward), logForward, carried(control, r));
        }
        Tensor noise = source.noise(x.shape());
        Point next = at.moved(source.made(mean.add(d.mul(2).sqrt().mul(noise))));
        Tensor r = frame.backwardControl(next, null, true);
        Tensor db = Terms.sum(frame.backwardDrift(next), r);
        return new Moved(next, null, Terms.neg(ratio(d, noise, df, db)), null, carried(control, r));
    }

    private static @Nullable Tensor carried(@Nullable Tensor control, @Nullable Tensor r) {
        return control == null ? null : Terms.neg(r);
    }

    /** sum t (noise + t/2). */
    private static @Nullable Tensor ratio(Tensor d, Tensor noise, @Nullable Tensor df, @Nullable Tensor db) {
        Tensor s = Terms.sum(df, db);
        if (s == null) {
            return null;
        }
        Tensor t = d.mul(0.5).sqrt().mul(s);
        return t.mul(noise.add(t.mul(0.5))).sum(Tensor.LAST);
    }

    @Override
    public Moved backward(Frame frame, Point at, @Nullable Tensor v, Noise noise) {
        Tensor d = frame.d;
        Tensor x = at.x();
        Tensor db = Terms.sum(frame.backwardDrift(at), frame.backwardControl(at, null, true));
        Tensor e = noise.step(frame.k, 0, x.shape());
        Point before = at.moved(Terms.plus(x, d, db).add(d.mul(2).sqrt().mul(e)));
        Tensor df = forwardDrift(frame, before, null);
        return new Moved(before, null, ratio(d, e, df, db), null, null);
    }
}
