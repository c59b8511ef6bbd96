package org.amortis.check;

import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.check.Sample.Derivatives;
import org.amortis.check.Sample.Operand;
import org.amortis.check.Sample.Scale;
import org.amortis.tensor.Indexing;
import org.amortis.tensor.Key;
import org.amortis.tensor.LayoutOp;
import org.amortis.tensor.Node;
import org.amortis.tensor.Random;
import org.amortis.tensor.RandomOp;
import org.amortis.tensor.Recurrences;
import org.amortis.tensor.Reductions;
import org.amortis.tensor.Sorting;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Samples of what moves elements, draws them, or is composed of other operations. */
final class LayoutRows {
    private final Rows rows;

    private LayoutRows(Rows rows) {
        this.rows = rows;
    }

    static void addTo(Rows rows) {
        LayoutRows r = new LayoutRows(rows);
        r.layout();
        r.indexing();
        r.random();
        r.composites();
    }

    private void layout() {
        Values any = Values.between(-2, 2);
        for (int[] s : new int[][] {{2, 3, 5}, {1, 17, 1}, {4, 0, 3}, {3, 16, 2}}) {
            Operand x = Operand.real(any, s);
            Operand i = Operand.ints(Values.below(50), s);
            Operand b = Operand.bools(s);
            Operand k = Operand.keys(s);
            for (Operand o : new Operand[] {x, i, b, k}) {
                Derivatives d = o.kind() == Sample.Kind.FLOAT ? Derivatives.TWICE : Derivatives.REFUSED;
                rows.one(o.kind() + " reshape", d, Scale.RESULT, t -> t.reshape(Shape.of(s[2], s[0] * s[1])), o);
                rows.one(o.kind() + " transpose", d, Scale.RESULT, t -> t.transpose(), o);
                rows.one(o.kind() + " transpose201", d, Scale.RESULT, t -> t.transpose(2, 0, 1), o);
                rows.one(
                        o.kind() + " broadcast",
                        d,
                        Scale.RESULT,
                        t -> t.expandDims(1).broadcastTo(Shape.of(2, s[0], 3, s[1], s[2])),
                        o);
                rows.one(
                        o.kind() + " slice",
                        d,
                        Scale.RESULT,
                        t -> t.slice(1, s[1] / 2, s[1]).slice(0, 0, s[0], 2),
                        o);
                rows.one(o.kind() + " step", d, Scale.RESULT, t -> t.slice(1, 0, s[1], 3), o);
                rows.one(o.kind() + " flip", d, Scale.RESULT, t -> t.flip(1, 2), o);
                rows.one(o.kind() + " concat", d, Scale.RESULT, t -> Tensors.concat(1, t, t.flip(0), t), o);
                rows.one(o.kind() + " stack", d, Scale.RESULT, t -> Tensors.stack(1, t, t), o);
                rows.one(o.kind() + " tile", d, Scale.RESULT, t -> Tensors.tile(t, 2, 1, 3), o);
                rows.one(o.kind() + " at", d, Scale.RESULT, t -> t.at(2, s[2] - 1), o);
                rows.one(o.kind() + " named", d, Scale.RESULT, t -> t.named("it"), o);
                if (o.kind() != Sample.Kind.KEY) {
                    rows.one(o.kind() + " pad", d, Scale.RESULT, t -> Tensors.pad(t, 1, 2, 1, 0), o);
                    rows.one(o.kind() + " pad with 1", d, Scale.RESULT, t -> Tensors.pad(t, 0, 0, 3, 1), o);
                }
            }
            rows.one("stopGradient", Derivatives.REFUSED, Scale.RESULT, Tensor::stopGradient, x);
            rows.two(
                    "after",
                    Derivatives.TWICE,
                    Scale.TERMS,
                    (t, u) -> Node.of(new LayoutOp.After(), t.square(), u.exp())
                            .result(0)
                            .add(u),
                    x,
                    x);
            rows.one("split", Derivatives.TWICE, Scale.RESULT, t -> t.split(0, 1, s[0] - 1)[0], x);
            rows.one(
                    "overlapping slices",
                    Derivatives.TWICE,
                    Scale.TERMS,
                    t -> t.slice(0, 0, 1).mul(t.slice(0, s[0] - 1, s[0])).add(t),
                    x);
            rows.one(
                    "constants",
                    Derivatives.TWICE,
                    Scale.TERMS,
                    t -> t.mul(Tensors.iota(t.shape(), 1).cast(t.dtype())),
                    x);
        }
    }

    private void indexing() {
        Values any = Values.between(-2, 2);
        for (int n : new int[] {1, 7, 17}) {
            for (int axis = 0; axis < 3; axis++) {
                int a = axis;
                int[] s = {2, 3, 4};
                s[a] = n;
                Operand x = Operand.real(any, s);
                Operand i = Operand.ints(Values.below(9), s);
                rows.two(
                        "gather " + a,
                        Derivatives.TWICE,
                        Scale.RESULT,
                        (t, k) -> t.gather(a, k),
                        x,
                        Operand.ints(Values.below(n), 5));
                rows.two(
                        "gather matrix " + a,
                        Derivatives.TWICE,
                        Scale.RESULT,
                        (t, k) -> t.gather(a, k),
                        x,
                        Operand.ints(Values.below(n), 2, 3));
                rows.two(
                        "gather one " + a,
                        Derivatives.TWICE,
                        Scale.RESULT,
                        (t, k) -> t.gather(a, k),
                        x,
                        Operand.ints(Values.below(n)));
                rows.two(
                        "gather none " + a,
                        Derivatives.TWICE,
                        Scale.RESULT,
                        (t, k) -> t.gather(a, k),
                        x,
                        Operand.ints(Values.below(n), 0));
                rows.two(
                        "gather keys " + a,
                        Derivatives.REFUSED,
                        Scale.RESULT,
                        (t, k) -> t.gather(a, k),
                        Operand.keys(s),
                        Operand.ints(Values.below(n), 5));
                rows.two(
                        "scatterAdd " + a,
                        Derivatives.TWICE,
                        Scale.TERMS,
                        (t, k) -> Tensors.scatterAdd(a, 6, k, t),
                        x,
                        Operand.ints(Values.below(6), n));
                rows.two(
                        "int scatterAdd " + a,
                        Derivatives.REFUSED,
                        Scale.TERMS,
                        (t, k) -> Tensors.scatterAdd(a, 6, k, t),
                        i,
                        Operand.ints(Values.below(6), n));
                int[] m = s.clone();
                m[a] = 5;
                rows.two(
                        "takeAlongAxis " + a,
                        Derivatives.TWICE,
                        Scale.RESULT,
                        (t, k) -> Indexing.takeAlongAxis(t, k, a),
                        x,
                        Operand.ints(Values.below(n), m));
                rows.two(
                        "addAlongAxis " + a,
                        Derivatives.TWICE,
                        Scale.TERMS,
                        (t, k) -> Indexing.addAlongAxis(t, k, a, 5),
                        x,
                        Operand.ints(Values.below(5), s));
                rows.one("cumsum " + a, Derivatives.TWICE, Scale.TERMS, t -> t.cumsum(a), x);
                rows.one("int cumsum " + a, Derivatives.REFUSED, Scale.TERMS, t -> t.cumsum(a), i);
                rows.one("reverseCumsum " + a, Derivatives.TWICE, Scale.TERMS, t -> Indexing.reverseCumsum(t, a), x);
                rows.one("cumprod " + a, Derivatives.TWICE, Scale.RESULT, t -> Indexing.cumprod(t, a), x);
                rows.one("int cumprod " + a, Derivatives.REFUSED, Scale.RESULT, t -> Indexing.cumprod(t, a), i);
                rows.one("reverseCumprod " + a, Derivatives.TWICE, Scale.RESULT, t -> Indexing.reverseCumprod(t, a), x);
                recurrences(a, s);
                rows.one(
                        "sort " + a,
                        Derivatives.TWICE,
                        Scale.RESULT,
                        t -> Sorting.sort(t, a),
                        Operand.real(Values.distinct(0), s));
                rows.one(
                        "argsort " + a,
                        Derivatives.REFUSED,
                        Scale.RESULT,
                        t -> Sorting.argsort(t, a),
                        Operand.real(Values.below(3), s));
                rows.one("int sort " + a, Derivatives.REFUSED, Scale.RESULT, t -> Sorting.sort(t, a), i);
            }
        }
        rows.one(
                "cumprod with zeros",
                Derivatives.TWICE,
                Scale.RESULT,
                t -> Indexing.cumprod(t, 1),
                Operand.real(Values.cycle(2, 0, 0.5, -1, 0, 3, 1.5), 2, 5));
        rows.two(
                "linearRecurrence of broadcasts",
                Derivatives.TWICE,
                Scale.TERMS,
                (t, u) -> Recurrences.linear(t, u, 0),
                Operand.real(any, 4),
                Operand.real(any, 7, 1));
        rows.two(
                "linearRecurrence of nothing",
                Derivatives.TWICE,
                Scale.TERMS,
                (t, u) -> Recurrences.linear(t, t, u, 0),
                Operand.real(any, 0, 3),
                Operand.real(any, 3));
        rows.add(
                "sort specials",
                Derivatives.UNTESTED,
                Scale.RESULT,
                t -> {
                    Sorting.Sorted r = Sorting.sortWithIndices(t[0], 0);
                    return new Tensor[] {r.values(), r.indices()};
                },
                Rows.specials(2));
        rows.one("sort of nothing", Derivatives.TWICE, Scale.RESULT, t -> Sorting.sort(t, 1), Operand.real(any, 3, 0));
        rows.one("cumsum of nothing", Derivatives.TWICE, Scale.TERMS, t -> t.cumsum(0), Operand.real(any, 0, 3));
        rows.one(
                "oneHot",
                Derivatives.REFUSED,
                Scale.RESULT,
                t -> Indexing.oneHot(t, 5, DType.F32),
                Operand.ints(Values.below(7), 3, 4));
    }

    private void recurrences(int axis, int[] s) {
        Values any = Values.between(-2, 2);
        Operand x = Operand.real(any, s);
        int[] without = Shape.of(s).drop(axis).toArray();
        rows.two("linear " + axis, Derivatives.TWICE, Scale.TERMS, (t, u) -> Recurrences.linear(t, u, axis), x, x);
        rows.two(
                "reverseLinear " + axis,
                Derivatives.TWICE,
                Scale.TERMS,
                (t, u) -> Recurrences.reverseLinear(t, u, axis),
                x,
                x);
        rows.add(
                "linear with initial " + axis,
                Derivatives.TWICE,
                Scale.TERMS,
                t -> new Tensor[] {Recurrences.linear(t[0], t[1], t[2], axis)},
                x,
                x,
                Operand.real(any, without));
        rows.add(
                "reverseLinear with initial " + axis,
                Derivatives.TWICE,
                Scale.TERMS,
                t -> new Tensor[] {Recurrences.reverseLinear(t[0], t[1], t[2], axis)},
                x,
                x,
                Operand.real(any, without));
        Operand i = Operand.ints(Values.below(5), s);
        rows.two(
                "int linear " + axis, Derivatives.REFUSED, Scale.TERMS, (t, u) -> Recurrences.linear(t, u, axis), i, i);
    }

    private void random() {
        for (DType t : new DType[] {DType.F32, DType.F64}) {
            for (int n : new int[] {0, 1, 3, 5, 16, 33}) {
                rows.one(
                        "uniform " + t + n,
                        Derivatives.REFUSED,
                        Scale.RESULT,
                        k -> Random.uniform(Key.of(k), t, Shape.of(n)),
                        Operand.keys());
                rows.one(
                        "normal " + t + n,
                        Derivatives.REFUSED,
                        Scale.OPERANDS,
                        k -> Random.normal(Key.of(k), t, Shape.of(2, n)),
                        Operand.keys(2));
            }
            rows.one(
                    "exponential " + t,
                    Derivatives.REFUSED,
                    Scale.OPERANDS,
                    k -> Random.exponential(Key.of(k), t, Shape.of(17)),
                    Operand.keys());
            rows.one(
                    "gumbel " + t,
                    Derivatives.REFUSED,
                    Scale.OPERANDS,
                    k -> Random.gumbel(Key.of(k), t, Shape.of(17)),
                    Operand.keys());
        }
        rows.one(
                "bits",
                Derivatives.REFUSED,
                Scale.RESULT,
                k -> Random.bits(Key.of(k), Shape.of(3, 17)),
                Operand.keys(3));
        rows.one(
                "integers",
                Derivatives.REFUSED,
                Scale.RESULT,
                k -> Random.integers(Key.of(k), 10, Shape.of(33)),
                Operand.keys());
        rows.one(
                "permutation",
                Derivatives.REFUSED,
                Scale.RESULT,
                k -> Random.permutation(Key.of(k), 33),
                Operand.keys());
        rows.one(
                "fold",
                Derivatives.REFUSED,
                Scale.RESULT,
                k -> Key.of(k).fold("purpose").fold(-3).tensor(),
                Operand.keys(5));
        rows.two(
                "fold index",
                Derivatives.REFUSED,
                Scale.RESULT,
                (k, i) -> Key.of(k).fold(i).tensor(),
                Operand.keys(),
                Operand.ints(Values.below(99), 7));
        rows.one(
                "split key",
                Derivatives.REFUSED,
                Scale.RESULT,
                k -> Key.of(k).split(3).tensor(),
                Operand.keys(2));
        for (int n : new int[] {0, 1, 7, 17}) {
            Operand shapes = Operand.real(Values.between(0.2, 6), 3, n);
            rows.two(
                    "gamma",
                    Derivatives.IMPLICIT,
                    Scale.RESULT,
                    (k, t) -> Random.gamma(Key.of(k), t),
                    Operand.keys(),
                    shapes);
            rows.two(
                    "logGamma",
                    Derivatives.IMPLICIT,
                    Scale.OPERANDS,
                    (k, t) -> Random.logGamma(Key.of(k), t),
                    Operand.keys(3),
                    shapes);
        }
        rows.two(
                "gamma derivative",
                Derivatives.REFUSED,
                Scale.RESULT,
                (a, x) -> Node.of(new RandomOp.GammaDerivative(false), a, x).result(0),
                Operand.real(Values.between(0.2, 6), 33),
                Operand.real(Values.between(0.1, 5), 33));
        rows.two(
                "log gamma derivative",
                Derivatives.REFUSED,
                Scale.OPERANDS,
                (a, x) -> Node.of(new RandomOp.GammaDerivative(true), a, x).result(0),
                Operand.real(Values.between(0.2, 6), 33),
                Operand.real(Values.between(-2, 2), 33));
        rows.two(
                "bernoulli",
                Derivatives.REFUSED,
                Scale.RESULT,
                (k, p) -> Random.bernoulli(Key.of(k), p),
                Operand.keys(),
                Operand.real(Values.between(0, 1), 33));
        rows.two(
                "categorical",
                Derivatives.REFUSED,
                Scale.RESULT,
                (k, p) -> Random.categorical(Key.of(k), p),
                Operand.keys(),
                Operand.real(Values.between(-2, 2), 9, 5));
        rows.two(
                "location and scale",
                Derivatives.TWICE,
                Scale.OPERANDS,
                (k, m) -> Random.normal(Key.of(k), m.dtype(), m.shape())
                        .mul(m.exp())
                        .add(m),
                Operand.keys(),
                Operand.real(Values.between(-1, 1), 7));
    }

    private void composites() {
        Values any = Values.between(-2, 2);
        rows.two(
                "maskedMean",
                Derivatives.TWICE,
                Scale.TERMS,
                (m, t) -> Reductions.maskedMean(t, m, 1),
                Operand.bools(4, 3),
                Operand.real(any, 4, 3));
        rows.one("count", Derivatives.REFUSED, Scale.RESULT, t -> Reductions.count(t, 0), Operand.bools(4, 3));
        rows.one(
                "squaredNorm",
                Derivatives.TWICE,
                Scale.TERMS,
                t -> Reductions.squaredNorm(t, 1),
                Operand.real(any, 4, 3));
    }
}
