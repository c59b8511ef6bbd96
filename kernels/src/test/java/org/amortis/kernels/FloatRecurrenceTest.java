package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.amortis.spi.RecurrenceLoop;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bits of the recurrence written down one element at a time, in both directions, inside larger arrays. */
class FloatRecurrenceTest {
    private static final RecurrenceLoop LOOP = new FloatRecurrence();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 64, 67, 256})
    void hasTheBitsOfOneStepAtATime(int width) {
        Random random = new Random(width);
        for (int lines : new int[] {0, 1, 2, 19}) {
            int stride = width + width % 3;
            int size = Math.max(1, lines) * stride;
            float[] a = numbers(random, size + 3);
            float[] b = numbers(random, size + 5);
            double[] value = new double[width];
            for (int j = 0; j < width; j++) {
                value[j] = random.nextGaussian();
            }
            for (int direction : new int[] {1, -1}) {
                int first = direction > 0 || lines == 0 ? 0 : (lines - 1) * stride;
                float[] products = numbers(random, size + 2);
                float[] expectedProducts = products.clone();
                float[] linear = numbers(random, size + 2);
                float[] expectedLinear = linear.clone();
                for (int j = 0; j < width; j++) {
                    double p = value[j];
                    double v = value[j];
                    for (int k = 0; k < lines; k++) {
                        int at = first + k * direction * stride + j;
                        p *= a[3 + at];
                        v = v * a[3 + at] + b[5 + at];
                        expectedProducts[2 + at] = (float) p;
                        expectedLinear[2 + at] = (float) v;
                    }
                }
                int step = direction * stride;
                LOOP.lines(a, 3 + first, null, 0, value.clone(), products, 2 + first, lines, step, width);
                LOOP.lines(a, 3 + first, b, 5 + first, value.clone(), linear, 2 + first, lines, step, width);
                assertArrayEquals(expectedProducts, products);
                assertArrayEquals(expectedLinear, linear);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 15, 16, 48, 63, 64, 65, 79, 80, 130})
    void rowsHaveTheSameBits(int more) {
        Random random = new Random(more);
        int steps = LOOP.leastSteps() + more;
        int distance = steps + more % 3;
        int rows = LOOP.rowsAtOnce();
        float[] a = numbers(random, rows * distance + 3);
        float[] b = numbers(random, rows * distance + 5);
        double[] value = new double[rows];
        for (int r = 0; r < rows; r++) {
            value[r] = random.nextGaussian();
        }
        float[] scratch = new float[LOOP.scratch()];
        for (boolean reverse : new boolean[] {false, true}) {
            float[] products = numbers(random, rows * distance + 2);
            float[] expectedProducts = products.clone();
            float[] linear = numbers(random, rows * distance + 2);
            float[] expectedLinear = linear.clone();
            double[] last = new double[rows];
            double[] lastProduct = new double[rows];
            for (int r = 0; r < rows; r++) {
                double p = value[r];
                double v = value[r];
                for (int k = 0; k < steps; k++) {
                    int at = r * distance + (reverse ? steps - 1 - k : k);
                    p *= a[3 + at];
                    v = v * a[3 + at] + b[5 + at];
                    expectedProducts[2 + at] = (float) p;
                    expectedLinear[2 + at] = (float) v;
                }
                lastProduct[r] = p;
                last[r] = v;
            }
            double[] end = value.clone();
            LOOP.rows(a, 3, null, 0, end, products, 2, distance, steps, reverse, scratch);
            assertArrayEquals(expectedProducts, products);
            assertArrayEquals(lastProduct, end);
            end = value.clone();
            LOOP.rows(a, 3, b, 5, end, linear, 2, distance, steps, reverse, scratch);
            assertArrayEquals(expectedLinear, linear);
            assertArrayEquals(last, end);
        }
    }

    private static float[] numbers(Random random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        if (n > 40) {
            x[17] = Float.NaN;
            x[29] = Float.POSITIVE_INFINITY;
            x[31] = 0;
            x[37] = Float.MIN_VALUE;
        }
        return x;
    }
}
