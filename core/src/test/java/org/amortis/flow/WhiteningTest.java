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
import org.amortis.dist.MultivariateNormal;
import org.amortis.grad.Gradients;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WhiteningTest {
    /** Means 4 and 2, variances 6.5 and 3.5, covariance 3.5. */
    private static final HostArray X = HostArray.wrap(new double[] {1, 2, 3, 0, 8, 5, 4, 1}, Shape.of(4, 2));

    private final ParamSpec spec = new ParamSpec(DType.F64);
    private final Whitening layer = Whitening.of(spec.at("w"), 2);
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

    /** By hand: C = [[sqrt(6.5), 0], [3.5 / sqrt(6.5), sqrt(3.5 - 12.25 / 6.5)]]. */
    @Test
    void takesMeanAndFactorFromTheData() {
        layer.fit(params, X);
        double c = Math.sqrt(6.5);
        double rest = Math.sqrt(3.5 - 12.25 / 6.5);
        assertArrayEquals(new double[] {4, 2}, params.get("w/mean").doubles(), 1e-14);
        assertArrayEquals(
                new double[] {c, 0, 3.5 / c, rest}, params.get("w/factor").doubles(), 1e-13);
        Mapped u = layer.given(params.frozen()).inverseAndLogDet(Tensors.resident(X));
        double logDet = Math.log(c) + Math.log(rest);
        assertArrayEquals(new double[] {-logDet, -logDet, -logDet, -logDet}, eval(u.logDet()), 1e-13);
        assertEquals((1 - 4) / c, eval(u.value())[0], 1e-13);
        assertEquals((2 - 2 - 3.5 / 6.5 * (1 - 4)) / rest, eval(u.value())[1], 1e-13);
    }

    /** Whitened data have mean 0 and covariance I; with a standard normal base the density is the normal one fitted. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 13})
    void isTheNormalDensityOfTheData(int d) {
        ParamSpec own = new ParamSpec(DType.F64);
        Whitening w = Whitening.of(own.at("w"), d);
        Params p = Params.init(own, Key.of(1));
        int n = 5 * d + 2; // not a multiple of the rows that are taken together
        Tensor mix = Random.normal(Key.of(2), DType.F64, Shape.of(d, d));
        HostArray x = Run.eval(
                Random.normal(Key.of(3), DType.F64, Shape.of(n, d)).matmul(mix).add(50));
        w.fit(p, x);
        Tensor rows = Tensors.resident(x);
        Bijection b = w.given(p.frozen());
        Mapped u = b.inverseAndLogDet(rows);
        Tensor covariance = Tensors.matmul(u.value(), u.value(), true, false).div(n);
        double[] identity = new double[d * d];
        for (int i = 0; i < d; i++) {
            identity[i * d + i] = 1;
        }
        assertArrayEquals(new double[d], eval(u.value().mean(0)), 1e-11);
        assertArrayEquals(identity, eval(covariance), 1e-10);
        Mapped back = b.forwardAndLogDet(u.value());
        assertArrayEquals(x.doubles(), eval(back.value()), 1e-11);
        assertArrayEquals(eval(u.logDet().neg()), eval(back.logDet()));
        Tensor mean = rows.mean(0);
        Tensor off = rows.sub(mean);
        MultivariateNormal normal = MultivariateNormal.ofMeanCovariance(
                mean, Tensors.matmul(off, off, true, false).div(n));
        assertArrayEquals(
                eval(normal.logProb(rows)),
                eval(FlowDistribution.of(Base.normal(d), w, p.frozen()).logProb(rows)),
                1e-9);
    }

    @Test
    void noGradientReachesItsNumbers() {
        layer.fit(params, X);
        Tensor flat = Tensors.resident(params.flat());
        Tensor x = Tensors.resident(X);
        Mapped m = layer.given(spec.weights(flat)).inverseAndLogDet(x);
        List<Tensor> g =
                Gradients.orZeros(m.value().square().sum().add(m.logDet().sum()), List.of(flat, x));
        assertArrayEquals(new double[spec.size()], eval(g.get(0)));
        assertTrue(java.util.Arrays.stream(eval(g.get(1))).allMatch(v -> v != 0));
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F64"})
    void sameBitsAfterSaveAndLoad(DType dtype, @TempDir Path folder) throws IOException {
        ParamSpec own = new ParamSpec(dtype);
        Whitening w = Whitening.of(own.at("w"), 3);
        Params p = Params.init(own, Key.of(1));
        HostArray x =
                Run.eval(Random.normal(Key.of(3), dtype, Shape.of(9, 3)).mul(40).add(7));
        w.fit(p, x);
        Path file = folder.resolve("model.safetensors");
        p.save(file);
        Params q = Params.load(file, own);
        Tensor rows = Tensors.resident(x);
        assertArrayEquals(
                eval(FlowDistribution.of(Base.normal(3), w, p.frozen()).logProb(rows)),
                eval(FlowDistribution.of(Base.normal(3), w, q.frozen()).logProb(rows)));
    }

    @Test
    void dataWithoutADensityAreRefused() {
        // the second column is twice the first
        assertTrue(assertThrows(
                        ShapeException.class,
                        () -> layer.fit(params, HostArray.wrap(new double[] {1, 2, 2, 4, 5, 10}, Shape.of(3, 2))))
                .getMessage()
                .contains("column 1 is a linear combination"));
        // as many rows as columns leave nothing for the last
        assertThrows(
                ShapeException.class,
                () -> layer.fit(params, HostArray.wrap(new double[] {1, 2, 7, 3}, Shape.of(2, 2))));
        assertTrue(assertThrows(
                        ShapeException.class,
                        () -> layer.fit(params, HostArray.wrap(new double[] {7, 1, 7, 2, 7, 4}, Shape.of(3, 2))))
                .getMessage()
                .contains("column 0"));
        assertTrue(assertThrows(
                        ShapeException.class,
                        () -> layer.fit(
                                params,
                                HostArray.wrap(new double[] {1, Double.POSITIVE_INFINITY, 2, 7, 4, 4}, Shape.of(3, 2))))
                .getMessage()
                .contains("column 1 is not finite"));
        assertThrows(ShapeException.class, () -> layer.fit(params, X.rows(0, 1)));
        assertThrows(ShapeException.class, () -> layer.fit(params, X.reshape(Shape.of(2, 4))));
        assertThrows(
                ShapeException.class,
                () -> layer.given(params.frozen()).inverse(Tensors.zeros(DType.F64, Shape.of(4, 3))));
        assertArrayEquals(new double[2], params.get("w/mean").doubles());
    }
}
