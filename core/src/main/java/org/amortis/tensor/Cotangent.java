package org.amortis.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.amortis.array.Shape;
import org.jspecify.annotations.Nullable;

/** Sum of the cotangents that reach one tensor, some of them cotangents of ranges of it along one axis. */
final class Cotangent {
    private final Tensor target;
    private final List<Range> ranges = new ArrayList<>();
    private @Nullable Tensor whole;
    private @Nullable Tensor total;

    /** Cotangent of a range along an axis. */
    private record Range(int axis, int from, Tensor value) {
        int to() {
            return from + value.shape().dim(axis);
        }
    }

    Cotangent(Tensor target) {
        this.target = target;
    }

    void add(Tensor g) {
        whole = whole == null ? g : whole.add(g);
    }

    void addRange(int axis, int from, Tensor g) {
        ranges.add(new Range(axis, from, g));
    }

    Tensor total() {
        if (total == null) {
            for (Tensor g : assembled()) {
                add(g);
            }
            total = whole == null ? Tensors.zeros(target.dtype(), target.shape()) : whole;
        }
        return total;
    }

    /** Ranges of one axis that are equal are added, disjoint ones concatenated; what overlaps starts a new layer. */
    private List<Tensor> assembled() {
        List<Tensor> layers = new ArrayList<>();
        List<Range> open = new ArrayList<>(ranges);
        open.sort(Comparator.comparingInt(Range::axis)
                .thenComparingInt(Range::from)
                .thenComparingInt(Range::to));
        while (!open.isEmpty()) {
            List<Range> layer = new ArrayList<>();
            List<Range> rest = new ArrayList<>();
            for (Range r : open) {
                Range last = layer.isEmpty() ? null : layer.get(layer.size() - 1);
                if (last == null || (last.axis == r.axis && last.to() <= r.from)) {
                    layer.add(r);
                } else if (last.axis == r.axis && last.from == r.from && last.to() == r.to()) {
                    layer.set(layer.size() - 1, new Range(r.axis, r.from, last.value.add(r.value)));
                } else {
                    rest.add(r);
                }
            }
            layers.add(join(layer));
            open = rest;
        }
        return layers;
    }

    private Tensor join(List<Range> layer) {
        int axis = layer.get(0).axis;
        Shape s = target.shape();
        List<Tensor> parts = new ArrayList<>();
        int at = 0;
        for (Range r : layer) {
            gap(parts, axis, at, r.from);
            parts.add(r.value);
            at = r.to();
        }
        gap(parts, axis, at, s.dim(axis));
        return parts.size() == 1
                ? parts.get(0)
                : Node.of(new LayoutOp.Concat(axis), parts.toArray(Tensor[]::new))
                        .result(0);
    }

    private void gap(List<Tensor> parts, int axis, int from, int to) {
        if (to > from) {
            parts.add(Tensors.zeros(target.dtype(), target.shape().with(axis, to - from)));
        }
    }
}
