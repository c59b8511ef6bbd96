package org.amortis.mc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.Mapped;
import org.amortis.grad.Gradients;
import org.amortis.optim.Optimizer;
import org.amortis.optim.OptimizerStep;
import org.amortis.optim.Transforms;
import org.amortis.param.ParamSpec;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;

/**
 * Annealing with a learned map between neighbouring temperatures: a particle x of f_{k-1} goes to T x, which has the weight
 * f_k(T x) |det DT| / f_{k-1}(x), then resampling and moves as without maps. The maps minimise the mean of minus the
 * logarithm of that weight, an upper bound of the divergence between f_{k-1} and what T takes f_k back to.
 *
 * <p>{@link #learnOnce} learns the maps one after the other, each to its end, with half of the particles to say when
 * (annealed flow transport, Arbel, Matthews and Doucet 2021); {@link #learnInPasses} takes one step for every map in each
 * of many passes with fresh particles (continual repeated annealed flow transport, Matthews et al. 2022). Both learn step
 * sizes and metrics on the way. Then runs of new numbers are unbiased. All maps are of one form; a program for one of them
 * is compiled once. Not thread-safe.
 */
public final class FlowAnnealer {
    private static final double CLIP = 10;

    private final Annealer annealer;
    private final int temperatures;
    private final State flat;
    private final Optimizer optimizer;
    private final State count = new State("mc/map/count", new TensorType(DType.I32, Shape.SCALAR));
    private final Runner train;
    private final Runner transport;
    private final HostArray[][] maps;
    private final double[] steps;
    private final double[][] scales;
    private final HostArray before;
    private final HostArray after;
    private final HostArray weights;
    private final HostArray validation;

    private FlowAnnealer(Annealer annealer, int temperatures, ParamSpec spec, LearnedMap map, double rate) {
        if (temperatures < 1) {
            throw new PlanException("flowAnnealer(temperatures=" + temperatures + "): at least 1");
        }
        this.annealer = annealer;
        this.temperatures = temperatures;
        this.flat = spec.flat();
        this.optimizer = Optimizer.of(spec, Transforms.clipGlobalNorm(CLIP), Transforms.adam(rate));
        List<State> states = annealer.states();
        DType dtype = states.get(0).type().dtype();
        int n = annealer.settings().particles();
        if (spec.dtype() != dtype) {
            throw new PlanException("flowAnnealer(spec=" + spec.dtype() + "): the particles are " + dtype);
        }
        Point now = Point.of(states.stream().map(State::value).toList());
        Tensor low = Tensors.input("before", dtype);
        Tensor high = Tensors.input("after", dtype);
        Mapped mapped = map.given(spec.weights()).forwardAndLogDet(now.z());
        Point next = annealer.path().at(mapped.value());
        Tensor gain = mixed(next, high).sub(mixed(now, low)).add(mapped.logDet());
        Tensor loss = gain.mul(Tensors.input("weight", dtype, n)).sum().neg();
        Tensor held = gain.mul(Tensors.input("validation", dtype, n)).sum().neg();
        OptimizerStep step = optimizer.step(Gradients.of(loss, flat.value()), count.value());
        Map<State, Tensor> updates = new LinkedHashMap<>(step.updates());
        updates.put(count, count.value().add(Tensors.ones(DType.I32, Shape.SCALAR)));
        StateStore store = annealer.store();
        HostArray[] first = first(spec, store);
        this.maps = new HostArray[temperatures][];
        Arrays.fill(maps, first);
        this.train = Program.builder()
                .outputs(loss, held)
                .updates(updates)
                .guards(loss, step.gradientNorm())
                .build()
                .open(annealer.device(), store);
        // the uniform number of the resampling is that of the moves before
        Tensor none = Tensors.zeros(DType.F64, Shape.SCALAR);
        this.transport = annealer.open(gain.cast(DType.F64), next, none, none, null);
        this.steps = new double[temperatures];
        Arrays.fill(steps, annealer.settings().firstStep());
        this.scales = new double[temperatures][];
        this.before = HostArray.zeros(dtype, Shape.SCALAR);
        this.after = HostArray.zeros(dtype, Shape.SCALAR);
        this.weights = HostArray.zeros(dtype, Shape.of(n));
        this.validation = HostArray.zeros(dtype, Shape.of(n));
    }

    /**
     * Compiles the programs.
     *
     * @param annealer start, target, moves and settings; its temperatures are not read
     * @param temperatures equal steps from 0 to 1, each with a map of its own
     * @param spec parameters of one map; a map near the identity is a good start
     * @param map the map of weights
     * @param rate learning rate of Adam
     * @return the annealer with maps
     */
    public static FlowAnnealer of(Annealer annealer, int temperatures, ParamSpec spec, LearnedMap map, double rate) {
        return new FlowAnnealer(annealer, temperatures, spec, map, rate);
    }

    private static Tensor mixed(Point p, Tensor t) {
        return p.values().get(0).mul(t.rsub(1)).add(p.values().get(1).mul(t));
    }

    /** First values of a map, its optimizer and its count, which are put into the store too. */
    private HostArray[] first(ParamSpec spec, StateStore store) {
        Tensor initial = spec.initialValue(Key.of(annealer.settings().seed()).fold("maps"));
        Map<State, Tensor> formulas = new LinkedHashMap<>();
        formulas.put(flat, initial);
        formulas.putAll(optimizer.initialValues(initial));
        formulas.put(count, Tensors.zeros(DType.I32, Shape.SCALAR));
        List<HostArray> values = Run.eval(new ArrayList<>(formulas.values()));
        HostArray[] all = values.toArray(HostArray[]::new);
        int i = 0;
        for (State s : formulas.keySet()) {
            store.set(s, all[i++]);
        }
        return all;
    }

    private List<State> mapStates() {
        List<State> all = new ArrayList<>(List.of(flat));
        all.addAll(optimizer.states());
        all.add(count);
        return all;
    }

    private void take(HostArray[] map) {
        List<State> all = mapStates();
        for (int i = 0; i < map.length; i++) {
            annealer.store().set(all.get(i), map[i]);
        }
    }

    private HostArray[] keep() {
        return mapStates().stream().map(annealer.store()::get).toArray(HostArray[]::new);
    }

    /**
     * Learns each map to its end before the next.
     *
     * @param run number of the run
     * @param mapSteps optimizer steps for each map; the weights with the lowest loss on the other half of the particles
     *     are kept
     * @return the run, whose particles have been learnt from
     */
    public Annealed learnOnce(int run, int mapSteps) {
        return pass(run, true, mapSteps, true);
    }

    /**
     * Learns all maps together.
     *
     * @param run number of the first pass; the others have the numbers behind it
     * @param passes how many, each a step for every map
     * @return estimates of log Z by the passes
     */
    public double[] learnInPasses(int run, int passes) {
        double[] z = new double[passes];
        for (int i = 0; i < passes; i++) {
            z[i] = pass(run + i, true, 1, false).logZ();
        }
        return z;
    }

    /**
     * A run that learns nothing.
     *
     * @param run number of the run, another than those learnt from
     * @return estimate and particles; the normaliser is unbiased
     */
    public Annealed run(int run) {
        return pass(run, false, 0, false);
    }

    /**
     * Runs that learn nothing.
     *
     * @param run number of the first run, all others than those learnt from
     * @param runs how many
     * @return log normaliser with the error that their spread gives
     */
    public LogNormaliser repeat(int run, int runs) {
        double[] z = new double[runs];
        for (int i = 0; i < runs; i++) {
            z[i] = run(run + i).logZ();
        }
        return LogNormaliser.of(z);
    }

    private Annealed pass(int run, boolean learn, int mapSteps, boolean halves) {
        AnnealerSettings settings = annealer.settings();
        annealer.begin(run, null);
        Particles particles = annealer.particles();
        Ladder ladder = new Ladder();
        double accepted = 0;
        int resamplings = 0;
        for (int k = 0; k < temperatures; k++) {
            double from = k / (double) temperatures;
            double to = k + 1 == temperatures ? 1 : (k + 1) / (double) temperatures;
            feed(train, from, to);
            feed(transport, from, to);
            take(maps[k]);
            if (learn) {
                learn(k, mapSteps, halves);
            }
            transport.run();
            annealer.read(transport, to);
            if (!particles.reweigh(annealer.difference(), 1)) {
                throw new NonFiniteException(
                        "anneal(temperature=" + to + "): the log density is minus infinity at all mapped particles");
            }
            double[] known = scales[k];
            double[] factor = known == null || learn ? annealer.learnScale() : known;
            scales[k] = factor;
            annealer.feedScale(factor);
            boolean few = particles.effective() < settings.resampleBelow();
            resamplings += few ? 1 : 0;
            double step = annealer.moves(to, steps[k], few, learn, false);
            if (learn) {
                steps[k] = step;
            }
            accepted += annealer.acceptance();
            ladder.add(to, steps[k], factor);
        }
        return annealer.found(ladder, accepted / temperatures, resamplings);
    }

    private void feed(Runner r, double from, double to) {
        put(before, 0, from);
        put(after, 0, to);
        r.feed("before", before).feed("after", after);
    }

    private static void put(HostArray a, int i, double value) {
        if (a.dtype() == DType.F32) {
            a.floats()[i] = (float) value;
        } else {
            a.doubles()[i] = value;
        }
    }

    private void learn(int k, int mapSteps, boolean halves) {
        double[] w = annealer.particles().weights();
        double[] share = new double[2];
        for (int i = 0; i < w.length; i++) {
            share[halves ? i % 2 : 0] += w[i];
        }
        for (int i = 0; i < w.length; i++) {
            boolean held = halves && i % 2 == 1;
            put(weights, i, held ? 0 : w[i] / share[0]);
            put(validation, i, held ? w[i] / share[1] : 0);
        }
        train.feed("weight", weights).feed("validation", validation);
        HostArray[] best = maps[k];
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < mapSteps; i++) {
            HostArray[] now = halves ? keep() : best;
            train.run();
            // the loss is that of the weights before the step
            if (halves && train.scalar(1) < least) {
                least = train.scalar(1);
                best = now;
            }
        }
        maps[k] = halves ? best : keep();
        take(maps[k]);
    }
}
