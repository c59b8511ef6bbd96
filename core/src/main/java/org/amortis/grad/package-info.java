/** Derivatives as formulas: reverse mode to any order, and what is built from it. */
@NullMarked
package org.amortis.grad;

import org.jspecify.annotations.NullMarked;
