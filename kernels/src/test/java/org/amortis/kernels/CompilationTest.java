package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.spi.ElementwiseLoop;
import org.amortis.tensor.ConvOp;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.SplineForm;
import org.amortis.tensor.SplineOp;
import org.amortis.tensor.Unary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Primes the kernels in a JVM of their own and reads what its compilers say: a method that a compiler gives up stays a
 * thousand times too slow, and a kernel that allocates has a vector that C2 could not keep in a register.
 */
@Isolated("its processes need the processor to themselves")
class CompilationTest {
    /** A boxed vector costs more than a hundred bytes each; a handful of objects in a thousand calls is not that. */
    private static final double BYTES_PER_CALL = 16;

    private static final float[] SCRATCH = new float[FloatGemm.scratchSize(false, true, 40, 40, 40)];

    /** The other JVM: primes, then allocates as little as it can, a tail in every other call. */
    public static void main(String[] args) throws InterruptedException, ReflectiveOperationException {
        Priming.tasks().forEach(Runnable::run);
        // whatever the compiler still has in its queue
        Thread.sleep(1000);
        float[] x = new float[1024];
        float[] y = new float[1024];
        SimdLoops loops = new SimdLoops();
        for (ElementwiseOp op : Unary.values()) {
            ElementwiseLoop loop = loops.elementwise(op, DType.F32);
            if (loop != null) {
                report(op.name(), () -> {
                    loop.run(x, 0, x, 0, x, 0, y, 0, 1024);
                    loop.run(x, 0, x, 0, x, 0, y, 0, 3);
                });
            }
        }
        float[] left = new float[1024];
        java.util.Arrays.fill(left, 0, 1000, -7);
        ElementwiseLoop gelu = loops.elementwise(Unary.GELU, DType.F32);
        report("gelu on the left", () -> gelu.run(left, 0, left, 0, left, 0, y, 0, 1021));
        report("sum", () -> y[0] = FloatReduce.sum(x, 0, 1021));
        report("dot", () -> y[0] = FloatReduce.dot(x, 0, y, 0, 1021));
        report("max", () -> y[0] = FloatReduce.max(x, 0, 1021) + FloatReduce.min(x, 0, 1021));
        report("columnSums", () -> FloatReduce.columnSums(x, 0, 37, 20, 0, 37, y, 0, false));
        report("softmax", () -> FloatSoftmax.softmax(x, 0, 20, 37, y, 0, SCRATCH));
        report("logSumExp", () -> FloatSoftmax.logSumExp(x, 0, 20, 37, y, 0, SCRATCH));
        report("logSoftmax", () -> FloatSoftmax.logSoftmax(x, 0, 20, 37, y, 0, SCRATCH));
        report("short softmax", () -> FloatSoftmax.softmax(x, 0, 20, 5, y, 0, SCRATCH));
        report("softmaxGradient", () -> FloatRowSteps.softmaxGradient(x, 0, x, 0, 20, 37, y, 0));
        report("logSumExpGradient", () -> FloatSoftmaxGradient.logSumExpRows(x, 0, x, 0, x, 0, 20, 37, y, 0));
        report("layerNorm", () -> FloatNorm.normalise(x, 0, 20, 37, 1, y, 0));
        report("layerNormGradient", () -> FloatNorm.gradient(x, 0, x, 0, 20, 37, 1, y, 0));
        report("gruCell", () -> FloatGru.cell(x, 0, x, 0, x, 0, 10, 21, y, 0, SCRATCH));
        recurrences();
        splines();
        algebra();
        smallProducts();
        convolutions();
        report("row", () -> product(false, 1, 33, 29, x, y));
        report("rowTransposed", () -> product(true, 1, 33, 29, x, y));
        report("column", () -> product(false, 31, 1, 33, x, y));
        report("uniforms", () -> PhiloxKernel.uniforms(y, 0, 1021, 5, 0, 1, 0, SCRATCH));
        report("normals", () -> PhiloxKernel.normals(y, 0, 1021, 5, 0, 1, 0, SCRATCH));
        report("gemm", () -> product(true, 33, 31, 30, x, y));
    }

    private static void recurrences() throws InterruptedException, ReflectiveOperationException {
        FloatRecurrence loop = new FloatRecurrence();
        double[] values = new double[41];
        float[] x = new float[32 * 37];
        float[] y = new float[32 * 37];
        float[] scratch = new float[loop.scratch()];
        report("running products", () -> {
            loop.lines(x, 0, null, 0, values, y, 0, 20, 41, 41);
            loop.rows(x, 0, null, 0, values, y, 0, 37, 37, false, scratch);
        });
        report("linear recurrence", () -> {
            loop.lines(x, 0, x, 0, values, y, 0, 20, 41, 41);
            loop.rows(x, 0, x, 0, values, y, 0, 37, 37, true, scratch);
        });
    }

    private static void splines() throws InterruptedException, ReflectiveOperationException {
        SplineForm form = new SplineForm(7, SplineForm.Ends.JOINED, 1e-2, 1e-2, 1);
        for (boolean inverse : new boolean[] {false, true}) {
            for (SplineOp op : new SplineOp[] {new SplineOp.Map(form, inverse), new SplineOp.Gradient(form, inverse)}) {
                FloatSpline loop = new FloatSpline(op);
                float[][] arrays = new float[6][37 * 11 * form.parameters()];
                float[] scratch = new float[loop.scratch()];
                int[] at = new int[6];
                report(op.name(), () -> {
                    loop.run(arrays, at, 11, 0, 37 * 11, scratch);
                    loop.run(arrays, at, 37, 0, 37 * 11, scratch);
                    loop.run(arrays, at, 2, 0, 38, scratch);
                });
            }
        }
    }

    private static void smallProducts() throws InterruptedException, ReflectiveOperationException {
        int count = 13;
        for (int n : new int[] {2, 5}) {
            for (boolean transposed : new boolean[] {false, true}) {
                FloatSmallGemm kernel = FloatSmallGemm.of(transposed, transposed, n, n, n);
                if (kernel != null) {
                    int[] at = new int[count];
                    for (int q = 0; q < count; q++) {
                        at[q] = q * n * n;
                    }
                    float[] x = new float[count * n * n];
                    float[] y = new float[count * n * n];
                    float[] scratch = new float[kernel.scratch()];
                    report("products of " + n + (transposed ? " transposed" : ""), () -> {
                        kernel.run(x, 0, at, x, 0, at, false, y, 0, 0, count, scratch);
                        kernel.run(x, 0, at, x, 0, at, true, y, 0, 0, count, scratch);
                    });
                }
            }
        }
    }

    private static void convolutions() throws InterruptedException, ReflectiveOperationException {
        for (int stride = 1; stride <= 2; stride++) {
            ConvOp.Window g = ConvOp.Window.of(stride, 1, 1);
            // all heights: 31 is 12, 10, 6 and 3 or the like
            for (int out : new int[] {1, 2, 15, 31}) {
                Shape x = Shape.of(1, 3, 19, 17);
                Shape k = Shape.of(out, 3, 3, 3);
                Shape y = Shape.of(1, out, g.outHeight(19, 3), g.outWidth(17, 3));
                float[] a = new float[x.size()];
                float[] w = new float[k.size()];
                float[] b = new float[y.size()];
                for (boolean adjoint : new boolean[] {false, true}) {
                    FloatConv loop = new FloatConv(new ConvPlan(adjoint, g, x, k, y, Species.F32.length()));
                    float[] scratch = new float[loop.scratch()];
                    report((adjoint ? "adjoint convolution " : "convolution ") + stride + " " + out, () -> {
                        loop.run(adjoint ? b : a, 0, w, 0, adjoint ? a : b, 0, 0, loop.parts(), scratch);
                    });
                }
            }
            Shape x = Shape.of(1, 32, 14, 14);
            Shape k = Shape.of(13, 32, 3, 3);
            Shape y = Shape.of(1, 13, g.outHeight(14, 3), g.outWidth(14, 3));
            FloatConvWeights loop = FloatConvWeights.of(g, x, k, y);
            if (loop != null) {
                float[] a = new float[x.size()];
                float[] b = new float[k.size()];
                float[] scratch = new float[loop.scratch()];
                report("gradient of weights " + stride, () -> loop.run(a, 0, a, 0, b, 0, 0, 1, scratch));
            }
        }
    }

    private static void algebra() throws InterruptedException, ReflectiveOperationException {
        int n = 9;
        int l = BatchedCholesky.LANES;
        SimdAlgebra algebra = new SimdAlgebra();
        int[] at = new int[l];
        double[] s = new double[n * n * l + algebra.scratch()];
        double[] x = new double[n * n * l];
        float[] f = new float[n * n * l];
        java.util.Arrays.fill(x, 1);
        java.util.Arrays.fill(f, 1);
        report("side by side", () -> {
            algebra.load(x, 0, at, 0, n * n, s, 0, s, x.length);
            algebra.store(s, 0, n * n, x, 0, n * n, s, x.length);
        });
        report("floats side by side", () -> {
            algebra.load(f, 0, at, 0, n * n, s, 0, s, x.length);
            algebra.store(s, 0, n * n, f, 0, n * n, s, x.length);
        });
        report("cholesky", () -> {
            java.util.Arrays.fill(s, 0, x.length, 1);
            algebra.cholesky(n, s);
        });
        report("solve", () -> algebra.solve(n, 3, x, 0, n * l, l, s, 0, 3 * l));
        report("solveColumns", () -> {
            algebra.solveColumns(false, n, l, x, 0, n, 1, s, 0, 2 * l);
            algebra.solveColumns(true, n, 2 * l, x, 0, n, 1, s, 0, 2 * l);
        });
    }

    private static void product(boolean transB, int m, int n, int k, float[] x, float[] y) {
        int ldb = transB ? k : n;
        FloatGemm.gemm(false, transB, m, n, k, x, 0, k, x, 0, ldb, 0, y, 0, y, 0, n, 0, m, 0, n, SCRATCH, 0);
    }

    private static void report(String name, Runnable kernel) throws InterruptedException, ReflectiveOperationException {
        // rounds until it is clean: on a busy machine the compiler comes late
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 150 && least > 1000 * BYTES_PER_CALL; round++) {
            long before = allocatedBytes();
            for (int i = 0; i < 1000; i++) {
                kernel.run();
            }
            least = Math.min(least, allocatedBytes() - before);
            if (round > 10) {
                Thread.sleep(50);
            }
        }
        System.out.println("ALLOCATED " + name + " " + least / 1000.0);
    }

    /** By reflection: the module under test does not read the management modules. */
    private static long allocatedBytes() throws ReflectiveOperationException {
        Object bean = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        return (Long) Class.forName("com.sun.management.ThreadMXBean")
                .getMethod("getCurrentThreadAllocatedBytes")
                .invoke(bean);
    }

    /** What a JVM said: methods that its compilers gave up, kernels that allocate with their bytes a call. */
    private record Findings(Set<String> skipped, Map<String, String> allocating) {
        boolean isEmpty() {
            return skipped.isEmpty() && allocating.isEmpty();
        }
    }

    /**
     * What C2 inlines depends on what it happened to compile before, so that one JVM in some dozens boxes a vector somewhere. A
     * kernel fails if it does so in two JVMs, one after the other.
     */
    @Test
    void nothingIsSkippedAndNothingAllocates() throws IOException, InterruptedException, URISyntaxException {
        Findings found = measure();
        if (!found.isEmpty()) {
            Findings again = measure();
            System.getLogger("org.amortis.test").log(System.Logger.Level.WARNING, "first " + found + ", then " + again);
            found.skipped().retainAll(again.skipped());
            found.allocating().keySet().retainAll(again.allocating().keySet());
        }
        assertEquals(Set.of(), found.skipped());
        assertEquals(Map.of(), found.allocating(), "bytes per call");
    }

    private static Findings measure() throws IOException, InterruptedException, URISyntaxException {
        String path = String.join(
                java.io.File.pathSeparator,
                home(CompilationTest.class),
                home(Priming.class),
                home(Unary.class),
                home(DType.class));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // waits for its compilers, which on a busy machine come too late
                "-Xbatch",
                "-XX:+PrintCompilation",
                "-XX:-UsePerfData",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                path));
        String bits = System.getProperty("amortis.vectorBits");
        if (bits != null) {
            command.add("-Damortis.vectorBits=" + bits);
        }
        command.add(CompilationTest.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Set<String> skipped = new TreeSet<>();
        Map<String, String> allocating = new TreeMap<>();
        int reports = 0;
        StringBuilder last = new StringBuilder();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                // a class loaded meanwhile: the compiler tries again
                boolean again = line.contains("concurrent class loading");
                if (line.contains("COMPILE SKIPPED") && line.contains("org.amortis") && !again) {
                    // without the time and the number of the compilation
                    skipped.add(line.substring(line.indexOf("org.amortis")));
                }
                int at = line.indexOf("ALLOCATED ");
                if (at >= 0) {
                    reports++;
                    int bytes = line.lastIndexOf(' ') + 1;
                    if (Double.parseDouble(line.substring(bytes)) > BYTES_PER_CALL) {
                        allocating.put(line.substring(at, bytes).strip(), line.substring(bytes));
                    }
                }
                last.setLength(0);
                last.append(line);
            }
        }
        assertEquals(0, process.waitFor(), last.toString());
        assertTrue(reports > 20, "only " + reports + " kernels ran: " + last);
        return new Findings(skipped, allocating);
    }

    /** C2's FreqInlineSize: a method of more bytes stays a call, however often it is made. */
    private static final int INLINED = 325;

    /** Calls of the vector classes, each some 300 nodes: more than half of what C2 inlines in one compilation. */
    private static final int LONG = 30;

    /** Classes of loops over formulas. */
    private static final Pattern FORMULAS = Pattern.compile(
            "(Float|Double)(Exp|Log|Erf|Normal|Special|Trig|Gru|SplineSteps)\\.class|Philox(Kernel|Doubles)\\.class");

    /**
     * A loop over a long formula that is small enough to be inlined is inlined in some compilations of its callers and not in
     * others, which then have too many nodes, or not.
     */
    @Test
    void longFormulasAreTooLargeToBeInlined() throws IOException, URISyntaxException {
        Path folder = Path.of(home(SimdLoops.class), "org", "amortis", "kernels");
        assumeTrue(Files.isDirectory(folder), "the kernels are in a jar");
        List<String> small = new ArrayList<>();
        int loops = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> FORMULAS.matcher(f.toString()).find()).toList()) {
                for (MethodModel method : ClassFile.of().parse(file).methods()) {
                    CodeModel code = method.code().orElse(null);
                    if (code instanceof CodeAttribute body) {
                        long calls = code.elementStream()
                                .filter(e -> e instanceof InvokeInstruction i
                                        && i.owner().asInternalName().startsWith("jdk/incubator/vector/"))
                                .count();
                        loops += calls > LONG ? 1 : 0;
                        if (calls > LONG && body.codeLength() <= INLINED) {
                            small.add(file.getFileName() + " " + method.methodName() + ": " + body.codeLength());
                        }
                    }
                }
            }
        }
        assertTrue(loops > 30, loops + " long formulas found");
        assertEquals(List.of(), small, "bytes");
    }

    /** The folder or jar of a class; its code source would not do for classes patched into a module. */
    private static String home(Class<?> type) throws URISyntaxException {
        String name = type.getName().replace('.', '/') + ".class";
        String url = String.valueOf(type.getClassLoader().getResource(name));
        String root = url.substring(0, url.length() - name.length());
        if (root.startsWith("jar:")) {
            root = root.substring("jar:".length(), root.indexOf("!/"));
        }
        return Path.of(new java.net.URI(root)).toString();
    }
}
