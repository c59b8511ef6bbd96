/** Shapes, element types, arrays on the host and the exceptions of the library: usable without the engine. */
@NullMarked
package org.amortis.array;

import org.jspecify.annotations.NullMarked;
