/** The GPU backend; the only place that names JCuda. */
@NullMarked
package org.amortis.cuda;

import org.jspecify.annotations.NullMarked;
