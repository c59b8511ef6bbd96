/** This engine beside EJML and plain loops in one JVM, under JMH. */
@NullMarked
package org.amortis.bench.compare;

import org.jspecify.annotations.NullMarked;
