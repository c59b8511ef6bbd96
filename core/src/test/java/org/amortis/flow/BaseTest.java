package org.amortis.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Distribution;
import org.amortis.grad.Gradients;
import org.amortis.param.ParamScope;
import org.amortis.param.ParamSpec;
import org.amortis.param.Weights;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BaseTest {
    /**
     * A base of two elements.
     *
     * @param name name
     * @param make declares it
     */
    record Row(String name, Function<ParamScope, Base> make) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> table() {
        return List.of(
                new Row("normal", at -> Base.normal(2)),
                new Row("learned normal", at -> Base.learnedNormal(at, 2)),
                new Row("student-t", at -> Base.studentT(3, 2)),
                new Row("learned student-t", at -> Base.learnedStudentT(at, 2)),
                new Row("mixture", at -> Base.mixture(at, 3, 2)),
                new Row("uniform", at -> Base.uniform(-2, 2, 2)));
    }

    @ParameterizedTest
    @MethodSource("table")
    void isADensityForEveryBatch(Row row) {
        ParamSpec spec = new ParamSpec(DType.F64);
        Base base = row.make().apply(spec.at("base"));
        HostArray numbers = Run.eval(spec.initialValue(Key.of(1))
                .add(Random.normal(Key.of(2), DType.F64, Shape.of(spec.size())).mul(0.3)));
        Tensor flat = Tensors.resident(numbers);
        Weights p = spec.weights(flat);
        assertEquals(Shape.of(2), base.eventShape());
        Distribution one = base.given(p, Shape.SCALAR);
        // x = sinh(t) in the plane: a t with 3 degrees of freedom has a mass of 1e-5 beyond sinh(5)
        int side = 401;
        double h = 2 * 5.5 / (side - 1);
        double[] grid = new double[side * side * 2];
        double[] area = new double[side * side];
        for (int i = 0; i < side * side; i++) {
            int down = i / side;
            int across = i % side;
            double s = -5.5 + h * down;
            double t = -5.5 + h * across;
            grid[2 * i] = Math.sinh(s);
            grid[2 * i + 1] = Math.sinh(t);
            area[i] = h * h * Math.cosh(s) * Math.cosh(t);
        }
        Tensor log = one.logProb(Tensors.resident(HostArray.wrap(grid, Shape.of(side * side, 2))));
        Tensor mass = log.exp()
                .mul(Tensors.resident(HostArray.wrap(area, Shape.of(side * side))))
                .sum();
        // the border of a box falls between grid points: h times the length of its border
        assertEquals(1, Run.eval(mass).get(0), row.name().equals("uniform") ? 0.05 : 1e-4);

        Distribution many = base.given(p, Shape.of(3, 4));
        assertEquals(Shape.of(3, 4), many.batchShape());
        assertEquals(Shape.of(5, 3, 4, 2), many.sample(Key.of(3), 5).shape());
        Tensor x = Random.uniform(Key.of(4), DType.F64, Shape.of(3, 4, 2));
        assertArrayEquals(
                Run.eval(one.logProb(x)).toDoubles(), Run.eval(many.logProb(x)).toDoubles(), 1e-13);
        if (spec.size() > 0) {
            double[] g = Run.eval(Gradients.of(many.logProb(x).sum(), flat)).toDoubles();
            assertTrue(
                    Arrays.stream(g).anyMatch(v -> v != 0) && Arrays.stream(g).allMatch(Double::isFinite));
        }
    }
}
