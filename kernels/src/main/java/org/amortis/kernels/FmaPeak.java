package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The float32 multiply-add rate of one core, by a loop that does nothing else: what guards hold a matrix product against.
 * Twelve independent chains cover the latency of two pipes and fit 16 registers. Identical chains would be one to the
 * compiler, so each starts from a number of its own.
 */
public final class FmaPeak {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int CHAINS = 12;
    private static final int ITERATIONS = 2_000;

    /** More than HotSpot wants to see before it compiles for good. */
    private static final int LEAST_CALLS = 6_000;

    private FmaPeak() {}

    /**
     * Measures the rate for about the given time, warm-up included, or longer where the compiler is slow: the best of many
     * short calls, so that a busy machine disturbs it little.
     *
     * @param millis how long to measure; 500 are enough
     * @return floating-point operations per second, two for each multiply-add
     */
    public static double measure(int millis) {
        long end = System.nanoTime() + millis * 1_000_000L;
        double best = 0;
        float sink = 0;
        int calls = 0;
        do {
            long t = System.nanoTime();
            sink += run(ITERATIONS, sink);
            t = System.nanoTime() - t;
            best = Math.max(best, flops(ITERATIONS) / (t * 1e-9));
            calls++;
        } while (calls < LEAST_CALLS || System.nanoTime() < end);
        return sink == 0 ? best : best + 0 * sink;
    }

    private static double flops(int iterations) {
        return 2.0 * CHAINS * S.length() * iterations;
    }

    private static float run(int iterations, float start) {
        FloatVector a = FloatVector.broadcast(S, 0.5f);
        FloatVector b = FloatVector.broadcast(S, 0.25f);
        FloatVector c0 = FloatVector.broadcast(S, start + 0);
        FloatVector c1 = FloatVector.broadcast(S, start + 1);
        FloatVector c2 = FloatVector.broadcast(S, start + 2);
        FloatVector c3 = FloatVector.broadcast(S, start + 3);
        FloatVector c4 = FloatVector.broadcast(S, start + 4);
        FloatVector c5 = FloatVector.broadcast(S, start + 5);
        FloatVector c6 = FloatVector.broadcast(S, start + 6);
        FloatVector c7 = FloatVector.broadcast(S, start + 7);
        FloatVector c8 = FloatVector.broadcast(S, start + 8);
        FloatVector c9 = FloatVector.broadcast(S, start + 9);
        FloatVector c10 = FloatVector.broadcast(S, start + 10);
        FloatVector c11 = FloatVector.broadcast(S, start + 11);
        for (int i = 0; i < iterations; i++) {
            c0 = c0.fma(a, b);
            c1 = c1.fma(a, b);
            c2 = c2.fma(a, b);
            c3 = c3.fma(a, b);
            c4 = c4.fma(a, b);
            c5 = c5.fma(a, b);
            c6 = c6.fma(a, b);
            c7 = c7.fma(a, b);
            c8 = c8.fma(a, b);
            c9 = c9.fma(a, b);
            c10 = c10.fma(a, b);
            c11 = c11.fma(a, b);
        }
        FloatVector low = c0.add(c1).add(c2.add(c3)).add(c4.add(c5));
        return low.add(c6.add(c7)).add(c8.add(c9)).add(c10.add(c11)).lane(0);
    }
}
