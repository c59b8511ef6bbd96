package org.amortis.cuda;

import java.util.List;
import org.amortis.array.HostArray;
import org.amortis.spi.Plan;
import org.amortis.spi.StateCell;
import org.amortis.spi.View;

/**
 * The memory of one program on a device: one allocation for its floats, doubles and ints and the words of control, and one
 * for the workspace. A program that is forgotten without being closed frees it and is reported once.
 */
final class Slabs implements Addresses, CudaDevice.Memory {
    /** Words of control: the gate, and three that report a bad index. */
    static final int CONTROL = 4;

    private static final int LINE = 256;

    private final CudaDevice device;
    private final List<HostArray> residents;
    private final DeviceState[] states;
    private final long[] residentAddresses;
    private final long floats;
    private final long doubles;
    private final long ints;
    private final long control;
    private long base;
    private long workspace;

    Slabs(CudaDevice device, Plan plan, List<StateCell> cells) {
        this.device = device;
        this.residents = plan.residents();
        long f = lines(4L * plan.floats());
        long d = lines(8L * plan.doubles());
        long i = lines(4L * plan.ints());
        this.base = device.allocate(f + d + i + LINE);
        this.floats = base;
        this.doubles = base + f;
        this.ints = doubles + d;
        this.control = ints + i;
        this.states = new DeviceState[cells.size()];
        this.residentAddresses = new long[residents.size()];
        try {
            for (int s = 0; s < states.length; s++) {
                states[s] = state(device, cells.get(s));
            }
            device.uses(cells);
            for (int r = 0; r < residentAddresses.length; r++) {
                residentAddresses[r] = device.resident(residents.get(r));
            }
        } catch (RuntimeException e) {
            free();
            throw e;
        }
    }

    private static DeviceState state(CudaDevice device, StateCell cell) {
        DeviceState s = cell.copy(DeviceState.class, t -> new DeviceState(device, t));
        if (s.device() != device) {
            cell.leaveDevice();
            s = cell.copy(DeviceState.class, t -> new DeviceState(device, t));
        }
        return s;
    }

    private static long lines(long bytes) {
        return (bytes + LINE - 1) / LINE * LINE;
    }

    /** Address of the words of control. */
    long control() {
        return control;
    }

    /** Bytes that a plan needs besides states and residents. */
    static long bytes(Plan plan) {
        return lines(4L * plan.floats()) + lines(8L * plan.doubles()) + lines(4L * plan.ints()) + LINE;
    }

    /** Makes the workspace. */
    long workspace(long bytes) {
        workspace = bytes == 0 ? 0 : device.allocate(bytes);
        return workspace;
    }

    long floats() {
        return floats;
    }

    long doubles() {
        return doubles;
    }

    long ints() {
        return ints;
    }

    @Override
    public long of(View v) {
        long at = switch (v.space()) {
            case STATE -> states[v.index()].address();
            case RESIDENT -> residentAddresses[v.index()];
            case SLAB ->
                switch (v.type().dtype()) {
                    case F32 -> floats;
                    case F64 -> doubles;
                    case I32, BOOL, KEY -> ints;
                };
        };
        int slot = switch (v.type().dtype()) {
            case F64 -> 8;
            default -> 4;
        };
        return at + (long) slot * v.offset();
    }

    @Override
    public void free() {
        if (base != 0) {
            device.release(base);
            device.release(workspace);
            for (int r = 0; r < residentAddresses.length; r++) {
                if (residentAddresses[r] != 0) {
                    device.leave(residents.get(r));
                }
            }
            base = 0;
            device.closed(this);
        }
    }
}
