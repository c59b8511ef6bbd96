/** How well a normalizing flow fits a density: built-in ones with known answers, images, tables. */
@NullMarked
package org.amortis.bench.density;

import org.jspecify.annotations.NullMarked;
