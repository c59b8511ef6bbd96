package org.amortis.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.runtime.Run;
import org.amortis.tensor.RefArray;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.testing.Formulas;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of more than one part whose rows are short, long, strided and of one element, against the reference loops. */
class StridedCopiesTest {
    private static Tensor counting(DType type, int... dims) {
        Shape s = Shape.of(dims);
        double[] v = new double[s.size()];
        for (int i = 0; i < v.length; i++) {
            v[i] = i;
        }
        return Tensors.resident(HostArray.wrap(v, s).cast(type));
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F64", "I32"})
    void everyElementGoesToItsPlace(DType type) {
        List<Tensor> all = new ArrayList<>();
        for (int inner : new int[] {1, 3, 16, 17, 40}) {
            Tensor x = counting(type, 13, 29, inner);
            all.add(x.transpose(1, 0, 2));
            all.add(x.transpose(2, 0, 1));
            all.add(x.transpose(0, 2, 1));
            all.add(x.flip(1));
            all.add(x.slice(1, 2, 29, 3));
            all.add(Tensors.pad(x, 1, 2, 1, 0));
        }
        all.add(counting(type, 3, 5, 7, 11, 2).transpose(3, 1, 0, 2, 4));
        all.add(counting(type, 9001).flip(0));
        all.add(counting(type, 1, 4099, 1).transpose(1, 2, 0));
        all.add(counting(type, 0, 4, 3).transpose(1, 0, 2));
        List<HostArray> got = new ArrayList<>();
        List<RefArray> expected = Formulas.eval(all, java.util.Map.of());
        try (var device = org.amortis.runtime.Device.builder().threads(1).build()) {
            got.addAll(Run.eval(device, all));
        }
        for (int i = 0; i < all.size(); i++) {
            assertArrayEquals(
                    expected.get(i).toHost().toDoubles(),
                    got.get(i).cast(DType.F64).toDoubles(),
                    1e-300,
                    i + ": " + all.get(i));
        }
    }
}
