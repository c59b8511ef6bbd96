package org.amortis.langevin;

import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.param.ParamSpec;
import org.amortis.runtime.Run;
import org.amortis.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths whose noise is given, against values and gradients computed elsewhere in double. */
final class PathTest {

    private static Path path(String kernel, int unrolled) {
        Fixed.Net net = new Fixed.Net(1);
        Path p = switch (kernel) {
            case "ULA" -> Method.ULA.path(2);
            case "MCD" -> Method.MCD.path(2, net);
            case "CMCD" -> Method.CMCD.path(2, net);
            case "UHA" -> Method.UHA.path(2);
            case "UHA-OU" -> Method.UHA_EXACT.path(2);
            case "LDVI" -> Method.LDVI.path(2, net);
            case "CMCD-UD" -> Method.CMCD_UD.path(2, net);
            case "OBABO" -> Method.LDVI.path(2, net).integrator(Integrator.OBABO);
            default -> throw new IllegalArgumentException(kernel);
        };
        return p.unrolled(unrolled);
    }

    @ParameterizedTest
    @CsvSource({
        "ULA, 2.076203913465, .945419339534, -1.401629332704, -.2807032167, .6322728338, -.7370361939, .7572590155,"
                + " .4262799365, 0",
        "MCD, 2.139936512251, .945419339534, -1.401629332704, .0817077421, .6540503970, -.6955094167, .6938598386,"
                + " .4970247175, 0",
        "CMCD, 2.009893733409, .910348871107, -1.414425009034, -.8269101048, .6252622163, -.7593434790, .8356552949,"
                + " .3394281063, 0",
        "UHA, 2.176286916378, .719253180091, -1.326468318036, -.3179637255, .0533975798, -.0492304693, .7802021812,"
                + " .3588626533, -.0082570005",
        "UHA-OU, 2.174478545914, .720131568272, -1.324891295705, -.3313878846, .0562168432, -.0456420519, .7752181499,"
                + " .3612387156, -.0082340116",
        "LDVI, 1.972817216379, .719253180091, -1.326468318036, -1.7311738021, .0524057663, -.0492304693, .6911889397,"
                + " .2555045009, -.1072959476",
        "CMCD-UD, 2.277143743511, .727095503472, -1.339573559325, .7227083826, .0380672943, -.0597433586, .7736820649,"
                + " .3795780787, .0529231827",
        "OBABO, 2.067408501364, .739217962899, -1.352138593121, -.7973655694, .0473409274, -.0549108781, .6924752803,"
                + " .2805632059, -.0486851977"
    })
    void knownPath(
            String kernel,
            double logW,
            double x1,
            double x2,
            double dStep,
            double dBeta1,
            double dBeta2,
            double dMean1,
            double dStd2,
            double dDamping) {
        for (int unrolled : new int[] {0, 2}) {
            Path path = path(kernel, unrolled);
            Tensor step = f64(.1);
            Tensor beta = f64(Shape.of(2, 1), .25, .7);
            Tensor mean = f64(.3, -.2);
            Tensor std = f64(.8, 1.2);
            Tensor damping = f64(1.5);
            PathValues v = new PathValues(
                    new DiagonalInitial(mean, std.log()), beta, step.broadcastTo(Shape.of(2, 1)), damping, null);
            PathSample s =
                    path.sample(v, Fixed.TARGET, new ParamSpec(DType.F64).weights(), null, Shape.of(1), 2, Fixed.NOISE);
            Tensor w = Fixed.TARGET.logDensity(s.x()).sub(s.logRatio());
            List<Tensor> out = new ArrayList<>(List.of(w, s.x()));
            out.addAll(Gradients.orZeros(w.sum(), List.of(step, beta, mean, std, damping)));
            // evaluated from the states instead of the noise
            PathSample again = path.replay(v, Fixed.TARGET, new ParamSpec(DType.F64).weights(), null, s);
            out.add(Fixed.TARGET.logDensity(again.x()).sub(again.logRatio()));
            List<HostArray> r = Run.eval(out);
            assertEquals(logW, r.get(0).doubles()[0], 1e-11);
            assertArrayEquals(new double[] {x1, x2}, r.get(1).doubles(), 1e-11);
            assertEquals(dStep, r.get(2).doubles()[0], 1e-9);
            assertArrayEquals(new double[] {dBeta1, dBeta2}, r.get(3).doubles(), 1e-9);
            assertEquals(dMean1, r.get(4).doubles()[0], 1e-9);
            assertEquals(dStd2, r.get(5).doubles()[1], 1e-9);
            assertEquals(dDamping, r.get(6).doubles()[0], 1e-9);
            assertEquals(logW, r.get(7).doubles()[0], 1e-9);
        }
    }
}
