package org.amortis.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;

/** Inputs with fixed numbers, and evaluation by the reference loops. */
final class ScanFixtures {
    private final Map<Tensor, RefArray> values = new HashMap<>();
    private final java.util.Random random = new java.util.Random(17);

    Tensor input(String name, int... dims) {
        Tensor t = Tensors.input(name, DType.F64, dims);
        RefArray v = RefArray.zeros(t.type());
        for (int i = 0; i < v.shape().size(); i++) {
            v.put(i, random.nextDouble(-1, 1));
        }
        values.put(t, v);
        return t;
    }

    Tensor constant(double... x) {
        return Tensors.constant(HostArray.wrap(x, Shape.of(x.length)));
    }

    double[] eval(Tensor t) {
        RefArray r = eval(List.of(t)).get(0);
        double[] d = new double[r.shape().size()];
        for (int i = 0; i < d.length; i++) {
            d[i] = r.get(i);
        }
        return d;
    }

    List<RefArray> eval(List<Tensor> ts) {
        return Graphs.evaluate(ts, t -> Objects.requireNonNull(values.get(t), t::toString));
    }

    void assertSame(Tensor expected, Tensor actual) {
        assertSame(List.of(expected), List.of(actual));
    }

    /** Equal types, and values within 1e-12 of the larger of 1 and the value: sums in another order, nothing else. */
    void assertSame(List<Tensor> expected, List<Tensor> actual) {
        assertEquals(expected.size(), actual.size());
        List<RefArray> a = eval(expected);
        List<RefArray> b = eval(actual);
        assertCompiled(actual, b);
        for (int k = 0; k < a.size(); k++) {
            assertEquals(expected.get(k).type(), actual.get(k).type());
            for (int i = 0; i < a.get(k).shape().size(); i++) {
                double x = a.get(k).get(i);
                assertEquals(x, b.get(k).get(i), 1e-12 * Math.max(1, Math.abs(x)), "tensor " + k + " at " + i);
            }
        }
    }

    /** A compiled program computes what the reference loops compute. */
    private void assertCompiled(List<Tensor> formulas, List<RefArray> reference) {
        try (Device device = Device.builder().threads(1).build()) {
            Runner runner = Program.of(formulas.toArray(Tensor[]::new)).open(device);
            for (Node n : Graphs.topological(formulas)) {
                if (n.op() instanceof LeafOp.Input i && runner.plan().inputs().containsKey(i.label())) {
                    runner.feed(
                            i.label(),
                            Objects.requireNonNull(values.get(n.result(0))).toHost());
                }
            }
            runner.run();
            for (int k = 0; k < reference.size(); k++) {
                RefArray r = reference.get(k);
                RefArray h = RefArray.of(runner.output(k));
                assertEquals(r.type(), h.type());
                for (int i = 0; i < r.shape().size(); i++) {
                    double x = r.get(i);
                    assertEquals(x, h.get(i), 1e-12 * Math.max(1, Math.abs(x)), "compiled " + k + " at " + i);
                }
            }
        }
    }

    /** Values, gradients and gradients of a mixture of the gradients, of two scalar formulas meant to be equal. */
    void assertSameToSecondOrder(Tensor expected, Tensor actual, List<Tensor> wrt) {
        assertSame(expected, actual);
        List<Tensor> g = Gradients.orZeros(expected, wrt);
        List<Tensor> h = Gradients.orZeros(actual, wrt);
        assertSame(g, h);
        assertSame(Gradients.orZeros(mix(g), wrt), Gradients.orZeros(mix(h), wrt));
    }

    /** A scalar in which every element counts differently. */
    static Tensor mix(List<Tensor> ts) {
        Tensor sum = Tensors.zeros(DType.F64, Shape.SCALAR);
        double seed = 0.3;
        for (Tensor t : ts) {
            Tensor weight = Tensors.iota(Shape.of(t.shape().size()), 0)
                    .cast(t.dtype())
                    .mul(0.7)
                    .add(seed)
                    .sin();
            sum = sum.add(t.reshape(t.shape().size()).mul(weight).sum());
            seed += 1.1;
        }
        return sum;
    }

    /** Nodes of a program, bodies of loops included. */
    static int size(List<Tensor> roots) {
        int n = 0;
        for (Node node : Graphs.topological(roots)) {
            n += 1 + (node.op() instanceof ScanOp s ? size(s.bodyResults()) : 0);
        }
        return n;
    }

    static List<ScanOp> loops(List<Tensor> roots) {
        List<ScanOp> r = new ArrayList<>();
        for (Node node : Graphs.topological(roots)) {
            if (node.op() instanceof ScanOp s) {
                r.add(s);
            }
        }
        return r;
    }
}
