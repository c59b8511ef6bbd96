/** Tests of the GPU backend that need no GPU. */
@NullMarked
package org.amortis.cuda;

import org.jspecify.annotations.NullMarked;
