package org.amortis.param;

import static org.amortis.testing.Formulas.eval;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.runtime.Run;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParamsTest {
    @ParameterizedTest
    @EnumSource(names = {"F32", "F64"})
    void goThroughStoresMapsAndFormulas(DType t) {
        ParamSpec spec = new ParamSpec(t);
        spec.at("a").declare("w", Shape.of(3, 5), Initializer.glorotNormal());
        spec.at("a").declare("b", Shape.of(5), Initializer.constant(0.5));
        Params p = Params.init(spec, Key.of(3));
        assertArrayEquals(eval(spec.initialValue(Key.of(3))), p.flat().toDoubles(), t == DType.F32 ? 1e-6 : 1e-14);
        assertArrayEquals(new double[] {0.5, 0.5, 0.5, 0.5, 0.5}, p.get("a/b").toDoubles());
        assertEquals(Shape.of(3, 5), p.get("a/w").shape());

        StateStore store = new StateStore();
        p.into(store);
        assertArrayEquals(p.flat().toDoubles(), Params.of(spec, store).flat().toDoubles());
        assertArrayEquals(
                p.flat().toDoubles(), Params.ofMap(spec, p.toMap()).flat().toDoubles());
        assertArrayEquals(
                p.get("a/w").toDoubles(), Run.eval(p.frozen().get("a/w")).toDoubles());

        p.flat().cast(DType.F64); // copies: writing into what was given out changes nothing
        HostArray out = p.get("a/b");
        if (t == DType.F32) {
            out.floats()[0] = 9;
        } else {
            out.doubles()[0] = 9;
        }
        assertEquals(0.5, p.get("a/b").get(0));
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F64"})
    void refuseWhatDoesNotFit(DType t) {
        ParamSpec spec = new ParamSpec(t);
        spec.at("a").declare("w", Shape.of(2), Initializer.zeros());
        Params p = Params.init(spec, Key.of(3));
        assertThrows(ShapeException.class, () -> Params.ofFlat(spec, HostArray.zeros(t, Shape.of(2))));
        assertThrows(PlanException.class, () -> Params.ofMap(spec, Map.of()));
        Map<String, HostArray> more = new HashMap<>(p.toMap());
        more.put("a/x", HostArray.of(1.0));
        assertThrows(PlanException.class, () -> Params.ofMap(spec, more));
        assertThrows(ShapeException.class, () -> Params.ofMap(spec, Map.of("a/w", HostArray.of(1.0, 2.0, 3.0))));
    }
}
