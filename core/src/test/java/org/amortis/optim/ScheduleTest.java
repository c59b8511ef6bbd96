package org.amortis.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.State;
import org.amortis.tensor.TensorType;
import org.amortis.testing.Formulas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScheduleTest {
    record Row(String name, Schedule schedule, IntToDoubleFunction byHand) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> schedules() {
        IntToDoubleFunction cosine = t -> 0.1 + 0.9 * 0.5 * (1 + Math.cos(Math.PI * Math.min(t, 50) / 50));
        return List.of(
                new Row("constant", Schedule.constant(0.3), t -> 0.3),
                new Row("linear", Schedule.linear(1, 3, 40), t -> 1 + 2 * Math.min(t / 40.0, 1)),
                new Row("cosine", Schedule.cosine(1, 0.1, 50), cosine),
                new Row("exponential", Schedule.exponential(2, 0.5, 10), t -> 2 * Math.pow(0.5, t / 10.0)),
                new Row("stairs", Schedule.stairs(2, 0.5, 7), t -> 2 * Math.pow(0.5, Math.floorDiv(t, 7))),
                new Row(
                        "piecewise",
                        Schedule.piecewise(new int[] {3, 10}, new double[] {1, 2, 5}),
                        t -> t < 3 ? 1 : t < 10 ? 2 : 5),
                new Row(
                        "warm-up then cosine",
                        Schedule.cosine(1, 0.1, 50).warmUp(9),
                        t -> t < 9 ? (t + 1) / 10.0 : cosine.applyAsDouble(t - 9)),
                new Row(
                        "one after another, scaled",
                        Schedule.constant(1).then(5, Schedule.linear(4, 2, 10)).times(3),
                        t -> t < 5 ? 3 : 3 * (4 - 2 * Math.min((t - 5) / 10.0, 1))));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void agreesWithItsFormula(Row row) {
        State step = new State("step", new TensorType(DType.I32, Shape.SCALAR));
        for (int t = 0; t < 100; t++) {
            double v = Formulas.eval(row.schedule().at(step.value(), DType.F64), Map.of(step, new double[] {t}))[0];
            assertEquals(row.byHand().applyAsDouble(t), v, 1e-13, "step " + t);
        }
    }

    @Test
    void mistakesAreNamed() {
        assertThrows(PlanException.class, () -> Schedule.linear(1, 2, 0));
        assertThrows(PlanException.class, () -> Schedule.exponential(1, 0, 5));
        assertThrows(PlanException.class, () -> Schedule.stairs(1, -1, 5));
        assertThrows(PlanException.class, () -> Schedule.piecewise(new int[] {3, 3}, new double[] {1, 2, 3}));
        assertThrows(PlanException.class, () -> Schedule.piecewise(new int[] {3}, new double[] {1}));
    }
}
