package org.amortis.backend;

import java.util.Arrays;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.ConvWeightLoop;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.amortis.spi.Memory;
import org.amortis.spi.View;
import org.amortis.tensor.Binary;
import org.amortis.tensor.ConvOp;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions and their adjoints as products with what the window sees of some rows of one image, a matrix that stays in the
 * second cache. Parts are images; of the gradient of weights groups of images, added in the end in their order.
 */
final class ConvKernel implements Kernel {
    /** Elements of a matrix, about. */
    private static final int BLOCK = 48 * 1024;

    /** Groups of images whose gradients of weights are added up apart. */
    private static final int GROUPS = 8;

    private final ConvOp op;
    private final Loops loops;
    private final ElementwiseLoop add;
    private final ImageColumns columns;
    private final int images;
    private final int outputs;
    private final int sees;
    private final int rows;
    private final int outWidth;
    private final int rowsPerBlock;
    private final int imageSize;
    private final boolean imageIsMatrix;
    private final boolean single;
    private final Object x;
    private final int xo;
    private final Object k;
    private final int ko;
    private final Object y;
    private final int yo;
    private final Object partial;
    private final int matrix;
    private final Scratch scratch;

    /** Sums of the gradient of weights without a matrix. */
    private final @Nullable ConvWeightLoop sums;

    ConvKernel(ConvOp op, Instruction.Compute c, Memory memory, LoopTable table, Scratch scratch) {
        View a = c.in().get(0);
        View b = c.in().get(1);
        View r = c.out().get(0);
        View image = op instanceof ConvOp.InputGradient ? r : a;
        View weights = op instanceof ConvOp.WeightGradient ? r : b;
        View out = op instanceof ConvOp.Conv2d ? r : op instanceof ConvOp.InputGradient ? a : b;
        Shape sx = image.type().shape();
        Shape sk = weights.type().shape();
        Shape sy = out.type().shape();
        DType type = r.type().dtype();
        this.op = op;
        this.loops = table.loops();
        this.add = table.elementwise(Binary.ADD, type);
        this.columns = new ImageColumns(op.window(), sx, sk, sy, add);
        this.images = sx.dim(0);
        this.outputs = sk.dim(0);
        this.sees = sk.product(1, 4);
        this.rows = sy.dim(2);
        this.outWidth = sy.dim(3);
        this.imageSize = sx.product(1, 4);
        this.imageIsMatrix = columns.isImage();
        this.rowsPerBlock = imageIsMatrix ? rows : Math.clamp(BLOCK / Math.max(1, sees * outWidth), 1, rows);
        this.single = type == DType.F32;
        this.x = memory.array(image);
        this.xo = memory.offset(image);
        this.k = memory.array(weights);
        this.ko = memory.offset(weights);
        this.y = memory.array(out);
        this.yo = memory.offset(out);
        boolean gradient = op instanceof ConvOp.WeightGradient;
        int partials = gradient && groups() > 1 ? groups() * outputs * sees : 0;
        this.partial = single ? new float[partials] : new double[partials];
        this.sums = gradient && !imageIsMatrix && sx.size() > 0 && sy.size() > 0
                ? loops.convolutionWeights(op.window(), type, sx, sk, sy)
                : null;
        int last = rows % rowsPerBlock == 0 ? rowsPerBlock : rows % rowsPerBlock;
        this.matrix = Math.max(gemmScratch(type, rowsPerBlock * outWidth), gemmScratch(type, last * outWidth));
        this.scratch = scratch;
        int slots = matrix + (imageIsMatrix ? 0 : sees * rowsPerBlock * outWidth);
        scratch.reserve(type, sums == null ? slots : sums.scratch());
    }

    private int gemmScratch(DType type, int n) {
        return switch (op) {
            case ConvOp.Conv2d o -> loops.gemmScratch(type, false, false, outputs, n, sees);
            case ConvOp.InputGradient o -> loops.gemmScratch(type, true, false, sees, n, outputs);
            case ConvOp.WeightGradient o -> loops.gemmScratch(type, false, true, outputs, sees, n);
        };
    }

    private int groups() {
        return Math.clamp(images, 1, GROUPS);
    }

    private int blocks() {
        return (rows + rowsPerBlock - 1) / rowsPerBlock;
    }

    @Override
    public int parts() {
        return switch (op) {
            case ConvOp.Conv2d o -> images * blocks();
            case ConvOp.InputGradient o -> images;
            case ConvOp.WeightGradient o -> groups();
        };
    }

    @Override
    public void run(int from, int to, int worker) {
        Object s = single ? scratch.floats(worker) : scratch.doubles(worker);
        for (int p = from; p < to; p++) {
            switch (op) {
                case ConvOp.Conv2d o -> forward(p / blocks(), p % blocks() * rowsPerBlock, s);
                case ConvOp.InputGradient o -> ofImage(p, s);
                case ConvOp.WeightGradient o -> ofWeights(p, s);
            }
        }
    }

    private int end(int u) {
        return Math.min(rows, u + rowsPerBlock);
    }

    /** Where rows of an image's outputs begin. */
    private int outputsAt(int image, int u) {
        return yo + (image * outputs * rows + u) * outWidth;
    }

    private void forward(int image, int u, Object s) {
        int n = (end(u) - u) * outWidth;
        int from = xo + image * imageSize;
        if (!imageIsMatrix) {
            columns.load(x, from, u, end(u), s, matrix);
        }
        gemm(
                false,
                false,
                outputs,
                n,
                sees,
                k,
                ko,
                sees,
                imageIsMatrix ? x : s,
                imageIsMatrix ? from : matrix,
                n,
                0,
                y,
                outputsAt(image, u),
                rows * outWidth,
                s);
    }

    private void ofImage(int image, Object s) {
        int to = xo + image * imageSize;
        if (!imageIsMatrix) {
            zero(x, to, to + imageSize);
        }
        for (int u = 0; u < rows; u += rowsPerBlock) {
            int n = (end(u) - u) * outWidth;
            gemm(
                    true,
                    false,
                    sees,
                    n,
                    outputs,
                    k,
                    ko,
                    sees,
                    y,
                    outputsAt(image, u),
                    rows * outWidth,
                    0,
                    imageIsMatrix ? x : s,
                    imageIsMatrix ? to : matrix,
                    n,
                    s);
            if (!imageIsMatrix) {
                columns.addTo(x, to, u, end(u), s, matrix);
            }
        }
    }

    private void ofWeights(int group, Object s) {
        int groups = groups();
        Object sum = groups == 1 ? k : partial;
        int at = groups == 1 ? ko : group * outputs * sees;
        if (sums != null) {
            sums.run(x, xo, y, yo, sum, at, group * images / groups, (group + 1) * images / groups, s);
            return;
        }
        int beta = 0;
        for (int image = group * images / groups; image < (group + 1) * images / groups; image++) {
            int from = xo + image * imageSize;
            for (int u = 0; u < rows; u += rowsPerBlock) {
                int n = (end(u) - u) * outWidth;
                if (!imageIsMatrix) {
                    columns.load(x, from, u, end(u), s, matrix);
                }
                gemm(
                        false,
                        true,
                        outputs,
                        sees,
                        n,
                        y,
                        outputsAt(image, u),
                        rows * outWidth,
                        imageIsMatrix ? x : s,
                        imageIsMatrix ? from : matrix,
                        n,
                        beta,
                        sum,
                        at,
                        sees,
                        s);
                beta = 1;
            }
        }
        if (beta == 0) {
            zero(sum, at, at + outputs * sees);
        }
    }

    @Override
    public void finish() {
        if (!(op instanceof ConvOp.WeightGradient) || groups() == 1) {
            return;
        }
        int n = outputs * sees;
        System.arraycopy(partial, 0, k, ko, n);
        for (int g = 1; g < groups(); g++) {
            add.run(k, ko, partial, g * n, k, 0, k, ko, n);
        }
    }

    private static void zero(Object a, int from, int to) {
        if (a instanceof float[] f) {
            Arrays.fill(f, from, to, 0);
        } else {
            Arrays.fill((double[]) a, from, to, 0);
        }
    }

    private void gemm(
            boolean ta,
            boolean tb,
            int m,
            int n,
            int depth,
            Object a,
            int ao,
            int lda,
            Object b,
            int bo,
            int ldb,
            int beta,
            Object c,
            int co,
            int ldc,
            Object s) {
        if (single) {
            loops.gemm(
                    ta,
                    tb,
                    m,
                    n,
                    depth,
                    (float[]) a,
                    ao,
                    lda,
                    (float[]) b,
                    bo,
                    ldb,
                    beta,
                    (float[]) c,
                    co,
                    ldc,
                    0,
                    m,
                    (float[]) s);
        } else {
            loops.gemm(
                    ta,
                    tb,
                    m,
                    n,
                    depth,
                    (double[]) a,
                    ao,
                    lda,
                    (double[]) b,
                    bo,
                    ldb,
                    beta,
                    (double[]) c,
                    co,
                    ldc,
                    0,
                    m,
                    (double[]) s);
        }
    }

    @Override
    public long cost() {
        long products = (long) images * outputs * sees * rows * outWidth;
        // a product takes some 20 ps in vectors, an element of the matrix half a nanosecond
        return products / 50 + products / Math.max(1, outputs) / 2;
    }
}
