package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Gated recurrent cells for rows of h units: operands x and hh of 3 h numbers in the order reset, update, candidate. What
 * is transcendental runs over all rows at once, which should stay in the first cache. Results overlap nothing.
 *
 * <p>Loops short enough to be inlined have scalar ends: masked ones would be too much for one compilation.
 */
final class FloatGru {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatGru() {}

    /** y = the new state of each row; state holds the old one. The scratch holds 2 h numbers a row. */
    static void cell(
            float[] x,
            int xo,
            float[] hh,
            int ho,
            float[] state,
            int so,
            int rows,
            int h,
            float[] y,
            int yo,
            float[] scratch) {
        gates(x, xo, hh, ho, rows, h, y, yo, scratch);
        for (int r = 0; r < rows; r++) {
            mix(scratch, r * 2 * h + h, state, so + r * h, y, yo + r * h, h);
        }
    }

    /** Reset and update gates of each row to the scratch, one after the other; candidates to c. */
    private static void gates(
            float[] x, int xo, float[] hh, int ho, int rows, int h, float[] c, int co, float[] scratch) {
        for (int r = 0; r < rows; r++) {
            sum(x, xo + r * 3 * h, hh, ho + r * 3 * h, scratch, r * 2 * h, 2 * h);
        }
        FloatExp.sigmoid(scratch, 0, scratch, 0, rows * 2 * h);
        for (int r = 0; r < rows; r++) {
            int at = r * 3 * h + 2 * h;
            candidate(x, xo + at, hh, ho + at, scratch, r * 2 * h, c, co + r * h, h);
        }
        FloatExp.tanh(c, co, c, co, rows * h);
    }

    /** y = a + b. */
    private static void sum(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector u = FloatVector.fromArray(S, a, ao + i);
            u.add(FloatVector.fromArray(S, b, bo + i)).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = a[ao + i] + b[bo + i];
        }
    }

    /** y = a + b g. */
    private static void candidate(float[] a, int ao, float[] b, int bo, float[] g, int go, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector u = FloatVector.fromArray(S, g, go + i);
            FloatVector v = FloatVector.fromArray(S, b, bo + i);
            v.fma(u, FloatVector.fromArray(S, a, ao + i)).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = Math.fma(b[bo + i], g[go + i], a[ao + i]);
        }
    }

    /** y += z (old - y). */
    private static void mix(float[] z, int zo, float[] old, int oo, float[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            FloatVector c = FloatVector.fromArray(S, y, yo + i);
            FloatVector d = FloatVector.fromArray(S, old, oo + i).sub(c);
            d.fma(FloatVector.fromArray(S, z, zo + i), c).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            float c = y[yo + i];
            y[yo + i] = Math.fma(old[oo + i] - c, z[zo + i], c);
        }
    }

    /**
     * Cotangents of the three operands from that of the result, dy: dx and dhh of 3 h numbers a row, ds of h. The scratch
     * holds 3 h numbers a row.
     */
    static void gradient(
            float[] x,
            int xo,
            float[] hh,
            int ho,
            float[] state,
            int so,
            float[] dy,
            int dyo,
            int rows,
            int h,
            float[] dx,
            int dxo,
            float[] dhh,
            int dho,
            float[] ds,
            int dso,
            float[] scratch) {
        int candidates = rows * 2 * h;
        gates(x, xo, hh, ho, rows, h, scratch, candidates, scratch);
        for (int r = 0; r < rows; r++) {
            int wide = r * 3 * h;
            int gate = r * 2 * h;
            int one = r * h;
            ofUpdate(
                    scratch,
                    gate + h,
                    candidates + one,
                    state,
                    so + one,
                    dy,
                    dyo + one,
                    h,
                    dx,
                    dxo + wide,
                    ds,
                    dso + one);
            ofReset(scratch, gate, hh, ho + wide + 2 * h, h, dx, dxo + wide, dhh, dho + wide);
        }
    }

    /** From the update gate at uo and the candidate at co: what the state, the update and the candidate get. */
    private static void ofUpdate(
            float[] gates,
            int uo,
            int co,
            float[] state,
            int so,
            float[] dy,
            int dyo,
            int h,
            float[] dx,
            int dxo,
            float[] ds,
            int dso) {
        int i = 0;
        for (int end = S.loopBound(h); i < end; i += L) {
            FloatVector d = FloatVector.fromArray(S, dy, dyo + i);
            FloatVector update = FloatVector.fromArray(S, gates, uo + i);
            FloatVector now = FloatVector.fromArray(S, gates, co + i);
            FloatVector kept = d.mul(update);
            FloatVector rest = d.sub(kept);
            kept.intoArray(ds, dso + i);
            FloatVector change = FloatVector.fromArray(S, state, so + i).sub(now);
            rest.mul(update).mul(change).intoArray(dx, dxo + h + i);
            rest.sub(rest.mul(now).mul(now)).intoArray(dx, dxo + 2 * h + i);
        }
        if (i < h) {
            VectorMask<Float> m = S.indexInRange(i, h);
            FloatVector d = FloatVector.fromArray(S, dy, dyo + i, m);
            FloatVector update = FloatVector.fromArray(S, gates, uo + i, m);
            FloatVector now = FloatVector.fromArray(S, gates, co + i, m);
            FloatVector kept = d.mul(update);
            FloatVector rest = d.sub(kept);
            kept.intoArray(ds, dso + i, m);
            FloatVector change = FloatVector.fromArray(S, state, so + i, m).sub(now);
            rest.mul(update).mul(change).intoArray(dx, dxo + h + i, m);
            rest.sub(rest.mul(now).mul(now)).intoArray(dx, dxo + 2 * h + i, m);
        }
    }

    /** What the reset gets, and all that the product of the state gets, from what the candidate has. */
    private static void ofReset(
            float[] gates, int ro, float[] g, int go, int h, float[] dx, int dxo, float[] dhh, int dho) {
        int i = 0;
        for (int end = S.loopBound(h); i < end; i += L) {
            FloatVector reset = FloatVector.fromArray(S, gates, ro + i);
            FloatVector part = FloatVector.fromArray(S, dx, dxo + 2 * h + i).mul(reset);
            FloatVector q = part.sub(part.mul(reset)).mul(FloatVector.fromArray(S, g, go + i));
            q.intoArray(dx, dxo + i);
            q.intoArray(dhh, dho + i);
            FloatVector.fromArray(S, dx, dxo + h + i).intoArray(dhh, dho + h + i);
            part.intoArray(dhh, dho + 2 * h + i);
        }
        if (i < h) {
            VectorMask<Float> m = S.indexInRange(i, h);
            FloatVector reset = FloatVector.fromArray(S, gates, ro + i, m);
            FloatVector part = FloatVector.fromArray(S, dx, dxo + 2 * h + i, m).mul(reset);
            FloatVector q = part.sub(part.mul(reset)).mul(FloatVector.fromArray(S, g, go + i, m));
            q.intoArray(dx, dxo + i, m);
            q.intoArray(dhh, dho + i, m);
            FloatVector.fromArray(S, dx, dxo + h + i, m).intoArray(dhh, dho + h + i, m);
            part.intoArray(dhh, dho + 2 * h + i, m);
        }
    }
}
