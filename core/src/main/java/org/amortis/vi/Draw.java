package org.amortis.vi;

import org.amortis.tensor.Tensor;

/**
 * Draws of an approximate posterior with what the log joint is compared to: E[log p(x, z) - logRatio] is a lower bound
 * of log p(x).
 *
 * @param z draws [n, B, d]
 * @param logRatio [n, B]: log q(z) where the density is known, else the sum of log forward over backward densities
 */
public record Draw(Tensor z, Tensor logRatio) {}
