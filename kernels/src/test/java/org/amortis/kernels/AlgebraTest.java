package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Matrices side by side, their factors and solutions, against one matrix at a time in plain loops. */
class AlgebraTest {
    private static final SimdAlgebra ALGEBRA = new SimdAlgebra();
    private static final int L = ALGEBRA.lanes();

    /** Sums of at most 33 products, each rounded once, of numbers around 1 in well conditioned systems. */
    private static final double TOLERANCE = 1e-13;

    /** Matrix q begins at starts()[q]: not in order, and two at the same place. */
    private static int[] starts(int size) {
        int[] at = new int[L + 1];
        for (int q = 0; q < L; q++) {
            at[q + 1] = (q * 5 + 1) % L * size;
        }
        at[L] = at[1];
        return at;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 67})
    void elementsGoAndComeBack(int size) {
        int[] at = starts(size);
        double[] x = new SplittableRandom(size).doubles(L * size + 3).toArray();
        float[] f = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            f[i] = (float) x[i];
        }
        double[] s = new double[ALGEBRA.scratch() + 5];
        for (boolean single : new boolean[] {false, true}) {
            double[] y = filled(size * L + 4);
            ALGEBRA.load(single ? f : x, 3, at, 1, size, y, 2, s, 5);
            for (int e = 0; e < size; e++) {
                for (int q = 0; q < L; q++) {
                    int from = 3 + at[1 + q] + e;
                    assertEquals(single ? f[from] : x[from], y[2 + e * L + q], "element " + e + " of " + q);
                }
            }
            assertTrue(Double.isNaN(y[1]) && Double.isNaN(y[2 + size * L]), "wrote beside its place");
            double[] back = filled(L * (size + 2));
            float[] narrow = new float[back.length];
            Arrays.fill(narrow, Float.NaN);
            ALGEBRA.store(y, 2, size, single ? narrow : back, 1, size + 2, s, 5);
            for (int q = 0; q < L; q++) {
                for (int e = 0; e < size; e++) {
                    int to = 1 + q * (size + 2) + e;
                    assertEquals(y[2 + e * L + q], single ? narrow[to] : back[to]);
                }
                int beside = q * (size + 2);
                assertTrue(Double.isNaN(single ? narrow[beside] : back[beside]), "wrote beside its place");
            }
        }
    }

    private static double[] filled(int n) {
        double[] x = new double[n];
        Arrays.fill(x, Double.NaN);
        return x;
    }

    /** Lower triangles with a dominant diagonal; NaN above it, which nobody may read. */
    private static double[][] triangles(int n, SplittableRandom random) {
        double[][] t = new double[L][n * n];
        for (double[] a : t) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    a[i * n + j] = j > i ? Double.NaN : j < i ? random.nextDouble(-1, 1) / n : random.nextDouble(1, 2);
                }
            }
        }
        return t;
    }

    /** B = T X with ones on the diagonal if unit. */
    private static double[] product(double[] t, double[] x, int n, int m, boolean unit) {
        double[] b = new double[n * m];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < m; c++) {
                double sum = unit ? x[i * m + c] : t[i * n + i] * x[i * m + c];
                for (int k = 0; k < i; k++) {
                    sum += t[i * n + k] * x[k * m + c];
                }
                b[i * m + c] = sum;
            }
        }
        return b;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 31, 32, 33})
    void systemsSideBySide(int n) {
        for (int m : new int[] {0, 1, 2, 3, 5, 8}) {
            // stored by rows, by columns, and from the last to the first
            for (int order = 0; order < 3; order++) {
                SplittableRandom random = new SplittableRandom(100L * n + m);
                double[][] t = triangles(n, random);
                double[][] x = new double[L][];
                double[] ts = filled(n * n * L + 1);
                double[] bs = filled(n * m * L + 1);
                int row = order == 1 ? L : n * L;
                int column = order == 1 ? n * L : L;
                int sign = order == 2 ? -1 : 1;
                int to = order == 2 ? Math.max(0, n - 1) * (row + column) : 0;
                int xo = order == 2 ? Math.max(0, n - 1) * m * L : 0;
                for (int q = 0; q < L; q++) {
                    x[q] = random.doubles((long) n * m, -1, 1).toArray();
                    double[] b = product(t[q], x[q], n, m, false);
                    for (int i = 0; i < n; i++) {
                        for (int k = 0; k < n; k++) {
                            ts[to + sign * (i * row + k * column) + q] = t[q][i * n + k];
                        }
                        for (int c = 0; c < m; c++) {
                            bs[xo + sign * i * m * L + c * L + q] = b[i * m + c];
                        }
                    }
                }
                ALGEBRA.solve(n, m, ts, to, sign * row, sign * column, bs, xo, sign * m * L);
                for (int q = 0; q < L; q++) {
                    for (int i = 0; i < n; i++) {
                        for (int c = 0; c < m; c++) {
                            assertEquals(x[q][i * m + c], bs[xo + sign * i * m * L + c * L + q], TOLERANCE);
                        }
                    }
                }
                assertTrue(Double.isNaN(bs[n * m * L]), "wrote beside its place");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 31, 33})
    void systemsWithLanesOverTheirSides(int n) {
        for (int vectors = 0; vectors < 5; vectors++) {
            int m = vectors * L;
            for (boolean unit : new boolean[] {false, true}) {
                SplittableRandom random = new SplittableRandom(100L * n + m);
                double[] t = triangles(n, random)[0];
                double[] x = random.doubles((long) n * m, -1, 1).toArray();
                double[] b = Arrays.copyOf(product(t, x, n, m, unit), n * m + 1);
                b[n * m] = Double.NaN;
                ALGEBRA.solveColumns(unit, n, m, t, 0, n, 1, b, 0, m);
                for (int i = 0; i < n * m; i++) {
                    assertEquals(x[i], b[i], TOLERANCE);
                }
                assertTrue(Double.isNaN(b[n * m]), "wrote beside its place");
            }
        }
    }

    /** L L' gives L back; a matrix that is not positive definite is NaN from there on and disturbs no other lane. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 9, 17, 32})
    void factors(int n) {
        double[][] t = triangles(n, new SplittableRandom(n));
        double[] s = filled(n * n * L);
        for (int q = 0; q < L; q++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    double sum = 0;
                    for (int k = 0; k <= j; k++) {
                        sum += t[q][i * n + k] * t[q][j * n + k];
                    }
                    s[(i * n + j) * L + q] = sum;
                }
            }
        }
        s[(n * n - 1) * L] = -1;
        ALGEBRA.cholesky(n, s);
        for (int q = 0; q < L; q++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    double want = q == 0 && j == n - 1 ? Double.NaN : t[q][i * n + j];
                    assertEquals(want, s[(i * n + j) * L + q], TOLERANCE);
                }
            }
        }
    }
}
