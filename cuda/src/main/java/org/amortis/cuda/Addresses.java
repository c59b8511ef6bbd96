package org.amortis.cuda;

import org.amortis.spi.View;

/** Where views lie on the device. */
@FunctionalInterface
interface Addresses {
    /** Address of the first element. */
    long of(View view);
}
