/**
 * Distributions as formulas of their parameters: densities, reparameterised draws, entropies and divergences in forms
 * that stay finite in the tails. What flows, filters and simulators share is {@link org.amortis.dist.Distribution}.
 */
@NullMarked
package org.amortis.dist;

import org.jspecify.annotations.NullMarked;
