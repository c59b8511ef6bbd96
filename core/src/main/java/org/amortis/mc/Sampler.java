package org.amortis.mc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.LogDensity;
import org.amortis.grad.Gradients;
import org.amortis.io.Safetensors;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;

/**
 * Runs a transition for many chains: warm-up, in which step size and mass are learnt from all chains together, then draws.
 * A transition is one run of a compiled program and allocates nothing. A run can be stopped after any transition, saved,
 * and taken up elsewhere with the same bits. Not thread-safe.
 *
 * <pre>{@code
 * Sampler s = Sampler.of(density, DType.F64, d, Nuts.standard(), SamplerSettings.of(4, 1000, 1000, 7), device);
 * s.start(2); // normal around 0 with deviation 2
 * Samples draws = s.run();
 * }</pre>
 */
public final class Sampler {
    private static final int STATISTICS = 7;
    private static final String[] WRONG = {
        "",
        "the position is not finite",
        "the log density is not a number or minus infinity",
        "the log density is plus infinity",
        "the gradient is not finite"
    };

    private final SamplerSettings settings;
    private final Transition transition;
    private final DType dtype;
    private final int dimension;
    private final StateStore store = new StateStore();
    private final List<State> states = new ArrayList<>();
    private final State count = new State("mc/transition", new TensorType(DType.I32, Shape.SCALAR));
    private final Runner begin;
    private final Runner move;
    private final Runner probe;
    private final HostArray stepInput;
    private final HostArray scaleInput;
    private final HostArray attempt = HostArray.wrap(new int[1], Shape.SCALAR);
    private final double[] positions;
    private final double[] statistics;
    private final DualAveraging averaging;
    private final Windows windows;
    private final MassEstimate mass;
    private final double[] scale;
    private final Samples samples;
    private double step;
    private int done = -1;
    private int divergences;
    private double acceptance = Double.NaN;

    private Sampler(
            LogDensity density, DType dtype, int d, Transition transition, SamplerSettings settings, Device device) {
        if (d < 1) {
            throw new PlanException("sampler(d=" + d + "): at least one dimension");
        }
        this.settings = settings;
        this.transition = transition;
        this.dtype = dtype;
        this.dimension = d;
        int c = settings.chains();
        Shape all = Shape.of(c, d);
        Metric.Kind kind = settings.mass();
        Tensor step = Tensors.input("step", dtype);
        Metric metric =
                Metric.of(kind, Tensors.input("scale", dtype, kind.shape(d).toArray()));
        Tensor z = Tensors.input("z", dtype, all.toArray());
        Tempered target = Tempered.of(density);
        if (transition.usesGradient()) {
            // a density that does not depend on its argument is refused here
            Gradients.of(density.logDensity(z).sum(), z);
        } else {
            target = target.withoutGradient();
        }
        Point start = target.at(z);
        List<Tensor> flat = start.flat();
        for (int i = 0; i < flat.size(); i++) {
            states.add(new State("mc/point/" + i, flat.get(i).type()));
        }
        Point now = Point.of(states.stream().map(State::value).toList());
        Key key = Key.of(settings.seed()).fold("sampler");
        Tensor chain = Tensors.iota(Shape.of(c), 0);
        Moved moved = transition.move(
                now,
                target,
                step,
                metric,
                key.fold("transition").fold(count.value()).fold(chain));
        Tensor wrong = wrong(target, moved.point(), moved.infinite());
        Tensor failed = wrong.gt(0).any();
        Map<State, Tensor> updates = new LinkedHashMap<>();
        for (int i = 0; i < states.size(); i++) {
            updates.put(
                    states.get(i),
                    Tensors.where(
                            failed, states.get(i).value(), moved.point().flat().get(i)));
        }
        updates.put(count, count.value().add(failed.not().cast(DType.I32)));
        Tensor numbers = Tensors.stack(
                0,
                target.value(moved.point()),
                moved.energy(),
                moved.acceptance(),
                moved.evaluations(),
                moved.depth(),
                moved.divergent().cast(dtype),
                wrong);
        Map<State, Tensor> first = new LinkedHashMap<>();
        Tensor none = Tensors.zeros(DType.BOOL, Shape.of(c));
        for (int i = 0; i < flat.size(); i++) {
            first.put(states.get(i), flat.get(i));
        }
        Tensor tries = Tensors.input("attempt", DType.I32);
        Tensor trial = new Hmc(1, 0, 0.8)
                .move(now, target, step, metric, key.fold("step").fold(tries).fold(chain))
                .acceptance()
                .mean();
        for (State s : states) {
            store.set(s, HostArray.zeros(s.type().dtype(), s.type().shape()));
        }
        store.set(count, HostArray.zeros(DType.I32, Shape.SCALAR));
        this.begin = Program.of(List.of(wrong(target, start, none)), first).open(device, store);
        this.move = Program.of(List.of(moved.point().z(), numbers), updates).open(device, store);
        this.probe = Program.of(trial).open(device, store);
        this.stepInput = HostArray.zeros(dtype, Shape.SCALAR);
        this.scaleInput = HostArray.zeros(dtype, kind.shape(d));
        this.positions = new double[c * d];
        this.statistics = new double[STATISTICS * c];
        this.step = settings.stepSize() > 0 ? settings.stepSize() : 1;
        this.averaging = new DualAveraging(Math.max(1e-3, transition.targetAcceptance()), this.step);
        this.windows = new Windows(settings.warmUp());
        this.mass = new MassEstimate(kind, d);
        this.scale = new double[kind.shape(d).size()];
        this.samples = new Samples(c, settings.draws(), d);
        if (settings.stepSize() == 0 && !adapts()) {
            throw new PlanException("sampler(transition=" + transition + ", warmUp=" + settings.warmUp()
                    + ", stepSize=0): nothing finds a step size; give one");
        }
    }

    /**
     * Compiles the programs.
     *
     * @param density log density of the target, of positions [chains, d]
     * @param dtype F32 or F64
     * @param d dimension
     * @param transition kernel
     * @param settings settings
     * @param device where to run
     * @return a sampler without positions; call one of the start methods next
     * @throws ShapeException if the density does not give one number for each chain
     */
    public static Sampler of(
            LogDensity density, DType dtype, int d, Transition transition, SamplerSettings settings, Device device) {
        return new Sampler(density, dtype, d, transition, settings, device);
    }

    /** Code of what is wrong with each chain [C], 0 if nothing; see WRONG. */
    private static Tensor wrong(Tempered target, Point p, Tensor infinite) {
        DType dtype = p.z().dtype();
        Tensor value = target.value(p);
        Tensor code = Tensors.zeros(dtype, value.shape());
        code = code.add(finite(target.gradient(p)).all(-1).not().cast(dtype).mul(4));
        code = Tensors.where(finite(value), code, 2);
        code = Tensors.where(finite(p.z()).all(-1), code, 1);
        return Tensors.where(
                infinite.or(value.eq(Double.POSITIVE_INFINITY)),
                Tensors.zeros(dtype, value.shape()).add(3),
                code);
    }

    private static Tensor finite(Tensor x) {
        return x.abs().le(x.dtype() == DType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE);
    }

    /**
     * Starts at given positions. Draws so far are forgotten.
     *
     * @param z positions [chains, d]
     * @return this
     * @throws NonFiniteException if log density or gradient is not finite there
     */
    public Sampler start(HostArray z) {
        Shape wanted = Shape.of(settings.chains(), dimension);
        if (!z.shape().equals(wanted)) {
            throw new ShapeException("start(z=" + z.shape() + "): needs [chains, d] = " + wanted);
        }
        begin.feed("z", z.dtype() == dtype ? z : z.cast(dtype)).run();
        double[] code = begin.output(0).toDoubles();
        done = 0;
        samples.filled(0);
        divergences = 0;
        store.set(count, HostArray.zeros(DType.I32, Shape.SCALAR));
        check(code, 0, 0);
        mass.clear();
        java.util.Arrays.fill(scale, 1);
        if (settings.mass() == Metric.Kind.DENSE) {
            for (int i = 0; i < scale.length; i++) {
                scale[i] = i % (dimension + 1) == 0 ? 1 : 0;
            }
        }
        feedScale();
        feedStep(settings.stepSize() > 0 ? settings.stepSize() : 1);
        if (adapts() && settings.stepSize() == 0) {
            findStep();
        }
        averaging.restart(step);
        return this;
    }

    /**
     * Starts at normal draws around 0.
     *
     * @param deviation their standard deviation
     * @return this
     */
    public Sampler start(double deviation) {
        Key key = Key.of(settings.seed()).fold("sampler").fold("start");
        Tensor chain = Tensors.iota(Shape.of(settings.chains()), 0);
        return start(org.amortis.runtime.Run.eval(
                Random.normal(key.fold(chain), dtype, Shape.of(settings.chains(), dimension))
                        .mul(deviation)));
    }

    private boolean adapts() {
        return transition.targetAcceptance() > 0 && settings.warmUp() > 0;
    }

    /** Doubles or halves the step until the acceptance of one leapfrog step passes 0.8. */
    private void findStep() {
        double direction = 0;
        for (int i = 0; i < 100; i++) {
            attempt.ints()[0] = i + 100 * done;
            probe.feed("attempt", attempt).run();
            double way = probe.scalar(0) > 0.8 ? 1 : -1;
            if (direction != 0 && way != direction) {
                return;
            }
            direction = way;
            feedStep(step * (way > 0 ? 2 : 0.5));
        }
        throw new NonFiniteException("sampler(step=" + step + "): no step size has a mean acceptance of 0.8 after"
                + " transition " + done + "; the target is flat or its gradient is wrong");
    }

    private void feedStep(double value) {
        step = value;
        put(stepInput, 0, value);
        move.feed("step", stepInput);
        probe.feed("step", stepInput);
    }

    private void feedScale() {
        if (settings.mass() != Metric.Kind.UNIT) {
            for (int i = 0; i < scale.length; i++) {
                put(scaleInput, i, scale[i]);
            }
            move.feed("scale", scaleInput);
            probe.feed("scale", scaleInput);
        }
    }

    private static void put(HostArray a, int i, double value) {
        if (a.dtype() == DType.F32) {
            a.floats()[i] = (float) value;
        } else {
            a.doubles()[i] = value;
        }
    }

    /**
     * All that is left of warm-up and draws.
     *
     * @return the draws
     */
    public Samples run() {
        return run(s -> {});
    }

    /**
     * All that is left of warm-up and draws.
     *
     * @param listener called after each transition
     * @return the draws
     */
    public Samples run(Consumer<Sampler> listener) {
        while (done < total()) {
            advance(1);
            listener.accept(this);
        }
        return samples;
    }

    /**
     * Some transitions, at most those that are left.
     *
     * @param transitions how many
     * @return this
     * @throws NonFiniteException if a chain left the numbers: the chains stand before that transition
     */
    public Sampler advance(int transitions) {
        if (done < 0) {
            throw new PlanException("sampler: no positions yet; call start first");
        }
        for (int i = 0; i < transitions && done < total(); i++) {
            transition();
        }
        return this;
    }

    private void transition() {
        if (!adapts()) {
            feedStep(transition.scheduled(settings.stepSize(), done));
        }
        move.run();
        move.read(0, positions, 0);
        move.read(1, statistics, 0);
        int c = settings.chains();
        check(statistics, (STATISTICS - 1) * c, done + 1);
        double sum = 0;
        for (int i = 0; i < c; i++) {
            sum += statistics[2 * c + i];
            divergences += done >= settings.warmUp() && statistics[5 * c + i] != 0 ? 1 : 0;
        }
        acceptance = sum / c;
        int at = done++;
        if (at < settings.warmUp()) {
            adapt(at);
        } else {
            keep(at - settings.warmUp());
        }
    }

    private void adapt(int at) {
        if (adapts()) {
            averaging.update(acceptance);
            feedStep(averaging.step());
        }
        if (settings.mass() != Metric.Kind.UNIT && windows.learns(at)) {
            for (int i = 0; i < settings.chains(); i++) {
                mass.add(positions, i * dimension, 1);
            }
            if (windows.ends(at)) {
                mass.factor(1, scale);
                mass.clear();
                feedScale();
                if (adapts()) {
                    feedStep(averaging.finalStep());
                    findStep();
                    averaging.restart(step);
                }
            }
        }
        if (adapts() && at == settings.warmUp() - 1) {
            feedStep(averaging.finalStep());
        }
    }

    private void keep(int at) {
        int c = settings.chains();
        boolean last = at % settings.thin() == settings.thin() - 1;
        boolean first = at % settings.thin() == 0;
        for (int i = 0; i < c; i++) {
            samples.put(Statistic.LOG_DENSITY, i, statistics[i]);
            samples.put(Statistic.ENERGY, i, statistics[c + i]);
            samples.put(Statistic.STEP_SIZE, i, step);
            samples.put(Statistic.DEPTH, i, statistics[4 * c + i]);
            samples.gather(Statistic.ACCEPTANCE, i, first, statistics[2 * c + i] / settings.thin());
            samples.gather(Statistic.EVALUATIONS, i, first, statistics[3 * c + i]);
            samples.gather(Statistic.DIVERGENT, i, first, statistics[5 * c + i]);
        }
        if (last) {
            samples.add(positions);
            samples.filled(samples.filled() + 1);
        }
    }

    private void check(double[] codes, int at, int number) {
        for (int i = 0; i < settings.chains(); i++) {
            int code = (int) codes[at + i];
            if (code != 0) {
                throw new NonFiniteException((number == 0 ? "start(" : "sample(transition=" + number + ", ") + "chain="
                        + i + ", step size=" + step + "): " + WRONG[code]
                        + (number == 0 ? "; start elsewhere" : "; the chains stand where they were before it"));
            }
        }
    }

    /**
     * Transitions so far, warm-up included.
     *
     * @return how many; -1 before the start
     */
    public int transitions() {
        return done;
    }

    /**
     * Transitions of the whole run.
     *
     * @return warm-up plus draws
     */
    public int total() {
        return settings.warmUp() + settings.draws() * settings.thin();
    }

    /**
     * The step size in use.
     *
     * @return step size
     */
    public double stepSize() {
        return step;
    }

    /**
     * Mean acceptance of the last transition.
     *
     * @return between 0 and 1; NaN before the first
     */
    public double acceptance() {
        return acceptance;
    }

    /**
     * Lost trajectories of all chains since warm-up.
     *
     * @return how many
     */
    public int divergences() {
        return divergences;
    }

    /**
     * The draws so far.
     *
     * @return draws
     */
    public Samples samples() {
        return samples;
    }

    /**
     * The settings.
     *
     * @return settings
     */
    public SamplerSettings settings() {
        return settings;
    }

    /**
     * The factor of the inverse mass in use.
     *
     * @return F64 [d] or [d, d], or [0] for the unit matrix
     */
    public HostArray scale() {
        return HostArray.wrap(scale.clone(), settings.mass().shape(dimension));
    }

    /**
     * Where the chains are.
     *
     * @return [chains, d]
     */
    public HostArray positions() {
        return store.get(states.get(0));
    }

    /**
     * Writes chains, adaptation and draws.
     *
     * @param file target
     * @throws IOException if it cannot be written
     */
    public void save(Path file) throws IOException {
        if (done < 0) {
            throw new PlanException("save(" + file + "): no positions yet; call start first");
        }
        Map<String, HostArray> all = new LinkedHashMap<>();
        for (State s : states) {
            all.put(s.name(), store.get(s));
        }
        all.put(count.name(), store.get(count));
        double[] host = new double[hostSize()];
        host[0] = done;
        host[1] = step;
        host[2] = divergences;
        averaging.save(host, 3);
        mass.save(host, 3 + DualAveraging.STATE);
        all.put("mc/adaptation", HostArray.wrap(host, Shape.of(host.length)));
        all.put("mc/scale", scale());
        all.put("mc/draws", samples.draws());
        samples.statistics().forEach((s, a) -> all.put("mc/statistic/" + s, a));
        Safetensors.write(file, all, Map.of("format", "amortis-sampler", "sampler", fingerprint()));
    }

    /**
     * Goes on where a saved run of the same settings stopped.
     *
     * @param file written by {@link #save}
     * @return this
     * @throws IOException if it cannot be read
     * @throws FormatException if it is of another sampler
     */
    public Sampler load(Path file) throws IOException {
        Map<String, HostArray> all;
        try (Safetensors in = Safetensors.open(file)) {
            String found = in.metadata().getOrDefault("sampler", "none");
            if (!found.equals(fingerprint())) {
                throw new FormatException("load(" + file + "): written by " + found + ", this is " + fingerprint());
            }
            all = in.tensors();
        }
        double[] host = named(all, "mc/adaptation", file).doubles();
        if (host.length != hostSize()) {
            throw new FormatException(
                    "load(" + file + "): mc/adaptation has " + host.length + " numbers, not " + hostSize());
        }
        for (State s : states) {
            store.set(s, named(all, s.name(), file));
        }
        store.set(count, named(all, count.name(), file));
        copy(named(all, "mc/draws", file), samples.draws(), file);
        for (Map.Entry<Statistic, HostArray> e : samples.statistics().entrySet()) {
            copy(named(all, "mc/statistic/" + e.getKey(), file), e.getValue(), file);
        }
        HostArray factor = named(all, "mc/scale", file);
        System.arraycopy(factor.doubles(), 0, scale, 0, scale.length);
        done = (int) host[0];
        divergences = (int) host[2];
        averaging.load(host, 3);
        mass.load(host, 3 + DualAveraging.STATE);
        samples.filled(Math.max(0, done - settings.warmUp()) / settings.thin());
        feedScale();
        feedStep(host[1]);
        return this;
    }

    private static HostArray named(Map<String, HostArray> all, String name, Path file) {
        HostArray a = all.get(name);
        if (a == null) {
            throw new FormatException("load(" + file + "): no array " + name);
        }
        return a;
    }

    private static void copy(HostArray from, HostArray to, Path file) {
        if (from.dtype() != to.dtype() || !from.shape().equals(to.shape())) {
            throw new FormatException("load(" + file + "): " + from + " is not of shape " + to.shape());
        }
        System.arraycopy(from.doubles(), 0, to.doubles(), 0, to.shape().size());
    }

    private int hostSize() {
        return 3 + DualAveraging.STATE + mass.size();
    }

    private String fingerprint() {
        return transition + " " + settings + " " + dtype + " d=" + dimension;
    }
}
