package org.amortis.check;

import java.util.ArrayList;
import java.util.List;
import org.amortis.check.Sample.Derivatives;
import org.amortis.check.Sample.Operand;
import org.amortis.check.Sample.Scale;
import org.amortis.tensor.ConvOp;
import org.amortis.tensor.Convolutions;
import org.amortis.tensor.LinearAlgebra;
import org.amortis.tensor.Node;
import org.amortis.tensor.Reductions;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/** Samples of reductions, products and linear algebra. */
final class ContractionRows {
    private final Rows rows;

    private ContractionRows(Rows rows) {
        this.rows = rows;
    }

    static void addTo(Rows rows) {
        ContractionRows r = new ContractionRows(rows);
        r.reductions();
        r.contractions();
        r.linalg();
    }

    private void reductions() {
        Values any = Values.between(-2, 2);
        int[][] shapes = {{1}, {7}, {15}, {16}, {17}, {33}, {2, 3, 5}, {5, 1, 3}, {4, 17}, {17, 4}, {3, 33}};
        for (int[] s : shapes) {
            List<int[]> choices = new ArrayList<>(List.of(new int[0], new int[] {0}, new int[] {-1}));
            if (s.length == 3) {
                choices.add(new int[] {1});
                choices.add(new int[] {0, 2});
                choices.add(new int[] {0, 1});
            }
            for (int[] axes : choices) {
                String of = java.util.Arrays.toString(axes);
                Operand x = Operand.real(any, s);
                Operand d = Operand.real(Values.distinct(0), s);
                rows.one("sum" + of, Derivatives.TWICE, Scale.TERMS, t -> t.sum(axes), x);
                rows.one("mean" + of, Derivatives.TWICE, Scale.TERMS, t -> t.mean(axes), x);
                rows.one("prod" + of, Derivatives.TWICE, Scale.RESULT, t -> t.prod(axes), x);
                rows.one("variance" + of, Derivatives.TWICE, Scale.OPERANDS, t -> Reductions.variance(t, axes), x);
                rows.one("max" + of, Derivatives.TWICE, Scale.RESULT, t -> t.max(axes), d);
                rows.one("min" + of, Derivatives.TWICE, Scale.RESULT, t -> t.min(axes), d);
                rows.one("logsumexp" + of, Derivatives.TWICE, Scale.OPERANDS, t -> t.logsumexp(axes), x);
                rows.one("any" + of, Derivatives.REFUSED, Scale.RESULT, t -> t.any(axes), Operand.bools(s));
                rows.one("all" + of, Derivatives.REFUSED, Scale.RESULT, t -> t.all(axes), Operand.bools(s));
                rows.one(
                        "int sum max min" + of,
                        Derivatives.REFUSED,
                        Scale.RESULT,
                        t -> t.sum(axes).add(t.max(axes).mul(t.min(axes))),
                        Operand.ints(Values.below(9), s));
            }
            rows.one("argmax", Derivatives.REFUSED, Scale.RESULT, t -> t.argmax(0), Operand.real(Values.below(4), s));
            rows.one("argmax last", Derivatives.REFUSED, Scale.RESULT, t -> t.argmax(-1), Operand.real(any, s));
        }
        for (int[] s : new int[][] {{0}, {0, 3}, {3, 0}}) {
            Operand x = Operand.real(any, s);
            rows.one("sum of nothing", Derivatives.TWICE, Scale.TERMS, t -> t.sum(0), x);
            rows.one("prod of nothing", Derivatives.TWICE, Scale.RESULT, t -> t.prod(-1), x);
            rows.one("any of nothing", Derivatives.REFUSED, Scale.RESULT, t -> t.any(0), Operand.bools(s));
            rows.one("all of nothing", Derivatives.REFUSED, Scale.RESULT, t -> t.all(0), Operand.bools(s));
        }
        rows.one("max of no rows", Derivatives.TWICE, Scale.RESULT, t -> t.max(-1), Operand.real(any, 0, 3));
        rows.one(
                "max specials",
                Derivatives.UNTESTED,
                Scale.RESULT,
                t -> t.reshape(17, 17).max(0),
                Rows.specials(3));
        rows.one(
                "min specials",
                Derivatives.UNTESTED,
                Scale.RESULT,
                t -> t.reshape(17, 17).min(1),
                Rows.specials(3));
        rows.one(
                "argmax specials",
                Derivatives.UNTESTED,
                Scale.RESULT,
                t -> t.reshape(17, 17).argmax(1),
                Rows.specials(2));
        rows.one(
                "prod with zeros",
                Derivatives.TWICE,
                Scale.RESULT,
                t -> t.prod(0),
                Operand.real(Values.cycle(2, 0, 0.5, -1, 0, 3, 1.5), 3, 5));
        rows.one("max with ties", Derivatives.UNTESTED, Scale.RESULT, t -> t.max(), Operand.real(Values.below(2), 9));
        Values infinite = Values.cycle(
                Double.NEGATIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                1,
                Double.NEGATIVE_INFINITY,
                2,
                Double.POSITIVE_INFINITY,
                3,
                1e4);
        rows.one(
                "logsumexp infinite",
                Derivatives.UNTESTED,
                Scale.OPERANDS,
                t -> t.logsumexp(1),
                Operand.real(infinite, 3, 3));
    }

    private void contractions() {
        Values any = Values.between(-1, 1);
        int[][][] shapes = {
            {{1, 1}, {1, 1}},
            {{3, 5}, {5, 2}},
            {{7, 17}, {17, 15}},
            {{16, 33}, {33, 31}},
            {{4, 0}, {0, 3}},
            {{0, 4}, {4, 3}},
            {{2, 3, 4}, {4, 5}},
            {{2, 3, 4}, {2, 4, 5}},
            {{3, 1, 2, 4}, {2, 4, 3}},
            {{11, 2, 2}, {11, 2, 2}},
            {{5, 4, 3}, {5, 3, 4}},
            {{3, 7, 5}, {3, 5, 6}},
            {{2, 9, 8}, {1, 8, 7}},
            {{5}, {5, 3}},
            {{3, 5}, {5}},
            {{5}, {5}},
        };
        for (int[][] s : shapes) {
            Operand a = Operand.real(any, s[0]);
            Operand b = Operand.real(any, s[1]);
            rows.two("matmul", Derivatives.TWICE, Scale.TERMS, Tensor::matmul, a, b);
            if (s[0].length > 1 && s[1].length > 1) {
                Operand at = Operand.real(any, swapped(s[0]));
                Operand bt = Operand.real(any, swapped(s[1]));
                rows.two(
                        "matmul TN",
                        Derivatives.TWICE,
                        Scale.TERMS,
                        (x, y) -> Tensors.matmul(x, y, true, false),
                        at,
                        b);
                rows.two(
                        "matmul NT",
                        Derivatives.TWICE,
                        Scale.TERMS,
                        (x, y) -> Tensors.matmul(x, y, false, true),
                        a,
                        bt);
                rows.two(
                        "matmul TT",
                        Derivatives.TWICE,
                        Scale.TERMS,
                        (x, y) -> Tensors.matmul(x, y, true, true),
                        at,
                        bt);
            }
        }
        conv(ConvOp.Window.of(1, 0, 1), new int[] {1, 1, 3, 3}, new int[] {1, 1, 1, 1});
        conv(ConvOp.Window.of(1, 1, 1), new int[] {2, 3, 5, 4}, new int[] {2, 3, 3, 3});
        conv(ConvOp.Window.of(2, 1, 1), new int[] {2, 2, 7, 6}, new int[] {3, 2, 3, 2});
        conv(ConvOp.Window.of(3, 2, 2), new int[] {1, 2, 6, 9}, new int[] {2, 2, 2, 3});
        conv(new ConvOp.Window(2, 1, 0, 1, 2, 0, 1, 2), new int[] {1, 1, 5, 6}, new int[] {1, 1, 2, 3});
        conv(ConvOp.Window.of(1, 0, 1), new int[] {0, 2, 4, 4}, new int[] {3, 2, 2, 2});
        // outputs as wide as images, one channel, more images than groups, a lane more and less than a vector
        conv(ConvOp.Window.of(1, 1, 1), new int[] {11, 1, 2, 3}, new int[] {2, 1, 3, 3});
        conv(ConvOp.Window.of(1, 2, 1), new int[] {1, 1, 3, 17}, new int[] {1, 1, 5, 5});
        conv(ConvOp.Window.of(2, 1, 1), new int[] {1, 1, 3, 31}, new int[] {2, 1, 3, 3});
        conv(ConvOp.Window.of(1, 2, 2), new int[] {1, 2, 4, 5}, new int[] {2, 2, 3, 3});
        // columns of weights that see nothing; a matrix for each pixel
        conv(ConvOp.Window.of(1, 2, 1), new int[] {1, 2, 2, 2}, new int[] {2, 2, 5, 5});
        conv(ConvOp.Window.of(1, 0, 1), new int[] {2, 3, 2, 5}, new int[] {4, 3, 1, 1});
        conv(ConvOp.Window.of(2, 0, 1), new int[] {2, 3, 3, 5}, new int[] {2, 3, 1, 1});
        rows.two(
                "convTranspose2d public",
                Derivatives.TWICE,
                Scale.TERMS,
                (y, k) -> Convolutions.convTranspose2d(y, k, 2, 1, 1, 1),
                Operand.real(any, 1, 2, 3, 3),
                Operand.real(any, 2, 3, 3, 3));
    }

    private static int[] swapped(int[] s) {
        int[] r = s.clone();
        r[r.length - 1] = s[s.length - 2];
        r[r.length - 2] = s[s.length - 1];
        return r;
    }

    private void conv(ConvOp.Window g, int[] x, int[] k) {
        Values any = Values.between(-1, 1);
        int[] y = {x[0], k[0], g.outHeight(x[2], k[2]), g.outWidth(x[3], k[3])};
        Operand image = Operand.real(any, x);
        Operand weights = Operand.real(any, k);
        Operand output = Operand.real(any, y);
        rows.two("conv2d " + g, Derivatives.TWICE, Scale.TERMS, (a, b) -> Convolutions.conv2d(a, b, g), image, weights);
        rows.two(
                "convTranspose2d " + g,
                Derivatives.TWICE,
                Scale.TERMS,
                (a, b) -> Node.of(new ConvOp.InputGradient(g, x[2], x[3]), a, b).result(0),
                output,
                weights);
        rows.two(
                "conv weights " + g,
                Derivatives.TWICE,
                Scale.TERMS,
                (a, b) ->
                        Node.of(new ConvOp.WeightGradient(g, k[2], k[3]), a, b).result(0),
                image,
                output);
    }

    private void linalg() {
        for (int[] s :
                new int[][] {{1, 1}, {5, 5}, {17, 17}, {3, 4, 4}, {2, 1, 3, 3}, {19, 2, 2}, {9, 6, 6}, {0, 0}, {2, 0, 0}
                }) {
            Operand a = Operand.real(Values.positiveDefinite(), s);
            Operand t = Operand.real(Values.dominantDiagonal(), s);
            rows.one("cholesky", Derivatives.TWICE, Scale.OPERANDS, LinearAlgebra::cholesky, a);
            rows.one(
                    "cholesky of a product",
                    Derivatives.TWICE,
                    Scale.OPERANDS,
                    x -> LinearAlgebra.cholesky(Tensors.matmul(x, x, false, true)),
                    t);
            rows.one("diagonal", Derivatives.TWICE, Scale.RESULT, LinearAlgebra::diagonal, t);
            rows.one("logdetTriangular", Derivatives.TWICE, Scale.OPERANDS, LinearAlgebra::logdetTriangular, t);
            rows.one("tril", Derivatives.TWICE, Scale.RESULT, x -> LinearAlgebra.tril(x, -1), t);
            rows.one("triu", Derivatives.TWICE, Scale.RESULT, x -> LinearAlgebra.triu(x, 1), t);
        }
        int[][][] shapes = {
            {{1, 1}, {1, 1}},
            {{5, 5}, {5, 3}},
            {{17, 17}, {17, 2}},
            {{3, 4, 4}, {4, 2}},
            {{3, 3}, {2, 3, 1}},
            {{2, 1, 3, 3}, {4, 3, 2}},
            {{9, 3, 3}, {9, 3, 2}},
            {{6, 6}, {3, 6, 9}},
            {{0, 0}, {0, 3}},
            {{4, 4}, {4, 0}},
            // whole groups of lanes and a rest, several blocks of columns: values only
            {{19, 9, 9}, {19, 9, 5}},
            {{8, 17, 17}, {17, 1}},
            {{33, 33}, {2, 33, 35}}
        };
        for (int[][] s : shapes) {
            boolean large = Math.max(s[0][0], s[0][s[0].length - 1]) > 16 && s[1].length + s[0].length > 4;
            Operand t = Operand.real(Values.dominantDiagonal(), s[0]);
            Operand b = Operand.real(Values.between(-1, 1), s[1]);
            for (int k = 0; k < 8; k++) {
                boolean lower = (k & 1) != 0;
                boolean transpose = (k & 2) != 0;
                boolean unit = (k & 4) != 0;
                String name = "triangularSolve " + (lower ? "L" : "U") + (transpose ? "T" : "N") + (unit ? "1" : "");
                rows.two(
                        name,
                        large ? Derivatives.UNTESTED : Derivatives.TWICE,
                        Scale.OPERANDS,
                        (x, y) -> LinearAlgebra.triangularSolve(x, y, lower, transpose, unit),
                        t,
                        b);
            }
        }
        rows.two(
                "choleskySolve",
                Derivatives.TWICE,
                Scale.OPERANDS,
                (x, y) -> LinearAlgebra.choleskySolve(LinearAlgebra.cholesky(x), y),
                Operand.real(Values.positiveDefinite(), 2, 4, 4),
                Operand.real(Values.between(-1, 1), 4, 3));
        rows.one(
                "diagonalMatrix",
                Derivatives.TWICE,
                Scale.RESULT,
                LinearAlgebra::diagonalMatrix,
                Operand.real(Values.between(-1, 1), 2, 5));
        rows.two(
                "outer",
                Derivatives.TWICE,
                Scale.RESULT,
                LinearAlgebra::outer,
                Operand.real(Values.between(-1, 1), 2, 5),
                Operand.real(Values.between(-1, 1), 3));
        rows.one(
                "eye",
                Derivatives.TWICE,
                Scale.TERMS,
                x -> x.matmul(LinearAlgebra.eye(x.dtype(), 3)),
                Operand.real(Values.between(-1, 1), 2, 3));
    }
}
