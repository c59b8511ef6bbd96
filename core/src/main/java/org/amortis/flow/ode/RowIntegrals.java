package org.amortis.flow.ode;

import java.util.List;
import org.amortis.tensor.Tensor;

/**
 * Integrals along a solution, summed over rows, that the slopes do not read: gradients of parameters that all rows share.
 * They are computed with the weights of the tableau and do not take part in the error control.
 */
public interface RowIntegrals {
    /**
     * Where they begin.
     *
     * @return zeros of the types of the integrals
     */
    List<Tensor> zeros();

    /**
     * The integrands at one stage.
     *
     * @param t time of each row [rows..]
     * @param y state
     * @param weight weight of each row [rows..]
     * @return sum over rows of weight times integrand, for each integral
     */
    List<Tensor> weighted(Tensor t, List<Tensor> y, Tensor weight);
}
