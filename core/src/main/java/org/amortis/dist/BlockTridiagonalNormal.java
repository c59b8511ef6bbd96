package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Random;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Normal distributions of sequences [T, d] whose precision is block tridiagonal: each element depends on its neighbours
 * alone, as in posteriors of state-space models. Precision J = L L^T with a block bidiagonal factor: blocks D_t on the
 * diagonal, lower triangular, and E_t below it. Factor, draws and moments are loops over T of cost d^3; a density is one
 * batch of products. Nothing of size (T d)^2 is formed.
 */
public final class BlockTridiagonalNormal implements Distribution {
    private final Tensor mean;
    private final Tensor diagonal;
    private final Tensor below;
    private final Tensor logDet;
    private final Shape batch;
    private final int steps;
    private final int size;

    /** By mean [batch, T, d] and blocks of the factor [batch, T, d, d] and [batch, T - 1, d, d]. */
    private BlockTridiagonalNormal(Tensor mean, Tensor diagonal, Tensor below, Tensor logDet) {
        Shape s = diagonal.shape();
        this.batch = s.slice(0, s.rank() - 3);
        this.steps = s.dim(-3);
        this.size = s.dim(-1);
        this.mean = mean;
        this.diagonal = diagonal;
        this.below = below;
        this.logDet = logDet;
    }

    /** Batch axes of a vector [.., T, d] and blocks [.., T, d, d] and [.., T - 1, d, d], checked. */
    private static Shape batchOf(String what, Tensor vector, Tensor diagonal, Tensor below) {
        Shape v = vector.shape();
        Shape a = diagonal.shape();
        Shape b = below.shape();
        boolean fits = v.rank() >= 2 && a.rank() >= 3 && b.rank() >= 3;
        if (fits) {
            int t = v.dim(-2);
            int d = v.dim(-1);
            fits = t > 0
                    && a.slice(a.rank() - 3, a.rank()).equals(Shape.of(t, d, d))
                    && b.slice(b.rank() - 3, b.rank()).equals(Shape.of(t - 1, d, d));
        }
        Shape s = fits ? Shape.broadcastOrNull(v.slice(0, v.rank() - 2), a.slice(0, a.rank() - 3)) : null;
        s = s == null ? null : Shape.broadcastOrNull(s, b.slice(0, b.rank() - 3));
        if (s == null || vector.dtype() != diagonal.dtype() || vector.dtype() != below.dtype()) {
            throw new ShapeException("blockTridiagonalNormal(" + what + "=" + vector.describe() + ", diagonal="
                    + diagonal.describe() + ", below=" + below.describe()
                    + "): needs [.., T, d], [.., T, d, d] and [.., T - 1, d, d] of one type, T > 0");
        }
        return s;
    }

    /**
     * By mean and precision.
     *
     * @param mean mean [.., T, d]
     * @param diagonal blocks J_tt of the precision [.., T, d, d]; only the lower triangles are read
     * @param below blocks J_t+1,t of the precision [.., T - 1, d, d]
     * @return the distributions; NaN where the precision is not positive definite
     */
    public static BlockTridiagonalNormal ofMeanPrecision(Tensor mean, Tensor diagonal, Tensor below) {
        Shape b = batchOf("mean", mean, diagonal, below);
        return factorised(b, mean.broadcastTo(b.concat(last(mean, 2))), diagonal, below);
    }

    /**
     * By information vector h = J mean and precision J, the natural parameters: what the products of a prior and of
     * Gaussian potentials add up to.
     *
     * @param information h [.., T, d]
     * @param diagonal blocks J_tt of the precision [.., T, d, d]; only the lower triangles are read
     * @param below blocks J_t+1,t of the precision [.., T - 1, d, d]
     * @return the distributions; NaN where the precision is not positive definite
     */
    public static BlockTridiagonalNormal ofInformation(Tensor information, Tensor diagonal, Tensor below) {
        Shape b = batchOf("information", information, diagonal, below);
        Tensor h = information.broadcastTo(b.concat(last(information, 2)));
        BlockTridiagonalNormal f = factorised(b, h, diagonal, below);
        return new BlockTridiagonalNormal(f.solve(h), f.diagonal, f.below, f.logDet);
    }

    /**
     * By mean and free parameters of the factor of the precision: of the diagonal blocks the part below the diagonal is
     * taken as it is and the diagonal as logarithms. What an encoder gives or a local fit optimises; without a loop.
     *
     * @param mean mean [.., T, d]
     * @param free any numbers [.., T, d, d]; the upper triangles are not read
     * @param below blocks of the factor below the diagonal, any numbers [.., T - 1, d, d]
     * @return the distributions
     */
    public static BlockTridiagonalNormal ofMeanFree(Tensor mean, Tensor free, Tensor below) {
        Shape b = batchOf("mean", mean, free, below);
        Tensor logs = LinearAlgebra.diagonal(free);
        Tensor l = LinearAlgebra.tril(free, -1).add(LinearAlgebra.diagonalMatrix(logs.exp()));
        return new BlockTridiagonalNormal(
                mean.broadcastTo(b.concat(last(mean, 2))),
                l.broadcastTo(b.concat(last(l, 3))),
                below.broadcastTo(b.concat(last(below, 3))),
                logs.sum(-1, -2).broadcastTo(b));
    }

    private static Shape last(Tensor t, int axes) {
        return t.shape().slice(t.shape().rank() - axes, t.shape().rank());
    }

    private static BlockTridiagonalNormal factorised(Shape batch, Tensor vector, Tensor diagonal, Tensor below) {
        Tensor a = stepsFirst(diagonal.broadcastTo(batch.concat(last(diagonal, 3))), 2);
        Tensor b = stepsFirst(below.broadcastTo(batch.concat(last(below, 3))), 2);
        int steps = a.shape().dim(0);
        Tensor first = LinearAlgebra.cholesky(a.at(0, 0));
        Scan.Result r = Scan.of(steps - 1)
                .carry(first)
                .sequences(a.slice(0, 1, steps), b)
                .body((t, c, x) -> {
                    Tensor solved =
                            LinearAlgebra.triangularSolve(c.get(0), x.get(1).transpose());
                    Tensor rest = x.get(0).sub(Tensors.matmul(solved, solved, true, false));
                    Tensor l = LinearAlgebra.cholesky(rest);
                    return Scan.Step.of(l).output(l, solved.transpose());
                });
        Tensor d = stepsBack(Tensors.concat(0, first.expandDims(0), r.output(0)), 2);
        return new BlockTridiagonalNormal(
                vector,
                d,
                stepsBack(r.output(1), 2),
                LinearAlgebra.logdetTriangular(d).sum(-1));
    }

    /** [.., T, rest] to [T, .., rest]. */
    private static Tensor stepsFirst(Tensor x, int rest) {
        int r = x.shape().rank();
        int at = r - rest - 1;
        int[] p = new int[r];
        p[0] = at;
        for (int i = 1; i < r; i++) {
            p[i] = i <= at ? i - 1 : i;
        }
        return at == 0 ? x : x.transpose(p);
    }

    /** [T, .., rest] to [.., T, rest]. */
    private static Tensor stepsBack(Tensor x, int rest) {
        int r = x.shape().rank();
        int at = r - rest - 1;
        int[] p = new int[r];
        for (int i = 0; i < r; i++) {
            p[i] = i < at ? i + 1 : i == at ? 0 : i;
        }
        return at == 0 ? x : x.transpose(p);
    }

    /** y with L^T y = e for columns e [batch, T, d, n]. */
    private Tensor backward(Tensor e) {
        Tensor d = stepsFirst(diagonal, 2);
        Tensor rhs = stepsFirst(e, 2);
        Tensor end = LinearAlgebra.triangularSolve(d.at(0, steps - 1), rhs.at(0, steps - 1), true, true, false);
        Scan.Result r = Scan.of(steps - 1)
                .carry(end)
                .sequences(d.slice(0, 0, steps - 1), rhs.slice(0, 0, steps - 1), stepsFirst(below, 2))
                .reverse()
                .body((t, c, x) -> {
                    Tensor rest = x.get(1).sub(Tensors.matmul(x.get(2), c.get(0), true, false));
                    Tensor y = LinearAlgebra.triangularSolve(x.get(0), rest, true, true, false);
                    return Scan.Step.of(y).output(y);
                });
        return stepsBack(Tensors.concat(0, r.output(0), end.expandDims(0)), 2);
    }

    /** v with L v = h for columns h [batch, T, d, n]. */
    private Tensor forward(Tensor h) {
        Tensor d = stepsFirst(diagonal, 2);
        Tensor rhs = stepsFirst(h, 2);
        Tensor start = LinearAlgebra.triangularSolve(d.at(0, 0), rhs.at(0, 0));
        Scan.Result r = Scan.of(steps - 1)
                .carry(start)
                .sequences(d.slice(0, 1, steps), rhs.slice(0, 1, steps), stepsFirst(below, 2))
                .body((t, c, x) -> {
                    Tensor v = LinearAlgebra.triangularSolve(
                            x.get(0), x.get(1).sub(x.get(2).matmul(c.get(0))));
                    return Scan.Step.of(v).output(v);
                });
        return stepsBack(Tensors.concat(0, start.expandDims(0), r.output(0)), 2);
    }

    private Tensor solve(Tensor h) {
        return backward(forward(h.expandDims(-1))).reshape(h.shape());
    }

    @Override
    public Shape batchShape() {
        return batch;
    }

    @Override
    public Shape eventShape() {
        return Shape.of(steps, size);
    }

    @Override
    public DType dtype() {
        return mean.dtype();
    }

    @Override
    public Support support() {
        return Support.reals(eventShape());
    }

    /** L^T x for sequences x [.., T, d]. */
    private Tensor whiten(Tensor x) {
        Tensor own = x.expandDims(-2).matmul(diagonal);
        Tensor e = own.reshape(own.shape().drop(-2));
        if (steps == 1) {
            return e;
        }
        Tensor next = x.slice(-2, 1, steps).expandDims(-2).matmul(below);
        return e.add(Tensors.pad(next.reshape(next.shape().drop(-2)), -2, 0, 1, 0));
    }

    private Tensor density(Tensor e) {
        return e.square().sum(-1, -2).mul(-0.5).add(logDet.sub(steps * size * Normal.HALF_LOG_TWO_PI));
    }

    @Override
    public Tensor logProb(Tensor x) {
        return density(whiten(x.sub(mean)));
    }

    @Override
    public boolean reparameterized() {
        return true;
    }

    private Tensor noise(Key key, int n) {
        return Draws.of(Random::normal, key, dtype(), n, batch.concat(eventShape()));
    }

    /** Noise [n, batch, T, d] to draws of that shape: the draws are columns of one system. */
    private Tensor colour(Tensor e) {
        int r = e.shape().rank();
        int[] p = new int[r];
        int[] back = new int[r];
        for (int i = 0; i < r; i++) {
            p[i] = (i + 1) % r;
            back[i] = (i + r - 1) % r;
        }
        return backward(e.transpose(p)).transpose(back).add(mean);
    }

    @Override
    public Tensor rsample(Key key, int n) {
        return colour(noise(key, n));
    }

    @Override
    public Tensor sample(Key key, int n) {
        return rsample(key, n).stopGradient();
    }

    /** The density of a draw is that of its noise. */
    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        Tensor e = noise(key, n);
        return new Drawn(colour(e), density(e));
    }

    @Override
    public Tensor mean() {
        return mean;
    }

    @Override
    public Tensor variance() {
        return LinearAlgebra.diagonal(moments().at);
    }

    /**
     * Covariance of each element of the sequence.
     *
     * @return [batch, T, d, d]
     */
    public Tensor covariances() {
        return moments().at;
    }

    /**
     * Covariances of neighbours: of element t + 1 (rows) and element t (columns).
     *
     * @return [batch, T - 1, d, d]
     */
    public Tensor crossCovariances() {
        return moments().next;
    }

    /** Blocks of the covariance on the diagonal and below it. */
    private record Blocks(Tensor at, Tensor next) {}

    /** From the last element to the first: S_t = D^-T (I + E^T S_t+1 E) D^-1, and S_t+1,t = -S_t+1 E D^-1. */
    private Blocks moments() {
        Tensor d = stepsFirst(diagonal, 2);
        Tensor eye = LinearAlgebra.eye(dtype(), size).broadcastTo(batch.concat(Shape.of(size, size)));
        Tensor root = LinearAlgebra.triangularSolve(d.at(0, steps - 1), eye);
        Tensor end = Tensors.matmul(root, root, true, false);
        Scan.Result r = Scan.of(steps - 1)
                .carry(end)
                .sequences(d.slice(0, 0, steps - 1), stepsFirst(below, 2))
                .reverse()
                .body((t, c, x) -> {
                    Tensor inverse = LinearAlgebra.triangularSolve(x.get(0), eye);
                    Tensor gain = x.get(1).matmul(inverse);
                    Tensor cross = c.get(0).matmul(gain);
                    Tensor s =
                            Tensors.matmul(inverse, inverse, true, false).add(Tensors.matmul(gain, cross, true, false));
                    return Scan.Step.of(s).output(s, cross.neg());
                });
        return new Blocks(stepsBack(Tensors.concat(0, r.output(0), end.expandDims(0)), 2), stepsBack(r.output(1), 2));
    }

    @Override
    public Optional<Tensor> entropy() {
        return Optional.of(logDet.rsub(steps * size * (Normal.HALF_LOG_TWO_PI + 0.5)));
    }

    /** Half the trace of the other precision times this covariance, block by block, and so on. */
    Tensor kl(BlockTridiagonalNormal other) {
        if (!eventShape().equals(other.eventShape())) {
            throw new ShapeException("klTo(" + this + ", " + other + "): lengths or sizes differ");
        }
        Blocks s = moments();
        Tensor own = Tensors.matmul(other.diagonal, other.diagonal, false, true);
        Tensor before = Tensors.matmul(other.below, other.below, false, true);
        Tensor trace = own.mul(s.at).sum(-1, -2, -3);
        if (steps > 1) {
            Tensor tail = s.at.slice(-3, 1, steps);
            Tensor lower = Tensors.matmul(other.below, other.diagonal.slice(-3, 0, steps - 1), false, true);
            trace = trace.add(before.mul(tail).sum(-1, -2, -3))
                    .add(lower.mul(s.next).sum(-1, -2, -3).mul(2));
        }
        Tensor distance = other.whiten(mean.sub(other.mean)).square().sum(-1, -2);
        return trace.add(distance).sub(steps * size).mul(0.5).add(logDet.sub(other.logDet));
    }

    /** Against independent normals of this shape. */
    Tensor kl(Normal other) {
        Tensor d = mean.sub(other.mean()).square().add(variance());
        Tensor scaled = d.mul(other.logStd().mul(-2).exp());
        Tensor logs = other.logStd().broadcastTo(scaled.shape()).sum(-1, -2);
        return scaled.sum(-1, -2).sub(steps * size).mul(0.5).add(logs).add(logDet);
    }

    @Override
    public BlockTridiagonalNormal stopGradient() {
        return new BlockTridiagonalNormal(
                mean.stopGradient(), diagonal.stopGradient(), below.stopGradient(), logDet.stopGradient());
    }

    @Override
    public String toString() {
        return "BlockTridiagonalNormal" + batch + " of " + eventShape();
    }
}
