package org.amortis.cuda;

import java.util.List;
import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;
import org.amortis.tensor.Composites;
import org.amortis.tensor.LinalgOp;
import org.amortis.tensor.RowOp;
import org.amortis.tensor.SoftmaxOp;
import org.amortis.tensor.SplineForm;
import org.amortis.tensor.SplineOp;

/** Row operations: softmax and its like, normalised layers, gated units; splines; triangular systems. */
final class Rows {
    private final Addresses memory;

    Rows(Addresses memory) {
        this.memory = memory;
    }

    /** Elements of a row that a warp still takes alone. */
    private static final int WARP_ROW = 1024;

    void spline(SplineOp op, Instruction.Compute c, List<Step> steps) {
        SplineForm form = op.form();
        View value = c.in().get(0);
        long[] in = new long[4];
        for (int i = 0; i < c.in().size(); i++) {
            in[i] = memory.of(c.in().get(i));
        }
        Args a = new Args()
                .pointers(in)
                .pointers(memory.of(c.out().get(0)), memory.of(c.out().get(1)))
                .number(form.minBin())
                .number(form.minSlope())
                .number(form.softmaxScale())
                .number(form.offset())
                .ints(value.size(), value.type().shape().dim(-1), form.bins())
                .ints(
                        switch (form.ends()) {
                            case ONE -> 0;
                            case FREE -> 1;
                            case JOINED -> 2;
                        },
                        op.inverse() ? 1 : 0);
        String name = op instanceof SplineOp.Gradient ? "am_spline_gradient_" : "am_spline_";
        steps.add(new Step.Run(
                Launch.flat("spline", name + Launch.suffix(value.type().dtype()), value.size(), a)));
    }

    boolean rows(RowOp op, Instruction.Compute c, List<Step> steps) {
        View first = c.in().get(0);
        int n = op.rowLength(first.type().shape());
        if (n == 0) {
            return false;
        }
        String type = Launch.suffix(first.type().dtype());
        String name;
        double epsilon = 0;
        switch (op) {
            case SoftmaxOp.LogSumExp o -> name = "logsumexp";
            case SoftmaxOp.LogSumExpGradient o -> name = "logsumexp_gradient";
            case SoftmaxOp.Softmax o -> name = "softmax";
            case SoftmaxOp.SoftmaxGradient o -> name = "softmax_gradient";
            case SoftmaxOp.LogSoftmax o -> name = "log_softmax";
            case SoftmaxOp.LogSoftmaxGradient o -> name = "log_softmax_gradient";
            case Composites.LayerNorm o -> {
                name = "layer_norm";
                epsilon = o.epsilon();
            }
            case Composites.LayerNormGradient o -> {
                name = "layer_norm_gradient";
                epsilon = o.epsilon();
            }
            case Composites.GruCell o -> name = "gru";
            case Composites.GruCellGradient o -> name = "gru_gradient";
        }
        long[] in = new long[4];
        long[] out = new long[3];
        for (int i = 0; i < c.in().size(); i++) {
            in[i] = memory.of(c.in().get(i));
        }
        for (int i = 0; i < c.out().size(); i++) {
            out[i] = memory.of(c.out().get(i));
        }
        int rows = first.size() / n;
        boolean gru = name.startsWith("gru");
        Args a = new Args().pointers(in).pointers(out).number(epsilon).ints(rows, gru ? n / 3 : n);
        if (gru) {
            steps.add(new Step.Run(Launch.flat("rows", "am_" + name + "_" + type, (long) rows * (n / 3), a)));
        } else if (n <= WARP_ROW) {
            steps.add(new Step.Run(Launch.warps("rows", "am_" + name + "_warp_" + type, rows, a)));
        } else {
            steps.add(new Step.Run(new Launch("rows", "am_" + name + "_block_" + type, rows, 1, 1, 256, 1, a.bytes())));
        }
        return true;
    }

    void solve(LinalgOp.TriangularSolve t, View a, View b, View x, List<Step> steps) {
        Shape sx = x.type().shape();
        Shape batch = sx.slice(0, sx.rank() - 2);
        Shape sa = a.type().shape();
        Shape sb = b.type().shape();
        int n = sx.dim(-2);
        int m = sx.dim(-1);
        Args args = new Args()
                .pointers(memory.of(a), memory.of(b), memory.of(x))
                .ints(n, m, batch.size(), t.lower() ? 1 : 0, t.transpose() ? 1 : 0, t.unitDiagonal() ? 1 : 0)
                .walk(
                        batch.toArray(),
                        Args.broadcast(sa.slice(0, sa.rank() - 2), batch),
                        Args.broadcast(sb.slice(0, sb.rank() - 2), batch));
        steps.add(new Step.Run(
                Launch.warps("linalg", "am_solve_" + Launch.suffix(x.type().dtype()), (long) batch.size() * m, args)));
    }
}
