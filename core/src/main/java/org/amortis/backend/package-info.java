/** The shared CPU executor over planned memory, the portable loops and the reference. */
@NullMarked
package org.amortis.backend;

import org.jspecify.annotations.NullMarked;
