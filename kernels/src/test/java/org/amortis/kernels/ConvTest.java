package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.amortis.array.Shape;
import org.amortis.spi.ConvLoop;
import org.amortis.spi.ConvWeightLoop;
import org.amortis.tensor.ConvOp;
import org.amortis.tensor.ConvOp.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Direct convolutions and their adjoints against sums in double, written from the definition, at the very end of their arrays
 * and before it, in scratch full of NaN.
 */
class ConvTest {
    private static final double GUARD = 12345;

    /** Images, channels in and out, rows and columns of the images and of the weights, window. */
    record Case(int n, int in, int out, int h, int w, int kh, int kw, Window window) {
        Shape x() {
            return Shape.of(n, in, h, w);
        }

        Shape weights() {
            return Shape.of(out, in, kh, kw);
        }

        Shape y() {
            return Shape.of(n, out, window.outHeight(h, kh), window.outWidth(w, kw));
        }
    }

    static List<Case> cases() {
        List<Case> r = new ArrayList<>();
        // every size with every window that fits, channels in turn
        int[] channels = {1, 2, 3, 5, 7, 13, 17};
        int[] sizes = {1, 2, 7, 14, 15, 17, 28, 33};
        List<Window> windows = List.of(
                Window.of(1, 0, 1),
                Window.of(1, 1, 1),
                Window.of(2, 1, 1),
                Window.of(3, 2, 1),
                Window.of(1, 2, 2),
                Window.of(2, 2, 3),
                Window.of(1, 6, 1),
                Window.of(2, 5, 1),
                Window.of(19, 3, 1),
                new Window(2, 1, 0, 1, 2, 0, 1, 2),
                new Window(1, 3, 2, 0, 0, 3, 2, 1));
        int turn = 0;
        for (int w : sizes) {
            for (Window g : windows) {
                for (int kernel = 1; kernel <= 5; kernel++) {
                    int h = sizes[turn % 5];
                    int kw = 1 + turn % 5;
                    if (g.outHeight(h, kernel) > 0 && g.outWidth(w, kw) > 0) {
                        int in = channels[turn % 7];
                        r.add(new Case(1 + turn % 3, in, channels[turn / 7 % 7], h, w, kernel, kw, g));
                    }
                    turn++;
                }
            }
        }
        // tall tiles, two groups of outputs, many blocks of lines in an image
        r.add(new Case(2, 16, 32, 14, 14, 3, 3, Window.of(1, 1, 1)));
        r.add(new Case(2, 3, 59, 7, 9, 3, 3, Window.of(2, 1, 1)));
        r.add(new Case(2, 31, 2, 67, 31, 3, 5, Window.of(1, 2, 1)));
        r.add(new Case(1, 31, 13, 67, 61, 5, 3, Window.of(2, 1, 1)));
        r.add(new Case(1, 400, 3, 9, 9, 3, 3, Window.of(1, 1, 1)));
        return r;
    }

    private static Object array(boolean single, double[] v) {
        if (!single) {
            return v.clone();
        }
        float[] f = new float[v.length];
        for (int i = 0; i < f.length; i++) {
            f[i] = (float) v[i];
        }
        return f;
    }

    private static double[] doubles(Object x) {
        return x instanceof float[] f
                ? java.util.stream.IntStream.range(0, f.length)
                        .mapToDouble(i -> f[i])
                        .toArray()
                : (double[]) x;
    }

    /** Numbers from element 3 on, and what lies behind. */
    private static Object random(SplittableRandom random, boolean single, int size, int behind) {
        double[] v = random.doubles(3L + size + behind, -1, 1).toArray();
        Arrays.fill(v, 3 + size, v.length, Double.NaN);
        return array(single, v);
    }

    private static Object filled(boolean single, int size, double value) {
        double[] v = new double[size];
        Arrays.fill(v, value);
        return array(single, v);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sums(Case c) {
        SplittableRandom random = new SplittableRandom(c.hashCode());
        for (ConvOp op : List.of(new ConvOp.Conv2d(c.window), new ConvOp.InputGradient(c.window, c.h, c.w))) {
            check(c, op, true, random, 0);
            check(c, op, true, random, 70);
            check(c, op, false, random, 0);
        }
    }

    private static void check(Case c, ConvOp op, boolean single, SplittableRandom random, int behind) {
        boolean adjoint = op instanceof ConvOp.InputGradient;
        Shape from = adjoint ? c.y() : c.x();
        Shape to = adjoint ? c.x() : c.y();
        int lanes = single ? Species.F32.length() : Species.F64.length();
        ConvPlan plan = new ConvPlan(adjoint, c.window, c.x(), c.weights(), c.y(), lanes);
        ConvLoop loop = single ? new FloatConv(plan) : new DoubleConv(plan);
        Object in = random(random, single, from.size(), behind);
        Object weights = random(random, single, c.weights().size(), 0);
        double[] x = doubles(in);
        double[] k = doubles(weights);
        double[] sum = new double[to.size()];
        double[] size = new double[to.size()];
        int[] terms = new int[to.size()];
        walk(c, (image, weight, output) -> {
            double term = x[3 + (adjoint ? output : image)] * k[3 + weight];
            int at = adjoint ? image : output;
            sum[at] += term;
            size[at] += Math.abs(term);
            terms[at]++;
        });
        List<Object> results = new ArrayList<>();
        int parts = loop.parts();
        for (int step : new int[] {parts, 1, Math.max(1, parts / 2)}) {
            Object out = filled(single, to.size() + 100, GUARD);
            // last parts first: nothing depends on what another part leaves behind
            for (int p = (parts - 1) / step * step; p >= 0; p -= step) {
                Object scratch = filled(single, loop.scratch(), Double.NaN);
                loop.run(in, 3, weights, 3, out, 50, p, Math.min(parts, p + step), scratch);
            }
            results.add(out);
        }
        double[] got = doubles(results.get(0));
        double unit = single ? 0x1p-24 : 0x1p-53;
        for (int i = 0; i < sum.length; i++) {
            double bound = 1.01 * terms[i] * unit * size[i] + (single ? 0 : terms[i] * unit * size[i]);
            assertEquals(sum[i], got[50 + i], bound, c + " " + op.name() + " element " + i);
        }
        for (int i = 0; i < 50; i++) {
            assertEquals(GUARD, got[i], "wrote before its place");
            assertEquals(GUARD, got[50 + sum.length + i], "wrote behind its place");
        }
        assertArrayEquals(got, doubles(results.get(1)), "one part at a time");
        assertArrayEquals(got, doubles(results.get(2)), "half of the parts at a time");
    }

    /** Gradients of weights: only where the window's rows fill tiles, so channels are many here. */
    static List<Case> wideCases() {
        List<Case> r = new ArrayList<>();
        List<Window> windows = List.of(
                Window.of(1, 0, 1),
                Window.of(1, 1, 1),
                Window.of(2, 1, 1),
                Window.of(3, 2, 1),
                Window.of(1, 6, 1),
                new Window(2, 1, 0, 1, 2, 0, 2, 1),
                new Window(1, 3, 2, 0, 0, 3, 2, 1));
        int turn = 0;
        for (int in : new int[] {11, 15, 16, 29, 32, 37, 64}) {
            for (Window g : windows) {
                int h = 3 + turn * 5 % 14;
                int w = 2 + turn * 7 % 31;
                int kh = 1 + turn % 3;
                int kw = 1 + turn % 5;
                if (g.outHeight(h, kh) > 0 && g.outWidth(w, kw) > 0) {
                    int out = new int[] {1, 2, 5, 13, 16, 49}[turn % 6];
                    r.add(new Case(1 + turn % 3, in, out, h, w, kh, kw, g));
                }
                turn++;
            }
        }
        r.add(new Case(2, 16, 32, 33, 28, 3, 3, Window.of(1, 1, 1)));
        return r;
    }

    @ParameterizedTest
    @MethodSource("wideCases")
    void sumsOfWeights(Case c) {
        SplittableRandom random = new SplittableRandom(c.hashCode());
        for (boolean single : new boolean[] {true, false}) {
            ConvWeightLoop loop = single
                    ? FloatConvWeights.of(c.window, c.x(), c.weights(), c.y())
                    : DoubleConvWeights.of(c.window, c.x(), c.weights(), c.y());
            if (loop == null) {
                continue;
            }
            Object images = random(random, single, c.x().size(), 0);
            Object cotangents = random(random, single, c.y().size(), 0);
            Object out = filled(single, c.weights().size() + 100, GUARD);
            loop.run(images, 3, cotangents, 3, out, 50, 0, c.n, filled(single, loop.scratch(), Double.NaN));
            double[] x = doubles(images);
            double[] y = doubles(cotangents);
            double[] sum = new double[c.weights().size()];
            double[] size = new double[sum.length];
            walk(c, (image, weight, output) -> {
                sum[weight] += x[3 + image] * y[3 + output];
                size[weight] += Math.abs(x[3 + image] * y[3 + output]);
            });
            double[] got = doubles(out);
            int terms = c.n * (c.y().dim(2) * c.y().dim(3) + 3);
            for (int i = 0; i < sum.length; i++) {
                double bound = terms * (single ? 0x1p-24 : 0x1p-52) * size[i];
                assertEquals(sum[i], got[50 + i], bound, c + " element " + i);
            }
            for (int i = 0; i < 50; i++) {
                assertEquals(GUARD, got[i], "wrote before its place");
                assertEquals(GUARD, got[50 + sum.length + i], "wrote behind its place");
            }
        }
    }

    @Test
    void smallWindowsAreLeftToProducts() {
        Shape x = Shape.of(2, 3, 9, 9);
        Shape k = Shape.of(4, 3, 3, 3);
        assertNull(FloatConvWeights.of(Window.of(1, 1, 1), x, k, x));
        Case wide = new Case(2, 32, 4, 9, 9, 3, 3, Window.of(1, 1, 1));
        assertNotNull(FloatConvWeights.of(wide.window, wide.x(), wide.weights(), wide.y()));
        assertFalse(ConvPlan.pays(false, wide.window, Shape.of(4, 32, 1, 1)));
        assertFalse(ConvPlan.pays(true, wide.window, Shape.of(4, 3, 3, 3)));
        assertTrue(ConvPlan.pays(true, Window.of(2, 1, 1), Shape.of(4, 1, 3, 3)));
    }

    /** A term of the trilinear form: places in images, weights and outputs. */
    private interface Term {
        void add(int image, int weight, int output);
    }

    private static void walk(Case c, Term term) {
        Window g = c.window;
        int outH = c.y().dim(2);
        int outW = c.y().dim(3);
        for (int n = 0; n < c.n; n++) {
            for (int o = 0; o < c.out; o++) {
                for (int i = 0; i < c.in; i++) {
                    for (int p = 0; p < c.kh; p++) {
                        for (int q = 0; q < c.kw; q++) {
                            int weight = ((o * c.in + i) * c.kh + p) * c.kw + q;
                            for (int u = 0; u < outH; u++) {
                                int h = u * g.strideH() + p * g.dilationH() - g.padTop();
                                for (int v = 0; h >= 0 && h < c.h && v < outW; v++) {
                                    int w = v * g.strideW() + q * g.dilationW() - g.padLeft();
                                    if (w >= 0 && w < c.w) {
                                        int image = ((n * c.in + i) * c.h + h) * c.w + w;
                                        term.add(image, weight, ((n * c.out + o) * outH + u) * outW + v);
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
