package org.amortis.tensor;

import org.amortis.array.DType;
import org.jspecify.annotations.Nullable;

/** Elementwise functions of two tensors of one numeric type. On I32 division truncates toward minus infinity. */
public enum Binary implements ElementwiseOp {
    /** a + b. */
    ADD(1),
    /** a - b. */
    SUB(1),
    /** a b. */
    MUL(1),
    /** a / b. */
    DIV(1),
    /** a^b. The gradient with respect to b is 0 where a is not positive. */
    POW(4),
    /** The smaller; NaN wins; on a tie the gradient is split evenly. */
    MIN(0),
    /** The larger; NaN wins; on a tie the gradient is split evenly. */
    MAX(0);

    private final double ulps;

    Binary(double ulps) {
        this.ulps = ulps;
    }

    @Override
    public int arity() {
        return 2;
    }

    @Override
    public double apply(double a, double b, double c) {
        return switch (this) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case POW -> Math.pow(a, b);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
        };
    }

    /**
     * The function on I32.
     *
     * @param a first operand
     * @param b second operand
     * @return the value, wrapped
     * @throws ArithmeticException on division by zero
     */
    public int applyInt(int a, int b) {
        return switch (this) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> Math.floorDiv(a, b);
            case POW -> (int) Math.pow(a, b);
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
        };
    }

    @Override
    public DType resultType(Tensor[] operands) {
        return ElementwiseOp.sameNumeric(this, operands, 0);
    }

    @Override
    public void reference(RefArray[] in, RefArray[] out) {
        if (out[0].type().dtype().isFloat()) {
            ElementwiseOp.super.reference(in, out);
            return;
        }
        BroadcastIndex index = new BroadcastIndex(out[0].shape(), in);
        int[] y = out[0].ints();
        for (int i = 0; i < y.length; i++, index.advance()) {
            y[i] = applyInt(in[0].ints()[index.offset(0)], in[1].ints()[index.offset(1)]);
        }
    }

    @Override
    public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        Tensor dy = cotangents[0];
        Tensor a = node.operand(0);
        Tensor b = node.operand(1);
        Tensor y = node.result(0);
        if (dy == null || !y.dtype().isFloat()) {
            return new Tensor[2];
        }
        Tensor da;
        Tensor db;
        switch (this) {
            case ADD -> {
                da = dy;
                db = dy;
            }
            case SUB -> {
                da = dy;
                db = dy.neg();
            }
            case MUL -> {
                da = dy.mul(b);
                db = dy.mul(a);
            }
            case DIV -> {
                da = dy.div(b);
                db = dy.mul(y).div(b).neg();
            }
            case POW -> {
                // a^0 is 1 at 0 too: its slope is no 0 times 0^-1
                Tensor constant = b.eq(0);
                Tensor slope = b.mul(a.pow(Tensors.where(constant, b, b.sub(1))));
                da = dy.mul(Tensors.where(constant, Tensors.scalarLike(slope, 0), slope));
                Tensor positive = a.gt(0);
                Tensor safe = Tensors.where(positive, a, 1);
                db = Tensors.where(positive, dy.mul(y).mul(safe.log()), 0);
            }
            case MIN, MAX -> {
                Tensor first = this == MIN ? a.lt(b) : a.gt(b);
                Tensor share = Tensors.where(a.eq(b), dy.mul(0.5), 0);
                da = Tensors.where(first, dy, share);
                Tensor second = this == MIN ? b.lt(a) : b.gt(a);
                db = Tensors.where(second, dy, share);
            }
            default -> throw new IllegalStateException();
        }
        return new Tensor[] {
            ElementwiseOp.unbroadcast(da, a.shape()), ElementwiseOp.unbroadcast(db, b.shape()),
        };
    }

    @Override
    public double ulps() {
        return ulps;
    }
}
