package org.amortis.vi;

import org.amortis.param.Weights;
import org.amortis.tensor.Key;

/** An approximate posterior as formulas: it can be drawn from, and its draws can be weighed. */
public interface Variational {
    /**
     * Reparameterised draws.
     *
     * @param context what is observed, B rows
     * @param weights weights
     * @param key a key, or one for each row
     * @param n how many for each row
     * @return draws and their log ratio
     */
    Draw draw(Context context, Weights weights, Key key, int n);
}
