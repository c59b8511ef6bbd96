package org.amortis.cuda;

/**
 * The calls of the CUDA driver that the backend makes, on one device and one stream. All sizes are bytes; device pointers
 * are longs. Failures are {@link DriverException}s.
 */
interface Driver extends AutoCloseable {
    /** Hardware and driver in one line. */
    String describe();

    /** Compute capability, ten times the major number plus the minor one: 90. */
    int capability();

    /** Free device memory. */
    long free();

    /** Room on the device, aligned to 256 bytes. */
    long allocate(long bytes);

    /** Gives room back. */
    void release(long address);

    /** Memory of the host that kernels write and the host reads without a call: some words, all 0. */
    Mapped map(int words);

    /** Copies from float[], double[] or int[] and waits. */
    void upload(long to, Object from, int offset, int elements);

    /** Waits for the stream, then copies into float[], double[] or int[]. */
    void download(Object to, int offset, long from, int elements);

    /** Loads PTX text (zero-terminated) or machine code. */
    long load(byte[] image);

    /** Unloads a module. */
    void unload(long module);

    /** A kernel of a module. */
    long function(long module, String name);

    /** Puts a kernel on the stream; while a graph is captured, into the graph. */
    void launch(long function, Launch launch);

    /**
     * Which library of products there is, or why there is none, in a few words. Looks for it when first asked, which must not be
     * while a graph is captured.
     */
    String library();

    /** Whether there is one. */
    boolean hasLibrary();

    /** Puts a product of the library on the stream or into the graph. Its shape must have run once before it is captured. */
    void gemm(Gemm product);

    /** From here on launches are recorded. */
    void beginCapture();

    /** Ends recording. */
    long endCapture();

    /** Ends recording where something failed; what was recorded is given up. */
    void abandonCapture();

    /** Puts a recorded graph on the stream. */
    void replay(long graph);

    /** Gives a graph up. */
    void destroy(long graph);

    /** Waits for the stream. */
    void synchronize();

    @Override
    void close();

    /** Words that both sides see. */
    interface Mapped {
        /** Where kernels find it. */
        long address();

        /** Reads a word; what kernels wrote is there after {@link Driver#synchronize}. */
        int get(int word);

        /** Writes a word. */
        void set(int word, int value);

        /** Gives it back. */
        void release();
    }
}
