package org.amortis.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Precision;
import org.amortis.array.Shape;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.spi.View;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may share a launch, and that programs that do are right. */
class ScheduleTest {
    @AfterEach
    void drivers() {
        EmulatedProvider.drivers = EmulatedDriver::new;
    }

    private static View view(int offset, int... dims) {
        return new View(View.Space.SLAB, 0, offset, new TensorType(DType.F32, Shape.of(dims)));
    }

    @Test
    void overlapsAreExactWhereStridesAreEqual() {
        int[] half = {6, 5};
        int[] strides = {10, 1};
        Operand left = Operand.of(view(0, 60), 0, half, strides);
        Operand right = Operand.of(view(0, 60), 5, half, strides);
        Operand across = Operand.of(view(0, 60), 4, half, strides);
        assertFalse(left.overlaps(right));
        assertFalse(right.overlaps(left));
        assertTrue(left.overlaps(across));
        assertTrue(across.overlaps(right));
        assertTrue(left.overlaps(Operand.whole(view(0, 6, 10))));
        assertFalse(left.overlaps(Operand.whole(view(60, 4))));
        assertTrue(left.same(Operand.of(view(0, 60), 0, half, strides)));
        assertFalse(left.same(right));
        // backwards, and with steps that never meet
        Operand even = Operand.of(view(0, 20), 18, new int[] {10}, new int[] {-2});
        Operand odd = Operand.of(view(0, 20), 19, new int[] {10}, new int[] {-2});
        assertFalse(even.overlaps(odd));
        assertTrue(even.overlaps(Operand.of(view(0, 20), 2, new int[] {1}, new int[] {-2})));
        // brute force over all pairs of small windows
        SplittableRandom r = new SplittableRandom(5);
        for (int k = 0; k < 2000; k++) {
            int[] s = {r.nextInt(1, 9), r.nextInt(1, 4)};
            int[] d = {r.nextInt(2, 5), r.nextInt(2, 5)};
            int[] e = {r.nextInt(2, 5), r.nextInt(2, 5)};
            int first = r.nextInt(20);
            int second = r.nextInt(20);
            boolean[] hit = new boolean[100];
            boolean both = false;
            for (int i = 0; i < d[0] * d[1]; i++) {
                hit[first + i / d[1] * s[0] + i % d[1] * s[1]] = true;
            }
            for (int i = 0; i < e[0] * e[1]; i++) {
                both |= hit[second + i / e[1] * s[0] + i % e[1] * s[1]];
            }
            Operand a = Operand.of(view(0, 100), first, d, s);
            Operand b = Operand.of(view(0, 100), second, e, s);
            if (a.strides().length == 2 && b.strides().length == 2) {
                assertEquals(both, a.overlaps(b), a + " " + b);
            } else {
                assertTrue(a.overlaps(b) || !both, a + " " + b);
            }
        }
    }

    /** Values are small whole numbers: every order of summation gives the same bits. */
    private static final class Maker {
        final SplittableRandom random;
        final List<Tensor> made = new ArrayList<>();

        Maker(long seed) {
            this.random = new SplittableRandom(seed);
        }

        private Tensor some() {
            return made.get(random.nextInt(made.size()));
        }

        private Tensor like(Shape s) {
            List<Tensor> fit = made.stream().filter(t -> t.shape().equals(s)).toList();
            return fit.get(random.nextInt(fit.size()));
        }

        private static Tensor bounded(Tensor x) {
            return x.clamp(-9, 9);
        }

        void step() {
            Tensor x = some();
            Shape s = x.shape();
            boolean matrix = s.rank() == 2;
            int what = random.nextInt(13);
            Tensor y = switch (what) {
                case 0 -> x.add(like(s));
                case 1 -> bounded(x.mul(like(s)));
                case 2 -> x.sub(like(s)).maximum(like(s));
                case 3 -> Tensors.where(x.gt(like(s)), like(s), x.neg());
                case 4 -> matrix ? bounded(x.sum(1)) : x.abs();
                case 5 -> matrix ? bounded(x.sum(0)) : x.square();
                case 6 -> matrix ? x.transpose(1, 0) : x.add(1);
                case 7 -> matrix && s.dim(1) > 1 ? cut(x, s.dim(1)) : x.neg();
                case 8 -> matrix && s.dim(1) < 40 ? Tensors.concat(1, x, like(s)) : x.sub(2);
                case 9 -> matrix ? bounded(Tensors.matmul(x, like(s), false, true)) : x.mul(2);
                case 10 -> matrix ? bounded(Tensors.matmul(x, like(s), true, false)) : x.maximum(0);
                case 11 -> matrix ? x.add(bounded(x.sum(1)).reshape(s.dim(0), 1)) : x.minimum(3);
                default -> matrix ? x.mul(bounded(x.sum(0)).reshape(1, s.dim(1))) : x.rsub(1);
            };
            made.add(bounded(y));
        }

        private Tensor cut(Tensor x, int n) {
            int half = n / 2;
            return x.split(1, half, n - half)[random.nextInt(2)];
        }
    }

    private static Program program(long seed, List<State> states) {
        Maker m = new Maker(seed);
        int rows = m.random.nextInt(1, 40);
        int columns = m.random.nextInt(1, 20);
        int n = m.random.nextInt(1, 4);
        for (int i = 0; i < n; i++) {
            State s = new State("s" + i, new TensorType(DType.F32, Shape.of(rows, columns)));
            states.add(s);
            m.made.add(s.value());
        }
        int steps = m.random.nextInt(8, 60);
        for (int i = 0; i < steps; i++) {
            m.step();
        }
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            out.add(m.some());
        }
        Map<State, Tensor> updates = new LinkedHashMap<>();
        for (State s : states) {
            updates.put(s, m.like(s.type().shape()));
        }
        Program.Builder b =
                Program.builder().outputs(out.toArray(Tensor[]::new)).updates(updates);
        if (m.random.nextBoolean()) {
            b.guards(m.some().sum());
        }
        return b.reuseMemory(m.random.nextInt(4) > 0).build();
    }

    private static List<double[]> run(Device d, long seed) {
        List<State> states = new ArrayList<>();
        Program p = program(seed, states);
        StateStore store = new StateStore();
        int k = 0;
        for (State s : states) {
            float[] x = new float[s.type().shape().size()];
            for (int i = 0; i < x.length; i++) {
                x[i] = (i * 7 + k) % 11 - 5;
            }
            store.set(s, HostArray.wrap(x, s.type().shape()));
            k++;
        }
        List<double[]> r = new ArrayList<>();
        Runner run = p.open(d, store);
        for (int t = 0; t < 3; t++) {
            run.run();
            for (int i = 0; i < 3; i++) {
                r.add(run.output(i).toDoubles());
            }
        }
        states.forEach(s -> r.add(store.get(s).toDoubles()));
        run.close();
        return r;
    }

    /**
     * Programs nobody thought of, with slices, joins, sums, products and states, beside the processor. Factors of products are whole
     * numbers to 9, which all precisions have.
     */
    @ParameterizedTest
    @CsvSource({"75, FP32", "90, FP32", "80, BF16", "90, TF32"})
    void randomProgramsAreRight(int capability, Precision precision) {
        EmulatedProvider.drivers = () -> switch (capability) {
            case 75 -> new EmulatedDriver();
            case 80 -> EmulatedDriver.withTensorCores();
            default -> EmulatedDriver.withClusters();
        };
        int n = Integer.getInteger("amortis.programs", 40);
        try (Device d = Device.builder()
                        .backend("emulated")
                        .precision(precision)
                        .threads(1)
                        .build();
                Device cpu = Device.builder().backend("scalar").threads(1).build()) {
            for (long seed = 1; seed <= n; seed++) {
                List<double[]> a = run(cpu, seed);
                List<double[]> b = run(d, seed);
                for (int i = 0; i < a.size(); i++) {
                    // the sign of a zero is not the order's business alone
                    double[] x = plus(a.get(i));
                    assertArrayEquals(x, plus(b.get(i)), "program " + seed + " result " + i);
                }
            }
        }
    }

    private static double[] plus(double[] x) {
        double[] r = x.clone();
        for (int i = 0; i < r.length; i++) {
            r[i] += 0.0;
        }
        return r;
    }
}
