package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Distribution;
import org.amortis.param.Weights;

/** A base by a function of shapes. */
record FactoryBase(String name, Shape eventShape, Base.Factory factory) implements Base {
    @Override
    public Distribution given(Weights p, Shape batch) {
        Distribution d = factory.of(p, batch.concat(eventShape));
        if (!d.batchShape().equals(batch) || !d.eventShape().equals(eventShape)) {
            throw new ShapeException("base(" + name + "): made " + d + " with batch " + d.batchShape() + " and event "
                    + d.eventShape() + ", not batch " + batch + " and event " + eventShape);
        }
        return d;
    }

    @Override
    public String toString() {
        return name + " base " + eventShape;
    }
}
