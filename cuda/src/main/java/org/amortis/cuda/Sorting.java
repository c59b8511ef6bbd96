package org.amortis.cuda;

import java.util.List;
import org.amortis.array.Shape;
import org.amortis.spi.View;

/** Sorts with their order: a line in a block, or stages over all lines. */
final class Sorting {
    private final Addresses memory;
    private final Workspace workspace;

    Sorting(Addresses memory, Workspace workspace) {
        this.memory = memory;
        this.workspace = workspace;
    }

    /** Elements of a line that a block sorts in shared memory. */
    private static final int SORT_BLOCK = 1024;

    void sort(int axis, View x, View y, View order, List<Step> steps) {
        Shape s = x.type().shape();
        int n = s.dim(axis);
        int inner = s.product(axis + 1, s.rank());
        int lines = x.size() / n;
        int padded = Math.max(2, Integer.highestOneBit(2 * n - 1));
        String type = Launch.suffix(x.type().dtype());
        if (n <= SORT_BLOCK) {
            Args a = sorting(x, y, order).ints(lines, n, inner, padded, 0, 0);
            int threads = Math.clamp(padded / 2, 32, 256);
            steps.add(new Step.Run(new Launch("sort", "am_sort_" + type, lines, 1, 1, threads, 1, a.bytes())));
            return;
        }
        // lines beyond what one grid holds take turns
        long slots = (long) lines * padded;
        workspace.reserve(12 * slots);
        stage(x, y, order, "am_sort_load_" + type, lines, n, inner, padded, padded, 0, 0, steps);
        for (int wide = 2; wide <= padded; wide *= 2) {
            for (int apart = wide / 2; apart > 0; apart /= 2) {
                stage(x, y, order, "am_sort_stage", lines, n, inner, padded, padded / 2, wide, apart, steps);
            }
        }
        stage(x, y, order, "am_sort_store_" + type, lines, n, inner, padded, n, 0, 0, steps);
    }

    private Args sorting(View x, View y, View order) {
        return new Args().pointers(memory.of(x), memory.of(y), memory.of(order), 0, 0);
    }

    private void stage(
            View x,
            View y,
            View order,
            String kernel,
            int lines,
            int n,
            int inner,
            int padded,
            int threads,
            int wide,
            int apart,
            List<Step> steps) {
        Args a = sorting(x, y, order).ints(lines, n, inner, padded, wide, apart);
        Launch l = new Launch("sort", kernel, (threads + 255) / 256, lines, 1, 256, 1, a.bytes());
        workspace.patched(l, 24, 0);
        steps.add(new Step.Run(workspace.patched(l, 32, 8L * lines * padded)));
    }
}
