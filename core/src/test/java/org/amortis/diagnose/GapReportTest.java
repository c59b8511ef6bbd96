package org.amortis.diagnose;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.array.ShapeException;
import org.junit.jupiter.api.Test;

class GapReportTest {
    private static Map<String, double[]> columns() {
        Map<String, double[]> m = new LinkedHashMap<>();
        m.put("logPxImportance", new double[] {-10, -20});
        m.put("effectiveSamples", new double[] {5, 6});
        m.put("logPxAnnealed", new double[] {-9, -20.5});
        m.put("annealedSpread", new double[] {0.1, 0.2});
        m.put("elboAmortized", new double[] {-15, -27});
        m.put("elboOptimalDiagonal", new double[] {-12, -28});
        m.put("elboOptimalFull", new double[] {-11, -21});
        m.put("certificate", new double[] {3, -1});
        return m;
    }

    @Test
    void keptColumnsGiveTheSameReport() {
        GapReport r = GapReport.of(columns());
        assertEquals(columns().keySet(), r.columns().keySet());
        r.columns().forEach((name, values) -> assertArrayEquals(columns().get(name), values, name));
        // means -15 and -14.75: the chains' estimates are taken for both data
        assertTrue(r.annealedIsLarger());
        assertArrayEquals(new double[] {3, 7.5}, r.approximationGap());
        assertArrayEquals(new double[] {3, -1}, r.amortizationGap());
        assertArrayEquals(new double[] {6, 6.5}, r.inferenceGap());
        assertArrayEquals(new double[] {2, 0.5}, r.approximationGapFull());
        assertEquals(0.5, r.negativeGapShare());
        assertEquals(1, r.certificateRankCorrelation(), 1e-12);
        assertEquals(r.toString(), GapReport.of(r.columns()).toString());
    }

    @Test
    void refusesIncompleteColumns() {
        Map<String, double[]> missing = columns();
        missing.remove("certificate");
        assertThrows(ShapeException.class, () -> GapReport.of(missing));
        Map<String, double[]> uneven = columns();
        uneven.put("elboOptimalFull", new double[] {1});
        assertThrows(ShapeException.class, () -> GapReport.of(uneven));
    }
}
