package org.amortis.runtime;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.spi.Memory;
import org.amortis.spi.Plan;
import org.amortis.spi.StateCell;
import org.amortis.spi.View;

/** The memory of a runner: one array for each carrier, and the states and residents it is bound to. */
final class Slab implements Memory {
    private final float[] floats;
    private final double[] doubles;
    private final int[] ints;
    private final StateCell[] states;
    private final HostArray[] residents;

    Slab(Plan plan, StateStore store) {
        try {
            this.floats = new float[plan.floats() + base(DType.F32)];
            this.doubles = plan.doubles() == 0 ? new double[0] : new double[plan.doubles() + base(DType.F64)];
            this.ints = plan.ints() == 0 ? new int[0] : new int[plan.ints() + base(DType.I32)];
        } catch (OutOfMemoryError e) {
            throw new PlanException(
                    "out of memory for a program: it needs "
                            + (4L * plan.floats() + 8L * plan.doubles() + 4L * plan.ints())
                            + " bytes of the heap in one piece (" + plan.statistics()
                            + "); smaller batches, checkpointed loops or a larger -Xmx help",
                    e);
        }
        this.states = new StateCell[plan.states().size()];
        for (int i = 0; i < states.length; i++) {
            states[i] = store.slot(plan.states().get(i));
        }
        this.residents = plan.residents().toArray(HostArray[]::new);
    }

    /**
     * First slot used of an array: array elements begin 16 bytes into the object, so a humongous array, which begins a
     * region, has its slot 12 (of 4 bytes) on a cache line.
     */
    static int base(DType t) {
        return t == DType.F64 ? 6 : 12;
    }

    @Override
    public Object array(View v) {
        return switch (v.space()) {
            case STATE -> states[v.index()].array();
            case RESIDENT -> StateStore.raw(residents[v.index()]);
            case SLAB -> carrier(v.type().dtype());
        };
    }

    @Override
    public int offset(View v) {
        return switch (v.space()) {
            case STATE -> states[v.index()].base() + v.offset();
            case RESIDENT -> v.offset();
            case SLAB -> base(v.type().dtype()) + v.offset();
        };
    }

    /** Brings the states up to date that an accelerator wrote. */
    void statesToHost() {
        for (StateCell s : states) {
            s.toHost();
        }
    }

    /** The states may have been written. */
    void statesWritten() {
        for (StateCell s : states) {
            s.hostWritten();
        }
    }

    Object carrier(DType t) {
        return switch (t) {
            case F32 -> floats;
            case F64 -> doubles;
            case I32, BOOL, KEY -> ints;
        };
    }

    void write(View v, HostArray value) {
        System.arraycopy(StateStore.raw(value), 0, array(v), offset(v), v.slots());
    }

    HostArray read(View v) {
        HostArray r = HostArray.zeros(v.type().dtype(), v.type().shape());
        System.arraycopy(array(v), offset(v), StateStore.raw(r), 0, v.slots());
        return r;
    }

    double scalar(View v) {
        return switch (array(v)) {
            case float[] f -> f[offset(v)];
            case double[] d -> d[offset(v)];
            case int[] i -> i[offset(v)];
            default -> throw new IllegalStateException();
        };
    }

    /** Overwrites all temporaries, so that reading what was never written shows. */
    void poison() {
        java.util.Arrays.fill(floats, Float.NaN);
        java.util.Arrays.fill(doubles, Double.NaN);
        java.util.Arrays.fill(ints, Integer.MIN_VALUE);
    }
}
