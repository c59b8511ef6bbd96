package org.amortis.tensor;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.Shape;

/**
 * A loop as a loop over chunks of its steps, with a shorter last chunk. The gradient of the outer loop stores carries
 * at the start of each chunk and its body runs the chunk again.
 */
final class ScanChunks {
    private final ScanOp op;
    private final Node plain;
    private final int size;
    private final int carries;
    private final int slices;

    private ScanChunks(Node plain, ScanOp op, int size) {
        this.plain = plain;
        this.op = op;
        this.size = size;
        this.carries = op.carryVariables().size();
        this.slices = op.sequenceVariables().size();
    }

    /** Final carries and stacked outputs of a loop, run in chunks. */
    static List<Tensor> run(Node plain, ScanOp op, int size) {
        return new ScanChunks(plain, op, size).run();
    }

    private List<Tensor> run() {
        int whole = op.steps() / size * size;
        List<Tensor> now = plain.operands().subList(0, carries);
        List<List<Tensor>> parts = new ArrayList<>();
        boolean tail = whole < op.steps();
        if (tail && op.reverse()) {
            now = take(parts, inner(now, range(whole, op.steps()), captured(), whole, op.steps() - whole));
        }
        now = take(parts, chunks(now, whole));
        if (tail && !op.reverse()) {
            now = take(parts, inner(now, range(whole, op.steps()), captured(), whole, op.steps() - whole));
        }
        List<Tensor> r = new ArrayList<>(now);
        for (int i = 0; i < op.outputs().size(); i++) {
            List<Tensor> y = new ArrayList<>();
            for (List<Tensor> part : op.reverse() ? parts.reversed() : parts) {
                y.add(part.get(i));
            }
            r.add(Tensors.concat(0, y.toArray(Tensor[]::new)));
        }
        return r;
    }

    private List<Tensor> take(List<List<Tensor>> parts, List<Tensor> results) {
        parts.add(results.subList(carries, carries + op.outputs().size()));
        return results.subList(0, carries);
    }

    private List<Tensor> range(int from, int to) {
        List<Tensor> r = new ArrayList<>();
        for (int i = 0; i < slices; i++) {
            r.add(plain.operand(carries + i).slice(0, from, to));
        }
        return r;
    }

    private List<Tensor> captured() {
        return plain.operands().subList(carries + slices, plain.arity());
    }

    private List<Tensor> chunks(List<Tensor> init, int whole) {
        LoopBuilder b = new LoopBuilder(whole / size, op.reverse());
        List<Tensor> now = new ArrayList<>();
        for (Tensor t : init) {
            now.add(b.carry(t));
        }
        List<Tensor> xs = new ArrayList<>();
        for (Tensor t : range(0, whole)) {
            xs.add(b.sequence(t.reshape(split(t.shape(), whole / size, size))));
        }
        List<Tensor> captured = new ArrayList<>();
        for (Tensor t : captured()) {
            captured.add(b.capture(t));
        }
        int o = op.outputs().size();
        Node node = b.within(() -> {
            Tensor first = b.step().mul(size);
            List<Tensor> r = inner(now, xs, captured, first, size);
            // a chunk that starts finished runs one step; stopping here too would repeat the outputs of a whole chunk
            return b.finish(r.subList(0, carries), r.subList(carries, carries + o), null);
        });
        List<Tensor> r = new ArrayList<>();
        for (int i = 0; i < carries + o; i++) {
            Tensor t = node.result(i);
            r.add(i < carries ? t : t.reshape(joined(t.shape(), whole)));
        }
        return r;
    }

    private static Shape split(Shape s, int outer, int inner) {
        return Shape.of(outer, inner).concat(s.slice(1, s.rank()));
    }

    private static Shape joined(Shape s, int steps) {
        return Shape.of(steps).concat(s.slice(2, s.rank()));
    }

    private List<Tensor> inner(List<Tensor> init, List<Tensor> stacks, List<Tensor> captures, int first, int steps) {
        return inner(
                init, stacks, captures, Tensors.fill(first, op.stepVariable().dtype(), Shape.SCALAR), steps);
    }

    /** Some steps of the loop from a first one on: final carries and outputs. */
    private List<Tensor> inner(List<Tensor> init, List<Tensor> stacks, List<Tensor> captures, Tensor first, int steps) {
        LoopBuilder b = new LoopBuilder(steps, op.reverse());
        List<Tensor> now = new ArrayList<>();
        for (Tensor t : init) {
            now.add(b.carry(t));
        }
        List<Tensor> xs = new ArrayList<>();
        for (Tensor t : stacks) {
            xs.add(b.sequence(t));
        }
        List<Tensor> captured = new ArrayList<>();
        for (Tensor t : captures) {
            captured.add(b.capture(t));
        }
        Node node = b.within(() -> {
            List<Tensor> r = op.instantiate(op.bodyResults(), first.add(b.step()), now, xs, captured);
            Tensor done = op.done() == null ? null : r.getLast();
            return b.finish(
                    r.subList(0, carries),
                    r.subList(carries, carries + op.outputs().size()),
                    done);
        });
        List<Tensor> r = new ArrayList<>();
        for (int i = 0; i < node.resultCount(); i++) {
            r.add(node.result(i));
        }
        return r;
    }
}
