/** Training as a whole: garbage, compilations, threads, processes killed and resumed; with and without SIMD. */
@NullMarked
package org.amortis.training;

import org.jspecify.annotations.NullMarked;
