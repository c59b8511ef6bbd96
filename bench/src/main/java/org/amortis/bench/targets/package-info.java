/** Target densities that carry data. */
@NullMarked
package org.amortis.bench.targets;

import org.jspecify.annotations.NullMarked;
