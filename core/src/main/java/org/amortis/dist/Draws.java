package org.amortis.dist;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;

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
}
