package org.amortis.langevin;

import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A step that was taken.
 *
 * @param point where it ends
 * @param v momentum there; null without
 * @param ratio log B - log F [..], in noise form for new noise, from the states for recorded results; null for zero
 * @param logForward log F [..] for recorded results, else null
 * @param control u at the end, for the next step, where both kernels share it; else null
 */
record Moved(
        Point point,
        @Nullable Tensor v,
        @Nullable Tensor ratio,
        @Nullable Tensor logForward,
        @Nullable Tensor control) {}
