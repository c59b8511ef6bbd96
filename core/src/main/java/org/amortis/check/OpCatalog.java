package org.amortis.check;

import java.util.List;

/**
 * The one table of samples: every operation, at awkward sizes (0, 1, primes, vector lanes plus and minus one), broadcast,
 * at points away from its kinks. Gradient checks and the conformance of backends run over it; an operation without a row
 * fails a test.
 */
public final class OpCatalog {
    private OpCatalog() {}

    /**
     * The table.
     *
     * @return all samples, in a fixed order
     */
    public static List<Sample> samples() {
        Rows rows = new Rows();
        ElementwiseRows.addTo(rows);
        ContractionRows.addTo(rows);
        LayoutRows.addTo(rows);
        CompositeRows.addTo(rows);
        SplineRows.addTo(rows);
        return rows.samples();
    }
}
