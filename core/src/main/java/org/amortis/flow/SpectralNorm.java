package org.amortis.flow;

import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Largest singular value by the power method on the whole matrix: s <= tr((W W')^q)^(1/2q) with q = 2^6 by repeated
 * squaring. Unlike the iteration of one vector, which approaches s from below and needs a state, this is an upper bound, a
 * smooth formula of W, and too large by a factor of at most n^(1/2q), 1.04 for n = 128 and a flat spectrum. The cost, 7
 * n^3, is that of 7 n rows through the layer: for layers up to some hundred units.
 */
final class SpectralNorm {
    private static final int SQUARINGS = 6;

    /** Traces below are a zero matrix. */
    private static final double LEAST = 1e-30;

    private SpectralNorm() {}

    /** An upper bound of the largest singular value of W [m, n], a scalar. */
    static Tensor bound(Tensor w) {
        boolean wide = w.shape().dim(0) <= w.shape().dim(1);
        Tensor gram = Tensors.matmul(w, w, !wide, wide);
        Tensor log = null;
        double power = 1;
        for (int i = 0; ; i++) {
            Tensor trace = org.amortis.tensor.LinearAlgebra.diagonal(gram).sum().maximum(LEAST);
            // log tr(G^2) = 2 log tr(G) + log tr((G / tr G)^2)
            Tensor part = trace.log().mul(power);
            log = log == null ? part : log.add(part);
            if (i == SQUARINGS) {
                return log.mul(0.5).exp();
            }
            Tensor scaled = gram.div(trace);
            gram = scaled.matmul(scaled);
            power /= 2;
        }
    }

    /** W, made smaller if its largest singular value may be above a limit. */
    static Tensor limited(Tensor w, double limit) {
        return w.mul(bound(w).maximum(1e-12).rdiv(limit).minimum(1));
    }
}
