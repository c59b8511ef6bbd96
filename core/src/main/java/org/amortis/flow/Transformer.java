package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.tensor.Tensor;

/**
 * A monotone function of one number with parameters that a network puts out: what coupling and autoregressive flows do to
 * the elements they change. Parameters come as planes: of P d numbers the k-th group of d holds parameter k of all d
 * elements, so that each parameter of a batch is one range and formulas stay elementwise. Zeros are the identity, unless
 * the transformer says otherwise.
 */
public interface Transformer {
    /**
     * Parameters of one element.
     *
     * @return P
     */
    int parameters();

    /**
     * The map of given parameters.
     *
     * @param parameters [.., P d], by planes; leading axes broadcast against those of the values
     * @return bijection of scalar events that takes values [.., d]; its log determinants are [.., d] too
     */
    Bijection of(Tensor parameters);

    /**
     * The affine map s u + t with the scale map that is safe everywhere.
     *
     * @return transformer of two parameters
     */
    static Transformer affine() {
        return affine(ScaleMap.SOFT_EXP);
    }

    /**
     * The affine map s u + t (RealNVP; the inverse direction is MAF's).
     *
     * @param scale how s comes from the first parameter; t is the second
     * @return transformer of two parameters
     */
    static Transformer affine(ScaleMap scale) {
        return new AffineTransformer(scale);
    }

    /**
     * The shift u + t, which keeps volumes (NICE).
     *
     * @return transformer of one parameter
     */
    static Transformer shift() {
        return new ShiftTransformer();
    }

    /**
     * The parameters apart, each one range of memory.
     *
     * @param parameters [.., P d]
     * @param count P
     * @return P tensors [.., d]
     * @throws ShapeException if the last axis does not divide by P
     */
    static Tensor[] planes(Tensor parameters, int count) {
        Shape s = parameters.shape();
        int r = s.rank();
        if (r == 0 || s.dim(-1) % count != 0) {
            throw new ShapeException(
                    "transformer(parameters=" + parameters.describe() + "): the last axis is not " + count + " planes");
        }
        if (count == 1) {
            return new Tensor[] {parameters};
        }
        Shape each = s.with(-1, s.dim(-1) / count);
        Tensor first = parameters;
        if (r > 1) {
            // one copy that makes every plane contiguous, instead of a strided copy for each
            int[] order = new int[r + 1];
            order[0] = r - 1;
            for (int i = 1; i < r; i++) {
                order[i] = i - 1;
            }
            order[r] = r;
            first = parameters.reshape(each.insert(r - 1, count)).transpose(order);
        }
        first = first.reshape(each.insert(0, count));
        Tensor[] planes = new Tensor[count];
        for (int k = 0; k < count; k++) {
            planes[k] = first.at(0, k);
        }
        return planes;
    }
}
