package org.amortis.compile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.spi.Instruction;
import org.amortis.spi.Plan;
import org.amortis.tensor.ContractOp;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;

/** Which products leave their loop, and that the numbers stay what they are. */
class FissionTest {
    private static final int T = 5;
    private static final int B = 3;
    private static final int H = 4;

    private static HostArray random(int seed, int... shape) {
        Shape s = Shape.of(shape);
        Random r = new Random(seed);
        double[] x = new double[s.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = r.nextGaussian();
        }
        return HostArray.wrap(x, s);
    }

    private static Tensor input(String name, int... shape) {
        return Tensors.input(name, DType.F64, shape);
    }

    /** Products in the bodies of the loops of a plan, and outside. */
    private static int[] products(List<Instruction> instructions, boolean inside) {
        int[] n = new int[2];
        for (Instruction i : instructions) {
            if (i instanceof Instruction.Loop l) {
                int[] m = products(l.body().instructions(), true);
                n[0] += m[0];
                n[1] += m[1];
            } else if (i.origin().op() instanceof ContractOp.MatMul) {
                n[inside ? 0 : 1]++;
            }
        }
        return n;
    }

    private static double[] run(Program p, Map<String, HostArray> feeds, int output) {
        try (Device d = Device.builder().backend("scalar").threads(1).build()) {
            Runner r = p.open(d);
            feeds.forEach(r::feed);
            r.run();
            return r.output(output).toDoubles();
        }
    }

    @Test
    void aProductOfTheInputsIsOneProductOfAllSteps() {
        Tensor x = input("x", T, B, 2);
        Tensor w = input("w", 2, H);
        Tensor b = input("b", H);
        Tensor u = input("u", H, H);
        Tensor h = Scan.of(T)
                .carry(Tensors.zeros(DType.F64, Shape.of(B, H)))
                .sequences(x)
                .body((t, carry, slices) -> {
                    Tensor a = slices.get(0).tanh().matmul(w).add(b);
                    return Scan.Step.of(a.add(carry.get(0).matmul(u)).tanh());
                })
                .last(0);
        Program p = Program.of(h);
        int[] n = products(p.plan().compute(), false);
        assertEquals(1, n[0], "recurrent products in the body");
        assertEquals(1, n[1], "products of all steps");
        HostArray xs = random(1, T, B, 2);
        HostArray ws = random(2, 2, H);
        HostArray bs = random(3, H);
        HostArray us = random(4, H, H);
        double[] expected = new double[B * H];
        for (int t = 0; t < T; t++) {
            double[] next = new double[B * H];
            for (int i = 0; i < B; i++) {
                for (int j = 0; j < H; j++) {
                    double sum = bs.toDoubles()[j];
                    for (int k = 0; k < 2; k++) {
                        sum += Math.tanh(xs.toDoubles()[(t * B + i) * 2 + k]) * ws.toDoubles()[k * H + j];
                    }
                    for (int k = 0; k < H; k++) {
                        sum += expected[i * H + k] * us.toDoubles()[k * H + j];
                    }
                    next[i * H + j] = Math.tanh(sum);
                }
            }
            expected = next;
        }
        assertArrayEquals(expected, run(p, Map.of("x", xs, "w", ws, "b", bs, "u", us), 0), 1e-13);
    }

    @Test
    void theGradientOfARecurrenceKeepsOneProductInItsLoop() {
        Tensor x = input("x", T, B, H);
        Tensor u = input("u", H, H);
        Tensor loss = Scan.of(T)
                .carry(Tensors.zeros(DType.F64, Shape.of(B, H)))
                .sequences(x)
                .body((t, carry, slices) ->
                        Scan.Step.of(slices.get(0).add(carry.get(0).matmul(u)).tanh()))
                .last(0)
                .square()
                .sum();
        Tensor g = Gradients.of(loss, u);
        Program p = Program.of(loss, g);
        List<Integer> inside = new ArrayList<>();
        for (Instruction i : p.plan().compute()) {
            if (i instanceof Instruction.Loop l) {
                inside.add(products(l.body().instructions(), true)[0]);
            }
        }
        assertEquals(List.of(1, 1), inside, Plan.describe(p.plan().compute().get(0)));
        Map<String, HostArray> feeds = Map.of("x", random(1, T, B, H), "u", random(2, H, H));
        double[] got = run(p, feeds, 1);
        double step = 1e-5;
        for (int i = 0; i < H * H; i++) {
            double[] high = random(2, H, H).toDoubles();
            double[] low = high.clone();
            high[i] += step;
            low[i] -= step;
            double up = run(p, Map.of("x", feeds.get("x"), "u", HostArray.wrap(high, Shape.of(H, H))), 0)[0];
            double down = run(p, Map.of("x", feeds.get("x"), "u", HostArray.wrap(low, Shape.of(H, H))), 0)[0];
            assertEquals((up - down) / (2 * step), got[i], 1e-7);
        }
    }

    @Test
    void aLoopThatMayStopKeepsItsProducts() {
        Tensor x = input("x", T, B, 2);
        Tensor w = input("w", 2, H);
        Tensor h = Scan.until(T)
                .carry(Tensors.zeros(DType.F64, Shape.of(B, H)))
                .sequences(x)
                .body((t, carry, slices) -> {
                    Tensor next = carry.get(0).add(slices.get(0).matmul(w));
                    return Scan.Step.of(next).doneWhen(next.sum(-1).gt(3));
                })
                .last(0);
        assertEquals(1, products(Program.of(h).plan().compute(), false)[0], "products in the body");
    }
}
