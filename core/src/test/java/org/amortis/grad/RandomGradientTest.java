package org.amortis.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Composites;
import org.amortis.tensor.CustomGradient;
import org.amortis.tensor.Indexing;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Recurrences;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Sorting;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.amortis.testing.Formulas;
import org.junit.jupiter.api.Test;

/**
 * Random smooth formulas in float64, loops among them: the gradient and a Hessian-vector product along a random direction
 * against central differences, and the compiled formulas against the reference loops.
 */
final class RandomGradientTest {
    /** Grows formulas from a pool of tensors. */
    private static final class Grower {
        final List<Tensor> pool = new ArrayList<>();
        final Random random;
        final int depth;

        Grower(Random random, int depth) {
            this.random = random;
            this.depth = depth;
        }

        int below(int n) {
            return random.nextInt(n);
        }

        Tensor pick() {
            int n = pool.size();
            return pool.get(below(2) == 0 ? n - 1 - below(Math.min(n, 3)) : below(n));
        }

        Tensor fit(Tensor t, Shape s) {
            if (t.shape().equals(s)) {
                return t;
            }
            if (t.shape().broadcastsTo(s)) {
                return t.broadcastTo(s);
            }
            return t.shape().size() == s.size() ? t.reshape(s) : t.mean().tanh().broadcastTo(s);
        }

        Tensor like(Tensor a) {
            return fit(pick(), a.shape());
        }

        int axis(Tensor t) {
            return below(t.shape().rank());
        }

        int[] axes(Tensor t) {
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < t.shape().rank(); i++) {
                all.add(i);
            }
            Collections.shuffle(all, random);
            return all.stream()
                    .limit(1 + below(all.size()))
                    .sorted()
                    .mapToInt(i -> i)
                    .toArray();
        }

        void grow(int nodes) {
            for (int i = 0; i < nodes; i++) {
                Tensor t = next();
                if (t.shape().size() > 0 && t.shape().size() <= 200) {
                    pool.add(below(3) == 0 ? t : t.mul(0.3).tanh());
                }
            }
        }

        Tensor next() {
            Tensor a = pick();
            int r = a.shape().rank();
            int kind = below(38);
            if (r == 0 && kind >= 11) {
                kind = below(11);
            }
            return switch (kind) {
                case 0 -> a.tanh();
                case 1 -> a.sin().add(a.cos());
                case 2 -> a.mul(like(a));
                case 3 -> a.add(like(a));
                case 4 -> a.sub(like(a).mul(0.5));
                case 5 -> a.div(like(a).square().add(1));
                case 6 -> a.sigmoid().softplus();
                case 7 -> a.tanh().exp().add(1).log();
                case 8 -> a.square().add(0.5).sqrt();
                case 9 -> a.sigmoid().add(0.5).pow(like(a).tanh());
                case 10 -> a.maximum(like(a)).add(a.minimum(0.1234567));
                case 11 -> {
                    List<Integer> p = new ArrayList<>();
                    for (int i = 0; i < r; i++) {
                        p.add(i);
                    }
                    Collections.shuffle(p, random);
                    yield a.transpose(p.stream().mapToInt(i -> i).toArray());
                }
                case 12 -> a.reshape(a.shape().size());
                case 13, 14 -> {
                    int x = axis(a);
                    int from = below(a.shape().dim(x));
                    yield a.slice(x, from, a.shape().dim(x), 1 + below(2));
                }
                case 15 -> a.flip(axes(a));
                case 16 -> Tensors.concat(axis(a), a, like(a), a);
                case 17 -> Tensors.stack(below(r + 1), like(a), a);
                case 18 -> Tensors.pad(a, axis(a), below(2), below(2), 0.3);
                case 19 -> a.sum(axes(a)).mul(0.5);
                case 20 -> a.max(axes(a));
                case 21 -> a.cumsum(axis(a)).mul(0.5);
                case 22 ->
                    below(2) == 0
                            ? Indexing.cumprod(a.tanh(), axis(a))
                            : Recurrences.reverseLinear(a.tanh(), a, axis(a));
                case 23 -> a.tanh().prod(axes(a));
                case 24 -> a.logsumexp(axes(a));
                case 25 -> a.softmax(axis(a)).add(a.logSoftmax(axis(a)).mul(0.1));
                case 26 -> {
                    int x = axis(a);
                    yield a.gather(
                            x,
                            Tensors.iota(Shape.of(3), 0)
                                    .mul(2)
                                    .minimum(a.shape().dim(x) - 1));
                }
                case 27 -> {
                    Tensor index = Tensors.iota(Shape.of(a.shape().dim(0)), 0).minimum(2);
                    yield Tensors.scatterAdd(0, 3, index, a);
                }
                case 28 -> Tensors.where(like(a).gt(0), a, like(a).sin());
                case 29 -> Sorting.sort(a, axis(a));
                case 30 -> Composites.layerNorm(a, 0.1);
                case 31 -> {
                    int k = a.shape().dim(-1);
                    yield r == 1
                            ? a.matmul(fit(pick(), Shape.of(k, 2)))
                            : a.matmul(fit(pick(), Shape.of(2, k)).transpose(1, 0));
                }
                case 32 -> r < 2 ? a : Tensors.matmul(a, like(a), true, false).mul(0.3);
                case 33 -> spd(a);
                case 34 -> {
                    Tensor outside = like(a);
                    yield Rematerialise.of(
                            x -> x.mul(outside).tanh().add(x.sin().cumsum(0)), a);
                }
                case 35 -> {
                    Tensor outside = like(a);
                    CustomGradient product =
                            CustomGradient.of(t -> t[0].mul(t[1]).sin(), (t, y, dy) -> {
                                Tensor d = dy.mul(t[0].mul(t[1]).cos());
                                return new Tensor[] {d.mul(t[1]), d.mul(t[0])};
                            });
                    yield product.apply(a, outside);
                }
                default -> depth < 2 ? loop(a) : a.add(a.sin());
            };
        }

        Tensor spd(Tensor a) {
            Tensor b = fit(a, Shape.of(3, 2)).tanh();
            Tensor s = Tensors.matmul(b, b, false, true)
                    .add(Tensors.constant(HostArray.wrap(new double[] {1, 0, 0, 0, 2, 0, 0, 0, 1.5}, Shape.of(3, 3))));
            Tensor l = LinearAlgebra.cholesky(s);
            return LinearAlgebra.triangularSolve(l, b, true, below(2) == 0, false)
                    .add(l.sum());
        }

        Tensor loop(Tensor a) {
            boolean until = below(3) == 0;
            boolean sliced = a.shape().rank() > 0 && below(2) == 0;
            int steps = sliced ? a.shape().dim(0) : below(5);
            Scan s = until ? Scan.until(steps) : Scan.of(steps);
            for (int i = below(3); i >= 0; i--) {
                s.carry(pick());
            }
            if (sliced) {
                s.sequences(a);
            }
            if (below(3) == 0) {
                s.reverse();
            }
            if (!until && below(3) == 0) {
                s.checkpointEvery(1 + below(3));
            }
            int stop = below(4);
            Scan.Result r = s.body((t, carry, slices) -> {
                Grower g = new Grower(random, depth + 1);
                for (int i = below(3); i > 0; i--) {
                    g.pool.add(pick());
                }
                g.pool.add(t.cast(DType.F64).mul(0.3).sin());
                g.pool.addAll(slices);
                g.pool.addAll(carry);
                g.grow(1 + below(7));
                List<Tensor> next = new ArrayList<>();
                for (Tensor c : carry) {
                    Tensor u = below(4) == 0 ? carry.get(below(carry.size())) : g.pick();
                    next.add(fit(u, c.shape()));
                }
                Scan.Step step = Scan.Step.of(next);
                step = below(3) == 0 ? step : step.output(g.pick(), g.pick());
                return until ? step.doneWhen(t.ge(stop).or(g.pick().sum().gt(1))) : step;
            });
            List<Tensor> all = new ArrayList<>(r.finals());
            all.addAll(r.outputs());
            all.stream()
                    .filter(t -> t.shape().size() > 0 && t.shape().size() <= 200)
                    .forEach(pool::add);
            return all.get(below(all.size()));
        }
    }

    private static Map<State, double[]> moved(Map<State, double[]> at, Map<State, double[]> direction, double h) {
        Map<State, double[]> r = new LinkedHashMap<>();
        at.forEach((s, x) -> {
            double[] y = x.clone();
            for (int i = 0; i < y.length; i++) {
                y[i] += h * direction.get(s)[i];
            }
            r.put(s, y);
        });
        return r;
    }

    private static void check(long seed, Device device) {
        Random random = new Random(seed);
        Grower g = new Grower(random, 0);
        Map<State, double[]> at = new LinkedHashMap<>();
        Map<State, double[]> direction = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            int[] d = new int[g.below(4)];
            for (int k = 0; k < d.length; k++) {
                d[k] = 1 + g.below(4);
            }
            State s = new State("s" + i, new TensorType(DType.F64, Shape.of(d)));
            int n = s.type().shape().size();
            at.put(s, random.doubles(n, -1, 1).toArray());
            direction.put(s, random.doubles(n, -1, 1).toArray());
            g.pool.add(s.value());
        }
        g.grow(3 + g.below(16));
        Tensor loss = Tensors.zeros(DType.F64, Shape.SCALAR);
        for (int i = 0; i < 3; i++) {
            loss = loss.add(g.pick().sum());
        }
        List<Tensor> wrt = at.keySet().stream().map(State::value).toList();
        Tensor along = along(Gradients.orZeros(loss, wrt), at.keySet(), direction);
        List<Tensor> tangents = new ArrayList<>();
        direction.forEach((s, v) ->
                tangents.add(Tensors.constant(HostArray.wrap(v, s.type().shape()))));
        Tensor pushed = Gradients.jvp(List.of(loss), wrt, tangents).get(0);
        Tensor second = along(Gradients.orZeros(along, wrt), at.keySet(), direction);
        List<Tensor> all = List.of(loss, along, second, pushed);
        double[] want = values(all, at);
        double h = 1e-5;
        double[] up = values(all, moved(at, direction, h));
        double[] down = values(all, moved(at, direction, -h));
        for (int k = 0; k < 2; k++) {
            double d = (up[k] - down[k]) / (2 * h);
            double scale = Math.max(1, Math.abs(want[k + 1])) + Math.abs(want[2]);
            assertEquals(d, want[k + 1], 1e-5 * scale, "seed " + seed + " derivative " + (k + 1));
        }
        assertEquals(want[1], want[3], 1e-9 * Math.max(1, Math.abs(want[1])), "seed " + seed + " pushed forward");
        StateStore store = new StateStore();
        at.forEach((s, x) -> store.set(s, HostArray.wrap(x, s.type().shape())));
        Runner r = Program.of(all.toArray(Tensor[]::new)).open(device, store);
        r.poison();
        r.runChecked();
        for (int k = 0; k < 4; k++) {
            assertEquals(
                    want[k], r.scalar(k), 1e-9 * Math.max(1, Math.abs(want[k])), "seed " + seed + " compiled " + k);
        }
    }

    private static double[] values(List<Tensor> t, Map<State, double[]> at) {
        return Formulas.eval(t, at).stream().mapToDouble(x -> x.get(0)).toArray();
    }

    private static Tensor along(List<Tensor> g, Iterable<State> states, Map<State, double[]> direction) {
        Tensor sum = Tensors.zeros(DType.F64, Shape.SCALAR);
        int i = 0;
        for (State s : states) {
            Tensor v =
                    Tensors.constant(HostArray.wrap(direction.get(s), s.type().shape()));
            sum = sum.add(g.get(i++).mul(v).sum());
        }
        return sum;
    }

    @Test
    void derivativesOfRandomFormulasAgreeWithDifferences() {
        List<AssertionError> failures = new ArrayList<>();
        int programs = 500;
        try (Device device = Device.builder().threads(1).build()) {
            for (long seed = 1; seed <= programs; seed++) {
                try {
                    check(seed, device);
                } catch (AssertionError e) {
                    failures.add(e);
                } catch (RuntimeException e) {
                    failures.add(new AssertionError("seed " + seed + ": " + e, e));
                }
            }
        }
        if (!failures.isEmpty()) {
            StringBuilder all = new StringBuilder();
            failures.forEach(f -> all.append('\n').append(f.getMessage()));
            throw new AssertionError(failures.size() + " of " + programs + all, failures.get(0));
        }
    }
}
