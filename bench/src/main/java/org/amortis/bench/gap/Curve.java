package org.amortis.bench.gap;

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

/** The bound on training and test images in the course of training. Goes on after a resume. */
final class Curve implements Listener {
    private static final int COLUMNS = 4;
    private static final String NAME = "curve";
    /** Steps between two looks at the clock. */
    private static final int GLANCE = 8;
    /** The rate is worth an estimate when the JIT has seen the step, and after some seconds more. */
    private static final double WARM_SECONDS = 8;

    /** Estimates are for runs that one would not wait for. */
    private static final double LONG_SECONDS = 60;

    private final Batches train;
    private final Batches test;
    private final int perEpoch;
    private final int every;
    private final double auditSteps;
    private final Console console;
    private boolean estimated;
    private int warmStep = -1;
    private double warmSeconds;
    private final List<Point> points = new ArrayList<>();
    private double carried;
    private long start;
    private int startStep;

    /**
     * A moment.
     *
     * @param epoch passes over the training images so far
     * @param train mean bound of some training images
     * @param test mean bound of some test images
     * @param seconds training so far
     */
    record Point(double epoch, double train, double test, double seconds) {}

    /**
     * Watches.
     *
     * @param train training images
     * @param test test images
     * @param perEpoch steps in an epoch
     * @param every steps between two points
     * @param auditSteps how many training steps the audit that follows is worth
     * @param console where progress goes
     */
    Curve(Batches train, Batches test, int perEpoch, int every, double auditSteps, Console console) {
        this.train = train;
        this.test = test;
        this.perEpoch = perEpoch;
        this.every = every;
        this.auditSteps = auditSteps;
        this.console = console;
    }

    List<Point> points() {
        return points;
    }

    /** Seconds of training before this process. */
    double carried() {
        return carried;
    }

    double seconds() {
        return carried + (System.nanoTime() - start) * 1e-9;
    }

    @Override
    public void started(Trainer trainer) {
        start = System.nanoTime();
        startStep = trainer.steps();
        warmStep = -1;
    }

    @Override
    public void stepped(Trainer trainer) {
        int step = trainer.steps();
        if (step % every == 0 || step == trainer.target() || step == 1) {
            points.add(new Point(
                    step / (double) perEpoch,
                    trainer.evaluate(train).get("elbo"),
                    trainer.evaluate(test).get("elbo"),
                    seconds()));
        }
        if (step % GLANCE == 0 || step == trainer.target()) {
            double rate = (step - startStep) / Math.max(1e-9, seconds() - carried);
            estimate(trainer);
            Point last = points.isEmpty() ? null : points.getLast();
            console.progress(
                    "training",
                    step / (double) trainer.target(),
                    String.format(
                            Locale.ROOT,
                            "epoch %d%s  %.0f steps/s",
                            step / perEpoch,
                            last == null
                                    ? ""
                                    : String.format(
                                            Locale.ROOT, "  bound %.1f train, %.1f test", last.train(), last.test()),
                            rate));
        }
    }

    /** Says once how long all of it will take. */
    private void estimate(Trainer trainer) {
        double now = seconds() - carried;
        if (estimated || now < WARM_SECONDS) {
            return;
        }
        if (warmStep < 0) {
            warmStep = trainer.steps();
            warmSeconds = now;
        } else if (now > warmSeconds + WARM_SECONDS) {
            estimated = true;
            double each = (now - warmSeconds) / (trainer.steps() - warmStep);
            double training = each * (trainer.target() - trainer.steps());
            double all = training + each * auditSteps;
            if (all > LONG_SECONDS) {
                console.say("about " + Console.time(all) + " left on this machine, of which " + Console.time(training)
                        + " for training");
            }
        }
    }

    @Override
    public Map<String, HostArray> saved() {
        double[] a = new double[COLUMNS * points.size() + 1];
        for (int i = 0; i < points.size(); i++) {
            Point p = points.get(i);
            a[COLUMNS * i] = p.epoch();
            a[COLUMNS * i + 1] = p.train();
            a[COLUMNS * i + 2] = p.test();
            a[COLUMNS * i + 3] = p.seconds();
        }
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
        int n = a.shape().size() / COLUMNS;
        for (int i = 0; i < n; i++) {
            int o = COLUMNS * i;
            points.add(new Point(a.get(o), a.get(o + 1), a.get(o + 2), a.get(o + 3)));
        }
        carried = a.get(a.shape().size() - 1);
    }
}
