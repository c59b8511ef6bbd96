package org.amortis.mc.target;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.amortis.array.PlanException;
import org.amortis.mc.Target;

/** Targets by name, made when they are asked for. */
public final class TargetTable {
    private final TreeMap<String, Supplier<Target>> makers;

    private TargetTable(Map<String, Supplier<Target>> makers) {
        this.makers = new TreeMap<>(makers);
    }

    /**
     * A table.
     *
     * @param makers what makes the target of each name
     * @return the table
     */
    public static TargetTable of(Map<String, Supplier<Target>> makers) {
        return new TargetTable(makers);
    }

    /**
     * Two tables as one.
     *
     * @param other its names must be new
     * @return the table of both
     */
    public TargetTable with(TargetTable other) {
        TreeMap<String, Supplier<Target>> all = new TreeMap<>(makers);
        other.makers.forEach((name, maker) -> {
            if (all.put(name, maker) != null) {
                throw new PlanException("targets(name=" + name + "): twice");
            }
        });
        return new TargetTable(all);
    }

    /**
     * The names.
     *
     * @return in alphabetical order
     */
    public Set<String> names() {
        return java.util.Collections.unmodifiableSet(makers.keySet());
    }

    /**
     * The target of a name.
     *
     * @param name name
     * @return the target
     * @throws PlanException if there is none; the message lists the names
     */
    public Target named(String name) {
        Supplier<Target> maker = makers.get(name);
        if (maker == null) {
            throw new PlanException(
                    "target(name=" + name + "): none of that name; there are " + List.copyOf(makers.keySet()));
        }
        return maker.get();
    }
}
