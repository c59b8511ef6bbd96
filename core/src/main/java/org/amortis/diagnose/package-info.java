/** How far approximate posteriors are from the truth, and why. */
@NullMarked
package org.amortis.diagnose;

import org.jspecify.annotations.NullMarked;
