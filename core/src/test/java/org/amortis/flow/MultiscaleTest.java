package org.amortis.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.dist.Mapped;
import org.amortis.nn.Activation;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;

class MultiscaleTest {
    private static final Net NET = new Net(3, 2, Activation.TANH, false);

    @Test
    void squeezeMovesBlocksToChannels() {
        // two channels of 2 x 4 pixels
        double[] pixels = new double[16];
        java.util.Arrays.setAll(pixels, i -> i);
        HostArray x = HostArray.wrap(pixels, Shape.of(2, 2, 4));
        HostArray u = Run.eval(Squeeze.of(2, 2, 4).inverse(Tensors.resident(x)));
        assertEquals(Shape.of(8, 1, 2), u.shape());
        double[] expected = {0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15};
        assertArrayEquals(expected, u.toDoubles());
    }

    /** Without weights a RealNVP moves pixels only: u has the same numbers, and its parts lie level after level. */
    @Test
    void levelsLeaveHalfOfTheirChannels() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Multiscale flow = Multiscale.realNvp(spec.at("f"), Shape.of(1, 4, 4), 2, 1, NET, ScaleMap.SOFT_EXP);
        double[] pixels = new double[16];
        java.util.Arrays.setAll(pixels, i -> i);
        Tensor x = Tensors.resident(HostArray.wrap(pixels, Shape.of(1, 4, 4)));
        Mapped m = flow.given(Params.init(spec, Key.of(1)).frozen()).inverseAndLogDet(x);
        List<HostArray> r = Run.eval(List.of(m.value(), m.logDet()));
        assertEquals(0, r.get(1).scalar());
        // left by the first level: the lower rows of the blocks
        double[] expected = {4, 6, 12, 14, 5, 7, 13, 15};
        double[] u = r.get(0).toDoubles();
        assertArrayEquals(expected, java.util.Arrays.copyOf(u, 8));
        java.util.Arrays.sort(u);
        assertArrayEquals(pixels, u);
    }

    /** After a first batch the channels that come out of a level's mixes have mean 0 and variance 1 on it. */
    @Test
    void firstBatchSetsScalesAndShifts() {
        ParamSpec spec = new ParamSpec(DType.F64);
        Multiscale flow = Multiscale.glow(spec.at("f"), Shape.of(1, 4, 4), 2, 2, NET, ScaleMap.SOFT_EXP);
        Params params = Params.init(spec, Key.of(1));
        HostArray x = Run.eval(Random.normal(Key.of(2), DType.F64, Shape.of(30, 1, 4, 4))
                .mul(7)
                .add(20));
        Flows.initialise(flow, params, x, null);
        HostArray u = Run.eval(flow.given(params.frozen()).inverse(Tensors.resident(x)));
        // couplings start as identities, so that u is what the last mixes give; a channel is 4 numbers of the first
        // level
        for (int channel = 0; channel < 6; channel++) {
            int from = channel < 2 ? 4 * channel : 6 + channel;
            int width = channel < 2 ? 4 : 1;
            double mean = 0;
            double square = 0;
            for (int i = 0; i < 30; i++) {
                for (int k = from; k < from + width; k++) {
                    mean += u.at(i, k) / (30 * width);
                    square += u.at(i, k) * u.at(i, k) / (30 * width);
                }
            }
            assertEquals(0, mean, 1e-12);
            assertEquals(1, square, 1e-12);
        }
        HostArray bad = HostArray.zeros(DType.F64, Shape.of(3, 1, 4, 4));
        bad.doubles()[5] = Double.NaN;
        assertThrows(ShapeException.class, () -> Flows.initialise(flow, params, bad, null));
    }
}
