package org.amortis.cuda;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.ShapeException;
import org.amortis.spi.Execution;
import org.amortis.spi.Instruction;
import org.amortis.spi.Loops;
import org.amortis.spi.Plan;
import org.amortis.spi.StateCell;
import org.amortis.spi.View;
import org.amortis.tensor.IndexOp;
import org.jspecify.annotations.Nullable;

/**
 * A program on a GPU: instructions become launches, launches a graph that is captured at the first run and replayed from
 * then on. Where the guards are not finite, kernels that write states do nothing; the host reads one block of words after
 * the last step.
 */
final class CudaExecution implements Execution {
    /** Most launches in one graph. */
    static final int GRAPH = 4096;

    /** Steps that are put into one graph where many are asked for. */
    private static final int MANY = 50;

    /** Guards that one launch looks at. */
    private static final int GUARDS = 16;

    /** Frames that are kept of where a program was opened. */
    private static final int FRAMES = 12;

    private static final System.Logger LOG = System.getLogger("org.amortis");
    private static final Cleaner CLEANER = Cleaner.create();

    private final CudaDevice device;
    private final Plan plan;
    private final List<StateCell> cells;
    private final List<StateCell> written;
    private final Slabs slabs;
    private final Driver.Mapped report;
    private final List<Segment> step;
    private final List<Segment> late;
    private final List<Segment.Graph> graphs = new ArrayList<>();
    private final long chains;
    private final Loops loops;
    private final Set<Gemm> rehearsed = new HashSet<>();
    private @Nullable Mirror mirror;
    private Segment.@Nullable Graph many;
    private final Resources resources;
    private final Cleaner.Cleanable cleanable;

    /** What must be freed; refers to nothing that refers to the execution. */
    private static final class Resources implements Runnable {
        final CudaDevice device;
        final Slabs slabs;
        final Driver.Mapped report;
        final List<Segment.Graph> graphs;
        final Exception opened = new Exception("opened here");
        long chains;
        boolean closed;

        Resources(CudaDevice device, Slabs slabs, Driver.Mapped report, List<Segment.Graph> graphs) {
            this.device = device;
            this.slabs = slabs;
            this.report = report;
            this.graphs = graphs;
            StackTraceElement[] stack = opened.getStackTrace();
            opened.setStackTrace(Arrays.copyOf(stack, Math.min(stack.length, FRAMES)));
        }

        @Override
        public void run() {
            synchronized (device) {
                try {
                    device.check();
                } catch (RuntimeException e) {
                    // the device took everything with it
                    return;
                }
                if (!closed) {
                    LOG.log(
                            device.firstLeak() ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
                            "cuda: a Runner was forgotten without close(); its device memory is freed now",
                            opened);
                }
                Driver d = device.driver();
                for (Segment.Graph g : graphs) {
                    if (g.graph != 0) {
                        d.destroy(g.graph);
                    }
                }
                if (chains != 0) {
                    d.unload(chains);
                }
                report.release();
                slabs.free();
            }
        }
    }

    CudaExecution(CudaDevice device, Plan planned, List<StateCell> cells, Loops loops) {
        this.device = device;
        boolean library = device.driver().hasLibrary();
        Temporaries temporaries = new Temporaries(planned);
        Plan apart = Versions.apart(planned, temporaries);
        boolean gated = !planned.guards().isEmpty() || indexes(planned.compute());
        // where nothing can close the gate, states are written like everything else
        boolean together = !gated || planned.commit().stream().allMatch(Translator::gateable);
        List<Instruction> first = new ArrayList<>(apart.compute());
        if (!gated) {
            first.addAll(apart.commit());
        }
        List<View> kept = new ArrayList<>(apart.outputs());
        kept.addAll(apart.guards());
        apart.commit().forEach(i -> kept.addAll(i.reads()));
        List<Unit> computing = Schedule.of(first, kept, temporaries, false, library);
        List<Unit> committing = gated ? Schedule.of(apart.commit(), kept, temporaries, together, library) : List.of();
        this.plan = temporaries.sized(apart);
        this.cells = cells;
        this.loops = loops;
        Workspace workspace = new Workspace();
        try {
            this.slabs = new Slabs(device, plan, cells);
        } catch (RuntimeException e) {
            throw memory(e, plan, 0);
        }
        long gate = slabs.control();
        Chains generated = new Chains();
        Driver driver = device.driver();
        this.report = driver.map(Slabs.CONTROL);
        Translator t = new Translator(slabs, generated, workspace, gate, gate + 4, device.products());
        List<Step> compute = t.translate(computing);
        if (gated) {
            compute.addAll(guards(gate));
        }
        List<Step> commit = t.translate(committing);
        if (together) {
            compute.addAll(commit);
        }
        try {
            workspace.place(slabs.workspace(workspace.bytes()));
            this.chains = generated.isEmpty() ? 0 : driver.load(Images.terminated(generated.text()));
        } catch (RuntimeException e) {
            report.release();
            slabs.free();
            throw memory(e, plan, workspace.bytes());
        }
        this.step = segments(compute);
        this.late = together ? List.of() : segments(commit);
        this.written = written();
        this.resources = new Resources(device, slabs, report, graphs);
        this.resources.chains = chains;
        this.cleanable = CLEANER.register(this, resources);
        device.opened(slabs);
        clear();
        constants();
    }

    private static RuntimeException memory(RuntimeException e, Plan plan, long workspace) {
        if (e.getCause() instanceof DriverException d && d.kind() == DriverException.Kind.OUT_OF_MEMORY) {
            return new PlanException(
                    String.format(
                            Locale.ROOT,
                            "out of memory on the device: the program needs %d bytes and a workspace of %d, besides"
                                    + " states and resident data (%s); %s; smaller batches or checkpointed loops help",
                            Slabs.bytes(plan),
                            workspace,
                            plan.statistics(),
                            e.getMessage()),
                    e);
        }
        return e;
    }

    /** Whether an index can be bad. */
    private static boolean indexes(List<Instruction> instructions) {
        return instructions.stream()
                .anyMatch(i -> i.origin().op() instanceof IndexOp op && Indexing.looks(op)
                        || i instanceof Instruction.Loop l && indexes(l.body().instructions()));
    }

    /** Looks at the guards and at what indexing has found, closes the gate, and tells the host. */
    private List<Step> guards(long gate) {
        List<Step> r = new ArrayList<>();
        int n = plan.guards().size();
        for (int from = 0; from == 0 || from < n; from += GUARDS) {
            int count = Math.min(GUARDS, n - from);
            int wide = 0;
            Args a = new Args().pointers(gate, report.address());
            for (int i = 0; i < GUARDS; i++) {
                View v = i < count ? plan.guards().get(from + i) : null;
                a.pointer(v == null ? 0 : slabs.of(v));
                wide |= v != null && v.type().dtype() == DType.F64 ? 1 << i : 0;
            }
            r.add(new Step.Run(Launch.single("move", "am_gate", a.ints(count, from, wide))));
        }
        return r;
    }

    private List<StateCell> written() {
        Set<StateCell> r = new LinkedHashSet<>();
        List<Instruction> all = new ArrayList<>(plan.compute());
        all.addAll(plan.commit());
        for (Instruction i : all) {
            for (View v : i.writes()) {
                if (v.space() == View.Space.STATE) {
                    r.add(cells.get(v.index()));
                }
            }
        }
        return List.copyOf(r);
    }

    /** Launches of steps that need nothing of the host, or -1. */
    private static long launches(List<Step> steps) {
        long n = 0;
        for (Step s : steps) {
            long k = launches(s);
            if (k < 0) {
                return -1;
            }
            n += k;
        }
        return n;
    }

    private static long launches(Step s) {
        return switch (s) {
            case Step.Run r -> 1;
            case Step.Host h -> -1;
            case Step.Repeat r -> {
                long body = launches(r.body());
                long last = launches(r.last());
                long n = r.times() * (body + last);
                yield r.done() != 0 || body < 0 || last < 0 || n > GRAPH ? -1 : n;
            }
        };
    }

    private List<Segment> segments(List<Step> steps) {
        List<Segment> r = new ArrayList<>();
        List<Call> launches = new ArrayList<>();
        for (Step s : steps) {
            long n = launches(s);
            if (n >= 0) {
                if (launches.size() + n > GRAPH) {
                    graph(launches, r);
                    launches = new ArrayList<>();
                }
                flatten(s, launches);
                continue;
            }
            graph(launches, r);
            launches = new ArrayList<>();
            switch (s) {
                case Step.Host h -> {
                    if (mirror == null) {
                        mirror = new Mirror(device, slabs, plan, loops);
                    }
                    r.add(new Segment.Host(h.instruction(), mirror.bind(h.instruction())));
                }
                case Step.Repeat p ->
                    r.add(new Segment.Repeat(
                            p.times(), segments(p.body()), p.done(), segments(p.rest()), segments(p.last())));
                case Step.Run x -> throw new IllegalStateException();
            }
        }
        graph(launches, r);
        return r;
    }

    private void graph(List<Call> launches, List<Segment> to) {
        if (!launches.isEmpty()) {
            Segment.Graph g = new Segment.Graph(launches);
            graphs.add(g);
            to.add(g);
        }
    }

    private static void flatten(Step s, List<Call> to) {
        switch (s) {
            case Step.Run r -> to.add(r.call());
            case Step.Repeat r -> {
                for (int i = 0; i < r.times(); i++) {
                    r.body().forEach(b -> flatten(b, to));
                    r.last().forEach(b -> flatten(b, to));
                }
            }
            case Step.Host h -> throw new IllegalStateException();
        }
    }

    private void clear() {
        device.upload(slabs.control(), new int[Slabs.CONTROL], 0, Slabs.CONTROL);
        for (int i = 0; i < Slabs.CONTROL; i++) {
            report.set(i, 0);
        }
    }

    private void constants() {
        for (Plan.Constant c : plan.constants()) {
            HostArray a = c.value();
            write(
                    c.view(),
                    switch (a.dtype()) {
                        case F32 -> a.floats();
                        case F64 -> a.doubles();
                        case I32, BOOL, KEY -> a.ints();
                    },
                    0);
        }
    }

    private void usable() {
        device.check();
        if (resources.closed) {
            throw new PlanException("the runner is closed; open the program again");
        }
    }

    @Override
    public void write(View view, Object from, int offset) {
        synchronized (device) {
            usable();
            device.upload(slabs.of(view), from, offset, view.slots());
        }
    }

    @Override
    public void read(View view, Object to, int offset) {
        synchronized (device) {
            usable();
            device.download(to, offset, slabs.of(view), view.slots());
        }
    }

    @Override
    public int run(int times) {
        synchronized (device) {
            usable();
            cells.forEach(StateCell::toDevice);
            try {
                if (late.isEmpty() && step.size() == 1 && step.get(0) instanceof Segment.Graph g) {
                    replay(g, times);
                    device.driver().synchronize();
                } else {
                    for (int i = 0; i < times && report.get(0) == 0; i++) {
                        play(step);
                        device.driver().synchronize();
                        if (report.get(0) == 0) {
                            play(late);
                        }
                    }
                    device.driver().synchronize();
                }
            } catch (DriverException e) {
                throw device.failed(e, "running " + plan.statistics().instructions() + " instructions");
            } finally {
                written.forEach(StateCell::deviceWritten);
            }
            int gate = report.get(0);
            if (gate == 0) {
                return -1;
            }
            if (gate > 0) {
                clear();
                return gate - 1;
            }
            String where = "index " + report.get(2) + " is outside 0.." + (report.get(3) - 1);
            clear();
            throw new ShapeException("gather or scatter: " + where + "; no state was written by this step");
        }
    }

    /** One graph as often as asked for: where many steps are, as many of them in one graph as fit. */
    private void replay(Segment.Graph g, int times) {
        int left = times;
        if (times >= MANY && (long) g.calls.size() * MANY <= GRAPH) {
            Segment.Graph m = many;
            if (m == null) {
                List<Call> all = new ArrayList<>();
                for (int i = 0; i < MANY; i++) {
                    all.addAll(g.calls);
                }
                m = new Segment.Graph(all);
                graphs.add(m);
                many = m;
            }
            for (; left >= MANY; left -= MANY) {
                replay(m);
            }
        }
        for (; left > 0; left--) {
            replay(g);
        }
    }

    private void replay(Segment.Graph g) {
        if (g.graph == 0) {
            g.graph = capture(g.calls);
        }
        device.driver().replay(g.graph);
    }

    private long capture(List<Call> calls) {
        Driver d = device.driver();
        long[] f = new long[calls.size()];
        for (int i = 0; i < f.length; i++) {
            switch (calls.get(i)) {
                // looked up first: loading a module while a graph is captured is not allowed
                case Launch l ->
                    f[i] = l.module().equals(Launch.CHAINS)
                            ? d.function(chains, l.kernel())
                            : device.function(l.module(), l.kernel());
                case Gemm m -> rehearse(m);
            }
        }
        d.beginCapture();
        try {
            for (int i = 0; i < f.length; i++) {
                switch (calls.get(i)) {
                    case Launch l -> d.launch(f[i], l);
                    case Gemm m -> d.gemm(m);
                }
            }
        } catch (RuntimeException e) {
            d.abandonCapture();
            throw e;
        }
        return d.endCapture();
    }

    /** The library loads its kernels when they are first used: that happens here, with a result that nobody reads. */
    private void rehearse(Gemm m) {
        if (rehearsed.add(m.into(0))) {
            long room = device.allocate(m.bytes());
            try {
                device.driver().gemm(m.into(room));
                device.driver().synchronize();
            } finally {
                device.release(room);
            }
        }
    }

    /** Whether a step is one graph. */
    boolean sequence() {
        return late.isEmpty() && step.size() == 1 && step.get(0) instanceof Segment.Graph;
    }

    /**
     * Microseconds of each call in the sequence of a step: what a graph takes longer with it than without. Values of states and
     * outputs are of no use afterwards.
     *
     * @param times replays of each graph
     */
    double[] micros(int times) {
        synchronized (device) {
            usable();
            if (step.size() != 1 || !(step.get(0) instanceof Segment.Graph g)) {
                throw new IllegalStateException("a step of several parts has no single sequence");
            }
            Driver d = device.driver();
            double[] r = new double[g.calls.size()];
            double before = 0;
            for (int n = 1; n <= r.length; n++) {
                long graph = capture(g.calls.subList(0, n));
                double least = Double.MAX_VALUE;
                for (int turn = 0; turn < 4; turn++) {
                    d.synchronize();
                    long start = System.nanoTime();
                    for (int i = 0; i < times; i++) {
                        d.replay(graph);
                    }
                    d.synchronize();
                    least = Math.min(least, (System.nanoTime() - start) / 1e3 / times);
                }
                d.destroy(graph);
                r[n - 1] = least - before;
                before = least;
            }
            return r;
        }
    }

    private void play(List<Segment> segments) {
        for (Segment s : segments) {
            switch (s) {
                case Segment.Graph g -> replay(g);
                case Segment.Host h -> {
                    if (mirror != null) {
                        mirror.run(h.instruction(), h.kernel());
                    }
                }
                case Segment.Repeat r -> repeat(r);
            }
        }
    }

    private void repeat(Segment.Repeat r) {
        int[] done = new int[1];
        for (int t = 0; t < r.times(); t++) {
            play(r.body());
            if (r.done() != 0) {
                device.download(done, 0, r.done(), 1);
            }
            // what is put out is put out for all turns that are left before carries overwrite it
            for (int u = t + 1; done[0] != 0 && u < r.times(); u++) {
                play(r.rest());
            }
            play(r.last());
            if (done[0] != 0) {
                return;
            }
        }
    }

    @Override
    public void poison() {
        synchronized (device) {
            usable();
            fill(slabs.floats(), plan.floats(), 4, Float.floatToRawIntBits(Float.NaN));
            fill(slabs.doubles(), plan.doubles(), 8, Double.doubleToRawLongBits(Double.NaN));
            fill(slabs.ints(), plan.ints(), 4, Integer.MIN_VALUE);
            device.driver().synchronize();
            constants();
        }
    }

    private void fill(long address, int n, int bytes, long bits) {
        if (n > 0) {
            Launch l = Launch.flat(
                    "move",
                    "am_fill_w" + bytes,
                    n,
                    new Args().pointers(address, 0).ints(n, (int) bits, (int) (bits >>> 32)));
            device.driver().launch(device.function(l.module(), l.kernel()), l);
        }
    }

    /** What is launched, for tests: one line a launch or a host instruction. */
    List<String> describe() {
        List<String> r = new ArrayList<>();
        describe(step, r);
        describe(late, r);
        return r;
    }

    private static void describe(List<Segment> segments, List<String> to) {
        for (Segment s : segments) {
            switch (s) {
                case Segment.Graph g -> g.calls.forEach(l -> to.add(l.toString()));
                case Segment.Host h -> to.add("host " + Plan.describe(h.instruction()));
                case Segment.Repeat r -> {
                    to.add("repeat " + r.times());
                    describe(r.body(), to);
                    describe(r.last(), to);
                    to.add("end");
                }
            }
        }
    }

    @Override
    public void close() {
        synchronized (device) {
            if (!resources.closed) {
                resources.closed = true;
                cleanable.clean();
            }
        }
    }
}
