package org.amortis.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.grad.Gradients;
import org.amortis.math.SpecialFunctions;
import org.amortis.tensor.CompositeOp;
import org.amortis.tensor.Composites;
import org.amortis.tensor.CustomNode;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.Key;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.LoopOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.Op;
import org.amortis.tensor.Random;
import org.amortis.tensor.RandomOp;
import org.amortis.tensor.ReduceOp;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OpCatalogTest {
    static List<Sample> samples() {
        return OpCatalog.samples();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void gradientsAgreeWithDifferences(Sample sample) {
        GradientCheck.check(sample, Evaluator.reference());
    }

    /** The reference agrees with itself: types of results are what the shape rule says, and bounds are finite. */
    @ParameterizedTest
    @MethodSource("samples")
    void referenceHasTheTypesOfTheFormula(Sample sample) {
        for (DType t : new DType[] {DType.F32, DType.F64}) {
            List<HostArray> at = sample.arrays(t);
            List<Tensor> results = List.of(sample.formula().of(Sample.inputs(at)));
            List<HostArray> got = Evaluator.reference().prepare(results).run(Sample.feeds(at));
            for (int i = 0; i < got.size(); i++) {
                assertEquals(results.get(i).shape(), got.get(i).shape());
            }
        }
    }

    @Test
    void everyOperationHasARow() {
        Set<Object> used = new HashSet<>();
        for (Sample s : OpCatalog.samples()) {
            List<Tensor> results = List.of(s.formula().of(Sample.inputs(s.arrays(DType.F64))));
            for (Node n : Graphs.topological(results)) {
                used.addAll(identity(n.op()));
            }
        }
        Set<String> missing = new TreeSet<>();
        for (Object o : known()) {
            if (!used.contains(o)) {
                missing.add(o.toString());
            }
        }
        assertTrue(missing.isEmpty(), "no sample for " + missing);
    }

    /** With the distribution function held fixed a draw is a quantile: its derivative in alpha by differences of that. */
    @Test
    void gammaGradientIsThatOfTheQuantile() {
        double[] alpha = {0.15, 0.5, 0.9, 1, 1.7, 3, 8, 40};
        HostArray at = HostArray.of(alpha);
        Tensor a = Tensors.input("x0", DType.F64, alpha.length);
        Tensor draw = Random.gamma(Key.of(11), a);
        Tensor log = Random.logGamma(Key.of(11), a);
        List<Tensor> wanted = List.of(draw, Gradients.of(draw.sum(), a), log, Gradients.of(log.sum(), a));
        List<HostArray> got = Evaluator.reference().prepare(wanted).run(Sample.feeds(List.of(at)));
        for (int i = 0; i < alpha.length; i++) {
            double x = got.get(0).get(i);
            double p = SpecialFunctions.gammaP(alpha[i], x);
            double h = 1e-3 * alpha[i];
            double coarse =
                    (SpecialFunctions.gammaQuantile(alpha[i] + h, p) - SpecialFunctions.gammaQuantile(alpha[i] - h, p))
                            / (2 * h);
            double fine = (SpecialFunctions.gammaQuantile(alpha[i] + h / 2, p)
                            - SpecialFunctions.gammaQuantile(alpha[i] - h / 2, p))
                    / h;
            double expected = (4 * fine - coarse) / 3;
            assertEquals(expected, got.get(1).get(i), 1e-6 * Math.max(1, Math.abs(expected)));
            assertEquals(Math.log(x), got.get(2).get(i), 1e-12 * Math.max(1, Math.abs(Math.log(x))));
            assertEquals(expected / x, got.get(3).get(i), 1e-6 * Math.max(1, Math.abs(expected / x)));
        }
    }

    /** An enum constant is an operation; a record is one, and one more for each kind it has. */
    private static List<Object> identity(Op op) {
        return switch (op) {
            case Enum<?> e -> List.of(e);
            case ReduceOp.Reduction r -> List.of(r.getClass(), r.kind());
            case RandomOp.Draw d -> List.of(d.getClass(), d.kind());
            default -> List.of(op.getClass());
        };
    }

    private static Set<Object> known() {
        Set<Object> r = new HashSet<>(List.of(ReduceOp.Kind.values()));
        r.addAll(List.of(RandomOp.Kind.values()));
        Deque<Class<?>> open = new ArrayDeque<>(List.of(Op.class));
        for (Class<?> c : Composites.class.getDeclaredClasses()) {
            open.add(c);
        }
        open.addAll(List.of(org.amortis.tensor.SoftmaxOp.class));
        while (!open.isEmpty()) {
            Class<?> c = open.pop();
            // leaves are bound, loops have a body and custom operations a user: they have their own tests
            if (c == LeafOp.class || c == LoopOp.class || c == CustomNode.class || c == CompositeOp.class) {
                continue;
            }
            if (c.isEnum()) {
                r.addAll(List.of(c.getEnumConstants()));
            } else if (c.isSealed()) {
                open.addAll(List.of(c.getPermittedSubclasses()));
            } else {
                r.add(c);
            }
        }
        return r;
    }
}
