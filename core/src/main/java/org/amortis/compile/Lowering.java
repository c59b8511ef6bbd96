package org.amortis.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.Axes;
import org.amortis.tensor.Binary;
import org.amortis.tensor.ContractOp;
import org.amortis.tensor.ConvOp;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.LayoutOp;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.ReduceOp;
import org.amortis.tensor.ScanOp;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Turns simplified formulas into instructions over buffers. Reshapes and contiguous slices are ranges of their operand;
 * broadcasts and transposes are strides of a fused read and become instructions only where something else reads them;
 * elementwise nodes join groups. A node joins a group only if every operand comes from an instruction that is not later
 * in the order, so groups never form a cycle.
 */
final class Lowering {
    private final Registry registry;
    private final Map<Tensor, Buffer> windows = new HashMap<>();
    private final Map<Tensor, Buffer> buffers = new HashMap<>();
    private final Map<Tensor, Draft.Group> groupOf = new HashMap<>();
    private final Map<Buffer, Integer> producer = new HashMap<>();
    private final Map<Shape, Draft.Group> latest = new HashMap<>();
    private final List<Draft> drafts = new ArrayList<>();
    private final Set<Draft> absorbed = new HashSet<>();
    private final Map<Tensor, Integer> uses = new HashMap<>();
    private final Map<Tensor, Draft> products = new HashMap<>();
    private int ids;
    private int nodes;
    private long flops;

    Lowering(Registry registry) {
        this.registry = registry;
    }

    /** The instructions in order, numbered by their place. */
    List<Draft> drafts() {
        drafts.removeAll(absorbed);
        absorbed.clear();
        drafts.sort(java.util.Comparator.comparingInt(Draft::id));
        for (int i = 0; i < drafts.size(); i++) {
            drafts.set(i, drafts.get(i).renumbered(i));
        }
        ids = drafts.size();
        return drafts;
    }

    Registry registry() {
        return registry;
    }

    int nodes() {
        return nodes;
    }

    long flops() {
        return flops;
    }

    /** Binds a loop variable of a body to its memory. */
    void bind(Tensor variable, Buffer buffer) {
        buffers.put(variable, buffer);
    }

    /** Lowers everything the roots need. Their memory is had by {@link #need}. */
    void lower(List<Tensor> roots) {
        List<Node> order = Graphs.topological(roots);
        roots.forEach(t -> uses.merge(t, 1, Integer::sum));
        for (Node n : order) {
            n.operands().forEach(t -> uses.merge(t, 1, Integer::sum));
        }
        for (Node n : order) {
            nodes++;
            switch (n.op()) {
                case LeafOp leaf -> leaf(n, leaf);
                case ElementwiseOp op -> elementwise(n);
                case LayoutOp.Reshape r -> need(n.result(0));
                case LayoutOp.After a -> need(n.result(0));
                case LayoutOp.Slice s -> {
                    if (!StridedRead.inPlace(s, n.operand(0).shape())) {
                        need(n.result(0));
                    }
                }
                case LayoutOp.Broadcast b -> {}
                case LayoutOp.Transpose t -> {}
                case LayoutOp.Concat c -> concat(n);
                case ScanOp s -> loop(n, s);
                case ReduceOp.Reduction r -> reduction(n, r);
                default -> compute(n);
            }
            if (n.op() instanceof ContractOp.MatMul m) {
                int k = n.operand(0).shape().dim(m.transposeA() ? -2 : -1);
                flops += 2L * n.result(0).shape().size() * k;
            } else if (n.op() instanceof ConvOp c) {
                flops += c.flops(n);
            }
        }
    }

    private void leaf(Node n, LeafOp leaf) {
        Tensor t = n.result(0);
        switch (leaf) {
            case LeafOp.Input i -> buffers.put(t, registry.input(i));
            case LeafOp.StateValue s -> buffers.put(t, registry.state(s.state()));
            case LeafOp.Resident r -> buffers.put(t, registry.resident(r.data()));
            case LeafOp.LoopVariable v -> {
                if (!buffers.containsKey(t)) {
                    throw new PlanException("variable " + v.label()
                            + " of a loop is used outside its loop; return it from the body instead");
                }
            }
            case LeafOp.Constant c -> {}
            case LeafOp.Fill f -> {}
            case LeafOp.Iota i -> {}
        }
    }

    private int nextId() {
        return ids++;
    }

    private Buffer fresh(Tensor t) {
        Buffer b = Buffer.slab(t.type());
        buffers.put(t, b);
        return b;
    }

    private void produced(Buffer b, int id) {
        producer.put(b.root(), id);
    }

    /** The contiguous memory of a tensor, made on demand for what is lazy. */
    Buffer need(Tensor t) {
        Buffer known = buffers.get(t);
        if (known != null) {
            return known;
        }
        Draft.Group g = groupOf.get(t);
        if (g != null) {
            Buffer b = fresh(t);
            g.outputs.put(t, b);
            produced(b, g.id());
            return b;
        }
        Node n = t.node();
        switch (n.op()) {
            case LeafOp.Fill f
            when (long) t.shape().size() * t.dtype().bytes() > Tensors.CONSTANT_LIMIT -> {
                // too large to keep: written where it is needed
                int id = nextId();
                Buffer b = fresh(t);
                drafts.add(new Draft.Fill(id, n, f.value(), b));
                produced(b, id);
                return b;
            }
            case LeafOp leaf -> {
                Buffer b = registry.constant(t, leaf);
                buffers.put(t, b);
                return b;
            }
            case LayoutOp.Reshape r -> {
                Buffer b = Buffer.range(need(n.operand(0)), 0, t.type());
                buffers.put(t, b);
                return b;
            }
            case LayoutOp.After a -> {
                need(n.operand(1));
                Buffer b = Buffer.range(need(n.operand(0)), 0, t.type());
                buffers.put(t, b);
                return b;
            }
            case LayoutOp.Slice s -> {
                int at = StridedRead.contiguousOffset(s, n.operand(0).shape());
                if (at >= 0) {
                    Buffer b = Buffer.range(need(n.operand(0)), at * t.dtype().slots(), t.type());
                    buffers.put(t, b);
                    return b;
                }
                compute(n);
            }
            default -> compute(n);
        }
        return java.util.Objects.requireNonNull(buffers.get(t));
    }

    private void compute(Node n) {
        List<Buffer> in = new ArrayList<>();
        for (Tensor t : n.operands()) {
            in.add(need(t));
        }
        List<Buffer> out = new ArrayList<>();
        int id = nextId();
        for (int i = 0; i < n.resultCount(); i++) {
            Buffer b = fresh(n.result(i));
            out.add(b);
            produced(b, id);
        }
        Draft d = new Draft.Compute(id, n, in, out);
        drafts.add(d);
        if (n.op() instanceof ContractOp.MatMul) {
            products.put(n.result(0), d);
        }
    }

    /** Sums over trailing axes of what a group computes are taken while its tiles are in cache. */
    private void reduction(Node n, ReduceOp.Reduction r) {
        Tensor x = n.operand(0);
        Tensor y = n.result(0);
        Draft.Group g = groupOf.get(x);
        int first = x.shape().rank() - r.axes().count();
        boolean trailing = r.kind() == ReduceOp.Kind.SUM
                && x.dtype().isFloat()
                && x.shape().size() > 0;
        for (int i = 0; i < r.axes().count(); i++) {
            trailing &= r.axes().get(i) == first + i;
        }
        if (g == null || !trailing || !g.shape.equals(x.shape())) {
            compute(n);
            return;
        }
        for (Draft.Group.Sum other : g.sums.values()) {
            if (other.to().type.shape().size() != y.shape().size()) {
                compute(n);
                return;
            }
        }
        Buffer b = fresh(y);
        g.sums.put(y, new Draft.Group.Sum(x, b));
        produced(b, g.id());
    }

    /** Contiguous parts that nobody else places are computed where they belong. */
    private void concat(Node n) {
        int axis = ((LayoutOp.Concat) n.op()).axis();
        Tensor y = n.result(0);
        if (y.shape().product(0, axis) != 1 || y.dtype() == DType.KEY) {
            compute(n);
            return;
        }
        Buffer to = fresh(y);
        List<Buffer> parts = new ArrayList<>();
        int at = 0;
        for (Tensor t : n.operands()) {
            Buffer b = need(t);
            Buffer r = b.root();
            if (r.isSlab() && !r.pinned && r.slots() == b.slots() && producer.containsKey(r) && r.slots() > 0) {
                r.parent = to;
                r.parentOffset = at;
            }
            parts.add(b);
            at += t.shape().size();
        }
        int id = nextId();
        drafts.add(new Draft.Concat(id, n, parts, to));
        produced(to, id);
    }

    /**
     * Adds a product to a sum that is read by nothing else, where the sum lies: cotangents of a weight that is used at
     * several places. True if the node was such an addition.
     */
    private boolean accumulate(Node n) {
        if (n.op() != Binary.ADD) {
            return false;
        }
        for (int side = 1; side >= 0; side--) {
            Tensor product = n.operand(side);
            Tensor sum = n.operand(1 - side);
            Buffer to = buffers.get(sum);
            Draft own = products.get(product);
            if (own instanceof Draft.Compute c
                    && c.reads().size() == 2
                    && to != null
                    && product != sum
                    && product.shape().equals(sum.shape())
                    && usedOnce(product)
                    && usedOnce(sum)
                    && groupOf.get(sum) == null
                    && to.parent == null
                    && to.isSlab()
                    && !to.pinned
                    && producer.containsKey(to)) {
                absorbed.add(own);
                int id = nextId();
                Node p = product.node();
                drafts.add(new Draft.Accumulate(id, p, need(p.operand(0)), need(p.operand(1)), to));
                buffers.put(n.result(0), to);
                produced(to, id);
                return true;
            }
        }
        return false;
    }

    private boolean usedOnce(Tensor t) {
        return uses.getOrDefault(t, 0) == 1;
    }

    /**
     * Adds a row to each row of a product where the product is written: the bias of a layer. True if the node was such an
     * addition of a product that nothing else reads.
     */
    private boolean bias(Node n) {
        if (n.op() != Binary.ADD) {
            return false;
        }
        for (int side = 0; side < 2; side++) {
            Tensor product = n.operand(side);
            Tensor row = n.operand(1 - side);
            Buffer to = buffers.get(product);
            Draft own = products.get(product);
            Shape s = product.shape();
            if (own instanceof Draft.Compute c
                    && to != null
                    && c.reads().size() == 2
                    && product != row
                    && usedOnce(product)
                    && s.equals(n.result(0).shape())
                    && s.size() > 0
                    && row.shape().size() == s.dim(-1)
                    && row.shape().rank() > 0
                    && row.shape().dim(-1) == s.dim(-1)
                    && to.parent == null
                    && !lazy(row)
                    && groupOf.get(row) == null
                    && afterProducer(row) <= own.id()) {
                absorbed.add(own);
                List<Buffer> reads = new ArrayList<>(c.reads());
                reads.add(need(row));
                Draft biased = new Draft.Compute(own.id(), c.origin(), reads, c.writes());
                drafts.add(biased);
                products.put(n.result(0), biased);
                buffers.put(n.result(0), to);
                return true;
            }
        }
        return false;
    }

    private void elementwise(Node n) {
        if (accumulate(n) || bias(n)) {
            return;
        }
        Tensor y = n.result(0);
        int earliest = 0;
        Draft.@Nullable Group join = null;
        for (Tensor t : n.operands()) {
            Draft.Group g = groupOf.get(t);
            if (g != null && t.shape().equals(y.shape())) {
                earliest = Math.max(earliest, g.id());
                if (g.id() == earliest && g.shape.equals(y.shape())) {
                    join = g;
                }
            } else {
                earliest = Math.max(earliest, afterProducer(t));
            }
        }
        if (join == null || !joinable(n, join, earliest)) {
            join = latest.get(y.shape());
        }
        boolean related = false;
        if (join != null && joinable(n, join, earliest)) {
            for (Tensor t : n.operands()) {
                related |= join.members.contains(t) || join.resolved.containsKey(t);
            }
        }
        if (join == null || !related) {
            join = null;
        }
        if (join != null) {
            for (Tensor t : n.operands()) {
                Draft.Group g = groupOf.get(t);
                if (g != null && g != join && g.shape.equals(join.shape) && g.id() < join.id() && !readsAcross(n, g)) {
                    absorb(g, join);
                }
            }
        }
        // demand lazy operands before the group takes its place in the order
        for (Tensor t : n.operands()) {
            if (join == null || !join.members.contains(t)) {
                settle(t);
            }
        }
        if (join == null) {
            join = new Draft.Group(nextId(), y.shape());
            drafts.add(join);
            latest.put(y.shape(), join);
        } else if (join.id() < earliest) {
            join.renumbered(nextId());
        }
        for (Tensor t : n.operands()) {
            if (!join.members.contains(t) && !(t.node().op() instanceof LeafOp.Fill)) {
                resolve(join, t);
            }
        }
        join.nodes.add(n);
        join.members.add(y);
        groupOf.put(y, join);
    }

    /** Moves a group that nobody reads yet to the front of a later one. */
    private void absorb(Draft.Group g, Draft.Group into) {
        if (g.read() || g.nodes.size() + into.nodes.size() >= Draft.Group.LIMIT) {
            return;
        }
        into.nodes.addAll(0, g.nodes);
        into.members.addAll(g.members);
        g.inputs.keySet().forEach(i -> into.inputs.putIfAbsent(i, into.inputs.size()));
        into.resolved.putAll(g.resolved);
        for (Node m : g.nodes) {
            groupOf.put(m.result(0), into);
        }
        g.nodes.clear();
        g.inputs.clear();
        g.members.clear();
        if (latest.get(g.shape) == g) {
            latest.put(g.shape, into);
        }
        absorbed.add(g);
    }

    /**
     * Whether a node can join a group. One whose values are read elsewhere already is closed: joining it would make it
     * keep values for later that a later group can compute again from what it reads anyway. One that nobody reads yet can
     * move behind what the node needs.
     */
    private boolean joinable(Node n, Draft.Group g, int earliest) {
        return !g.full() && !g.read() && earliest < Integer.MAX_VALUE && !readsAcross(n, g);
    }

    /** Whether a node reads a group elsewhere than at its own positions, as u + transpose(u) does: it needs all of u. */
    private boolean readsAcross(Node n, Draft.Group g) {
        for (Tensor t : n.operands()) {
            if (groupOf.get(t) != g && groupOf.get(strided(t).base()) == g) {
                return true;
            }
        }
        return false;
    }

    /** First place in the order at which an operand that is not a register can be read. */
    private int afterProducer(Tensor t) {
        StridedRead s = strided(t);
        Draft.Group g = groupOf.get(s.base());
        if (g != null) {
            return g.id() + 1;
        }
        Buffer b = buffers.get(s.base());
        if (b == null) {
            // a constant, or something that will be made at the end of the order
            return s.base().node().op() instanceof LeafOp ? 0 : Integer.MAX_VALUE;
        }
        int at = -1;
        for (Buffer x = b; x != null; x = x.parent) {
            at = Math.max(at, producer.getOrDefault(x, -1));
        }
        return at + 1;
    }

    private void settle(Tensor t) {
        if (!(t.node().op() instanceof LeafOp.Fill)) {
            need(strided(t).base());
        }
    }

    private void resolve(Draft.Group g, Tensor t) {
        if (g.resolved.containsKey(t)) {
            return;
        }
        StridedRead s = strided(t);
        int[] strides = Rules.broadcastStrides(t.shape(), s.strides(), g.shape);
        Buffer from = s.window() == null ? need(s.base()) : window(s);
        Draft.Group.Input in = new Draft.Group.Input(from, Axes.of(strides));
        g.inputs.putIfAbsent(in, g.inputs.size());
        g.resolved.put(t, in);
    }

    /** The range of a base that a slice of it reaches over, as one buffer for all who read the slice. */
    private Buffer window(StridedRead s) {
        Tensor slice = java.util.Objects.requireNonNull(s.window());
        Buffer known = windows.get(slice);
        if (known == null) {
            Buffer base = need(s.base());
            TensorType type = new TensorType(slice.dtype(), Shape.of(s.extent()));
            known = Buffer.range(base, s.offset() * slice.dtype().slots(), type);
            windows.put(slice, known);
        }
        return known;
    }

    private boolean lazy(Tensor t) {
        return StridedRead.lazy(t, buffers.keySet());
    }

    private StridedRead strided(Tensor t) {
        return StridedRead.of(t, buffers.keySet());
    }

    private void loop(Node n, ScanOp written) {
        ScanOp op = written.withBody(r -> Simplify.run(Expand.composites(r)));
        int c = op.carryVariables().size();
        int q = op.sequenceVariables().size();
        List<Buffer> operands = new ArrayList<>();
        for (Tensor t : n.operands()) {
            operands.add(need(t));
        }
        Lowering body = new Lowering(registry);
        Buffer step = variable(body, op.stepVariable());
        List<Buffer> carries = new ArrayList<>();
        List<Buffer> slices = new ArrayList<>();
        for (Tensor v : op.carryVariables()) {
            carries.add(variable(body, v));
        }
        for (Tensor v : op.sequenceVariables()) {
            slices.add(variable(body, v));
        }
        for (int i = 0; i < op.captureVariables().size(); i++) {
            body.bind(op.captureVariables().get(i), operands.get(c + q + i));
        }
        List<Tensor> roots = op.bodyResults();
        body.lower(roots);
        List<Buffer> results = body.results(roots, carries);
        flops += op.steps() * body.flops;
        nodes += body.nodes;
        List<Buffer> scratch = Planner.planBody(body, step, carries, slices, results);
        List<Buffer> out = new ArrayList<>();
        int id = nextId();
        for (int i = 0; i < n.resultCount(); i++) {
            Buffer b = fresh(n.result(i));
            out.add(b);
            produced(b, id);
        }
        drafts.add(new Draft.Loop(id, n, op, operands, out, body, step, carries, slices, results, scratch));
    }

    private static Buffer variable(Lowering body, Tensor v) {
        Buffer b = Buffer.slab(v.type());
        b.pinned = true;
        body.bind(v, b);
        return b;
    }

    /** Memory of roots, copied where it is a variable that copying others out would overwrite. */
    List<Buffer> results(List<Tensor> roots, List<Buffer> variables) {
        List<Buffer> r = new ArrayList<>();
        for (Tensor t : roots) {
            Buffer b = need(t);
            if (variables.contains(b.root())) {
                Buffer copy = Buffer.slab(t.type());
                drafts.add(new Draft.Copy(nextId(), t.node(), b, copy));
                b = copy;
            }
            r.add(b);
        }
        return r;
    }

    /** Appends a copy. */
    void copy(Node origin, Buffer from, Buffer to) {
        drafts.add(new Draft.Copy(nextId(), origin, from, to));
    }
}
