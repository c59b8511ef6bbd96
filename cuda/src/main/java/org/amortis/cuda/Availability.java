package org.amortis.cuda;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Whether there is a GPU to be used, asked step by step. Loads without JCuda and without its native half. */
final class Availability {
    /** The version of CUDA from which on a driver can run what ships here. */
    static final int OLDEST = 12000;

    private static final String BINDING = "jcuda.driver.JCudaDriver";

    private Availability() {}

    /** The first reason why not, with what to do; null if there is none. */
    static @Nullable String firstFailure() {
        String r = bindings(Availability.class.getClassLoader());
        r = r != null ? r : library(System.getProperty("os.name"), System::getenv, p -> Files.exists(Path.of(p)));
        return r != null ? r : native_();
    }

    static @Nullable String bindings(@Nullable ClassLoader loader) {
        try {
            Class.forName(BINDING, false, loader);
            return null;
        } catch (ClassNotFoundException | LinkageError e) {
            return "JCuda is not on the class path; add org.jcuda:jcuda:12.6.0 and jcuda-natives of this platform";
        }
    }

    /** Environment of the process. */
    interface Environment {
        /** A variable, or null. */
        @Nullable
        String get(String name);
    }

    /** Whether a file is there. */
    interface Exists {
        /** True if it is. */
        boolean file(String path);
    }

    /** Looks for the driver's library where loaders look, before anything native is touched. */
    static @Nullable String library(String os, Environment env, Exists exists) {
        boolean windows = os.toLowerCase(Locale.ROOT).contains("win");
        if (os.toLowerCase(Locale.ROOT).contains("mac")) {
            return "there is no NVIDIA driver for macOS; use the processor's backends";
        }
        List<String> paths = new ArrayList<>();
        String name = windows ? "nvcuda.dll" : "libcuda.so.1";
        String list = env.get(windows ? "PATH" : "LD_LIBRARY_PATH");
        if (list != null) {
            for (String p : list.split(File.pathSeparator)) {
                if (!p.isBlank()) {
                    paths.add(p);
                }
            }
        }
        if (windows) {
            String root = env.get("SystemRoot");
            paths.add((root == null ? "C:\\Windows" : root) + "\\System32");
        } else {
            paths.addAll(List.of(
                    "/usr/lib/x86_64-linux-gnu",
                    "/usr/lib/aarch64-linux-gnu",
                    "/usr/lib64",
                    "/usr/lib",
                    "/lib/x86_64-linux-gnu",
                    "/usr/local/cuda/compat",
                    "/usr/local/nvidia/lib64",
                    "/usr/lib/wsl/lib",
                    "/run/opengl-driver/lib"));
        }
        for (String p : paths) {
            if (exists.file(p + (windows ? "\\" : "/") + name)) {
                return null;
            }
        }
        return "no NVIDIA driver: " + name + " is not where drivers are installed; install one for CUDA 12 or later"
                + (windows ? "" : ", or name its folder in LD_LIBRARY_PATH");
    }

    private static @Nullable String native_() {
        try {
            return devices(JCudaDriverCalls::devices, JCudaDriverCalls::driverVersion);
        } catch (LinkageError e) {
            return "JCuda's native library does not load (" + e.getMessage()
                    + "); add jcuda-natives:12.6.0 with the classifier of this platform, linux-x86_64 or"
                    + " windows-x86_64";
        }
    }

    /** What the driver says: a count, or minus an error; its version only if that was no error. */
    static @Nullable String devices(IntSupplier count, IntSupplier version) {
        int n = count.getAsInt();
        return switch (n) {
            case -100, 0 ->
                "the NVIDIA driver sees no GPU; is one installed, and visible to this process (containers,"
                        + " CUDA_VISIBLE_DEVICES)?";
            case -803, -804 -> "the NVIDIA driver's library and its kernel module are of different versions; restart";
            case -999 -> "the NVIDIA driver does not start (unknown error); restart the machine or look at its log";
            default -> {
                if (n < 0) {
                    yield "the NVIDIA driver does not start: error " + -n;
                }
                yield tooOld(version.getAsInt());
            }
        };
    }

    private static @Nullable String tooOld(int version) {
        if (version >= OLDEST) {
            return null;
        }
        return "the NVIDIA driver is too old: it knows CUDA " + version / 1000 + "." + version % 1000 / 10
                + ", this needs 12.0; install a newer driver";
    }
}
