package org.amortis.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.param.Fans;
import org.amortis.param.Initializer;
import org.amortis.param.ParamScope;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer between units with times, W [out, in] (path "w", tagged "decay") and b [out] (path "b"): an output reads
 * the inputs whose time is not later than its own. Units are sorted by time, so that those of a range of times are one
 * range of rows or columns.
 */
final class MaskedLinear {
    /** Elements of W below which one product is as fast. */
    private static final int SMALL = 128 * 128;

    private static final int BLOCKS = 4;

    private final Tensor timesIn;
    private final Tensor timesOut;
    private final int[] in;
    private final int[] out;
    private final String weight;
    private final String bias;

    private MaskedLinear(int[] in, int[] out, String weight, String bias) {
        this.in = in;
        this.out = out;
        this.timesIn = Tensors.constant(HostArray.wrap(in.clone(), Shape.of(1, in.length)));
        this.timesOut = Tensors.constant(HostArray.wrap(out.clone(), Shape.of(out.length, 1)));
        this.weight = weight;
        this.bias = bias;
    }

    static MaskedLinear of(ParamScope at, int[] in, int[] out, Initializer weight, Initializer bias) {
        Shape shape = Shape.of(out.length, in.length);
        return new MaskedLinear(
                in,
                out,
                at.declare("w", shape, weight, new Fans(Math.max(1, in.length), Math.max(1, out.length)), "decay"),
                at.declare("b", Shape.of(out.length), bias));
    }

    /** Whether an output reads an input, BOOL [out, in]. */
    Tensor mask() {
        return timesOut.ge(timesIn);
    }

    /**
     * All outputs at once. Of a large layer the part of W that the mask leaves is multiplied by blocks of outputs, each
     * with the inputs it can read: with k blocks (k + 1) / 2k of the work of the whole product.
     *
     * @param x [in, batch]
     * @param extra [out, ..] that broadcasts to [out, batch], added to the outputs; null for none
     * @return [out, batch]
     */
    Tensor apply(Weights p, Tensor x, @Nullable Tensor extra) {
        Shape batch = x.shape().slice(1, x.shape().rank());
        Tensor rows = x.reshape(in.length, batch.size());
        Tensor w = Tensors.where(mask(), p.get(weight), 0);
        int blocks = (long) in.length * out.length < SMALL ? 1 : BLOCKS;
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            int from = (int) ((long) out.length * i / blocks);
            int to = (int) ((long) out.length * (i + 1) / blocks);
            if (to > from) {
                int n = countBefore(in, out[to - 1] + 1);
                parts.add(w.slice(0, from, to).slice(1, 0, n).matmul(rows.slice(0, 0, n)));
            }
        }
        Tensor y = Sequence.join(parts).reshape(Shape.of(out.length).concat(batch));
        y = y.add(column(p.get(bias), batch));
        return extra == null ? y : y.add(extra);
    }

    /** [n] as [n, 1, ..]. */
    private static Tensor column(Tensor v, Shape batch) {
        int[] d = new int[batch.rank() + 1];
        Arrays.fill(d, 1);
        d[0] = v.shape().size();
        return v.reshape(Shape.of(d));
    }

    /**
     * The layer, a time after the other.
     *
     * @param batch axes of a unit
     * @param extra [out, ..] that broadcasts to [out, batch], added to the outputs; null for none
     */
    Sequence sequence(Weights p, Shape batch, @Nullable Tensor extra, int chunk) {
        return new Sequence(p.get(weight), p.get(bias), batch, extra, chunk);
    }

    private static int countBefore(int[] sorted, int time) {
        int i = Arrays.binarySearch(sorted, time);
        i = i < 0 ? -i - 1 : i;
        while (i > 0 && sorted[i - 1] == time) {
            i--;
        }
        return i;
    }

    /**
     * Outputs in the order of time, each from inputs that may depend on earlier outputs. Every weight enters one product.
     * What all earlier chunks of times give to a chunk is one product at its start; within it the products are small.
     * Units are [n, batch], so that ranges of units are ranges of memory. Joining units costs what a chunk repeats: with
     * about sqrt(times) chunks the copies are O(sqrt(times)) times all units.
     */
    final class Sequence {
        private final Tensor w;
        private final Tensor b;
        private final Shape batch;
        private final @Nullable Tensor extra;
        private final int chunk;
        private final List<Tensor> recent = new ArrayList<>();
        private final List<Tensor> passed = new ArrayList<>();
        private @Nullable Tensor known;
        private @Nullable Tensor base;
        private @Nullable Tensor block;
        private int start;
        private int end;

        private Sequence(Tensor w, Tensor b, Shape batch, @Nullable Tensor extra, int chunk) {
            this.w = w;
            this.b = b;
            this.batch = batch;
            this.extra = extra;
            this.chunk = chunk;
        }

        /**
         * The outputs of one time.
         *
         * @param time times from 0 on, each once
         * @param units the inputs of that time [n, batch]; null if there are none
         * @return [m, batch]; null if there are none
         */
        @Nullable
        Tensor next(int time, @Nullable Tensor units) {
            if (time >= end) {
                open(time);
            }
            if (units != null) {
                recent.add(units.reshape(units.shape().dim(0), batch.size()));
            }
            int from = countBefore(out, time);
            int to = countBefore(out, time + 1);
            if (from == to) {
                return null;
            }
            int first = countBefore(out, start);
            Tensor y = java.util.Objects.requireNonNull(base).slice(0, from - first, to - first);
            if (!recent.isEmpty()) {
                int n = countBefore(in, time + 1) - countBefore(in, start);
                Tensor rows = java.util.Objects.requireNonNull(block)
                        .slice(0, from - first, to - first)
                        .slice(1, 0, n);
                y = y.add(product(rows, recent));
            }
            return y.broadcastTo(Shape.of(to - from).concat(batch));
        }

        /** What all units before a chunk give to its outputs. */
        private void open(int time) {
            passed.addAll(recent);
            recent.clear();
            if (!passed.isEmpty()) {
                known = join(passed);
                passed.clear();
                passed.add(known);
            }
            start = time;
            end = time + chunk;
            int from = countBefore(out, start);
            int to = countBefore(out, end);
            int n = countBefore(in, start);
            Tensor rows = w.slice(0, from, to);
            Tensor sum = column(b.slice(0, from, to), batch);
            if (extra != null) {
                sum = sum.add(extra.slice(0, from, to));
            }
            if (known != null && to > from) {
                sum = sum.add(product(rows.slice(1, 0, n), passed));
            }
            base = sum;
            block = rows.slice(1, n, countBefore(in, end));
        }

        private Tensor product(Tensor rows, List<Tensor> units) {
            return rows.matmul(join(units))
                    .reshape(Shape.of(rows.shape().dim(0)).concat(batch));
        }

        private static Tensor join(List<Tensor> parts) {
            return parts.size() == 1 ? parts.get(0) : Tensors.concat(0, parts.toArray(Tensor[]::new));
        }
    }
}
