package org.amortis.backend;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.ScanOp;

/** Runs the body of a loop step by step; its kernels may use all workers, the loop itself runs on the caller. */
final class LoopKernel implements Kernel {
    private final ScanOp op;
    private final Runnable[] body;
    private final Range step;
    private final Range[] carries;
    private final Range[] initial;
    private final Range[] next;
    private final Range[] finals;
    private final Range[] sequences;
    private final Range[] slices;
    private final Range[] outputs;
    private final Range[] stacked;
    private final int doneAt;
    private final int[] doneArray;
    private final long cost;

    /** A bound view. */
    private static final class Range {
        final Object array;
        final int offset;
        final int slots;

        Range(Memory memory, View v) {
            this.array = memory.array(v);
            this.offset = memory.offset(v);
            this.slots = v.slots();
        }

        void copyTo(Range to) {
            System.arraycopy(array, offset, to.array, to.offset, slots);
        }
    }

    LoopKernel(Instruction.Loop l, Memory memory, Kernel[] body, Function<Kernel, Runnable> inBody) {
        this.op = l.op();
        this.body = Arrays.stream(body).map(inBody).toArray(Runnable[]::new);
        this.step = new Range(memory, l.step());
        int c = l.carries().size();
        int s = l.slices().size();
        List<View> results = l.body().results();
        this.carries = ranges(memory, l.carries());
        this.initial = ranges(memory, l.in().subList(0, c));
        this.sequences = ranges(memory, l.in().subList(c, c + s));
        this.slices = ranges(memory, l.slices());
        this.next = ranges(memory, results.subList(0, c));
        int outs = op.outputs().size();
        this.outputs = ranges(memory, results.subList(c, c + outs));
        this.finals = ranges(memory, l.out().subList(0, c));
        this.stacked = ranges(memory, l.out().subList(c, c + outs));
        if (op.done() != null) {
            View d = results.get(c + outs);
            this.doneArray = (int[]) memory.array(d);
            this.doneAt = memory.offset(d);
        } else {
            this.doneArray = new int[1];
            this.doneAt = 0;
        }
        long sum = 0;
        for (Kernel k : body) {
            sum += k.cost();
        }
        this.cost = sum * op.steps();
    }

    private static Range[] ranges(Memory memory, List<View> views) {
        Range[] r = new Range[views.size()];
        for (int i = 0; i < r.length; i++) {
            r[i] = new Range(memory, views.get(i));
        }
        return r;
    }

    @Override
    public int parts() {
        return 1;
    }

    @Override
    public void run(int from, int to, int worker) {
        for (int i = 0; i < carries.length; i++) {
            initial[i].copyTo(carries[i]);
        }
        int steps = op.steps();
        int[] counter = (int[]) step.array;
        for (int k = 0; k < steps; k++) {
            int t = op.reverse() ? steps - 1 - k : k;
            counter[step.offset] = t;
            for (int i = 0; i < slices.length; i++) {
                int n = slices[i].slots;
                System.arraycopy(sequences[i].array, sequences[i].offset + t * n, slices[i].array, slices[i].offset, n);
            }
            for (Runnable b : body) {
                b.run();
            }
            boolean stop = doneArray[doneAt] != 0;
            int end = stop ? steps : k + 1;
            for (int j = k; j < end; j++) {
                int at = op.reverse() ? steps - 1 - j : j;
                for (int i = 0; i < outputs.length; i++) {
                    int n = outputs[i].slots;
                    System.arraycopy(
                            outputs[i].array, outputs[i].offset, stacked[i].array, stacked[i].offset + at * n, n);
                }
            }
            for (int i = 0; i < carries.length; i++) {
                next[i].copyTo(carries[i]);
            }
            if (stop) {
                break;
            }
        }
        for (int i = 0; i < carries.length; i++) {
            carries[i].copyTo(finals[i]);
        }
    }

    @Override
    public long cost() {
        return cost;
    }
}
