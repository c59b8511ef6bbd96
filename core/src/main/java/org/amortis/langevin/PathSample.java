package org.amortis.langevin;

import java.util.List;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Paths as formulas; what a program does not ask for is not computed.
 *
 * @param start first points [.., d]
 * @param x last points [.., d]; first and last swap places for paths that were run backwards
 * @param v last momenta [.., d]; null without
 * @param logRatio log q0 + sum log F - sum log B with the densities of momenta [..]: log w = log g(x) - logRatio
 * @param logForward log density of the path under Q, for recorded paths; null else
 * @param increments log B - log F of each step [K, ..]
 * @param points points after each step [K, .., d]
 * @param startMomentum first momenta [.., d]; null without
 * @param results what the draws of each step gave [K, .., d], one for each draw
 */
public record PathSample(
        Tensor start,
        Tensor x,
        @Nullable Tensor v,
        Tensor logRatio,
        @Nullable Tensor logForward,
        Tensor increments,
        Tensor points,
        @Nullable Tensor startMomentum,
        List<Tensor> results) {
    /** Copies the list. */
    public PathSample {
        results = List.copyOf(results);
    }
}
