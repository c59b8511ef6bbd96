package org.amortis.flow;

import java.util.List;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Invertible residual network (Behrmann and others 2019, Chen and others 2019), x = u + g(u) with a network g of Lipschitz
 * constant below one. The inverse iterates u = x - g(u) until nothing moves; its gradient is that of the implicit function.
 */
public final class Residual implements Flow {
    private final String path;
    private final int size;
    private final int contextSize;
    private final LipschitzNet net;
    private final LogDetEstimate estimate;

    private Residual(String path, int size, int contextSize, LipschitzNet net, LogDetEstimate estimate) {
        this.path = path;
        this.size = size;
        this.contextSize = contextSize;
        this.net = net;
        this.estimate = estimate;
    }

    /**
     * A flow with exact log determinants.
     *
     * @param at where its parameters go
     * @param size D, at least 1
     * @param contextSize elements of the context; 0 for none
     * @param net width and depth of g; its activation is not used, since a contraction needs one of its own
     * @param lipschitz bound of the Lipschitz constant, in (0, 1), such as 0.9
     * @return the flow
     */
    public static Residual of(ParamScope at, int size, int contextSize, Net net, double lipschitz) {
        if (size < 1 || contextSize < 0) {
            throw new ShapeException("residual(size=" + size + ", context=" + contextSize + "): needs an element");
        }
        if (!(lipschitz > 0 && lipschitz < 1)) {
            throw new PlanException("residual(lipschitz=" + lipschitz + "): not in (0, 1)");
        }
        LipschitzNet g = new LipschitzNet(at, size, contextSize, net, lipschitz);
        return new Residual(at.path(), size, contextSize, g, LogDetEstimate.exact());
    }

    /**
     * The same weights with another way to the log determinant: a random one of its own for each step of training.
     *
     * @param other how it is had
     * @return flow that shares the parameters
     */
    public Residual with(LogDetEstimate other) {
        return new Residual(path, size, contextSize, net, other);
    }

    @Override
    public Shape inputShape() {
        return Shape.of(size);
    }

    @Override
    public int contextSize() {
        return contextSize;
    }

    @Override
    public Bijection given(Weights p, @Nullable Tensor context) {
        Flows.checkContext(this, context);
        return new ResidualMap(LipschitzNet::apply, size, List.of(net.tensors(p)), net.feed(p, context), estimate);
    }

    @Override
    public String toString() {
        return "residual " + path + " [" + size + "]";
    }
}
