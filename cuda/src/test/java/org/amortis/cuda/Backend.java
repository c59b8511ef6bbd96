package org.amortis.cuda;

/** Which device the tests run on: the emulated one, or a card with -Damortis.testBackend=cuda. */
final class Backend {
    static final String NAME = System.getProperty("amortis.testBackend", "emulated");

    private Backend() {}
}
