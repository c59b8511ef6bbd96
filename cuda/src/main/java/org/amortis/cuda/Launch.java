package org.amortis.cuda;

import org.amortis.array.DType;

/**
 * One launch of a kernel.
 *
 * @param module name of the module: a file of kernels, or that of a program's chains
 * @param kernel name of the kernel
 * @param gridX blocks along x
 * @param gridY blocks along y
 * @param gridZ blocks along z
 * @param blockX threads along x
 * @param blockY threads along y
 * @param arguments its struct
 */
@SuppressWarnings("ArrayRecordComponent")
record Launch(String module, String kernel, int gridX, int gridY, int gridZ, int blockX, int blockY, byte[] arguments)
        implements Call {
    /** Name of the module of generated chains. */
    static final String CHAINS = "chains";

    /** Largest grid along y and z. */
    private static final int LIMIT = 65535;

    Launch {
        if (gridX < 1 || gridY < 1 || gridZ < 1 || gridY > LIMIT || gridZ > LIMIT) {
            throw new IllegalArgumentException(
                    kernel + ": a grid of " + gridX + " x " + gridY + " x " + gridZ + " blocks cannot be launched");
        }
    }

    /** One thread for each of n things, 256 threads a block. */
    static Launch flat(String module, String kernel, long n, Args arguments) {
        return new Launch(module, kernel, (int) ((n + 255) / 256), 1, 1, 256, 1, arguments.bytes());
    }

    /** One thread. */
    static Launch single(String module, String kernel, Args arguments) {
        return new Launch(module, kernel, 1, 1, 1, 1, 1, arguments.bytes());
    }

    /** One warp for each of n things, 8 warps a block. */
    static Launch warps(String module, String kernel, long n, Args arguments) {
        return new Launch(module, kernel, (int) ((n + 7) / 8), 1, 1, 256, 1, arguments.bytes());
    }

    /** What the name of a kernel ends in for a type. */
    static String suffix(DType t) {
        return switch (t) {
            case F32 -> "f32";
            case F64 -> "f64";
            default -> "i32";
        };
    }

    @Override
    public String toString() {
        return kernel + "<" + gridX + "," + gridY + "," + gridZ + ";" + blockX + "," + blockY + ">";
    }
}
