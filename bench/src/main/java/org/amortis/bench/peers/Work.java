package org.amortis.bench.peers;

import java.util.function.Supplier;

/** What one row does in one library. */
public interface Work {
    /** Once. */
    void run();

    /**
     * How far the last result is from the truth.
     *
     * @return see {@link Reference#error}; NaN if it was not compared
     */
    double error();

    /**
     * Work whose result can be read.
     *
     * @param row what it computes
     * @param run computes
     * @param result copies the result of the last run
     * @return the work
     */
    static Work of(Row row, Runnable run, Supplier<float[]> result) {
        return new Work() {
            @Override
            public void run() {
                run.run();
            }

            @Override
            public double error() {
                return Reference.error(row, result.get());
            }
        };
    }

    /**
     * A training step: after the first runs its loss must be a number. First parameters and draws are the library's own, so
     * there is nothing to compare it with.
     *
     * @param run one step
     * @param loss loss of the last step
     * @return the work
     */
    static Work step(Runnable run, Supplier<Float> loss) {
        return new Work() {
            @Override
            public void run() {
                run.run();
            }

            @Override
            public double error() {
                float l = loss.get();
                if (!Float.isFinite(l)) {
                    throw new IllegalStateException("the loss of the step is " + l);
                }
                return Double.NaN;
            }
        };
    }
}
