package org.amortis.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Curves of a run, for reports: loss, gradient norm and metrics averaged over every n steps, and an evaluation of held-out
 * data at the same steps if wanted. Checkpoints keep them, so that a resumed run has whole curves.
 */
public final class History implements Listener {
    private static final String PREFIX = "history/";
    private static final String STEP = "step";

    private final int every;
    private final @Nullable Batches data;
    private final Map<String, List<Double>> curves = new LinkedHashMap<>();
    private double[] sums = new double[0];
    private int steps;

    private History(int every, @Nullable Batches data) {
        if (every < 1) {
            throw new IllegalArgumentException("history(every=" + every + "): at least 1");
        }
        this.every = every;
        this.data = data;
    }

    /**
     * Curves of the training batches.
     *
     * @param steps a point after every so many steps
     * @return the listener
     */
    public static History every(int steps) {
        return new History(steps, null);
    }

    /**
     * With curves of held-out data, named "validation/" and the metric.
     *
     * @param validation data set, evaluated whole at every point
     * @return a new listener
     */
    public History evaluating(Batches validation) {
        return new History(every, validation);
    }

    @Override
    public void started(Trainer trainer) {
        sums = new double[0];
        steps = 0;
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
        if (trainer.steps() % every == 0) {
            add(STEP, trainer.steps());
            for (int i = 0; i < sums.length; i++) {
                add(trainer.names().get(i), sums[i] / steps);
                sums[i] = 0;
            }
            steps = 0;
            if (data != null) {
                trainer.evaluate(data).values().forEach((name, v) -> add("validation/" + name, v));
            }
        }
    }

    private void add(String name, double value) {
        curves.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }

    /**
     * The names of the curves, "step" first.
     *
     * @return names
     */
    public Set<String> names() {
        return Set.copyOf(curves.keySet());
    }

    /**
     * A curve.
     *
     * @param name "step" for the abscissa, "loss", "gradientNorm", a metric, or "validation/" and a name
     * @return fresh array, a number for each point
     * @throws PlanException if there is no such curve
     */
    public double[] curve(String name) {
        List<Double> c = curves.get(name);
        if (c == null) {
            throw new PlanException("history.curve(" + name + "): no such curve; there are " + curves.keySet());
        }
        return c.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    public Map<String, HostArray> saved() {
        Map<String, HostArray> m = new LinkedHashMap<>();
        curves.forEach((name, c) -> {
            double[] v = curve(name);
            m.put(PREFIX + name, HostArray.wrap(v, Shape.of(v.length)));
        });
        // sums since the last point, so that its successor is the same after a resume
        double[] open = new double[sums.length + 1];
        open[0] = steps;
        System.arraycopy(sums, 0, open, 1, sums.length);
        m.put(PREFIX + ":open", HostArray.wrap(open, Shape.of(open.length)));
        return m;
    }

    @Override
    public void restored(Map<String, HostArray> all) {
        curves.clear();
        all.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !name.contains(":")) {
                for (double v : value.toDoubles()) {
                    add(name.substring(PREFIX.length()), v);
                }
            }
        });
        HostArray open = all.get(PREFIX + ":open");
        if (open != null && open.shape().size() > 1) {
            double[] v = open.toDoubles();
            steps = (int) v[0];
            sums = java.util.Arrays.copyOfRange(v, 1, v.length);
        }
    }

    @Override
    public String toString() {
        List<Double> s = curves.get(STEP);
        return "History(" + (s == null ? 0 : Objects.requireNonNull(s).size()) + " points of " + curves.keySet() + ")";
    }
}
