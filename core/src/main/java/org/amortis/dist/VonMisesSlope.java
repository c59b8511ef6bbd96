package org.amortis.dist;

import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * How a von Mises draw moves with its concentration k, by implicit differentiation of the distribution function F: the
 * derivative of a draw d is -(dF/dk) / p, of which the Bessel function cancels. With A the mean of cos it is an integral of
 * (cos t - A) e^(k (cos t - cos d)) from 0 to |d| or from |d| to pi, which differ in sign alone. The first is taken near the
 * middle, where its exponent is below 1, the second, whose exponent is negative, elsewhere, up to where it has fallen by
 * e^-40. What is left is smooth over the interval: Gauss's rule of 32 points has an error of a few last digits for any k.
 */
final class VonMisesSlope {
    private static final int POINTS = 32;
    private static final double FALL = 40;

    private static final double[] NODES = new double[POINTS];
    private static final double[] WEIGHTS = new double[POINTS];

    static {
        // Newton's method on the Legendre polynomial, from a start that is known to converge
        for (int i = 0; i < POINTS; i++) {
            double z = Math.cos(Math.PI * (i + 0.75) / (POINTS + 0.5));
            double slope = 1;
            for (int k = 0; k < 20; k++) {
                double before = 1;
                double p = z;
                for (int n = 2; n <= POINTS; n++) {
                    double next = ((2 * n - 1) * z * p - (n - 1) * before) / n;
                    before = p;
                    p = next;
                }
                slope = POINTS * (z * p - before) / (z * z - 1);
                z -= p / slope;
            }
            // on (0, 1)
            NODES[i] = 0.5 * (z + 1);
            WEIGHTS[i] = 1 / ((1 - z * z) * slope * slope);
        }
    }

    private VonMisesSlope() {}

    private static Tensor constant(double[] a, DType dtype) {
        return Tensors.constant(HostArray.wrap(a.clone(), Shape.of(a.length)).cast(dtype));
    }

    /** 1 - cos(t). */
    private static Tensor versine(Tensor t) {
        return t.mul(0.5).sin().square().mul(2);
    }

    /** 2 arcsin(y) for y in [0, 1] to a fraction of 1e-3, which is enough for where a tail ends. */
    private static Tensor twiceArcSine(Tensor y) {
        Tensor small = y.add(y.mul(y.square()).mul(1.0 / 6));
        // Abramowitz and Stegun 4.4.45, absolute error 7e-5
        Tensor p = y.mul(-0.0187293).add(0.0742610).mul(y).sub(0.2121144).mul(y).add(1.5707288);
        Tensor large = y.rsub(1).sqrt().mul(p).rsub(Math.PI / 2);
        return Tensors.where(y.lt(0.3), small, large).mul(2);
    }

    /**
     * The derivative.
     *
     * @param d angles from the location, in [-pi, pi]
     * @param concentration k, broadcast to the shape of d
     * @param rest 1 - A, likewise
     * @return d d / d k, of the shape of d
     */
    static Tensor of(Tensor d, Tensor concentration, Tensor rest) {
        Tensor m = d.abs();
        Tensor v = versine(m);
        Tensor near = concentration.mul(v).lt(1);
        Tensor outside = near.not();
        // a concentration of 0 has no far part
        Tensor fallen = Tensors.where(outside, concentration, 1).reciprocal().mul(FALL);
        Tensor end = twiceArcSine(v.add(fallen).mul(0.5).minimum(1).sqrt());
        Tensor low = Tensors.where(outside, m, 0);
        Tensor high = Tensors.where(outside, end.maximum(m), m);
        Tensor width = high.sub(low);
        Tensor t = low.expandDims(-1).add(width.expandDims(-1).mul(constant(NODES, d.dtype())));
        Tensor exponent = t.add(m.expandDims(-1))
                .mul(0.5)
                .sin()
                .mul(m.expandDims(-1).sub(t).mul(0.5).sin())
                .mul(2)
                .mul(concentration.expandDims(-1));
        Tensor sum = rest.expandDims(-1)
                .sub(versine(t))
                .mul(exponent.exp())
                .mul(constant(WEIGHTS, d.dtype()))
                .sum(-1)
                .mul(width);
        return Tensors.where(d.ge(0).xor(near), sum, sum.neg());
    }
}
