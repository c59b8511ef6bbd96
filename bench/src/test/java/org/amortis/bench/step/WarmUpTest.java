package org.amortis.bench.step;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class WarmUpTest {
    @Test
    void steadyFromTheFirstWindowsThatAreFastTogether() {
        double[] rates = {1, 2, 9, 3, 8, 9, 10, 2, 10, 10, 10, 10};
        // from 2 on: 9 3 8 9 10, whose median is 9; from 1 on it is 8
        assertEquals(2, WarmUpJvm.windowsBefore(rates, 9));
        assertEquals(0, WarmUpJvm.windowsBefore(rates, 1));
        // never: all windows but those too few to tell
        assertEquals(8, WarmUpJvm.windowsBefore(rates, 11));
    }
}
