package org.amortis.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.array.Shape;
import org.amortis.tensor.Axes;
import org.amortis.tensor.Node;
import org.amortis.tensor.ScanOp;
import org.amortis.tensor.Tensor;

/** An instruction while the plan is made. Its id is its place in the order. */
sealed interface Draft {
    /** Place in the order. */
    int id();

    /** Node that names it. */
    Node origin();

    /** The same at another place in the order. */
    Draft renumbered(int id);

    /** What it reads. */
    List<Buffer> reads();

    /** What it writes. */
    List<Buffer> writes();

    /** An operation as it stands. */
    record Compute(int id, Node origin, List<Buffer> reads, List<Buffer> writes) implements Draft {
        @Override
        public Draft renumbered(int to) {
            return new Compute(to, origin, reads, writes);
        }
    }

    /** A product added to a sum that nobody else reads. */
    record Accumulate(int id, Node origin, Buffer a, Buffer b, Buffer to) implements Draft {
        @Override
        public Draft renumbered(int at) {
            return new Accumulate(at, origin, a, b, to);
        }

        @Override
        public List<Buffer> reads() {
            return List.of(a, b, to);
        }

        @Override
        public List<Buffer> writes() {
            return List.of(to);
        }
    }

    /** A copy of a range. */
    record Copy(int id, Node origin, Buffer from, Buffer to) implements Draft {
        @Override
        public Draft renumbered(int at) {
            return new Copy(at, origin, from, to);
        }

        @Override
        public List<Buffer> reads() {
            return List.of(from);
        }

        @Override
        public List<Buffer> writes() {
            return List.of(to);
        }
    }

    /** One number in a whole range. */
    record Fill(int id, Node origin, double value, Buffer to) implements Draft {
        @Override
        public Draft renumbered(int at) {
            return new Fill(at, origin, value, to);
        }

        @Override
        public List<Buffer> reads() {
            return List.of();
        }

        @Override
        public List<Buffer> writes() {
            return List.of(to);
        }
    }

    /** Joins along an axis; operands that were computed in place need no copy. */
    record Concat(int id, Node origin, List<Buffer> reads, Buffer to) implements Draft {
        @Override
        public Draft renumbered(int at) {
            return new Concat(at, origin, reads, to);
        }

        @Override
        public List<Buffer> writes() {
            return List.of(to);
        }
    }

    /** A loop with its planned body. */
    record Loop(
            int id,
            Node origin,
            ScanOp op,
            List<Buffer> operands,
            List<Buffer> writes,
            Lowering body,
            Buffer step,
            List<Buffer> carries,
            List<Buffer> slices,
            List<Buffer> results,
            List<Buffer> scratch)
            implements Draft {
        @Override
        public Draft renumbered(int to) {
            return new Loop(to, origin, op, operands, writes, body, step, carries, slices, results, scratch);
        }

        @Override
        public List<Buffer> reads() {
            List<Buffer> r = new ArrayList<>(operands);
            r.addAll(scratch);
            return r;
        }
    }

    /** A fused group under construction. */
    final class Group implements Draft {
        /** More micro operations than this start a new group: registers are tiles in L1. */
        static final int LIMIT = 48;

        private int id;
        final Shape shape;
        final List<Node> nodes = new ArrayList<>();
        final Map<Input, Integer> inputs = new LinkedHashMap<>();
        final Map<Tensor, Input> resolved = new HashMap<>();
        final Set<Tensor> members = new HashSet<>();
        final Map<Tensor, Buffer> outputs = new LinkedHashMap<>();
        final Map<Tensor, Sum> sums = new LinkedHashMap<>();

        /** Sums of the rows of a member, all of one length in a group. */
        record Sum(Tensor member, Buffer to) {}

        /** A strided read. */
        record Input(Buffer buffer, Axes strides) {}

        Group(int id, Shape shape) {
            this.id = id;
            this.shape = shape;
        }

        @Override
        public int id() {
            return id;
        }

        @Override
        public Node origin() {
            return nodes.get(nodes.size() - 1);
        }

        @Override
        public List<Buffer> reads() {
            List<Buffer> r = new ArrayList<>();
            inputs.keySet().forEach(i -> r.add(i.buffer()));
            return r;
        }

        @Override
        public List<Buffer> writes() {
            List<Buffer> r = new ArrayList<>(outputs.values());
            sums.values().forEach(s -> r.add(s.to()));
            return r;
        }

        @Override
        public Group renumbered(int newId) {
            id = newId;
            return this;
        }

        /** Whether somebody reads its values already. */
        boolean read() {
            return !outputs.isEmpty() || !sums.isEmpty();
        }

        boolean full() {
            return nodes.size() >= LIMIT;
        }
    }
}
