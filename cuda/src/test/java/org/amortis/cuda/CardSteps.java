package org.amortis.cuda;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Precision;
import org.amortis.array.Shape;
import org.amortis.backend.ScalarLoops;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.spi.StateCell;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;

/** Times steps, a chain and products on a card; one line of JSON each. Arguments: which, all if none. */
public final class CardSteps {
    private static final int REPEATS = 7;
    private static final int NODE_REPLAYS = 200;

    private CardSteps() {}

    private interface Work {
        void run();
    }

    /** Median microseconds of one of n, after as many without the clock. */
    private static double micros(int n, Work w) {
        double[] t = new double[REPEATS];
        for (int k = -2; k < REPEATS; k++) {
            long start = System.nanoTime();
            for (int i = 0; i < n; i++) {
                w.run();
            }
            if (k >= 0) {
                t[k] = (System.nanoTime() - start) / 1e3 / n;
            }
        }
        Arrays.sort(t);
        return t[REPEATS / 2];
    }

    /** Runs the measurements. */
    public static void main(String[] args) {
        PrintStream out = System.out;
        List<String> wanted = args.length > 0 ? List.of(args) : PeerSteps.names();
        try (Device d = Device.cuda(0)) {
            out.println("{\"device\": \"" + d.describe() + "\"}");
            for (String name : wanted) {
                PeerSteps.Step s = PeerSteps.of(name);
                Runner r = s.program().open(d, s.store());
                r.run();
                double first = r.scalar(0);
                double one = micros(200, r::run);
                double many = micros(4, () -> r.run(50)) / 50;
                double loss = r.scalar(0);
                out.printf(
                        Locale.ROOT,
                        "{\"step\": \"%s\", \"us\": %.1f, \"us of 50\": %.1f, \"first loss\": %.5f, \"loss\": %.5f}%n",
                        name,
                        one,
                        many,
                        first,
                        loss);
                r.close();
            }
            for (String name : wanted) {
                nodes(name, out);
            }
            if (args.length == 0) {
                chain(d, out);
                for (int n : new int[] {1024, 2048, 4096}) {
                    product(d, n, out);
                }
            }
        }
    }

    /** The launches of a step, one line each: what the step takes longer with it than without. */
    private static void nodes(String name, PrintStream out) {
        PeerSteps.Step s = PeerSteps.of(name);
        CudaDevice d = new CudaDevice(new JCudaDriverCalls(0), Precision.FP32);
        try {
            CudaExecution e = execution(d, s);
            if (e.sequence()) {
                double[] us = e.micros(NODE_REPLAYS);
                List<String> calls = e.describe();
                for (int i = 0; i < us.length; i++) {
                    out.printf(
                            Locale.ROOT,
                            "{\"node of\": \"%s\", \"at\": %d, \"call\": \"%s\", \"node us\": %.2f}%n",
                            name,
                            i,
                            calls.get(i),
                            us[i]);
                }
            }
            e.close();
        } finally {
            d.close();
        }
    }

    /** A step on a device of its own, with states that are 0. */
    static CudaExecution execution(CudaDevice d, PeerSteps.Step s) {
        List<StateCell> cells = s.program().plan().states().stream()
                .map(x -> new StateCell(x.type(), array(x.type()), 0))
                .toList();
        return new CudaExecution(d, s.program().plan(), cells, ScalarLoops.INSTANCE);
    }

    private static Object array(TensorType t) {
        int n = t.shape().size() * t.dtype().slots();
        return switch (t.dtype()) {
            case F32 -> new float[n];
            case F64 -> new double[n];
            case I32, BOOL, KEY -> new int[n];
        };
    }

    private static void chain(Device d, PrintStream out) {
        int n = 1 << 26;
        Tensor x = Tensors.input("x", DType.F32, n);
        Runner r = Program.of(x.mul(1.5).add(0.25).tanh()).open(d);
        r.feed("x", HostArray.zeros(DType.F32, Shape.of(n)));
        double us = micros(3, () -> r.run(20)) / 20;
        out.printf(Locale.ROOT, "{\"chain\": %d, \"us\": %.1f, \"TB/s\": %.2f}%n", n, us, 8.0 * n / us / 1e6);
        r.close();
    }

    private static void product(Device d, int n, PrintStream out) {
        Tensor a = Tensors.input("a", DType.F32, n, n);
        Runner r = Program.of(Tensors.matmul(a, a, false, false)).open(d);
        r.feed("a", HostArray.zeros(DType.F32, Shape.of(n, n)));
        double us = micros(3, () -> r.run(10)) / 10;
        out.printf(
                Locale.ROOT, "{\"product\": %d, \"us\": %.1f, \"TFLOP/s\": %.1f}%n", n, us, 2.0 * n * n * n / us / 1e6);
        r.close();
    }
}
