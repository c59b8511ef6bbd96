package org.amortis.langevin;

import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;

/** A learned part of the drift. Any deterministic function keeps the bound valid. */
public interface Control {
    /**
     * What the control knows of the time, computed once before the loop.
     *
     * @param p weights
     * @param steps number of kernels K
     * @return [K + 1, ..], one slice for each time
     */
    Tensor times(Weights p, int steps);

    /**
     * The control.
     *
     * @param p weights
     * @param in where it is asked for
     * @return of the shape of x
     */
    Tensor apply(Weights p, ControlInput in);
}
