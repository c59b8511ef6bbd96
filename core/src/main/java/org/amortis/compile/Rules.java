package org.amortis.compile;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.tensor.Axes;
import org.amortis.tensor.Binary;
import org.amortis.tensor.Cast;
import org.amortis.tensor.ContractOp;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.IndexOp;
import org.amortis.tensor.LayoutOp;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.RandomOp;
import org.amortis.tensor.ReduceOp;
import org.amortis.tensor.RefArray;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.tensor.Unary;
import org.amortis.tensor.Where;
import org.jspecify.annotations.Nullable;

/** Local rewrites, each exact up to rounding and each towards a smaller formula. */
final class Rules {
    /** Constants are folded up to this many bytes. */
    private static final long FOLD_LIMIT = 64 * 1024;

    private Rules() {}

    /** What stands for the one result of a node, or null if no rule applies. */
    static @Nullable Tensor apply(Node n) {
        Tensor y = n.result(0);
        return switch (n.op()) {
            case LayoutOp.Identity i -> n.operand(0);
            case LeafOp.Iota i when i.type().shape().rank() > 1 -> iota(i);
            case LayoutOp op -> layout(op, n, y);
            case ElementwiseOp op -> elementwise(op, n, y);
            case ContractOp.MatMul op -> matmul(op, n);
            case ReduceOp.Reduction r
            when r.kind() == ReduceOp.Kind.SUM
                    && fill(n.operand(0)) instanceof LeafOp.Fill f
                    && y.dtype().isFloat() ->
                filled(
                        f.value()
                                * (n.operand(0).shape().size()
                                        / (double) Math.max(1, y.shape().size())),
                        y);
            case RandomOp.Draw d -> null;
            case ReduceOp.Reduction r
            when n.operand(0).shape().size() == y.shape().size() && y.shape().size() > 0 ->
                n.rewrite(new LayoutOp.Reshape(y.shape()), n.operand(0)).result(0);
            case ReduceOp op -> fold(n, y);
            case IndexOp op -> fold(n, y);
            case RandomOp op -> fold(n, y);
            default -> null;
        };
    }

    /** A count along one axis, repeated along the others: what is stored is one axis long. */
    private static Tensor iota(LeafOp.Iota i) {
        Shape s = i.type().shape();
        int n = s.dim(i.axis());
        int[] ones = new int[s.rank()];
        java.util.Arrays.fill(ones, 1);
        ones[i.axis()] = n;
        Tensor count = Tensors.iota(Shape.of(n), 0);
        Tensor column = Node.of(new LayoutOp.Reshape(Shape.of(ones)), count).result(0);
        return Node.of(new LayoutOp.Broadcast(s), column).result(0);
    }

    private static LeafOp.@Nullable Fill fill(Tensor t) {
        return t.node().op() instanceof LeafOp.Fill f ? f : null;
    }

    private static Tensor filled(double value, Tensor like) {
        return Node.of(new LeafOp.Fill(value, like.type())).result(0);
    }

    private static @Nullable Tensor layout(LayoutOp op, Node n, Tensor y) {
        Tensor x = n.arity() == 0 ? y : n.operand(0);
        LeafOp.Fill f = n.arity() == 1 ? fill(x) : null;
        if (f != null && !(op instanceof LayoutOp.Pad && f.value() != 0)) {
            return filled(f.value(), y);
        }
        Node below = n.arity() == 1 ? x.node() : n;
        return switch (op) {
            case LayoutOp.Reshape r when x.shape().equals(r.shape()) -> x;
            case LayoutOp.Reshape r
            when below != n && below.op() instanceof LayoutOp.Reshape ->
                n.rewrite(r, below.operand(0)).result(0);
            case LayoutOp.Broadcast b when x.shape().equals(b.shape()) -> x;
            case LayoutOp.Broadcast b
            when below != n && below.op() instanceof LayoutOp.Broadcast ->
                n.rewrite(b, below.operand(0)).result(0);
            case LayoutOp.Transpose t when isIdentity(t.permutation()) -> x;
            case LayoutOp.Transpose t
            when below != n && below.op() instanceof LayoutOp.Transpose u -> {
                int[] p = new int[t.permutation().count()];
                for (int i = 0; i < p.length; i++) {
                    p[i] = u.permutation().get(t.permutation().get(i));
                }
                yield n.rewrite(new LayoutOp.Transpose(Axes.of(p)), below.operand(0))
                        .result(0);
            }
            case LayoutOp.Concat c when n.arity() == 1 -> x;
            default -> fold(n, y);
        };
    }

    private static boolean isIdentity(Axes p) {
        for (int i = 0; i < p.count(); i++) {
            if (p.get(i) != i) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Tensor elementwise(ElementwiseOp op, Node n, Tensor y) {
        boolean all = true;
        double[] v = new double[3];
        for (int i = 0; i < n.arity(); i++) {
            LeafOp.Fill f = fill(n.operand(i));
            all &= f != null;
            v[i] = f == null ? 0 : f.value();
        }
        if (all) {
            if (y.dtype() == DType.I32 && op instanceof Binary b) {
                return b == Binary.DIV && v[1] == 0 ? null : filled(b.applyInt((int) v[0], (int) v[1]), y);
            }
            double r = op.apply(v[0], v[1], v[2]);
            return filled(y.dtype() == DType.I32 ? (int) (long) r : r, y);
        }
        Tensor a = n.operand(0);
        if (op instanceof Binary bin) {
            Tensor b = n.operand(1);
            LeafOp.Fill fa = fill(a);
            LeafOp.Fill fb = fill(b);
            boolean keepsA = a.shape().equals(y.shape());
            boolean keepsB = b.shape().equals(y.shape());
            if (fb != null && keepsA && isNeutralRight(bin, fb.value())) {
                return a;
            }
            if (fa != null
                    && keepsB
                    && ((bin == Binary.ADD && fa.value() == 0) || (bin == Binary.MUL && fa.value() == 1))) {
                return b;
            }
        }
        if (op == Unary.NEG && a.node().op() == Unary.NEG) {
            return a.node().operand(0);
        }
        if (op == Unary.LOG && a.node().op() == Unary.EXP) {
            return a.node().operand(0);
        }
        if (op instanceof Cast c && a.dtype() == c.to()) {
            return a;
        }
        if (op == Where.WHERE && fill(a) instanceof LeafOp.Fill c) {
            Tensor chosen = n.operand(c.value() != 0 ? 1 : 2);
            return chosen.shape().equals(y.shape())
                    ? chosen
                    : n.rewrite(new LayoutOp.Broadcast(y.shape()), chosen).result(0);
        }
        return fold(n, y);
    }

    private static boolean isNeutralRight(Binary op, double v) {
        return switch (op) {
            case ADD, SUB -> v == 0;
            case MUL, DIV, POW -> v == 1;
            case MIN, MAX -> false;
        };
    }

    /** Transposes of the last two axes become flags of the product. */
    private static @Nullable Tensor matmul(ContractOp.MatMul op, Node n) {
        Tensor a = untransposed(n.operand(0));
        Tensor b = untransposed(n.operand(1));
        if (a == n.operand(0) && b == n.operand(1)) {
            return null;
        }
        boolean ta = op.transposeA() ^ (a != n.operand(0));
        boolean tb = op.transposeB() ^ (b != n.operand(1));
        return n.rewrite(new ContractOp.MatMul(ta, tb), a, b).result(0);
    }

    private static Tensor untransposed(Tensor t) {
        if (t.node().op() instanceof LayoutOp.Transpose p) {
            int r = p.permutation().count();
            boolean last = r >= 2
                    && p.permutation().get(r - 1) == r - 2
                    && p.permutation().get(r - 2) == r - 1;
            for (int i = 0; last && i < r - 2; i++) {
                last = p.permutation().get(i) == i;
            }
            if (last) {
                return t.node().operand(0);
            }
        }
        return t;
    }

    /** Evaluates a node of small constants. Iota and fills alone are cheaper recomputed than stored, unless tiny. */
    private static @Nullable Tensor fold(Node n, Tensor y) {
        boolean constant = n.arity() > 0;
        boolean data = false;
        for (int i = 0; i < n.arity() && constant; i++) {
            constant = n.operand(i).node().op() instanceof LeafOp leaf
                    && (leaf instanceof LeafOp.Constant || leaf instanceof LeafOp.Fill || leaf instanceof LeafOp.Iota);
            data |= n.operand(i).node().op() instanceof LeafOp.Constant;
            // a fill of any size is one number in the formula, but evaluating it here would write it out
            constant &= n.operand(i).shape().size() <= FOLD_LIMIT;
        }
        long bytes = (long) y.shape().size() * y.dtype().bytes();
        if (!constant || bytes > (data ? FOLD_LIMIT : 4096)) {
            return null;
        }
        RefArray[] in = new RefArray[n.arity()];
        for (int i = 0; i < in.length; i++) {
            in[i] = value((LeafOp) n.operand(i).node().op());
        }
        RefArray[] out = {RefArray.zeros(y.type())};
        n.op().reference(in, out);
        return Node.of(new LeafOp.Constant(out[0].toHost())).result(0);
    }

    /** The numbers of a leaf that is known at compile time. */
    static RefArray value(LeafOp leaf) {
        RefArray[] r = {RefArray.zeros(leaf.type())};
        leaf.reference(new RefArray[0], r);
        return r[0];
    }

    /** The numbers of a leaf that is known at compile time, as a host array. */
    static HostArray hostValue(LeafOp leaf) {
        return leaf instanceof LeafOp.Constant c ? c.data() : value(leaf).toHost();
    }

    /** Strides of a tensor along a broadcast shape: 0 where it is repeated. */
    static int[] broadcastStrides(Shape operand, int[] own, Shape result) {
        int[] s = new int[result.rank()];
        int lead = result.rank() - operand.rank();
        for (int a = lead; a < s.length; a++) {
            s[a] = operand.dim(a - lead) == 1 ? 0 : own[a - lead];
        }
        return s;
    }
}
