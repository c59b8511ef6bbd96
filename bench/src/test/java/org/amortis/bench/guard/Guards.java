package org.amortis.bench.guard;

import com.sun.management.ThreadMXBean;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.function.LongSupplier;
import org.amortis.array.DType;
import org.amortis.bench.micro.BatchedBenchmark;
import org.amortis.bench.micro.CellBenchmark;
import org.amortis.bench.micro.ConvolutionBenchmark;
import org.amortis.bench.micro.DrawBenchmark;
import org.amortis.bench.micro.ElementwiseBenchmark;
import org.amortis.bench.micro.IndexBenchmark;
import org.amortis.bench.micro.ProductBenchmark;
import org.amortis.bench.micro.ReductionBenchmark;
import org.amortis.bench.micro.SplineKernelBenchmark;
import org.amortis.bench.micro.UpdateBenchmark;
import org.amortis.bench.peers.Inputs;
import org.amortis.bench.step.MeasuredStep;
import org.amortis.bench.step.StepRun;
import org.amortis.kernels.FmaPeak;
import org.amortis.runtime.Device;
import org.amortis.spi.BackendProvider;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.spi.Loops;
import org.amortis.tensor.Unary;
import org.openjdk.jmh.annotations.Param;

/**
 * The JVM in which guards measure: the bodies of the micro benchmarks and the training steps until they leave no garbage, and
 * two rates. Writes a line for each to a file: kind, name, number.
 */
public final class Guards {
    /** The micro benchmarks. */
    static final List<Class<?>> MICRO = List.of(
            ProductBenchmark.class,
            BatchedBenchmark.class,
            ElementwiseBenchmark.class,
            ReductionBenchmark.class,
            IndexBenchmark.class,
            ConvolutionBenchmark.class,
            CellBenchmark.class,
            SplineKernelBenchmark.class,
            DrawBenchmark.class,
            UpdateBenchmark.class);

    /**
     * Steps of a millisecond or two. The autoencoders and LDVI would need more seconds until what runs once a step is compiled (LDVI
     * some 7,000 steps of 4 ms, then nothing is left); small ones are watched by StepGarbageTest.
     */
    static final List<MeasuredStep> STEPS =
            List.of(MeasuredStep.FLOW, MeasuredStep.GRU, MeasuredStep.MLP, MeasuredStep.ATTENTION, MeasuredStep.SCAN);

    /** What a product of 256 cubed reaches of the multiply-add loop, at least. */
    static final double GEMM_SHARE = 0.7;

    /** Patience with a body, in time of the processor: other processes do not count. */
    private static final long LIMIT_NANOS = 6_000_000_000L;

    private static final long ROUND_NANOS = 10_000_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Guards() {}

    /**
     * Measures.
     *
     * @param args file of the report
     */
    public static void main(String[] args) throws Exception {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(args[0])))) {
            for (Class<?> type : MICRO) {
                micro(type, out);
            }
            for (int i = 0; i < STEPS.size(); i++) {
                MeasuredStep step = STEPS.get(i);
                int threads = 1 + i % 2;
                try (Device device = Device.builder().threads(threads).build()) {
                    StepRun run = StepRun.of(step, device);
                    report(out, "STEP", step + "/" + threads, 64, THREADS::getTotalThreadAllocatedBytes, run::run);
                }
            }
            rates(out);
        }
        System.exit(0);
    }

    /** Every value of every parameter at least once but for large sizes, the values of all taken in step. */
    private static void micro(Class<?> type, PrintWriter out) throws ReflectiveOperationException {
        List<Field> parameters = new ArrayList<>();
        List<Field> bodies = new ArrayList<>();
        int most = 1;
        for (Field f : type.getDeclaredFields()) {
            f.setAccessible(true);
            Param p = f.getAnnotation(Param.class);
            if (p != null) {
                parameters.add(f);
                most = Math.max(most, p.value().length);
            } else if (f.getType() == Runnable.class) {
                bodies.add(f);
            }
        }
        for (int i = 0; i < most; i++) {
            Object benchmark = type.getConstructor().newInstance();
            StringBuilder name = new StringBuilder(type.getSimpleName());
            for (Field f : parameters) {
                List<String> values = small(f.getAnnotation(Param.class).value());
                String v = values.get(i % values.size());
                f.set(benchmark, value(f.getType(), v));
                name.append(' ').append(f.getName()).append('=').append(v);
            }
            type.getMethod("open").invoke(benchmark);
            for (Field f : bodies) {
                report(out, "MICRO", name + " " + f.getName(), 1, THREADS::getCurrentThreadAllocatedBytes, (Runnable)
                        f.get(benchmark));
            }
            type.getMethod("close").invoke(benchmark);
        }
    }

    /** Boxes do not depend on the size, but on the path through a kernel; the compiler sees small sizes often. */
    private static List<String> small(String... values) {
        List<String> r = new ArrayList<>();
        for (String v : values) {
            double elements = 1;
            for (String n : v.matches("[0-9x]+") ? v.split("x", -1) : new String[0]) {
                elements *= Double.parseDouble(n);
            }
            if (elements <= 300_000 && !v.equals("65536")) {
                r.add(v);
            }
        }
        return r;
    }

    private static Object value(Class<?> type, String text) {
        if (type == int.class) {
            return Integer.parseInt(text);
        }
        return type == DType.class ? DType.valueOf(text) : text;
    }

    /** The fewest bytes a call of a round, over rounds until it is below the bound or patience ends. */
    private static void report(
            PrintWriter out, String kind, String name, double bound, LongSupplier allocated, Runnable body) {
        long start = THREADS.getCurrentThreadCpuTime();
        body.run();
        double least = Double.POSITIVE_INFINITY;
        long calls = 20;
        while (least >= bound && THREADS.getCurrentThreadCpuTime() - start < LIMIT_NANOS) {
            long before = allocated.getAsLong();
            long t = System.nanoTime();
            for (long i = 0; i < calls; i++) {
                body.run();
            }
            t = System.nanoTime() - t;
            least = Math.min(least, (allocated.getAsLong() - before) / (double) calls);
            // what a round itself leaves is spread over its calls
            calls = Math.max(20, Math.min(2000, calls * ROUND_NANOS / Math.max(1, t)));
        }
        out.printf(Locale.ROOT, "%s\t%s\t%.4f%n", kind, name, least);
        out.flush();
    }

    private static void rates(PrintWriter out) {
        Loops loops = loops();
        int n = 256;
        float[] a = Inputs.uniform(n * n, -1, 1, 1);
        float[] b = Inputs.uniform(n * n, -1, 1, 2);
        float[] c = new float[n * n];
        float[] scratch = new float[loops.gemmScratch(DType.F32, false, false, n, n, n)];
        Runnable product = () -> loops.gemm(false, false, n, n, n, a, 0, n, b, 0, n, 0, c, 0, n, 0, n, scratch);
        int m = 4096;
        float[] x = Inputs.uniform(m, -6, 6, 3);
        float[] y = new float[m];
        ElementwiseLoop loop = loops.elementwise(Unary.EXP, DType.F32);
        Runnable vectors = () -> {
            if (loop != null) {
                loop.run(x, 0, x, 0, x, 0, y, 0, m);
            }
        };
        Runnable scalars = () -> {
            for (int i = 0; i < m; i++) {
                y[i] = (float) Math.exp(x[i]);
            }
        };
        double peak = 0;
        double products = Double.POSITIVE_INFINITY;
        double fast = Double.POSITIVE_INFINITY;
        double slow = Double.POSITIVE_INFINITY;
        double work = 2.0 * n * n * n;
        // in turns, and the best of each: what disturbs one disturbs the others. But what shares the core from outside
        // takes more
        // from a product, which fills every slot, than from the loop, so a low share is looked at for longer
        for (int round = 0; round < 12 || round < 500 && work / products < GEMM_SHARE * peak * 1e-9; round++) {
            peak = Math.max(peak, FmaPeak.measure(20));
            products = Math.min(products, best(product, 40));
            fast = Math.min(fast, best(vectors, 1000));
            slow = Math.min(slow, best(scalars, 100));
        }
        out.printf(Locale.ROOT, "RATE\tgemm\t%.4f%n", work / products / (peak * 1e-9));
        out.printf(Locale.ROOT, "RATE\texp\t%.4f%n", slow / fast);
    }

    /** Nanoseconds of the fastest call. */
    private static double best(Runnable body, int calls) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < calls; i++) {
            long t = System.nanoTime();
            body.run();
            best = Math.min(best, System.nanoTime() - t);
        }
        return best;
    }

    private static Loops loops() {
        for (BackendProvider p : ServiceLoader.load(BackendProvider.class)) {
            Loops l = p.unavailable() == null ? p.loops() : null;
            if (l != null) {
                return l;
            }
        }
        throw new IllegalStateException("no vector kernels here");
    }
}
