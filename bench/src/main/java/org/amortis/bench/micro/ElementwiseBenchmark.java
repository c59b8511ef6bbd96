package org.amortis.bench.micro;

import java.util.concurrent.TimeUnit;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.runtime.Device;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
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

/** Functions of each element and their gradients. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ElementwiseBenchmark {
    @Param({
        "exp",
        "expm1",
        "log",
        "log1p",
        "tanh",
        "sigmoid",
        "softplus",
        "logSigmoid",
        "gelu",
        "silu",
        "erf",
        "erfc",
        "sin",
        "cos",
        "sqrt",
        "rsqrt",
        "reciprocal",
        "square",
        "abs",
        "relu",
        "elu",
        "leakyRelu",
        "lgamma",
        "normalQuantile",
        "logNormalCdf",
        "add",
        "mul",
        "div",
        "maximum",
        "pow",
        "where",
        "chain"
    })
    String op = "exp";

    @Param({"65536", "1", "17", "1023", "4096"})
    int n = 1;

    @Param({"F32", "F64"})
    DType dtype = DType.F32;

    private @Nullable Device device;
    private Runnable forward = () -> {};
    private Runnable gradient = () -> {};

    /** For JMH. */
    public ElementwiseBenchmark() {}

    /** Compiles the function and its pull-back. */
    @Setup(Level.Trial)
    public void open() {
        Device d = Operation.device(1);
        device = d;
        HostArray a = op.equals("normalQuantile")
                ? Operation.uniform(0.01, 0.99, 1, n)
                : positive() ? Operation.uniform(0.25, 8, 1, n) : Operation.uniform(-6, 6, 1, n);
        HostArray b = Operation.uniform(0.5, 2, 2, n);
        forward = Operation.of(d, dtype, x -> apply(x[0], x[1]), a, b);
        gradient = Operation.gradient(d, dtype, x -> apply(x[0], x[1]), a, b);
    }

    private boolean positive() {
        return switch (op) {
            case "log", "log1p", "sqrt", "rsqrt", "reciprocal", "pow", "lgamma" -> true;
            default -> false;
        };
    }

    private Tensor apply(Tensor x, Tensor y) {
        return switch (op) {
            case "exp" -> x.exp();
            case "expm1" -> x.expm1();
            case "log" -> x.log();
            case "log1p" -> x.log1p();
            case "tanh" -> x.tanh();
            case "sigmoid" -> x.sigmoid();
            case "softplus" -> x.softplus();
            case "logSigmoid" -> x.logSigmoid();
            case "gelu" -> x.gelu();
            case "silu" -> x.silu();
            case "erf" -> x.erf();
            case "erfc" -> x.erfc();
            case "sin" -> x.sin();
            case "cos" -> x.cos();
            case "sqrt" -> x.sqrt();
            case "rsqrt" -> x.rsqrt();
            case "reciprocal" -> x.reciprocal();
            case "square" -> x.square();
            case "abs" -> x.abs();
            case "relu" -> x.relu();
            case "elu" -> x.elu();
            case "leakyRelu" -> x.leakyRelu(0.01);
            case "lgamma" -> x.lgamma();
            case "normalQuantile" -> x.normalQuantile();
            case "logNormalCdf" -> x.logNormalCdf();
            case "add" -> x.add(y);
            case "mul" -> x.mul(y);
            case "div" -> x.div(y);
            case "maximum" -> x.maximum(y);
            case "pow" -> x.pow(y);
            case "where" -> Tensors.where(x.gt(y), x, y);
            // the log density of a normal, as a chain that is to be fused
            case "chain" -> x.sub(y).mul(y.reciprocal()).square().mul(-0.5).sub(y.log());
            default -> throw new IllegalArgumentException(op);
        };
    }

    /** The function. */
    @Benchmark
    public void forward() {
        forward.run();
    }

    /** Its pull-back to both operands. */
    @Benchmark
    public void gradient() {
        gradient.run();
    }

    /** Closes the device. */
    @TearDown(Level.Trial)
    public void close() {
        if (device != null) {
            device.close();
        }
    }
}
