package org.amortis.cuda;

import java.util.Arrays;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.View;
import org.amortis.tensor.Axes;
import org.amortis.tensor.ReduceOp;

/** Reductions, with the choice of kernel. */
final class Reductions {
    private final Addresses memory;
    private final Workspace workspace;

    Reductions(Addresses memory, Workspace workspace) {
        this.memory = memory;
        this.workspace = workspace;
    }

    /** Sums of parts: y[r] = sum over c of x[c * results + r]. */
    static Launch ofParts(String name, DType type, long x, long y, int results, int parts) {
        Args a = new Args()
                .pointers(x, y)
                .ints(results, parts, parts)
                .walk(new int[] {results}, new int[] {1}, new int[] {0})
                .walk(new int[] {parts}, new int[] {results}, new int[] {0});
        String kernel = "am_" + name + "_" + (results == 1 ? "warp_" : "columns_") + Launch.suffix(type);
        return results == 1
                ? Launch.warps("reduce", kernel, 1, a)
                : new Launch("reduce", kernel, (results + 31) / 32, 1, 1, 32, 8, a.bytes());
    }

    void reduce(ReduceOp.Reduction op, View x, View y, List<Step> steps) {
        Shape s = x.type().shape();
        Axes axes = op.axes();
        int[] own = s.strides();
        int r = s.rank();
        int[] keptDims = new int[r];
        int[] keptStrides = new int[r];
        int[] dims = new int[r];
        int[] strides = new int[r];
        int k = 0;
        int n = 0;
        for (int a = 0; a < r; a++) {
            if (axes.contains(a)) {
                dims[n] = s.dim(a);
                strides[n++] = own[a];
            } else {
                keptDims[k] = s.dim(a);
                keptStrides[k++] = own[a];
            }
        }
        int[][] kept = Args.joined(Arrays.copyOf(keptDims, k), Arrays.copyOf(keptStrides, k));
        int[][] reduced = Args.joined(Arrays.copyOf(dims, n), Arrays.copyOf(strides, n));
        int results = y.size();
        int terms = 1;
        for (int a = 0; a < n; a++) {
            terms *= dims[a];
        }
        String name = switch (op.kind()) {
            case SUM -> "sum";
            case MAX, ANY -> "max";
            case MIN, ALL -> "min";
        };
        DType type = x.type().dtype();
        if (terms == 0) {
            // nothing to add; nothing true; all of nothing
            double value = op.kind() == ReduceOp.Kind.ALL ? 1 : 0;
            long bits = type == DType.F64
                    ? Double.doubleToRawLongBits(value)
                    : type == DType.F32 ? Float.floatToRawIntBits((float) value) : (int) value;
            Args f = new Args().pointers(memory.of(y), 0).ints(results, (int) bits, (int) (bits >>> 32));
            steps.add(new Step.Run(Launch.flat("move", "am_fill_w" + type.bytes(), results, f)));
            return;
        }
        boolean side = kept[1].length > 0 && kept[1][kept[1].length - 1] == 1 && results > 1;
        int chunks = chunks(results, terms, side);
        int length = (terms + chunks - 1) / chunks;
        chunks = (terms + length - 1) / length;
        Args a = new Args()
                .pointers(memory.of(x), memory.of(y))
                .ints(results, terms, length)
                .walk(kept[0], kept[1], new int[kept[1].length])
                .walk(reduced[0], reduced[1], new int[reduced[1].length]);
        String kernel =
                "am_" + name + "_" + (terms < 8 ? "thread_" : side ? "columns_" : "warp_") + Launch.suffix(type);
        Launch launch = terms < 8
                ? new Launch("reduce", kernel, (results + 255) / 256, chunks, 1, 256, 1, a.bytes())
                : side
                        ? new Launch("reduce", kernel, (results + 31) / 32, chunks, 1, 32, 8, a.bytes())
                        : new Launch("reduce", kernel, (results + 7) / 8, chunks, 1, 256, 1, a.bytes());
        if (chunks == 1) {
            steps.add(new Step.Run(launch));
            return;
        }
        workspace.reserve((long) type.bytes() * results * chunks);
        steps.add(new Step.Run(workspace.patched(launch, 8, 0)));
        steps.add(new Step.Run(workspace.patched(ofParts(name, type, 0, memory.of(y), results, chunks), 0, 0)));
    }

    /** Columns in stages of 256 rows, long rows in pieces that fill a card; a function of the shape. */
    private static int chunks(int results, int terms, boolean side) {
        int most = Math.max(1, 264 * 8 / Math.max(1, side ? (results + 31) / 32 * 8 : results));
        int least = side ? 256 : 1024;
        return Math.clamp(terms / least, 1, most);
    }
}
