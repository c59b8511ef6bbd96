package org.amortis.dist;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** What supports and bijections of events share. */
final class Ends {
    private Ends() {}

    /** A host number that formulas of either float type convert to theirs. */
    static Tensor scalar(double value) {
        return Tensors.fill(value, DType.F64, Shape.SCALAR);
    }

    /** The last axes, as negative numbers. */
    static int[] last(int axes) {
        int[] last = new int[axes];
        for (int i = 0; i < axes; i++) {
            last[i] = i - axes;
        }
        return last;
    }

    /** Sum over the last axes. */
    static Tensor total(Tensor t, int axes) {
        return axes == 0 ? t : t.sum(last(axes));
    }

    /** Half the distance from 1 to the next number. */
    static double unit(Tensor x) {
        return x.dtype() == DType.F64 ? 0x1p-53 : 0x1p-24;
    }

    /** The support of mapped values: a simple one where the map is known to be onto it. */
    static Support image(Support base, Bijection map) {
        int extra = base.eventShape().rank() - map.inputShape().rank();
        if (extra > 0 && base instanceof Support.Each e && extra <= e.axes().rank()) {
            Shape axes = e.axes();
            Support part = Support.each(e.base(), axes.slice(extra, axes.rank()));
            return Support.each(image(part, map), axes.slice(0, extra));
        }
        if (extra < 0) {
            throw new ShapeException("image(events " + base.eventShape() + ", map of " + map.inputShape()
                    + "): the map takes larger events; take the parts of an event together first");
        }
        if (extra > 0) {
            return new Support.Image(
                    base, new EventBijection(map, base.eventShape().slice(0, extra)));
        }
        Support known = switch (map) {
            case ChainedBijection c -> chained(base, c);
            case KnownImage k -> k.imageOf(base);
            default -> null;
        };
        return known == null ? new Support.Image(base, map) : known;
    }

    private static @Nullable Support chained(Support base, ChainedBijection map) {
        Support s = base;
        for (Bijection b : map.parts()) {
            s = image(s, b);
            if (s instanceof Support.Image) {
                return null;
            }
        }
        return s;
    }
}
