/**
 * Formulas: immutable tensors without numbers, the operations they are built of, keys of the counter-based generator and
 * loops. An operation states its shape rule, gradient rule and reference evaluation here, once; backends add kernels.
 */
@NullMarked
package org.amortis.tensor;

import org.jspecify.annotations.NullMarked;
