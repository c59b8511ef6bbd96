/** Backends against the reference. */
@NullMarked
package org.amortis.conformance;

import org.jspecify.annotations.NullMarked;
