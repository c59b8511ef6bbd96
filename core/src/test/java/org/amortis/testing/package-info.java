/** What tests of several packages share. */
@NullMarked
package org.amortis.testing;

import org.jspecify.annotations.NullMarked;
