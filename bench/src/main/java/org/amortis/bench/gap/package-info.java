/** The amortization gap of a variational autoencoder on images, and of the linear Gaussian model where it is known. */
@NullMarked
package org.amortis.bench.gap;

import org.jspecify.annotations.NullMarked;
