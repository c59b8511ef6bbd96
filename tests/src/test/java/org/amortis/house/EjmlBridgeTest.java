package org.amortis.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Random;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a matrix of EJML becomes an array of Amortis without a copy; EJML itself is a dependency of tests and bench only. */
@Tag("once")
final class EjmlBridgeTest {
    @Test
    void aMatrixIsWrappedWithoutACopy() {
        DMatrixRMaj matrix = RandomMatrices_DDRM.rectangle(3, 5, new Random(11));

        HostArray array = HostArray.wrap(matrix.data, Shape.of(matrix.numRows, matrix.numCols));

        assertSame(matrix.data, array.doubles());
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 5; j++) {
                assertEquals(matrix.get(i, j), array.at(i, j));
            }
        }
        matrix.set(2, 4, 7.5);
        assertEquals(7.5, array.at(2, 4));
    }

    @Test
    void andBack() {
        HostArray array = HostArray.wrap(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3));

        FMatrixRMaj matrix = FMatrixRMaj.wrap(2, 3, array.floats());

        assertSame(array.floats(), matrix.data);
        assertEquals(6f, matrix.get(1, 2));
    }
}
