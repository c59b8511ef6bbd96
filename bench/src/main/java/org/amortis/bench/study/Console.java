package org.amortis.bench.study;

import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Progress for people: on a terminal one line with a bar that is redrawn, elsewhere a plain line every ten seconds.
 */
public final class Console {
    private static final int WIDTH = 24;
    private static final long BAR_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 10_000_000_000L;

    private final PrintWriter to;
    private final boolean bar;
    private @Nullable String phase;
    private long start;
    private long shown;
    private double first;
    private int drawn;

    /**
     * Progress lines.
     *
     * @param to where they go
     * @param bar whether a line may be redrawn
     */
    public Console(PrintWriter to, boolean bar) {
        this.to = to;
        this.bar = bar;
    }

    /**
     * Whether the process talks to a terminal.
     *
     * @return true if standard input and output are one
     */
    public static boolean onTerminal() {
        return System.console() instanceof java.io.Console c && c.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    /**
     * A line that stays.
     *
     * @param line text
     */
    public void say(String line) {
        clear();
        to.println(line);
        to.flush();
    }

    /**
     * Shows how far a phase is; cheap enough to be called often.
     *
     * @param name what is being done
     * @param done share done, 0 to 1
     * @param detail further numbers
     */
    public void progress(String name, double done, String detail) {
        long now = System.nanoTime();
        if (!name.equals(phase)) {
            phase = name;
            start = now;
            shown = bar ? 0 : now;
            first = done;
        }
        if (now - shown < (bar ? BAR_NANOS : LINE_NANOS) && done < 1) {
            return;
        }
        shown = now;
        double seconds = (now - start) * 1e-9;
        double left = done > first && done < 1 ? seconds * (1 - done) / (done - first) : 0;
        String tail = String.format(Locale.ROOT, "%3.0f%%", 100 * done)
                + (detail.isEmpty() ? "" : "  " + detail)
                + (left > 0 ? "  " + time(left) + " left" : "");
        if (bar) {
            int n = (int) Math.round(WIDTH * Math.clamp(done, 0, 1));
            String line = String.format(Locale.ROOT, "%-22s ", name) + "[" + "=".repeat(n) + " ".repeat(WIDTH - n)
                    + "] " + tail;
            to.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
            to.flush();
            drawn = line.length();
        } else if (done < 1 || seconds > 1) {
            to.println(name + ": " + tail);
            to.flush();
        }
        if (done >= 1) {
            phase = null;
            if (bar) {
                to.println();
                drawn = 0;
            }
        }
    }

    private void clear() {
        if (drawn > 0) {
            to.print("\r" + " ".repeat(drawn) + "\r");
            drawn = 0;
        }
    }

    /**
     * A duration for people.
     *
     * @param seconds duration
     * @return such as "4 min 05 s"
     */
    public static String time(double seconds) {
        long s = Math.round(seconds);
        if (s < 60) {
            return s + " s";
        }
        return s < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d h %02d min", s / 3600, s % 3600 / 60);
    }
}
