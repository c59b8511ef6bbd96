package org.amortis.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.array.DTypeException;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;
import org.amortis.array.UnsupportedOnBackend;
import org.amortis.backend.Binder;
import org.amortis.spi.Accelerator;
import org.amortis.spi.Execution;
import org.amortis.spi.Instruction;
import org.amortis.spi.Kernel;
import org.amortis.spi.Loops;
import org.amortis.spi.Plan;
import org.amortis.spi.View;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A program with its memory, ready to be replayed. One run at a time; a runner used from several threads must be guarded
 * by its user. After the first runs have been compiled by the JIT a run allocates nothing.
 */
public final class Runner {
    private final Plan plan;
    private final StateStore store;
    private final @Nullable Slab memory;
    private final @Nullable Execution remote;
    private final Team team;
    private final Loops loops;
    private final Kernel[] compute;
    private final Kernel[] commit;
    private final Task[] computing;
    private final Task[] committing;
    private final Set<String> unfed;
    private final Handover whole = Handover.ofRuns();
    private boolean shares;
    private boolean helped;

    Runner(Plan plan, Device device, StateStore store) {
        this.plan = plan;
        this.store = store;
        this.team = device.team();
        this.loops = device.loops();
        this.unfed = new HashSet<>(plan.inputs().keySet());
        Accelerator accelerator = device.accelerator();
        if (accelerator != null) {
            this.memory = null;
            this.remote = accelerator.open(
                    plan, plan.states().stream().map(store::slot).toList(), loops);
            this.compute = new Kernel[0];
            this.commit = new Kernel[0];
            this.computing = new Task[0];
            this.committing = new Task[0];
            return;
        }
        this.remote = null;
        this.memory = new Slab(plan, store);
        Binder binder = new Binder(memory, loops, device.threads(), Task::new);
        this.compute = binder.bind(plan.compute());
        this.commit = binder.bind(plan.commit());
        this.computing = Arrays.stream(compute).map(Task::new).toArray(Task[]::new);
        this.committing = Arrays.stream(commit).map(Task::new).toArray(Task[]::new);
        plan.constants().forEach(c -> slab().write(c.view(), c.value()));
    }

    /** The memory of the processor; a runner on an accelerator has none. */
    private Slab slab() {
        if (memory == null) {
            throw new UnsupportedOnBackend(
                    "this runner is on an accelerator, where kernels cannot be watched one by one; open the program on"
                            + " Device.builder().backend(\"simd\") for that");
        }
        return memory;
    }

    private View input(String name) {
        View v = plan.inputs().get(name);
        if (v == null) {
            throw new PlanException("feed(" + name + "): the program has no such input; it has "
                    + plan.inputs().keySet());
        }
        return v;
    }

    /**
     * Feeds an input; kept until it is fed again.
     *
     * @param name input
     * @param value numbers of its type and shape, copied
     * @return this
     * @throws ShapeException if the shape is another
     * @throws DTypeException if the element type is another
     */
    public Runner feed(String name, HostArray value) {
        View v = input(name);
        if (!value.shape().equals(v.type().shape())) {
            throw new ShapeException("feed(" + name + "): shape " + value.shape() + ", the program wants " + v.type());
        }
        if (value.dtype() != v.type().dtype()) {
            throw new DTypeException(
                    "feed(" + name + "): element type " + value.dtype() + ", the program wants " + v.type());
        }
        if (remote != null) {
            remote.write(v, StateStore.raw(value), 0);
        } else {
            slab().write(v, value);
        }
        unfed.remove(name);
        return this;
    }

    /**
     * The type an input wants.
     *
     * @param name input
     * @return element type and shape
     */
    public org.amortis.tensor.TensorType inputType(String name) {
        return input(name).type();
    }

    /**
     * Feeds a float input from a range of an array, without garbage.
     *
     * @param name F32 input
     * @param from source
     * @param offset first element
     */
    public void feed(String name, float[] from, int offset) {
        View v = input(name);
        if (v.type().dtype() != DType.F32) {
            throw new DTypeException("feed(" + name + "): floats, the program wants " + v.type());
        }
        if (offset < 0 || from.length - offset < v.size()) {
            throw new ShapeException("feed(" + name + ", offset=" + offset + "): " + from.length
                    + " floats, the program wants " + v.size() + " from there for " + v.type());
        }
        if (remote != null) {
            remote.write(v, from, offset);
        } else {
            System.arraycopy(from, offset, slab().array(v), slab().offset(v), v.size());
        }
        unfed.remove(name);
    }

    /**
     * Runs once: computes, and if the guards are finite writes the states.
     *
     * @throws NonFiniteException if a guard is not finite; names the operation; nothing was written
     * @throws PlanException if an input was never fed
     */
    public void run() {
        checkFed();
        if (remote != null) {
            remote(remote, 1);
            return;
        }
        if (!shares) {
            once(false);
            return;
        }
        boolean shared = whole.shared();
        if (!whole.measured()) {
            once(shared);
            whole.called();
            return;
        }
        long start = System.nanoTime();
        boolean asWanted = once(shared);
        long nanos = System.nanoTime() - start;
        if (asWanted) {
            whole.took(nanos);
        }
    }

    /** One run, with helpers if they are wanted and no other runner has them; whether it was as wanted. */
    private boolean once(boolean shared) {
        slab().statesToHost();
        helped = shared && team.acquire(whole.settled());
        boolean asWanted = helped == shared;
        try {
            for (Task t : computing) {
                t.run();
            }
            guard();
            for (Task t : committing) {
                t.run();
            }
            slab().statesWritten();
        } finally {
            if (helped) {
                helped = false;
                team.release();
            }
        }
        return asWanted;
    }

    /**
     * Runs several times with the inputs as they are; an accelerator needs one launch for all. Outputs are those of the last
     * run.
     *
     * @param times how many, at least 1
     * @throws NonFiniteException as {@link #run}; the runs before were committed
     */
    public void run(int times) {
        if (times < 1) {
            throw new PlanException("run(times=" + times + "): at least 1");
        }
        if (remote != null) {
            checkFed();
            remote(remote, times);
            return;
        }
        for (int i = 0; i < times; i++) {
            run();
        }
    }

    private void remote(Execution r, int times) {
        int bad = r.run(times);
        if (bad >= 0) {
            // nothing was written: the same step again on the processor names the operation
            Slab slab = new Slab(plan, store);
            slab.statesToHost();
            plan.constants().forEach(c -> slab.write(c.view(), c.value()));
            plan.inputs().values().forEach(v -> r.read(v, slab.array(v), slab.offset(v)));
            View g = plan.guards().get(bad);
            r.read(g, slab.array(g), slab.offset(g));
            throw new Probe(plan, slab, loops).explain(bad, slab.scalar(g));
        }
    }

    /**
     * Runs once, slowly and on the caller alone, with the memory watched: fails if an operation writes outside its
     * results, and overwrites every temporary as soon as the plan calls it dead. Same bits as {@link #run}.
     *
     * @throws PlanException if an operation writes what it should not
     * @throws NonFiniteException as {@link #run}
     */
    public void runChecked() {
        checkFed();
        slab().statesToHost();
        CheckedRun check = new CheckedRun(plan, slab());
        check.run(plan.compute(), compute, 0);
        guard();
        check.run(plan.commit(), commit, compute.length);
        slab().statesWritten();
    }

    /**
     * Runs a number of times on the caller alone, timing each instruction. States change as by {@link #run}.
     *
     * @param runs how many, at least 1; those before the JIT has compiled everything should have been run before
     * @return where the time goes
     * @throws NonFiniteException as {@link #run}
     */
    public Profile profile(int runs) {
        if (runs < 1) {
            throw new PlanException("profile(runs=" + runs + "): at least 1");
        }
        checkFed();
        List<Instruction> instructions = new ArrayList<>(plan.compute());
        instructions.addAll(plan.commit());
        slab().statesToHost();
        long[][] nanos = new long[instructions.size()][runs];
        for (int r = 0; r < runs; r++) {
            for (int i = 0; i < instructions.size(); i++) {
                boolean late = i >= compute.length;
                if (i == compute.length) {
                    guard();
                }
                Kernel k = late ? commit[i - compute.length] : compute[i];
                long start = System.nanoTime();
                k.run();
                nanos[i][r] = System.nanoTime() - start;
            }
        }
        slab().statesWritten();
        List<Profile.Row> rows = new ArrayList<>();
        for (int i = 0; i < nanos.length; i++) {
            Arrays.sort(nanos[i]);
            Instruction x = instructions.get(i);
            long elements = x.writes().stream().mapToLong(View::size).sum();
            rows.add(new Profile.Row(Plan.describe(x), nanos[i][runs / 2], elements));
        }
        return new Profile(rows, runs);
    }

    private void checkFed() {
        if (!unfed.isEmpty()) {
            throw new PlanException("run: never fed: " + unfed + "; feed every input once before the first run");
        }
    }

    private void guard() {
        for (int i = 0; i < plan.guards().size(); i++) {
            double g = slab().scalar(plan.guards().get(i));
            if (!Double.isFinite(g)) {
                throw new Probe(plan, slab(), loops).explain(i, g);
            }
        }
    }

    /** A kernel, and whether the team runs it. */
    private final class Task implements Runnable {
        private final Kernel kernel;
        private final @Nullable Handover handover;

        Task(Kernel kernel) {
            this.kernel = kernel;
            this.handover = Handover.of(kernel, team.size());
            shares |= handover != null;
        }

        @Override
        public void run() {
            Handover h = handover;
            if (h == null || !helped) {
                kernel.run();
                return;
            }
            boolean shared = h.shared();
            if (!h.measured()) {
                h.called();
                run(shared);
                return;
            }
            long start = System.nanoTime();
            run(shared);
            h.took(System.nanoTime() - start);
        }

        private void run(boolean shared) {
            if (shared) {
                team.run(kernel);
            } else {
                kernel.run();
            }
        }
    }

    /**
     * A copy of an output.
     *
     * @param i its position
     * @return fresh array
     */
    public HostArray output(int i) {
        View v = plan.outputs().get(i);
        if (remote != null) {
            HostArray r = HostArray.zeros(v.type().dtype(), v.type().shape());
            remote.read(v, StateStore.raw(r), 0);
            return r;
        }
        return slab().read(v);
    }

    /**
     * A copy of an output.
     *
     * @param tensor its formula
     * @return fresh array
     */
    public HostArray output(Tensor tensor) {
        int i = plan.outputTensors().indexOf(tensor);
        if (i < 0) {
            throw new PlanException("output(" + tensor.describe() + "): not an output of the program");
        }
        return output(i);
    }

    /**
     * An output of one element, without garbage.
     *
     * @param i its position
     * @return the value
     */
    public double scalar(int i) {
        View v = plan.outputs().get(i);
        if (v.size() != 1) {
            throw new ShapeException("scalar(" + i + "): the output is " + v.type());
        }
        return remote != null ? output(i).get(0) : slab().scalar(v);
    }

    /**
     * Copies a float output into an array, without garbage.
     *
     * @param i its position
     * @param to target; written
     * @param offset first element written
     */
    public void read(int i, float[] to, int offset) {
        View v = plan.outputs().get(i);
        if (v.type().dtype() != DType.F32) {
            throw new DTypeException("read(" + i + "): the output is " + v.type() + ", not F32");
        }
        if (offset < 0 || to.length - offset < v.size()) {
            throw new ShapeException("read(" + i + ", offset=" + offset + "): room for " + to.length
                    + " floats, the output is " + v.type());
        }
        if (remote != null) {
            remote.read(v, to, offset);
        } else {
            System.arraycopy(slab().array(v), slab().offset(v), to, offset, v.size());
        }
    }

    /**
     * Copies an output of any type but KEY into an array, without garbage.
     *
     * @param i its position
     * @param to target; written
     * @param offset first element written
     */
    public void read(int i, double[] to, int offset) {
        View v = plan.outputs().get(i);
        int n = v.size();
        if (offset < 0 || to.length - offset < n) {
            throw new ShapeException("read(" + i + ", offset=" + offset + "): room for " + to.length
                    + " doubles, the output is " + v.type());
        }
        // an accelerator hands out a fresh array
        int o = remote != null ? 0 : slab().offset(v);
        switch (remote != null ? StateStore.raw(output(i)) : slab().array(v)) {
            case double[] from -> System.arraycopy(from, o, to, offset, n);
            case float[] from -> {
                for (int k = 0; k < n; k++) {
                    to[offset + k] = from[o + k];
                }
            }
            case int[] from
            when v.type().dtype() != DType.KEY -> {
                for (int k = 0; k < n; k++) {
                    to[offset + k] = from[o + k];
                }
            }
            default -> throw new DTypeException("read(" + i + "): the output is " + v.type() + ", no numbers");
        }
    }

    /**
     * Fills all temporaries with NaN, so that reading what a step did not write shows. For tests.
     */
    public void poison() {
        if (remote != null) {
            remote.poison();
            return;
        }
        slab().poison();
        plan.constants().forEach(c -> slab().write(c.view(), c.value()));
    }

    /** Frees the memory on an accelerator; nothing to do on the processor. The values of states stay in their store. */
    public void close() {
        if (remote != null) {
            remote.close();
        }
    }

    /**
     * The plan it runs.
     *
     * @return plan
     */
    public Plan plan() {
        return plan;
    }
}
