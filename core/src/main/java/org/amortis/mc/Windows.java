package org.amortis.mc;

/**
 * When warm-up learns the mass (Stan's schedule): nothing in the first 75 transitions, then windows of 25, 50, 100, ..
 * after each of which the mass is set and learnt anew, and 50 transitions in which the step size alone settles. Short
 * warm-ups are divided 15 : 75 : 10.
 */
final class Windows {
    private static final int FIRST = 75;
    private static final int LAST = 50;
    private static final int BASE = 25;

    private final int from;
    private final int to;
    private final int base;

    /** For a warm-up of so many transitions. */
    Windows(int warmUp) {
        if (warmUp < 20) {
            // too short to learn a mass from
            from = warmUp;
            to = warmUp;
            base = 1;
        } else if (warmUp < FIRST + BASE + LAST) {
            from = (int) (0.15 * warmUp);
            to = warmUp - (int) (0.1 * warmUp);
            base = to - from;
        } else {
            from = FIRST;
            to = warmUp - LAST;
            base = BASE;
        }
    }

    /** Whether the transition of this number, from 0, is learnt from. */
    boolean learns(int transition) {
        return transition >= from && transition < to;
    }

    /** Whether a window ends after this transition. A window whose successor would not fit is as long as what is left. */
    boolean ends(int transition) {
        if (!learns(transition)) {
            return false;
        }
        int start = from;
        int size = base;
        while (true) {
            int end = start + size;
            if (end + 2 * size > to) {
                end = to;
            }
            if (transition < end) {
                return transition == end - 1;
            }
            start = end;
            size *= 2;
        }
    }
}
