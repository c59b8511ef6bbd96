/** The SIMD backend: vector kernels on arrays and the provider through which the engine finds them. */
@NullMarked
package org.amortis.kernels;

import org.jspecify.annotations.NullMarked;
