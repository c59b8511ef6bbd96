package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;

/** Leaves and operations of several tensors. */
public final class Tensors {
    /** Largest constant a formula may hold, in bytes. */
    public static final int CONSTANT_LIMIT = 64 * 1024;

    private Tensors() {}

    /**
     * A tensor fed at every run.
     *
     * @param name unique name in its program
     * @param dtype element type
     * @param dims sizes
     * @return the input
     */
    public static Tensor input(String name, DType dtype, int... dims) {
        return Node.of(new LeafOp.Input(name, new TensorType(dtype, Shape.of(dims))))
                .result(0);
    }

    /**
     * Data bound once and shared, of any size.
     *
     * @param data the data, not copied; must not be written while programs use it
     * @return the tensor
     */
    public static Tensor resident(HostArray data) {
        return Node.of(new LeafOp.Resident(data)).result(0);
    }

    /**
     * A constant.
     *
     * @param data numbers, copied
     * @return the tensor
     * @throws PlanException above 64 KB: use {@link #resident}
     */
    public static Tensor constant(HostArray data) {
        long bytes = (long) data.shape().size() * data.dtype().bytes();
        if (bytes > CONSTANT_LIMIT) {
            throw new PlanException("constant(" + data.dtype() + data.shape() + "): " + bytes
                    + " bytes are above the limit of " + CONSTANT_LIMIT + "; use Tensors.resident" + Messages.at());
        }
        return Node.of(new LeafOp.Constant(data.copy())).result(0);
    }

    /**
     * One number everywhere.
     *
     * @param value the number
     * @param dtype element type
     * @param shape shape
     * @return the tensor
     */
    public static Tensor fill(double value, DType dtype, Shape shape) {
        return Node.of(new LeafOp.Fill(value, new TensorType(dtype, shape))).result(0);
    }

    /**
     * Zeros.
     *
     * @param dtype element type
     * @param shape shape
     * @return the tensor
     */
    public static Tensor zeros(DType dtype, Shape shape) {
        return fill(0, dtype, shape);
    }

    /**
     * Ones.
     *
     * @param dtype element type
     * @param shape shape
     * @return the tensor
     */
    public static Tensor ones(DType dtype, Shape shape) {
        return fill(1, dtype, shape);
    }

    /**
     * A scalar of another tensor's element type.
     *
     * @param like tensor whose type it takes
     * @param value the number
     * @return tensor of shape []
     */
    public static Tensor scalarLike(Tensor like, double value) {
        return fill(value, like.dtype(), Shape.SCALAR);
    }

    /**
     * The index along an axis.
     *
     * @param shape shape
     * @param axis axis, negative counts from the end
     * @return I32
     */
    public static Tensor iota(Shape shape, int axis) {
        return Node.of(new LeafOp.Iota(shape.axis(axis), new TensorType(DType.I32, shape)))
                .result(0);
    }

    /**
     * Selects elementwise.
     *
     * @param condition BOOL
     * @param a taken where true
     * @param b taken elsewhere
     * @return tensor of the common shape
     */
    public static Tensor where(Tensor condition, Tensor a, Tensor b) {
        return Node.of(Where.WHERE, condition, a, b).result(0);
    }

    /**
     * Selects elementwise between a tensor and a number.
     *
     * @param condition BOOL
     * @param a taken where true
     * @param b taken elsewhere
     * @return tensor of the common shape
     */
    public static Tensor where(Tensor condition, Tensor a, double b) {
        return where(condition, a, scalarLike(a, b));
    }

    /**
     * Matrix product with transposes; vectors as in {@link Tensor#matmul}.
     *
     * @param a left factor [.., m, k], [.., k, m] if transposed, or [k]
     * @param b right factor [.., k, n], [.., n, k] if transposed, or [k]
     * @param transposeA whether the last two axes of a are exchanged
     * @param transposeB whether the last two axes of b are exchanged
     * @return product [.., m, n]
     */
    public static Tensor matmul(Tensor a, Tensor b, boolean transposeA, boolean transposeB) {
        boolean va = a.shape().rank() == 1;
        boolean vb = b.shape().rank() == 1;
        Tensor x = va ? a.reshape(1, a.shape().dim(0)) : a;
        Tensor y = vb ? b.reshape(b.shape().dim(0), 1) : b;
        Tensor p = Node.of(new ContractOp.MatMul(transposeA && !va, transposeB && !vb), x, y)
                .result(0);
        if (va) {
            p = p.reshape(p.shape().drop(-2));
        }
        return vb ? p.reshape(p.shape().drop(-1)) : p;
    }

    /**
     * Joins along an axis.
     *
     * @param axis axis, negative counts from the end
     * @param parts tensors that agree in the other axes
     * @return the joined tensor
     */
    public static Tensor concat(int axis, Tensor... parts) {
        if (parts.length == 0) {
            throw new ShapeException("concat(): no operands" + Messages.at());
        }
        int a = parts[0].shape().axis(axis);
        return parts.length == 1
                ? parts[0]
                : Node.of(new LayoutOp.Concat(a), parts.clone()).result(0);
    }

    /**
     * Joins along a new axis.
     *
     * @param axis its position in the result; -1 is last
     * @param parts tensors of one shape
     * @return tensor of one rank more
     */
    public static Tensor stack(int axis, Tensor... parts) {
        Tensor[] p = new Tensor[parts.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = parts[i].expandDims(axis);
        }
        return concat(axis, p);
    }

    /**
     * Adds slices into zeros along an axis; repeated indices add up in the order of the index.
     *
     * @param axis axis of the result where the index's axes stand in x
     * @param size size of that axis
     * @param index I32, values in 0..size-1
     * @param x [outer, index shape, inner]
     * @return [outer, size, inner]
     */
    public static Tensor scatterAdd(int axis, int size, Tensor index, Tensor x) {
        return Node.of(new IndexOp.ScatterAdd(axis, size), x, index).result(0);
    }

    /**
     * Repeats the whole tensor along its axes.
     *
     * @param x tensor
     * @param repeats how often, one for each axis
     * @return tensor of repeats times the size along each axis
     */
    public static Tensor tile(Tensor x, int... repeats) {
        Shape s = x.shape();
        if (repeats.length != s.rank()) {
            throw new ShapeException("tile(" + x.describe() + ", repeats=" + java.util.Arrays.toString(repeats)
                    + "): needs one for each of the " + s.rank() + " axes" + Messages.at());
        }
        int[] one = new int[2 * repeats.length];
        int[] many = new int[2 * repeats.length];
        int[] joined = new int[repeats.length];
        for (int i = 0; i < repeats.length; i++) {
            one[2 * i] = 1;
            many[2 * i] = repeats[i];
            one[2 * i + 1] = s.dim(i);
            many[2 * i + 1] = s.dim(i);
            joined[i] = repeats[i] * s.dim(i);
        }
        return x.reshape(Shape.of(one)).broadcastTo(Shape.of(many)).reshape(Shape.of(joined));
    }

    /**
     * Adds elements of one value before and after an axis.
     *
     * @param x tensor
     * @param axis axis, negative counts from the end
     * @param before how many before
     * @param after how many after
     * @param value their value
     * @return tensor of before + size + after along the axis
     */
    public static Tensor pad(Tensor x, int axis, int before, int after, double value) {
        Shape s = x.shape();
        int a = s.axis(axis);
        if (value == 0) {
            int[] low = new int[s.rank()];
            int[] high = new int[s.rank()];
            int[] steps = new int[s.rank()];
            java.util.Arrays.fill(steps, 1);
            low[a] = before;
            high[a] = after;
            return Node.of(new LayoutOp.Pad(Axes.of(low), Axes.of(high), Axes.of(steps)), x)
                    .result(0);
        }
        if (before < 0 || after < 0) {
            throw new ShapeException("pad(" + x.describe() + ", axis=" + axis + ", before=" + before + ", after="
                    + after + "): negative padding" + Messages.at());
        }
        return concat(a, fill(value, x.dtype(), s.with(a, before)), x, fill(value, x.dtype(), s.with(a, after)));
    }
}
