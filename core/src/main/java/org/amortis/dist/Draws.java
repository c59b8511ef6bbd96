package org.amortis.dist;

import java.util.function.UnaryOperator;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** What samplers share. */
final class Draws {
    /** How numbers are drawn: the static methods of {@link org.amortis.tensor.Random}. */
    interface Source {
        Tensor draw(Key key, DType dtype, Shape shape);
    }

    private Draws() {}

    /**
     * n draws of a shape in front of it. With keys for leading axes the count is drawn behind them and moved to the
     * front, so that a row's numbers depend on its own key only.
     */
    static Tensor of(Source source, Key key, DType dtype, int n, Shape shape) {
        if (n < 0) {
            throw new ShapeException("sample(n=" + n + "): negative");
        }
        Shape keys = key.tensor().shape();
        int k = keys.rank();
        if (k == 0) {
            return source.draw(key, dtype, shape.insert(0, n));
        }
        if (k > shape.rank() || !shape.slice(0, k).equals(keys)) {
            throw new ShapeException("sample(key=" + key.tensor().describe()
                    + "): neither one key nor a key for each of" + " the leading axes of " + shape);
        }
        Tensor t = source.draw(key, dtype, shape.insert(k, n));
        int[] p = new int[t.shape().rank()];
        p[0] = k;
        for (int i = 1; i < p.length; i++) {
            p[i] = i <= k ? i - 1 : i;
        }
        return t.transpose(p);
    }

    /** The common shape of parameters. */
    static Shape common(String name, Tensor a, Tensor b) {
        Shape s = Shape.broadcastOrNull(a.shape(), b.shape());
        if (s == null || a.dtype() != b.dtype()) {
            throw new ShapeException(name + "(" + a.describe() + ", " + b.describe()
                    + "): parameters do not broadcast or differ in type");
        }
        return s;
    }

    /** Refuses a parameter that is not positive and finite. */
    static void positive(String op, String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new PlanException(op + "(" + name + "=" + value + "): not positive and finite");
        }
    }

    /** Refuses a parameter that is not finite. */
    static void finite(String op, String name, double value) {
        if (!Double.isFinite(value)) {
            throw new PlanException(op + "(" + name + "=" + value + "): not finite");
        }
    }

    /** Densities of values inside a support, minus infinity outside; the density is asked at a given point there. */
    static Tensor within(Support support, Tensor x, double inner, UnaryOperator<Tensor> density) {
        Tensor inside = support.interior(x);
        return Tensors.where(inside, density.apply(Tensors.where(inside, x, inner)), Double.NEGATIVE_INFINITY);
    }

    /** e^l, kept a positive finite number of the type. */
    static Tensor positiveExp(Tensor l) {
        return l.dtype() == DType.F64
                ? l.clamp(-708.39, 709.78).exp()
                : l.clamp(-87.33, 88.72).exp();
    }

    /** Standard Laplace variates. */
    static Tensor laplace(Tensor uniform) {
        Tensor left = uniform.lt(0.5);
        Tensor l = left(uniform).mul(2).log();
        return Tensors.where(left, l, l.neg());
    }

    /** Standard logistic variates. */
    static Tensor logistic(Tensor uniform) {
        return uniform.log().sub(uniform.neg().log1p());
    }

    /** Standard Cauchy variates: cotangents of the distance from the nearer end, which keeps its digits. */
    static Tensor cauchy(Tensor uniform) {
        Tensor angle = left(uniform).mul(Math.PI);
        Tensor z = angle.cos().div(angle.sin());
        return Tensors.where(uniform.lt(0.5), z.neg(), z);
    }

    private static Tensor left(Tensor uniform) {
        return uniform.minimum(uniform.rsub(1));
    }

    /** log(1 + z^2) for any z whose square may overflow. */
    static Tensor log1pSquare(Tensor z) {
        Tensor far = z.abs().gt(1);
        Tensor large = Tensors.where(far, z, 1).abs();
        Tensor small = Tensors.where(far, Tensors.scalarLike(z, 0), z);
        Tensor l = large.log().mul(2).add(large.reciprocal().square().log1p());
        return Tensors.where(far, l, small.square().log1p());
    }
}
