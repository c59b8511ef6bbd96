package org.amortis.bench.compare;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.peers.Inputs;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Products of square matrices in float32: this engine, EJML, three loops in the order that HotSpot vectorises. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ProductComparison {
    @Param({"256", "16", "31", "64"})
    int n = 1;

    private @Nullable Device device;
    private Runnable program = () -> {};
    private float[] a = {};
    private float[] b = {};
    private float[] c = {};
    private FMatrixRMaj left = new FMatrixRMaj(1, 1);
    private FMatrixRMaj right = new FMatrixRMaj(1, 1);
    private FMatrixRMaj product = new FMatrixRMaj(1, 1);

    /** For JMH. */
    public ProductComparison() {}

    /** Compiles the program and compares the three results. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Device.builder().threads(1).build();
        device = d;
        d.warmUp();
        a = Inputs.uniform(n * n, -1, 1, 1);
        b = Inputs.uniform(n * n, -1, 1, 2);
        c = new float[n * n];
        left = FMatrixRMaj.wrap(n, n, a);
        right = FMatrixRMaj.wrap(n, n, b);
        product = new FMatrixRMaj(n, n);
        Tensor x = Tensors.input("a", DType.F32, n, n);
        Tensor y = Tensors.input("b", DType.F32, n, n);
        Runner r = Program.of(x.matmul(y)).open(d);
        r.feed("a", HostArray.wrap(a, Shape.of(n, n)));
        r.feed("b", HostArray.wrap(b, Shape.of(n, n)));
        program = r::run;
        program.run();
        loops();
        ejml();
        Comparisons.agree(r.output(0).floats(), c, product.data);
    }

    /** A compiled program. */
    @Benchmark
    public void amortis() {
        program.run();
    }

    /**
     * EJML.
     *
     * @return the product, so that nothing is optimised away
     */
    @Benchmark
    public FMatrixRMaj ejml() {
        return CommonOps_FDRM.mult(left, right, product);
    }

    /**
     * Plain loops, rows of b innermost.
     *
     * @return the product, so that nothing is optimised away
     */
    @Benchmark
    public float[] loops() {
        for (int i = 0; i < n; i++) {
            int row = i * n;
            Arrays.fill(c, row, row + n, 0);
            for (int p = 0; p < n; p++) {
                float s = a[row + p];
                for (int j = 0; j < n; j++) {
                    c[row + j] += s * b[p * n + j];
                }
            }
        }
        return c;
    }

    /** Closes the device. */
    @TearDown(Level.Trial)
    public void close() {
        if (device != null) {
            device.close();
        }
    }
}
