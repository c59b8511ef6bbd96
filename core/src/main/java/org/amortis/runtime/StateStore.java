package org.amortis.runtime;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;
import org.amortis.spi.StateCell;
import org.amortis.tensor.State;
import org.jspecify.annotations.Nullable;

/**
 * The values of states. Runners of several programs share parameters by sharing a store. Not thread-safe against a
 * running step that writes the same state.
 */
public final class StateStore {
    private final Map<State, StateCell> slots = new LinkedHashMap<>();

    /** Makes an empty store. */
    public StateStore() {}

    /**
     * Sets the value of a state; runners already open see it.
     *
     * @param state the state
     * @param value its value, copied
     * @throws ShapeException if the shape is another
     * @throws DTypeException if the element type is another
     */
    public void set(State state, HostArray value) {
        if (!value.shape().equals(state.type().shape())) {
            throw new ShapeException("set(" + state + "): the value has shape " + value.shape());
        }
        if (value.dtype() != state.type().dtype()) {
            throw new DTypeException("set(" + state + "): the value has element type " + value.dtype());
        }
        StateCell s = slots.computeIfAbsent(state, StateStore::allocate);
        int n = value.shape().size() * value.dtype().slots();
        System.arraycopy(raw(value), 0, s.array(), s.base(), n);
        s.hostWritten();
    }

    /**
     * A copy of the value of a state.
     *
     * @param state the state
     * @return fresh array
     * @throws PlanException if it was never set
     */
    public HostArray get(State state) {
        StateCell s = slot(state);
        s.toHost();
        HostArray r = HostArray.zeros(state.type().dtype(), state.type().shape());
        System.arraycopy(
                s.array(), s.base(), raw(r), 0, r.shape().size() * r.dtype().slots());
        return r;
    }

    /**
     * Whether a state has a value.
     *
     * @param state the state
     * @return true if it was set
     */
    public boolean has(State state) {
        return slots.containsKey(state);
    }

    /**
     * The states that have values.
     *
     * @return states in the order they were first set
     */
    public Set<State> states() {
        return Set.copyOf(slots.keySet());
    }

    StateCell slot(State state) {
        @Nullable StateCell s = slots.get(state);
        if (s == null) {
            throw new PlanException(state + " has no value in this store; set it before the program is opened");
        }
        return s;
    }

    private static StateCell allocate(State s) {
        int n = s.type().shape().size() * s.type().dtype().slots();
        int base = Slab.base(s.type().dtype());
        Object array = switch (s.type().dtype()) {
            case F32 -> new float[n + base];
            case F64 -> new double[n + base];
            case I32, BOOL, KEY -> new int[n + base];
        };
        return new StateCell(s.type(), array, base);
    }

    static Object raw(HostArray a) {
        return switch (a.dtype()) {
            case F32 -> a.floats();
            case F64 -> a.doubles();
            case I32, BOOL, KEY -> a.ints();
        };
    }
}
