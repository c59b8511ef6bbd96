package org.amortis.runtime;

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
import org.amortis.tensor.Graphs;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.Recurrences;
import org.amortis.tensor.RefArray;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Sorting;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random programs against the reference loops. All values are small whole numbers, so sums are exact in any order and in
 * F32, and results must be equal, not close: with memory reused or not, watched or not, on one or two threads, with
 * stale memory poisoned. Updates of states alias, swap and slice each other.
 */
final class RandomProgramTest {
    private static final int STEPS = 3;

    /** Values of leaves stay within this. */
    private static final int BOUND = 8;

    /** Intermediate values stay within this: a product of two and a sum of some thousand are exact in F32. */
    private static final double LIMIT = 60;

    /** Grows formulas of one float type from a pool of tensors. */
    private static final class Grower {
        final Random random;
        final DType type;
        final List<Tensor> pool = new ArrayList<>();
        final int[] sizes;
        int depth;

        Grower(Random random, DType type, int[] sizes) {
            this.random = random;
            this.type = type;
            this.sizes = sizes;
        }

        int below(int n) {
            return random.nextInt(n);
        }

        Shape shape(int maxRank) {
            int[] d = new int[below(maxRank + 1)];
            for (int i = 0; i < d.length; i++) {
                d[i] = sizes[below(sizes.length)];
            }
            return Shape.of(d);
        }

        Tensor pick() {
            // late ones more often: deep formulas
            int n = pool.size();
            return pool.get(below(2) == 0 ? n - 1 - below(Math.min(n, 4)) : below(n));
        }

        /** A tensor that broadcasts with another, made from the pool. */
        Tensor partner(Tensor a) {
            for (int i = 0; i < 8; i++) {
                Tensor b = pick();
                Shape s = Shape.broadcastOrNull(a.shape(), b.shape());
                if (s != null && s.size() <= 60_000) {
                    return b;
                }
            }
            return fit(pick(), a.shape());
        }

        /** A tensor of a shape that depends on another. */
        Tensor fit(Tensor t, Shape s) {
            if (t.shape().equals(s)) {
                return t;
            }
            if (t.shape().broadcastsTo(s)) {
                return t.broadcastTo(s);
            }
            if (t.shape().size() == s.size()) {
                return t.reshape(s);
            }
            return bounded(t.sum()).broadcastTo(s);
        }

        Tensor bounded(Tensor t) {
            return t.clamp(-BOUND, BOUND);
        }

        int axis(Tensor t) {
            return below(t.shape().rank());
        }

        int[] axes(Tensor t) {
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < t.shape().rank(); i++) {
                if (below(2) == 0) {
                    all.add(i);
                }
            }
            return all.stream().mapToInt(i -> i).toArray();
        }

        int[] permutation(int rank) {
            List<Integer> p = new ArrayList<>();
            for (int i = 0; i < rank; i++) {
                p.add(i);
            }
            Collections.shuffle(p, random);
            return p.stream().mapToInt(i -> i).toArray();
        }

        Tensor condition(Tensor a) {
            Tensor b = partner(a);
            Tensor c = switch (below(5)) {
                case 0 -> a.lt(b);
                case 1 -> a.ge(b);
                case 2 -> a.eq(b);
                case 3 -> a.gt(below(5) - 2);
                default -> a.ne(b).and(b.le(1));
            };
            return below(4) == 0 ? c.not() : below(6) == 0 ? c.xor(a.lt(0)) : c;
        }

        Tensor index(Tensor a, int n) {
            return a.abs().cast(DType.I32).minimum(n - 1);
        }

        void grow(int nodes) {
            for (int i = 0; i < nodes; i++) {
                Tensor t = next();
                if (t.shape().size() > 60_000) {
                    continue;
                }
                pool.add(below(3) == 0 ? bounded(t) : t.clamp(-LIMIT, LIMIT));
            }
        }

        private Tensor next() {
            Tensor a = pick();
            int r = a.shape().rank();
            int kind = below(36);
            if (r == 0 && kind >= 16) {
                kind = below(16);
            }
            boolean empty = a.shape().size() == 0;
            return switch (kind) {
                case 0 -> a.neg();
                case 1 -> a.abs();
                case 2 -> a.sign();
                case 3 -> a.relu();
                case 4 -> a.mul(below(5) - 2);
                case 5 -> a.add(below(5) - 2);
                case 6 -> a.rsub(below(3));
                case 7, 8 -> a.add(partner(a));
                case 9 -> a.sub(partner(a));
                case 10 -> a.mul(partner(a));
                case 11 -> a.minimum(partner(a));
                case 12 -> a.maximum(partner(a));
                case 13, 14 -> {
                    Tensor c = condition(a);
                    Tensor b = partnerOf(c);
                    yield below(3) == 0 ? Tensors.where(c, b, 3) : Tensors.where(c, b, fit(pick(), b.shape()));
                }
                case 15 ->
                    a.cast(DType.I32).mul(3).sub(a.cast(DType.I32).square()).cast(type);
                case 16, 17 -> a.transpose(permutation(r));
                case 18 -> a.add(fit(a.transpose(permutation(r)), a.shape()));
                case 19 -> a.reshape(a.shape().size());
                case 20 -> a.slice(axis(a), 0, 0);
                case 21, 22 -> slice(a);
                case 23 -> a.flip(axes(a));
                case 24 -> concat(a);
                case 25 -> Tensors.stack(below(r + 1), a, fit(pick(), a.shape()), a);
                case 26 -> empty ? a : Tensors.pad(a, axis(a), below(3), below(3), below(2));
                case 27 -> below(2) == 0 ? a.sum(axes(a)) : keptSum(a);
                case 28 -> empty ? a : below(2) == 0 ? a.max(axes(a)) : a.min(axes(a));
                case 29 -> product(a);
                case 30 ->
                    below(2) == 0 ? a.cumsum(axis(a)) : Recurrences.linear(a.sign(), fit(pick(), a.shape()), axis(a));
                case 31 -> empty ? a : gather(a);
                case 32 -> scatter(a);
                case 33 -> empty ? a : a.argmax(axis(a)).cast(type);
                case 34 -> {
                    Sorting.Sorted s = Sorting.sortWithIndices(a, axis(a));
                    yield below(2) == 0 ? s.values() : s.indices().cast(type).sub(a);
                }
                default -> depth < 2 ? loop(a) : a.add(1);
            };
        }

        private Tensor partnerOf(Tensor condition) {
            return below(2) == 0 ? partner(condition) : fit(pick(), condition.shape());
        }

        private Tensor slice(Tensor a) {
            int x = axis(a);
            int n = a.shape().dim(x);
            int from = below(n + 1);
            int to = from + below(n - from + 1);
            return a.slice(x, from, to, 1 + below(3));
        }

        private Tensor concat(Tensor a) {
            int x = below(3) == 0 ? axis(a) : 0;
            List<Tensor> parts = new ArrayList<>(List.of(a));
            for (int i = below(3); i >= 0; i--) {
                Tensor b = pick();
                boolean fits = b.shape().rank() == a.shape().rank()
                        && b.shape().drop(x).equals(a.shape().drop(x));
                parts.add(below(8) == 0 ? Tensors.fill(below(3), type, a.shape()) : fits ? b : fit(b, a.shape()));
            }
            Collections.shuffle(parts, random);
            return Tensors.concat(x, parts.toArray(Tensor[]::new));
        }

        private Tensor keptSum(Tensor a) {
            int[] axes = axes(a);
            return a.sub(bounded(a.sum(axes).keepDims(a, axes)));
        }

        private Tensor product(Tensor a) {
            if (a.shape().rank() < 2) {
                return fit(a, Shape.of(1, a.shape().size()))
                        .matmul(fit(pick(), Shape.of(a.shape().size(), 3)));
            }
            int k = a.shape().dim(-1);
            return switch (below(4)) {
                case 0 -> Tensors.matmul(a, fit(pick(), a.shape()), false, true);
                case 1 -> Tensors.matmul(a, fit(pick(), a.shape()), true, false);
                case 2 -> a.matmul(fit(pick(), Shape.of(k, 1 + below(4))));
                default -> a.matmul(fit(pick(), Shape.of(1 + below(4), k)).transpose(1, 0));
            };
        }

        private Tensor gather(Tensor a) {
            int x = axis(a);
            return a.gather(x, index(pick(), a.shape().dim(x)));
        }

        private Tensor scatter(Tensor a) {
            int n = 1 + below(4);
            Tensor i = index(fit(pick(), Shape.of(a.shape().dim(0))), n);
            return Tensors.scatterAdd(0, n, i, a);
        }

        private Tensor loop(Tensor a) {
            boolean until = below(3) == 0;
            int steps = a.shape().rank() > 0 && below(2) == 0 ? a.shape().dim(0) : below(4);
            Scan s = until ? Scan.until(steps) : Scan.of(steps);
            List<Tensor> carries = new ArrayList<>();
            for (int i = below(3); i >= 0; i--) {
                carries.add(bounded(pick()));
            }
            s.carry(carries);
            if (a.shape().rank() > 0 && a.shape().dim(0) == steps) {
                s.sequences(a);
            }
            if (below(3) == 0) {
                s.reverse();
            }
            if (!until && below(4) == 0) {
                s.checkpointEvery(2);
            }
            Scan.Result r = s.body((t, carry, slices) -> {
                Grower g = new Grower(random, type, sizes);
                g.depth = depth + 1;
                for (int i = below(3); i > 0; i--) {
                    g.pool.add(pick());
                }
                g.pool.add(t.cast(type));
                g.pool.addAll(slices);
                g.pool.addAll(carry);
                g.grow(below(8));
                List<Tensor> next = new ArrayList<>();
                for (Tensor c : carry) {
                    // now and then a carry as it is, or another one's value: bodies that swap
                    Tensor u = below(4) == 0 ? carry.get(below(carry.size())) : g.pick();
                    next.add(u.shape().equals(c.shape()) && carry.contains(u) ? u : bounded(fit(u, c.shape())));
                }
                Scan.Step step = Scan.Step.of(next);
                step = below(3) == 0 ? step : step.output(g.pick(), bounded(g.pick()));
                return until ? step.doneWhen(g.pick().sum().gt(4)) : step;
            });
            List<Tensor> all = new ArrayList<>(r.finals());
            all.addAll(r.outputs());
            for (Tensor t : all) {
                if (t.shape().size() <= 60_000) {
                    pool.add(t);
                }
            }
            return all.get(below(all.size()));
        }
    }

    /** A program, the values that it starts from, and what it must compute. */
    private static final class Case {
        final Map<State, Tensor> updates = new LinkedHashMap<>();
        final Map<State, HostArray> start = new LinkedHashMap<>();
        final Map<String, HostArray> inputs = new LinkedHashMap<>();
        final List<Tensor> outputs = new ArrayList<>();
        final List<List<RefArray>> wantOutputs = new ArrayList<>();
        final List<Map<State, RefArray>> wantStates = new ArrayList<>();
        final Tensor guard;

        Case(long seed, int[] sizes, int nodes) {
            Random random = new Random(seed);
            Grower g = new Grower(random, random.nextBoolean() ? DType.F32 : DType.F64, sizes);
            int leaves = 1 + g.below(4);
            Shape common = g.shape(3);
            for (int i = 0; i < leaves; i++) {
                Shape s = g.below(2) == 0 ? common : g.shape(3);
                HostArray value = numbers(random, s, g.type);
                switch (g.below(5)) {
                    case 0 -> {
                        inputs.put("x" + i, value);
                        g.pool.add(Tensors.input("x" + i, g.type, s.toArray()));
                    }
                    case 1 -> g.pool.add(s.size() > 1000 ? Tensors.resident(value) : Tensors.constant(value));
                    default -> {
                        State state = new State("s" + i, new TensorType(g.type, s));
                        start.put(state, value);
                        g.pool.add(state.value());
                    }
                }
            }
            if (g.below(3) == 0) {
                g.pool.add(Tensors.fill(g.below(3), g.type, common));
            }
            if (g.below(6) == 0 && common.rank() > 0) {
                g.pool.add(Tensors.iota(common, g.below(common.rank())).cast(g.type));
            }
            g.grow(nodes);
            for (State s : start.keySet()) {
                if (g.below(5) > 0) {
                    Tensor v = g.below(4) == 0
                            ? otherState(g, s)
                            : g.bounded(g.fit(g.pick(), s.type().shape()));
                    updates.put(s, v);
                }
            }
            for (int i = g.below(4); i > 0; i--) {
                outputs.add(g.pick());
            }
            guard = g.pick().sum();
            expect();
        }

        /** Another state's old value, whole, turned or cut and joined again. */
        private Tensor otherState(Grower g, State s) {
            List<State> same = start.keySet().stream()
                    .filter(x -> x.type().equals(s.type()))
                    .toList();
            Tensor v = same.get(g.below(same.size())).value();
            int n = s.type().shape().rank() == 0 ? 0 : s.type().shape().dim(0);
            return switch (n < 2 ? 0 : g.below(3)) {
                case 0 -> v;
                case 1 -> Tensors.concat(0, v.slice(0, 1, n), v.slice(0, 0, 1));
                default -> v.flip(0);
            };
        }

        private static HostArray numbers(Random random, Shape s, DType type) {
            double[] d = new double[s.size()];
            for (int i = 0; i < d.length; i++) {
                d[i] = random.nextInt(2 * BOUND + 1) - BOUND;
            }
            return HostArray.wrap(d, s).cast(type);
        }

        private void expect() {
            Map<State, RefArray> now = new LinkedHashMap<>();
            start.forEach((s, v) -> now.put(s, RefArray.of(v)));
            List<Tensor> all = new ArrayList<>(outputs);
            all.addAll(updates.values());
            for (int k = 0; k < STEPS; k++) {
                List<RefArray> want = Graphs.evaluate(all, t -> switch (t.node().op()) {
                    case LeafOp.Input i -> RefArray.of(java.util.Objects.requireNonNull(inputs.get(i.label())));
                    case LeafOp.StateValue s -> java.util.Objects.requireNonNull(now.get(s.state()));
                    case LeafOp.Resident r -> RefArray.of(r.data());
                    default -> throw new IllegalStateException(t.toString());
                });
                int i = outputs.size();
                for (State s : updates.keySet()) {
                    now.put(s, want.get(i++));
                }
                wantOutputs.add(want.subList(0, outputs.size()));
                wantStates.add(new LinkedHashMap<>(now));
            }
        }

        void check(String name, Device device, boolean reuse, boolean watched) {
            Program p = Program.builder()
                    .outputs(outputs.toArray(Tensor[]::new))
                    .updates(updates)
                    .guards(guard)
                    .reuseMemory(reuse)
                    .build();
            StateStore store = new StateStore();
            start.forEach(store::set);
            Runner r = p.open(device, store);
            r.poison();
            inputs.forEach((k, v) -> {
                if (p.inputs().contains(k)) {
                    r.feed(k, v);
                }
            });
            for (int k = 0; k < STEPS; k++) {
                if (watched) {
                    r.runChecked();
                } else {
                    r.run();
                }
                for (int i = 0; i < outputs.size(); i++) {
                    equal(wantOutputs.get(k).get(i), r.output(i), name + " step " + k + " output " + i, p);
                }
                for (Map.Entry<State, RefArray> e : wantStates.get(k).entrySet()) {
                    equal(e.getValue(), store.get(e.getKey()), name + " step " + k + " " + e.getKey(), p);
                }
            }
        }

        private static void equal(RefArray want, HostArray got, String what, Program p) {
            assertEquals(want.shape(), got.shape(), what);
            for (int i = 0; i < got.shape().size(); i++) {
                double w = want.get(i);
                double v = got.get(i);
                // zeros of either sign are equal
                if (w != v) {
                    throw new AssertionError(what + " element " + i + ": " + v + ", the reference has " + w + "\n"
                            + p.plan().describe());
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1000,900,1 2 3 3 3 5,14", "2000,500,0 1 2 2 4,24", "3000,60,3 31 70 129,12", "4000,100,2 3 4,60"})
    void randomProgramsAgreeWithTheReference(long firstSeed, int programs, String sizes, int nodes) {
        int[] dims = java.util.Arrays.stream(sizes.split(" "))
                .mapToInt(Integer::parseInt)
                .toArray();
        try (Device one = Device.builder().threads(1).build();
                Device two = Device.builder().threads(2).build()) {
            List<AssertionError> failures = new ArrayList<>();
            for (int i = 0; i < programs; i++) {
                long seed = firstSeed + i;
                String name = "seed " + seed;
                try {
                    Case c = new Case(seed, dims, nodes);
                    c.check(name, one, true, false);
                    c.check(name + " watched", one, true, true);
                    c.check(name + " two threads without reuse", two, false, false);
                } catch (RuntimeException e) {
                    failures.add(new AssertionError(name + ": " + e, e));
                } catch (AssertionError e) {
                    failures.add(e);
                }
            }
            if (!failures.isEmpty()) {
                AssertionError first = failures.get(0);
                throw new AssertionError(failures.size() + " of " + programs + ", first " + first.getMessage(), first);
            }
        }
    }
}
