/** Devices, compiled programs and the runners that replay them. */
@NullMarked
package org.amortis.runtime;

import org.jspecify.annotations.NullMarked;
