package org.amortis.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * A loop of a fixed number of steps over a closed body: the body reads nothing but its own variables and constants.
 * Operands of the node are the initial carries, the sequences [T, ..] read one slice a step, and the lifted formulas
 * (captures); results are the final carries and the stacked per-step outputs [T, ..].
 */
public final class ScanOp implements LoopOp {
    private final int steps;
    private final boolean reverse;
    private final Tensor stepVariable;
    private final List<Tensor> carryVariables;
    private final List<Tensor> sequenceVariables;
    private final List<Tensor> captureVariables;
    private final List<Tensor> nextCarries;
    private final List<Tensor> outputs;
    private final @Nullable Tensor done;

    /**
     * A loop.
     *
     * @param steps number of steps
     * @param reverse whether steps run from the last to the first; slices and outputs stay at their own index
     * @param stepVariable I32 scalar, the index of the step
     * @param carryVariables the carries at the start of a step
     * @param sequenceVariables the slices of this step
     * @param captureVariables formulas from outside
     * @param nextCarries carries after the step, same types
     * @param outputs per-step outputs
     * @param done BOOL scalar of the body: stop after this step if true; the remaining slices of the outputs are then
     *     copies of this step's outputs; null to run all steps. Once it holds, further steps would have to leave
     *     carries and outputs as they are: the gradient relies on it
     */
    public ScanOp(
            int steps,
            boolean reverse,
            Tensor stepVariable,
            List<Tensor> carryVariables,
            List<Tensor> sequenceVariables,
            List<Tensor> captureVariables,
            List<Tensor> nextCarries,
            List<Tensor> outputs,
            @Nullable Tensor done) {
        this.steps = steps;
        this.reverse = reverse;
        this.stepVariable = stepVariable;
        this.carryVariables = List.copyOf(carryVariables);
        this.sequenceVariables = List.copyOf(sequenceVariables);
        this.captureVariables = List.copyOf(captureVariables);
        this.nextCarries = List.copyOf(nextCarries);
        this.outputs = List.copyOf(outputs);
        this.done = done;
        if (steps < 0) {
            throw new PlanException("scan(steps=" + steps + "): negative" + Messages.at());
        }
        if (carryVariables.size() != nextCarries.size()) {
            throw new PlanException("scan(steps=" + steps + "): the body takes " + carryVariables.size()
                    + " carries and returns " + nextCarries.size() + Messages.at());
        }
        for (int i = 0; i < carryVariables.size(); i++) {
            if (!carryVariables.get(i).type().equals(nextCarries.get(i).type())) {
                throw new ShapeException("scan: carry " + i + " enters as "
                        + carryVariables.get(i).type() + " and leaves as "
                        + nextCarries.get(i).type() + "; both must be the same" + Messages.at());
            }
        }
    }

    @Override
    public String name() {
        return "scan:" + steps;
    }

    /**
     * Number of steps.
     *
     * @return steps
     */
    public int steps() {
        return steps;
    }

    /**
     * Whether it runs from the last step to the first.
     *
     * @return true if reversed
     */
    public boolean reverse() {
        return reverse;
    }

    /**
     * Index of the step inside the body.
     *
     * @return I32 scalar
     */
    public Tensor stepVariable() {
        return stepVariable;
    }

    /**
     * Carries at the start of a step.
     *
     * @return loop variables
     */
    public List<Tensor> carryVariables() {
        return carryVariables;
    }

    /**
     * Slices of the sequences at a step.
     *
     * @return loop variables
     */
    public List<Tensor> sequenceVariables() {
        return sequenceVariables;
    }

    /**
     * Formulas from outside as the body sees them.
     *
     * @return loop variables
     */
    public List<Tensor> captureVariables() {
        return captureVariables;
    }

    /**
     * Carries after a step.
     *
     * @return formulas of the body
     */
    public List<Tensor> nextCarries() {
        return nextCarries;
    }

    /**
     * Outputs of a step.
     *
     * @return formulas of the body
     */
    public List<Tensor> outputs() {
        return outputs;
    }

    /**
     * Whether to stop after a step.
     *
     * @return BOOL scalar of the body, or null
     */
    public @Nullable Tensor done() {
        return done;
    }

    /**
     * Everything the body computes: carries, outputs, then the stop mark if there is one.
     *
     * @return formulas of the body
     */
    public List<Tensor> bodyResults() {
        List<Tensor> r = new ArrayList<>(nextCarries);
        r.addAll(outputs);
        if (done != null) {
            r.add(done);
        }
        return r;
    }

    /** The same loop that also puts out further formulas of its body. */
    ScanOp withMoreOutputs(List<Tensor> more) {
        List<Tensor> all = new ArrayList<>(outputs);
        all.addAll(more);
        return new ScanOp(
                steps,
                reverse,
                stepVariable,
                carryVariables,
                sequenceVariables,
                captureVariables,
                nextCarries,
                all,
                done);
    }

    /**
     * Whether this is the other loop with outputs added, left out or reordered: over the same operands the two are one
     * loop.
     *
     * @param other another loop
     * @return true if body, variables and steps are the same
     */
    public boolean isAugmentationOf(ScanOp other) {
        return stepVariable == other.stepVariable
                && steps == other.steps
                && reverse == other.reverse
                && done == other.done
                && carryVariables.equals(other.carryVariables)
                && sequenceVariables.equals(other.sequenceVariables)
                && captureVariables.equals(other.captureVariables)
                && nextCarries.equals(other.nextCarries);
    }

    /** Formulas of the body on other variables: step, carries, slices and captures in the order of this loop. */
    List<Tensor> instantiate(
            List<Tensor> results, Tensor step, List<Tensor> carries, List<Tensor> slices, List<Tensor> captures) {
        Map<Tensor, Tensor> map = new HashMap<>();
        map.put(stepVariable, step);
        for (int i = 0; i < carries.size(); i++) {
            map.put(carryVariables.get(i), carries.get(i));
        }
        for (int i = 0; i < slices.size(); i++) {
            map.put(sequenceVariables.get(i), slices.get(i));
        }
        for (int i = 0; i < captures.size(); i++) {
            map.put(captureVariables.get(i), captures.get(i));
        }
        for (Node n : Graphs.topological(results)) {
            LoopScope.own(n);
        }
        return Graphs.substitute(results, map);
    }

    /**
     * The same loop with a rewritten body, for passes: the body is copied onto fresh variables, since those of a
     * finished loop cannot be used in new formulas.
     *
     * @param rewrite from the results of the body to as many results of the same types
     * @return the loop
     */
    public ScanOp withBody(UnaryOperator<List<Tensor>> rewrite) {
        return withBody(Map.of(), rewrite);
    }

    /** The same loop with a rewritten body in which some captures are constants; they keep their place unread. */
    ScanOp withBody(Map<Tensor, Tensor> constants, UnaryOperator<List<Tensor>> rewrite) {
        LoopScope scope = LoopScope.open();
        List<List<Tensor>> fresh = new ArrayList<>();
        for (List<Tensor> variables :
                List.of(List.of(stepVariable), carryVariables, sequenceVariables, captureVariables)) {
            List<Tensor> copies = new ArrayList<>();
            for (Tensor v : variables) {
                if (!(v.node().op() instanceof LeafOp.LoopVariable old)) {
                    throw new IllegalStateException("scan: " + v + " is not a loop variable");
                }
                copies.add(Node.of(new LeafOp.LoopVariable(scope, old.label(), old.type()))
                        .result(0));
            }
            fresh.add(copies);
        }
        List<Tensor> seen = new ArrayList<>(fresh.get(3));
        for (int i = 0; i < seen.size(); i++) {
            seen.set(i, constants.getOrDefault(captureVariables.get(i), seen.get(i)));
        }
        List<Tensor> r = scope.within(
                () -> rewrite.apply(instantiate(bodyResults(), fresh.get(0).get(0), fresh.get(1), fresh.get(2), seen)));
        int c = nextCarries.size();
        int o = c + outputs.size();
        ScanOp op = new ScanOp(
                steps,
                reverse,
                fresh.get(0).get(0),
                fresh.get(1),
                fresh.get(2),
                fresh.get(3),
                r.subList(0, c),
                r.subList(c, o),
                done == null ? null : r.get(o));
        scope.close();
        return op;
    }

    @Override
    public TensorType[] infer(Tensor[] operands) {
        int c = carryVariables.size();
        int s = sequenceVariables.size();
        if (operands.length != c + s + captureVariables.size()) {
            throw new IllegalArgumentException("scan: " + operands.length + " operands");
        }
        for (int i = 0; i < operands.length; i++) {
            TensorType got = operands[i].type();
            TensorType want;
            if (i < c) {
                want = carryVariables.get(i).type();
            } else if (i < c + s) {
                TensorType v = sequenceVariables.get(i - c).type();
                want = v.withShape(Shape.of(steps).concat(v.shape()));
            } else {
                want = captureVariables.get(i - c - s).type();
            }
            if (!got.equals(want)) {
                throw new ShapeException(
                        "scan(operand " + i + " " + operands[i].describe() + "): needs " + want + Messages.at());
            }
        }
        TensorType[] r = new TensorType[c + outputs.size()];
        for (int i = 0; i < r.length; i++) {
            TensorType t =
                    i < c ? nextCarries.get(i).type() : outputs.get(i - c).type();
            r[i] = i < c ? t : t.withShape(Shape.of(steps).concat(t.shape()));
        }
        return r;
    }

    @Override
    public @Nullable Tensor[] vjp(Node node, @Nullable Tensor[] cotangents) {
        boolean[] needed = new boolean[node.arity()];
        java.util.Arrays.fill(needed, true);
        return ScanGradient.vjp(this, node, cotangents, needed);
    }

    @Override
    public void reference(RefArray[] in, RefArray[] out) {
        int c = carryVariables.size();
        int s = sequenceVariables.size();
        Map<Tensor, RefArray> env = new HashMap<>();
        for (int i = 0; i < captureVariables.size(); i++) {
            env.put(captureVariables.get(i), in[c + s + i]);
        }
        RefArray[] carry = new RefArray[c];
        for (int i = 0; i < c; i++) {
            carry[i] = in[i];
        }
        List<Tensor> results = bodyResults();
        for (int k = 0; k < steps; k++) {
            int t = reverse ? steps - 1 - k : k;
            RefArray step = RefArray.zeros(stepVariable.type());
            step.put(0, t);
            env.put(stepVariable, step);
            for (int i = 0; i < c; i++) {
                env.put(carryVariables.get(i), carry[i]);
            }
            for (int i = 0; i < s; i++) {
                RefArray x = RefArray.zeros(sequenceVariables.get(i).type());
                move(in[c + i], t, x, 0, x.shape().size());
                env.put(sequenceVariables.get(i), x);
            }
            List<RefArray> r = Graphs.evaluate(results, v -> java.util.Objects.requireNonNull(env.get(v), v::toString));
            for (int i = 0; i < c; i++) {
                carry[i] = r.get(i);
            }
            boolean stop = done != null && r.get(r.size() - 1).get(0) != 0;
            for (int j = k; j < (stop ? steps : k + 1); j++) {
                for (int i = 0; i < outputs.size(); i++) {
                    RefArray y = r.get(c + i);
                    move(
                            y,
                            0,
                            out[c + i],
                            reverse ? steps - 1 - j : j,
                            y.shape().size());
                }
            }
            if (stop) {
                break;
            }
        }
        for (int i = 0; i < c; i++) {
            out[i].set(carry[i]);
        }
    }

    private static void move(RefArray from, int fromRow, RefArray to, int toRow, int row) {
        int n = row * from.type().dtype().slots();
        Object a = from.type().dtype().isFloat() ? from.doubles() : from.ints();
        Object b = from.type().dtype().isFloat() ? to.doubles() : to.ints();
        System.arraycopy(a, fromRow * n, b, toRow * n, n);
    }
}
