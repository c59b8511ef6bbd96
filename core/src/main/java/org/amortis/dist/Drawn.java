package org.amortis.dist;

import org.amortis.tensor.Tensor;

/**
 * Draws with their log density.
 *
 * @param value draws [.., batch, event]
 * @param logProb log densities [.., batch]
 */
public record Drawn(Tensor value, Tensor logProb) {}
