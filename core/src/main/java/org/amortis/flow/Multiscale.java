package org.amortis.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.param.ParamScope;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Run;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Levels of flows of images (Dinh and others 2017): from x to u, each level leaves the second half of its channels as they
 * are and hands the first half to the next. u is a vector: what the first level left, then the second, .., then all of the
 * last. A coupling at the end of a level that changes the second half given the first makes the usual learned Gaussian of
 * what is left.
 */
public final class Multiscale implements Flow {
    private final List<Flow> levels;
    private final Shape input;
    private final int contextSize;

    private Multiscale(List<Flow> levels, Shape input, int contextSize) {
        this.levels = levels;
        this.input = input;
        this.contextSize = contextSize;
    }

    /**
     * Levels from the finest to the coarsest.
     *
     * @param levels flows of images; the output [C, H, W] of each is the first half of the channels of the input of the
     *     one before
     * @return flow from vectors to images
     */
    public static Multiscale of(Flow... levels) {
        if (levels.length == 0) {
            throw new ShapeException("multiscale(): needs a level");
        }
        int context = 0;
        for (int i = 0; i < levels.length; i++) {
            Shape in = levels[i].inputShape();
            if (in.rank() != 3) {
                throw new ShapeException("multiscale: level " + levels[i] + " takes " + in + ", not an image");
            }
            if (i + 1 < levels.length && !levels[i + 1].outputShape().equals(in.with(0, in.dim(0) - in.dim(0) / 2))) {
                throw new ShapeException("multiscale: level " + levels[i] + " hands on "
                        + in.with(0, in.dim(0) - in.dim(0) / 2) + ", the next makes " + levels[i + 1].outputShape());
            }
            context = Math.max(context, levels[i].contextSize());
        }
        int size = levels[0].outputShape().size();
        return new Multiscale(List.of(levels), Shape.of(size), context);
    }

    /**
     * Glow (Kingma and Dhariwal 2018): at each level a squeeze, then steps of a scale of channels, a 1 x 1 convolution
     * and a coupling of channels.
     *
     * @param at where parameters go
     * @param image [C, H, W], H and W divisible by 2^levels
     * @param levels how many
     * @param steps of each level
     * @param net channels and layers of the networks, such as plain(64, 2)
     * @param scale map of scales
     * @return flow from vectors to images
     */
    public static Multiscale glow(ParamScope at, Shape image, int levels, int steps, Net net, ScaleMap scale) {
        Flow[] all = new Flow[levels];
        Shape x = image;
        for (int i = 0; i < levels; i++) {
            Squeeze squeeze = squeeze(x);
            Shape s = squeeze.inputShape();
            List<Flow> parts = new ArrayList<>(List.of(Flows.of(squeeze)));
            for (int k = 0; k < steps; k++) {
                ParamScope step = at.at("level" + i).at("step" + k);
                parts.add(0, ChannelMix.of(step.at("mix"), s));
                parts.add(0, ConvCoupling.channels(step.at("coupling"), s, k % 2 != 0, net, scale));
            }
            all[i] = Flows.chain(parts.toArray(Flow[]::new));
            x = s.with(0, s.dim(0) - s.dim(0) / 2);
        }
        return of(all);
    }

    /**
     * RealNVP (Dinh and others 2017): at each level checkerboard couplings, a squeeze, channel couplings.
     *
     * @param at where parameters go
     * @param image [C, H, W], H and W divisible by 2^levels
     * @param levels how many
     * @param couplings of each kind at each level
     * @param net channels and layers of the networks, such as plain(64, 2)
     * @param scale map of scales
     * @return flow from vectors to images
     */
    public static Multiscale realNvp(ParamScope at, Shape image, int levels, int couplings, Net net, ScaleMap scale) {
        Flow[] all = new Flow[levels];
        Shape x = image;
        for (int i = 0; i < levels; i++) {
            ParamScope level = at.at("level" + i);
            Squeeze squeeze = squeeze(x);
            Shape s = squeeze.inputShape();
            List<Flow> parts = new ArrayList<>(List.of(Flows.of(squeeze)));
            for (int k = 0; k < couplings; k++) {
                boolean odd = k % 2 != 0;
                parts.add(ConvCoupling.checkerboard(level.at("board" + k), x, odd, net, scale));
                parts.add(0, ConvCoupling.channels(level.at("channels" + k), s, odd, net, scale));
            }
            all[i] = Flows.chain(parts.toArray(Flow[]::new));
            x = s.with(0, s.dim(0) - s.dim(0) / 2);
        }
        return of(all);
    }

    /** Sets the normalisations of the levels from a batch of images. */
    void fit(Params params, HostArray x, @Nullable Tensor context) {
        HostArray h = x;
        for (Flow level : levels) {
            Tensor u = Tensors.resident(Flows.fit(level, params, h, context));
            int c = level.inputShape().dim(0);
            h = Run.eval(u.slice(-3, 0, c - c / 2));
        }
    }

    private static Squeeze squeeze(Shape x) {
        if (x.rank() != 3) {
            throw new ShapeException("multiscale(image=" + x + "): needs [channels, rows, columns]");
        }
        return Squeeze.of(x.dim(0), x.dim(1), x.dim(2));
    }

    @Override
    public Shape inputShape() {
        return input;
    }

    @Override
    public Shape outputShape() {
        return levels.get(0).outputShape();
    }

    @Override
    public int contextSize() {
        return contextSize;
    }

    @Override
    public Bijection given(Weights p, @Nullable Tensor context) {
        Flows.checkContext(this, context);
        return new Bound(
                this,
                levels.stream()
                        .map(f -> f.given(p, f.contextSize() == 0 ? null : context))
                        .toList());
    }

    @Override
    public String toString() {
        return "multiscale " + outputShape() + " of " + levels.size() + " levels";
    }

    private record Bound(Multiscale flow, List<Bijection> levels) implements Bijection {
        @Override
        public Shape inputShape() {
            return flow.input;
        }

        @Override
        public Shape outputShape() {
            return flow.outputShape();
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Flows.checkEvent(flow, outputShape(), x);
            Tensor h = x;
            Tensor sum = null;
            Tensor[] left = new Tensor[levels.size()];
            for (int i = 0; i < left.length; i++) {
                Mapped m = levels.get(i).inverseAndLogDet(h);
                sum = sum == null ? m.logDet() : sum.add(m.logDet());
                h = m.value();
                Shape s = h.shape();
                int c = s.dim(-3);
                int on = i + 1 < left.length ? c - c / 2 : 0;
                Tensor rest = h.slice(-3, on, c);
                left[i] = rest.reshape(s.slice(0, s.rank() - 3)
                        .concat(Shape.of(rest.shape().product(s.rank() - 3, s.rank()))));
                h = h.slice(-3, 0, on);
            }
            return new Mapped(Tensors.concat(-1, left), Objects.requireNonNull(sum));
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Flows.checkEvent(flow, flow.input, u);
            Shape batch = u.shape().drop(-1);
            Tensor h = null;
            Tensor sum = null;
            int end = flow.input.dim(0);
            for (int i = levels.size() - 1; i >= 0; i--) {
                Shape s = levels.get(i).inputShape();
                Shape part = h == null ? s : s.with(0, s.dim(0) / 2);
                Tensor own = u.slice(-1, end - part.size(), end).reshape(batch.concat(part));
                end -= part.size();
                Mapped m = levels.get(i).forwardAndLogDet(h == null ? own : Tensors.concat(-3, h, own));
                h = m.value();
                sum = sum == null ? m.logDet() : sum.add(m.logDet());
            }
            return new Mapped(Objects.requireNonNull(h), Objects.requireNonNull(sum));
        }

        @Override
        public Bijection stopGradient() {
            return new Bound(flow, levels.stream().map(Bijection::stopGradient).toList());
        }

        @Override
        public String toString() {
            return flow.toString();
        }
    }
}
