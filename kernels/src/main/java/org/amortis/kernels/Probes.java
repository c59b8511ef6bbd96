package org.amortis.kernels;

import org.jspecify.annotations.Nullable;

/** What must hold before vector code is used. Each check returns null, or its own reason with what to do about it. */
final class Probes {
    /** Not a multiple of any vector length. */
    private static final int SELF_TEST_SIZE = 67;

    private Probes() {}

    /** The first reason why the kernels cannot be used here, or null. */
    static @Nullable String firstFailure() {
        String wanted = System.getProperty("amortis.vectorBits");
        String failure = property(wanted);
        if (failure == null) {
            failure =
                    module(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
        }
        if (failure == null) {
            failure = compiler(System.getProperty("java.vm.info", ""));
        }
        if (failure != null) {
            return failure;
        }
        try {
            failure = width(SelfTest.preferredBits(), wanted == null ? 0 : Integer.parseInt(wanted.trim()));
            return failure == null ? selfTest(SelfTest.run(SELF_TEST_SIZE)) : failure;
        } catch (LinkageError e) {
            return "the vector classes do not load: " + e;
        }
    }

    static @Nullable String property(@Nullable String vectorBits) {
        if (vectorBits == null) {
            return null;
        }
        return switch (vectorBits.trim()) {
            case "128", "256", "512" -> null;
            case "0" -> "switched off by -Damortis.vectorBits=0";
            default -> "amortis.vectorBits=" + vectorBits + ": must be 0 (off), 128, 256 or 512";
        };
    }

    static @Nullable String module(boolean present) {
        return present
                ? null
                : "module jdk.incubator.vector is not there: start java with --add-modules jdk.incubator.vector";
    }

    /** Vector operations are objects until C2 compiles them: in any other mode they are 100 to 1000 times too slow. */
    static @Nullable String compiler(String vmInfo) {
        if (vmInfo.contains("interpreted")) {
            return "the optimising compiler is off (java.vm.info=" + vmInfo + "): start java without -Xint";
        }
        if (vmInfo.contains("emulated-client")) {
            return "the optimising compiler is off (java.vm.info=" + vmInfo
                    + "): start java without -XX:TieredStopAtLevel";
        }
        return null;
    }

    static @Nullable String width(int preferred, int wanted) {
        if (preferred < 128) {
            return "vectors of this processor have " + preferred + " bits, 128 are needed";
        }
        if (wanted > preferred) {
            return "amortis.vectorBits=" + wanted + " is more than the " + preferred
                    + " bits that this processor and JVM have: lower it or leave it out";
        }
        return null;
    }

    static @Nullable String selfTest(@Nullable String difference) {
        return difference == null ? null : "self-test failed, vector and scalar results differ: " + difference;
    }
}
