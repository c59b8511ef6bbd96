package org.amortis.spi;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.tensor.ConvOp;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.RowOp;
import org.amortis.tensor.SplineOp;
import org.jspecify.annotations.Nullable;

/**
 * The loops a CPU backend brings: everything else (binding, blocking, broadcasting, threads) is shared. Methods that
 * return null leave the operation to the portable loops. All loops are allocation-free and deterministic.
 */
public interface Loops {
    /**
     * Name of the backend these loops make.
     *
     * @return short lower-case name
     */
    String name();

    /**
     * Width of the vectors in bits; 0 if the JIT decides.
     *
     * @return bits
     */
    int vectorBits();

    /**
     * What primes the loops: each task runs some of them on small data until the JIT has compiled them. Tasks may run at the
     * same time, and run for {@code Device.warmUp} only.
     *
     * @return the tasks, those that take longest first
     */
    List<Runnable> priming();

    /**
     * Loop of an operation.
     *
     * @param op operation
     * @param type element type of the first operand that is not a condition
     * @return the loop, or null
     */
    @Nullable
    ElementwiseLoop elementwise(ElementwiseOp op, DType type);

    /**
     * Loop of a binary operation whose second operand is a number.
     *
     * @param op operation
     * @param type element type
     * @return the loop, or null
     */
    @Nullable
    ScalarLoop scalarRight(ElementwiseOp op, DType type);

    /**
     * Loop of a binary operation whose first operand is a number.
     *
     * @param op operation
     * @param type element type
     * @return the loop, or null
     */
    @Nullable
    ScalarLoop scalarLeft(ElementwiseOp op, DType type);

    /**
     * Whether an operation can be part of a chain.
     *
     * @param op operation
     * @param type element type of its numbers
     * @return true if {@link #chain} takes it
     */
    default boolean chains(ElementwiseOp op, DType type) {
        return false;
    }

    /**
     * A loop made for a chain of operations that {@link #chains} takes. The same bits as the loops of its operations one
     * after the other.
     *
     * @param spec the chain
     * @return the loop, the same for equal specifications; or null
     */
    @Nullable
    default Chain chain(ChainSpec spec) {
        return null;
    }

    /**
     * Elements that a chain computes at once.
     *
     * @param type F32 or F64
     * @return lanes of a vector
     */
    default int lanes(DType type) {
        return 1;
    }

    /**
     * Sum in a fixed blocked order.
     *
     * @param x values
     * @param xo first element
     * @param n number of elements
     * @return sum
     */
    float sum(float[] x, int xo, int n);

    /**
     * Sum in a fixed blocked order.
     *
     * @param x values
     * @param xo first element
     * @param n number of elements
     * @return sum
     */
    double sum(double[] x, int xo, int n);

    /**
     * Largest value; NaN wins.
     *
     * @param x values
     * @param xo first element
     * @param n number of elements, at least 1
     * @return maximum
     */
    float max(float[] x, int xo, int n);

    /**
     * Largest value; NaN wins.
     *
     * @param x values
     * @param xo first element
     * @param n number of elements, at least 1
     * @return maximum
     */
    double max(double[] x, int xo, int n);

    /**
     * Slots of scratch that {@link #gemm} needs.
     *
     * @param type F32 or F64
     * @param transposeA whether A is stored [k, m]
     * @param transposeB whether B is stored [n, k]
     * @param m rows of C
     * @param n columns of C
     * @param k inner size
     * @return slots
     */
    int gemmScratch(DType type, boolean transposeA, boolean transposeB, int m, int n, int k);

    /**
     * Rows [rowFrom, rowTo) of C = op(A) op(B) + beta C. Results do not depend on how the rows are split.
     *
     * @param transposeA whether A is stored [k, m]
     * @param transposeB whether B is stored [n, k]
     * @param m rows of C
     * @param n columns of C
     * @param k inner size
     * @param a left factor; read
     * @param ao first element
     * @param lda distance of stored rows
     * @param b right factor; read
     * @param bo first element
     * @param ldb distance of stored rows
     * @param beta 0 or 1
     * @param c result; written, read if beta is 1; overlaps nothing
     * @param co first element
     * @param ldc distance of rows
     * @param rowFrom first row to compute
     * @param rowTo one past the last
     * @param scratch {@link #gemmScratch} slots of the calling worker
     */
    void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float[] a,
            int ao,
            int lda,
            float[] b,
            int bo,
            int ldb,
            float beta,
            float[] c,
            int co,
            int ldc,
            int rowFrom,
            int rowTo,
            float[] scratch);

    /**
     * The same in double.
     *
     * @param transposeA whether A is stored [k, m]
     * @param transposeB whether B is stored [n, k]
     * @param m rows of C
     * @param n columns of C
     * @param k inner size
     * @param a left factor; read
     * @param ao first element
     * @param lda distance of stored rows
     * @param b right factor; read
     * @param bo first element
     * @param ldb distance of stored rows
     * @param beta 0 or 1
     * @param c result; written, read if beta is 1; overlaps nothing
     * @param co first element
     * @param ldc distance of rows
     * @param rowFrom first row to compute
     * @param rowTo one past the last
     * @param scratch {@link #gemmScratch} slots of the calling worker
     */
    void gemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            double[] a,
            int ao,
            int lda,
            double[] b,
            int bo,
            int ldb,
            double beta,
            double[] c,
            int co,
            int ldc,
            int rowFrom,
            int rowTo,
            double[] scratch);

    /**
     * Products of small matrices of one size.
     *
     * @param type F32 or F64
     * @param transposeA whether A is stored [k, m]
     * @param transposeB whether B is stored [n, k]
     * @param m rows of C
     * @param n columns of C
     * @param k inner size
     * @return the kernel, or null if {@link #gemm} does as well
     */
    @Nullable
    default SmallProducts smallProducts(DType type, boolean transposeA, boolean transposeB, int m, int n, int k) {
        return null;
    }

    /**
     * Loop of a convolution of certain shapes.
     *
     * @param op operation
     * @param type F32 or F64
     * @param x images [N, I, H, W]; no size is 0, nor below
     * @param weights weights [O, I, kh, kw]
     * @param y outputs [N, O, H', W']
     * @return the loop, or null if {@link #gemm} with a matrix of what the window sees does as well
     */
    @Nullable
    default ConvLoop convolution(ConvOp op, DType type, Shape x, Shape weights, Shape y) {
        return null;
    }

    /**
     * Loop of the gradient of a convolution's weights.
     *
     * @param window how the window moves
     * @param type F32 or F64
     * @param x images [N, I, H, W]; no size is 0, nor below
     * @param weights weights [O, I, kh, kw]
     * @param y outputs [N, O, H', W']
     * @return the loop, or null if {@link #gemm} with a matrix of what the window sees does as well
     */
    @Nullable
    default ConvWeightLoop convolutionWeights(ConvOp.Window window, DType type, Shape x, Shape weights, Shape y) {
        return null;
    }

    /**
     * Draws of one key in float: uniforms or normals of positions [from, to) of its stream.
     *
     * @param normal whether normals, else uniforms
     * @param key key words, low first
     * @param ko position of the low word
     * @param from first position, a multiple of 4
     * @param to one past the last position
     * @param y result; written
     * @param yo element of position {@code from}
     * @param scratch {@link #drawScratch} slots of the caller
     * @return false if these loops do not draw
     */
    boolean draw(boolean normal, int[] key, int ko, int from, int to, float[] y, int yo, float[] scratch);

    /**
     * The same in double.
     *
     * @param normal whether normals, else uniforms
     * @param key key words, low first
     * @param ko position of the low word
     * @param from first position, a multiple of 4
     * @param to one past the last position
     * @param y result; written
     * @param yo element of position {@code from}
     * @param words {@link #drawScratch} slots of the caller
     * @param scratch {@link #drawScratch} slots of the caller
     * @return false if these loops do not draw doubles
     */
    boolean draw(
            boolean normal, int[] key, int ko, int from, int to, double[] y, int yo, float[] words, double[] scratch);

    /**
     * Scratch that drawing needs.
     *
     * @return slots of each array
     */
    int drawScratch();

    /**
     * Sums of columns in a fixed blocked order; the sum of a column does not depend on the range of columns.
     *
     * @param x values; read
     * @param xo first element of column 0
     * @param stride distance of rows
     * @param rows number of rows
     * @param from first column
     * @param to one past the last column
     * @param y result; written
     * @param yo element of column 0
     * @return false if these loops do not sum columns
     */
    boolean columnSums(float[] x, int xo, int stride, int rows, int from, int to, float[] y, int yo);

    /**
     * Sums of columns in a fixed blocked order; the sum of a column does not depend on the range of columns.
     *
     * @param x values; read
     * @param xo first element of column 0
     * @param stride distance of rows
     * @param rows number of rows
     * @param from first column
     * @param to one past the last column
     * @param y result; written
     * @param yo element of column 0
     * @return false if these loops do not sum columns
     */
    boolean columnSums(double[] x, int xo, int stride, int rows, int from, int to, double[] y, int yo);

    /**
     * Loop of a composite over rows.
     *
     * @param op operation
     * @param type F32 or F64
     * @return the loop, or null
     */
    @Nullable
    RowLoop rows(RowOp op, DType type);

    /**
     * Loop of a spline.
     *
     * @param op operation
     * @param type F32 or F64
     * @return the loop, or null
     */
    @Nullable
    default SplineLoop spline(SplineOp op, DType type) {
        return null;
    }

    /**
     * Running products and linear recurrences of floats.
     *
     * @return the loops, or null
     */
    @Nullable
    default RecurrenceLoop recurrence() {
        return null;
    }

    /**
     * Linear algebra in vectors.
     *
     * @return the kernels, or null
     */
    @Nullable
    default LaneAlgebra algebra() {
        return null;
    }
}
