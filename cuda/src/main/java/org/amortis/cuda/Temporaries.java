package org.amortis.cuda;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.Plan;
import org.amortis.spi.View;
import org.amortis.tensor.TensorType;

/** Memory behind what the plan laid out: ranges that nothing else uses. */
final class Temporaries {
    /** Ranges begin at multiples of so many slots, as those of plans do. */
    private static final int LINE = 16;

    private int floats;
    private int doubles;
    private int ints;

    Temporaries(Plan plan) {
        this.floats = plan.floats();
        this.doubles = plan.doubles();
        this.ints = plan.ints();
    }

    /** A range of elements. */
    View make(DType type, int n) {
        return make(new TensorType(type, Shape.of(n)));
    }

    /** A range of a type. */
    View make(TensorType type) {
        int slots = (type.shape().size() * type.dtype().slots() + LINE - 1) / LINE * LINE;
        int at;
        switch (type.dtype()) {
            case F32 -> {
                at = floats;
                floats = Math.addExact(at, slots);
            }
            case F64 -> {
                at = doubles;
                doubles = Math.addExact(at, slots);
            }
            default -> {
                at = ints;
                ints = Math.addExact(at, slots);
            }
        }
        return new View(View.Space.SLAB, 0, at, type);
    }

    /** The plan with room for all of them. */
    Plan sized(Plan plan) {
        return new Plan(
                floats,
                doubles,
                ints,
                plan.constants(),
                plan.inputs(),
                plan.states(),
                plan.residents(),
                plan.compute(),
                plan.guards(),
                plan.commit(),
                plan.outputs(),
                plan.outputTensors(),
                plan.statistics());
    }
}
