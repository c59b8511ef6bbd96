package org.amortis.vi;

import org.amortis.dist.Distribution;
import org.amortis.dist.Drawn;
import org.amortis.param.Weights;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;

/** An approximate posterior whose density is known. */
public interface TractableVariational extends Variational {
    /**
     * The distribution of z for a context.
     *
     * @param context what is observed, B rows
     * @param weights weights
     * @return distribution of batch shape [B] and event shape [d]
     */
    Distribution given(Context context, Weights weights);

    /**
     * Log density.
     *
     * @param context what is observed, B rows
     * @param weights weights
     * @param z [.., B, d]
     * @return [.., B]
     */
    default Tensor logProb(Context context, Weights weights, Tensor z) {
        return given(context, weights).logProb(z);
    }

    /**
     * Whether a draw reflected at the mean is a draw of the same density, as for Gaussians: estimators then use mirrored
     * pairs.
     *
     * @return false unless overridden
     */
    default boolean symmetric() {
        return false;
    }

    @Override
    default Draw draw(Context context, Weights weights, Key key, int n) {
        Drawn d = given(context, weights).sampleAndLogProb(key, n);
        return new Draw(d.value(), d.logProb());
    }
}
