package org.amortis.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Precision;
import org.amortis.array.Shape;
import org.amortis.cuda.ptx.Arena;
import org.amortis.cuda.ptx.Machine;
import org.amortis.cuda.ptx.Module;
import org.amortis.grad.Gradients;
import org.amortis.math.GammaSampler;
import org.amortis.math.SpecialFunctions;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Run;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Node;
import org.amortis.tensor.Random;
import org.amortis.tensor.RandomOp;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** Gamma draws and their derivatives on the device beside those of the processor, in double. */
class GammaTest {
    private static Device emulated() {
        return Device.builder().backend(Backend.NAME).threads(1).build();
    }

    /** Shapes from where most draws underflow to where they are nearly normal. */
    private static double[] shapes(int each) {
        double[] some = {1e-3, 0.04, 0.3, 0.999, 1, 1.5, 7, 29.5, 31, 150, 1e5};
        double[] r = new double[some.length * each];
        for (int i = 0; i < r.length; i++) {
            r[i] = some[i / each];
        }
        return r;
    }

    private static void close(double[] exact, double[] got, double bound, String what) {
        for (int i = 0; i < exact.length; i++) {
            assertEquals(exact[i], got[i], bound * Math.abs(exact[i]), what + " " + i);
        }
    }

    /** The same attempts are taken: values of other attempts would be far apart. */
    @Test
    void drawsAreThoseOfTheProcessor() {
        double[] alpha = shapes(40);
        Tensor a = Tensors.constant(HostArray.wrap(alpha, Shape.of(alpha.length)));
        Tensor rows = a.reshape(alpha.length / 40, 40);
        Tensor[] keys = {
            Random.gamma(Key.of(5).fold("a"), a),
            Random.logGamma(Key.of(5).fold("b"), a),
            Random.logGamma(Key.of(5).fold("c").split(alpha.length / 40), rows)
        };
        try (Device d = emulated();
                Device cpu = Device.builder().backend("scalar").threads(1).build()) {
            List<HostArray> exact = Run.eval(cpu, List.of(keys));
            List<HostArray> got = Run.eval(d, List.of(keys));
            for (int i = 0; i < keys.length; i++) {
                // the logarithm is near 0 where it is, an exponential carries its absolute error
                close(exact.get(i).toDoubles(), got.get(i).toDoubles(), 1e-12, "result " + i);
            }
        }
    }

    /** From the left tail to the right one, over all branches of the derivative. */
    @Test
    void derivativesAreThoseOfTheProcessor() {
        int each = 9;
        double[] alpha = shapes(each);
        double[] log = new double[alpha.length];
        for (int i = 0; i < log.length; i++) {
            double[] p = {1e-14, 1e-6, 0.01, 0.3, 0.5, 0.8, 0.99, 1 - 1e-6, 1 - 1e-12};
            log[i] = SpecialFunctions.gammaLogQuantile(alpha[i], p[i % each]);
        }
        double[] x = java.util.Arrays.stream(log).map(Math::exp).toArray();
        Tensor a = Tensors.constant(HostArray.wrap(alpha, Shape.of(alpha.length)));
        Tensor[] y = {
            Node.of(new RandomOp.GammaDerivative(false), a, Tensors.constant(HostArray.wrap(x, a.shape())))
                    .result(0),
            Node.of(new RandomOp.GammaDerivative(true), a, Tensors.constant(HostArray.wrap(log, a.shape())))
                    .result(0)
        };
        double[][] exact = new double[2][alpha.length];
        for (int i = 0; i < alpha.length; i++) {
            exact[0][i] = GammaSampler.sampleDerivative(alpha[i], x[i]);
            exact[1][i] = GammaSampler.logSampleDerivative(alpha[i], log[i]);
        }
        try (Device d = emulated()) {
            List<HostArray> got = Run.eval(d, List.of(y));
            close(exact[0], got.get(0).toDoubles(), 1e-13, "of the draw");
            close(exact[1], got.get(1).toDoubles(), 1e-13, "of the logarithm");
        }
    }

    /** What is no shape. */
    @Test
    void whatIsNoShapeGivesNaN() {
        double[] alpha = {0, -1, Double.NaN, Double.POSITIVE_INFINITY};
        Tensor a = Tensors.constant(HostArray.wrap(alpha, Shape.of(4)));
        Tensor zero = Tensors.zeros(DType.F64, Shape.of(4));
        try (Device d = emulated()) {
            for (double v :
                    Run.eval(d, List.of(Random.gamma(Key.of(1), a))).get(0).toDoubles()) {
                assertTrue(Double.isNaN(v));
            }
            double[] slope = Run.eval(
                            d,
                            List.of(Node.of(new RandomOp.GammaDerivative(false), a, zero)
                                    .result(0)))
                    .get(0)
                    .toDoubles();
            for (int i = 0; i < 4; i++) {
                assertEquals(GammaSampler.sampleDerivative(alpha[i], 0), slope[i], "shape " + alpha[i]);
            }
        }
    }

    /** Draws with their gradient are a graph: the processor has nothing to do. */
    @Test
    void nothingIsLeftToTheProcessor() {
        Tensor a = Tensors.input("a", DType.F32, 9).exp();
        Tensor x = Random.logGamma(Key.of(3).fold(1), a).sum();
        Program p = Program.of(x, Gradients.of(x, List.of(a)).get(0));
        CudaDevice device = new CudaDevice(new EmulatedDriver(), Precision.FP32);
        CudaExecution e = CardSteps.execution(device, new PeerSteps.Step("gamma", p, new StateStore()));
        assertTrue(e.sequence(), e.describe().toString());
        device.close();
    }

    /**
     * After seven failed attempts, once in 10^9 draws or less, the quantile is taken: no draw of a test gets there, so the
     * function itself is called.
     */
    @Test
    void theQuantileIsThatOfTheProcessor() {
        String text = Images.text("gamma");
        String name = text.lines()
                .filter(l -> l.contains(".func") && l.contains("logQuantileEddd"))
                .map(l -> l.replaceAll(".*\\) *", "").replaceAll("[^\\w].*", ""))
                .findFirst()
                .orElseThrow();
        String entry = """
            .visible .entry quantiles(.param .u64 quantiles_param_0)
            {
            .reg .b64 %rd<4>;
            .reg .b32 %r<2>;
            .reg .f64 %fd<5>;
            ld.param.u64 %rd1, [quantiles_param_0];
            mov.u32 %r1, %tid.x;
            mul.wide.s32 %rd2, %r1, 32;
            add.s64 %rd3, %rd1, %rd2;
            ld.global.f64 %fd1, [%rd3];
            ld.global.f64 %fd2, [%rd3+8];
            ld.global.f64 %fd3, [%rd3+16];
            { .param .b64 param0; st.param.f64 [param0+0], %fd1;
            .param .b64 param1; st.param.f64 [param1+0], %fd2;
            .param .b64 param2; st.param.f64 [param2+0], %fd3;
            .param .b64 retval0;
            call.uni (retval0), NAME, (param0, param1, param2);
            ld.param.f64 %fd4, [retval0+0]; }
            st.global.f64 [%rd3+24], %fd4;
            ret;
            }
            """.replace("NAME", name);
        double[] shapes = {0.01, 0.3, 1, 1.9, 5, 20, 99, 130, 4000, 1e6};
        double[] levels = {1e-300, 1e-20, 1e-5, 0.1, 0.49, 0.51, 0.9, 1 - 1e-7, 1 - 0x1p-53};
        int n = shapes.length * levels.length;
        Arena memory = new Arena();
        Module module = new Module(text + entry, memory);
        long at = memory.allocate(32L * n);
        ByteBuffer all = ByteBuffer.wrap(memory.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        int place = memory.at(at, 8);
        for (int i = 0; i < n; i++) {
            double p = levels[i % levels.length];
            all.putDouble(place + 32 * i, shapes[i / levels.length]);
            all.putDouble(place + 32 * i + 8, p).putDouble(place + 32 * i + 16, 1 - p);
        }
        byte[] argument = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(at)
                .array();
        new Machine(memory).launch(module, "quantiles", new int[] {1, 1, 1}, new int[] {n, 1, 1}, 0, argument);
        for (int i = 0; i < n; i++) {
            double a = shapes[i / levels.length];
            double exact = SpecialFunctions.gammaLogQuantile(a, levels[i % levels.length]);
            double got = all.getDouble(place + 32 * i + 24);
            assertEquals(exact, got, 2e-14 * Math.max(1, Math.abs(exact)), a + " at " + levels[i % levels.length]);
        }
    }
}
