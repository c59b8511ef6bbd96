package org.amortis.backend;

import org.amortis.spi.Kernel;

/** The kernel of an empty result. */
enum NothingKernel implements Kernel {
    /** The one instance. */
    INSTANCE;

    @Override
    public int parts() {
        return 0;
    }

    @Override
    public void run(int from, int to, int worker) {}

    @Override
    public long cost() {
        return 0;
    }
}
