package org.amortis.bench.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.amortis.array.HostArray;
import org.amortis.diagnose.ChainDiagnostics;
import org.amortis.diagnose.ChainSummary;
import org.amortis.mc.Samples;
import org.amortis.mc.Statistic;

/** All quantities of a run: the coordinates and the log density, each summarised. */
final class ChainTable {
    private final List<String> names = new ArrayList<>();
    private final List<double[][]> values = new ArrayList<>();
    private final List<ChainSummary> summaries;
    private final double[] energyFraction;
    private final double[][] energy;
    private final boolean[][] divergent;

    ChainTable(Samples samples) {
        int d = samples.draws().shape().dim(2);
        for (int i = 0; i < d; i++) {
            names.add("x" + (i + 1));
            values.add(samples.coordinate(i));
        }
        names.add("logDensity");
        values.add(statistic(samples, Statistic.LOG_DENSITY));
        this.summaries = values.stream().map(ChainSummary::of).toList();
        this.energy = statistic(samples, Statistic.ENERGY);
        this.energyFraction = ChainDiagnostics.energyFraction(energy);
        double[][] lost = statistic(samples, Statistic.DIVERGENT);
        this.divergent = new boolean[lost.length][];
        for (int c = 0; c < lost.length; c++) {
            divergent[c] = new boolean[lost[c].length];
            for (int i = 0; i < lost[c].length; i++) {
                divergent[c][i] = lost[c][i] != 0;
            }
        }
    }

    static double[][] statistic(Samples samples, Statistic s) {
        HostArray a = samples.statistic(s);
        int n = a.shape().dim(1);
        double[][] r = new double[a.shape().dim(0)][];
        for (int c = 0; c < r.length; c++) {
            r[c] = Arrays.copyOfRange(a.doubles(), c * n, c * n + samples.filled());
        }
        return r;
    }

    /** Coordinates and, last, the log density. */
    int size() {
        return names.size();
    }

    String name(int i) {
        return names.get(i);
    }

    double[][] values(int i) {
        return values.get(i);
    }

    ChainSummary summary(int i) {
        return summaries.get(i);
    }

    double[][] energy() {
        return energy;
    }

    double[] energyFraction() {
        return energyFraction;
    }

    boolean[][] divergent() {
        return divergent;
    }

    /** Quantities by their effective draws, the fewest first; what cannot be said counts as none. */
    int[] worstFirst() {
        return IntStream.range(0, size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> {
                    double e = summaries.get(i).bulkEss();
                    return Double.isNaN(e) ? -1 : e;
                }))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    double largestRHat() {
        return summaries.stream().mapToDouble(ChainSummary::rHat).max().orElse(Double.NaN);
    }

    double leastBulkEss() {
        return summaries.stream().mapToDouble(ChainSummary::bulkEss).min().orElse(Double.NaN);
    }

    double leastTailEss() {
        return summaries.stream().mapToDouble(ChainSummary::tailEss).min().orElse(Double.NaN);
    }
}
