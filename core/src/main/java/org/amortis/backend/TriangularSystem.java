package org.amortis.backend;

import org.amortis.array.Shape;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.LaneAlgebra;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.LinalgOp;

/** A batch of triangular systems op(T) X = B bound to memory. */
final class TriangularSystem {
    private final LinalgOp.TriangularSolve op;
    private final Object t;
    private final int to;
    private final Object b;
    private final int bo;
    private final Object x;
    private final int xo;
    private final int n;
    private final int m;
    private final int[] offsetT;
    private final int[] offsetB;

    private TriangularSystem(LinalgOp.TriangularSolve op, Instruction.Compute c, Memory memory) {
        View vt = c.in().get(0);
        View vb = c.in().get(1);
        View vx = c.out().get(0);
        Shape s = vx.type().shape();
        Shape st = vt.type().shape();
        Shape sb = vb.type().shape();
        Shape batch = s.slice(0, s.rank() - 2);
        this.op = op;
        this.t = memory.array(vt);
        this.to = memory.offset(vt);
        this.b = memory.array(vb);
        this.bo = memory.offset(vb);
        this.x = memory.array(vx);
        this.xo = memory.offset(vx);
        this.n = s.dim(-2);
        this.m = s.dim(-1);
        this.offsetT = Strides.offsets(st.slice(0, st.rank() - 2), batch, n * n);
        this.offsetB = Strides.offsets(sb.slice(0, sb.rank() - 2), batch, n * m);
    }

    /** The kernel for a batch: lanes over right-hand sides, else over the batch, else none. */
    static Kernel kernel(
            LinalgOp.TriangularSolve op, Instruction.Compute c, Memory memory, Loops loops, Scratch scratch) {
        TriangularSystem system = new TriangularSystem(op, c, memory);
        LaneAlgebra algebra = loops.algebra();
        if (algebra != null && BatchedSolveKernel.takes(system, algebra)) {
            return new BatchedSolveKernel(system, algebra, new TriangularSolveKernel(system, scratch), scratch);
        }
        return algebra != null && ColumnSolveKernel.takes(system, algebra)
                ? new ColumnSolveKernel(system, algebra, scratch)
                : new TriangularSolveKernel(system, scratch);
    }

    boolean transpose() {
        return op.transpose();
    }

    /** Whether the first row is solved first. */
    boolean forward() {
        return op.lower() != op.transpose();
    }

    boolean unit() {
        return op.unitDiagonal();
    }

    /** Triangles. */
    Object t() {
        return t;
    }

    int to() {
        return to;
    }

    /** Distance of the rows of op(T). */
    int rowT() {
        return op.transpose() ? 1 : n;
    }

    /** Distance of the columns of op(T). */
    int columnT() {
        return op.transpose() ? n : 1;
    }

    /** Right-hand sides. */
    Object b() {
        return b;
    }

    int bo() {
        return bo;
    }

    /** Solutions. */
    Object x() {
        return x;
    }

    int xo() {
        return xo;
    }

    /** Rows of a system. */
    int n() {
        return n;
    }

    /** Right-hand sides of a system. */
    int m() {
        return m;
    }

    /** Systems. */
    int count() {
        return offsetT.length;
    }

    int[] offsetT() {
        return offsetT;
    }

    int[] offsetB() {
        return offsetB;
    }
}
