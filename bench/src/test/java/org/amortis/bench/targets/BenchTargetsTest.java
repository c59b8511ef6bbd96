package org.amortis.bench.targets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.mc.Target;
import org.amortis.runtime.Run;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BenchTargetsTest {
    /**
     * Values and gradient norms at 0, at 0.1 and at 0.1 sin(i), i from 1, by another program in double precision with eight
     * and six digits behind the point.
     */
    record Probe(String name, List<Double> values, List<Double> norms) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Probe probe(String name, double a, double b, double c, double p, double q, double r) {
        return new Probe(name, List.of(a, b, c), List.of(p, q, r));
    }

    static List<Probe> probes() {
        return List.of(
                probe("sonar", -200.22986408, -360.79256010, -208.44373930, 163.773397, 341.172093, 171.287539),
                probe("ionosphere", -275.45750904, -240.99687403, -272.55543910, 227.682829, 177.545782, 220.130778),
                probe("australian", -492.05563258, -409.12031600, -511.10800473, 401.748339, 281.742497, 420.524681),
                probe("credit", -773.68527121, -1555.11977205, -718.02627917, 2524.545729, 3420.296313, 1398.933979),
                probe(
                        "credit-no-prior",
                        -693.14718056,
                        -1474.58043139,
                        -637.48756097,
                        2524.545729,
                        3420.292129,
                        1398.934162),
                probe("cancer", -494.26797815, -2952.56787719, -553.52841583, 1097.687285, 6542.150683, 2870.459189),
                probe("seeds", -124.67109030, -126.99119734, -131.25215240, 70.245996, 76.880834, 70.194347),
                probe("brownian", -38.14380769, -42.63652683, -40.47014428, 22.978547, 22.258450, 22.613797),
                probe("lorenz", -1202.59989763, -1429.19527525, -6058.81619677, 54.258908, 920.096470, 14882.822067),
                probe("lgcp-a", -1029.74646307, -1010.67912208, -1033.77866826, 20.880480, 19.341167, 21.072878),
                probe("lgcp-a-field", -2451.04921919, -2400.19962603, -2454.54680542, 18.269206, 18.067892, 18.465951),
                probe("lgcp-b", -1025.86518116, -1006.61212871, -1029.00016098, 21.484170, 19.986466, 21.628377),
                probe("lgcp-b-field", -2451.04921919, -2400.09962603, -2454.12586377, 18.782432, 18.583890, 18.952663),
                probe("funnel", -10.28799762, -10.77927086, -10.68678727, 4.500000, 4.478627, 4.493654),
                probe("banana", -8.64046216, -8.94458220, -8.91676434, 3.000000, 3.099750, 3.090753),
                probe("many-well", -20, -20.02550000, -19.98869510, 0, 1.902125, 1.468251),
                probe("fab-many-well", 0, 1.67840000, 0.42789297, 2.000000, 6.795782, 3.912274),
                probe("gmm40-2", -9.62842733, -9.78692491, -9.75331407, 2.864148, 2.918962, 2.907424),
                probe(
                        "gmm40-50",
                        -10059.49378446,
                        -10030.37485580,
                        -10062.27040177,
                        141.491039,
                        141.285095,
                        141.510668),
                probe("gmm-2d", -5.58092473, -5.89857609, -5.85287845, 1.796970, 2.635932, 2.551012),
                probe("mos10-2", -7.60086974, -7.68605190, -7.67368432, 0.660883, 0.687247, 0.684766),
                probe("mos10-50", -222.15684897, -222.38586256, -222.31197594, 2.898248, 2.740782, 2.685630));
    }

    static double[] rows(int d) {
        double[] x = new double[3 * d];
        for (int i = 0; i < d; i++) {
            x[d + i] = .1;
            x[2 * d + i] = .1 * Math.sin(i + 1);
        }
        return x;
    }

    private static final double VALUE = 1e-6;

    /** The last digit of a printed norm, and a half of it. */
    private static final double NORM = 1.5e-6;

    @ParameterizedTest
    @MethodSource("probes")
    void probeValues(Probe p) {
        Target t = BenchTargets.named(p.name());
        assertEquals(p.name(), t.name());
        int d = t.dimension();
        double[] x = rows(d);
        List<Tensor> out = new ArrayList<>();
        HostArray doubles = HostArray.wrap(x, Shape.of(3, d));
        List<Tensor> at = new ArrayList<>();
        at.add(Tensors.resident(doubles));
        at.add(Tensors.resident(doubles.cast(DType.F32)));
        // other leading axes and none
        at.add(Tensors.resident(doubles.reshape(Shape.of(3, 1, d))));
        for (int i = 0; i < 3; i++) {
            at.add(Tensors.resident(doubles.rows(i, i + 1).reshape(Shape.of(d))));
        }
        for (Tensor z : at) {
            Tensor v = t.logDensity(z);
            assertEquals(z.shape().drop(-1), v.shape());
            out.add(v);
            out.add(Gradients.of(v.sum(), z));
        }
        List<HostArray> r = Run.eval(out);
        for (int i = 0; i < 3; i++) {
            double value = r.get(0).get(i);
            assertEquals(p.values().get(i), value, VALUE, "value " + i);
            assertEquals(value, r.get(2).get(i), 1e-5 * Math.max(1, Math.abs(value)), "float32 " + i);
            assertEquals(value, r.get(4).get(i), 1e-10 * Math.max(1, Math.abs(value)), "leading axes " + i);
            assertEquals(value, r.get(6 + 2 * i).scalar(), 1e-10 * Math.max(1, Math.abs(value)), "alone " + i);
            double norm = norm(r.get(1), i, d);
            assertEquals(p.norms().get(i), norm, NORM, "norm " + i);
            assertEquals(norm, norm(r.get(3), i, d), 1e-5 * Math.max(1, norm), "float32 norm " + i);
            assertEquals(norm, norm(r.get(5), i, d), 1e-10 * Math.max(1, norm), "norm, leading axes " + i);
            assertEquals(norm, norm(r.get(7 + 2 * i), 0, d), 1e-10 * Math.max(1, norm), "norm alone " + i);
        }
    }

    private static double norm(HostArray g, int row, int d) {
        double s = 0;
        for (int j = 0; j < d; j++) {
            s += g.get(row * d + j) * g.get(row * d + j);
        }
        return Math.sqrt(s);
    }

    @Test
    void mixturesAtTheirFirstMode() {
        double[] expected = {-5.52634923, -49.63580611, -4.35958103, -54.28862363};
        List<Tensor> values = new ArrayList<>();
        for (String name : List.of("gmm40-2", "gmm40-50", "mos10-2", "mos10-50")) {
            Target t = BenchTargets.named(name);
            values.add(t.logDensity(Tensors.constant(t.modes().orElseThrow().rows(0, 1))));
        }
        List<HostArray> r = Run.eval(values);
        for (int i = 0; i < 4; i++) {
            assertEquals(expected[i], r.get(i).scalar(), 1e-6);
        }
    }

    @Test
    void factorOfTheCoxProcess() {
        assertEquals(CoxProcess.LOG_DET, CoxProcess.logDet(), 1e-9);
    }

    /** Every target with data has a row above, and every file is read by one. */
    @Test
    void theTableIsWhole() {
        Set<String> probed = new HashSet<>();
        probes().forEach(p -> probed.add(p.name()));
        Set<String> rest = new HashSet<>(BenchTargets.TABLE.names());
        rest.removeAll(probed);
        assertEquals(
                Set.of(
                        "gaussian",
                        "gmm1d",
                        "many-well-5",
                        "funnel-noncentred",
                        "eight-schools",
                        "eight-schools-noncentred"),
                rest,
                "tested with their closed forms in core");
        for (TargetData d : TargetData.values()) {
            assertTrue(d.read().shape().size() > 0);
        }
    }

    @Test
    void unknownNamesAreListed() {
        String message = assertThrows(PlanException.class, () -> BenchTargets.named("sonnar"))
                .getMessage();
        assertTrue(message.contains("sonnar") && message.contains("sonar") && message.contains("funnel"), message);
    }

    /** log softplus(z) and the scales stay finite where softplus itself is below the smallest float. */
    @Test
    void brownianInFloat32FarOut() {
        Target t = BenchTargets.named("brownian");
        float[] x = new float[3 * t.dimension()];
        x[0] = -40;
        x[1] = -2;
        x[t.dimension()] = 90;
        x[t.dimension() + 1] = 90;
        x[2 * t.dimension()] = -120;
        Tensor z = Tensors.constant(HostArray.wrap(x, Shape.of(3, t.dimension())));
        Tensor v = t.logDensity(z);
        Tensor wide = t.logDensity(z.cast(DType.F64));
        List<HostArray> r = Run.eval(List.of(v, Gradients.of(v.sum(), z), wide));
        for (int i = 0; i < 3; i++) {
            double exact = r.get(2).get(i);
            assertEquals(exact, r.get(0).get(i), 1e-5 * Math.abs(exact));
        }
        for (double g : r.get(1).toDoubles()) {
            assertTrue(Double.isFinite(g), "gradient " + g);
        }
    }
}
