package org.amortis.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.spi.View;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;

/** Memory that outlives a step: inputs, constants, states, residents; shared by a program and the bodies of its loops. */
final class Registry {
    final Map<String, Buffer> inputs = new LinkedHashMap<>();
    final Map<State, Buffer> states = new LinkedHashMap<>();
    final Map<HostArray, Buffer> residents = new LinkedHashMap<>();
    final List<Constant> constants = new ArrayList<>();
    final boolean reuse;
    private final Map<Tensor, Buffer> constantOf = new HashMap<>();
    private final Map<String, TensorType> inputTypes = new HashMap<>();

    Registry(boolean reuse) {
        this.reuse = reuse;
    }

    /** A value known at compile time and where it lies. */
    record Constant(Buffer buffer, HostArray value) {}

    Buffer input(LeafOp.Input i) {
        TensorType before = inputTypes.putIfAbsent(i.label(), i.type());
        if (before != null && !before.equals(i.type())) {
            throw new PlanException("input " + i.label() + ": declared as " + before + " and as " + i.type()
                    + "; names are unique in a program");
        }
        return inputs.computeIfAbsent(i.label(), k -> pinned(i.type()));
    }

    Buffer state(State s) {
        return states.computeIfAbsent(s, k -> new Buffer(s.type(), View.Space.STATE, states.size()));
    }

    Buffer resident(HostArray data) {
        return residents.computeIfAbsent(
                data,
                k -> new Buffer(new TensorType(data.dtype(), data.shape()), View.Space.RESIDENT, residents.size()));
    }

    Buffer constant(Tensor t, LeafOp leaf) {
        return constantOf.computeIfAbsent(t, k -> {
            Buffer b = pinned(t.type());
            constants.add(new Constant(b, Rules.hostValue(leaf)));
            return b;
        });
    }

    private static Buffer pinned(TensorType type) {
        Buffer b = Buffer.slab(type);
        b.pinned = true;
        return b;
    }
}
