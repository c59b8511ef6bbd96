package org.amortis.tensor;

import org.jspecify.annotations.Nullable;

/**
 * The place of a user's operation among the others.
 *
 * @param custom the operation
 */
public record CustomNode(CustomOp custom) implements Op {
    @Override
    public String name() {
        return custom.name();
    }

    @Override
    public TensorType[] infer(Tensor[] operands) {
        return switch (custom) {
            case CustomOp.Unary u -> new TensorType[] {CustomOp.elementwise(u, operands, 1)};
            case CustomOp.Binary b -> new TensorType[] {CustomOp.elementwise(b, operands, 2)};
            case CustomOp.General g -> g.infer(operands);
        };
    }

    @Override
    public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        if (custom instanceof CustomOp.General g) {
            return g.vjp(node, cotangents);
        }
        Tensor dy = cotangents[0];
        @Nullable Tensor[] r = new Tensor[node.arity()];
        if (dy == null) {
            return r;
        }
        Tensor x = node.operand(0);
        Tensor y = node.result(0);
        switch (custom) {
            case CustomOp.Unary u -> r[0] = u.vjp(x, y, dy);
            case CustomOp.Binary b -> r = b.vjp(x, node.operand(1), y, dy);
            case CustomOp.General g -> throw new IllegalStateException(g.name());
        }
        for (int i = 0; i < r.length; i++) {
            Tensor g = r[i];
            if (g != null) {
                r[i] = ElementwiseOp.unbroadcast(g, node.operand(i).shape());
            }
        }
        return r;
    }

    @Override
    public void reference(RefArray[] in, RefArray[] out) {
        switch (custom) {
            case CustomOp.Unary u -> {
                double[] x = in[0].doubles();
                double[] y = out[0].doubles();
                for (int i = 0; i < y.length; i++) {
                    y[i] = u.reference(x[i]);
                }
            }
            case CustomOp.Binary b -> {
                BroadcastIndex index = new BroadcastIndex(out[0].shape(), in);
                double[] y = out[0].doubles();
                for (int i = 0; i < y.length; i++, index.advance()) {
                    y[i] = b.reference(in[0].doubles()[index.offset(0)], in[1].doubles()[index.offset(1)]);
                }
            }
            case CustomOp.General g -> g.reference(in, out);
        }
    }

    @Override
    public double ulps() {
        return custom.ulps();
    }
}
