package org.amortis.cuda;

import org.amortis.array.Precision;

/**
 * A product as cuBLAS is asked for it: matrices by columns, C = op(A) op(B), or added to C.
 *
 * @param wide doubles instead of floats
 * @param precision of the factors of floats
 * @param transposeA whether A is stored transposed
 * @param transposeB whether B is
 * @param m rows of C
 * @param n columns of C
 * @param k what is summed over
 * @param a address of A
 * @param lda elements between its columns
 * @param strideA elements between the A of a batch
 * @param b address of B
 * @param ldb elements between its columns
 * @param strideB elements between the B of a batch
 * @param c address of C
 * @param ldc elements between its columns
 * @param strideC elements between the C of a batch
 * @param batch number of products
 * @param add whether C is added to
 */
record Gemm(
        boolean wide,
        Precision precision,
        boolean transposeA,
        boolean transposeB,
        int m,
        int n,
        int k,
        long a,
        int lda,
        long strideA,
        long b,
        int ldb,
        long strideB,
        long c,
        int ldc,
        long strideC,
        int batch,
        boolean add)
        implements Call {
    /** The same into other memory. */
    Gemm into(long other) {
        return new Gemm(
                wide,
                precision,
                transposeA,
                transposeB,
                m,
                n,
                k,
                a,
                lda,
                strideA,
                b,
                ldb,
                strideB,
                other,
                ldc,
                strideC,
                batch,
                add);
    }

    /** Bytes of the results. */
    long bytes() {
        return (wide ? 8L : 4L) * ((long) (batch - 1) * strideC + (long) ldc * n);
    }

    @Override
    public String toString() {
        return "gemm<" + m + "," + n + "," + k + ";" + batch + "," + precision + ">";
    }
}
