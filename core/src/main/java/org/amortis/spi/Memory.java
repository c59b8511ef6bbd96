package org.amortis.spi;

/** Resolves views to arrays of the host; what CPU kernels bind to. */
public interface Memory {
    /**
     * The array a view lies in: float[] for F32, double[] for F64, int[] otherwise.
     *
     * @param view the view
     * @return the whole array
     */
    Object array(View view);

    /**
     * First element of a view in its array.
     *
     * @param view the view
     * @return position
     */
    int offset(View view);
}
