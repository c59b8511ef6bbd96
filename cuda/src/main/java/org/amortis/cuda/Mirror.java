package org.amortis.cuda;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.backend.Binder;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;
import org.amortis.spi.Plan;
import org.amortis.spi.View;

/** The program's memory on the host, for instructions that the processor computes; made when there is one. */
final class Mirror implements Memory {
    private final CudaDevice device;
    private final Addresses addresses;
    private final Plan plan;
    private final float[] floats;
    private final double[] doubles;
    private final int[] ints;
    private final Object[] states;
    private final Binder binder;

    Mirror(CudaDevice device, Addresses addresses, Plan plan, Loops loops) {
        this.device = device;
        this.addresses = addresses;
        this.plan = plan;
        this.floats = new float[plan.floats()];
        this.doubles = new double[plan.doubles()];
        this.ints = new int[plan.ints()];
        this.states = new Object[plan.states().size()];
        for (int i = 0; i < states.length; i++) {
            DType t = plan.states().get(i).type().dtype();
            int n = plan.states().get(i).type().shape().size() * t.slots();
            states[i] = switch (t) {
                case F32 -> new float[n];
                case F64 -> new double[n];
                case I32, BOOL, KEY -> new int[n];
            };
        }
        this.binder = new Binder(this, loops, 1, k -> k::run);
    }

    Kernel bind(Instruction i) {
        return binder.bind(List.of(i))[0];
    }

    /** Brings the operands, computes, takes the results back. */
    void run(Instruction i, Kernel k) {
        for (View v : i.reads()) {
            if (v.space() != View.Space.RESIDENT) {
                device.download(array(v), offset(v), addresses.of(v), v.slots());
            }
        }
        k.run();
        for (View v : i.writes()) {
            device.upload(addresses.of(v), array(v), offset(v), v.slots());
        }
    }

    @Override
    public Object array(View v) {
        return switch (v.space()) {
            case STATE -> states[v.index()];
            case RESIDENT -> {
                HostArray a = plan.residents().get(v.index());
                yield switch (a.dtype()) {
                    case F32 -> a.floats();
                    case F64 -> a.doubles();
                    case I32, BOOL, KEY -> a.ints();
                };
            }
            case SLAB ->
                switch (v.type().dtype()) {
                    case F32 -> floats;
                    case F64 -> doubles;
                    case I32, BOOL, KEY -> ints;
                };
        };
    }

    @Override
    public int offset(View v) {
        return v.offset();
    }
}
