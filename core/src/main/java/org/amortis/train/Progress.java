package org.amortis.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Lines about a run: step, loss and metrics averaged since the line before, steps a second, time left.
 */
public final class Progress implements Listener {
    private static final System.Logger LOG = System.getLogger("org.amortis");

    private final int every;
    private final Consumer<String> to;
    private double[] sums = new double[0];
    private int steps;
    private long since;

    private Progress(int every, Consumer<String> to) {
        if (every < 1) {
            throw new IllegalArgumentException("progress(every=" + every + "): at least 1");
        }
        this.every = every;
        this.to = to;
    }

    /**
     * Lines to the system logger.
     *
     * @param steps a line after every so many steps
     * @return the listener
     */
    public static Progress every(int steps) {
        return new Progress(steps, line -> LOG.log(System.Logger.Level.INFO, line));
    }

    /**
     * The same lines somewhere else.
     *
     * @param lines takes each line, without line end
     * @return a new listener
     */
    public Progress to(Consumer<String> lines) {
        return new Progress(every, lines);
    }

    @Override
    public void started(Trainer trainer) {
        sums = new double[0];
        steps = 0;
        since = System.nanoTime();
    }

    @Override
    public void stepped(Trainer trainer) {
        if (sums.length == 0) {
            sums = new double[trainer.names().size()];
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] += trainer.value(i);
        }
        steps++;
        if (trainer.steps() % every == 0 || trainer.steps() == trainer.target()) {
            line(trainer);
        }
    }

    private void line(Trainer trainer) {
        long now = System.nanoTime();
        double rate = steps / Math.max(1e-9, (now - since) * 1e-9);
        StringBuilder b = new StringBuilder();
        b.append("step ").append(trainer.steps()).append('/').append(trainer.target());
        for (int i = 0; i < sums.length; i++) {
            b.append(String.format(Locale.ROOT, "  %s %.5g", trainer.names().get(i), sums[i] / steps));
        }
        int left = trainer.target() - trainer.steps();
        b.append(String.format(Locale.ROOT, "  %.1f steps/s", rate));
        if (left > 0) {
            b.append("  ").append(time(left / rate)).append(" left");
        }
        to.accept(b.toString());
        Arrays.fill(sums, 0);
        steps = 0;
        // what the line's taker needs is not the step's time
        since = System.nanoTime();
    }

    static String time(double seconds) {
        long s = Math.round(seconds);
        return s < 60
                ? s + " s"
                : s < 3600
                        ? String.format(Locale.ROOT, "%d min %02d s", s / 60, s % 60)
                        : String.format(Locale.ROOT, "%d h %02d min", s / 3600, s % 3600 / 60);
    }
}
