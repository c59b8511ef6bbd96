package org.amortis.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.compile.Compiler;
import org.amortis.spi.Plan;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;

/** A compiled program: immutable, shareable; open it on a device to run it. */
public final class Program {
    private final Plan plan;

    private Program(Plan plan) {
        this.plan = plan;
    }

    /**
     * Compiles outputs without updates.
     *
     * @param outputs what is read after a run
     * @return the program
     */
    public static Program of(Tensor... outputs) {
        return builder().outputs(outputs).build();
    }

    /**
     * Compiles outputs and state updates.
     *
     * @param outputs what is read after a run
     * @param updates formula of the new value of each state; all appear together after the run
     * @return the program
     */
    public static Program of(List<Tensor> outputs, Map<State, Tensor> updates) {
        return builder()
                .outputs(outputs.toArray(Tensor[]::new))
                .updates(updates)
                .build();
    }

    /**
     * Settings for a program.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Settings of a program. */
    public static final class Builder {
        private final List<Tensor> outputs = new ArrayList<>();
        private final Map<State, Tensor> updates = new LinkedHashMap<>();
        private final List<Tensor> guards = new ArrayList<>();
        private boolean reuse = true;

        private Builder() {}

        /**
         * Adds outputs.
         *
         * @param tensors what is read after a run
         * @return this
         */
        public Builder outputs(Tensor... tensors) {
            outputs.addAll(List.of(tensors));
            return this;
        }

        /**
         * Adds state updates.
         *
         * @param map formula of the new value of each state
         * @return this
         */
        public Builder updates(Map<State, Tensor> map) {
            updates.putAll(map);
            return this;
        }

        /**
         * Adds float scalars that must be finite, or nothing is written and the run fails naming the operation.
         *
         * @param tensors loss, gradient norm
         * @return this
         */
        public Builder guards(Tensor... tensors) {
            guards.addAll(List.of(tensors));
            return this;
        }

        /**
         * Whether temporaries share memory; the bits are the same either way.
         *
         * @param on true unless debugging
         * @return this
         */
        public Builder reuseMemory(boolean on) {
            reuse = on;
            return this;
        }

        /**
         * Compiles.
         *
         * @return the program
         * @throws org.amortis.array.PlanException if a formula cannot be compiled
         */
        public Program build() {
            return new Program(Compiler.compile(outputs, updates, guards, reuse));
        }
    }

    /**
     * Opens the program: allocates its memory and binds its kernels.
     *
     * @param device where it runs
     * @param store values of its states
     * @return a runner
     */
    public Runner open(Device device, StateStore store) {
        return new Runner(plan, device, store);
    }

    /**
     * Opens a program without states.
     *
     * @param device where it runs
     * @return a runner
     */
    public Runner open(Device device) {
        return open(device, new StateStore());
    }

    /**
     * The inputs that must be fed before a run; inputs on which nothing depends are not among them.
     *
     * @return names
     */
    public Set<String> inputs() {
        return plan.inputs().keySet();
    }

    /**
     * The plan.
     *
     * @return instructions and memory
     */
    public Plan plan() {
        return plan;
    }

    /** Nodes, fused groups, bytes by class and FLOPs; {@code plan().describe()} lists the instructions. */
    @Override
    public String toString() {
        return "Program(" + plan.statistics() + ")";
    }
}
