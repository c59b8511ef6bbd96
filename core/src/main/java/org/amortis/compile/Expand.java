package org.amortis.compile;

import java.util.List;
import org.amortis.tensor.Tensor;

/** Replaces composites by their decomposition where no backend has a kernel for them. */
final class Expand {
    private Expand() {}

    static List<Tensor> composites(List<Tensor> roots) {
        return roots;
    }
}
