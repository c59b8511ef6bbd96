package org.amortis.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.amortis.array.HostArray;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.RefArray;
import org.amortis.tensor.Tensor;

/** A way to get numbers out of formulas: the reference loops, or a backend. */
@FunctionalInterface
public interface Evaluator {
    /** Formulas made ready to run, possibly many times. */
    @FunctionalInterface
    interface Evaluation {
        /**
         * Runs the formulas.
         *
         * @param inputs value of each input by its name
         * @return value of each formula
         */
        List<HostArray> run(Map<String, HostArray> inputs);
    }

    /**
     * Makes formulas ready to run.
     *
     * @param outputs formulas whose only unbound leaves are inputs
     * @return what runs them
     */
    Evaluation prepare(List<Tensor> outputs);

    /**
     * The reference loops in double, whatever the declared float type.
     *
     * @return the evaluator
     */
    static Evaluator reference() {
        return outputs -> inputs -> {
            List<RefArray> values = Graphs.evaluate(outputs, leaf(inputs));
            return values.stream().map(Evaluator::unrounded).toList();
        };
    }

    /**
     * Compiled programs on a device.
     *
     * @param device where to run; stays open
     * @return the evaluator
     */
    static Evaluator on(Device device) {
        return on(device, Runner::run);
    }

    /**
     * Compiled programs on a device, run slowly with the memory watched.
     *
     * @param device where to run; stays open
     * @return the evaluator
     */
    static Evaluator checked(Device device) {
        return on(device, Runner::runChecked);
    }

    private static Evaluator on(Device device, Consumer<Runner> run) {
        return outputs -> {
            Runner runner = Program.of(outputs.toArray(Tensor[]::new)).open(device);
            return inputs -> {
                // what the compiler found unused is no input of the program
                inputs.forEach((name, value) -> {
                    if (runner.plan().inputs().containsKey(name)) {
                        runner.feed(name, value);
                    }
                });
                run.accept(runner);
                List<HostArray> r = new ArrayList<>();
                for (int i = 0; i < outputs.size(); i++) {
                    r.add(runner.output(i));
                }
                return r;
            };
        };
    }

    private static Function<Tensor, RefArray> leaf(Map<String, HostArray> inputs) {
        return t -> {
            if (t.node().op() instanceof LeafOp.Input i) {
                HostArray a = inputs.get(i.label());
                if (a == null) {
                    throw new IllegalArgumentException("input " + i.label() + " is not fed");
                }
                return RefArray.of(a);
            }
            if (t.node().op() instanceof LeafOp.Resident r) {
                return RefArray.of(r.data());
            }
            throw new IllegalArgumentException("leaf " + t.describe() + " has no value here");
        };
    }

    /** Floats as doubles: rounding the truth to F32 would hide half an ulp. */
    private static HostArray unrounded(RefArray a) {
        Objects.requireNonNull(a);
        return a.type().dtype().isFloat() ? HostArray.wrap(a.doubles().clone(), a.shape()) : a.toHost();
    }
}
