package org.amortis.bench.micro;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.peers.Inputs;
import org.amortis.grad.Gradients;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * One operation as a compiled program on inputs that are fed once. Before it is timed its results are compared with those of
 * the same formula in double on the portable backend.
 */
final class Operation implements Runnable {
    /** Float32: sums of a few thousand terms lose about this much, relative to max(1, |truth|). */
    private static final double FLOAT_TOLERANCE = 2e-4;

    private static final double DOUBLE_TOLERANCE = 1e-10;

    private static boolean primed;

    private final Runner runner;

    private Operation(Runner runner) {
        this.runner = runner;
    }

    /** What is computed. */
    @FunctionalInterface
    interface Formula {
        /** Results of the inputs. */
        Tensor of(Tensor... x);
    }

    /**
     * A device whose kernels are primed, once in each JVM.
     *
     * @param threads threads that compute
     * @return to be closed
     */
    static synchronized Device device(int threads) {
        Device d = Device.builder().threads(threads).build();
        if (!primed) {
            primed = true;
            d.warmUp();
        }
        return d;
    }

    static Operation of(Device device, DType dtype, Formula f, HostArray... inputs) {
        Operation o = new Operation(open(device, dtype, f, inputs));
        o.run();
        o.check(f, dtype, inputs);
        return o;
    }

    /** The pull-back of a cotangent between 0 and 2 to all float inputs, concatenated. */
    static Operation gradient(Device device, DType dtype, Formula f, HostArray... inputs) {
        return of(
                device,
                dtype,
                x -> {
                    Tensor y = f.of(x);
                    Shape shape = y.shape();
                    Tensor dy = shape.rank() == 0
                            ? Tensors.ones(y.dtype(), shape)
                            : Tensors.iota(shape, shape.rank() - 1)
                                    .cast(y.dtype())
                                    .mul(0.5)
                                    .sin()
                                    .add(1);
                    List<Tensor> wrt = new ArrayList<>();
                    for (Tensor t : x) {
                        if (t.dtype().isFloat()) {
                            wrt.add(t);
                        }
                    }
                    List<Tensor> parts = new ArrayList<>();
                    for (Tensor g : Gradients.vjp(List.of(y), List.of(dy), wrt, true)) {
                        parts.add(g.reshape(g.shape().size()));
                    }
                    return Tensors.concat(0, parts.toArray(Tensor[]::new));
                },
                inputs);
    }

    private static Runner open(Device device, DType dtype, Formula f, HostArray... inputs) {
        Tensor[] x = new Tensor[inputs.length];
        for (int i = 0; i < x.length; i++) {
            DType t = inputs[i].dtype().isFloat() ? dtype : inputs[i].dtype();
            x[i] = Tensors.input("x" + i, t, inputs[i].shape().toArray());
        }
        Program p = Program.of(f.of(x));
        Runner r = p.open(device);
        for (int i = 0; i < x.length; i++) {
            if (p.inputs().contains("x" + i)) {
                r.feed("x" + i, inputs[i].dtype().isFloat() ? inputs[i].cast(dtype) : inputs[i]);
            }
        }
        return r;
    }

    private void check(Formula f, DType dtype, HostArray... inputs) {
        double[] want;
        try (Device portable = Device.builder().backend("scalar").threads(1).build()) {
            Runner r = open(portable, DType.F64, f, inputs);
            r.run();
            want = r.output(0).toDoubles();
        }
        double[] got = runner.output(0).toDoubles();
        double tolerance = dtype == DType.F64 ? DOUBLE_TOLERANCE : FLOAT_TOLERANCE;
        for (int i = 0; i < want.length; i++) {
            double error = Math.abs(got[i] - want[i]) / Math.max(1, Math.abs(want[i]));
            if (!(error <= tolerance)) {
                throw new IllegalStateException("element " + i + " is " + got[i] + ", should be " + want[i]);
            }
        }
    }

    @Override
    public void run() {
        runner.run();
    }

    /** Uniform numbers of a shape in float32. */
    static HostArray uniform(double low, double high, int seed, int... dims) {
        Shape shape = Shape.of(dims);
        return HostArray.wrap(Inputs.uniform(shape.size(), low, high, seed), shape);
    }

    /** Uniform indices below a bound. */
    static HostArray indices(int bound, int seed, int... dims) {
        Shape shape = Shape.of(dims);
        float[] u = Inputs.uniform(shape.size(), 0, bound, seed);
        int[] x = new int[u.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.min(bound - 1, (int) u[i]);
        }
        return HostArray.wrap(x, shape);
    }

    /** "128x64" as 128 and 64. */
    static int[] sizes(String shape) {
        String[] parts = shape.split("x", -1);
        int[] n = new int[parts.length];
        for (int i = 0; i < n.length; i++) {
            n[i] = Integer.parseInt(parts[i]);
        }
        return n;
    }
}
