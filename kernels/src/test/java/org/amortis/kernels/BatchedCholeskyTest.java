package org.amortis.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchedCholeskyTest {
    /** Each value in each lane, beside a 9 in the others: what the pivot's root is, bit for bit. */
    @ParameterizedTest
    @CsvSource({
        "4, 2",
        "2, 1.4142135623730951",
        "0, NaN",
        "-0.0, NaN",
        "-1, NaN",
        "NaN, NaN",
        "Infinity, Infinity",
        "4.9e-324, 2.2227587494850775e-162"
    })
    void pivotIsTheRootOfAPositiveNumber(double x, double root) {
        for (int lane = 0; lane < BatchedCholesky.LANES; lane++) {
            double[] batch = new double[BatchedCholesky.LANES];
            Arrays.fill(batch, 9);
            batch[lane] = x;
            BatchedCholesky.factor(1, batch);
            for (int i = 0; i < batch.length; i++) {
                assertEquals(i == lane ? root : 3, batch[i]);
            }
        }
    }
}
