package org.amortis.mc;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;

/** Draws of a {@link Sampler} and what is known of them. The arrays are the ones that are written: treat them as read-only. */
public final class Samples {
    private final int chains;
    private final int draws;
    private final int dimension;
    private final HostArray values;
    private final Map<Statistic, HostArray> statistics = new EnumMap<>(Statistic.class);
    private int filled;

    Samples(int chains, int draws, int dimension) {
        this.chains = chains;
        this.draws = draws;
        this.dimension = dimension;
        this.values = HostArray.zeros(DType.F64, Shape.of(chains, draws, dimension));
        for (Statistic s : Statistic.values()) {
            statistics.put(s, HostArray.zeros(DType.F64, Shape.of(chains, draws)));
        }
    }

    /**
     * The draws.
     *
     * @return F64 [chains, draws, d]; zero from {@link #filled()} on
     */
    public HostArray draws() {
        return values;
    }

    /**
     * One number for each draw.
     *
     * @param s which
     * @return F64 [chains, draws]
     */
    public HostArray statistic(Statistic s) {
        return array(s);
    }

    /**
     * All numbers for each draw.
     *
     * @return F64 [chains, draws] each
     */
    public Map<Statistic, HostArray> statistics() {
        return Collections.unmodifiableMap(statistics);
    }

    /**
     * How many draws of each chain there are so far.
     *
     * @return at most the number asked for
     */
    public int filled() {
        return filled;
    }

    /**
     * One coordinate.
     *
     * @param i which
     * @return [chains][draws so far]
     */
    public double[][] coordinate(int i) {
        double[][] r = new double[chains][filled];
        for (int c = 0; c < chains; c++) {
            for (int n = 0; n < filled; n++) {
                r[c][n] = values.doubles()[(c * draws + n) * dimension + i];
            }
        }
        return r;
    }

    /**
     * Mean of a statistic over the draws so far.
     *
     * @param s which
     * @return mean; NaN if there are none
     */
    public double mean(Statistic s) {
        double[] a = array(s).doubles();
        double sum = 0;
        for (int c = 0; c < chains; c++) {
            for (int n = 0; n < filled; n++) {
                sum += a[c * draws + n];
            }
        }
        return sum / ((double) chains * filled);
    }

    private HostArray array(Statistic s) {
        HostArray a = statistics.get(s);
        if (a == null) {
            throw new IllegalStateException(s.name());
        }
        return a;
    }

    void filled(int n) {
        filled = n;
    }

    /** Takes the positions of all chains as the next draw. */
    void add(double[] z) {
        for (int c = 0; c < chains; c++) {
            System.arraycopy(z, c * dimension, values.doubles(), (c * draws + filled) * dimension, dimension);
        }
    }

    void put(Statistic s, int chain, double value) {
        array(s).doubles()[chain * draws + filled] = value;
    }

    /** Sums over the transitions of a draw. */
    void gather(Statistic s, int chain, boolean first, double value) {
        double[] a = array(s).doubles();
        int i = chain * draws + filled;
        a[i] = first ? value : a[i] + value;
    }

    @Override
    public String toString() {
        return "Samples(chains=" + chains + ", draws=" + filled + "/" + draws + ", d=" + dimension + ")";
    }
}
