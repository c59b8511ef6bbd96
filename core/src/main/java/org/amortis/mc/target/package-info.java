/** Target densities with known normalising constants, moments and draws. */
@NullMarked
package org.amortis.mc.target;

import org.jspecify.annotations.NullMarked;
