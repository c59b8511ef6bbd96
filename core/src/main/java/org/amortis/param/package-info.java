/**
 * Parameters of a model: declared once by path, kept as one flat range, read inside objectives as views. Optimizers,
 * clipping, decay masks and averages work on the flat range; paths are the names of checkpoints.
 */
@NullMarked
package org.amortis.param;

import org.jspecify.annotations.NullMarked;
