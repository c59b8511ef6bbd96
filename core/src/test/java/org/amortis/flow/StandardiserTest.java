package org.amortis.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Bijection;
import org.amortis.dist.Mapped;
import org.amortis.grad.Gradients;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandardiserTest {
    private static final HostArray X = HostArray.wrap(new double[] {1, -30, 3, -10, 8, -20, 4, -60}, Shape.of(4, 2));

    private final ParamSpec spec = new ParamSpec(DType.F64);
    private final Standardiser layer = Standardiser.of(spec.at("s"), 2);
    private final Params params = Params.init(spec, Key.of(1));

    private static double[] eval(Tensor t) {
        return Run.eval(t).toDoubles();
    }

    @Test
    void isTheIdentityAtFirst() {
        Mapped m = layer.given(params.frozen()).forwardAndLogDet(Tensors.resident(X));
        assertArrayEquals(X.doubles(), eval(m.value()));
        assertArrayEquals(new double[4], eval(m.logDet()));
    }

    /** By hand: means 4 and -30, variances 6.5 and 350. */
    @Test
    void takesMeanAndDeviationFromTheData() {
        layer.fit(params, X);
        assertArrayEquals(new double[] {4, -30}, params.get("s/mean").doubles(), 1e-14);
        assertArrayEquals(
                new double[] {Math.sqrt(6.5), Math.sqrt(350)},
                params.get("s/std").doubles(),
                1e-13);
        Bijection b = layer.given(params.frozen());
        Mapped u = b.inverseAndLogDet(Tensors.resident(X));
        double logDet = 0.5 * Math.log(6.5 * 350);
        assertEquals(logDet, layer.logDet(params), 1e-13);
        assertArrayEquals(new double[] {-logDet, -logDet, -logDet, -logDet}, eval(u.logDet()), 1e-13);
        assertArrayEquals(new double[2], eval(u.value().mean(0)), 1e-14);
        assertArrayEquals(new double[] {1, 1}, eval(u.value().square().mean(0)), 1e-13);
        Mapped back = b.forwardAndLogDet(u.value());
        assertArrayEquals(X.doubles(), eval(back.value()), 1e-13);
        assertEquals(logDet, eval(back.logDet())[3], 1e-13);
        assertArrayEquals(eval(u.value()), layer.standardise(params, X).doubles(), 1e-14);
    }

    @Test
    void noGradientReachesItsNumbers() {
        layer.fit(params, X);
        Tensor flat = Tensors.resident(params.flat());
        Weights w = spec.weights(flat);
        Mapped m = layer.given(w).inverseAndLogDet(Tensors.resident(X));
        Tensor g = Gradients.orZeros(m.value().square().sum().add(m.logDet().sum()), List.of(flat))
                .get(0);
        assertArrayEquals(new double[spec.size()], eval(g));
    }

    /** What is read from a file gives the same bits, whatever the batch. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "F64"})
    void sameBitsAfterSaveAndLoad(DType dtype, @TempDir Path folder) throws IOException {
        ParamSpec own = new ParamSpec(dtype);
        Standardiser s = Standardiser.of(own.at("s"), 3);
        Flow flow =
                Coupling.affine(own.at("f"), Split.half(3), 0, Net.plain(4, 1)).then(s);
        Params p = Params.ofFlat(own, Run.eval(Random.normal(Key.of(2), dtype, Shape.of(own.size()))));
        HostArray x =
                Run.eval(Random.normal(Key.of(3), dtype, Shape.of(7, 3)).mul(40).add(1000));
        s.fit(p, x);
        Path file = folder.resolve("model.safetensors");
        p.save(file);
        Params q = Params.load(file, own);
        double[] all =
                eval(FlowDistribution.of(Base.normal(3), flow, p.frozen()).logProb(Tensors.resident(x)));
        FlowDistribution loaded = FlowDistribution.of(Base.normal(3), flow, q.frozen());
        assertArrayEquals(all, eval(loaded.logProb(Tensors.resident(x))));
        double[] some = eval(loaded.logProb(Tensors.resident(x.rows(2, 3))));
        assertEquals(all[2], some[0]);
    }

    /** In float32 an offset of a million leaves nothing of a deviation of 0.01: hence standardise, in double. */
    @Test
    void largeOffsetsAreTakenOffInDouble() {
        ParamSpec own = new ParamSpec(DType.F32);
        Standardiser s = Standardiser.of(own.at("s"), 1);
        Params p = Params.init(own, Key.of(1));
        HostArray x = HostArray.wrap(new double[] {1e6 - 0.01, 1e6, 1e6 + 0.01}, Shape.of(3, 1));
        s.fit(p, x);
        double[] u = s.standardise(p, x).toDoubles();
        double r = Math.sqrt(1.5);
        assertArrayEquals(new double[] {-r, 0, r}, u, 1e-6);
    }

    @Test
    void dataWithoutADensityAreRefused() {
        assertTrue(assertThrows(
                        ShapeException.class,
                        () -> layer.fit(params, HostArray.wrap(new double[] {1, 7, 2, 7}, Shape.of(2, 2))))
                .getMessage()
                .contains("column 1 does not vary"));
        // 0.1 thrice: the sum of squares is rounding alone
        assertThrows(
                ShapeException.class,
                () -> layer.fit(params, HostArray.wrap(new double[] {1, 0.1, 2, 0.1, 4, 0.1}, Shape.of(3, 2))));
        assertTrue(assertThrows(
                        ShapeException.class,
                        () -> layer.fit(params, HostArray.wrap(new double[] {1, Double.NaN, 2, 7}, Shape.of(2, 2))))
                .getMessage()
                .contains("column 1 is not finite"));
        assertThrows(ShapeException.class, () -> layer.fit(params, X.rows(0, 1)));
        assertThrows(ShapeException.class, () -> layer.fit(params, X.reshape(Shape.of(2, 4))));
        assertThrows(ShapeException.class, () -> layer.standardise(params, X.reshape(Shape.of(8))));
        assertThrows(
                ShapeException.class,
                () -> layer.given(params.frozen()).inverse(Tensors.zeros(DType.F64, Shape.of(4, 3))));
        assertArrayEquals(new double[2], params.get("s/mean").doubles());
    }
}
