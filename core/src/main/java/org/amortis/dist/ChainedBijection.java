package org.amortis.dist;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Tensor;

/** Bijections one after the other; log determinants of smaller events are summed up to the largest event. */
final class ChainedBijection implements Bijection {
    private final List<Bijection> parts;
    private final Shape input;
    private final Shape output;

    private ChainedBijection(List<Bijection> parts, Shape input, Shape output) {
        this.parts = parts;
        this.input = input;
        this.output = output;
    }

    static Bijection of(Bijection first, Bijection second) {
        List<Bijection> parts = new ArrayList<>();
        for (Bijection b : List.of(first, second)) {
            if (b instanceof ChainedBijection c) {
                parts.addAll(c.parts);
            } else {
                parts.add(b);
            }
        }
        Shape out = first.outputShape();
        Shape in = second.inputShape();
        int shared = Math.min(out.rank(), in.rank());
        if (!trailing(out, shared).equals(trailing(in, shared))) {
            throw new ShapeException("bijection.then: the first gives events " + out + ", the second takes " + in);
        }
        Shape input = widened(first.inputShape(), out, in);
        Shape output = widened(second.outputShape(), in, out);
        return new ChainedBijection(List.copyOf(parts), input, output);
    }

    private static Shape trailing(Shape s, int axes) {
        return s.slice(s.rank() - axes, s.rank());
    }

    /** An event on one side of a map, with the leading axes that the neighbour's larger event adds to the other side. */
    private static Shape widened(Shape event, Shape shared, Shape neighbour) {
        int extra = neighbour.rank() - shared.rank();
        return extra <= 0 ? event : neighbour.slice(0, extra).concat(event);
    }

    List<Bijection> parts() {
        return parts;
    }

    @Override
    public Shape inputShape() {
        return input;
    }

    @Override
    public Shape outputShape() {
        return output;
    }

    @Override
    public Mapped forwardAndLogDet(Tensor u) {
        // axes of the chain's event, not of the values: a context may give a log determinant more axes than u has
        int event = input.rank();
        Tensor value = u;
        Tensor sum = null;
        for (Bijection b : parts) {
            Mapped m = b.forwardAndLogDet(value);
            value = m.value();
            int extra = event - b.inputShape().rank();
            event = b.outputShape().rank() + extra;
            Tensor l = Ends.total(m.logDet(), extra);
            sum = sum == null ? l : sum.add(l);
        }
        return new Mapped(value, Objects.requireNonNull(sum));
    }

    @Override
    public Mapped inverseAndLogDet(Tensor x) {
        int event = output.rank();
        Tensor value = x;
        Tensor sum = null;
        for (Bijection b : parts.reversed()) {
            Mapped m = b.inverseAndLogDet(value);
            value = m.value();
            int extra = event - b.outputShape().rank();
            event = b.inputShape().rank() + extra;
            Tensor l = Ends.total(m.logDet(), extra);
            sum = sum == null ? l : sum.add(l);
        }
        return new Mapped(value, Objects.requireNonNull(sum));
    }

    @Override
    public Bijection stopGradient() {
        return new ChainedBijection(parts.stream().map(Bijection::stopGradient).toList(), input, output);
    }

    @Override
    public String toString() {
        return "chain " + parts;
    }
}
