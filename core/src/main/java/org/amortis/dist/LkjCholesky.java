package org.amortis.dist;

import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.Key;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Cholesky factors of correlation matrices R [d, d] with density proportional to |R|^(eta - 1) (Lewandowski, Kurowicka
 * and Joe, "Generating random correlation matrices", 2009). At eta = 1 all correlation matrices are equally likely, larger
 * eta favours small correlations: each is distributed as 2 b - 1, b being beta with both shapes eta + d/2 - 1.
 *
 * <p>Rows are independent. Row k (from 0) has k elements in front of its diagonal: a direction without preference, and a
 * squared length whose complement, the squared diagonal, is beta with shapes eta + (d - 1 - k)/2 and k/2. So it is a
 * normal vector z and a gamma number g, divided by sqrt(|z|^2 + 2 g): draws are differentiable, to first order.
 */
public final class LkjCholesky implements Distribution {
    /** Rows whose squared norm is off by more are no values; far above rounding in float32. */
    private static final double SLACK = 1e-3;

    private final int size;
    private final Tensor eta;
    private final Tensor shapes;

    private LkjCholesky(int size, Tensor eta) {
        if (size < 1) {
            throw new PlanException("lkjCholesky(size=" + size + "): needs a row");
        }
        this.size = size;
        this.eta = eta;
        double[] more = new double[size - 1];
        for (int k = 1; k < size; k++) {
            more[k - 1] = 0.5 * (size - 1 - k);
        }
        this.shapes = eta.expandDims(-1).add(vector(more));
    }

    /**
     * By size and shape parameter.
     *
     * @param size rows and columns
     * @param eta shape parameter [..], positive
     * @return the distributions, one for each element of eta
     * @throws PlanException if the size is not positive
     */
    public static LkjCholesky of(int size, Tensor eta) {
        return new LkjCholesky(size, eta);
    }

    private Tensor vector(double... v) {
        return Tensors.constant(HostArray.wrap(v, Shape.of(v.length)).cast(eta.dtype()));
    }

    /** Halves of 1, 2, .., d - 1. */
    private Tensor halves() {
        double[] h = new double[size - 1];
        for (int k = 1; k < size; k++) {
            h[k - 1] = 0.5 * k;
        }
        return vector(h);
    }

    @Override
    public Shape batchShape() {
        return eta.shape();
    }

    @Override
    public Shape eventShape() {
        return Shape.of(size, size);
    }

    @Override
    public DType dtype() {
        return eta.dtype();
    }

    @Override
    public Support support() {
        return Support.correlationFactors(size);
    }

    /**
     * Log density with respect to the elements below the diagonal.
     *
     * @param x lower triangular, positive diagonal, rows of norm 1 [.., d, d]
     * @return [.., batch]; minus infinity where the diagonal is not positive or a row's norm is not 1
     */
    @Override
    public Tensor logProb(Tensor x) {
        Tensor diagonal = LinearAlgebra.diagonal(x);
        Tensor norms = x.square().sum(-1).sub(1).abs().le(SLACK);
        Tensor inside = diagonal.gt(0).and(norms).all(-1);
        Tensor safe = Tensors.where(diagonal.gt(0), diagonal, 1);
        Tensor logs = safe.log().slice(-1, 1, size);
        return Tensors.where(inside, density(logs), Double.NEGATIVE_INFINITY);
    }

    private Tensor density(Tensor logDiagonal) {
        return shapes.sub(1).mul(2).mul(logDiagonal).add(constants()).sum(-1);
    }

    private Tensor constants() {
        Tensor h = halves();
        return Counts.logRising(shapes, h).sub(h.mul(Math.log(Math.PI)));
    }

    @Override
    public boolean reparameterized() {
        return true;
    }

    /** Rows of normal numbers, gamma numbers and the logarithms of diagonals. */
    private Drawn draw(Key key, int n) {
        int m = size - 1;
        Tensor e = Draws.of(
                Random::normal, key.fold("rows"), dtype(), n, batchShape().concat(Shape.of(m, m)));
        Tensor z = LinearAlgebra.tril(e);
        Tensor logGamma = GammaDraws.logarithms(key.fold("diagonal"), shapes, n).add(Math.log(2));
        Tensor square = z.square().sum(-1).add(logGamma.exp());
        Tensor logDiagonal = logGamma.sub(square.log()).mul(0.5);
        Tensor below = Tensors.pad(z.mul(square.rsqrt().expandDims(-1)), -1, 0, 1, 0);
        Tensor on = Tensors.pad(LinearAlgebra.diagonalMatrix(logDiagonal.exp()), -1, 1, 0, 0);
        Shape rows = batchShape().insert(0, n);
        Tensor first = Tensors.concat(
                -1,
                Tensors.ones(dtype(), rows.concat(Shape.of(1, 1))),
                Tensors.zeros(dtype(), rows.concat(Shape.of(1, m))));
        return new Drawn(Tensors.concat(-2, first, below.add(on)), density(logDiagonal));
    }

    /**
     * Draws as differentiable functions of eta, to first order.
     *
     * @param key a key, or keys for the leading batch axes
     * @param n how many of each
     * @return [n, batch, d, d]
     */
    @Override
    public Tensor rsample(Key key, int n) {
        return draw(key, n).value();
    }

    @Override
    public Tensor sample(Key key, int n) {
        return rsample(key, n).stopGradient();
    }

    /** The density comes from the logarithms of the diagonal, which do not underflow. */
    @Override
    public Drawn sampleAndLogProb(Key key, int n) {
        return draw(key, n);
    }

    private Tensor onDiagonal(Tensor rest) {
        Tensor first = Tensors.ones(dtype(), batchShape().concat(Shape.of(1)));
        return Tensors.concat(-1, first, rest);
    }

    /** Zero off the diagonal; on it the mean root of a beta number. */
    @Override
    public Tensor mean() {
        return LinearAlgebra.diagonalMatrix(onDiagonal(means()));
    }

    private Tensor means() {
        Tensor half = Tensors.scalarLike(eta, 0.5);
        Tensor all = shapes.add(halves());
        return Counts.logRising(shapes, half).sub(Counts.logRising(all, half)).exp();
    }

    /** 1 / (2 eta + d - 1) below the diagonal. */
    @Override
    public Tensor variance() {
        Tensor square = shapes.div(shapes.add(halves()));
        Tensor on = square.sub(means().square());
        Tensor zero = Tensors.zeros(dtype(), batchShape().concat(Shape.of(1)));
        Tensor below = eta.mul(2).add(size - 1).reciprocal().expandDims(-1).expandDims(-1);
        Tensor off = LinearAlgebra.tril(below.broadcastTo(batchShape().concat(eventShape())), -1);
        return off.add(LinearAlgebra.diagonalMatrix(Tensors.concat(-1, zero, on)));
    }

    @Override
    public Optional<Tensor> entropy() {
        Tensor all = shapes.add(halves());
        Tensor ratio = shapes.log().sub(all.log());
        Tensor logs = ratio.add(Counts.digammaMinusLog(shapes)).sub(Counts.digammaMinusLog(all));
        return Optional.of(shapes.rsub(1).mul(logs).sub(constants()).sum(-1));
    }

    @Override
    public LkjCholesky stopGradient() {
        return new LkjCholesky(size, eta.stopGradient());
    }

    @Override
    public String toString() {
        return "LkjCholesky" + batchShape() + " of " + size;
    }
}
