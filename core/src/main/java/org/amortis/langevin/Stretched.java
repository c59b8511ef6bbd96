package org.amortis.langevin;

import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * A control trained for another number of kernels: features of the time are interpolated, linearly.
 *
 * @param control the control
 * @param trained number of kernels it was declared for
 */
record Stretched(Control control, int trained) implements Control {
    @Override
    public Tensor times(Weights p, int steps) {
        Tensor t = control.times(p, trained);
        return interpolated(t, steps + 1, 0, trained / (double) steps);
    }

    @Override
    public Tensor apply(Weights p, ControlInput in) {
        return control.apply(p, in);
    }

    /** Rows first, first + stride, .. of a table whose rows are interpolated; beyond its ends the end rows. */
    static Tensor interpolated(Tensor table, int rows, double first, double stride) {
        int n = table.shape().dim(0);
        double[] w = new double[rows * n];
        for (int i = 0; i < rows; i++) {
            double at = Math.clamp(first + i * stride, 0, n - 1.0);
            int low = Math.min((int) Math.floor(at), Math.max(0, n - 2));
            w[i * n + low] += 1 - (at - low);
            if (at > low) {
                w[i * n + low + 1] += at - low;
            }
        }
        Tensor m = Tensors.constant(HostArray.wrap(w, Shape.of(rows, n)).cast(table.dtype()));
        int width = table.shape().size() / n;
        return m.matmul(table.reshape(n, width)).reshape(table.shape().with(0, rows));
    }
}
