package org.amortis.bench.step;

import java.util.Arrays;
import java.util.Locale;
import org.amortis.runtime.Device;

/**
 * The JVM of one measurement: {@code STEP THREADS PRIMED SECONDS}. Opens a device, primes it if asked to, traces, compiles
 * and replays a training step, and prints when it came to its steady speed, see {@link #LINE}.
 */
public final class WarmUpJvm {
    /**
     * What the line of the result begins with; then, separated by tabs, seconds of the priming, seconds from the end of the
     * priming to the end of the first step, seconds from there to the steady speed, and the steady microseconds a step.
     */
    static final String LINE = "amortis-warm-up";

    private static final double WINDOW = 0.1;

    /** A window is steady at 90% of the speed of the last third. */
    private static final double STEADY = 0.9;

    /** Windows together: one alone may be disturbed by another process. */
    private static final int TOGETHER = 5;

    private WarmUpJvm() {}

    /**
     * Measures and leaves.
     *
     * @param args step, threads, whether to prime, seconds to replay
     */
    public static void main(String[] args) {
        MeasuredStep step = MeasuredStep.valueOf(args[0]);
        double seconds = Double.parseDouble(args[3]);
        try (Device device = Device.builder().threads(Integer.parseInt(args[1])).build()) {
            long start = System.nanoTime();
            if (Boolean.parseBoolean(args[2])) {
                device.warmUp();
            }
            long primed = System.nanoTime();
            StepRun run = StepRun.of(step, device);
            run.run();
            long first = System.nanoTime();
            double[] rates = new double[(int) (seconds / WINDOW)];
            for (int i = 0; i < rates.length; i++) {
                long from = System.nanoTime();
                long now = from;
                int steps = 0;
                while ((now - from) * 1e-9 < WINDOW) {
                    run.run();
                    steps++;
                    now = System.nanoTime();
                }
                rates[i] = steps / ((now - from) * 1e-9);
            }
            double[] last = Arrays.copyOfRange(rates, rates.length * 2 / 3, rates.length);
            double steady = median(last);
            System.out.printf(
                    Locale.ROOT,
                    "%s\t%.2f\t%.2f\t%.2f\t%.1f%n",
                    LINE,
                    (primed - start) * 1e-9,
                    (first - primed) * 1e-9,
                    WINDOW * windowsBefore(rates, STEADY * steady),
                    1e6 / steady);
        }
        System.exit(0);
    }

    /** Windows before the first from which on the median of a few is fast enough. */
    static int windowsBefore(double[] rates, double enough) {
        int i = 0;
        while (i + TOGETHER <= rates.length && median(Arrays.copyOfRange(rates, i, i + TOGETHER)) < enough) {
            i++;
        }
        return i;
    }

    private static double median(double[] x) {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
