package org.amortis.bench.density;

import java.util.ArrayList;
import java.util.List;
import org.amortis.bench.study.StudyException;
import org.amortis.flow.Autoregressive;
import org.amortis.flow.ContinuousFlow;
import org.amortis.flow.Coupling;
import org.amortis.flow.Flow;
import org.amortis.flow.FlowMatching;
import org.amortis.flow.FlowStacks;
import org.amortis.flow.Flows;
import org.amortis.flow.Net;
import org.amortis.flow.Permutation;
import org.amortis.flow.RationalQuadratic;
import org.amortis.flow.Split;
import org.amortis.flow.TimeMlp;
import org.amortis.flow.TraceEstimate;
import org.amortis.flow.Transformer;
import org.amortis.flow.Whitening;
import org.amortis.flow.ode.FixedSteps;
import org.amortis.nn.Activation;
import org.amortis.param.ParamScope;
import org.amortis.tensor.Key;
import org.jspecify.annotations.Nullable;

/**
 * The flow that a name means for some data. As a rule it is that of {@link FlowStacks#named}. Of images, and beyond 256
 * elements, a matrix in each layer would be most of the parameters, and it mixes what has edges, so that "affine", "maf" and
 * "nsf" are other stacks there:
 * affine layers start from whitened rows, that is from the normal density of any covariance, and splines work on the
 * elements themselves, whose densities have edges and several modes; couplings change the fields of a checkerboard in turn,
 * masked layers change their order.
 *
 * <p>Beside those, "cnf" is a continuous flow trained by likelihood, with an estimate of the trace beyond four elements, and
 * "flow-matching" one trained by matching straight paths.
 *
 * @param flow from the base to standardised rows
 * @param whitening part of it that is fitted to the training rows, or null
 * @param matching how it is trained if not by likelihood, or null
 * @param rate first learning rate
 */
record Stacks(
        Flow flow, @Nullable Whitening whitening, @Nullable FlowMatching matching, double rate) {
    private static final int LARGE = 256;

    private static final double RATE = 3e-3;
    private static final double LARGE_RATE = 1e-3;

    /** A step moves what a matrix of D x D puts out by up to D times the rate: beyond 64 elements the rate falls. */
    private static final double LARGEST_MOVE = 64 * RATE;

    /** Fewer rows are learnt by heart unless networks drop units. */
    private static final int FEW_ROWS = 5_000;

    private static final double FEW_DROPOUT = 0.4;

    private static final String CNF = "cnf";
    private static final String MATCHING = "flow-matching";
    private static final int MOST_CONTINUOUS = 64;
    private static final int EXACT_TRACE = 4;
    private static final int TRAINING_STEPS = 8;

    private static final int AFFINE_LAYERS = 6;
    private static final int SPLINE_LAYERS = 4;
    private static final int MASKED_LAYERS = 3;

    /** Names that {@link #of} knows. */
    static List<String> names() {
        List<String> names = new ArrayList<>(FlowStacks.names());
        names.add(CNF);
        names.add(MATCHING);
        return names;
    }

    /**
     * Declares a flow.
     *
     * @param name one of {@link #names}
     * @param at where its parameters go
     * @param size elements of a row
     * @param width columns of an image, 0 if rows are no images
     * @param rows to train on
     */
    static Stacks of(String name, ParamScope at, int size, int width, int rows) {
        if (name.equals(CNF) || name.equals(MATCHING)) {
            return continuous(name, at, size);
        }
        double dropout = rows < FEW_ROWS ? FEW_DROPOUT : 0;
        return switch (size > LARGE || width > 0 ? name : "") {
            case "affine" -> whitened(at, size, couplings(at, size, width, AFFINE_LAYERS, false, dropout));
            case "maf" -> whitened(at, size, masked(at, size, dropout));
            case "nsf" -> new Stacks(couplings(at, size, width, SPLINE_LAYERS, true, dropout), null, null, LARGE_RATE);
            default -> {
                // the gated steps of "iaf" are trained element by element
                Net net = Net.residual(64, 2).dropping(name.equals("iaf") ? 0 : dropout);
                yield new Stacks(
                        FlowStacks.named(name, at, size, 0, net), null, null, Math.min(RATE, LARGEST_MOVE / size));
            }
        };
    }

    private static Stacks continuous(String name, ParamScope at, int size) {
        if (size > MOST_CONTINUOUS) {
            throw new StudyException("--flow " + name + ": rows of " + size + " numbers, at most " + MOST_CONTINUOUS
                    + ": the exact trace, by which it is reported, takes as many products a step");
        }
        boolean matched = name.equals(MATCHING);
        // a step of matching is one evaluation with its gradient, a step of likelihood many
        int[] hidden = matched ? new int[] {128, 128, 128} : new int[] {64, 64};
        TimeMlp velocity = TimeMlp.of(at, size, 0, hidden, Activation.SILU);
        Flow flow = ContinuousFlow.of(velocity).with(FixedSteps.rk4(TRAINING_STEPS));
        return new Stacks(flow, null, matched ? FlowMatching.of(velocity) : null, RATE);
    }

    /** The flow that densities and draws are reported with: a continuous one takes more steps than in looks. */
    Flow reported() {
        return flow instanceof ContinuousFlow c ? c.with(FixedSteps.rk4(ContinuousFlow.STEPS)) : flow;
    }

    /**
     * The flow of a step of training, or of a look at the validation rows: units dropped, the trace of a continuous flow
     * of many elements estimated.
     *
     * @param training whether it is a step
     * @param key key of the step
     */
    Flow seen(boolean training, Key key) {
        if (flow instanceof ContinuousFlow c) {
            return c.velocity().size() > EXACT_TRACE ? c.with(TraceEstimate.hutchinson(key.fold("trace"))) : c;
        }
        return training ? flow.training(key.fold("dropout")) : flow;
    }

    private static Stacks whitened(ParamScope at, int size, Flow flow) {
        Whitening whitening = Whitening.of(at.at("whitening"), size);
        return new Stacks(flow.then(whitening), whitening, null, LARGE_RATE);
    }

    private static Flow couplings(ParamScope at, int size, int width, int layers, boolean splines, double dropout) {
        Net net = Net.plain(splines ? 128 : 512, 1).dropping(dropout);
        Transformer spline = RationalQuadratic.of(8, 5);
        List<Flow> parts = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            Split split = checkerboard(size, width, i);
            ParamScope layer = at.at(i);
            parts.add((splines
                            ? Coupling.of(
                                    layer, split, 0, RationalQuadratic.of(8, 5).scaledBy(net.width()), net, spline)
                            : Coupling.of(layer, split, 0, Transformer.affine(), net))
                    .inverted());
        }
        return Flows.chain(parts.toArray(Flow[]::new)).inverted();
    }

    private static Flow masked(ParamScope at, int size, double dropout) {
        Net net = Net.plain(512, 1).dropping(dropout);
        List<Flow> parts = new ArrayList<>();
        for (int i = 0; i < MASKED_LAYERS; i++) {
            if (i > 0) {
                parts.add(Flows.of(Permutation.reverse(size)));
            }
            parts.add(Autoregressive.of(at.at(i), size, 0, Transformer.affine(), net)
                    .inverted());
        }
        return Flows.chain(parts.toArray(Flow[]::new)).inverted();
    }

    /** Every other element; of images the fields of one colour of a checkerboard. Odd layers change the others. */
    static Split checkerboard(int size, int width, int layer) {
        boolean[] changed = new boolean[size];
        for (int i = 0; i < size; i++) {
            int field = width == 0 ? i : i / width + i % width;
            changed[i] = field % 2 != layer % 2;
        }
        return Split.of(changed);
    }
}
