package org.amortis.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.nn.Activation;
import org.amortis.nn.Conv2d;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Affine coupling of images [C, H, W] (Dinh and others 2017): pixels or channels that are kept put a convolutional network
 * in a position to scale and shift the others. Its last layer starts at zero, so the flow starts at the identity.
 */
public final class ConvCoupling implements Flow {
    private final String path;
    private final Shape event;
    private final boolean board;
    private final boolean odd;
    private final ScaleMap scale;
    private final Activation activation;
    private final Conv2d first;
    private final List<Conv2d> hidden;
    private final Conv2d last;

    private ConvCoupling(ParamScope at, Shape event, boolean board, boolean odd, Net net, ScaleMap scale) {
        if (event.rank() != 3
                || event.size() == 0
                || net.residual()
                || (board ? event.dim(1) * event.dim(2) : event.dim(0)) < 2) {
            throw new ShapeException("convCoupling(event=" + event + ", net=" + net
                    + "): needs [channels, rows, columns] with two of what is split, and a net without blocks");
        }
        this.path = at.path();
        this.event = event;
        this.board = board;
        this.odd = odd;
        this.scale = scale;
        int c = event.dim(0);
        int in = board ? c : kept();
        int out = board ? c : c - kept();
        Initializer usual = net.activation().initializer();
        int width = net.width();
        this.activation = net.activation();
        this.first = Conv2d.of(at.at("first"), in, width, 3, 1, 1, usual);
        List<Conv2d> layers = new ArrayList<>();
        for (int i = 1; i < net.depth(); i++) {
            layers.add(Conv2d.of(at.at(i), width, width, 1, 1, 0, usual));
        }
        this.hidden = List.copyOf(layers);
        this.last = Conv2d.of(at.at("last"), width, 2 * out, 3, 1, 1, Initializer.zeros());
    }

    /**
     * Half of the channels changed, given the other half.
     *
     * @param at where its parameters go
     * @param event shape [C, H, W], at least two channels
     * @param odd whether the first half is changed instead of the second
     * @param net channels and layers of the network: 3 x 3 windows first and last, 1 x 1 between
     * @param scale map of scales
     * @return the flow
     */
    public static ConvCoupling channels(ParamScope at, Shape event, boolean odd, Net net, ScaleMap scale) {
        return new ConvCoupling(at, event, false, odd, net, scale);
    }

    /**
     * Every other pixel changed, given its neighbours: the fields of one colour of a chessboard.
     *
     * @param at where its parameters go
     * @param event shape [C, H, W]
     * @param odd whether the other colour is changed
     * @param net channels and layers of the network: 3 x 3 windows first and last, 1 x 1 between
     * @param scale map of scales
     * @return the flow
     */
    public static ConvCoupling checkerboard(ParamScope at, Shape event, boolean odd, Net net, ScaleMap scale) {
        return new ConvCoupling(at, event, true, odd, net, scale);
    }

    /** Channels that stay. */
    private int kept() {
        int c = event.dim(0);
        return odd ? c - c / 2 : c / 2;
    }

    @Override
    public Shape inputShape() {
        return event;
    }

    @Override
    public int contextSize() {
        return 0;
    }

    @Override
    public Bijection given(Weights p, @Nullable Tensor context) {
        Flows.checkContext(this, context);
        return new Bound(this, p);
    }

    @Override
    public String toString() {
        return (board ? "checkerboard " : "channel ") + "coupling " + path + " " + event;
    }

    private record Bound(ConvCoupling flow, Weights p) implements Bijection {
        @Override
        public Shape inputShape() {
            return flow.event;
        }

        /** Raw scales and shifts, one behind the other along the channels. */
        private Tensor net(Tensor kept) {
            Tensor h = flow.activation.apply(flow.first.apply(p, kept));
            for (Conv2d layer : flow.hidden) {
                h = flow.activation.apply(layer.apply(p, h));
            }
            return flow.last.apply(p, h);
        }

        private Mapped affine(Tensor v, Tensor raw, boolean forward) {
            int c = v.shape().dim(-3);
            Tensor a = raw.slice(-3, 0, c);
            Tensor shift = raw.slice(-3, c, 2 * c);
            Tensor log = flow.scale.logScale(a);
            return forward
                    ? new Mapped(v.mul(flow.scale.scale(a)).add(shift), log)
                    : new Mapped(v.sub(shift).div(flow.scale.scale(a)), log.neg());
        }

        /** BOOL [H, W], true where pixels stay. */
        private Tensor stays() {
            Shape s = flow.event.slice(1, 3);
            Tensor sum = Tensors.iota(s, 0).add(Tensors.iota(s, 1)).add(flow.odd ? 1 : 0);
            Tensor half = sum.cast(p.dtype()).mul(0.5);
            return half.eq(half.floor());
        }

        private Mapped map(Tensor v, boolean forward) {
            Flows.checkEvent(flow, flow.event, v);
            if (flow.board) {
                Tensor stays = stays();
                Mapped m = affine(v, net(Tensors.where(stays, v, 0)), forward);
                return new Mapped(
                        Tensors.where(stays, v, m.value()),
                        Tensors.where(stays.not(), m.logDet(), 0).sum(-3, -2, -1));
            }
            int c = flow.event.dim(0);
            int k = flow.kept();
            int cut = flow.odd ? c - k : k;
            Tensor low = v.slice(-3, 0, cut);
            Tensor high = v.slice(-3, cut, c);
            Mapped m = affine(flow.odd ? low : high, net(flow.odd ? high : low), forward);
            Tensor joined = flow.odd ? Tensors.concat(-3, m.value(), high) : Tensors.concat(-3, low, m.value());
            return new Mapped(joined, m.logDet().sum(-3, -2, -1));
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            return map(u, true);
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            return map(x, false);
        }

        @Override
        public Bijection stopGradient() {
            return new Bound(flow, p.stopGradient(flow.path));
        }

        @Override
        public String toString() {
            return flow.toString();
        }
    }
}
