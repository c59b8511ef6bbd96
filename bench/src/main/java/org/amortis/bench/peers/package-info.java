/** Rounds beside other libraries: each in a JVM of its own, the same rows for all. */
@NullMarked
package org.amortis.bench.peers;

import org.jspecify.annotations.NullMarked;
