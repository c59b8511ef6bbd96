/** Self-contained pages with figures, tables and images. */
@NullMarked
package org.amortis.bench.report;

import org.jspecify.annotations.NullMarked;
