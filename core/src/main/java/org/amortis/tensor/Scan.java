package org.amortis.tensor;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * Loops in formulas. The body is called once, with the index of the step, the carries and the slices of the sequences
 * at that step; it returns the next carries and the outputs of the step. The formula is of one size whatever the number
 * of steps. Formulas from outside may be used freely and are computed once.
 *
 * <pre>{@code
 * Scan.Result r = Scan.of(100)
 *         .carry(h0)
 *         .sequences(xs) // [100, B, k]
 *         .body((t, carry, x) -> {
 *             Tensor h = x.get(0).matmul(w).add(carry.get(0).matmul(u)).tanh();
 *             return Scan.Step.of(h).output(h.square());
 *         });
 * Tensor last = r.last(0);
 * Tensor all = r.output(0); // [100, B, n]
 * }</pre>
 */
public final class Scan {
    /** Bytes of stored carries above which {@link #checkpointAuto()} recomputes. */
    public static final long STORE_LIMIT = 256L << 20;

    private final int steps;
    private final boolean until;
    private final List<Tensor> init = new ArrayList<>();
    private final List<Tensor> stacks = new ArrayList<>();
    private boolean reverse;
    private int every;
    private long limit = -1;

    /** An associative combination of elements, each a list of tensors. */
    @FunctionalInterface
    public interface Combination {
        /**
         * Combines neighbours, many at a time: the first axis of all tensors counts pairs and has any size. Pure: called
         * twice for each halving.
         *
         * @param earlier tensors [m, ..] of the elements that come first in the order of the scan
         * @param later tensors of the elements that follow
         * @return tensors of the same types
         */
        List<Tensor> of(List<Tensor> earlier, List<Tensor> later);
    }

    /** What a step computes. */
    @FunctionalInterface
    public interface Body {
        /**
         * Writes a step as formulas. Called once.
         *
         * @param step index of the step, I32 scalar
         * @param carry carries at the start of the step
         * @param slices slices of the sequences at this step
         * @return next carries and outputs
         */
        Step step(Tensor step, List<Tensor> carry, List<Tensor> slices);
    }

    /**
     * Results of a step.
     *
     * @param next the carries after it, of the types of those before it
     * @param outputs what is stacked over the steps
     * @param done BOOL, which rows are finished after this step; only for {@link Scan#until}
     */
    public record Step(
            List<Tensor> next,
            List<Tensor> outputs,
            @Nullable Tensor done) {
        /** Copies the lists. */
        public Step {
            next = List.copyOf(next);
            outputs = List.copyOf(outputs);
        }

        /**
         * A step with these next carries.
         *
         * @param next one for each carry
         * @return the step
         */
        public static Step of(Tensor... next) {
            return new Step(List.of(next), List.of(), null);
        }

        /**
         * A step with these next carries.
         *
         * @param next one for each carry
         * @return the step
         */
        public static Step of(List<Tensor> next) {
            return new Step(next, List.of(), null);
        }

        /**
         * This step with outputs.
         *
         * @param y what is stacked over the steps
         * @return the step
         */
        public Step output(Tensor... y) {
            return new Step(next, List.of(y), done);
        }

        /**
         * This step with a stop mark, for {@link Scan#until}.
         *
         * @param mask BOOL [] or of the leading axes of all carries and outputs: the rows finished after this step
         * @return the step
         */
        public Step doneWhen(Tensor mask) {
            return new Step(next, outputs, mask);
        }
    }

    /**
     * Results of a loop.
     *
     * @param finals the carries after the last step
     * @param outputs outputs of all steps [steps, ..], at their own index also when the loop runs backwards
     * @param finished BOOL, which rows finished within the allowed steps; null unless made by {@link Scan#until}
     * @param stepsTaken I32, how many steps each row took; null unless made by {@link Scan#until}
     */
    public record Result(
            List<Tensor> finals,
            List<Tensor> outputs,
            @Nullable Tensor finished,
            @Nullable Tensor stepsTaken) {
        /** Copies the lists. */
        public Result {
            finals = List.copyOf(finals);
            outputs = List.copyOf(outputs);
        }

        /**
         * A carry after the last step.
         *
         * @param i which
         * @return the carry
         */
        public Tensor last(int i) {
            return finals.get(i);
        }

        /**
         * An output of all steps.
         *
         * @param i which
         * @return [steps, ..]
         */
        public Tensor output(int i) {
            return outputs.get(i);
        }
    }

    private Scan(int steps, boolean until) {
        if (steps < 0) {
            throw new PlanException((until ? "Scan.until(maxSteps=" : "Scan.of(steps=") + steps
                    + "): a negative number of steps" + Messages.at());
        }
        this.steps = steps;
        this.until = until;
    }

    /**
     * A loop of a fixed number of steps.
     *
     * @param steps how many; zero is legal
     * @return the loop to be described
     */
    public static Scan of(int steps) {
        return new Scan(steps, false);
    }

    /**
     * A loop that ends early. The body says by {@link Step#doneWhen} which rows are finished; these keep their carries
     * and outputs from then on, so that a row's numbers do not depend on the other rows. The loop stops when all rows
     * are finished. A finished row is still computed and thrown away while others run: where that could overflow or
     * divide by zero the body has to make it safe, as with every selection.
     *
     * @param maxSteps most steps taken
     * @return the loop to be described
     */
    public static Scan until(int maxSteps) {
        return new Scan(maxSteps, true);
    }

    /**
     * Running combinations of elements by an associative operation, x[0], x[0] * x[1], x[0] * x[1] * x[2], .., without a
     * loop: 2 n combinations in 2 log2 n formulas (Blelloch 1990, Prefix sums and their applications), where {@link #of} has n
     * steps one after the other. The order of combination is fixed, so the result differs from that of a loop by
     * rounding. Filters and smoothers become scans of tuples of matrices (Särkkä and García-Fernández 2021, Temporal
     * parallelization of Bayesian smoothers). Elementwise linear recurrences are an operation of their own,
     * {@link Recurrences}.
     *
     * @param combination the operation; need not commute
     * @param elements tensors [n, ..], an element is what all of them have at one index
     * @return tensors of the same types
     * @throws PlanException if there are no tensors, or the combination returns another number of them
     * @throws ShapeException if their first axes differ, or the combination changes a type
     */
    public static List<Tensor> associative(Combination combination, List<Tensor> elements) {
        return new AssociativeScan(combination).run(elements);
    }

    /**
     * The same from the last element to the first: x[n - 1], x[n - 1] * x[n - 2], .., each at its own index.
     *
     * @param combination the operation; its first argument has the larger indices
     * @param elements tensors [n, ..]
     * @return tensors of the same types
     */
    public static List<Tensor> reverseAssociative(Combination combination, List<Tensor> elements) {
        List<Tensor> flipped = elements.stream().map(t -> t.flip(0)).toList();
        return associative(combination, flipped).stream().map(t -> t.flip(0)).toList();
    }

    /**
     * Permission to draw in a body from a key that does not depend on the step: the same numbers at every step.
     *
     * @param key the key
     * @return the same key, marked
     */
    public static Key hoist(Key key) {
        return Key.of(key.tensor().named(KeyCheck.HOISTED));
    }

    /**
     * Adds carries.
     *
     * @param initial their values before the first step
     * @return this
     */
    public Scan carry(Tensor... initial) {
        init.addAll(List.of(initial));
        return this;
    }

    /**
     * Adds carries.
     *
     * @param initial their values before the first step
     * @return this
     */
    public Scan carry(List<Tensor> initial) {
        init.addAll(initial);
        return this;
    }

    /**
     * Adds sequences, read one slice a step.
     *
     * @param xs tensors [steps, ..]
     * @return this
     */
    public Scan sequences(Tensor... xs) {
        for (Tensor x : xs) {
            if (x.shape().rank() == 0 || x.shape().dim(0) != steps) {
                throw new ShapeException("Scan.sequences(" + x.describe() + "): "
                        + (x.shape().rank() == 0 ? "a scalar is" : x.shape().dim(0) + " slices are")
                        + " not one slice for each of " + steps + " steps; the first axis is the step" + Messages.at());
            }
            stacks.add(x);
        }
        return this;
    }

    /**
     * Runs from the last step to the first. Slices and outputs stay at their own index.
     *
     * @return this
     */
    public Scan reverse() {
        reverse = true;
        return this;
    }

    /**
     * Stores every k-th carry for the gradient and runs the steps between again, once. By default all carries are
     * stored.
     *
     * @param k steps between stored carries, at least 1
     * @return this
     */
    public Scan checkpointEvery(int k) {
        if (k < 1) {
            throw new PlanException("Scan.checkpointEvery(" + k + "): needs at least 1" + Messages.at());
        }
        every = k;
        return this;
    }

    /**
     * Stores all carries if they take at most {@link #STORE_LIMIT} bytes, else about every sqrt(steps)-th.
     *
     * @return this
     */
    public Scan checkpointAuto() {
        return checkpointAuto(STORE_LIMIT);
    }

    /**
     * Stores all carries if they take at most so many bytes, else about every sqrt(steps)-th.
     *
     * @param bytes the limit
     * @return this
     */
    public Scan checkpointAuto(long bytes) {
        limit = bytes;
        return this;
    }

    /**
     * Writes the loop.
     *
     * @param body what a step computes
     * @return final carries and stacked outputs
     */
    public Result body(Body body) {
        LoopBuilder b = new LoopBuilder(steps, reverse);
        List<Tensor> carry = new ArrayList<>();
        for (Tensor t : init) {
            if (until && t.dtype() == DType.KEY) {
                throw new DTypeException("Scan.until.carry(" + t.describe()
                        + "): keys cannot be selected between; fold the step index into a key instead" + Messages.at());
            }
            carry.add(b.carry(t));
        }
        List<Tensor> xs = new ArrayList<>();
        for (Tensor t : stacks) {
            xs.add(b.sequence(t));
        }
        int c = init.size();
        Step[] written = new Step[1];
        Node node = b.within(() -> {
            Step s = body.step(b.step(), List.copyOf(carry), List.copyOf(xs));
            check(s);
            written[0] = s;
            return until ? finishUntil(b, carry, s) : b.finish(s.next(), s.outputs(), null);
        });
        int outputs = written[0].outputs().size();
        List<Tensor> all = results(node);
        int hidden = node.resultCount() - c - outputs;
        List<Tensor> y = all.subList(c + hidden, all.size());
        return new Result(all.subList(0, c), y, until ? all.get(c) : null, until ? all.get(c + 1) : null);
    }

    private List<Tensor> results(Node node) {
        if (!(node.op() instanceof ScanOp op)) {
            throw new IllegalStateException("scan: " + node);
        }
        int k = every;
        if (k == 0 && limit >= 0) {
            long bytes = 0;
            for (Tensor t : op.carryVariables()) {
                bytes += (long) steps * t.shape().size() * t.dtype().bytes();
            }
            k = bytes > limit ? (int) Math.ceil(Math.sqrt(steps)) : 0;
        }
        if (k > 0 && k < steps) {
            return ScanChunks.run(node, op, k);
        }
        List<Tensor> r = new ArrayList<>();
        for (int i = 0; i < node.resultCount(); i++) {
            r.add(node.result(i));
        }
        return r;
    }

    private void check(Step s) {
        if (s.next().size() != init.size()) {
            throw new PlanException("Scan.body(steps=" + steps + "): the body returns "
                    + s.next().size() + " next carries for " + init.size() + " carries" + Messages.at());
        }
        Tensor done = s.done();
        if (until != (done != null)) {
            throw new PlanException(
                    until
                            ? "Scan.until(maxSteps=" + steps + "): the body does not say when rows are done; add"
                                    + " doneWhen(mask) to its step" + Messages.at()
                            : "Scan.of(steps=" + steps + "): the body says when rows are done, but the loop runs all"
                                    + " steps; use Scan.until" + Messages.at());
        }
        if (done == null) {
            return;
        }
        if (done.dtype() != DType.BOOL) {
            throw new DTypeException("Scan.until.doneWhen(" + done.describe() + "): not BOOL" + Messages.at());
        }
        List<Tensor> masked = new ArrayList<>(s.next());
        masked.addAll(s.outputs());
        int r = done.shape().rank();
        for (Tensor t : masked) {
            if (t.shape().rank() < r || !t.shape().slice(0, r).equals(done.shape())) {
                throw new ShapeException("Scan.until.doneWhen(" + done.describe() + "): carries and outputs need its"
                        + " axes first, but there is " + t.describe() + Messages.at());
            }
        }
    }

    /** Rows that are done keep carries and outputs: hidden carries hold the mask, the count and the last outputs. */
    private Node finishUntil(LoopBuilder b, List<Tensor> carry, Step s) {
        Tensor done = java.util.Objects.requireNonNull(s.done());
        Tensor finished = b.carry(Tensors.zeros(DType.BOOL, done.shape()));
        Tensor count = b.carry(Tensors.zeros(DType.I32, done.shape()));
        List<Tensor> next = new ArrayList<>();
        for (int i = 0; i < carry.size(); i++) {
            Tensor t = s.next().get(i);
            if (!t.type().equals(carry.get(i).type())) {
                throw new ShapeException("scan: carry " + i + " enters as "
                        + carry.get(i).type() + " and leaves as " + t.type() + "; both must be the same"
                        + Messages.at());
            }
            next.add(Tensors.where(over(finished, t.shape()), carry.get(i), t));
        }
        Tensor after = finished.or(done);
        next.add(after);
        next.add(Tensors.where(finished, count, count.add(1)));
        List<Tensor> outputs = new ArrayList<>();
        for (Tensor t : s.outputs()) {
            Tensor before = b.carry(Tensors.zeros(t.dtype(), t.shape()));
            Tensor y = Tensors.where(over(finished, t.shape()), before, t);
            next.add(y);
            outputs.add(y);
        }
        return b.finish(next, outputs, after.all());
    }

    private static Tensor over(Tensor mask, Shape shape) {
        int[] d = new int[shape.rank()];
        java.util.Arrays.fill(d, 1);
        for (int i = 0; i < mask.shape().rank(); i++) {
            d[i] = mask.shape().dim(i);
        }
        return mask.reshape(Shape.of(d));
    }
}
