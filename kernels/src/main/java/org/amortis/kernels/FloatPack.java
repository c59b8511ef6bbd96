package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Copies of panels of the right factor: step after step, each with all its columns side by side, padded with zeros. */
final class FloatPack {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatPack() {}

    /**
     * Panel of steps x lanes from b, whose element (p, j) lies at bo + p * ldb + j, or at bo + j * ldb + p if trans. Only
     * width columns are read; lanes is one or two vectors. panel is written and must not overlap b.
     */
    static void panel(
            boolean trans, float[] b, int bo, int ldb, int steps, int width, float[] panel, int po, int lanes) {
        if (trans) {
            transposed(b, bo, ldb, steps, width, panel, po, lanes);
        } else if (width == 2 * L) {
            for (int p = 0; p < steps; p++) {
                FloatVector.fromArray(S, b, bo + p * ldb).intoArray(panel, po + p * lanes);
                FloatVector.fromArray(S, b, bo + p * ldb + L).intoArray(panel, po + p * lanes + L);
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

    private static void transposed(float[] b, int bo, int ldb, int steps, int width, float[] panel, int po, int lanes) {
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
