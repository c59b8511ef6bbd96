package org.amortis.flow;

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
}
