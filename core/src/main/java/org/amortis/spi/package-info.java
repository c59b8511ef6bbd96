/**
 * What a backend implements: providers found by ServiceLoader, the planned program they execute (instructions over
 * views of planned memory) and, for CPU backends, the loops that the shared CPU executor calls.
 */
@NullMarked
package org.amortis.spi;

import org.jspecify.annotations.NullMarked;
