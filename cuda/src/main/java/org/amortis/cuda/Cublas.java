package org.amortis.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * cuBLAS 12 or 13, bound by the foreign function interface: the calls used are the same in both. One handle on one stream
 * with a workspace of its own, so that calls can be captured and give the same bits every time.
 */
final class Cublas {
    /** Bytes of workspace: what NVIDIA advises for capability 9.0, and more than earlier ones use. */
    static final long WORKSPACE = 32L << 20;

    private static final System.Logger LOG = System.getLogger("org.amortis");
    private static final int REAL_32 = 0;
    private static final int REAL_64 = 1;
    private static final int DEFAULT_ALGORITHM = -1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment handle;
    private final MethodHandle destroy;
    private final MethodHandle setWorkspace;
    private final MethodHandle gemm;
    private final MemorySegment alpha;
    private final MemorySegment beta;
    private final int version;

    private Cublas(SymbolLookup library, long stream) {
        MemorySegment place = arena.allocate(ADDRESS);
        check(call(function(library, "cublasCreate_v2", ADDRESS), place), "cublasCreate");
        this.handle = place.get(ADDRESS, 0);
        this.destroy = function(library, "cublasDestroy_v2", ADDRESS);
        this.setWorkspace = function(library, "cublasSetWorkspace_v2", ADDRESS, ADDRESS, JAVA_LONG);
        this.gemm = function(
                library,
                "cublasGemmStridedBatchedEx",
                ADDRESS, // handle
                JAVA_INT,
                JAVA_INT, // transpositions
                JAVA_INT,
                JAVA_INT,
                JAVA_INT, // m, n, k
                ADDRESS, // alpha
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_LONG, // a: memory, type, leading dimension, stride
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_LONG, // b
                ADDRESS, // beta
                ADDRESS,
                JAVA_INT,
                JAVA_INT,
                JAVA_LONG, // c
                JAVA_INT, // batch
                JAVA_INT,
                JAVA_INT); // type of the computation, algorithm
        // doubles are the larger: either type fits
        this.alpha = arena.allocate(JAVA_DOUBLE);
        this.beta = arena.allocate(JAVA_DOUBLE);
        MemorySegment number = arena.allocate(JAVA_INT);
        check(call(function(library, "cublasGetVersion_v2", ADDRESS, ADDRESS), handle, number), "cublasGetVersion");
        this.version = number.get(JAVA_INT, 0);
        // a new stream takes the workspace away: first the one, then the other
        MethodHandle setStream = function(library, "cublasSetStream_v2", ADDRESS, ADDRESS);
        check(call(setStream, handle, MemorySegment.ofAddress(stream)), "cublasSetStream");
    }

    /** What happened when the library was looked for. */
    record Found(@Nullable Cublas library, String text) {}

    /**
     * Looks for the library and makes a handle in the context that is current.
     *
     * @param driver version of CUDA that the driver knows
     * @param stream stream that the calls are put on
     */
    @SuppressWarnings("restricted")
    static Found find(int driver, long stream) {
        String wish = System.getProperty("amortis.cublas", "");
        if (wish.equals("off")) {
            return new Found(null, "cuBLAS switched off");
        }
        String why = "no cuBLAS found";
        for (String name :
                wish.isEmpty() ? candidates(System.getProperty("os.name"), driver, System::getenv) : List.of(wish)) {
            boolean path = name.contains(File.separator);
            if (path && !Files.exists(Path.of(name))) {
                continue;
            }
            try {
                if (path) {
                    light(Path.of(name));
                }
                // never unloaded: it has threads and exit handlers of its own
                SymbolLookup library = path
                        ? SymbolLookup.libraryLookup(Path.of(name), Arena.global())
                        : SymbolLookup.libraryLookup(name, Arena.global());
                Cublas c = new Cublas(library, stream);
                return new Found(c, c.describe());
            } catch (IllegalCallerException e) {
                return new Found(null, "no cuBLAS without --enable-native-access");
            } catch (IllegalArgumentException e) {
                LOG.log(System.Logger.Level.DEBUG, "cuda: {0}: {1}", name, e.getMessage());
            } catch (DriverException e) {
                // not of this driver: the next
                why = name + " does not start (" + e.getMessage() + ")";
            }
        }
        return new Found(null, why);
    }

    /** The library that it needs lies beside it and may not be on the loader's path: once loaded it is known by name. */
    @SuppressWarnings("restricted")
    private static void light(Path library) {
        Path beside = library.resolveSibling(library.getFileName().toString().replace("cublas", "cublasLt"));
        if (Files.exists(beside)) {
            SymbolLookup.libraryLookup(beside, Arena.global());
        }
    }

    /** Names and paths in the order in which they are tried: a library newer than the driver does not run. */
    static List<String> candidates(String os, int driver, Availability.Environment env) {
        boolean windows = os.toLowerCase(Locale.ROOT).contains("win");
        List<String> r = new ArrayList<>();
        for (int major = Math.min(13, driver / 1000); major >= 12; major--) {
            String name = windows ? "cublas64_" + major + ".dll" : "libcublas.so." + major;
            r.add(name);
            for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
                String home = env.get(variable);
                if (home != null && !home.isBlank()) {
                    r.add(home + (windows ? "\\bin\\" : "/lib64/") + name);
                    if (windows) {
                        r.add(home + "\\bin\\x64\\" + name);
                    }
                }
            }
            if (!windows) {
                r.add("/usr/local/cuda/lib64/" + name);
                r.add("/usr/local/cuda-" + major + "/lib64/" + name);
            }
        }
        return r;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup library, String name, MemoryLayout... arguments) {
        MemorySegment at = library.find(name).orElseThrow(() -> new IllegalArgumentException("no function " + name));
        return Linker.nativeLinker().downcallHandle(at, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static int call(MethodHandle f, Object... arguments) {
        try {
            return (int) f.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(int status, String call) {
        if (status != 0) {
            throw new DriverException(kind(status), call + ": cuBLAS status " + status);
        }
    }

    private static DriverException.Kind kind(int status) {
        return switch (status) {
            case 3 -> DriverException.Kind.OUT_OF_MEMORY;
            // execution failed: a kernel before it or its own
            case 13 -> DriverException.Kind.FAULT;
            default -> DriverException.Kind.OTHER;
        };
    }

    String describe() {
        // 120600 and 130000
        return String.format(Locale.ROOT, "cuBLAS %d.%d", version / 10000, version % 10000 / 100);
    }

    /** Gives it the memory it works in. */
    void workspace(long address) {
        check(call(setWorkspace, handle, MemorySegment.ofAddress(address), WORKSPACE), "cublasSetWorkspace");
    }

    /** Puts a product on the stream. */
    void gemm(Gemm g) {
        double b = g.add() ? 1 : 0;
        int type = g.wide() ? REAL_64 : REAL_32;
        if (g.wide()) {
            alpha.set(JAVA_DOUBLE, 0, 1);
            beta.set(JAVA_DOUBLE, 0, b);
        } else {
            alpha.set(JAVA_FLOAT, 0, 1);
            beta.set(JAVA_FLOAT, 0, (float) b);
        }
        int status = call(
                gemm,
                handle,
                g.transposeA() ? 1 : 0,
                g.transposeB() ? 1 : 0,
                g.m(),
                g.n(),
                g.k(),
                alpha,
                MemorySegment.ofAddress(g.a()),
                type,
                g.lda(),
                g.strideA(),
                MemorySegment.ofAddress(g.b()),
                type,
                g.ldb(),
                g.strideB(),
                beta,
                MemorySegment.ofAddress(g.c()),
                type,
                g.ldc(),
                g.strideC(),
                g.batch(),
                computation(g),
                DEFAULT_ALGORITHM);
        check(status, g.toString());
    }

    /** Numbers of cublasComputeType_t. */
    private static int computation(Gemm g) {
        if (g.wide()) {
            return 70;
        }
        return switch (g.precision()) {
            case FP32 -> 68;
            case BF16 -> 75;
            case TF32 -> 77;
        };
    }

    void close() {
        call(destroy, handle);
        arena.close();
    }
}
