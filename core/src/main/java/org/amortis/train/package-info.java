/**
 * Training: an objective and batches become one compiled step that is replayed; listeners watch it, write checkpoints and
 * stop it. A run resumed from a checkpoint continues bit for bit, because the data and the random numbers of a step depend
 * on nothing but the root key and the step.
 */
@NullMarked
package org.amortis.train;

import org.jspecify.annotations.NullMarked;
