/** The command line: studies that reproduce the methods' published results, and benchmarks. */
@NullMarked
package org.amortis.bench;

import org.jspecify.annotations.NullMarked;
