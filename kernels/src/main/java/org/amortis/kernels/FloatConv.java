package org.amortis.kernels;

import jdk.incubator.vector.VectorSpecies;
import org.amortis.spi.ConvLoop;

/**
 * Convolutions and their adjoints by register tiles that read the planes of an image in place: some outputs by two vectors of
 * places, {@link ConvPlan} says where. An element of the result is one chain of fused multiply-adds, in the order channel, row,
 * column of the weights, whatever tile computes it.
 */
final class FloatConv implements ConvLoop {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();
    private static final int WIDE = 2 * L;

    /** Elements that the widest tile may read or write behind the last place. */
    private static final int WIDEST = 8 * L;

    /** Outputs whose weights lie side by side, as in products. */
    private static final int GROUP = 48;

    /** Vectors of the tiles of 1, 2 and 3 rows for many places. */
    private static final int[] FLAT = {0, 8, 4, 4};

    private final ConvPlan plan;
    private final FloatPlanes planes;

    /** Where the packed weights of each phase begin. */
    private final int[] packed;

    private final int scratch;
    private final int planesAt;

    /** Where the results of a tile begin, for each phase. */
    private final int[] tilesAt;

    /** Distance of the outputs in them. */
    private final int tileStride;

    FloatConv(ConvPlan plan) {
        this.plan = plan;
        this.planes = new FloatPlanes(plan);
        int phases = plan.phases.length;
        this.packed = new int[phases];
        this.tilesAt = new int[phases];
        int at = L * L;
        int places = 0;
        for (int f = 0; f < phases; f++) {
            ConvPlan.Phase phase = plan.phases[f];
            packed[f] = at;
            at += phase.terms * roundUp(plan.outputs, L);
            places = Math.max(places, plan.places(Math.min(plan.linesPerBlock, phase.rows.count()), phase));
        }
        this.planesAt = at;
        this.tileStride = roundUp(places, WIDE) + WIDEST;
        at += plan.size + WIDEST;
        for (int f = 0; f < phases; f++) {
            tilesAt[f] = at;
            at += Species.TILE_ROWS * tileStride;
        }
        this.scratch = at + L;
    }

    private static int roundUp(int n, int step) {
        return (n + step - 1) / step * step;
    }

    @Override
    public int scratch() {
        return scratch;
    }

    @Override
    public int parts() {
        return plan.images * plan.blocks;
    }

    @Override
    public void run(Object in, int io, Object weights, int wo, Object out, int oo, int from, int to, Object scratch) {
        float[] s = (float[]) scratch;
        for (int f = 0; f < packed.length; f++) {
            pack((float[]) weights, wo, plan.phases[f], s, packed[f]);
        }
        for (int part = from; part < to; part++) {
            int first = part % plan.blocks * plan.linesPerBlock;
            int end = Math.min(plan.rows.places, first + plan.linesPerBlock);
            planes.load((float[]) in, io, part / plan.blocks, first, end, s, planesAt);
            multiply(first, end, s, (float[]) out, oo, part / plan.blocks);
        }
    }

    /** Weights of groups of outputs, those of a term side by side. */
    private void pack(float[] w, int wo, ConvPlan.Phase phase, float[] s, int at) {
        int terms = phase.terms;
        for (int g = 0; g < plan.outputs; g += GROUP) {
            int n = Math.min(GROUP, plan.outputs - g);
            int stride = roundUp(n, L);
            int to = at + g * terms;
            int from = wo + g * plan.weightsStride;
            if (plan.inOrder) {
                FloatPack.panel(true, w, from, terms, terms, n, s, to, stride, s, 0);
            } else {
                gather(w, from, plan.weightsStride, phase.weights, n, s, to, stride);
            }
        }
    }

    private static void gather(float[] w, int from, int step, int[] places, int n, float[] s, int to, int stride) {
        for (int t = 0; t < places.length; t++) {
            int at = from + places[t];
            for (int o = 0; o < n; o++) {
                s[to + t * stride + o] = w[at + o * step];
            }
        }
    }

    /** Lines [first, end) of an image, whose planes are loaded. */
    private void multiply(int first, int end, float[] s, float[] out, int oo, int image) {
        for (int g = 0; g < plan.outputs; g += GROUP) {
            int gEnd = Math.min(plan.outputs, g + GROUP);
            int o = g;
            while (o < gEnd) {
                int h = FloatGemm.nextHeight(gEnd - o);
                for (int f = 0; f < packed.length; f++) {
                    tiles(h, f, g, gEnd, o, first, end, s);
                }
                planes.store(first, end, s, tilesAt, tileStride, o, o + h, out, oo, image);
                o += h;
            }
        }
    }

    /** Lines of one phase, of h outputs from o on, which belong to a group of outputs. */
    private void tiles(int h, int f, int group, int groupEnd, int o, int first, int end, float[] s) {
        ConvPlan.Phase phase = plan.phases[f];
        int begin = Math.max(first, phase.rows.first());
        int lines = Math.min(end, phase.rows.end()) - begin;
        if (lines <= 0) {
            return;
        }
        int terms = phase.terms;
        int w = packed[f] + group * terms + o - group;
        int stride = roundUp(groupEnd - group, L);
        int at = planesAt + (begin - first) * plan.pitch;
        int n = plan.places(lines, phase);
        int j = 0;
        if (h < FLAT.length) {
            int lanes = FLAT[h] * L;
            for (; n - j > lanes / 2; j += lanes) {
                FloatConvFlatTiles.run(h, s, w, stride, s, at + j, phase.offsets, terms, s, tilesAt[f] + j, tileStride);
            }
        }
        for (; j < n; j += WIDE) {
            FloatConvTiles.run(h, s, w, stride, s, at + j, phase.offsets, terms, s, tilesAt[f] + j, tileStride);
        }
    }
}
