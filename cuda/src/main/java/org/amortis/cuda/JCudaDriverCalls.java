package org.amortis.cuda;

import static jcuda.driver.JCudaDriver.cuCtxCreate;
import static jcuda.driver.JCudaDriver.cuCtxDestroy;
import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDriverGetVersion;
import static jcuda.driver.JCudaDriver.cuGetErrorString;
import static jcuda.driver.JCudaDriver.cuGraphDestroy;
import static jcuda.driver.JCudaDriver.cuGraphExecDestroy;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemHostGetDevicePointer;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleLoadDataJIT;
import static jcuda.driver.JCudaDriver.cuModuleUnload;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import jcuda.driver.JITOptions;
import org.jspecify.annotations.Nullable;

/** The driver through JCuda. Has a context and a stream of its own; any thread may call, one at a time. */
final class JCudaDriverCalls implements Driver {
    /** Bytes of pinned memory that copies pass through. */
    private static final int STAGING = 1 << 22;

    /** Bytes of what the driver may say of a text that it refuses. */
    private static final int LOG_BYTES = 4096;

    private static final int PINNED_MAPPED =
            JCudaDriver.CU_MEMHOSTALLOC_DEVICEMAP | JCudaDriver.CU_MEMHOSTALLOC_PORTABLE;

    private final CUcontext context = new CUcontext();
    private final Queue stream = new Queue();
    private final Map<Long, CUmodule> modules = new HashMap<>();
    private final Map<Long, CUfunction> functions = new HashMap<>();
    private final Map<Long, List<Long>> functionsOf = new HashMap<>();
    private final Map<Long, CUgraphExec> graphs = new HashMap<>();
    private final Pointer staging = new Pointer();
    private final ByteBuffer staged;
    private final String name;
    private final int version;
    private final int capability;
    private Cublas.@Nullable Found library;
    private long libraryRoom;
    private long handles = 1;

    /** A device pointer whose number can be read. */
    private static final class Address extends CUdeviceptr {
        long number() {
            return getNativePointer() + getByteOffset();
        }
    }

    /** A stream whose number can be read, for calls that are not JCuda's. */
    private static final class Queue extends CUstream {
        long number() {
            return getNativePointer();
        }
    }

    JCudaDriverCalls(int index) {
        JCudaDriver.setExceptionsEnabled(false);
        check(cuInit(0), "cuInit");
        int[] v = new int[1];
        check(cuDriverGetVersion(v), "cuDriverGetVersion");
        this.version = v[0];
        CUdevice device = new CUdevice();
        check(cuDeviceGet(device, index), "cuDeviceGet(" + index + ")");
        byte[] text = new byte[256];
        check(cuDeviceGetName(text, text.length, device), "cuDeviceGetName");
        int n = 0;
        while (text[n] != 0) {
            n++;
        }
        this.name = new String(text, 0, n, StandardCharsets.US_ASCII);
        this.capability = 10 * attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device)
                + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device);
        check(cuCtxCreate(context, 0, device), "cuCtxCreate");
        check(cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "cuStreamCreate");
        check(cuMemHostAlloc(staging, STAGING, 0), "cuMemHostAlloc");
        this.staged = staging.getByteBuffer(0, STAGING).order(ByteOrder.nativeOrder());
    }

    /** How many devices there are, or minus the error. */
    static int devices() {
        JCudaDriver.setExceptionsEnabled(false);
        int r = cuInit(0);
        if (r != 0) {
            return -r;
        }
        int[] n = new int[1];
        r = cuDeviceGetCount(n);
        return r != 0 ? -r : n[0];
    }

    /** The version of CUDA that the driver knows: 12060. */
    static int driverVersion() {
        int[] v = new int[1];
        return cuDriverGetVersion(v) == 0 ? v[0] : 0;
    }

    private static int attribute(int which, CUdevice device) {
        int[] v = new int[1];
        check(cuDeviceGetAttribute(v, which, device), "cuDeviceGetAttribute");
        return v[0];
    }

    private static void check(int result, String call) {
        if (result != 0) {
            String[] text = new String[1];
            cuGetErrorString(result, text);
            throw new DriverException(
                    DriverException.of(result), call + ": error " + result + (text[0] == null ? "" : ", " + text[0]));
        }
    }

    private void current() {
        check(cuCtxSetCurrent(context), "cuCtxSetCurrent");
    }

    @Override
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%s, compute capability %d.%d, driver for CUDA %d.%d",
                name,
                capability / 10,
                capability % 10,
                version / 1000,
                version % 1000 / 10);
    }

    @Override
    public int capability() {
        return capability;
    }

    @Override
    public long free() {
        current();
        long[] free = new long[1];
        return cuMemGetInfo(free, new long[1]) == 0 ? free[0] : 0;
    }

    @Override
    public long allocate(long bytes) {
        current();
        Address p = new Address();
        check(cuMemAlloc(p, bytes), "cuMemAlloc(" + bytes + ")");
        return p.number();
    }

    private static CUdeviceptr at(long address) {
        return new CUdeviceptr().withByteOffset(address);
    }

    @Override
    public void release(long address) {
        current();
        check(cuMemFree(at(address)), "cuMemFree");
    }

    @Override
    public Mapped map(int words) {
        current();
        Pointer host = new Pointer();
        check(cuMemHostAlloc(host, 4L * words, PINNED_MAPPED), "cuMemHostAlloc");
        Address p = new Address();
        check(cuMemHostGetDevicePointer(p, host, 0), "cuMemHostGetDevicePointer");
        ByteBuffer b = host.getByteBuffer(0, 4L * words).order(ByteOrder.nativeOrder());
        for (int i = 0; i < words; i++) {
            b.putInt(4 * i, 0);
        }
        return new Mapped() {
            @Override
            public long address() {
                return p.number();
            }

            @Override
            public int get(int word) {
                return b.getInt(4 * word);
            }

            @Override
            public void set(int word, int value) {
                b.putInt(4 * word, value);
            }

            @Override
            public void release() {
                current();
                check(cuMemFreeHost(host), "cuMemFreeHost");
            }
        };
    }

    private static int size(Object array) {
        return array instanceof double[] ? 8 : 4;
    }

    @Override
    public void upload(long to, Object from, int offset, int elements) {
        current();
        int size = size(from);
        int most = STAGING / size;
        for (int done = 0; done < elements; done += most) {
            int n = Math.min(most, elements - done);
            staged.clear();
            switch (from) {
                case float[] f -> staged.asFloatBuffer().put(f, offset + done, n);
                case double[] f -> staged.asDoubleBuffer().put(f, offset + done, n);
                case int[] f -> staged.asIntBuffer().put(f, offset + done, n);
                default -> throw new IllegalArgumentException(from.getClass().getName());
            }
            check(
                    cuMemcpyHtoDAsync(at(to + (long) done * size), staging, (long) n * size, stream),
                    "cuMemcpyHtoDAsync");
            // the staging memory is used again
            check(cuStreamSynchronize(stream), "cuStreamSynchronize");
        }
    }

    @Override
    public void download(Object to, int offset, long from, int elements) {
        current();
        int size = size(to);
        int most = STAGING / size;
        for (int done = 0; done < elements; done += most) {
            int n = Math.min(most, elements - done);
            check(
                    cuMemcpyDtoHAsync(staging, at(from + (long) done * size), (long) n * size, stream),
                    "cuMemcpyDtoHAsync");
            check(cuStreamSynchronize(stream), "cuStreamSynchronize");
            staged.clear();
            switch (to) {
                case float[] f -> staged.asFloatBuffer().get(f, offset + done, n);
                case double[] f -> staged.asDoubleBuffer().get(f, offset + done, n);
                case int[] f -> staged.asIntBuffer().get(f, offset + done, n);
                default -> throw new IllegalArgumentException(to.getClass().getName());
            }
        }
    }

    @Override
    public long load(byte[] image) {
        current();
        CUmodule m = new CUmodule();
        int result = cuModuleLoadData(m, image);
        if (result != 0) {
            check(result, "cuModuleLoadData" + complaint(image));
        }
        modules.put(handles, m);
        return handles++;
    }

    /** What the driver's assembler says of a text. */
    private static String complaint(byte[] image) {
        if (image[0] != '.') {
            return "";
        }
        JITOptions options = new JITOptions();
        options.putBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER, new byte[LOG_BYTES]);
        options.putInt(CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, LOG_BYTES);
        cuModuleLoadDataJIT(new CUmodule(), Pointer.to(image), options);
        String said = options.getString(CUjit_option.CU_JIT_ERROR_LOG_BUFFER);
        return said == null || said.isBlank() ? "" : " (" + said.strip() + ")";
    }

    @Override
    public void unload(long module) {
        current();
        CUmodule m = modules.remove(module);
        List<Long> names = functionsOf.remove(module);
        if (names != null) {
            functions.keySet().removeAll(names);
        }
        if (m != null) {
            check(cuModuleUnload(m), "cuModuleUnload");
        }
    }

    @Override
    public long function(long module, String kernel) {
        current();
        CUfunction f = new CUfunction();
        check(cuModuleGetFunction(f, modules.get(module), kernel), "cuModuleGetFunction(" + kernel + ")");
        functions.put(handles, f);
        functionsOf.computeIfAbsent(module, k -> new ArrayList<>()).add(handles);
        return handles++;
    }

    @Override
    public void launch(long function, Launch l) {
        current();
        ByteBuffer b = ByteBuffer.allocateDirect(l.arguments().length).order(ByteOrder.nativeOrder());
        b.put(l.arguments()).flip();
        check(
                cuLaunchKernel(
                        functions.get(function),
                        l.gridX(),
                        l.gridY(),
                        l.gridZ(),
                        l.blockX(),
                        l.blockY(),
                        1,
                        0,
                        stream,
                        Pointer.to(Pointer.to(b)),
                        null),
                "cuLaunchKernel(" + l + ")");
    }

    private Cublas.Found found() {
        Cublas.Found f = library;
        if (f == null) {
            current();
            f = Cublas.find(version, stream.number());
            library = f;
        }
        return f;
    }

    @Override
    public String library() {
        return found().text();
    }

    @Override
    public boolean hasLibrary() {
        return found().library() != null;
    }

    @Override
    public void gemm(Gemm product) {
        current();
        Cublas c = found().library();
        if (c == null) {
            throw new IllegalStateException("there is no library");
        }
        if (libraryRoom == 0) {
            libraryRoom = allocate(Cublas.WORKSPACE);
            c.workspace(libraryRoom);
        }
        c.gemm(product);
    }

    @Override
    public void beginCapture() {
        current();
        check(
                cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
                "cuStreamBeginCapture");
    }

    @Override
    public long endCapture() {
        CUgraph g = new CUgraph();
        check(cuStreamEndCapture(stream, g), "cuStreamEndCapture");
        CUgraphExec e = new CUgraphExec();
        check(cuGraphInstantiate(e, g, 0), "cuGraphInstantiate");
        check(cuGraphDestroy(g), "cuGraphDestroy");
        graphs.put(handles, e);
        return handles++;
    }

    @Override
    public void abandonCapture() {
        CUgraph g = new CUgraph();
        // fails where the capture is broken, which ends it too
        if (cuStreamEndCapture(stream, g) == 0) {
            cuGraphDestroy(g);
        }
    }

    @Override
    public void replay(long graph) {
        current();
        check(cuGraphLaunch(graphs.get(graph), stream), "cuGraphLaunch");
    }

    @Override
    public void destroy(long graph) {
        current();
        CUgraphExec e = graphs.remove(graph);
        if (e != null) {
            check(cuGraphExecDestroy(e), "cuGraphExecDestroy");
        }
    }

    @Override
    public void synchronize() {
        current();
        check(cuStreamSynchronize(stream), "cuStreamSynchronize");
    }

    @Override
    public void close() {
        // after a fault these fail too; the context takes everything with it
        cuCtxSetCurrent(context);
        Cublas.Found f = library;
        Cublas c = f == null ? null : f.library();
        if (c != null) {
            c.close();
            if (libraryRoom != 0) {
                cuMemFree(at(libraryRoom));
            }
        }
        cuStreamDestroy(stream);
        cuMemFreeHost(staging);
        cuCtxDestroy(context);
    }
}
