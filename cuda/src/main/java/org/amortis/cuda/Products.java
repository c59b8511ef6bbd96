package org.amortis.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Matrix products: which kernel, how K is cut. A function of shapes alone, so that the bits are the same on every card. */
final class Products {
    /** Most products in one launch. */
    static final int TOGETHER = 24;

    /** Least K of a slice. */
    private static final int SLICE = 50;

    /** Bytes of one of several products in the arguments, and of what stands before the first. */
    private static final int ITEM = 72;

    private static final int HEAD = 8;
    private static final int BLOCK = 256;

    private final Addresses memory;
    private final Workspace workspace;
    private final Chains chains;
    private final ProductMode mode;

    /**
     * Products of a program.
     *
     * @param memory where views lie
     * @param workspace takes sums of slices where there are no clusters
     * @param chains takes the kernels with a chain behind a product
     * @param mode how they are computed
     */
    Products(Addresses memory, Workspace workspace, Chains chains, ProductMode mode) {
        this.memory = memory;
        this.workspace = workspace;
        this.chains = chains;
        this.mode = mode;
    }

    /** Slices of K: the smallest of 1, 2, 4, 8 with enough blocks whose slices are not too thin. */
    static int split(long tiles, int k) {
        int s = 1;
        while (s < 8 && tiles * s < Job.BLOCKS && k / (2 * s) >= SLICE) {
            s *= 2;
        }
        return s;
    }

    private static int slice(int k, int split) {
        return split == 1 ? k : (k + split * Job.DEEP - 1) / (split * Job.DEEP) * Job.DEEP;
    }

    void translate(Unit.Products u, List<Step> steps) {
        Job first = u.jobs.get(0);
        long tiles = 0;
        int k = Integer.MAX_VALUE;
        for (Job j : u.jobs) {
            tiles += j.tiles(Job.TILE);
            k = Math.min(k, j.k());
        }
        int split = first.small() ? split(tiles, k) : 1;
        if (first.library()) {
            library(first, u, steps);
        } else if (!u.behind.isEmpty()) {
            behind(first, Section.behind(u.behind), split, steps);
        } else if (u.jobs.size() > 1 || first.sums() != null || split > 1 && first.sociable()) {
            together(u.jobs, split, steps);
        } else {
            alone(first, split, steps);
        }
    }

    /** Rows are columns to the library: it computes the transpose, whose factors have changed places. */
    private Gemm gemm(Job j) {
        long stepA = j.step(j.stepsOfA());
        long stepB = j.step(j.stepsOfB());
        return new Gemm(
                j.wide(),
                mode.library(),
                j.op().transposeB(),
                j.op().transposeA(),
                j.n(),
                j.m(),
                j.k(),
                memory.of(j.in().get(1)),
                j.ldb(),
                stepB,
                memory.of(j.in().get(0)),
                j.lda(),
                stepA,
                memory.of(j.to()),
                j.n(),
                (long) j.m() * j.n(),
                j.walk().size(),
                j.add());
    }

    /** A product of the library; what follows goes over its result in place. */
    private void library(Job j, Unit.Products u, List<Step> steps) {
        steps.add(new Step.Run(gemm(j)));
        byte[] arguments = product(j, 1).bytes();
        long to = memory.of(j.to());
        ByteBuffer.wrap(arguments).order(ByteOrder.LITTLE_ENDIAN).putLong(to);
        int blocks = (int) (((long) j.to().size() + BLOCK - 1) / BLOCK);
        if (!u.behind.isEmpty()) {
            Section section = Section.behind(u.behind);
            byte[] all = chained(j, section, 1);
            ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putLong(to).putInt(Chained.ADD, 0);
            String name = chains.add(section, Operand.whole(j.to()));
            steps.add(new Step.Run(new Launch(Launch.CHAINS, name, blocks, 1, 1, BLOCK, 1, all)));
        } else if (j.in().size() > 2) {
            String name = j.wide() ? "am_finish_double_bias" : "am_finish_bias";
            steps.add(new Step.Run(new Launch("product", name, blocks, 1, 1, BLOCK, 1, arguments)));
        }
    }

    private String module() {
        return mode.tensorCores() ? "tensor" : "product";
    }

    private byte[] chained(Job j, Section section, int split) {
        byte[] arguments = Arrays.copyOf(product(j, split).bytes(), Chained.ADDRESSES + 8 * Chained.MOST);
        ByteBuffer b = ByteBuffer.wrap(arguments).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(Chained.ADD, j.add() ? 1 : 0).position(Chained.ADDRESSES);
        section.operands().forEach(o -> b.putLong(memory.of(o.base())));
        return arguments;
    }

    private Args product(Job j, int split) {
        return new Args()
                .pointers(memory.of(j.in().get(0)), memory.of(j.in().get(1)), memory.of(j.to()))
                .pointer(j.in().size() > 2 ? memory.of(j.in().get(2)) : 0)
                .ints(j.m(), j.n(), j.k(), j.lda(), j.ldb(), split, slice(j.k(), split))
                .ints(j.walk().size())
                .walk(j.walk().toArray(), j.stepsOfA(), j.stepsOfB());
    }

    private void alone(Job j, int split, List<Step> steps) {
        int tile = j.wide() ? Job.WIDE_TILE : j.large() ? Job.LARGE_TILE : Job.TILE;
        String name = (j.wide() ? "am_double_" : mode.prefix() + (j.large() ? "large_" : "small_")) + j.form() + "_"
                + (split > 1 ? "plain" : j.epilogue());
        byte[] arguments = product(j, split).bytes();
        int blocks = split * j.walk().size();
        String module = j.wide() ? "product" : module();
        Launch launch = new Launch(module, name, j.across(tile), j.down(tile), blocks, BLOCK, 1, arguments);
        steps.add(new Step.Run(launch));
        if (split > 1) {
            long size = j.to().size();
            workspace.reserve(4 * size * split);
            workspace.patched(launch, 16, 0);
            Launch last = Launch.flat("product", "am_finish_" + j.epilogue(), size, product(j, split));
            steps.add(new Step.Run(workspace.patched(last, 0, 0)));
        }
    }

    private void behind(Job j, Section section, int split, List<Step> steps) {
        byte[] arguments = chained(j, section, split);
        Operand product = Operand.whole(j.to());
        int across = j.across(Job.TILE);
        int down = j.down(Job.TILE);
        int blocks = split * j.walk().size();
        if (split == 1 || mode.clusters() && j.sociable()) {
            String name = chains.add(section, product, j.form(), split, mode);
            steps.add(new Step.Run(new Launch(Launch.CHAINS, name, across, down, blocks, BLOCK, 1, arguments)));
            return;
        }
        // the slices store plain sums; row and chain come when those are added
        long size = j.to().size();
        workspace.reserve(4 * size * split);
        byte[] slices = product(j, split).bytes();
        String plain = mode.prefix() + "small_" + j.form() + "_plain";
        Launch first = new Launch(module(), plain, across, down, blocks, BLOCK, 1, slices);
        steps.add(new Step.Run(workspace.patched(first, 16, 0)));
        String name = chains.add(section, product);
        Launch last = new Launch(Launch.CHAINS, name, (int) ((size + 255) / 256), 1, 1, BLOCK, 1, arguments);
        steps.add(new Step.Run(workspace.patched(last, 0, 0)));
    }

    private void together(List<Job> jobs, int split, List<Step> steps) {
        boolean parts = split > 1 && !mode.clusters();
        Args a = new Args().ints(jobs.size(), split);
        Args f = new Args().ints(jobs.size(), split);
        long partBytes = 0;
        int blocks = 0;
        int lastBlocks = 0;
        boolean columns = false;
        List<long[]> places = new ArrayList<>();
        for (Job j : jobs) {
            long bias = j.sums() != null ? memory.of(j.sums()) : j.in().size() > 2 ? memory.of(j.in().get(2)) : 0;
            long to = memory.of(j.to());
            int size = j.m() * j.n();
            int sums = j.sums() != null ? j.n() : 0;
            int add = j.add() ? 1 : 0;
            int across = j.across(Job.TILE);
            a.pointers(memory.of(j.in().get(0)), memory.of(j.in().get(1)), to, bias)
                    .ints(j.m(), j.n(), j.k(), j.lda(), j.ldb(), slice(j.k(), split), across, blocks, add, 0);
            f.pointers(0, 0, to, bias).ints(j.m(), j.n(), j.k(), 0, 0, 0, 0, lastBlocks, add, 0);
            places.add(new long[] {partBytes, partBytes + 4L * size * split, sums});
            partBytes += 4L * (size + sums) * split;
            blocks += across * j.down(Job.TILE);
            lastBlocks += (size + sums + BLOCK - 1) / BLOCK;
            columns |= sums > 0;
        }
        String form = jobs.get(0).form();
        boolean cluster = split > 1 && mode.clusters();
        String name = mode.prefix() + (cluster ? "cluster" + split + "_" : "together_") + form;
        String module = !cluster ? module() : mode.tensorCores() ? "tensor_cluster" : "cluster";
        Launch launch = new Launch(module, name, blocks, 1, split, BLOCK, 1, full(a));
        steps.add(new Step.Run(launch));
        if (!parts) {
            return;
        }
        workspace.reserve(partBytes);
        String finish = columns ? "am_finish_together_sums" : "am_finish_together";
        Launch last = new Launch("product", finish, lastBlocks, 1, 1, BLOCK, 1, full(f));
        for (int i = 0; i < jobs.size(); i++) {
            long[] p = places.get(i);
            int at = HEAD + ITEM * i;
            workspace.patched(launch, at + 16, p[0]);
            workspace.patched(last, at, p[0]);
            if (p[2] > 0) {
                workspace.patched(launch, at + 24, p[1]);
                workspace.patched(last, at + 8, p[1]);
            }
        }
        steps.add(new Step.Run(last));
    }

    private static byte[] full(Args a) {
        return Arrays.copyOf(a.bytes(), HEAD + ITEM * TOGETHER);
    }
}
