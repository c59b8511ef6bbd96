package org.amortis.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.check.Evaluator;
import org.amortis.grad.Gradients;
import org.amortis.runtime.Device;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.testing.Formulas;

/** Formulas in real float32, as programs compute them. */
final class Narrow {
    private Narrow() {}

    /** Numbers of a program of one thread. */
    static List<HostArray> run(List<Tensor> outputs) {
        try (Device device = Device.builder().threads(1).build()) {
            return Evaluator.on(device).prepare(outputs).run(Map.of());
        }
    }

    /** Numbers of a program of one thread. */
    static double[] run(Tensor output) {
        return run(List.of(output)).get(0).toDoubles();
    }

    /** Float32 constants. */
    static Tensor f32(double... values) {
        return Tensors.constant(
                HostArray.wrap(values.clone(), Shape.of(values.length)).cast(DType.F32));
    }

    /**
     * A sum of elements of a formula in float32 against float64 at the same numbers. What rounding each parameter changes
     * is an error no formula avoids; beside it a few units of the result. Gradients are numbers.
     */
    static void agree(UnaryOperator<Tensor> formula, double... at) {
        double[] rounded = at.clone();
        for (int i = 0; i < at.length; i++) {
            rounded[i] = (float) at[i];
        }
        Tensor wide = Formulas.f64(rounded);
        Tensor y = formula.apply(wide).sum();
        double exact = Formulas.eval(y)[0];
        double[] slopes = Formulas.eval(Gradients.of(y, wide));
        double scale = 1 + Math.abs(exact);
        for (int i = 0; i < at.length; i++) {
            scale += Math.abs(slopes[i] * at[i]);
        }
        Tensor narrow = f32(at);
        Tensor z = formula.apply(narrow).sum();
        List<HostArray> computed = run(List.of(z, Gradients.of(z, narrow)));
        assertEquals(exact, computed.get(0).get(0), 32 * 0x1p-24 * scale);
        for (int i = 0; i < at.length; i++) {
            assertTrue(
                    Double.isFinite(computed.get(1).get(i)),
                    "gradient " + i + " is " + computed.get(1).get(i));
        }
    }
}
