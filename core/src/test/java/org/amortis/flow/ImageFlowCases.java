package org.amortis.flow;

import static org.amortis.flow.FlowCase.Lack.IDENTITY_START;

import java.util.List;
import java.util.function.Function;
import org.amortis.array.Shape;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.nn.Activation;
import org.amortis.param.ParamScope;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Flows of images of the table, between vectors. */
final class ImageFlowCases {
    private ImageFlowCases() {}

    static List<FlowCase> all() {
        // smooth scale maps: the gradient of SOFT_EXP has a kink at 0, which differences feel
        Net net = new Net(2, 2, Activation.TANH, false);
        Shape image = Shape.of(1, 4, 4);
        return List.of(
                of("channel mix", at -> ChannelMix.of(at, Shape.of(3, 2, 1))).without(IDENTITY_START),
                of(
                        "checkerboard coupling",
                        at -> ConvCoupling.checkerboard(at, Shape.of(1, 3, 2), true, net, ScaleMap.SOFTPLUS)),
                of(
                        "channel coupling",
                        at -> ConvCoupling.channels(at, Shape.of(3, 1, 2), false, net, ScaleMap.SOFTPLUS)),
                of(
                                "channel coupling of the first half",
                                at -> ConvCoupling.channels(at, Shape.of(3, 1, 2), true, net, ScaleMap.SIGMOID)
                                        .inverted())
                        .without(IDENTITY_START),
                of("squeeze", at -> Flows.of(Squeeze.of(1, 2, 2))).without(IDENTITY_START),
                of("glow", at -> Multiscale.glow(at, image, 2, 1, net, ScaleMap.SOFTPLUS))
                        .without(IDENTITY_START),
                of("multiscale realnvp", at -> Multiscale.realNvp(at, image, 1, 1, net, ScaleMap.SOFTPLUS))
                        .without(IDENTITY_START));
    }

    private static FlowCase of(String name, Function<ParamScope, Flow> make) {
        return FlowCase.of(name, at -> {
            Flow f = make.apply(at);
            return Flows.of(new Shaped(Shape.of(f.inputShape().size()), f.inputShape()))
                    .then(f)
                    .then(Flows.of(
                            new Shaped(f.outputShape(), Shape.of(f.outputShape().size()))));
        });
    }

    private record Shaped(Shape inputShape, Shape outputShape) implements Bijection {
        private Mapped moved(Tensor v, Shape from, Shape to) {
            Flows.checkEvent(this, from, v);
            Shape batch = v.shape().slice(0, v.shape().rank() - from.rank());
            return new Mapped(v.reshape(batch.concat(to)), Tensors.zeros(v.dtype(), batch));
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            return moved(u, inputShape, outputShape);
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            return moved(x, outputShape, inputShape);
        }

        @Override
        public Bijection stopGradient() {
            return this;
        }
    }
}
