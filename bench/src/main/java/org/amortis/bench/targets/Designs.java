package org.amortis.bench.targets;

import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.mc.Target;
import org.amortis.mc.target.LogisticRegression;

/** Logistic regressions: columns of a table are scaled and follow a column of ones. */
final class Designs {
    private Designs() {}

    /** Columns centred and divided by their population deviation, the label last, prior N(0, 1). */
    static Target standardised(String name, TargetData data) {
        HostArray table = data.read();
        int features = table.shape().dim(1) - 1;
        return LogisticRegression.of(name, design(table, 0, features, true), column(table, features), 1);
    }

    /** Columns divided by their population deviation, not centred; the prior's deviation may be infinite. */
    static Target credit(String name, double priorStd) {
        HostArray table = TargetData.CREDIT.read();
        double[] labels = column(table, 24);
        for (int i = 0; i < labels.length; i++) {
            labels[i] = labels[i] == 2 ? 0 : 1;
        }
        return LogisticRegression.of(name, design(table, 0, 24, false), labels, priorStd);
    }

    /** As credit, prior N(0, 10). Without the prior the likelihood has no integral: the points are separable. */
    static Target cancer(String name) {
        HostArray table = TargetData.CANCER.read();
        double[] labels = column(table, 1);
        for (int i = 0; i < labels.length; i++) {
            labels[i] = 1 - labels[i];
        }
        return LogisticRegression.of(name, design(table, 2, 30, false), labels, 10);
    }

    private static double[] column(HostArray table, int j) {
        double[] c = new double[table.shape().dim(0)];
        for (int i = 0; i < c.length; i++) {
            c[i] = table.at(i, j);
        }
        return c;
    }

    private static HostArray design(HostArray table, int from, int features, boolean centre) {
        int n = table.shape().dim(0);
        int d = features + 1;
        double[] x = new double[n * d];
        for (int i = 0; i < n; i++) {
            x[i * d] = 1;
        }
        for (int j = 0; j < features; j++) {
            double[] c = column(table, from + j);
            double mean = 0;
            for (double v : c) {
                mean += v / n;
            }
            double variance = 0;
            for (double v : c) {
                variance += (v - mean) * (v - mean) / n;
            }
            double std = variance == 0 ? 1 : Math.sqrt(variance);
            for (int i = 0; i < n; i++) {
                x[i * d + j + 1] = (c[i] - (centre ? mean : 0)) / std;
            }
        }
        return HostArray.wrap(x, Shape.of(n, d));
    }
}
