package org.amortis.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LossTest {
    private static final Tensor ONE = Tensors.ones(DType.F32, Shape.SCALAR);

    @Test
    void onlyFloatScalarsAreLosses() {
        ShapeException e =
                assertThrows(ShapeException.class, () -> Loss.minimise(Tensors.ones(DType.F32, Shape.of(3))));
        assertTrue(e.getMessage().contains("mean()"), e.getMessage());
        assertThrows(DTypeException.class, () -> Loss.minimise(Tensors.ones(DType.I32, Shape.SCALAR)));
        assertThrows(ShapeException.class, () -> Loss.minimise(ONE).metric("m", Tensors.ones(DType.F32, Shape.of(1))));
    }

    @Test
    void namesAndStatesAreUsedOnce() {
        State s = new State("s", new TensorType(DType.F32, Shape.of(2)));
        Tensor two = Tensors.ones(DType.F32, Shape.of(2));
        Loss l = Loss.maximise(ONE).metric("a", ONE).metric("b", ONE).update(s, two);
        assertEquals(List.of("a", "b"), List.copyOf(l.metrics().keySet()));
        assertThrows(PlanException.class, () -> l.metric("a", ONE));
        assertThrows(PlanException.class, () -> l.metric("loss", ONE));
        assertThrows(PlanException.class, () -> l.update(s, two));
        assertThrows(ShapeException.class, () -> Loss.minimise(ONE).update(s, ONE));
    }

    @ParameterizedTest
    @CsvSource({
        "0.4, 0 s",
        "59.4, 59 s",
        "60, 1 min 00 s",
        "3599.4, 59 min 59 s",
        "3661, 1 h 01 min",
        "90000, 25 h 00 min"
    })
    void timesRead(double seconds, String want) {
        assertEquals(want, Progress.time(seconds));
    }
}
