package org.amortis.bench.peers;

import java.util.Arrays;

/**
 * Times one work: windows of warm-up until one brings no gain, then samples of many calls. The best sample is what counts:
 * other processes on the machine only ever add time.
 */
final class Sampler {
    private static final int SAMPLES = 15;
    private static final long SAMPLE_NANOS = 8_000_000;

    /** The compiler of a JVM takes about a second; native code only has caches and frequency to warm. */
    private static final long JAVA_WINDOW = 600_000_000;

    private static final long NATIVE_WINDOW = 120_000_000;
    private static final int MAX_WINDOWS = 12;

    /** A window that is not this much better is the last. */
    private static final double GAIN = 0.95;

    private Sampler() {}

    /** Microseconds of a call, median and best sample. */
    record Times(double median, double best) {}

    static Times measure(Work work, boolean step, boolean java) {
        warmUp(work, (java ? JAVA_WINDOW : NATIVE_WINDOW) * (step ? 2 : 1));
        long start = System.nanoTime();
        long calls = 0;
        do {
            work.run();
            calls++;
        } while (System.nanoTime() - start < SAMPLE_NANOS);
        double[] micros = new double[SAMPLES];
        for (int s = 0; s < SAMPLES; s++) {
            long t = System.nanoTime();
            for (long i = 0; i < calls; i++) {
                work.run();
            }
            micros[s] = (System.nanoTime() - t) * 1e-3 / calls;
        }
        Arrays.sort(micros);
        return new Times(micros[SAMPLES / 2], micros[0]);
    }

    private static void warmUp(Work work, long window) {
        double best = Double.POSITIVE_INFINITY;
        for (int w = 0; w < MAX_WINDOWS; w++) {
            double here = Double.POSITIVE_INFINITY;
            long start = System.nanoTime();
            long now = start;
            while (now - start < window) {
                work.run();
                long before = now;
                now = System.nanoTime();
                here = Math.min(here, now - before);
            }
            if (w > 0 && here > GAIN * best) {
                return;
            }
            best = Math.min(best, here);
        }
    }
}
