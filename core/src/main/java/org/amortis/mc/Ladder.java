package org.amortis.mc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;

/**
 * Temperatures from above 0 to 1, each with the step size and the metric of its moves: all that a run learns from its
 * particles. A run with a ladder learns nothing, so that its estimate of the normaliser is unbiased.
 */
public final class Ladder {
    private static final String RUNGS = "mc/rungs";
    private static final String SCALES = "mc/scales";

    private final List<Rung> rungs = new ArrayList<>();

    /** One temperature. */
    static final class Rung {
        private final double temperature;
        private final double step;
        private final double[] scale;

        Rung(double temperature, double step, double[] scale) {
            this.temperature = temperature;
            this.step = step;
            this.scale = scale;
        }

        double temperature() {
            return temperature;
        }

        double step() {
            return step;
        }

        /** Factor of the metric, shared: not to be written. */
        double[] scale() {
            return scale;
        }
    }

    Ladder() {}

    void add(double temperature, double step, double[] scale) {
        rungs.add(new Rung(temperature, step, scale));
    }

    Rung rung(int k) {
        return rungs.get(k);
    }

    /**
     * Number of temperatures.
     *
     * @return how many
     */
    public int size() {
        return rungs.size();
    }

    /**
     * A temperature.
     *
     * @param k which, from 0
     * @return in (0, 1]
     */
    public double temperature(int k) {
        return rungs.get(k).temperature;
    }

    /**
     * The step size of its moves.
     *
     * @param k which, from 0
     * @return step size
     */
    public double stepSize(int k) {
        return rungs.get(k).step;
    }

    /**
     * More temperatures between the old ones, with the moves of the next old one.
     *
     * @param parts equal steps for each old one
     * @return a new ladder
     */
    public Ladder refine(int parts) {
        Ladder fine = new Ladder();
        double below = 0;
        for (Rung r : rungs) {
            for (int i = 1; i <= parts; i++) {
                double t = i == parts ? r.temperature : below + (r.temperature - below) * i / parts;
                fine.add(t, r.step, r.scale);
            }
            below = r.temperature;
        }
        return fine;
    }

    /** Adds its numbers to the arrays of a file. */
    void put(Map<String, HostArray> into) {
        int n = rungs.size();
        int size = n == 0 ? 0 : rungs.get(0).scale.length;
        double[] pairs = new double[2 * n];
        double[] scales = new double[size * n];
        for (int k = 0; k < n; k++) {
            pairs[2 * k] = temperature(k);
            pairs[2 * k + 1] = stepSize(k);
            System.arraycopy(rungs.get(k).scale, 0, scales, k * size, size);
        }
        into.put(RUNGS, HostArray.wrap(pairs, Shape.of(n, 2)));
        into.put(SCALES, HostArray.wrap(scales, Shape.of(n, size)));
    }

    /** What {@link #put} has written. */
    static Ladder of(McArrays all) {
        double[] pairs = all.doubles(RUNGS);
        HostArray scales = all.array(SCALES);
        int size = scales.shape().dim(1);
        Ladder l = new Ladder();
        for (int k = 0; k < pairs.length / 2; k++) {
            l.add(pairs[2 * k], pairs[2 * k + 1], Arrays.copyOfRange(scales.doubles(), k * size, (k + 1) * size));
        }
        return l;
    }

    /** The same for ladders of the same numbers. */
    String fingerprint() {
        long h = rungs.size();
        for (Rung r : rungs) {
            h = 31 * (31 * h + Double.hashCode(r.temperature)) + Double.hashCode(r.step);
            h = 31 * h + Arrays.hashCode(r.scale);
        }
        return Long.toHexString(h);
    }

    @Override
    public String toString() {
        return "Ladder(" + rungs.size() + " temperatures)";
    }
}
