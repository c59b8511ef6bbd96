package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from the float form; edit that.
 *
 * <p>Gated recurrent cells for rows of h units: operands x and hh of 3 h numbers in the order reset, update, candidate. What
 * is transcendental runs over all rows at once, which should stay in the first cache. Results overlap nothing.
 *
 * <p>Loops short enough to be inlined have scalar ends: masked ones would be too much for one compilation.
 */
final class DoubleGru {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleGru() {}

    /** y = the new state of each row; state holds the old one. The scratch holds 2 h numbers a row. */
    static void cell(
            double[] x,
            int xo,
            double[] hh,
            int ho,
            double[] state,
            int so,
            int rows,
            int h,
            double[] y,
            int yo,
            double[] scratch) {
        gates(x, xo, hh, ho, rows, h, y, yo, scratch);
        for (int r = 0; r < rows; r++) {
            mix(scratch, r * 2 * h + h, state, so + r * h, y, yo + r * h, h);
        }
    }

    /** Reset and update gates of each row to the scratch, one after the other; candidates to c. */
    private static void gates(
            double[] x, int xo, double[] hh, int ho, int rows, int h, double[] c, int co, double[] scratch) {
        for (int r = 0; r < rows; r++) {
            sum(x, xo + r * 3 * h, hh, ho + r * 3 * h, scratch, r * 2 * h, 2 * h);
        }
        DoubleExp.sigmoid(scratch, 0, scratch, 0, rows * 2 * h);
        for (int r = 0; r < rows; r++) {
            int at = r * 3 * h + 2 * h;
            candidate(x, xo + at, hh, ho + at, scratch, r * 2 * h, c, co + r * h, h);
        }
        DoubleExp.tanh(c, co, c, co, rows * h);
    }

    /** y = a + b. */
    private static void sum(double[] a, int ao, double[] b, int bo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
            u.add(DoubleVector.fromArray(S, b, bo + i)).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = a[ao + i] + b[bo + i];
        }
    }

    /** y = a + b g. */
    private static void candidate(
            double[] a, int ao, double[] b, int bo, double[] g, int go, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector u = DoubleVector.fromArray(S, g, go + i);
            DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
            v.fma(u, DoubleVector.fromArray(S, a, ao + i)).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = Math.fma(b[bo + i], g[go + i], a[ao + i]);
        }
    }

    /** y += z (old - y). */
    private static void mix(double[] z, int zo, double[] old, int oo, double[] y, int yo, int n) {
        int i = 0;
        for (int end = S.loopBound(n); i < end; i += L) {
            DoubleVector c = DoubleVector.fromArray(S, y, yo + i);
            DoubleVector d = DoubleVector.fromArray(S, old, oo + i).sub(c);
            d.fma(DoubleVector.fromArray(S, z, zo + i), c).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            double c = y[yo + i];
            y[yo + i] = Math.fma(old[oo + i] - c, z[zo + i], c);
        }
    }

    /**
     * Cotangents of the three operands from that of the result, dy: dx and dhh of 3 h numbers a row, ds of h. The scratch
     * holds 3 h numbers a row.
     */
    static void gradient(
            double[] x,
            int xo,
            double[] hh,
            int ho,
            double[] state,
            int so,
            double[] dy,
            int dyo,
            int rows,
            int h,
            double[] dx,
            int dxo,
            double[] dhh,
            int dho,
            double[] ds,
            int dso,
            double[] scratch) {
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
            double[] gates,
            int uo,
            int co,
            double[] state,
            int so,
            double[] dy,
            int dyo,
            int h,
            double[] dx,
            int dxo,
            double[] ds,
            int dso) {
        int i = 0;
        for (int end = S.loopBound(h); i < end; i += L) {
            DoubleVector d = DoubleVector.fromArray(S, dy, dyo + i);
            DoubleVector update = DoubleVector.fromArray(S, gates, uo + i);
            DoubleVector now = DoubleVector.fromArray(S, gates, co + i);
            DoubleVector kept = d.mul(update);
            DoubleVector rest = d.sub(kept);
            kept.intoArray(ds, dso + i);
            DoubleVector change = DoubleVector.fromArray(S, state, so + i).sub(now);
            rest.mul(update).mul(change).intoArray(dx, dxo + h + i);
            rest.sub(rest.mul(now).mul(now)).intoArray(dx, dxo + 2 * h + i);
        }
        if (i < h) {
            VectorMask<Double> m = S.indexInRange(i, h);
            DoubleVector d = DoubleVector.fromArray(S, dy, dyo + i, m);
            DoubleVector update = DoubleVector.fromArray(S, gates, uo + i, m);
            DoubleVector now = DoubleVector.fromArray(S, gates, co + i, m);
            DoubleVector kept = d.mul(update);
            DoubleVector rest = d.sub(kept);
            kept.intoArray(ds, dso + i, m);
            DoubleVector change = DoubleVector.fromArray(S, state, so + i, m).sub(now);
            rest.mul(update).mul(change).intoArray(dx, dxo + h + i, m);
            rest.sub(rest.mul(now).mul(now)).intoArray(dx, dxo + 2 * h + i, m);
        }
    }

    /** What the reset gets, and all that the product of the state gets, from what the candidate has. */
    private static void ofReset(
            double[] gates, int ro, double[] g, int go, int h, double[] dx, int dxo, double[] dhh, int dho) {
        int i = 0;
        for (int end = S.loopBound(h); i < end; i += L) {
            DoubleVector reset = DoubleVector.fromArray(S, gates, ro + i);
            DoubleVector part = DoubleVector.fromArray(S, dx, dxo + 2 * h + i).mul(reset);
            DoubleVector q = part.sub(part.mul(reset)).mul(DoubleVector.fromArray(S, g, go + i));
            q.intoArray(dx, dxo + i);
            q.intoArray(dhh, dho + i);
            DoubleVector.fromArray(S, dx, dxo + h + i).intoArray(dhh, dho + h + i);
            part.intoArray(dhh, dho + 2 * h + i);
        }
        if (i < h) {
            VectorMask<Double> m = S.indexInRange(i, h);
            DoubleVector reset = DoubleVector.fromArray(S, gates, ro + i, m);
            DoubleVector part =
                    DoubleVector.fromArray(S, dx, dxo + 2 * h + i, m).mul(reset);
            DoubleVector q = part.sub(part.mul(reset)).mul(DoubleVector.fromArray(S, g, go + i, m));
            q.intoArray(dx, dxo + i, m);
            q.intoArray(dhh, dho + i, m);
            DoubleVector.fromArray(S, dx, dxo + h + i, m).intoArray(dhh, dho + h + i, m);
            part.intoArray(dhh, dho + 2 * h + i, m);
        }
    }
}
