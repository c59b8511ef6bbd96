package org.amortis.spi;

import java.util.List;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;

/**
 * A planned program: what to execute over which memory. Immutable, shared by runners.
 *
 * @param floats slots of the float slab
 * @param doubles slots of the double slab
 * @param ints slots of the int slab
 * @param constants values written once when the program is opened
 * @param inputs where each input is fed
 * @param states the states it reads or writes, by index
 * @param residents the arrays it reads, by index
 * @param compute instructions of the step
 * @param guards float scalars that must be finite for the step to be committed
 * @param commit instructions that write states, run only if the guards are finite
 * @param outputs where each output is after the run
 * @param outputTensors the formulas of the outputs
 * @param statistics counts for {@code describe}
 */
public record Plan(
        int floats,
        int doubles,
        int ints,
        List<Constant> constants,
        Map<String, View> inputs,
        List<State> states,
        List<HostArray> residents,
        List<Instruction> compute,
        List<View> guards,
        List<Instruction> commit,
        List<View> outputs,
        List<Tensor> outputTensors,
        PlanStatistics statistics) {
    /**
     * A value known at compile time.
     *
     * @param view where it lies
     * @param value what it is
     */
    public record Constant(View view, HostArray value) {}

    /**
     * The plan as text: totals, then each instruction with what it writes, the second section after a line of its own.
     *
     * @return several lines
     */
    public String describe() {
        StringBuilder b = new StringBuilder(statistics.toString()).append('\n');
        inputs.forEach((name, v) ->
                b.append("input ").append(name).append(' ').append(v.type()).append('\n'));
        states.forEach(s -> b.append(s).append('\n'));
        describe(compute, "", b);
        b.append("if the guards are finite:\n");
        describe(commit, "", b);
        return b.toString();
    }

    /**
     * An instruction as one line: what it computes, the types it writes, the user's line.
     *
     * @param i the instruction
     * @return one line without its end
     */
    public static String describe(Instruction i) {
        StringBuilder b = new StringBuilder(i.origin().op().name());
        switch (i) {
            case Instruction.Fused f -> {
                b.append(" fused:");
                f.micro().forEach(m -> b.append(' ').append(m.op().name()));
            }
            case Instruction.Accumulate a -> b.append(" accumulate");
            case Instruction.Copy c -> b.append(" copy");
            case Instruction.Fill f -> b.append(" fill");
            case Instruction.Compute c -> b.append(c.in().size() > c.origin().arity() ? " with bias" : "");
            case Instruction.Loop l -> {}
        }
        b.append(" ->");
        for (View v : i.writes()) {
            b.append(' ').append(v.space() == View.Space.STATE ? "state " : "").append(v.type());
        }
        return b.append(i.origin().source() == null ? "" : " at " + i.origin().source())
                .toString();
    }

    private static void describe(List<Instruction> instructions, String indent, StringBuilder b) {
        for (Instruction i : instructions) {
            b.append(indent).append(describe(i)).append('\n');
            if (i instanceof Instruction.Loop l) {
                describe(l.body().instructions(), indent + "  ", b);
            }
        }
    }

    @Override
    public String toString() {
        return "Plan(" + statistics + ")";
    }
}
