package org.amortis.tensor;

/** The bin of a rational-quadratic spline that a value is in: its lower ends, sizes and slopes. */
record SplineBin(Tensor x, Tensor width, Tensor y, Tensor height, Tensor d, Tensor e) {
    /** log of the slope of the map of the unit square at a place t of a bin. */
    private Tensor logSlope(Tensor delta, Tensor t, Tensor s) {
        Tensor ts = t.mul(s);
        Tensor squares = t.square();
        Tensor others = s.square();
        Tensor den = delta.mul(squares.add(others)).add(d.add(e).mul(ts));
        Tensor num = e.mul(squares).add(delta.mul(ts).mul(2)).add(d.mul(others));
        return num.log().add(delta.div(den).log().mul(2));
    }

    /** A value with the logarithm of the slope. */
    Tensor[] up(Tensor value) {
        Tensor t = value.sub(x).div(width).clamp(0, 1);
        Tensor s = t.rsub(1);
        Tensor delta = height.div(width);
        Tensor ts = t.mul(s);
        Tensor den = delta.mul(t.square().add(s.square())).add(d.add(e).mul(ts));
        Tensor share = delta.mul(t.square()).add(d.mul(ts)).div(den);
        return new Tensor[] {height.mul(share).add(y), logSlope(delta, t, s)};
    }

    /** The inverse of {@link #up}. */
    Tensor[] down(Tensor value) {
        Tensor w = value.sub(y).div(height).clamp(0, 1);
        Tensor v = w.rsub(1);
        Tensor delta = height.div(width);
        Tensor q = d.mul(v).sub(e.mul(w));
        Tensor rising = q.ge(0);
        Tensor root = q.square().add(delta.square().mul(w.mul(v)).mul(4)).sqrt();
        // of the two forms of the root the one that adds: t itself, or 1 - t
        Tensor part = delta.mul(Tensors.where(rising, w, v)).mul(2);
        Tensor ratio = part.div(Tensors.where(rising, q, q.neg()).add(root).add(part));
        Tensor t = Tensors.where(rising, ratio, ratio.rsub(1));
        Tensor s = Tensors.where(rising, ratio.rsub(1), ratio);
        return new Tensor[] {width.mul(t).add(x), logSlope(delta, t, s).neg()};
    }
}
