package org.amortis.bench.peers;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The libraries there are. */
enum PeerKind {
    /** This engine. */
    AMORTIS("org.amortis.bench.peers.AmortisPeer", true, false),
    /** EJML, plain Java. */
    EJML("org.amortis.bench.peers.EjmlPeer", true, false),
    /** OpenBLAS, products only. */
    OPENBLAS("org.amortis.bench.natives.OpenBlasPeer", false, false),
    /** OpenBLAS with its AVX-512 kernels: on some processors it would choose narrower ones. */
    OPENBLAS_WIDE("org.amortis.bench.natives.OpenBlasPeer", false, true),
    /** DJL over stock LibTorch with oneMKL. */
    DJL("org.amortis.bench.natives.DjlPeer", false, false),
    /** LibTorch through JavaCPP, with OpenBLAS. */
    TORCH("org.amortis.bench.natives.TorchPeer", false, false),
    /** LibTorch with AVX-512 forced on its own kernels and on OpenBLAS. */
    TORCH_WIDE("org.amortis.bench.natives.TorchPeer", false, true);

    private final String type;
    private final boolean java;
    private final boolean wide;

    PeerKind(String type, boolean java, boolean wide) {
        this.type = type;
        this.java = java;
        this.wide = wide;
    }

    /** Whether the JIT compiles its kernels. */
    boolean isJava() {
        return java;
    }

    /** Whether AVX-512 is forced. */
    boolean isWide() {
        return wide;
    }

    /** Whether its classes are those of the bench module: the rest is fetched when it is asked for. */
    boolean isHere() {
        return java;
    }

    /** Name in options and tables. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace("_wide", "+");
    }

    /** The library of this name, or null. */
    static @Nullable PeerKind ofLabel(String label) {
        for (PeerKind k : values()) {
            if (k.label().equals(label)) {
                return k;
            }
        }
        return null;
    }

    /** Environment of its JVM. */
    Map<String, String> environment(int threads) {
        String n = String.valueOf(threads);
        Map<String, String> e =
                new TreeMap<>(Map.of("OMP_NUM_THREADS", n, "MKL_NUM_THREADS", n, "OPENBLAS_NUM_THREADS", n));
        if (wide) {
            e.put("OPENBLAS_CORETYPE", "SkylakeX");
            e.put("ATEN_CPU_CAPABILITY", "avx512");
        }
        return e;
    }

    Peer load() {
        try {
            return Class.forName(type)
                    .asSubclass(Peer.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("peer " + label() + ": " + e, e);
        }
    }
}
