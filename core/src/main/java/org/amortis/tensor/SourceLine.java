package org.amortis.tensor;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A line of user code.
 *
 * @param className class that holds it
 * @param file source file
 * @param line line number
 */
public record SourceLine(String className, String file, int line) {
    private static final StackWalker WALKER = StackWalker.getInstance();
    private static final String[] PLUMBING = {
        "org.amortis.tensor.",
        "org.amortis.grad.",
        "org.amortis.nn.",
        "org.amortis.dist.",
        "org.amortis.param.",
        "org.amortis.optim.",
        "java.",
        "jdk."
    };

    /** The line that new nodes carry while a pass replaces others; holds an empty list for no line. */
    private static final ScopedValue<List<SourceLine>> FIXED = ScopedValue.newInstance();

    /** Runs code whose nodes carry a given line. */
    static <T> T as(@Nullable SourceLine line, Supplier<T> code) {
        return ScopedValue.where(FIXED, line == null ? List.of() : List.of(line))
                .call(code::get);
    }

    /** The first caller outside the packages that only pass formulas on. */
    static @Nullable SourceLine capture() {
        if (FIXED.isBound()) {
            return FIXED.get().isEmpty() ? null : FIXED.get().get(0);
        }
        return WALKER.walk(frames -> {
            var it = frames.iterator();
            while (it.hasNext()) {
                StackWalker.StackFrame f = it.next();
                if (!isPlumbing(f.getClassName())) {
                    String file = f.getFileName();
                    return new SourceLine(f.getClassName(), file == null ? f.getClassName() : file, f.getLineNumber());
                }
            }
            return null;
        });
    }

    private static boolean isPlumbing(String name) {
        for (String p : PLUMBING) {
            if (name.startsWith(p)) {
                // tests of these packages are users
                return !name.contains("Test");
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
