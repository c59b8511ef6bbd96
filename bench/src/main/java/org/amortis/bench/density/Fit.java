package org.amortis.bench.density;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.study.Console;
import org.amortis.train.Batches;
import org.amortis.train.Listener;
import org.amortis.train.Trainer;

/** The log-likelihood of training and validation rows in the course of training. Goes on after a resume. */
final class Fit implements Listener {
    private static final int COLUMNS = 4;
    private static final String NAME = "fit";
    private static final int GLANCE = 16;

    private final Batches validation;
    private final int perEpoch;
    private final int every;
    private final double logDet;
    private final boolean likelihood;
    private final Console console;
    private final List<Point> points = new ArrayList<>();
    private double sum;
    private int summed;
    private double carried;
    private long start;
    private int startStep;

    /**
     * A moment.
     *
     * @param epoch passes over the training rows so far
     * @param train mean log-likelihood of the training rows since the last moment, nats; NaN if
     *     training minimises something else
     * @param validation mean log-likelihood of the validation rows, nats
     * @param seconds training so far
     */
    record Point(double epoch, double train, double validation, double seconds) {}

    /**
     * Watches.
     *
     * @param validation standardised rows
     * @param perEpoch steps in an epoch
     * @param every steps between two points
     * @param logDet taken off, to be in the units of the data
     * @param likelihood whether the loss in training is minus the log-likelihood
     * @param console where progress goes
     */
    Fit(Batches validation, int perEpoch, int every, double logDet, boolean likelihood, Console console) {
        this.validation = validation;
        this.perEpoch = perEpoch;
        this.every = every;
        this.logDet = logDet;
        this.likelihood = likelihood;
        this.console = console;
    }

    List<Point> points() {
        return points;
    }

    /** Seconds of training before this process. */
    double carried() {
        return carried;
    }

    private double seconds() {
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
        sum -= trainer.loss();
        summed++;
        if (step % every == 0 || step == trainer.target()) {
            points.add(new Point(
                    step / (double) perEpoch,
                    likelihood ? sum / summed - logDet : Double.NaN,
                    -trainer.evaluate(validation).loss() - logDet,
                    seconds()));
            sum = 0;
            summed = 0;
        }
        if (step % GLANCE == 0 || step == trainer.target()) {
            double rate = (step - startStep) / Math.max(1e-9, seconds() - carried);
            console.progress(
                    "training",
                    step / (double) trainer.target(),
                    String.format(Locale.ROOT, "epoch %d%s  %.0f steps/s", step / perEpoch, last(), rate));
        }
    }

    private String last() {
        if (points.isEmpty()) {
            return "";
        }
        Point p = points.getLast();
        String validation = String.format(Locale.ROOT, "  log p %.3f validation", p.validation());
        return likelihood ? validation + String.format(Locale.ROOT, ", %.3f train", p.train()) : validation;
    }

    @Override
    public Map<String, HostArray> saved() {
        double[] a = new double[COLUMNS * points.size() + 3];
        for (int i = 0; i < points.size(); i++) {
            Point p = points.get(i);
            a[COLUMNS * i] = p.epoch();
            a[COLUMNS * i + 1] = p.train();
            a[COLUMNS * i + 2] = p.validation();
            a[COLUMNS * i + 3] = p.seconds();
        }
        a[a.length - 3] = sum;
        a[a.length - 2] = summed;
        a[a.length - 1] = seconds();
        return Map.of(NAME, HostArray.wrap(a, Shape.of(a.length)));
    }

    @Override
    public void restored(Map<String, HostArray> all) {
        HostArray a = all.get(NAME);
        if (a == null) {
            return;
        }
        points.clear();
        int size = a.shape().size();
        for (int o = 0; o + COLUMNS <= size - 3; o += COLUMNS) {
            points.add(new Point(a.get(o), a.get(o + 1), a.get(o + 2), a.get(o + 3)));
        }
        sum = a.get(size - 3);
        summed = (int) a.get(size - 2);
        carried = a.get(size - 1);
    }
}
