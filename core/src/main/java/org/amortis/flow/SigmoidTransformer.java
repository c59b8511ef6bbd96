package org.amortis.flow;

import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.tensor.Planes;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Deep sigmoidal flow (Huang and others 2018), the transformer of neural autoregressive flows: u = logit sum_k w_k
 * sigmoid(a_k x + b_k) with w a softmax and a positive. It is increasing whatever its parameters are and approaches any
 * increasing function with more units. Everything is in logarithms: u lies between the smallest and the largest a_k x + b_k
 * and is finite where they are, and these two bounds are the interval in which the inverse is searched, so that every
 * point has one. Gradients of the inverse are those of the implicit function.
 *
 * @param units K; there are 3 K parameters: logits of w, of which zeros are equal weights; a = softplus(. + 0.54), 1 at
 *     zero; b
 */
public record SigmoidTransformer(int units) implements Transformer {
    /** softplus of it is 1. */
    private static final double ONE = Math.log(Math.expm1(1));

    /** Least slope a: a bound of the search needs it. */
    private static final double FLOOR = 1e-3;

    /** Checks the number. */
    public SigmoidTransformer {
        if (units < 1) {
            throw new ShapeException("sigmoidTransformer(units=" + units + "): needs at least one");
        }
    }

    @Override
    public int parameters() {
        return 3 * units;
    }

    @Override
    public Bijection of(Tensor parameters) {
        Tensor[] planes = Planes.of(parameters, 3 * units);
        return new Sum(group(planes, 0), group(planes, 1), group(planes, 2));
    }

    private Tensor group(Tensor[] planes, int which) {
        Tensor[] own = new Tensor[units];
        System.arraycopy(planes, which * units, own, 0, units);
        return Tensors.stack(0, own);
    }

    @Override
    public String toString() {
        return "sigmoids " + units;
    }

    /** Raw parameters [K, ..]. */
    private record Sum(Tensor w, Tensor a, Tensor b) implements Bijection {
        @Override
        public Shape inputShape() {
            return Shape.SCALAR;
        }

        private static Tensor slope(Tensor a) {
            return a.add(ONE).softplus().add(FLOOR).mul(1 / (1 + FLOOR));
        }

        private static Mapped at(Tensor x, Tensor... p) {
            Tensor logW = p[0].logSoftmax(0);
            Tensor slope = slope(p[1]);
            Tensor z = x.mul(slope).add(p[2]);
            Tensor plus = z.logSigmoid();
            Tensor minus = z.neg().logSigmoid();
            Tensor logP = logW.add(plus).logsumexp(0);
            Tensor logQ = logW.add(minus).logsumexp(0);
            Tensor logSlope = logW.add(slope.log())
                    .add(plus)
                    .add(minus)
                    .logsumexp(0)
                    .sub(logP)
                    .sub(logQ);
            return new Mapped(logP.sub(logQ), logSlope);
        }

        @Override
        public Mapped inverseAndLogDet(Tensor x) {
            return at(x, w, a, b);
        }

        @Override
        public Mapped forwardAndLogDet(Tensor u) {
            Tensor each = u.sub(b).div(slope(a));
            Tensor y = u.broadcastTo(each.shape().drop(0));
            Tensor x = Roots.solve(Sum::at, y, each.min(0), each.max(0), w, a, b);
            return new Mapped(x, at(x, w, a, b).logDet().neg());
        }

        @Override
        public Bijection stopGradient() {
            return new Sum(w.stopGradient(), a.stopGradient(), b.stopGradient());
        }
    }
}
