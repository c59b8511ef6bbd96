package org.amortis.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.RefArray;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Evaluates formulas by the reference loops, in double. */
public final class Formulas {
    private Formulas() {}

    /** A float64 constant. */
    public static Tensor f64(Shape shape, double... values) {
        return Tensors.constant(HostArray.wrap(values.clone(), shape));
    }

    /** A float64 vector. */
    public static Tensor f64(double... values) {
        return f64(Shape.of(values.length), values);
    }

    /** A formula of constants and residents. */
    public static double[] eval(Tensor t) {
        return eval(t, Map.of());
    }

    /** A formula that reads states. */
    public static double[] eval(Tensor t, Map<State, double[]> states) {
        return eval(List.of(t), states).get(0).toHost().toDoubles();
    }

    /** Formulas that read states. */
    public static List<RefArray> eval(List<Tensor> t, Map<State, double[]> states) {
        return Graphs.evaluate(t, leaf -> switch (leaf.node().op()) {
            case LeafOp.StateValue s -> fill(RefArray.zeros(leaf.type()), states.get(s.state()));
            case LeafOp.Resident r -> RefArray.of(r.data());
            default -> throw new IllegalArgumentException("unbound " + leaf);
        });
    }

    private static RefArray fill(RefArray a, double[] values) {
        for (int i = 0; i < values.length; i++) {
            a.put(i, values[i]);
        }
        return a;
    }

    /** A function of one tensor. */
    public interface Function {
        Tensor of(Tensor x);
    }

    /** Compares the gradient of sum(f(x)) with central differences at x, relative to max(1, |g|). */
    public static void checkGradient(Function f, Shape shape, double tolerance, double... x) {
        State s = new State("x", f64(shape, x).type());
        Tensor loss = f.of(s.value()).sum();
        double[] g = eval(Gradients.orZeros(loss, List.of(s.value())).get(0), Map.of(s, x));
        for (int i = 0; i < x.length; i++) {
            double h = 1e-5 * Math.max(1, Math.abs(x[i]));
            double[] up = x.clone();
            double[] down = x.clone();
            up[i] += h;
            down[i] -= h;
            double d = (eval(loss, Map.of(s, up))[0] - eval(loss, Map.of(s, down))[0]) / (up[i] - down[i]);
            assertEquals(d, g[i], tolerance * Math.max(1, Math.abs(d)), "element " + i);
        }
    }
}
