/** Variational autoencoders, and the linear Gaussian model whose posterior is known. */
@NullMarked
package org.amortis.vae;

import org.jspecify.annotations.NullMarked;
