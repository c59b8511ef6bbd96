package org.amortis.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that kernels use within one instruction. Instructions run one after the other, so all share it; where it lies is
 * known only when the largest need is, and is then written into the arguments.
 */
final class Workspace {
    @SuppressWarnings("ArrayRecordComponent")
    private record Patch(byte[] arguments, int at, long offset) {}

    private final List<Patch> patches = new ArrayList<>();
    private long bytes;

    /** A range is needed. */
    void reserve(long size) {
        bytes = Math.max(bytes, size);
    }

    /** Bytes needed. */
    long bytes() {
        return bytes;
    }

    /** The pointer at a place of a launch's arguments is the workspace plus an offset. */
    Launch patched(Launch launch, int at, long offset) {
        patches.add(new Patch(launch.arguments(), at, offset));
        return launch;
    }

    /** Writes the address into all arguments. */
    void place(long address) {
        for (Patch p : patches) {
            ByteBuffer.wrap(p.arguments).order(ByteOrder.LITTLE_ENDIAN).putLong(p.at, address + p.offset);
        }
    }
}
