package org.amortis.diagnose;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.amortis.array.ShapeException;

/** Rank statistics. */
public final class Ranks {
    private Ranks() {}

    /**
     * Spearman's rank correlation; ties share their mean rank.
     *
     * @param a numbers
     * @param b as many
     * @return in [-1, 1]; NaN if one of them is constant or there are fewer than two
     */
    public static double correlation(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new ShapeException("correlation(a=" + a.length + ", b=" + b.length + "): lengths differ");
        }
        double[] x = ranks(a);
        double[] y = ranks(b);
        double m = (a.length + 1) / 2.0;
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < a.length; i++) {
            xy += (x[i] - m) * (y[i] - m);
            xx += (x[i] - m) * (x[i] - m);
            yy += (y[i] - m) * (y[i] - m);
        }
        return xy / Math.sqrt(xx * yy);
    }

    /**
     * Ranks from 1; ties share their mean rank.
     *
     * @param a numbers
     * @return rank of each
     */
    public static double[] ranks(double... a) {
        int[] order = IntStream.range(0, a.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> a[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] r = new double[a.length];
        for (int i = 0; i < a.length; ) {
            int j = i;
            while (j < a.length && a[order[j]] == a[order[i]]) {
                j++;
            }
            int end = Math.max(j, i + 1);
            for (int k = i; k < end; k++) {
                r[order[k]] = (i + end + 1) / 2.0;
            }
            i = end;
        }
        return r;
    }
}
