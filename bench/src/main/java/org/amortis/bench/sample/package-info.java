/** The sampling study: diffusion methods on densities with known normalisers. */
@NullMarked
package org.amortis.bench.sample;

import org.jspecify.annotations.NullMarked;
