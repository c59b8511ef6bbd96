/**
 * Variational inference: what a latent-variable model and an approximate posterior must say about themselves, bounds on
 * the evidence with their gradient estimators, fits of one posterior per datum, importance weights.
 */
@NullMarked
package org.amortis.vi;

import org.jspecify.annotations.NullMarked;
