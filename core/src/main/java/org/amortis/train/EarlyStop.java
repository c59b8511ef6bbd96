package org.amortis.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.tensor.State;
import org.jspecify.annotations.Nullable;

/**
 * Ends a run when a metric on held-out data has not improved for a while, and goes back to the step where it was best:
 * every state, so that training could go on from there.
 */
public final class EarlyStop implements Listener {
    private static final System.Logger LOG = System.getLogger("org.amortis");
    private static final String SUMMARY = "earlyStop/summary";
    private static final String BEST = "earlyStop/best/";

    private final int every;
    private final Batches data;
    private final int patience;
    private final String metric;
    private final boolean larger;
    private final boolean averaged;
    private double best;
    private int bestStep;
    private int worse;
    private @Nullable Map<State, HostArray> snapshot;
    private @Nullable Trainer trainer;

    private EarlyStop(int every, Batches data, int patience, String metric, boolean larger, boolean averaged) {
        if (every < 1 || patience < 1) {
            throw new IllegalArgumentException("earlyStop(every=" + every + ", patience=" + patience + "): at least 1");
        }
        this.every = every;
        this.data = data;
        this.patience = patience;
        this.metric = metric;
        this.larger = larger;
        this.averaged = averaged;
    }

    /**
     * Watches the loss on held-out data, with a patience of 10 evaluations.
     *
     * @param steps an evaluation after every so many steps
     * @param data held-out data, evaluated whole
     * @return the listener
     */
    public static EarlyStop every(int steps, Batches data) {
        return new EarlyStop(steps, data, 10, "loss", false, false);
    }

    /**
     * With another patience.
     *
     * @param evaluations evaluations in a row without a new best after which the run ends
     * @return a new listener
     */
    public EarlyStop patience(int evaluations) {
        return new EarlyStop(every, data, evaluations, metric, larger, averaged);
    }

    /**
     * Watches a metric that is better when smaller.
     *
     * @param name its name
     * @return a new listener
     */
    public EarlyStop smallest(String name) {
        return new EarlyStop(every, data, patience, name, false, averaged);
    }

    /**
     * Watches a metric that is better when larger.
     *
     * @param name its name
     * @return a new listener
     */
    public EarlyStop largest(String name) {
        return new EarlyStop(every, data, patience, name, true, averaged);
    }

    /**
     * Evaluates the averaged parameters.
     *
     * @return a new listener
     */
    public EarlyStop averaged() {
        return new EarlyStop(every, data, patience, metric, larger, true);
    }

    @Override
    public void started(Trainer t) {
        trainer = t;
        best = Double.NaN;
        bestStep = -1;
        worse = 0;
        snapshot = null;
    }

    @Override
    public void stepped(Trainer t) {
        if (t.steps() % every == 0) {
            look(t);
            if (worse >= patience) {
                LOG.log(System.Logger.Level.INFO, "stopped early at step {0}: {1}", t.steps(), this);
                t.stop();
            }
        }
    }

    private void look(Trainer t) {
        Evaluation e = averaged ? t.evaluateAveraged(data) : t.evaluate(data);
        double v = e.get(metric);
        // a NaN is never an improvement, and anything is one over nothing
        if (!Double.isNaN(v) && (snapshot == null || (larger ? v > best : v < best))) {
            best = v;
            bestStep = t.steps();
            worse = 0;
            snapshot = t.snapshot();
        } else {
            worse++;
        }
    }

    @Override
    public void finished(Trainer t) {
        if (t.steps() % every != 0) {
            look(t);
        }
        if (snapshot != null && bestStep != t.steps()) {
            t.restore(snapshot);
        }
    }

    /**
     * The best value so far.
     *
     * @return metric, NaN before the first evaluation
     */
    public double best() {
        return best;
    }

    /**
     * The step at which it was best.
     *
     * @return completed steps, -1 before the first evaluation
     */
    public int bestStep() {
        return bestStep;
    }

    @Override
    public Map<String, HostArray> saved() {
        Map<State, HostArray> s = snapshot;
        Map<String, HostArray> m = new LinkedHashMap<>();
        if (s != null) {
            m.put(SUMMARY, HostArray.wrap(new double[] {best, bestStep, worse}, Shape.of(3)));
            s.forEach((state, value) -> m.put(BEST + state.name(), CheckpointFile.stored(value)));
        }
        return m;
    }

    @Override
    public void restored(Map<String, HostArray> all) {
        HostArray summary = all.get(SUMMARY);
        if (summary == null) {
            return;
        }
        Trainer t = Objects.requireNonNull(trainer);
        Map<State, HostArray> s = new LinkedHashMap<>();
        for (State state : t.states()) {
            HostArray value = all.get(BEST + state.name());
            if (value == null
                    || value.shape().size()
                            != CheckpointFile.stored(state.type()).shape().size()) {
                LOG.log(System.Logger.Level.WARNING, "early stop: the checkpoint has no best {0}; starts anew", state);
                return;
            }
            s.put(state, CheckpointFile.loaded(value, state.type()));
        }
        snapshot = s;
        best = summary.get(0);
        bestStep = (int) summary.get(1);
        worse = (int) summary.get(2);
        if (worse >= patience) {
            t.stop();
        }
    }

    @Override
    public String toString() {
        return metric + " " + best + " at step " + bestStep + " was the best, " + worse + " evaluations since";
    }
}
