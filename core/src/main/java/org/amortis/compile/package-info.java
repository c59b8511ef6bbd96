/** From formulas to a planned program: simplification, fusion, order and memory. */
@NullMarked
package org.amortis.compile;

import org.jspecify.annotations.NullMarked;
