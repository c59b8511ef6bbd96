package org.amortis.backend;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;

/**
 * Working memory of the workers of a runner, shared by its kernels: they run one after the other, so each may use all of
 * it. Grows while kernels are bound, never while they run.
 */
final class Scratch {
    private final List<List<List<Object>>> tiles = new ArrayList<>();
    private final float[][] floats;
    private final double[][] doubles;
    private final int[][] ints;
    private final long[][] longs;

    Scratch(int workers) {
        this.floats = new float[workers][0];
        this.doubles = new double[workers][0];
        this.ints = new int[workers][0];
        this.longs = new long[workers][0];
        for (int w = 0; w < workers; w++) {
            tiles.add(List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
        }
    }

    int workers() {
        return floats.length;
    }

    /** Tile number {@code i} of a carrier; the same array for every kernel that asks for it. */
    Object tile(int worker, DType type, int i) {
        int carrier = carrier(type);
        List<Object> own = tiles.get(worker).get(carrier);
        while (own.size() <= i) {
            own.add(
                    switch (carrier) {
                        case 0 -> new float[FusedKernel.TILE];
                        case 1 -> new double[FusedKernel.TILE];
                        default -> new int[FusedKernel.TILE];
                    });
        }
        return own.get(i);
    }

    static int carrier(DType type) {
        return switch (type) {
            case F32 -> 0;
            case F64 -> 1;
            case I32, BOOL, KEY -> 2;
        };
    }

    /** Makes sure that every worker has an array of some length. */
    void reserve(DType type, int length) {
        for (int w = 0; w < workers(); w++) {
            if (type == DType.F32 && floats[w].length < length) {
                floats[w] = new float[length];
            } else if (type == DType.F64 && doubles[w].length < length) {
                doubles[w] = new double[length];
            } else if (carrier(type) == 2 && ints[w].length < length) {
                ints[w] = new int[length];
            }
        }
    }

    /** Makes sure that every worker has an array of longs of some length. */
    void reserveLongs(int length) {
        for (int w = 0; w < workers(); w++) {
            if (longs[w].length < length) {
                longs[w] = new long[length];
            }
        }
    }

    float[] floats(int worker) {
        return floats[worker];
    }

    double[] doubles(int worker) {
        return doubles[worker];
    }

    int[] ints(int worker) {
        return ints[worker];
    }

    long[] longs(int worker) {
        return longs[worker];
    }
}
