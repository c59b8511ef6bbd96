/** Tests of the house itself: layers, formatting, the README, how the jars behave on class path and module path. */
@NullMarked
package org.amortis.house;

import org.jspecify.annotations.NullMarked;
