package org.amortis.cuda;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.amortis.array.HostArray;
import org.amortis.array.Precision;
import org.amortis.array.UnsupportedOnBackend;
import org.amortis.spi.Accelerator;
import org.amortis.spi.Execution;
import org.amortis.spi.Loops;
import org.amortis.spi.Plan;
import org.amortis.spi.StateCell;
import org.jspecify.annotations.Nullable;

/** A GPU: its modules, the data that programs share, and what is open on it. One call at a time. */
final class CudaDevice implements Accelerator {
    private static final System.Logger LOG = System.getLogger("org.amortis");

    private final Driver driver;
    private final Precision precision;
    private final Map<String, Long> modules = new HashMap<>();
    private final Map<String, Long> functions = new HashMap<>();
    private final IdentityHashMap<HostArray, Shared> residents = new IdentityHashMap<>();
    private final List<Memory> open = new ArrayList<>();
    private final Set<StateCell> cells = Collections.newSetFromMap(new WeakHashMap<>());
    private @Nullable String failure;
    private boolean closed;
    private boolean compiles;
    private boolean leaked;

    /** Data bound by several programs. */
    private static final class Shared {
        final long address;
        int users;

        Shared(long address) {
            this.address = address;
        }
    }

    /** Something to be freed when the device is closed. */
    interface Memory {
        /** Frees it; harmless if that was done. */
        void free();
    }

    CudaDevice(Driver driver, Precision precision) {
        this.driver = driver;
        this.precision = precision;
    }

    @Override
    public synchronized String describe() {
        return String.format(
                Locale.ROOT,
                "%s; products: %s; kernels: %s",
                driver.describe(),
                driver.hasLibrary()
                        ? "large ones " + driver.library() + " in " + precision + ", others own kernels in "
                                + products().own()
                        : "own kernels in " + products().own() + ", " + driver.library(),
                Images.machineCode("move", driver.capability()) != null
                        ? "machine code"
                        : "PTX, compiled by the driver when first used");
    }

    @Override
    public synchronized Execution open(Plan plan, List<StateCell> states, Loops loops) {
        check();
        return new CudaExecution(this, plan, states, loops);
    }

    /** True for the first program that was not closed. */
    synchronized boolean firstLeak() {
        boolean first = !leaked;
        leaked = true;
        return first;
    }

    /** Fails if nothing can run here any more. */
    synchronized void check() {
        if (closed) {
            throw new UnsupportedOnBackend("cuda: the device is closed; open another");
        }
        if (failure != null) {
            throw new UnsupportedOnBackend(failure);
        }
    }

    /** What a failed call means for the user; a fault makes the device useless. */
    synchronized RuntimeException failed(DriverException e, String doing) {
        String what = "cuda: " + doing + ": " + e.getMessage();
        String text = switch (e.kind()) {
            case OUT_OF_MEMORY -> what + "; " + driver.free() + " bytes are free";
            case FAULT ->
                what + "; a kernel failed and the device's memory is lost: close the Device and open another, set the"
                        + " states from a checkpoint; the processor's backends go on";
            case LOST -> what + "; the GPU is gone: close the Device; the processor's backends go on";
            case BUSY -> what + "; another process has the GPU for itself: wait for it or choose another device";
            case CODE -> what + "; the driver is too old for this code: install one of CUDA 12 or later";
            case OTHER -> what;
        };
        if (e.kind() == DriverException.Kind.FAULT || e.kind() == DriverException.Kind.LOST) {
            failure = text;
        }
        return new UnsupportedOnBackend(text, e);
    }

    /** How products are computed. */
    ProductMode products() {
        return ProductMode.of(driver.capability(), precision);
    }

    Driver driver() {
        return driver;
    }

    synchronized long allocate(long bytes) {
        check();
        try {
            return driver.allocate(Math.max(bytes, 16));
        } catch (DriverException e) {
            throw failed(e, "allocating " + bytes + " bytes");
        }
    }

    synchronized void release(long address) {
        if (!closed && failure == null && address != 0) {
            driver.release(address);
        }
    }

    synchronized void upload(long to, Object from, int offset, int elements) {
        check();
        try {
            if (elements > 0) {
                driver.upload(to, from, offset, elements);
            }
        } catch (DriverException e) {
            throw failed(e, "copying to the device");
        }
    }

    synchronized void download(Object to, int offset, long from, int elements) {
        check();
        try {
            if (elements > 0) {
                driver.download(to, offset, from, elements);
            }
        } catch (DriverException e) {
            throw failed(e, "copying from the device");
        }
    }

    /** A kernel that ships with the jar. */
    synchronized long function(String module, String kernel) {
        return functions.computeIfAbsent(module + "/" + kernel, k -> driver.function(module(module), kernel));
    }

    private long module(String name) {
        Long known = modules.get(name);
        if (known != null) {
            return known;
        }
        byte[] code = Images.machineCode(name, driver.capability());
        long m = code == null ? 0 : machineCode(name, code);
        if (m == 0) {
            if (!compiles) {
                compiles = true;
                LOG.log(
                        System.Logger.Level.INFO,
                        "cuda: no machine code for compute capability " + driver.capability() / 10.0
                                + "; the driver compiles PTX, which takes seconds the first time");
            }
            m = driver.load(Images.ptx(name));
        }
        modules.put(name, m);
        return m;
    }

    /** Loads machine code, or says that this driver does not take it: 0 then, and there is PTX. */
    private long machineCode(String name, byte[] code) {
        try {
            return driver.load(code);
        } catch (DriverException e) {
            if (e.kind() != DriverException.Kind.CODE) {
                throw e;
            }
            LOG.log(System.Logger.Level.DEBUG, "cuda: machine code of " + name + " is refused", e);
            return 0;
        }
    }

    /** Address of data on the device, copied there for its first user. */
    synchronized long resident(HostArray data) {
        Shared s = residents.get(data);
        if (s == null) {
            Object array = switch (data.dtype()) {
                case F32 -> data.floats();
                case F64 -> data.doubles();
                case I32, BOOL, KEY -> data.ints();
            };
            int n = data.shape().size();
            s = new Shared(allocate((long) n * data.dtype().bytes()));
            residents.put(data, s);
            upload(s.address, array, 0, n * data.dtype().slots());
        }
        s.users++;
        return s.address;
    }

    /** One user less. */
    synchronized void leave(HostArray data) {
        Shared s = residents.get(data);
        if (s != null && --s.users == 0) {
            residents.remove(data);
            release(s.address);
        }
    }

    /** States that have a copy here; they are brought to the host when the device is closed. */
    synchronized void uses(List<StateCell> states) {
        cells.addAll(states);
    }

    synchronized void opened(Memory memory) {
        open.add(memory);
    }

    synchronized void closed(Memory memory) {
        open.remove(memory);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            for (StateCell c : cells) {
                // after a fault their values are lost, and reading them says so
                if (failure == null && c.copied() instanceof DeviceState s && s.device() == this) {
                    c.leaveDevice();
                }
            }
            for (Memory m : List.copyOf(open)) {
                m.free();
            }
            closed = true;
            driver.close();
        }
    }
}
