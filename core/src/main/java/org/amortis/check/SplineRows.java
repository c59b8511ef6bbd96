package org.amortis.check;

import java.util.Arrays;
import org.amortis.check.Sample.Derivatives;
import org.amortis.check.Sample.Operand;
import org.amortis.check.Sample.Scale;
import org.amortis.tensor.Node;
import org.amortis.tensor.SplineForm;
import org.amortis.tensor.SplineForm.Ends;
import org.amortis.tensor.SplineOp;
import org.amortis.tensor.Tensor;

/** Samples of splines and of their gradients. */
final class SplineRows {
    private final Rows rows;

    private SplineRows(Rows rows) {
        this.rows = rows;
    }

    static void addTo(Rows rows) {
        SplineRows r = new SplineRows(rows);
        int[][] shapes = {{7}, {3, 1}, {5, 8}, {2, 3, 5}, {0, 4}, {3, 0}, {19, 2}, {2, 33}, {3, 150}, {41, 3}};
        Ends[] ends = Ends.values();
        for (int i = 0; i < shapes.length; i++) {
            int bins = i % 3 == 0 ? 8 : 1 + i;
            for (boolean inverse : new boolean[] {false, true}) {
                SplineForm form = new SplineForm(bins, ends[(i + (inverse ? 1 : 0)) % 3], 1e-3, 1e-3, 1);
                // differences must not cross a knot, where the second derivative jumps
                r.spline(form, inverse, Derivatives.TWICE, middles(bins), Values.between(-0.15, 0.15), shapes[i]);
                SplineForm scaled = new SplineForm(bins, form.ends(), 0.03, 0.1, 0.5);
                r.spline(scaled, inverse, Derivatives.UNTESTED, Values.between(0, 1), Values.between(-2, 2), shapes[i]);
            }
        }
    }

    /** Numbers in the middle halves of K equal bins. */
    private static Values middles(int bins) {
        return (s, r) -> {
            double[] v = new double[s.size()];
            for (int i = 0; i < v.length; i++) {
                v[i] = (r.nextInt(bins) + r.nextDouble(0.3, 0.7)) / bins;
            }
            return v;
        };
    }

    private void spline(
            SplineForm form, boolean inverse, Derivatives derivatives, Values where, Values numbers, int[] shape) {
        int[] wide = shape.clone();
        wide[shape.length - 1] *= form.parameters();
        String kind = derivatives == Derivatives.TWICE ? "" : ", wide numbers";
        Operand value = Operand.real(where, shape);
        Operand parameters = Operand.real(numbers, wide);
        rows.add(
                (inverse ? "inverse spline" : "spline") + kind,
                derivatives,
                Scale.OPERANDS,
                t -> SplineOp.apply(form, inverse, t[0], t[1]),
                value,
                parameters);
        Operand cotangent = Operand.real(Values.between(-1, 1), shape);
        rows.add(
                (inverse ? "gradient of inverse spline" : "gradient of spline") + kind,
                derivatives,
                Scale.OPERANDS,
                t -> {
                    Node n = Node.of(new SplineOp.Gradient(form, inverse), Arrays.copyOf(t, 4));
                    return new Tensor[] {n.result(0), n.result(1)};
                },
                value,
                parameters,
                cotangent,
                cotangent);
    }
}
