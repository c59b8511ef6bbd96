package org.amortis.mc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Distribution;
import org.amortis.dist.LogDensity;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Particles on the way from a distribution to a target, log f_t = (1 - t) log q + t log g, and the target's normaliser:
 * sequential Monte Carlo (Del Moral, Doucet and Jasra 2006), annealed importance sampling (Neal 2001), which never
 * resamples, and annealing back from exact draws, the upper side of bidirectional Monte Carlo (Grosse et al. 2015).
 *
 * <p>{@link #learn} chooses temperatures, step sizes and metrics by its particles, which biases its estimate by a little;
 * the other runs take the {@link Ladder} it has found and are unbiased. A move is one run of a compiled program. Long runs
 * can be kept in a file ({@link #checkpoint}). Not thread-safe.
 */
public final class Annealer {
    /** Moves at the first temperature, at most, until the step size has found its acceptance. */
    private static final int FIRST_MOVES = 40;

    private static final double NEAR = 0.1;

    private final AnnealerSettings settings;
    private final Transition transition;
    private final DType dtype;
    private final int dimension;
    private final StateStore store = new StateStore();

    /** What each program reads: an input on which nothing depends is not fed. */
    private final Map<Runner, Set<String>> inputs = new HashMap<>();

    private final Runner begin;
    private final Runner beginAt;
    private final Runner move;
    private final HostArray temperatureInput;
    private final HostArray stepInput;
    private final HostArray scaleInput;
    private final HostArray ancestorInput;
    private final HostArray numberInput = HostArray.wrap(new int[1], Shape.SCALAR);
    private final double[] difference;
    private final double[] positions;
    private final double[] numbers = new double[4];
    private final double[] scale;
    private final int[] identity;
    private final Particles particles;
    private final MassEstimate mass;
    private final List<State> states = new ArrayList<>();
    private final Tempered path;
    private final Device device;
    private @Nullable Path checkpoint;
    private int checkpointEvery;
    private DoubleConsumer watcher = t -> {};
    private int moves;
    private double acceptance;
    private double uniform;

    private Annealer(
            Distribution start,
            LogDensity target,
            DType dtype,
            Transition transition,
            AnnealerSettings settings,
            Device device) {
        if (start.eventShape().rank() != 1 || start.batchShape().rank() != 0) {
            throw new ShapeException("annealer(start: batch " + start.batchShape() + ", event " + start.eventShape()
                    + "): needs one distribution of vectors [d]");
        }
        this.settings = settings;
        this.transition = transition;
        this.dtype = dtype;
        this.dimension = start.eventShape().dim(0);
        int n = settings.particles();
        Metric.Kind kind = settings.mass();
        Shape all = Shape.of(n, dimension);
        Key key = Key.of(settings.seed()).fold("annealer").fold(Tensors.input("run", DType.I32));
        Tempered between = Tempered.between(start::logProb, target, Tensors.input("temperature", dtype));
        this.path = transition.usesGradient() ? between : between.withoutGradient();
        this.device = device;
        Tensor fresh = start.sample(key.fold("start"), n);
        if (fresh.dtype() != dtype) {
            throw new PlanException("annealer(start=" + fresh.describe() + "): the particles are " + dtype);
        }
        Tensor u =
                Random.uniform(key.fold("resample").fold(Tensors.input("number", DType.I32)), DType.F64, Shape.SCALAR);
        Point first = path.at(fresh);
        Point given = path.at(Tensors.input("z", dtype, all.toArray()));
        for (Tensor t : first.flat()) {
            State s = new State("mc/particle/" + states.size(), t.type());
            states.add(s);
            store.set(s, HostArray.zeros(s.type().dtype(), s.type().shape()));
        }
        Tensor ancestor = Tensors.input("ancestor", DType.I32, n);
        Point now =
                Point.of(states.stream().map(s -> s.value().gather(0, ancestor)).toList());
        Tensor step = Tensors.input("step", dtype);
        Metric metric = Metric.of(
                kind, Tensors.input("scale", dtype, kind.shape(dimension).toArray()));
        Moved moved =
                transition.move(now, path, step, metric, key.fold("move").fold(Tensors.input("number", DType.I32)));
        this.begin = open(first, u, Tensors.zeros(dtype, Shape.SCALAR), null);
        this.beginAt = open(given, u, Tensors.zeros(dtype, Shape.SCALAR), null);
        this.move = open(moved.point(), u, moved.acceptance().mean(), moved.infinite());
        this.temperatureInput = HostArray.zeros(dtype, Shape.SCALAR);
        this.stepInput = HostArray.zeros(dtype, Shape.SCALAR);
        this.scaleInput = HostArray.zeros(dtype, kind.shape(dimension));
        this.ancestorInput = HostArray.zeros(DType.I32, Shape.of(n));
        this.difference = new double[n];
        this.positions = new double[n * dimension];
        this.scale = new double[kind.shape(dimension).size()];
        this.identity = java.util.stream.IntStream.range(0, n).toArray();
        this.particles = new Particles(n);
        this.mass = new MassEstimate(kind, dimension);
    }

    /**
     * Compiles the programs.
     *
     * @param start where particles come from: one distribution of vectors [d]
     * @param target log density of the target, not normalised
     * @param dtype F32 or F64, the type of the start's draws
     * @param transition kernel
     * @param settings settings
     * @param device where to run
     * @return the annealer
     */
    public static Annealer of(
            Distribution start,
            LogDensity target,
            DType dtype,
            Transition transition,
            AnnealerSettings settings,
            Device device) {
        return new Annealer(start, target, dtype, transition, settings, device);
    }

    private Runner open(Point p, Tensor u, Tensor acceptance, @Nullable Tensor infinite) {
        Tensor difference =
                p.values().get(1).cast(DType.F64).sub(p.values().get(0).cast(DType.F64));
        return open(difference, p, u, acceptance, infinite);
    }

    /** Outputs: log increments, positions, numbers (a uniform, acceptance, what is wrong and with whom). */
    Runner open(Tensor difference, Point p, Tensor u, Tensor acceptance, @Nullable Tensor infinite) {
        Tensor wrong = difference.ge(Double.POSITIVE_INFINITY);
        wrong = infinite == null ? wrong : wrong.or(infinite);
        Tensor nan = difference.eq(difference).not();
        Tensor code = Tensors.where(nan, Tensors.ones(DType.F64, difference.shape()), 0)
                .maximum(wrong.cast(DType.F64).mul(2));
        Map<State, Tensor> updates = new LinkedHashMap<>();
        for (int i = 0; i < states.size(); i++) {
            updates.put(states.get(i), p.flat().get(i));
        }
        Tensor scalars = Tensors.stack(
                0, u, acceptance.cast(DType.F64), code.max(), code.argmax(0).cast(DType.F64));
        Program program = Program.of(List.of(difference, p.z(), scalars), updates);
        Runner runner = program.open(device, store);
        inputs.put(runner, program.inputs());
        return runner;
    }

    private void feed(Runner r, String name, HostArray value) {
        if (inputs.getOrDefault(r, Set.of()).contains(name)) {
            r.feed(name, value);
        }
    }

    private void feed(Runner r, String name, int value) {
        numberInput.ints()[0] = value;
        feed(r, name, numberInput);
    }

    void begin(int run, @Nullable HostArray z) {
        Runner r = z == null ? begin : beginAt;
        feed(r, "run", run);
        feed(r, "number", 0);
        feed(move, "run", run);
        if (z != null) {
            if (!z.shape().equals(Shape.of(settings.particles(), dimension))) {
                throw new ShapeException("reverse(z=" + z.shape() + "): needs [particles, d] = [" + settings.particles()
                        + ", " + dimension + "]");
            }
            feed(r, "z", z.dtype() == dtype ? z : z.cast(dtype));
        }
        moves = 0;
        r.run();
        read(r, 0);
        uniform = numbers[0];
        particles.clear();
    }

    void read(Runner r, double temperature) {
        r.read(0, difference, 0);
        r.read(1, positions, 0);
        r.read(2, numbers, 0);
        if (numbers[2] != 0) {
            throw new NonFiniteException("anneal(temperature=" + temperature + ", move=" + moves + ", particle="
                    + (int) numbers[3] + "): the difference of the log densities is "
                    + (numbers[2] > 1 ? "plus infinity" : "not a number"));
        }
    }

    /** One move of all particles; returns the mean acceptance. */
    double move(double temperature, double step, int[] ancestors) {
        System.arraycopy(ancestors, 0, ancestorInput.ints(), 0, ancestors.length);
        put(temperatureInput, temperature);
        put(stepInput, step);
        feed(move, "ancestor", ancestorInput);
        feed(move, "temperature", temperatureInput);
        feed(move, "step", stepInput);
        feed(move, "number", ++moves);
        move.run();
        read(move, temperature);
        uniform = numbers[0];
        return numbers[1];
    }

    void feedScale(double[] factor) {
        for (int i = 0; i < factor.length; i++) {
            if (dtype == DType.F32) {
                scaleInput.floats()[i] = (float) factor[i];
            } else {
                scaleInput.doubles()[i] = factor[i];
            }
        }
        feed(move, "scale", scaleInput);
    }

    private static void put(HostArray a, double value) {
        if (a.dtype() == DType.F32) {
            a.floats()[0] = (float) value;
        } else {
            a.doubles()[0] = value;
        }
    }

    /**
     * A run with resampling that chooses temperatures (unless the settings give them), step sizes and metrics.
     *
     * @param run number of the run; runs of different numbers are independent
     * @return estimate, particles and the ladder
     * @throws NonFiniteException if a log density is not a number or plus infinity
     * @throws PlanException if 1 is not reached with the allowed number of temperatures
     */
    public Annealed learn(int run) {
        return forward(null, run, true);
    }

    /**
     * Sequential Monte Carlo on a ladder.
     *
     * @param ladder what an earlier run has learnt
     * @param run number of the run; runs of different numbers are independent
     * @return estimate and particles; the normaliser is unbiased
     */
    public Annealed resampled(Ladder ladder, int run) {
        return forward(ladder, run, true);
    }

    /**
     * Annealed importance sampling on a ladder.
     *
     * @param ladder what an earlier run has learnt
     * @param run number of the run; runs of different numbers are independent
     * @return estimate and weighted particles; each weight is an unbiased estimate of the normaliser
     */
    public Annealed importance(Ladder ladder, int run) {
        return forward(ladder, run, false);
    }

    /**
     * Sequential Monte Carlo on a ladder, several times.
     *
     * @param ladder what an earlier run has learnt
     * @param runs how many
     * @return log normaliser with the error that their spread gives
     */
    public LogNormaliser repeat(Ladder ladder, int runs) {
        double[] all = new double[runs];
        for (int i = 0; i < runs; i++) {
            all[i] = resampled(ladder, i + 1).logZ();
        }
        return LogNormaliser.of(all);
    }

    /**
     * Writes where a forward run is at every so many temperatures, so that one that was stopped goes on with the same bits:
     * the next call with the same numbers begins at the file, which is deleted when the run ends.
     *
     * @param file the file
     * @param every temperatures between two writes
     * @return this
     */
    public Annealer checkpoint(Path file, int every) {
        if (every < 1) {
            throw new PlanException("checkpoint(file=" + file + ", every=" + every + "): at least 1");
        }
        checkpoint = file;
        checkpointEvery = every;
        return this;
    }

    /**
     * Tells of each temperature of a forward run, after its moves and after its checkpoint.
     *
     * @param watcher called with the temperature; what it throws ends the run
     * @return this
     */
    public Annealer watched(DoubleConsumer watcher) {
        this.watcher = watcher;
        return this;
    }

    /** A run from its checkpoint, if there is one, else from its beginning. */
    private AnnealerProgress begun(int run, String name) {
        AnnealerProgress at = new AnnealerProgress(settings.firstStep());
        if (checkpoint == null || !Files.exists(checkpoint)) {
            begin(run, null);
            return at;
        }
        feed(move, "run", run);
        try {
            at.load(checkpoint, name, store, states, particles.weights(), difference);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        double[] z = store.get(states.get(0)).toDoubles();
        System.arraycopy(z, 0, positions, 0, z.length);
        particles.logNormaliser(at.logNormaliser);
        moves = at.moves;
        uniform = at.uniform;
        return at;
    }

    private void keep(AnnealerProgress at, String name) {
        if (checkpoint == null) {
            return;
        }
        try {
            if (at.temperature == 1) {
                Files.deleteIfExists(checkpoint);
            } else if (at.done % checkpointEvery == 0) {
                at.moves = moves;
                at.uniform = uniform;
                at.logNormaliser = particles.logNormaliser();
                at.save(checkpoint, name, store, states, particles.weights(), difference);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Annealed forward(@Nullable Ladder given, int run, boolean resample) {
        String name = transition + " " + settings + " " + dtype + " d=" + dimension + " run=" + run + " resample="
                + resample + (given == null ? " learning" : " ladder=" + given.fingerprint());
        AnnealerProgress at = begun(run, name);
        int most = given != null ? given.size() : settings.mostTemperatures();
        while (at.temperature < 1) {
            int k = at.done;
            if (k == most) {
                throw new PlanException("anneal(temperatures=" + k + ", particles=" + settings.particles()
                        + "): at temperature " + at.temperature + " only; the target is further from the start than so"
                        + " many steps reach");
            }
            double next = given != null ? given.temperature(k) : next(k, at.temperature);
            if (!particles.reweigh(difference, next - at.temperature)) {
                throw new NonFiniteException("anneal(temperature=" + next
                        + "): the log density is minus infinity at all particles; start where the target is not zero");
            }
            at.temperature = next;
            double[] factor;
            if (given != null) {
                factor = given.rung(k).scale();
                at.step = given.stepSize(k);
            } else {
                factor = learnScale();
            }
            feedScale(factor);
            boolean few = resample && particles.effective() < settings.resampleBelow();
            at.resamplings += few ? 1 : 0;
            at.step = moves(next, at.step, few, given == null, k == 0);
            at.accepted += acceptance;
            at.ladder.add(next, at.step, factor);
            at.done = k + 1;
            keep(at, name);
            watcher.accept(next);
        }
        return found(given != null ? given : at.ladder, at.accepted / at.done, at.resamplings);
    }

    /**
     * The moves of a temperature, after resampling if wanted.
     *
     * @param adapt whether the step size follows the acceptance
     * @param first whether the step size is a guess, which takes more moves
     * @return the step size that the next temperature begins with
     */
    double moves(double temperature, double step, boolean resample, boolean adapt, boolean first) {
        int[] ancestors = identity;
        if (resample) {
            ancestors = new int[identity.length];
            particles.resample(uniform, ancestors);
        }
        double next = step;
        double sum = 0;
        int done = 0;
        int wanted = settings.moves();
        while (done < wanted) {
            double a = move(temperature, next, done == 0 ? ancestors : identity);
            sum += a;
            done++;
            if (adapt && transition.targetAcceptance() > 0) {
                double off = a - transition.targetAcceptance();
                next *= Math.exp(off);
                wanted = first && Math.abs(off) > NEAR && done >= wanted && done < FIRST_MOVES ? done + 1 : wanted;
            }
        }
        acceptance = sum / done;
        return next;
    }

    /** What the particles say now. */
    Annealed found(Ladder ladder, double accepted, int resamplings) {
        double[] log = new double[settings.particles()];
        for (int i = 0; i < log.length; i++) {
            log[i] = Math.log(particles.weights()[i] * log.length);
        }
        return new Annealed(particles.logNormaliser(), log, store.get(states.get(0)), ladder, accepted, resamplings);
    }

    AnnealerSettings settings() {
        return settings;
    }

    /** Positions, values and gradients of the particles. */
    List<State> states() {
        return states;
    }

    StateStore store() {
        return store;
    }

    Device device() {
        return device;
    }

    Tempered path() {
        return path;
    }

    Particles particles() {
        return particles;
    }

    /** What the last run of a program put out as increments; not to be written. */
    double[] difference() {
        return difference;
    }

    /** Mean acceptance of the last moves. */
    double acceptance() {
        return acceptance;
    }

    private double next(int k, double temperature) {
        int fixed = settings.temperatures();
        if (fixed > 0) {
            return k + 1 == fixed ? 1 : (k + 1) / (double) fixed;
        }
        double whole = 1 - temperature;
        double step = particles.step(difference, whole, settings.conditionalEss());
        return step == whole ? 1 : temperature + step;
    }

    double[] learnScale() {
        if (settings.mass() == Metric.Kind.UNIT) {
            return scale;
        }
        mass.clear();
        double effective = particles.effective() * settings.particles();
        for (int i = 0; i < settings.particles(); i++) {
            mass.add(positions, i * dimension, particles.weights()[i] * effective);
        }
        double[] factor = new double[scale.length];
        mass.factor(effective / (effective + dimension), factor);
        return factor;
    }

    /**
     * Annealing back from exact draws of the target to the start. Exact draws are known for simulated data and for targets
     * that are a product of normals.
     *
     * @param ladder what an earlier run has learnt
     * @param exact draws of the target [particles, d], independent of the ladder
     * @param run number of the run; runs of different numbers are independent
     * @return in expectation an upper bound of log Z, with the weights of the reciprocal
     */
    public Annealed reverse(Ladder ladder, HostArray exact, int run) {
        begin(run, exact);
        double accepted = 0;
        double[] log = new double[settings.particles()];
        for (int k = ladder.size() - 1; k >= 0; k--) {
            Ladder.Rung rung = ladder.rung(k);
            feedScale(rung.scale());
            for (int i = 0; i < settings.moves(); i++) {
                accepted += move(rung.temperature(), rung.step(), identity) / settings.moves();
            }
            double change = (k == 0 ? 0 : ladder.temperature(k - 1)) - rung.temperature();
            for (int i = 0; i < log.length; i++) {
                log[i] += change * difference[i];
            }
        }
        double reciprocal = LogSums.logMeanExp(log);
        double[] normalised = Arrays.stream(log).map(v -> v - reciprocal).toArray();
        return new Annealed(-reciprocal, normalised, store.get(states.get(0)), ladder, accepted / ladder.size(), 0);
    }
}
