/** Checks that users run on their own operations: gradients against differences, backends against the reference. */
@NullMarked
package org.amortis.check;

import org.jspecify.annotations.NullMarked;
