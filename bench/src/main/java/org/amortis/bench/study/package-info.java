/** What every study shares: its options, its output directory, its results file, progress on the terminal. */
@NullMarked
package org.amortis.bench.study;

import org.jspecify.annotations.NullMarked;
