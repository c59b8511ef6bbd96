/** The samplers on the targets, with the usual diagnostics. */
@NullMarked
package org.amortis.bench.mcmc;

import org.jspecify.annotations.NullMarked;
