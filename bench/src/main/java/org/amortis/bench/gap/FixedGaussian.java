package org.amortis.bench.gap;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.dist.Independent;
import org.amortis.dist.Normal;
import org.amortis.param.Weights;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.vi.Context;
import org.amortis.vi.TractableVariational;

/** An encoder that answers the same to everything. */
final class FixedGaussian implements TractableVariational {
    private final double[] mean;
    private final double[] logVariance;

    FixedGaussian(double[] mean, double[] variance) {
        this.mean = mean.clone();
        this.logVariance = java.util.Arrays.stream(variance).map(Math::log).toArray();
    }

    @Override
    public Distribution given(Context context, Weights weights) {
        int rows = context.data().shape().dim(0);
        return Independent.of(
                Normal.ofMeanLogVariance(rows(mean, rows, weights.dtype()), rows(logVariance, rows, weights.dtype())));
    }

    private static Tensor rows(double[] values, int rows, DType dtype) {
        HostArray a = HostArray.wrap(values, Shape.of(values.length)).cast(dtype);
        return Tensors.constant(a).broadcastTo(Shape.of(rows, values.length));
    }

    @Override
    public boolean symmetric() {
        return true;
    }

    @Override
    public String toString() {
        return "FixedGaussian(d=" + mean.length + ")";
    }
}
