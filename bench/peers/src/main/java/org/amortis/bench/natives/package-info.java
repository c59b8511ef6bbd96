/** Native libraries behind the interface of a peer. */
@NullMarked
package org.amortis.bench.natives;

import org.jspecify.annotations.NullMarked;
