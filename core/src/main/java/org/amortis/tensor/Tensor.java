package org.amortis.tensor;

import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;

/**
 * One result of a node: a formula with a type and no numbers. Equality is identity. This class carries the common
 * operations; the rest are static, in {@link Tensors} and its neighbours. Binary operations broadcast as numpy does and
 * promote nothing; scalar arguments take the tensor's type.
 */
public final class Tensor {
    /** The last axis, for readable axis arguments. */
    public static final int LAST = -1;

    private final Node node;
    private final int index;
    private final TensorType type;

    Tensor(Node node, int index, TensorType type) {
        this.node = node;
        this.index = index;
        this.type = type;
    }

    /**
     * The node this is a result of.
     *
     * @return node
     */
    public Node node() {
        return node;
    }

    /**
     * Which result of the node this is.
     *
     * @return position
     */
    public int index() {
        return index;
    }

    /**
     * Element type and shape.
     *
     * @return type
     */
    public TensorType type() {
        return type;
    }

    /**
     * The element type.
     *
     * @return element type
     */
    public DType dtype() {
        return type.dtype();
    }

    /**
     * The shape.
     *
     * @return shape
     */
    public Shape shape() {
        return type.shape();
    }

    private Tensor unary(ElementwiseOp op) {
        return Node.of(op, this).result(0);
    }

    private Tensor binary(ElementwiseOp op, Tensor b) {
        return Node.of(op, this, b).result(0);
    }

    private Tensor scalar(double v) {
        return Tensors.scalarLike(this, v);
    }

    /**
     * Elementwise: -x.
     *
     * @return tensor of this shape
     */
    public Tensor neg() {
        return unary(Unary.NEG);
    }

    /**
     * Elementwise: |x|.
     *
     * @return tensor of this shape
     */
    public Tensor abs() {
        return unary(Unary.ABS);
    }

    /**
     * Elementwise: -1, 0 or 1.
     *
     * @return tensor of this shape
     */
    public Tensor sign() {
        return unary(Unary.SIGN);
    }

    /**
     * Elementwise: largest integer not above x.
     *
     * @return tensor of this shape
     */
    public Tensor floor() {
        return unary(Unary.FLOOR);
    }

    /**
     * Elementwise: x^2.
     *
     * @return tensor of this shape
     */
    public Tensor square() {
        return unary(Unary.SQUARE);
    }

    /**
     * Elementwise: 1/x.
     *
     * @return tensor of this shape
     */
    public Tensor reciprocal() {
        return unary(Unary.RECIPROCAL);
    }

    /**
     * Elementwise: square root.
     *
     * @return tensor of this shape
     */
    public Tensor sqrt() {
        return unary(Unary.SQRT);
    }

    /**
     * Elementwise: 1/sqrt(x).
     *
     * @return tensor of this shape
     */
    public Tensor rsqrt() {
        return unary(Unary.RSQRT);
    }

    /**
     * Elementwise: e^x.
     *
     * @return tensor of this shape
     */
    public Tensor exp() {
        return unary(Unary.EXP);
    }

    /**
     * Elementwise: e^x - 1.
     *
     * @return tensor of this shape
     */
    public Tensor expm1() {
        return unary(Unary.EXPM1);
    }

    /**
     * Elementwise: natural logarithm.
     *
     * @return tensor of this shape
     */
    public Tensor log() {
        return unary(Unary.LOG);
    }

    /**
     * Elementwise: log(1 + x).
     *
     * @return tensor of this shape
     */
    public Tensor log1p() {
        return unary(Unary.LOG1P);
    }

    /**
     * Elementwise: sine.
     *
     * @return tensor of this shape
     */
    public Tensor sin() {
        return unary(Unary.SIN);
    }

    /**
     * Elementwise: cosine.
     *
     * @return tensor of this shape
     */
    public Tensor cos() {
        return unary(Unary.COS);
    }

    /**
     * Elementwise: hyperbolic tangent.
     *
     * @return tensor of this shape
     */
    public Tensor tanh() {
        return unary(Unary.TANH);
    }

    /**
     * Elementwise: 1/(1+e^-x).
     *
     * @return tensor of this shape
     */
    public Tensor sigmoid() {
        return unary(Unary.SIGMOID);
    }

    /**
     * Elementwise: log(1+e^x).
     *
     * @return tensor of this shape
     */
    public Tensor softplus() {
        return unary(Unary.SOFTPLUS);
    }

    /**
     * Elementwise: log sigmoid(x).
     *
     * @return tensor of this shape
     */
    public Tensor logSigmoid() {
        return unary(Unary.LOG_SIGMOID);
    }

    /**
     * Elementwise: max(x, 0).
     *
     * @return tensor of this shape
     */
    public Tensor relu() {
        return unary(Unary.RELU);
    }

    /**
     * Elementwise: x sigmoid(x).
     *
     * @return tensor of this shape
     */
    public Tensor silu() {
        return unary(Unary.SILU);
    }

    /**
     * Elementwise: 2/sqrt(pi) times the integral of e^-t^2 from 0 to x.
     *
     * @return tensor of this shape
     */
    public Tensor erf() {
        return unary(Unary.ERF);
    }

    /**
     * Elementwise: 1 - erf(x), right where it is tiny.
     *
     * @return tensor of this shape
     */
    public Tensor erfc() {
        return unary(Unary.ERFC);
    }

    /**
     * Elementwise: x times the normal distribution function of x.
     *
     * @return tensor of this shape
     */
    public Tensor gelu() {
        return unary(Unary.GELU);
    }

    /**
     * Elementwise: logarithm of the normal distribution function.
     *
     * @return tensor of this shape
     */
    public Tensor logNormalCdf() {
        return unary(Unary.LOG_NORMAL_CDF);
    }

    /**
     * Elementwise: inverse of the normal distribution function, for x in (0, 1).
     *
     * @return tensor of this shape
     */
    public Tensor normalQuantile() {
        return unary(Unary.NORMAL_QUANTILE);
    }

    /**
     * Elementwise: logarithm of |gamma(x)|.
     *
     * @return tensor of this shape
     */
    public Tensor lgamma() {
        return unary(Unary.LGAMMA);
    }

    /**
     * Elementwise: derivative n+1 of lgamma; digamma for n = 0.
     *
     * @param n order, 0 or more
     * @return tensor of this shape
     */
    public Tensor polygamma(int n) {
        return unary(new ParamUnary.Polygamma(n));
    }

    /**
     * Elementwise: a + b.
     *
     * @param b second operand, broadcast
     * @return tensor of the common shape
     */
    public Tensor add(Tensor b) {
        return binary(Binary.ADD, b);
    }

    /**
     * Elementwise: a + b.
     *
     * @param b second operand
     * @return tensor of this shape
     */
    public Tensor add(double b) {
        return binary(Binary.ADD, scalar(b));
    }

    /**
     * Elementwise: a - b.
     *
     * @param b second operand, broadcast
     * @return tensor of the common shape
     */
    public Tensor sub(Tensor b) {
        return binary(Binary.SUB, b);
    }

    /**
     * Elementwise: a - b.
     *
     * @param b second operand
     * @return tensor of this shape
     */
    public Tensor sub(double b) {
        return binary(Binary.SUB, scalar(b));
    }

    /**
     * Elementwise: a b.
     *
     * @param b second operand, broadcast
     * @return tensor of the common shape
     */
    public Tensor mul(Tensor b) {
        return binary(Binary.MUL, b);
    }

    /**
     * Elementwise: a b.
     *
     * @param b second operand
     * @return tensor of this shape
     */
    public Tensor mul(double b) {
        return binary(Binary.MUL, scalar(b));
    }

    /**
     * Elementwise: a / b.
     *
     * @param b second operand, broadcast
     * @return tensor of the common shape
     */
    public Tensor div(Tensor b) {
        return binary(Binary.DIV, b);
    }

    /**
     * Elementwise: a / b.
     *
     * @param b second operand
     * @return tensor of this shape
     */
    public Tensor div(double b) {
        return binary(Binary.DIV, scalar(b));
    }

    /**
     * Elementwise: the smaller, NaN wins.
     *
     * @param b second operand, broadcast
     * @return tensor of the common shape
     */
    public Tensor minimum(Tensor b) {
        return binary(Binary.MIN, b);
    }

    /**
     * Elementwise: the smaller, NaN wins.
     *
     * @param b second operand
     * @return tensor of this shape
     */
    public Tensor minimum(double b) {
        return binary(Binary.MIN, scalar(b));
    }

    /**
     * Elementwise: the larger, NaN wins.
     *
     * @param b second operand, broadcast
     * @return tensor of the common shape
     */
    public Tensor maximum(Tensor b) {
        return binary(Binary.MAX, b);
    }

    /**
     * Elementwise: the larger, NaN wins.
     *
     * @param b second operand
     * @return tensor of this shape
     */
    public Tensor maximum(double b) {
        return binary(Binary.MAX, scalar(b));
    }

    /**
     * Elementwise: b - a.
     *
     * @param b what this is subtracted from
     * @return tensor of this shape
     */
    public Tensor rsub(double b) {
        return scalar(b).sub(this);
    }

    /**
     * Elementwise: b / a.
     *
     * @param b what is divided by this
     * @return tensor of this shape
     */
    public Tensor rdiv(double b) {
        return scalar(b).div(this);
    }

    /**
     * Elementwise power.
     *
     * @param b exponent, broadcast
     * @return tensor of the common shape
     */
    public Tensor pow(Tensor b) {
        return binary(Binary.POW, b);
    }

    /**
     * Elementwise power; 0.5, 1, 2, -1 and other small cases take their own operation.
     *
     * @param b exponent
     * @return tensor of this shape
     */
    public Tensor pow(double b) {
        if (b == 1) {
            return this;
        } else if (b == 2) {
            return square();
        } else if (b == 0.5) {
            return sqrt();
        } else if (b == -1) {
            return reciprocal();
        }
        return pow(scalar(b));
    }

    /**
     * x where positive, slope x elsewhere.
     *
     * @param slope factor on the negative side
     * @return tensor of this shape
     */
    public Tensor leakyRelu(double slope) {
        return unary(new ParamUnary.LeakyRelu(slope));
    }

    /**
     * x where positive, e^x - 1 elsewhere.
     *
     * @return tensor of this shape
     */
    public Tensor elu() {
        return unary(new ParamUnary.Elu(1));
    }

    /**
     * Limits to an interval; gradient 0 outside.
     *
     * @param low lower limit
     * @param high upper limit
     * @return tensor of this shape
     */
    public Tensor clamp(double low, double high) {
        return unary(new ParamUnary.Clamp(low, high));
    }

    /**
     * Changes the element type.
     *
     * @param to wanted type
     * @return this tensor if it has the type, else a tensor of this shape
     */
    public Tensor cast(DType to) {
        return to == dtype() ? this : unary(new Cast(to));
    }

    /**
     * Elementwise comparison: equal.
     *
     * @param b second operand, broadcast
     * @return BOOL
     */
    public Tensor eq(Tensor b) {
        return binary(Compare.EQ, b);
    }

    /**
     * Elementwise comparison: equal.
     *
     * @param b second operand
     * @return BOOL
     */
    public Tensor eq(double b) {
        return binary(Compare.EQ, scalar(b));
    }

    /**
     * Elementwise comparison: not equal.
     *
     * @param b second operand, broadcast
     * @return BOOL
     */
    public Tensor ne(Tensor b) {
        return binary(Compare.NE, b);
    }

    /**
     * Elementwise comparison: not equal.
     *
     * @param b second operand
     * @return BOOL
     */
    public Tensor ne(double b) {
        return binary(Compare.NE, scalar(b));
    }

    /**
     * Elementwise comparison: less.
     *
     * @param b second operand, broadcast
     * @return BOOL
     */
    public Tensor lt(Tensor b) {
        return binary(Compare.LT, b);
    }

    /**
     * Elementwise comparison: less.
     *
     * @param b second operand
     * @return BOOL
     */
    public Tensor lt(double b) {
        return binary(Compare.LT, scalar(b));
    }

    /**
     * Elementwise comparison: less or equal.
     *
     * @param b second operand, broadcast
     * @return BOOL
     */
    public Tensor le(Tensor b) {
        return binary(Compare.LE, b);
    }

    /**
     * Elementwise comparison: less or equal.
     *
     * @param b second operand
     * @return BOOL
     */
    public Tensor le(double b) {
        return binary(Compare.LE, scalar(b));
    }

    /**
     * Elementwise comparison: greater.
     *
     * @param b second operand, broadcast
     * @return BOOL
     */
    public Tensor gt(Tensor b) {
        return binary(Compare.GT, b);
    }

    /**
     * Elementwise comparison: greater.
     *
     * @param b second operand
     * @return BOOL
     */
    public Tensor gt(double b) {
        return binary(Compare.GT, scalar(b));
    }

    /**
     * Elementwise comparison: greater or equal.
     *
     * @param b second operand, broadcast
     * @return BOOL
     */
    public Tensor ge(Tensor b) {
        return binary(Compare.GE, b);
    }

    /**
     * Elementwise comparison: greater or equal.
     *
     * @param b second operand
     * @return BOOL
     */
    public Tensor ge(double b) {
        return binary(Compare.GE, scalar(b));
    }

    /**
     * Elementwise logic on BOOL: both.
     *
     * @param b second operand, broadcast
     * @return BOOL
     */
    public Tensor and(Tensor b) {
        return binary(Logical.AND, b);
    }

    /**
     * Elementwise logic on BOOL: either.
     *
     * @param b second operand, broadcast
     * @return BOOL
     */
    public Tensor or(Tensor b) {
        return binary(Logical.OR, b);
    }

    /**
     * Elementwise logic on BOOL: exactly one.
     *
     * @param b second operand, broadcast
     * @return BOOL
     */
    public Tensor xor(Tensor b) {
        return binary(Logical.XOR, b);
    }

    /**
     * Elementwise logic on BOOL: the opposite.
     *
     * @return BOOL
     */
    public Tensor not() {
        return unary(Logical.NOT);
    }

    private Tensor reduce(ReduceOp.Kind kind, int... axes) {
        Axes a = Axes.normalised(shape(), axes);
        return a.count() == 0 && kind != ReduceOp.Kind.ANY && kind != ReduceOp.Kind.ALL
                ? this
                : Node.of(new ReduceOp.Reduction(kind, a), this).result(0);
    }

    /**
     * Sum over axes, which are dropped.
     *
     * @param axes axes, negative counts from the end; none means all
     * @return tensor without these axes
     */
    public Tensor sum(int... axes) {
        return reduce(ReduceOp.Kind.SUM, axes);
    }

    /**
     * Largest over axes, which are dropped.
     *
     * @param axes axes, negative counts from the end; none means all
     * @return tensor without these axes
     */
    public Tensor max(int... axes) {
        return reduce(ReduceOp.Kind.MAX, axes);
    }

    /**
     * Smallest over axes, which are dropped.
     *
     * @param axes axes, negative counts from the end; none means all
     * @return tensor without these axes
     */
    public Tensor min(int... axes) {
        return reduce(ReduceOp.Kind.MIN, axes);
    }

    /**
     * Whether any is true over axes, which are dropped.
     *
     * @param axes axes, negative counts from the end; none means all
     * @return tensor without these axes
     */
    public Tensor any(int... axes) {
        return reduce(ReduceOp.Kind.ANY, axes);
    }

    /**
     * Whether all are true over axes, which are dropped.
     *
     * @param axes axes, negative counts from the end; none means all
     * @return tensor without these axes
     */
    public Tensor all(int... axes) {
        return reduce(ReduceOp.Kind.ALL, axes);
    }

    /**
     * Mean over axes, which are dropped.
     *
     * @param axes axes, negative counts from the end; none means all
     * @return tensor without these axes
     * @throws ShapeException if there is nothing to average
     */
    public Tensor mean(int... axes) {
        if (!dtype().isFloat()) {
            throw new DTypeException("mean(" + describe() + "): element type " + dtype()
                    + " is not a float type; cast it" + Messages.at());
        }
        Tensor s = sum(axes);
        int n = shape().size() == 0 ? 0 : shape().size() / s.shape().size();
        if (n == 0) {
            throw new ShapeException("mean(" + describe() + "): nothing to average" + Messages.at());
        }
        return s.mul(1.0 / n);
    }

    /**
     * Puts reduced axes back with size 1: {@code x.sum(1).keepDims(x, 1)}.
     *
     * @param before the tensor that was reduced
     * @param axes the axes it was reduced over; none means all
     * @return this tensor under the kept shape
     */
    public Tensor keepDims(Tensor before, int... axes) {
        return reshape(ReduceOp.kept(before.shape(), Axes.normalised(before.shape(), axes)));
    }

    /**
     * Product over axes, which are dropped; 1 over nothing. Zeros are exact, in the gradients too.
     *
     * @param axes axes, negative counts from the end; none means all
     * @return the reduced tensor
     */
    public Tensor prod(int... axes) {
        return Reductions.prod(this, axes);
    }

    /**
     * log sum exp over axes, which are dropped, without overflow. All -inf gives -inf with gradient 0; any +inf gives
     * +inf.
     *
     * @param axes axes, negative counts from the end; none means all
     * @return the reduced tensor
     */
    public Tensor logsumexp(int... axes) {
        Axes a = Axes.normalised(shape(), axes);
        return a.count() == 0 ? this : Node.of(new SoftmaxOp.LogSumExp(a), this).result(0);
    }

    /**
     * e^x / sum e^x along an axis. All -inf has no answer and gives NaN.
     *
     * @param axis axis, negative counts from the end
     * @return tensor of this shape
     */
    public Tensor softmax(int axis) {
        return Node.of(new SoftmaxOp.Softmax(shape().axis(axis)), this).result(0);
    }

    /**
     * x - log sum e^x along an axis.
     *
     * @param axis axis, negative counts from the end
     * @return tensor of this shape
     */
    public Tensor logSoftmax(int axis) {
        return Node.of(new SoftmaxOp.LogSoftmax(shape().axis(axis)), this).result(0);
    }

    /**
     * Running sums from the start of an axis, the element itself included.
     *
     * @param axis axis, negative counts from the end
     * @return tensor of this shape
     */
    public Tensor cumsum(int axis) {
        return Node.of(new IndexOp.Cumsum(shape().axis(axis), false), this).result(0);
    }

    /**
     * Index of the largest element along an axis, which is dropped.
     *
     * @param axis axis, negative counts from the end
     * @return I32
     */
    public Tensor argmax(int axis) {
        return Node.of(new ReduceOp.ArgMax(shape().axis(axis)), this).result(0);
    }

    /**
     * Matrix product of the last two axes, batch axes broadcast. A vector (rank 1) on the left is a row, on the right a
     * column; its axis is dropped from the result.
     *
     * @param b right factor [.., k, n] or [k]
     * @return product [.., m, n]
     */
    public Tensor matmul(Tensor b) {
        return Tensors.matmul(this, b, false, false);
    }

    /**
     * The same elements in row-major order under another shape. One size may be -1 and is computed.
     *
     * @param dims sizes
     * @return tensor of that shape
     */
    public Tensor reshape(int... dims) {
        int[] d = dims.clone();
        int known = 1;
        int open = -1;
        for (int i = 0; i < d.length; i++) {
            if (d[i] == -1 && open < 0) {
                open = i;
            } else {
                known *= d[i];
            }
        }
        if (open >= 0) {
            if (known == 0 || shape().size() % known != 0) {
                throw new ShapeException("reshape(" + describe() + " -> " + java.util.Arrays.toString(dims) + "): "
                        + shape().size() + " elements do not divide by " + known + Messages.at());
            }
            d[open] = shape().size() / known;
        }
        return reshape(Shape.of(d));
    }

    /**
     * The same elements in row-major order under another shape.
     *
     * @param to the shape
     * @return tensor of that shape
     */
    public Tensor reshape(Shape to) {
        return to.equals(shape())
                ? this
                : Node.of(new LayoutOp.Reshape(to), this).result(0);
    }

    /**
     * Axes in another order; without arguments the last two change places.
     *
     * @param permutation axis of this tensor for each axis of the result
     * @return the permuted tensor
     */
    public Tensor transpose(int... permutation) {
        int r = shape().rank();
        int[] p = permutation.clone();
        if (p.length == 0) {
            if (r < 2) {
                throw new ShapeException("transpose(" + describe() + "): needs rank 2 or more" + Messages.at());
            }
            p = new int[r];
            for (int i = 0; i < r; i++) {
                p[i] = i < r - 2 ? i : 2 * r - 3 - i;
            }
        }
        for (int i = 0; i < p.length; i++) {
            p[i] = shape().axis(p[i]);
        }
        return Node.of(new LayoutOp.Transpose(Axes.of(p)), this).result(0);
    }

    /**
     * Repeats along axes of size 1 and new leading axes.
     *
     * @param to shape
     * @return tensor of that shape
     */
    public Tensor broadcastTo(Shape to) {
        return to.equals(shape())
                ? this
                : Node.of(new LayoutOp.Broadcast(to), this).result(0);
    }

    /**
     * A range along one axis.
     *
     * @param axis axis, negative counts from the end
     * @param from first index
     * @param to one past the last index
     * @return tensor with to - from along the axis
     */
    public Tensor slice(int axis, int from, int to) {
        return slice(axis, from, to, 1);
    }

    /**
     * A range with a step along one axis.
     *
     * @param axis axis, negative counts from the end
     * @param from first index
     * @param to one past the last index that may be taken
     * @param step step, at least 1
     * @return the elements from, from+step, .. below to
     */
    public Tensor slice(int axis, int from, int to, int step) {
        int a = shape().axis(axis);
        if (from < 0 || to < from || to > shape().dim(a) || step < 1) {
            throw new ShapeException("slice(" + describe() + ", axis=" + axis + ", from=" + from + ", to=" + to
                    + ", step=" + step + "): outside 0.." + shape().dim(a) + Messages.at());
        }
        if (from == 0 && to == shape().dim(a) && step == 1) {
            return this;
        }
        int[] starts = new int[shape().rank()];
        int[] counts = shape().toArray();
        int[] steps = new int[starts.length];
        java.util.Arrays.fill(steps, 1);
        starts[a] = from;
        counts[a] = (to - from + step - 1) / step;
        steps[a] = step;
        return Node.of(new LayoutOp.Slice(Axes.of(starts), Axes.of(counts), Axes.of(steps)), this)
                .result(0);
    }

    /**
     * One index along an axis, which is dropped.
     *
     * @param axis axis, negative counts from the end
     * @param i index
     * @return tensor of one rank less
     */
    public Tensor at(int axis, int i) {
        int a = shape().axis(axis);
        return slice(a, i, i + 1).reshape(shape().drop(a));
    }

    /**
     * Cuts an axis into parts.
     *
     * @param axis axis, negative counts from the end
     * @param sizes sizes of the parts, which add up to the axis
     * @return the parts in order
     */
    public Tensor[] split(int axis, int... sizes) {
        Tensor[] parts = new Tensor[sizes.length];
        int at = 0;
        for (int i = 0; i < sizes.length; i++) {
            parts[i] = slice(axis, at, at + sizes[i]);
            at += sizes[i];
        }
        if (at != shape().dim(axis)) {
            throw new ShapeException("split(" + describe() + ", axis=" + axis + ", sizes="
                    + java.util.Arrays.toString(sizes) + "): sizes add up to " + at + ", not " + shape().dim(axis)
                    + Messages.at());
        }
        return parts;
    }

    /**
     * Adds an axis of size 1.
     *
     * @param axis its position in the result; -1 is last
     * @return tensor of one rank more
     */
    public Tensor expandDims(int axis) {
        int a = axis < 0 ? axis + shape().rank() + 1 : axis;
        return reshape(shape().insert(a, 1));
    }

    /**
     * Reverses axes.
     *
     * @param axes axes, negative counts from the end
     * @return tensor of this shape
     */
    public Tensor flip(int... axes) {
        return Node.of(new LayoutOp.Flip(Axes.normalised(shape(), axes)), this).result(0);
    }

    /**
     * Picks slices along an axis.
     *
     * @param axis axis, negative counts from the end
     * @param index I32 of any shape, values in 0..size-1
     * @return tensor with the index's shape in place of the axis
     */
    public Tensor gather(int axis, Tensor index) {
        return Node.of(new IndexOp.Gather(shape().axis(axis)), this, index).result(0);
    }

    /**
     * The same values, through which no gradient flows.
     *
     * @return tensor of this type
     */
    public Tensor stopGradient() {
        return Node.of(new LayoutOp.Identity("", true), this).result(0);
    }

    /**
     * The same values under a name that messages use.
     *
     * @param label name
     * @return tensor of this type
     */
    public Tensor named(String label) {
        return Node.of(new LayoutOp.Identity(label, false), this).result(0);
    }

    /**
     * Name, if there is one, and shape: what error messages call this tensor.
     *
     * @return short description
     */
    public String describe() {
        String label = switch (node.op()) {
            case LeafOp.Input i -> i.label();
            case LeafOp.StateValue s -> s.state().name();
            case LeafOp.LoopVariable v -> v.label();
            case LayoutOp.Identity i -> i.label();
            case LeafOp.Fill f when shape().rank() == 0 -> Double.toString(f.value());
            default -> node.op().name();
        };
        return label + " " + type;
    }

    @Override
    public String toString() {
        return describe() + (node.source() == null ? "" : " at " + node.source());
    }
}
