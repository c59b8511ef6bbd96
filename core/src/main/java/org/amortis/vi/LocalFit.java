package org.amortis.vi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Distribution;
import org.amortis.dist.Drawn;
import org.amortis.grad.Gradients;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;

/**
 * Fits the best Gaussian of a family to each datum, the model held fixed: q* = argmax ELBO(x; q).
 *
 * <p>A compiled step works on a fixed number of slots. Each slot holds one datum with its own Adam moments, step count,
 * learning rate and random key (folded from the number of the row and its own step), so a row's result does not depend on
 * which others are fitted with it; a slot whose row has converged takes the next one. The learning rate falls when
 * the bound stops growing; in the second half of the steps of its fall iterates are averaged, and their average is the result, which takes away most
 * of the noise that steps of finite size leave in a thousand parameters.
 */
public final class LocalFit {
    /** Gradient elements are limited to this; one that is not a number counts as zero. */
    private static final double GRADIENT_LIMIT = 1e4;

    private static final double MOMENT_FLOOR = 1e-30;

    private final LocalFitSettings settings;
    private final GaussianFamily family;
    private final DType dtype;
    private final int latent;
    private final int slots;
    private final Shape datum;
    private final Params params;
    private final Device device;
    private final Program program;
    private final State mean;
    private final State scale;
    private final State count;
    private final State bound;
    private final State averaged;
    private final Map<State, State> averages = new HashMap<>();
    private final List<State> moments = new ArrayList<>();

    /**
     * Compiles the step.
     *
     * @param model model
     * @param params its parameters, not changed
     * @param family family of q
     * @param data type of the data [N, ..]; any number of rows can be fitted, N at a time wastes no slot
     * @param settings settings
     * @param device where to run
     */
    public LocalFit(
            LatentModel model,
            Params params,
            GaussianFamily family,
            TensorType data,
            LocalFitSettings settings,
            Device device) {
        this.settings = settings;
        this.family = family;
        this.dtype = params.spec().dtype();
        this.latent = model.latentSize();
        this.slots = HostRows.even(data.shape().dim(0), settings.slots());
        this.datum = data.shape().drop(0);
        this.params = params;
        this.device = device;
        int r = slots;
        TensorType perRow = new TensorType(dtype, Shape.of(r));
        this.mean = new State("fit/mean", new TensorType(dtype, Shape.of(r, latent)));
        this.scale = new State("fit/scale", new TensorType(dtype, Shape.of(r).concat(family.scaleShape(latent))));
        this.count = new State("fit/count", new TensorType(DType.I32, Shape.of(r)));
        this.bound = new State("fit/bound", perRow);
        this.averaged = new State("fit/averaged", perRow);
        this.program = step(model, data);
    }

    private Program step(LatentModel model, TensorType data) {
        int r = slots;
        Tensor x = Tensors.input("x", data.dtype(), datum.insert(0, r).toArray());
        Tensor row = Tensors.input("row", DType.I32, r);
        Tensor rate = Tensors.input("rate", dtype, r);
        Tensor averaging = Tensors.input("averaging", dtype, r);
        Tensor first = Tensors.input("first", dtype);
        Key key = Key.of(settings.seed()).fold("local fit").fold(row).fold(count.value());
        Distribution q = family.of(mean.value(), scale.value());
        Drawn d = q.sampleAndLogProb(key, settings.samples() / 2);
        // mirrored pairs: what is odd in the noise cancels, and both have one density
        Tensor mirrored = mean.value().mul(2).sub(d.value());
        Tensor z = Tensors.concat(0, d.value(), mirrored);
        Tensor joint = model.joint(params.spec().weights()).given(Context.of(x)).logDensity(z);
        // path derivative: zero for every draw once q is the posterior
        Tensor surrogate = joint.sub(q.stopGradient().logProb(z)).mean(0);
        Tensor elbo = joint.mean(0).sub(d.logProb().mean(0));
        List<Tensor> g = Gradients.of(surrogate.sum(), List.of(mean.value(), scale.value()));
        Map<State, Tensor> updates = new HashMap<>();
        Tensor t = count.value().add(1);
        Tensor steps = t.cast(dtype);
        Tensor kept = averaged.value().add(averaging);
        // weight of the newest iterate in the running mean; 0 while nothing is averaged
        Tensor share = averaging.div(kept.maximum(1));
        int i = 0;
        for (State s : List.of(mean, scale)) {
            adam(s, g.get(i++), steps, rate, share, updates);
        }
        updates.put(count, t);
        updates.put(averaged, kept);
        updates.put(bound, bound.value().mul(first.rsub(1)).add(elbo));
        return Program.of(List.of(), updates);
    }

    private void adam(State s, Tensor gradient, Tensor steps, Tensor rate, Tensor share, Map<State, Tensor> updates) {
        State m = new State(s.name() + "/m", s.type());
        State v = new State(s.name() + "/v", s.type());
        State average = new State(s.name() + "/average", s.type());
        moments.addAll(List.of(m, v));
        averages.put(s, average);
        Tensor up = gradient.clamp(-GRADIENT_LIMIT, GRADIENT_LIMIT);
        Tensor g = Tensors.where(gradient.abs().ge(0), up, 0);
        Tensor newM = m.value().mul(settings.beta1()).add(g.mul(1 - settings.beta1()));
        newM = Tensors.where(newM.abs().lt(MOMENT_FLOOR), Tensors.zeros(dtype, Shape.SCALAR), newM);
        Tensor newV = v.value()
                .mul(settings.beta2())
                .add(g.square().mul(1 - settings.beta2()))
                .maximum(MOMENT_FLOOR);
        Tensor hat = rate.div(correction(settings.beta1(), steps));
        Tensor root = correction(settings.beta2(), steps).rsqrt();
        Tensor step = newM.mul(rows(hat, s)).div(newV.sqrt().mul(rows(root, s)).add(settings.epsilon()));
        Tensor next = s.value().add(step);
        updates.put(m, newM);
        updates.put(v, newV);
        updates.put(s, next);
        updates.put(average, average.value().add(next.sub(average.value()).mul(rows(share, s))));
    }

    private static Tensor correction(double beta, Tensor steps) {
        return steps.mul(Math.log(beta)).expm1().neg();
    }

    private static Tensor rows(Tensor perRow, State like) {
        Tensor t = perRow;
        while (t.shape().rank() < like.type().shape().rank()) {
            t = t.expandDims(-1);
        }
        return t;
    }

    /**
     * Fits all rows.
     *
     * @param data observations [N, ..]
     * @param start where to start, of this family
     * @return the fits
     */
    public Gaussians run(HostArray data, Gaussians start) {
        return run(data, start, settings.highSteps(), settings.lowSteps());
    }

    /**
     * Fits all rows from two starts: a short race from each, then the rest from where the bound is larger, row by row.
     *
     * @param data observations [N, ..]
     * @param one first start
     * @param two second start
     * @param judge compares the two after the race
     * @return the fits
     */
    public Gaussians run(HostArray data, Gaussians one, Gaussians two, EvidenceEstimator judge) {
        Gaussians a = run(data, one, settings.raceSteps(), 0);
        Gaussians b = run(data, two, settings.raceSteps(), 0);
        double[] boundA = judge.run(data, a).elbo();
        double[] boundB = judge.run(data, b).elbo();
        boolean[] first = new boolean[boundA.length];
        for (int i = 0; i < first.length; i++) {
            // a bound that is not a number never wins
            first[i] = boundA[i] >= boundB[i] || Double.isNaN(boundB[i]);
        }
        return run(data, a.where(first, b));
    }

    private Gaussians run(HostArray data, Gaussians start, int highSteps, int lowSteps) {
        if (!data.shape().drop(0).equals(datum) || start.rows() != data.shape().dim(0)) {
            throw new ShapeException("localFit(data=" + data.dtype() + data.shape() + ", start=" + start
                    + "): compiled for rows of " + datum + ", and each needs a start");
        }
        if (start.family() != family) {
            throw new PlanException("localFit(start=" + start + "): fits the family " + family);
        }
        return new Slots(data, start, highSteps, lowSteps).fit();
    }

    /** One pass over the rows. */
    private final class Slots {
        private final HostArray data;
        private final Gaussians start;
        private final int highSteps;
        private final int lowSteps;
        private final Gaussians result;
        private final StateStore store = new StateStore();
        private final HostArray x;
        private final HostArray row;
        private final HostArray rate;
        private final HostArray averaging;
        /** Steps since the rate last changed, best bound, and windows without a better one, per slot. */
        private final int[] steps;

        private final int[] stage;
        private final double[] best;
        private final int[] worse;
        private int next;

        Slots(HostArray data, Gaussians start, int highSteps, int lowSteps) {
            int r = slots;
            this.data = data;
            this.start = start;
            this.highSteps = highSteps;
            this.lowSteps = lowSteps;
            this.result = Gaussians.standard(family, dtype, data.shape().dim(0), latent);
            this.x = HostRows.block(data, 0, r);
            this.row = HostArray.zeros(DType.I32, Shape.of(r));
            this.rate = HostArray.zeros(dtype, Shape.of(r));
            this.averaging = HostArray.zeros(dtype, Shape.of(r));
            this.steps = new int[r];
            this.stage = new int[r];
            this.best = new double[r];
            this.worse = new int[r];
            store.set(params.spec().flat(), params.flat());
            for (State s : List.of(mean, scale, count, bound, averaged)) {
                store.set(s, HostArray.zeros(s.type().dtype(), s.type().shape()));
            }
            moments.forEach(s -> store.set(s, HostArray.zeros(dtype, s.type().shape())));
            averages.values()
                    .forEach(s -> store.set(s, HostArray.zeros(dtype, s.type().shape())));
        }

        Gaussians fit() {
            if (result.rows() == 0) {
                return result;
            }
            java.util.Arrays.fill(stage, -1);
            refill();
            Runner runner = program.open(device, store);
            HostArray one = HostArray.zeros(dtype, Shape.SCALAR);
            HostRows.put(one, 0, 1);
            HostArray zero = HostArray.zeros(dtype, Shape.SCALAR);
            boolean changed = true;
            while (active()) {
                if (changed) {
                    runner.feed("x", x).feed("row", row);
                    runner.feed("rate", rate).feed("averaging", averaging);
                }
                for (int k = 0; k < settings.window(); k++) {
                    if (k < 2) {
                        // the first step of a window starts the sum of the bounds anew
                        runner.feed("first", k == 0 ? one : zero);
                    }
                    runner.run();
                }
                changed = judge();
            }
            return result;
        }

        private boolean active() {
            for (int s : stage) {
                if (s >= 0) {
                    return true;
                }
            }
            return false;
        }

        /** After a window: which rows go on, which take the lower rate, which are done. */
        private boolean judge() {
            HostArray sums = store.get(bound);
            boolean changed = false;
            boolean finished = false;
            for (int i = 0; i < stage.length; i++) {
                if (stage[i] < 0) {
                    continue;
                }
                double now = sums.get(i) / settings.window();
                steps[i] += settings.window();
                if (now > best[i] + settings.tolerance()) {
                    best[i] = now;
                    worse[i] = 0;
                } else {
                    worse[i]++;
                }
                boolean stalled = worse[i] >= settings.patience();
                if (stage[i] == 0 && (stalled || steps[i] >= highSteps)) {
                    stage[i] = lowSteps > 0 ? 1 : 2;
                    steps[i] = 0;
                    worse[i] = 0;
                } else if (stage[i] == 1 && steps[i] >= lowSteps) {
                    stage[i] = 2;
                }
                if (stage[i] == 1) {
                    double done = (steps[i] + settings.window()) / (double) lowSteps;
                    double fall = Math.pow(settings.lowRate() / settings.highRate(), Math.min(1, done));
                    HostRows.put(rate, i, settings.highRate() * fall);
                    changed = true;
                }
                boolean half = 2 * steps[i] >= lowSteps || steps[i] + settings.window() >= lowSteps;
                if (stage[i] == 1 && half) {
                    // the first half lets go of what the high rate left; the rest is averaged
                    HostRows.put(averaging, i, 1);
                }
                finished |= stage[i] == 2;
            }
            if (finished) {
                refill();
            }
            return changed || finished;
        }

        /** Takes results out of finished slots and puts the next rows in. */
        private void refill() {
            List<State> all = new ArrayList<>(List.of(mean, scale, count, averaged));
            all.addAll(moments);
            all.addAll(averages.values());
            Map<State, HostArray> now = new HashMap<>();
            all.forEach(s -> now.put(s, store.get(s)));
            for (int i = 0; i < stage.length; i++) {
                if (stage[i] == 2) {
                    boolean tail = lowSteps > 0;
                    HostRows.copy(value(now, tail ? averages.get(mean) : mean), i, result.mean(), (int) row.get(i));
                    HostRows.copy(value(now, tail ? averages.get(scale) : scale), i, result.scale(), (int) row.get(i));
                    stage[i] = -1;
                    HostRows.put(rate, i, 0);
                }
                if (stage[i] == -1 && next < result.rows()) {
                    for (State s : all) {
                        HostArray a = value(now, s);
                        HostRows.copy(HostArray.zeros(a.dtype(), a.shape().with(0, 1)), 0, a, i);
                    }
                    HostRows.copy(start.mean(), next, value(now, mean), i);
                    HostRows.copy(start.scale(), next, value(now, scale), i);
                    HostRows.copy(data, next, x, i);
                    HostRows.put(row, i, next);
                    HostRows.put(rate, i, settings.highRate());
                    HostRows.put(averaging, i, 0);
                    stage[i] = 0;
                    steps[i] = 0;
                    worse[i] = 0;
                    best[i] = Double.NEGATIVE_INFINITY;
                    next++;
                }
            }
            now.forEach(store::set);
        }

        private static HostArray value(Map<State, HostArray> now, @org.jspecify.annotations.Nullable State s) {
            return java.util.Objects.requireNonNull(now.get(java.util.Objects.requireNonNull(s)));
        }
    }
}
