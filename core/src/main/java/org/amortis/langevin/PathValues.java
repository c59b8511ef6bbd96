package org.amortis.langevin;

import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The learned numbers of a path other than its networks, as formulas. Each broadcasts against x [.., d]: a last axis of
 * one number or of one for each coordinate, and for paths of B tasks an axis of B before it. With a {@link
 * FullInitial} they belong to the coordinates in which that one is standard normal.
 *
 * @param first density of the start
 * @param betas inverse temperature of each kernel [K, .., 1]
 * @param steps step size of each kernel [K, .., 1 or d]
 * @param damping friction [.., 1 or d]; null without momentum
 * @param mass diagonal of the mass [.., 1 or d]; null for one
 */
public record PathValues(
        InitialDensity first,
        Tensor betas,
        Tensor steps,
        @Nullable Tensor damping,
        @Nullable Tensor mass) {}
