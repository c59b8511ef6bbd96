package org.amortis.spi;

/**
 * Linear algebra in vectors, in double. "Side by side" means: element e of matrix q at e * lanes + q, where q runs over as
 * many matrices as a vector has lanes. All methods are allocation-free and deterministic.
 */
public interface LaneAlgebra {
    /**
     * Lanes of a vector of doubles.
     *
     * @return at least 2
     */
    int lanes();

    /**
     * Elements of scratch that {@link #load} and {@link #store} take.
     *
     * @return elements
     */
    int scratch();

    /**
     * Lays elements of as many matrices as there are lanes side by side.
     *
     * @param x float[] or double[]; read
     * @param xo offset of all
     * @param at where each matrix begins
     * @param first the first of them
     * @param n elements of each
     * @param y elements side by side; written
     * @param yo first element
     * @param scratch working memory; written
     * @param so its first element
     */
    void load(Object x, int xo, int[] at, int first, int n, double[] y, int yo, double[] scratch, int so);

    /**
     * Writes elements that lie side by side back to their matrices.
     *
     * @param x elements side by side; read
     * @param xo first element
     * @param n elements of each matrix
     * @param y float[] or double[]; written
     * @param yo where the first matrix begins
     * @param stride distance of the matrices
     * @param scratch working memory; written
     * @param so its first element
     */
    void store(double[] x, int xo, int n, Object y, int yo, int stride, double[] scratch, int so);

    /**
     * Cholesky factors of lower triangles side by side, in place. From the first pivot that is not positive, what depends on
     * it is NaN.
     *
     * @param n rows of a matrix
     * @param x rows of the full matrices; read, written below and on the diagonals
     */
    void cholesky(int n, double[] x);

    /**
     * Solutions of lower triangular systems side by side, in place. Element (i, k) of a triangle is at
     * to + i * rowT + k * columnT, a diagonal included; what is above is not read.
     *
     * @param n rows of a triangle
     * @param m right-hand sides of each
     * @param t triangles; read
     * @param to first element
     * @param rowT distance of rows, may be negative
     * @param columnT distance of columns, may be negative
     * @param x right-hand sides, then solutions, m in a row
     * @param xo first row to be solved
     * @param rowX distance of rows, may be negative
     */
    void solve(int n, int m, double[] t, int to, int rowT, int columnT, double[] x, int xo, int rowX);

    /**
     * Solutions of one lower triangular system, in place, for several right-hand sides. Distances as for {@link #solve}, in
     * elements.
     *
     * @param unit whether the diagonal is taken as ones and not read
     * @param n rows of the triangle
     * @param m right-hand sides, a multiple of {@link #lanes}
     * @param t triangle; read
     * @param to first element
     * @param rowT distance of rows, may be negative
     * @param columnT distance of columns, may be negative
     * @param x right-hand sides, then solutions, m in a row; overlaps nothing
     * @param xo first row to be solved
     * @param rowX distance of rows, may be negative
     */
    void solveColumns(
            boolean unit, int n, int m, double[] t, int to, int rowT, int columnT, double[] x, int xo, int rowX);
}
