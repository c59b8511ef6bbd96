package org.amortis.bench.density;

import static org.amortis.optim.Transforms.adam;
import static org.amortis.optim.Transforms.clipGlobalNorm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.study.Console;
import org.amortis.dist.Mapped;
import org.amortis.flow.Base;
import org.amortis.flow.Flow;
import org.amortis.flow.FlowDistribution;
import org.amortis.flow.FlowLosses;
import org.amortis.flow.FlowMatching;
import org.amortis.flow.Standardiser;
import org.amortis.optim.Schedule;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.train.Batches;
import org.amortis.train.Checkpoint;
import org.amortis.train.EarlyStop;
import org.amortis.train.Loss;
import org.amortis.train.Objective;
import org.amortis.train.Trainer;

/** A flow from a standard normal to standardised rows and on to the rows themselves, fitted by maximum likelihood. */
final class FittedFlow {
    /** Checkpoints of a run, about. */
    private static final int CHECKPOINTS = 60;

    private static final double CLIP = 5;

    /** Rows of an evaluation. */
    private static final int CHUNK = 500;

    private final Device device;
    private final ParamSpec spec = new ParamSpec(DType.F32);
    private final Base base;
    private final Flow flow;
    private final Stacks stack;
    private final Standardiser standardiser;
    private final Params params;
    private final Prepared data;
    private int steps;
    private int bestStep;
    private double carried;
    private List<Fit.Point> curve = List.of();

    /**
     * Declares a flow and standardises the data.
     *
     * @param rows data
     * @param name of the flow, see {@link Stacks}
     * @param seed of first values and noise
     * @param device where
     */
    FittedFlow(Rows rows, String name, long seed, Device device) {
        this.device = device;
        int d = rows.dimensions();
        base = Base.normal(d);
        stack = Stacks.of(
                name, spec.at("flow"), d, rows.width(), rows.train().shape().dim(0));
        flow = stack.reported();
        standardiser = Standardiser.of(spec.at("standardiser"), d);
        params = Params.init(spec, Key.of(seed).fold("init"), device);
        data = new Prepared(rows, seed, standardiser, params);
        if (stack.whitening() != null) {
            stack.whitening().fit(params, data.standardised("train"));
        }
    }

    /**
     * Trains, or goes on with training.
     *
     * @param s settings
     * @param seed of order and noise
     * @param checkpoints folder of checkpoints; the newest is resumed from
     * @param console progress
     */
    void train(DensityScale s, long seed, Path checkpoints, Console console) throws IOException {
        Batches batches = Batches.shuffled(data.feed(), s.batch());
        HostArray held = data.standardised("validation");
        Batches validation =
                Batches.sequential(held, Math.min(CHUNK, held.shape().dim(0)));
        int perEpoch = Math.max(1, batches.perEpoch());
        int total = Math.multiplyExact(s.epochs(), perEpoch);
        // looking at the validation rows should not cost more than training between two looks
        int every = Math.max(Math.max(1, total / s.points()), held.shape().dim(0) / s.batch());
        EarlyStop stop = EarlyStop.every(every, validation).patience(s.patience());
        Fit fit = new Fit(validation, perEpoch, every, data.logDet(), byLikelihood(), console);
        try (Trainer trainer = Trainer.on(device)
                .params(params, Key.of(seed).fold("density"))
                .objective(objective())
                .batches(batches)
                .optimizer(
                        clipGlobalNorm(CLIP),
                        adam(Schedule.cosine(rate(), rate() / 100, total)
                                .warmUp(Math.max(1, Math.min(200, total / 20)))))
                .build()) {
            Optional<Path> last = Checkpoint.latest(checkpoints);
            if (last.isPresent()) {
                trainer.resume(last.get());
                console.say("resuming at step " + trainer.steps() + " of " + total);
            }
            trainer.runTo(total, stop, fit, Checkpoint.every(Math.max(1, total / CHECKPOINTS), checkpoints));
            steps = fit.points().isEmpty()
                    ? trainer.steps()
                    : (int) Math.round(fit.points().getLast().epoch() * perEpoch);
            bestStep = stop.bestStep();
            curve = List.copyOf(fit.points());
            carried = fit.carried();
        }
    }

    /** Rows that are whole numbers get new noise at each step of training; validation rows have theirs. */
    private Objective objective() {
        Pixels pixels = data.pixels();
        return in -> {
            Tensor x = in.in("x");
            if (pixels != null && in.training()) {
                Tensor noise = Random.uniform(in.key().fold("noise"), DType.F32, x.shape());
                x = standardiser.given(in.params()).inverse(pixels.of(x, noise));
            }
            FlowMatching matching = stack.matching();
            if (in.training() && matching != null) {
                Tensor from = base.given(in.params(), x.shape().drop(-1))
                        .sample(in.key().fold("base"));
                return Loss.minimise(
                        matching.loss(in.params(), from, x, null, in.key().fold("match"))
                                .mean());
            }
            Flow seen = stack.seen(in.training(), in.key());
            return FlowLosses.maximumLikelihood(FlowDistribution.of(base, seen, in.params()), x);
        };
    }

    /**
     * What rows are pulled back to.
     *
     * @param log log p of each row in the units of the data, nats [n]
     * @param residuals [n, D], standard normal if the flow is right
     */
    record Pulled(HostArray log, HostArray residuals) {
        /** A copy. */
        double[] logLikelihood() {
            return log.toDoubles();
        }
    }

    /**
     * Pulls rows back.
     *
     * @param z standardised rows [n, D]
     */
    Pulled pull(HostArray z) {
        int n = z.shape().dim(0);
        int d = z.shape().dim(1);
        int chunk = Math.min(CHUNK, n);
        Tensor x = Tensors.input("x", DType.F32, chunk, d);
        Mapped m = flow.given(spec.weights()).inverseAndLogDet(x);
        Tensor logProb =
                base.given(spec.weights(), Shape.SCALAR).logProb(m.value()).add(m.logDet());
        Runner r = Program.of(logProb, m.value()).open(device, params.store());
        double[] log = new double[n];
        float[] u = new float[n * d];
        for (int from = 0; from < n; from += chunk) {
            // the last rows once more rather than another program for fewer rows
            int at = Math.min(from, n - chunk);
            r.feed("x", z.floats(), at * d);
            r.run();
            float[] l = r.output(0).toFloats();
            for (int i = 0; i < chunk; i++) {
                log[at + i] = l[i] - data.logDet();
            }
            System.arraycopy(r.output(1).toFloats(), 0, u, at * d, chunk * d);
        }
        return new Pulled(HostArray.wrap(log, Shape.of(n)), HostArray.wrap(u, Shape.of(n, d)));
    }

    /** log p of points in the units of the data [n, D]. */
    double[] logDensity(HostArray x) {
        return pull(standardiser.standardise(params, x)).logLikelihood();
    }

    /** Draws in the units of the data [n, D]. */
    HostArray draws(int n, long seed) {
        FlowDistribution q = FlowDistribution.of(base, flow.then(standardiser), spec.weights());
        Runner r = Program.of(q.sample(Key.of(seed).fold("draws"), n)).open(device, params.store());
        r.run();
        return r.output(0);
    }

    /** First learning rate, falling along a cosine. */
    double rate() {
        return stack.rate();
    }

    /** Whether training minimises minus the log-likelihood. */
    boolean byLikelihood() {
        return stack.matching() == null;
    }

    Prepared data() {
        return data;
    }

    Params params() {
        return params;
    }

    List<Fit.Point> curve() {
        return curve;
    }

    /** Steps taken, those after the best included. */
    int steps() {
        return steps;
    }

    /** The step whose parameters were kept. */
    int bestStep() {
        return bestStep;
    }

    /** Seconds of training in earlier processes. */
    double carried() {
        return carried;
    }
}
