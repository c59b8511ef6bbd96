/** The compiler at sizes and speeds that unit tests do not reach. */
@NullMarked
package org.amortis.compiling;

import org.jspecify.annotations.NullMarked;
