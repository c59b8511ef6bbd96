package org.amortis.conformance;

import java.util.List;
import org.amortis.array.DType;
import org.amortis.check.Evaluator;
import org.amortis.check.OpCatalog;
import org.amortis.check.OpConformance;
import org.amortis.check.Sample;
import org.amortis.runtime.Device;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation on every backend against the reference, within the error it states. The best backend is the SIMD one
 * where the incubator module is there, else the scalar one again.
 */
class ConformanceTest {
    private static final Device SCALAR =
            Device.builder().backend("scalar").threads(1).build();
    private static final Device BEST = Device.builder().threads(2).build();

    @AfterAll
    static void close() {
        SCALAR.close();
        BEST.close();
    }

    static List<Sample> samples() {
        return OpCatalog.samples();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void scalar(Sample sample) {
        OpConformance.check(sample, DType.F32, Evaluator.on(SCALAR));
        OpConformance.check(sample, DType.F64, Evaluator.on(SCALAR));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void best(Sample sample) {
        OpConformance.check(sample, DType.F32, Evaluator.on(BEST));
        OpConformance.check(sample, DType.F64, Evaluator.on(BEST));
    }

    static List<Sample> gradients() {
        return OpCatalog.samples().stream()
                .filter(s -> s.derivatives() == Sample.Derivatives.TWICE)
                .map(OpConformance::gradient)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("gradients")
    void gradientsOnTheBest(Sample gradient) {
        OpConformance.check(gradient, DType.F32, Evaluator.on(BEST));
        OpConformance.check(gradient, DType.F64, Evaluator.on(BEST));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void withTheMemoryWatched(Sample sample) {
        OpConformance.check(sample, DType.F32, Evaluator.checked(BEST));
    }
}
