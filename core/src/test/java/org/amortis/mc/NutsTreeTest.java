package org.amortis.mc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trees of the no-U-turn sampler against the recursion that defines them, leaf by leaf. */
final class NutsTreeTest {
    private static final int CHAINS = 400;

    /** A tree written as it is defined: -(x^2 + (y / .3)^2) / 2, directions given. */
    private static final class Recursion {
        private final boolean joints;
        private final double step;
        private double[] z;
        private double[] p;
        private double signed;
        int leaves;

        Recursion(double step, boolean joints) {
            this.step = step;
            this.joints = joints;
        }

        /** Momenta of the leaf nearest to the old tree and of the farthest, their sum; null if it turned. */
        private double[][] build(int depth) {
            if (depth == 0) {
                leaves++;
                for (int i = 0; i < 2; i++) {
                    double stiff = i == 0 ? 1 : 1 / .09;
                    double half = p[i] - .5 * signed * stiff * z[i];
                    z[i] += signed * half;
                    p[i] = half - .5 * signed * stiff * z[i];
                }
                return new double[][] {p.clone(), p.clone(), p.clone()};
            }
            double[][] a = build(depth - 1);
            double[][] b = a == null ? null : build(depth - 1);
            if (b == null
                    || turns(a[0], b[1], sum(a[2], b[2]))
                    || joints && (turns(a[0], b[0], sum(a[2], b[0])) || turns(a[1], b[1], sum(a[1], b[2])))) {
                return null;
            }
            return new double[][] {a[0], b[1], sum(a[2], b[2])};
        }

        int depth(double[] start, double[] momentum, double[] directions, int most) {
            double[][] z2 = {start.clone(), start.clone()};
            double[][] p2 = {momentum.clone(), momentum.clone()};
            double[] whole = momentum.clone();
            for (int j = 0; j < most; j++) {
                int side = directions[j] > .5 ? 1 : 0;
                signed = side == 1 ? step : -step;
                z = z2[side].clone();
                p = p2[side].clone();
                double[][] t = build(j);
                if (t == null) {
                    return j;
                }
                double[] far = p2[1 - side];
                double[] edge = p2[side];
                boolean turn = turns(far, t[1], sum(whole, t[2]))
                        || joints && (turns(far, t[0], sum(whole, t[0])) || turns(edge, t[1], sum(edge, t[2])));
                z2[side] = z;
                p2[side] = p;
                whole = sum(whole, t[2]);
                if (turn) {
                    return j + 1;
                }
            }
            return most;
        }

        private static double[] sum(double[] a, double[] b) {
            return new double[] {a[0] + b[0], a[1] + b[1]};
        }

        private static boolean turns(double[] a, double[] b, double[] sum) {
            double left = 0;
            double right = 0;
            for (int i = 0; i < 2; i++) {
                double way = sum[i] - .5 * (a[i] + b[i]);
                left += a[i] * way;
                right += b[i] * way;
            }
            return left <= 0 || right <= 0;
        }
    }

    @ParameterizedTest
    @CsvSource({"1, .2", "2, .2", "3, .3", "6, .11", "8, .04"})
    void leavesAndDoublings(int most, double step) {
        Tensor at = Random.normal(Key.of(3), DType.F64, Shape.of(CHAINS, 2));
        Tempered target = Tempered.of(
                z -> z.at(1, 0).square().add(z.at(1, 1).div(.3).square()).mul(-.5));
        Key key = Key.of(5);
        Moved m = Nuts.standard()
                .maxDepth(most)
                .move(target.at(at), target, Tensors.fill(step, DType.F64, Shape.SCALAR), Metric.unit(), key);
        Tensor p = Random.normal(key.fold("momentum"), DType.F64, Shape.of(CHAINS, 2));
        Tensor u = Random.uniform(key.fold("direction"), DType.F64, Shape.of(CHAINS, most + 1));
        // the numbers that the move draws, in a program of their own
        List<HostArray> drawn = Run.eval(List.of(p, u));
        List<HostArray> r = Run.eval(List.of(at, m.evaluations(), m.depth()));
        int joint = 0;
        for (int c = 0; c < CHAINS; c++) {
            double[] z0 = row(r.get(0), c, 2);
            double[] p0 = row(drawn.get(0), c, 2);
            double[] way = row(drawn.get(1), c, most + 1);
            Recursion whole = new Recursion(step, true);
            assertEquals(whole.depth(z0, p0, way, most), r.get(2).get(c), "doublings of chain " + c);
            assertEquals(whole.leaves, r.get(1).get(c), "leaves of chain " + c);
            Recursion without = new Recursion(step, false);
            without.depth(z0, p0, way, most);
            joint += without.leaves != whole.leaves ? 1 : 0;
        }
        assertTrue(most < 6 || joint > 3, "joints never mattered");
    }

    private static double[] row(HostArray a, int c, int n) {
        double[] v = new double[n];
        for (int i = 0; i < n; i++) {
            v[i] = a.get(c * n + i);
        }
        return v;
    }
}
