/** Training steps that benchmarks measure: formulas in the public API, compiled once and replayed. */
@NullMarked
package org.amortis.bench.step;

import org.jspecify.annotations.NullMarked;
