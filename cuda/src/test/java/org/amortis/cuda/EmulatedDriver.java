package org.amortis.cuda;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.cuda.ptx.Arena;
import org.amortis.cuda.ptx.Machine;
import org.amortis.cuda.ptx.Module;
import org.jspecify.annotations.Nullable;

/** A driver whose device runs PTX in Java. Notes what is called and fails where it is told to. */
final class EmulatedDriver implements Driver {
    final Arena memory = new Arena();
    final Machine machine = new Machine(memory);
    final List<String> calls = new ArrayList<>();
    final List<String> loaded = new ArrayList<>();
    private final Map<Long, Module> modules = new HashMap<>();
    private final Map<Long, Object[]> functions = new HashMap<>();
    private final Map<Long, List<Object[]>> graphs = new HashMap<>();
    private @Nullable List<Object[]> capture;
    private long handles = 1;
    private long budget = Long.MAX_VALUE;
    private int failing = -1;
    private DriverException.Kind failure = DriverException.Kind.OTHER;
    private boolean library;
    private int capability = 75;
    boolean closed;

    /** A device with a library of products. */
    static EmulatedDriver withLibrary() {
        EmulatedDriver d = withClusters();
        d.library = true;
        return d;
    }

    /** A device whose tensor cores take TF32 and BF16, without clusters. */
    static EmulatedDriver withTensorCores() {
        EmulatedDriver d = new EmulatedDriver();
        d.capability = 80;
        return d;
    }

    /** A device with clusters of blocks, and tensor cores. */
    static EmulatedDriver withClusters() {
        EmulatedDriver d = new EmulatedDriver();
        d.capability = 90;
        return d;
    }

    /** Allocations beyond so many live bytes fail. */
    EmulatedDriver budget(long bytes) {
        budget = bytes;
        return this;
    }

    /** The replay after so many others fails. */
    void failReplay(int after, DriverException.Kind kind) {
        failing = after;
        failure = kind;
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("the driver is used after it was closed");
        }
    }

    @Override
    public String describe() {
        return "emulated";
    }

    @Override
    public int capability() {
        return capability;
    }

    @Override
    public long free() {
        return budget - memory.live();
    }

    @Override
    public long allocate(long bytes) {
        open();
        calls.add("allocate " + bytes);
        if (memory.live() + bytes > budget) {
            throw new DriverException(DriverException.Kind.OUT_OF_MEMORY, "cuMemAlloc(" + bytes + "): error 2");
        }
        return memory.allocate(bytes);
    }

    @Override
    public void release(long address) {
        open();
        memory.free(address);
    }

    @Override
    public Mapped map(int words) {
        long address = memory.allocate(4L * words);
        upload(address, new int[words], 0, words);
        return new Mapped() {
            @Override
            public long address() {
                return address;
            }

            @Override
            public int get(int word) {
                int[] v = new int[1];
                copy(v, 0, address + 4L * word, 1);
                return v[0];
            }

            @Override
            public void set(int word, int value) {
                upload(address + 4L * word, new int[] {value}, 0, 1);
            }

            @Override
            public void release() {
                memory.free(address);
            }
        };
    }

    @Override
    public void upload(long to, Object from, int offset, int elements) {
        open();
        int size = from instanceof double[] ? 8 : 4;
        int at = memory.at(to, 1);
        memory.at(to + (long) elements * size - 1, 1);
        java.nio.ByteBuffer b = java.nio.ByteBuffer.wrap(memory.bytes())
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .position(at);
        switch (from) {
            case float[] f -> b.asFloatBuffer().put(f, offset, elements);
            case double[] f -> b.asDoubleBuffer().put(f, offset, elements);
            case int[] f -> b.asIntBuffer().put(f, offset, elements);
            default -> throw new IllegalArgumentException();
        }
    }

    @Override
    public void download(Object to, int offset, long from, int elements) {
        open();
        calls.add("download " + elements);
        copy(to, offset, from, elements);
    }

    private void copy(Object to, int offset, long from, int elements) {
        int size = to instanceof double[] ? 8 : 4;
        int at = memory.at(from, 1);
        memory.at(from + (long) elements * size - 1, 1);
        java.nio.ByteBuffer b = java.nio.ByteBuffer.wrap(memory.bytes())
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .position(at);
        switch (to) {
            case float[] f -> b.asFloatBuffer().get(f, offset, elements);
            case double[] f -> b.asDoubleBuffer().get(f, offset, elements);
            case int[] f -> b.asIntBuffer().get(f, offset, elements);
            default -> throw new IllegalArgumentException();
        }
    }

    @Override
    public long load(byte[] image) {
        open();
        if (capture != null) {
            throw new IllegalStateException("a module is loaded while a graph is captured");
        }
        if (image[0] == 0x7f) {
            throw new DriverException(DriverException.Kind.CODE, "machine code is not emulated");
        }
        calls.add("load");
        loaded.add(new String(image, 0, image.length - 1, StandardCharsets.US_ASCII));
        modules.put(handles, new Module(new String(image, 0, image.length - 1, StandardCharsets.US_ASCII), memory));
        return handles++;
    }

    @Override
    public void unload(long module) {
        modules.remove(module);
    }

    @Override
    public long function(long module, String name) {
        Module m = modules.get(module);
        if (m == null || !m.names().contains(name)) {
            throw new DriverException(DriverException.Kind.CODE, "no function " + name);
        }
        functions.put(handles, new Object[] {m, name});
        return handles++;
    }

    @Override
    public void launch(long function, Launch launch) {
        open();
        Object[] call = {functions.get(function), launch};
        if (capture != null) {
            calls.add("record " + launch.kernel());
            capture.add(call);
        } else {
            calls.add("launch " + launch.kernel());
            execute(call);
        }
    }

    @Override
    public String library() {
        return library ? "a library" : "no library";
    }

    @Override
    public boolean hasLibrary() {
        return library;
    }

    @Override
    public void gemm(Gemm product) {
        open();
        if (capture != null) {
            calls.add("record " + product);
            capture.add(new Object[] {product});
        } else {
            calls.add("rehearse " + product);
            Columns.gemm(memory, product);
        }
    }

    private void execute(Object[] call) {
        if (call[0] instanceof Gemm g) {
            Columns.gemm(memory, g);
            return;
        }
        Object[] f = (Object[]) call[0];
        Launch l = (Launch) call[1];
        machine.launch(
                (Module) f[0],
                (String) f[1],
                new int[] {l.gridX(), l.gridY(), l.gridZ()},
                new int[] {l.blockX(), l.blockY(), 1},
                0,
                l.arguments());
    }

    @Override
    public void beginCapture() {
        calls.add("capture");
        capture = new ArrayList<>();
    }

    @Override
    public long endCapture() {
        graphs.put(handles, java.util.Objects.requireNonNull(capture));
        capture = null;
        return handles++;
    }

    @Override
    public void abandonCapture() {
        calls.add("abandon");
        capture = null;
    }

    @Override
    public void replay(long graph) {
        open();
        calls.add("replay");
        if (failing == 0) {
            throw new DriverException(failure, "cuGraphLaunch: error");
        }
        failing--;
        graphs.get(graph).forEach(this::execute);
    }

    @Override
    public void destroy(long graph) {
        graphs.remove(graph);
    }

    @Override
    public void synchronize() {
        open();
        calls.add("synchronize");
    }

    @Override
    public void close() {
        closed = true;
    }
}
