/** Images for the studies: embedded, from files, fetched by package name. */
@NullMarked
package org.amortis.bench.data;

import org.jspecify.annotations.NullMarked;
