package org.amortis.dist;

import org.jspecify.annotations.Nullable;

/** A bijection that knows what it makes of some supports. */
interface KnownImage {
    /** The support that it maps a support onto; null if there is no simple answer. */
    @Nullable
    Support imageOf(Support base);
}
