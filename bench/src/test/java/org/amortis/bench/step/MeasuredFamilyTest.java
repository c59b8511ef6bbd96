package org.amortis.bench.step;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.bench.peers.Inputs;
import org.amortis.dist.Distribution;
import org.amortis.dist.Drawn;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MeasuredFamilyTest {
    private static Tensor numbers(int seed) {
        return Tensors.resident(HostArray.wrap(Inputs.uniform(64, 0.5, 2.5, seed), Shape.of(64)));
    }

    @ParameterizedTest
    @EnumSource
    void drawsHaveADensity(MeasuredFamily family) {
        Distribution q = family.of(numbers(1), numbers(2));
        Drawn d = q.sampleAndLogProb(Key.of(3));
        List<HostArray> r = Run.eval(List.of(d.value().cast(DType.F64), d.logProb()));
        assertTrue(r.get(1).shape().equals(q.batchShape()) && r.get(1).shape().size() > 1, r.toString());
        for (HostArray a : r) {
            for (double v : a.toDoubles()) {
                assertTrue(Double.isFinite(v), family + ": " + v);
            }
        }
    }
}
