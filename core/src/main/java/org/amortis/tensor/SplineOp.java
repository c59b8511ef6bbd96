package org.amortis.tensor;

import java.util.Arrays;
import java.util.List;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * Monotone rational-quadratic splines of [0, 1] onto itself (Gregory and Delbourgo 1982, Durkan and others 2019), each
 * value with parameters of its own. Operands are values [.., d] and parameters [.., P d] as {@link SplineForm} says.
 *
 * <p>In a bin of slope delta, with t the place in it, s = 1 - t and slopes d, e at its ends, the map is
 * (delta t^2 + d t s) / (delta (t^2 + s^2) + (d + e) t s): sums of positive numbers, which lose no digits. So is the
 * inverse: with w the height reached and q = d (1 - w) - e w, the discriminant is q^2 + 4 delta^2 w (1 - w), never
 * negative and never zero. Sizes of bins are differences of rounded knots, so that value, slope and inverse belong to one
 * function. Slopes go through softplus after the choice of the bin.
 */
public sealed interface SplineOp extends CompositeOp {
    /** {@return what the parameters mean} */
    SplineForm form();

    /** {@return whether values are mapped back} */
    boolean inverse();

    /** The place in a bin is known to the rounding of a knot over the size of the bin. */
    @Override
    default double ulps() {
        return 64 + 2 / form().minBin();
    }

    /**
     * Values with the logarithm of the slope. Where values and parameters have the same leading axes it is one operation;
     * else the formula, whose parts are as large as what they depend on.
     *
     * @param form what the parameters mean
     * @param inverse whether values are mapped back
     * @param value values in [0, 1], [.., d]
     * @param parameters [.., P d]; leading axes broadcast
     * @return mapped values in [0, 1] and the logarithm of the slope of this map there
     */
    static Tensor[] apply(SplineForm form, boolean inverse, Tensor value, Tensor parameters) {
        if (Planes.shape(parameters, form.parameters()).equals(value.shape()) && parameters.dtype() == value.dtype()) {
            Node n = Node.of(new Map(form, inverse), value, parameters);
            return new Tensor[] {n.result(0), n.result(1)};
        }
        return formula(form, inverse, value, parameters);
    }

    private static Tensor[] formula(SplineForm form, boolean inverse, Tensor value, Tensor parameters) {
        int bins = form.bins();
        Tensor[] planes = Planes.of(parameters, form.parameters());
        Tensor[] slopes = new Tensor[bins + 1];
        for (int k = 0; k <= bins; k++) {
            int plane = form.plane(k);
            slopes[k] = plane < 0 ? Tensors.scalarLike(parameters, 0) : planes[plane];
        }
        Tensor[] x = SplineKnots.of(Arrays.copyOf(planes, bins), form.minBin(), form.softmaxScale());
        Tensor[] y = SplineKnots.of(Arrays.copyOfRange(planes, bins, 2 * bins), form.minBin(), form.softmaxScale());
        Tensor[] reached = SplineKnots.reached(value, inverse ? y : x);
        Tensor left = SplineKnots.pick(reached, x, 0);
        Tensor bottom = SplineKnots.pick(reached, y, 0);
        SplineBin b = new SplineBin(
                left,
                SplineKnots.pick(reached, x, 1).sub(left),
                bottom,
                SplineKnots.pick(reached, y, 1).sub(bottom),
                form.slope(SplineKnots.pick(reached, slopes, 0)),
                form.slope(SplineKnots.pick(reached, slopes, 1)));
        return inverse ? b.down(value) : b.up(value);
    }

    /** Checks the operands; returns the type of values. */
    private static TensorType checked(SplineOp op, Tensor[] operands) {
        ElementwiseOp.sameFloat(op, operands, 0);
        Tensor value = operands[0];
        Tensor parameters = operands[1];
        Shape each = Planes.shape(parameters, op.form().parameters());
        for (int i = 0; i < operands.length; i++) {
            if (!(i == 1 ? each : operands[i].shape()).equals(value.shape())) {
                throw new ShapeException(op.name() + "(value=" + value.describe() + ", parameters="
                        + parameters.describe() + "): needs [.., d], [.., "
                        + op.form().parameters()
                        + " d] and cotangents [.., d]" + Messages.at());
            }
        }
        return value.type();
    }

    /**
     * Values with the logarithm of the slope.
     *
     * @param form what the parameters mean
     * @param inverse whether values are mapped back
     */
    record Map(SplineForm form, boolean inverse) implements SplineOp {
        @Override
        public String name() {
            return "spline:" + form + (inverse ? ":inverse" : "");
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            TensorType t = checked(this, operands);
            return new TensorType[] {t, t};
        }

        @Override
        public Tensor[] decompose(Tensor... operands) {
            Tensor[] r = formula(form, inverse, operands[0], operands[1]);
            // a single bin knows no parameters but its slopes
            Shape s = operands[0].shape();
            return new Tensor[] {r[0].broadcastTo(s), r[1].broadcastTo(s)};
        }

        @Override
        public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
            if (cotangents[0] == null && cotangents[1] == null) {
                return new Tensor[2];
            }
            Tensor value = node.operand(0);
            Tensor zero = Tensors.zeros(value.dtype(), value.shape());
            Node g = Node.of(
                    new Gradient(form, inverse),
                    value,
                    node.operand(1),
                    cotangents[0] == null ? zero : cotangents[0],
                    cotangents[1] == null ? zero : cotangents[1]);
            return new Tensor[] {g.result(0), g.result(1)};
        }
    }

    /**
     * Gradient of {@link Map} from its operands and the cotangents of both results; one result for each operand.
     *
     * @param form what the parameters mean
     * @param inverse whether values are mapped back
     */
    record Gradient(SplineForm form, boolean inverse) implements SplineOp {
        @Override
        public String name() {
            return "splineGradient:" + form + (inverse ? ":inverse" : "");
        }

        @Override
        public TensorType[] infer(Tensor[] operands) {
            TensorType t = checked(this, operands);
            return new TensorType[] {t, operands[1].type()};
        }

        @Override
        public Tensor[] decompose(Tensor... operands) {
            List<Tensor> wrt = List.of(operands[0], operands[1]);
            Tensor[] results = new Map(form, inverse).decompose(operands[0], operands[1]);
            @Nullable
            Tensor[] g = ReverseMode.partial(Arrays.asList(results), new Tensor[] {operands[2], operands[3]}, wrt);
            Tensor[] all = new Tensor[2];
            for (int i = 0; i < all.length; i++) {
                Tensor of = wrt.get(i);
                all[i] = g[i] == null ? Tensors.zeros(of.dtype(), of.shape()) : g[i];
            }
            return all;
        }
    }
}
