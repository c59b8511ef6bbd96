package org.amortis.bench.density;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.study.StudyException;
import org.amortis.flow.Base;
import org.amortis.flow.FlowDistribution;
import org.amortis.flow.Whitening;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StacksTest {
    /** Images of 17 x 17, more rows than columns: the first density is the normal one of the training rows. */
    @ParameterizedTest
    @ValueSource(strings = {"affine", "maf"})
    void largeAffineFlowsStartAtTheNormalDensity(String name) {
        int d = 289;
        ParamSpec spec = new ParamSpec(DType.F32);
        Stacks s = Stacks.of(name, spec.at("flow"), d, 17, 50_000);
        Params p = Params.init(spec, Key.of(1));
        Tensor mix = Random.normal(Key.of(2), DType.F32, Shape.of(d, d)).mul(0.02);
        Tensor z = Random.normal(Key.of(3), DType.F32, Shape.of(600, d));
        HostArray x = Run.eval(z.add(z.matmul(mix)));
        Whitening w = s.whitening();
        assertNotNull(w);
        w.fit(p, x);
        double[] log = Run.eval(FlowDistribution.of(Base.normal(d), s.reported(), p.frozen())
                        .logProb(Tensors.resident(x)))
                .toDoubles();
        // about -400 nats in float32
        assertArrayEquals(GaussianFloor.of(x, x), log, 1e-2);
    }

    @Test
    void largeSplinesNeedNoMatrices() {
        ParamSpec spec = new ParamSpec(DType.F32);
        Stacks s = Stacks.of("nsf", spec.at("flow"), 289, 17, 50_000);
        assertEquals(Shape.of(289), s.flow().inputShape());
        assertTrue(spec.parameters().stream().noneMatch(p -> p.path().endsWith("/lu")));
    }

    /** Layers change the black fields, then the white ones; without a width every other element. */
    @Test
    void checkerboards() {
        assertEquals(
                "split of 9 that changes [1, 3, 5, 7]",
                Stacks.checkerboard(9, 3, 0).toString());
        assertEquals(
                "split of 9 that changes [0, 2, 4, 6, 8]",
                Stacks.checkerboard(9, 3, 1).toString());
        assertEquals(
                "split of 8 that changes [1, 3, 4, 6]",
                Stacks.checkerboard(8, 4, 0).toString());
        assertEquals(
                "split of 5 that changes [1, 3]", Stacks.checkerboard(5, 0, 2).toString());
    }

    @Test
    void continuousFlowsOfManyNumbersAreRefused() {
        ParamSpec spec = new ParamSpec(DType.F32);
        for (String name : List.of("cnf", "flow-matching")) {
            StudyException e = assertThrows(StudyException.class, () -> Stacks.of(name, spec.at(name), 65, 0, 9_000));
            assertTrue(String.valueOf(e.getMessage()).contains("at most 64"), e.toString());
        }
    }
}
