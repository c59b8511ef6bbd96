package org.amortis.check;

import java.util.ArrayList;
import java.util.List;
import org.amortis.check.Sample.Derivatives;
import org.amortis.check.Sample.Formula;
import org.amortis.check.Sample.Operand;
import org.amortis.check.Sample.Scale;
import org.amortis.tensor.Tensor;

/** Collects samples. */
final class Rows {
    static final int[][] SHAPES = {{}, {0}, {1}, {7}, {15}, {16}, {17}, {31}, {33}, {3, 0, 2}, {2, 3, 5}};
    static final int[][][] PAIRS = {
        {{}, {}},
        {{1}, {0}},
        {{17}, {17}},
        {{16}, {}},
        {{}, {15}},
        {{3, 1}, {1, 5}},
        {{2, 3, 7}, {7}},
        {{1, 33}, {2, 1}},
        {{31}, {2, 1, 31}},
    };
    static final double[] SPECIALS = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        0.0,
        -0.0,
        1,
        -1,
        0.5,
        2,
        -3,
        1e4,
        -1e4,
        1e-4,
        88.8,
        -88.8,
        104,
        -104
    };

    private final List<Sample> samples = new ArrayList<>();

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    void add(String name, Derivatives d, Scale s, Formula f, Operand... operands) {
        StringBuilder b = new StringBuilder(name);
        for (Operand o : operands) {
            b.append(' ').append(o.shape());
        }
        samples.add(new Sample(b.toString(), List.of(operands), f, d, s));
    }

    /** A formula of one operand and one result. */
    interface One {
        Tensor of(Tensor x);
    }

    /** A formula of two operands and one result. */
    interface Two {
        Tensor of(Tensor a, Tensor b);
    }

    void one(String name, Derivatives d, Scale s, One f, Operand x) {
        add(name, d, s, t -> new Tensor[] {f.of(t[0])}, x);
    }

    void two(String name, Derivatives d, Scale s, Two f, Operand a, Operand b) {
        add(name, d, s, t -> new Tensor[] {f.of(t[0], t[1])}, a, b);
    }

    void elementwise(String name, Derivatives d, Scale s, Values v, One f) {
        for (int[] shape : SHAPES) {
            one(name, d, s, f, Operand.real(v, shape));
        }
    }

    /** Each special number beside each other one, for as many operands. */
    static Operand specials(int stride) {
        double[] v = new double[SPECIALS.length * (stride == 1 ? 1 : SPECIALS.length)];
        for (int i = 0; i < v.length; i++) {
            v[i] = SPECIALS[stride == 1 || stride == 2 ? i % SPECIALS.length : i / SPECIALS.length];
        }
        return Operand.real(Values.cycle(v), v.length);
    }
}
