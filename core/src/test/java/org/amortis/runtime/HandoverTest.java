package org.amortis.runtime;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.amortis.spi.Kernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HandoverTest {
    private record Costing(int parts, long cost) implements Kernel {
        @Override
        public void run(int from, int to, int worker) {}
    }

    /** Calls with times that depend on the way; how many were handed over. */
    private static int calls(Handover h, int n, long alone, long helped) {
        int shared = 0;
        for (int i = 0; i < n; i++) {
            boolean s = h.shared();
            shared += s ? 1 : 0;
            if (h.measured()) {
                // one in five is disturbed and takes long
                h.took((s ? helped : alone) + (i % 5 == 0 ? 1_000_000 : 0));
            } else {
                h.called();
            }
        }
        return shared;
    }

    @ParameterizedTest
    @CsvSource({
        "true, 100, 60, true",
        "true, 100, 150, false",
        "false, 100, 60, true",
        "false, 100, 150, false",
        "true, 100, 99, false"
    })
    void theFasterWayIsKeptAfterATrial(boolean estimate, long alone, long helped, boolean better) {
        Handover h = new Handover(estimate);
        assertEquals(estimate ? Handover.FIRST : 0, calls(h, Handover.FIRST, alone, helped));
        assertEquals(Handover.SAMPLES, calls(h, 2 * Handover.SAMPLES, alone, helped));
        assertEquals(better ? 100 : 0, calls(h, 100, alone, helped));
    }

    @Test
    void aLaterTrialCorrectsAnEarlierOne() {
        Handover h = new Handover(true);
        int first = Handover.FIRST + 2 * Handover.SAMPLES;
        calls(h, first, 100, 150);
        assertFalse(h.shared());
        // helpers are awake now
        calls(h, 7 * first, 100, 60);
        assertTrue(h.measured());
        calls(h, 2 * Handover.SAMPLES, 100, 60);
        assertFalse(h.measured());
        assertTrue(h.shared());
    }

    @Test
    void runsAreTriedInTwoBlocks() {
        Handover h = Handover.ofRuns();
        assertEquals(4 * Handover.FIRST, calls(h, 4 * Handover.FIRST, 100, 120));
        assertEquals(0, calls(h, Handover.SAMPLES, 100, 120));
        assertEquals(Handover.SAMPLES, calls(h, Handover.SAMPLES, 100, 120));
        assertEquals(0, calls(h, 100, 100, 120));
    }

    @Test
    void trialsBecomeRare() {
        Handover h = new Handover(true);
        int measured = 0;
        for (int i = 0; i < 1_000_000; i++) {
            if (h.measured()) {
                measured++;
                h.took(1);
            } else {
                h.called();
            }
        }
        assertTrue(measured <= 6 * 2 * Handover.SAMPLES, measured + " of a million calls were timed");
    }

    @Test
    void whatIsCheapOrWholeOrWithoutHelpersIsNotTried() {
        assertNull(Handover.of(new Costing(1, 1_000_000), 2));
        assertNull(Handover.of(new Costing(8, 1_000), 2));
        assertNull(Handover.of(new Costing(8, 1_000_000), 1));
        Handover tried = requireNonNull(Handover.of(new Costing(8, 15_000), 2));
        assertFalse(tried.shared());
        Handover likely = requireNonNull(Handover.of(new Costing(8, 1_000_000), 2));
        assertTrue(likely.shared());
    }
}
