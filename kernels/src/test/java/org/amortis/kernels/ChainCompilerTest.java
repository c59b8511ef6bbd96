package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.amortis.array.DType;
import org.amortis.spi.ChainSpec;
import org.amortis.tensor.Binary;
import org.amortis.tensor.Compare;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Logical;
import org.amortis.tensor.ParamUnary;
import org.amortis.tensor.Unary;
import org.amortis.tensor.Where;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Generated loops against the scalar functions of their operations, rounded after each: every operation of a chain is
 * correctly rounded, so the numbers are the same to the last bit.
 */
class ChainCompilerTest {
    private static final List<ElementwiseOp> NUMBERS = List.of(
            Unary.NEG,
            Unary.ABS,
            Unary.SQUARE,
            Unary.RECIPROCAL,
            Unary.SQRT,
            Unary.RELU,
            Binary.ADD,
            Binary.SUB,
            Binary.MUL,
            Binary.DIV,
            Binary.MIN,
            Binary.MAX,
            new ParamUnary.Clamp(-0.75, 1.5),
            new ParamUnary.LeakyRelu(0.25),
            Where.WHERE);

    private static final List<Compare> COMPARISONS = List.of(Compare.values());
    private static final List<Logical> LOGIC = List.of(Logical.values());

    private static final double[] SPECIAL = {
        0.0, -0.0, 1, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-40, 3e38
    };

    /** A chain of random operations over two arrays of numbers, one of truth values and two numbers. */
    private static ChainSpec chain(Random random, DType type) {
        List<ChainSpec.Operand> numbers = new ArrayList<>(List.of(
                new ChainSpec.Operand.Array(0),
                new ChainSpec.Operand.Array(1),
                new ChainSpec.Operand.Single(0),
                new ChainSpec.Operand.Single(1)));
        List<ChainSpec.Operand> truths = new ArrayList<>(List.of(new ChainSpec.Operand.Array(2)));
        List<ChainSpec.Step> steps = new ArrayList<>();
        int count = 2 + random.nextInt(14);
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(7);
            boolean truth = kind < 3;
            ElementwiseOp op = switch (kind) {
                case 0 -> COMPARISONS.get(random.nextInt(COMPARISONS.size()));
                case 1 -> LOGIC.get(random.nextInt(LOGIC.size()));
                case 2 -> Where.WHERE;
                default -> NUMBERS.get(random.nextInt(NUMBERS.size()));
            };
            List<ChainSpec.Operand> operands = new ArrayList<>();
            for (int k = 0; k < op.arity(); k++) {
                boolean wantsTruth = op instanceof Logical || op == Where.WHERE && (truth || k == 0);
                List<ChainSpec.Operand> from = wantsTruth ? truths : numbers;
                // the latest values more often than the first
                operands.add(from.get(Math.max(random.nextInt(from.size()), random.nextInt(from.size()))));
            }
            steps.add(new ChainSpec.Step(op, truth, operands));
            (truth ? truths : numbers).add(new ChainSpec.Operand.Value(i));
        }
        List<Boolean> arrays = new ArrayList<>(List.of(false, false, true));
        List<Integer> results = new ArrayList<>();
        for (int i = count - 1; i >= 0 && results.size() < 3; i--) {
            arrays.add(steps.get(i).truth());
            results.add(i);
        }
        return new ChainSpec(type, arrays, 3, 2, steps, results);
    }

    private static double rounded(DType type, double x) {
        return type == DType.F32 ? (float) x : x;
    }

    private static double number(Random random, DType type) {
        return rounded(
                type, random.nextInt(5) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)] : random.nextGaussian() * 2);
    }

    private static Object array(DType type, boolean truth, int n) {
        return truth ? new int[n] : type == DType.F32 ? new float[n] : new double[n];
    }

    private static double get(Object array, int i) {
        return switch (array) {
            case float[] f -> f[i];
            case double[] d -> d[i];
            case int[] n -> n[i];
            default -> throw new IllegalStateException();
        };
    }

    private static void set(Object array, int i, double x) {
        switch (array) {
            case float[] f -> f[i] = (float) x;
            case double[] d -> d[i] = x;
            case int[] n -> n[i] = (int) x;
            default -> throw new IllegalStateException();
        }
    }

    /** The value of each step at one position. */
    private static double[] reference(ChainSpec spec, double[] arrays, double[] numbers) {
        double[] v = new double[spec.steps().size()];
        for (int i = 0; i < v.length; i++) {
            double[] a = new double[3];
            List<ChainSpec.Operand> operands = spec.steps().get(i).operands();
            for (int k = 0; k < operands.size(); k++) {
                a[k] = switch (operands.get(k)) {
                    case ChainSpec.Operand.Value x -> v[x.step()];
                    case ChainSpec.Operand.Array x -> arrays[x.index()];
                    case ChainSpec.Operand.Single x -> rounded(spec.type(), numbers[x.index()]);
                };
            }
            v[i] = rounded(spec.type(), spec.steps().get(i).op().apply(a[0], a[1], a[2]));
        }
        return v;
    }

    @ParameterizedTest
    @ValueSource(strings = {"F32", "F64"})
    void randomChainsOverStridedRows(String name) {
        DType type = DType.valueOf(name);
        Random random = new Random(17);
        int lanes = new SimdLoops().lanes(type);
        for (int round = 0; round < 120; round++) {
            ChainSpec spec = chain(random, type);
            int rows = random.nextInt(4);
            int n = lanes * random.nextInt(4);
            int count = spec.arrays().size();
            Object[] arrays = new Object[count];
            int[] offsets = new int[count];
            int[] strides = new int[count];
            for (int i = 0; i < count; i++) {
                offsets[i] = random.nextInt(5);
                // the second operand is one row for all
                strides[i] = i == 1 ? 0 : n + random.nextInt(3);
                arrays[i] = array(type, spec.arrays().get(i), offsets[i] + 4 * (n + 3));
                for (int k = 0; k < offsets[i] + 4 * (n + 3); k++) {
                    set(arrays[i], k, spec.arrays().get(i) ? random.nextInt(2) : number(random, type));
                }
            }
            double[] numbers = {number(random, type), number(random, type)};
            ChainCompiler.compile(spec).run(arrays, offsets, strides, numbers, rows, n);
            for (int row = 0; row < rows; row++) {
                for (int k = 0; k < n; k++) {
                    double[] in = new double[3];
                    for (int i = 0; i < 3; i++) {
                        in[i] = get(arrays[i], offsets[i] + row * strides[i] + k);
                    }
                    double[] v = reference(spec, in, numbers);
                    double[] expected = new double[count - 3];
                    double[] got = new double[count - 3];
                    for (int i = 3; i < count; i++) {
                        expected[i - 3] = v[spec.results().get(i - 3)];
                        got[i - 3] = get(arrays[i], offsets[i] + row * strides[i] + k);
                    }
                    assertArrayEquals(expected, got, spec + " at row " + row + ", " + k);
                }
            }
        }
    }

    @Test
    void aResultMayLieOverAnOperand() {
        // y = (x + x) * x in place
        ChainSpec spec = new ChainSpec(
                DType.F32,
                List.of(false, false),
                1,
                0,
                List.of(
                        new ChainSpec.Step(
                                Binary.ADD,
                                false,
                                List.of(new ChainSpec.Operand.Array(0), new ChainSpec.Operand.Array(0))),
                        new ChainSpec.Step(
                                Binary.MUL,
                                false,
                                List.of(new ChainSpec.Operand.Value(0), new ChainSpec.Operand.Array(0)))),
                List.of(1));
        int n = 3 * Species.F32.length();
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = i;
        }
        ChainCompiler.compile(spec).run(new Object[] {x, x}, new int[2], new int[2], new double[0], 1, n);
        for (int i = 0; i < n; i++) {
            assertEquals(2f * i * i, x[i]);
        }
    }

    @Test
    void chainsThatAreTooLongAreLeftToTheLoops() {
        List<ChainSpec.Step> steps = new ArrayList<>();
        for (int i = 0; i <= ChainCompiler.LONGEST; i++) {
            steps.add(new ChainSpec.Step(Unary.NEG, false, List.of(new ChainSpec.Operand.Array(0))));
        }
        assertNull(new SimdLoops().chain(new ChainSpec(DType.F32, List.of(false, false), 1, 0, steps, List.of(0))));
    }
}
