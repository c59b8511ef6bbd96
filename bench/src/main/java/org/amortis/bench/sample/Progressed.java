package org.amortis.bench.sample;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.study.Console;
import org.amortis.train.Listener;
import org.amortis.train.Trainer;

/** The bound in the course of training, in so many pieces, and the progress on the console. Goes on after a resume. */
final class Progressed implements Listener {
    private static final int PIECES = 150;
    private static final int GLANCE = 64;
    private static final String NAME = "bound";

    private final String phase;
    private final Console console;
    private final int every;
    private final double[] points;
    private double sum;
    private int summed;
    private int filled;
    private double carried;
    private long start;
    private int startStep;

    Progressed(String phase, int steps, Console console) {
        this.phase = phase;
        this.console = console;
        this.every = Math.max(1, steps / PIECES);
        this.points = new double[2 * (steps / every + 1)];
    }

    /** Steps and mean bounds since the point before [n, 2]. */
    HostArray curve() {
        return HostArray.wrap(Arrays.copyOf(points, filled), Shape.of(filled / 2, 2));
    }

    double seconds() {
        return carried + (System.nanoTime() - start) * 1e-9;
    }

    @Override
    public void started(Trainer trainer) {
        start = System.nanoTime();
        startStep = trainer.steps();
    }

    @Override
    public void stepped(Trainer trainer) {
        int step = trainer.steps();
        // the third value of a step, after loss and gradient norm
        sum += trainer.value(2);
        summed++;
        if (step % every == 0) {
            points[filled++] = step;
            points[filled++] = sum / summed;
            sum = 0;
            summed = 0;
        }
        if (step % GLANCE == 0 || step == trainer.target()) {
            console.progress(
                    phase,
                    step / (double) trainer.target(),
                    String.format(
                            Locale.ROOT,
                            "%s%.0f steps/s",
                            filled == 0 ? "" : String.format(Locale.ROOT, "bound %.3f  ", points[filled - 1]),
                            (step - startStep) / Math.max(1e-9, seconds() - carried)));
        }
    }

    @Override
    public Map<String, HostArray> saved() {
        double[] a = Arrays.copyOf(points, filled + 3);
        a[filled] = sum;
        a[filled + 1] = summed;
        a[filled + 2] = seconds();
        return Map.of(NAME, HostArray.wrap(a, Shape.of(a.length)));
    }

    @Override
    public void restored(Map<String, HostArray> all) {
        HostArray a = all.get(NAME);
        if (a == null) {
            return;
        }
        filled = a.shape().size() - 3;
        for (int i = 0; i < filled; i++) {
            points[i] = a.get(i);
        }
        sum = a.get(filled);
        summed = (int) a.get(filled + 1);
        carried = a.get(filled + 2);
    }
}
