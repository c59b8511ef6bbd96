package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.ServiceLoader;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.spi.BackendProvider;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.Loops;
import org.amortis.tensor.Compare;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Unary;
import org.amortis.tensor.Where;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimdProviderTest {
    /** Special functions of floats that the portable loops keep; of doubles the last two only. */
    private static final Set<Unary> SCALAR =
            EnumSet.of(Unary.NORMAL_QUANTILE, Unary.LGAMMA, Unary.LOG_BESSEL, Unary.BESSEL_REST);

    @Test
    void isFoundAndUsableHere() {
        // tests run inside the module, which provides the service and does not use it
        SimdProviderTest.class.getModule().addUses(BackendProvider.class);
        BackendProvider found = ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(p -> p.name().equals("simd"))
                .findFirst()
                .orElseThrow();
        assertNull(found.unavailable());
        Loops loops = found.loops();
        assertNotNull(loops);
        assertEquals("simd", loops.name());
        assertTrue(loops.vectorBits() >= 128);
    }

    @Test
    void everyProbeHasItsOwnReason() {
        String[] reasons = {
            Probes.property("0"),
            Probes.property("64"),
            Probes.module(false),
            Probes.compiler("interpreted mode"),
            Probes.compiler("mixed mode, emulated-client"),
            Probes.width(64, 0),
            Probes.width(256, 512),
            Probes.selfTest("exp(1.0) = 3.0, scalar 2.718281828459045")
        };
        for (int i = 0; i < reasons.length; i++) {
            assertNotNull(reasons[i], "probe " + i);
            for (int j = 0; j < i; j++) {
                assertNotEquals(reasons[j], reasons[i]);
            }
        }
        assertTrue(reasons[2].contains("--add-modules jdk.incubator.vector"));
    }

    @Test
    void noProbeFailsWhereAllIsWell() {
        assertNull(Probes.property(null));
        assertNull(Probes.property("256"));
        assertNull(Probes.module(true));
        assertNull(Probes.compiler("mixed mode, sharing"));
        assertNull(Probes.width(512, 256));
        assertNull(Probes.width(128, 0));
        assertNull(Probes.selfTest(null));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 67, 200})
    void selfTestPassesAtAnySize(int n) {
        assertNull(SelfTest.run(n));
    }

    /** One wrong line in the tables of loops would compute another function. */
    @ParameterizedTest
    @EnumSource(Unary.class)
    void loopsComputeTheirOperation(Unary op) {
        Loops loops = new SimdLoops();
        boolean probability = op == Unary.NORMAL_QUANTILE;
        float[] x = probability ? new float[] {0.25f, 0.5f, 0.75f, 0.0625f, 1} : new float[] {0.25f, 0.5f, 1.5f, 2, 3};
        ElementwiseLoop f = loops.elementwise(op, DType.F32);
        ElementwiseLoop d = loops.elementwise(op, DType.F64);
        assertEquals(SCALAR.contains(op), f == null);
        if (loops.lanes(DType.F64) > 2) {
            assertEquals(op == Unary.LOG_BESSEL || op == Unary.BESSEL_REST, d == null);
        }
        float[] y = new float[5];
        if (f != null) {
            f.run(x, 0, x, 0, x, 0, y, 0, 5);
        }
        double[] wide = new double[5];
        for (int i = 0; i < 5; i++) {
            wide[i] = x[i];
        }
        double[] z = new double[5];
        if (d != null) {
            d.run(wide, 0, wide, 0, wide, 0, z, 0, 5);
        }
        for (int i = 0; i < 5; i++) {
            double exact = op.apply(x[i], 0, 0);
            boolean finite = Double.isFinite(exact);
            if (f != null && finite) {
                assertEquals(exact, y[i], Math.max(1, op.ulps()) * Math.ulp((float) exact));
            }
            if (d != null) {
                assertEquals(exact, z[i], finite ? 8 * Math.ulp(exact) : 0);
            }
        }
    }

    @Test
    void binaryComparisonsAndScalarsComputeTheirOperation() {
        Loops loops = new SimdLoops();
        float[] a = {1, 2, 3, 4, -1};
        float[] b = {2, 2, 0.5f, -4, 8};
        ElementwiseOp[] ops = new ElementwiseOp[13];
        System.arraycopy(org.amortis.tensor.Binary.values(), 0, ops, 0, 7);
        System.arraycopy(Compare.values(), 0, ops, 7, 6);
        for (ElementwiseOp op : ops) {
            boolean test = op instanceof Compare;
            for (int form = 0; form < 3; form++) {
                Object y = test ? new int[5] : new float[5];
                switch (form) {
                    case 0 -> loops.elementwise(op, DType.F32).run(a, 0, b, 0, b, 0, y, 0, 5);
                    case 1 -> loops.scalarRight(op, DType.F32).run(a, 0, 3, y, 0, 5);
                    default -> loops.scalarLeft(op, DType.F32).run(b, 0, 3, y, 0, 5);
                }
                for (int i = 0; i < 5; i++) {
                    double exact = op.apply(form == 2 ? 3 : a[i], form == 1 ? 3 : b[i], 0);
                    assertEquals((float) exact, test ? ((int[]) y)[i] : ((float[]) y)[i], op + " form " + form);
                }
            }
        }
        float[] y = new float[5];
        loops.elementwise(Where.WHERE, DType.F32).run(new int[] {1, 0, 1, 0, 1}, 0, a, 0, b, 0, y, 0, 5);
        assertEquals(b[1], y[1]);
        assertEquals(a[2], y[2]);
    }

    @Test
    void peakIsMeasured() {
        double peak = FmaPeak.measure(500);
        // on a machine busy with other work the compiler may take seconds to get to the loop
        for (int i = 0; i < 20 && peak <= 1e8; i++) {
            peak = Math.max(peak, FmaPeak.measure(500));
        }
        assertTrue(peak > 1e8, "FMA rate " + peak);
    }
}
