package org.amortis.check;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.check.Sample.Derivatives;
import org.amortis.check.Sample.Operand;
import org.amortis.check.Sample.Scale;
import org.amortis.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the conformance check lets pass and what not, on backends that are wrong on purpose. */
class OpConformanceTest {
    private static final Sample EXP = sample("exp", Scale.RESULT, t -> new Tensor[] {t[0].exp()});
    private static final Sample SUM = sample("sum", Scale.TERMS, t -> new Tensor[] {t[0].sum()});
    private static final Sample ARGMAX = sample("argmax", Scale.RESULT, t -> new Tensor[] {t[0].argmax(0)});

    private static Sample sample(String name, Scale scale, Sample.Formula f) {
        return new Sample(name, List.of(Operand.real(Values.signed(0.5, 1), 7)), f, Derivatives.UNTESTED, scale);
    }

    /** The reference in the declared type, each value changed. */
    private static Evaluator changed(double factor, double plus) {
        return outputs -> inputs -> {
            List<HostArray> r = new ArrayList<>();
            List<HostArray> truth = Evaluator.reference().prepare(outputs).run(inputs);
            for (int i = 0; i < truth.size(); i++) {
                double[] v = truth.get(i).toDoubles();
                for (int k = 0; k < v.length; k++) {
                    v[k] = v[k] * factor + plus;
                }
                r.add(HostArray.wrap(v, truth.get(i).shape())
                        .cast(outputs.get(i).dtype()));
            }
            return r;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"F32", "F64"})
    void theReferenceItselfPasses(String type) {
        for (Sample s : List.of(EXP, SUM, ARGMAX)) {
            assertTrue(OpConformance.check(s, DType.valueOf(type), changed(1, 0)) <= 1);
        }
    }

    @Test
    void errorsAreMeasuredInUlpsOfTheScale() {
        // exp states 2 units of 2^-24: 1.5 pass, 2.5 and the rounding to float do not
        OpConformance.check(EXP, DType.F32, changed(1 + 1.5 * 0x1p-24, 0));
        assertThrows(AssertionError.class, () -> OpConformance.check(EXP, DType.F32, changed(1 + 3.5 * 0x1p-24, 0)));
        // seven terms of at least 0.5: the scale is at least 3.5 whatever cancels
        OpConformance.check(SUM, DType.F32, changed(1, 16 * 3.4 * 0x1p-24));
        assertThrows(AssertionError.class, () -> OpConformance.check(SUM, DType.F32, changed(1, 18 * 7 * 0x1p-24)));
        assertThrows(AssertionError.class, () -> OpConformance.check(EXP, DType.F64, changed(1 + 1e-14, 0)));
    }

    @Test
    void integersAndNotANumberAreExact() {
        assertThrows(AssertionError.class, () -> OpConformance.check(ARGMAX, DType.F32, changed(1, 1)));
        assertThrows(AssertionError.class, () -> OpConformance.check(EXP, DType.F32, changed(1, Double.NaN)));
        assertThrows(
                AssertionError.class, () -> OpConformance.check(EXP, DType.F32, changed(1, Double.POSITIVE_INFINITY)));
    }

    @Test
    void typesAreChecked() {
        Evaluator scalars = outputs -> inputs -> List.of(HostArray.zeros(DType.F32, Shape.SCALAR));
        assertThrows(AssertionError.class, () -> OpConformance.check(EXP, DType.F32, scalars));
    }
}
