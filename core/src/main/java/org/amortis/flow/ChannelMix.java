package org.amortis.flow;

import java.util.List;
import java.util.SplittableRandom;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.math.Fnv1a;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Run;
import org.amortis.tensor.Convolutions;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Scale and shift of each channel, then a 1 x 1 convolution (Kingma and Dhariwal 2018): x = W (s u + t) at each pixel with W
 * = P L U, P a fixed permutation, L unit lower triangular (path "lower"), U upper triangular ("upper") with diagonal
 * softplus + 1e-3 ("diagonal"). The inverse matrix is computed once for all pixels.
 */
public final class ChannelMix implements Flow {
    private static final double FLOOR = 1e-3;

    private final String path;
    private final Shape event;
    private final int[] order;
    private final String logScale;
    private final String shift;
    private final String lower;
    private final String upper;
    private final String diagonal;

    private ChannelMix(ParamScope at, Shape event) {
        int c = event.dim(0);
        this.path = at.path();
        this.event = event;
        this.order = new int[c];
        // a permutation by the path: layers differ, and a model is the same whenever it is built
        SplittableRandom random = new SplittableRandom(Fnv1a.hash64(path));
        for (int i = 0; i < c; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        this.logScale = at.declare("logScale", Shape.of(c), Initializer.zeros());
        this.shift = at.declare("shift", Shape.of(c), Initializer.zeros());
        this.lower = at.declare("lower", Shape.of(c, c), Initializer.zeros());
        this.upper = at.declare("upper", Shape.of(c, c), Initializer.zeros());
        double one = Math.log(Math.expm1(1 - FLOOR));
        this.diagonal = at.declare("diagonal", Shape.of(c), Initializer.constant(one));
    }

    /**
     * A layer that starts as a permutation of channels.
     *
     * @param at where its parameters go
     * @param event shape [C, H, W] of an image
     * @return the flow
     */
    public static ChannelMix of(ParamScope at, Shape event) {
        if (event.rank() != 3 || event.size() == 0) {
            throw new ShapeException("channelMix(event=" + event + "): needs [channels, rows, columns]");
        }
        return new ChannelMix(at, event);
    }

    /**
     * Sets scales and shifts such that each channel of u has mean 0 and variance 1 on a batch. Channels that do not vary
     * keep scale 1.
     *
     * @param params numbers, changed
     * @param x batch [n, C, H, W]
     */
    void fit(Params params, HostArray x) {
        Shape channels = Shape.of(order.length);
        params.set(logScale, HostArray.zeros(x.dtype(), channels));
        params.set(shift, HostArray.zeros(x.dtype(), channels));
        if (x.shape().rank() != 4 || x.shape().dim(0) < 1) {
            throw new ShapeException(this + ": first batch " + x.shape() + " is not [1 or more, C, H, W]");
        }
        Tensor y = given(params.frozen()).inverse(Tensors.resident(x));
        Tensor mean = y.mean(0, 2, 3);
        Tensor variance = y.sub(mean.reshape(order.length, 1, 1)).square().mean(0, 2, 3);
        Tensor some = variance.gt(0);
        Tensor log = Tensors.where(some, Tensors.where(some, variance, 1).log().mul(0.5), 0);
        List<HostArray> r = Run.eval(List.of(log, mean));
        for (HostArray a : r) {
            for (int i = 0; i < order.length; i++) {
                if (!Double.isFinite(a.get(i))) {
                    throw new ShapeException(this + ": channel " + i + " of the first batch is not finite");
                }
            }
        }
        params.set(logScale, r.get(0));
        params.set(shift, r.get(1));
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
        return "channel mix " + path + " " + event;
    }

    private record Bound(ChannelMix flow, Weights p) implements Bijection {
        @Override
        public Shape inputShape() {
            return flow.event;
        }

        private Tensor diagonal() {
            return p.get(flow.diagonal).softplus().add(FLOOR);
        }

        private Tensor lower() {
            Tensor l = p.get(flow.lower);
            return LinearAlgebra.tril(l, -1).add(LinearAlgebra.eye(l.dtype(), flow.order.length));
        }

        private Tensor upper() {
            return LinearAlgebra.triu(p.get(flow.upper), 1).add(LinearAlgebra.diagonalMatrix(diagonal()));
        }

        private Tensor permutation(boolean inverse) {
            int c = flow.order.length;
            int[] index = new int[c];
            for (int i = 0; i < c; i++) {
                index[inverse ? flow.order[i] : i] = inverse ? i : flow.order[i];
            }
            return Tensors.constant(HostArray.wrap(index, Shape.of(c)));
        }

        private Tensor mixed(Tensor x, Tensor w) {
            Shape s = x.shape();
            int c = flow.order.length;
            Tensor images = x.reshape(Shape.of(s.product(0, s.rank() - 3)).concat(flow.event));
            return Convolutions.conv2d(images, w.reshape(c, c, 1, 1), 1, 0, 1).reshape(s);
        }

        private Tensor channels(String name) {
            return p.get(name).reshape(flow.order.length, 1, 1);
        }

        private Tensor logDet(Tensor like) {
            int pixels = flow.event.dim(1) * flow.event.dim(2);
            Tensor one = p.get(flow.logScale).add(diagonal().log()).sum().mul(pixels);
            return one.broadcastTo(like.shape().slice(0, like.shape().rank() - 3));
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Flows.checkEvent(flow, flow.event, u);
            Tensor w = lower().matmul(upper()).gather(0, permutation(false));
            Tensor scaled = u.mul(channels(flow.logScale).exp()).add(channels(flow.shift));
            return new Mapped(mixed(scaled, w), logDet(u));
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            Flows.checkEvent(flow, flow.event, x);
            Tensor eye = LinearAlgebra.eye(x.dtype(), flow.order.length);
            // row i of P is unit vector order[i]; P' = P^-1
            Tensor l = LinearAlgebra.triangularSolve(lower(), eye.gather(0, permutation(true)));
            Tensor w = LinearAlgebra.triangularSolve(upper(), l, false, false, false);
            Tensor u = mixed(x, w)
                    .sub(channels(flow.shift))
                    .mul(channels(flow.logScale).neg().exp());
            return new Mapped(u, logDet(x).neg());
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
