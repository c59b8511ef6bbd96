package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from the float form; edit that.
 *
 * <p>Copies of panels of the right factor: step after step, each with all its columns side by side, padded with zeros.
 */
final class DoublePack {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoublePack() {}

    /**
     * Panel of steps x lanes from b, whose element (p, j) lies at bo + p * ldb + j, or at bo + j * ldb + p if trans. Only
     * width columns are read; lanes is one or two vectors. panel is written and must not overlap b.
     */
    static void panel(
            boolean trans, double[] b, int bo, int ldb, int steps, int width, double[] panel, int po, int lanes) {
        if (trans) {
            transposed(b, bo, ldb, steps, width, panel, po, lanes);
        } else if (width == 2 * L) {
            for (int p = 0; p < steps; p++) {
                DoubleVector.fromArray(S, b, bo + p * ldb).intoArray(panel, po + p * lanes);
                DoubleVector.fromArray(S, b, bo + p * ldb + L).intoArray(panel, po + p * lanes + L);
            }
        } else {
            for (int p = 0; p < steps; p++) {
                int to = po + p * lanes;
                System.arraycopy(b, bo + p * ldb, panel, to, width);
                for (int j = width; j < lanes; j++) {
                    panel[to + j] = 0;
                }
            }
        }
    }

    private static void transposed(
            double[] b, int bo, int ldb, int steps, int width, double[] panel, int po, int lanes) {
        for (int j = 0; j < lanes; j++) {
            int from = bo + j * ldb;
            int to = po + j;
            if (j < width) {
                for (int p = 0; p < steps; p++) {
                    panel[to + p * lanes] = b[from + p];
                }
            } else {
                for (int p = 0; p < steps; p++) {
                    panel[to + p * lanes] = 0;
                }
            }
        }
    }
}
