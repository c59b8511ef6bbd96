package org.amortis.vi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.dist.Normal;
import org.amortis.mc.Annealing;
import org.amortis.mc.HmcSettings;
import org.amortis.mc.Metric;
import org.amortis.mc.Moved;
import org.amortis.mc.Point;
import org.amortis.mc.Tempered;
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
import org.jspecify.annotations.Nullable;

/**
 * Annealed importance sampling (Neal 2001) of log p(x) between a Gaussian q for each datum and the joint density:
 * log f_t = (1 - t) log q(z) + t log p(x, z). Anchored at a local fit it needs a hundredth of the temperatures that it
 * needs from the prior, which is the same with q = p(z).
 *
 * <p>Chains move in the coordinates u in which q is standard normal, so that one step size fits all directions. A change
 * of temperature changes two scalars; the step is compiled once. The numbers of a datum depend on the seed and its row
 * number only.
 */
public final class AnnealedEvidence {
    private final AnnealedSettings settings;
    private final Params params;
    private final Device device;
    private final GaussianFamily family;
    private final DType dtype;
    private final int latent;
    private final int rows;
    private final Program forwardStart;
    private final Program reverseStart;
    private final Program step;
    private final State u;
    private final State target;
    private final State origin;
    private final State targetGradient;
    private final State originGradient;
    private final State stepSize;
    private final State acceptance;
    private final State logWeight;

    /**
     * Compiles the step.
     *
     * @param model model
     * @param params its parameters
     * @param family family of q
     * @param data type of the data [N, ..]; any number of rows can be run, N at a time wastes nothing
     * @param settings settings
     * @param device where to run
     */
    public AnnealedEvidence(
            LatentModel model,
            Params params,
            GaussianFamily family,
            TensorType data,
            AnnealedSettings settings,
            Device device) {
        this.settings = settings;
        this.params = params;
        this.device = device;
        this.family = family;
        this.dtype = params.spec().dtype();
        this.latent = model.latentSize();
        this.rows = HostRows.even(data.shape().dim(0), settings.rows());
        int b = rows;
        Shape lanes = Shape.of(settings.chains(), b);
        TensorType perChain = new TensorType(dtype, lanes);
        TensorType perElement = new TensorType(dtype, lanes.concat(Shape.of(latent)));
        this.u = new State("ais/u", perElement);
        this.origin = new State("ais/origin", perChain);
        this.target = new State("ais/target", perChain);
        this.originGradient = new State("ais/origin/gradient", perElement);
        this.targetGradient = new State("ais/target/gradient", perElement);
        this.stepSize = new State("ais/stepSize", perChain);
        this.acceptance = new State("ais/acceptance", perChain);
        // hundreds of small differences of numbers near -100: float32 would lose the hundredths
        this.logWeight = new State("ais/logWeight", new TensorType(DType.F64, lanes));
        Tensor x = Tensors.input(
                "x", data.dtype(), data.shape().drop(0).insert(0, b).toArray());
        Tensor mean = Tensors.input("mean", dtype, b, latent);
        Tensor scale = Tensors.input(
                "scale", dtype, family.scaleShape(latent).insert(0, b).toArray());
        Tensor row = Tensors.input("row", DType.I32, b);
        Key key = Key.of(settings.seed()).fold("annealing");
        LogDensity joint = model.joint(params.spec().weights()).given(Context.of(x));
        Tensor logDeterminant = family.logDeterminant(scale);
        LogDensity start = e -> Normal.standard(dtype, Shape.SCALAR).logProb(e).sum(-1);
        LogDensity end = e -> joint.logDensity(family.colour(mean, scale, e)).add(logDeterminant);
        HmcSettings hmc = settings.hmc();
        Tensor temperature = Tensors.input("temperature", dtype);
        Tempered path = Tempered.between(start, end, temperature).limit(hmc.gradientLimit());
        Tensor fresh = Normal.standard(dtype, Shape.of(b, latent))
                .sample(key.fold("start").fold(row), settings.chains());
        this.forwardStart = Program.of(List.of(), started(path.at(fresh), hmc));
        Tensor given = Tensors.input("z", dtype, b, latent);
        Tensor exact = family.whiten(mean, scale, given.expandDims(0)).broadcastTo(perElement.shape());
        this.reverseStart = Program.of(List.of(), started(path.at(exact), hmc));
        Tensor before = Tensors.input("before", DType.F64);
        Tensor after = Tensors.input("after", DType.F64);
        Tensor index = Tensors.input("index", DType.I32);
        Point now = new Point(
                u.value(),
                List.of(origin.value(), target.value()),
                List.of(originGradient.value(), targetGradient.value()));
        Tensor chain = Tensors.iota(Shape.of(settings.chains(), 1), 0);
        Moved moved = hmc.transition()
                .move(
                        now,
                        path,
                        stepSize.value(),
                        Metric.unit(),
                        key.fold("move").fold(index).fold(row).fold(chain));
        Tensor accepted = hmc.remember(acceptance.value(), moved.acceptance());
        Tensor weight = logWeight
                .value()
                .add(difference(now).mul(before))
                .add(difference(moved.point()).mul(after));
        this.step =
                Program.of(List.of(), states(moved.point(), hmc.adapt(stepSize.value(), accepted), accepted, weight));
    }

    private static Tensor difference(Point p) {
        return p.values().get(1).cast(DType.F64).sub(p.values().get(0).cast(DType.F64));
    }

    private Map<State, Tensor> started(Point p, HmcSettings hmc) {
        Shape lanes = logWeight.type().shape();
        return states(
                p,
                Tensors.fill(hmc.firstStep(), dtype, lanes),
                Tensors.fill(hmc.target(), dtype, lanes),
                Tensors.zeros(DType.F64, lanes));
    }

    private Map<State, Tensor> states(Point p, Tensor step, Tensor accepted, Tensor weight) {
        Map<State, Tensor> m = new LinkedHashMap<>();
        m.put(u, p.z());
        m.put(origin, p.values().get(0));
        m.put(target, p.values().get(1));
        m.put(originGradient, p.gradients().get(0));
        m.put(targetGradient, p.gradients().get(1));
        m.put(stepSize, step);
        m.put(acceptance, accepted);
        m.put(logWeight, weight);
        return m;
    }

    /**
     * Estimates from chains that begin at draws of q.
     *
     * @param data observations [N, ..]
     * @param q one Gaussian for each
     * @return estimates of N rows
     */
    public AnnealedEstimate run(HostArray data, Gaussians q) {
        return anneal(data, q, null);
    }

    /**
     * Estimates from chains that begin at exact posterior draws and run back to q: the other side of the sandwich of
     * bidirectional Monte Carlo. Exact draws are known for simulated data: z ~ p(z), then x ~ p(x | z).
     *
     * @param data simulated observations [N, ..]
     * @param q one Gaussian for each
     * @param z the latents they were simulated from [N, d]
     * @return estimates of N rows, in expectation upper bounds
     */
    public AnnealedEstimate reverse(HostArray data, Gaussians q, HostArray z) {
        return anneal(data, q, z);
    }

    private AnnealedEstimate anneal(HostArray data, Gaussians q, @Nullable HostArray z) {
        int n = data.shape().dim(0);
        if (q.family() != family || q.rows() != n || q.latentSize() != latent) {
            throw new PlanException("annealed(data=" + data.dtype() + data.shape() + ", q=" + q + "): made for family "
                    + family + " of d=" + latent + ", one Gaussian for each row");
        }
        StateStore store = new StateStore();
        store.set(params.spec().flat(), params.flat());
        List<State> all = List.of(u, origin, target, originGradient, targetGradient, stepSize, acceptance, logWeight);
        all.forEach(s -> store.set(s, HostArray.zeros(s.type().dtype(), s.type().shape())));
        Runner begin = (z == null ? forwardStart : reverseStart).open(device, store);
        Runner move = step.open(device, store);
        double[] t = settings.delta() > 0
                ? Annealing.sigmoidal(settings.temperatures(), settings.delta())
                : Annealing.linear(settings.temperatures());
        double[] evidence = new double[n];
        double[] spread = new double[n];
        double[] accepted = new double[n];
        int b = rows;
        for (int from = 0; from < n; from += b) {
            HostArray x = HostRows.block(data, from, b);
            HostArray mean = HostRows.block(q.mean(), from, b);
            HostArray scale = HostRows.block(q.scale(), from, b);
            HostArray row = HostRows.numbers(from, b);
            begin.feed("x", x).feed("mean", mean).feed("scale", scale);
            move.feed("x", x).feed("mean", mean).feed("scale", scale).feed("row", row);
            if (z == null) {
                begin.feed("row", row);
            } else {
                begin.feed("z", HostRows.block(z, from, b));
            }
            begin.run();
            for (int k = 1; k < t.length; k++) {
                // forward: the weight changes first, then the chain moves; backward in the opposite order
                int at = z == null ? k : t.length - k;
                double change = t[at] - t[at - 1];
                feed(move, "temperature", t[at]);
                feed(move, "before", z == null ? change : 0);
                feed(move, "after", z == null ? 0 : -change);
                move.feed("index", HostRows.scalar(k));
                move.run();
            }
            HostArray w = store.get(logWeight);
            HostArray share = store.get(acceptance);
            for (int j = 0; j < Math.min(b, n - from); j++) {
                double[] chain = new double[settings.chains()];
                double sum = 0;
                for (int c = 0; c < chain.length; c++) {
                    chain[c] = w.get(c * b + j);
                    sum += share.get(c * b + j);
                }
                double log = LogWeights.logMeanExp(chain);
                evidence[from + j] = z == null ? log : -log;
                spread[from + j] = LogWeights.standardDeviation(chain);
                accepted[from + j] = sum / chain.length;
            }
        }
        return new AnnealedEstimate(evidence, spread, accepted);
    }

    private static void feed(Runner r, String name, double value) {
        HostArray a = HostArray.zeros(r.inputType(name).dtype(), Shape.SCALAR);
        HostRows.put(a, 0, value);
        r.feed(name, a);
    }
}
