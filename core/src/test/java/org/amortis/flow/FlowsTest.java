package org.amortis.flow;

import static org.amortis.flow.FlowCase.Lack.EXACT_LOG_DET;
import static org.amortis.flow.FlowCase.Lack.EXTREMES;
import static org.amortis.flow.FlowCase.Lack.FORWARD;
import static org.amortis.flow.FlowCase.Lack.GRADIENT;
import static org.amortis.flow.FlowCase.Lack.IDENTITY_START;
import static org.amortis.flow.FlowCase.Lack.INVERSE;
import static org.amortis.flow.FlowCase.Lack.PLANE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.check.Evaluator;
import org.amortis.check.GradientCheck;
import org.amortis.dist.Bijection;
import org.amortis.dist.Drawn;
import org.amortis.dist.Mapped;
import org.amortis.flow.FlowCase.Made;
import org.amortis.grad.Gradients;
import org.amortis.grad.PerRow;
import org.amortis.param.Parameter;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every flow of the table. */
class FlowsTest {
    private static final Map<String, Made> MADE = new HashMap<>();
    private static @Nullable Device device;

    static List<FlowCase> table() {
        return FlowCase.all();
    }

    @BeforeAll
    static void open() {
        device = Device.builder().threads(1).build();
    }

    @AfterAll
    static void close() {
        MADE.clear();
        if (device != null) {
            device.close();
        }
    }

    private static Device device() {
        return java.util.Objects.requireNonNull(device);
    }

    private static Made made(FlowCase c) {
        return MADE.computeIfAbsent(c.name(), n -> c.make(DType.F64));
    }

    private static Tensor resident(HostArray a) {
        return Tensors.resident(a);
    }

    private static Bijection bound(Made m, @Nullable HostArray context) {
        return bound(m, m.weights(), context);
    }

    private static Bijection bound(Made m, HostArray weights, @Nullable HostArray context) {
        return m.flow().given(m.spec().weights(resident(weights)), context == null ? null : resident(context));
    }

    private static @Nullable HostArray contexts(Made m, int... lead) {
        return m.flow().contextSize() == 0 ? null : m.contexts(21, lead);
    }

    private static List<double[]> eval(Tensor... t) {
        return Run.eval(device(), List.of(t)).stream().map(HostArray::toDoubles).toList();
    }

    private static FlowDistribution density(Made m, Weights p, @Nullable Tensor context) {
        return FlowDistribution.of(Base.normal(m.size()), m.flow(), p, context);
    }

    @ParameterizedTest
    @MethodSource("table")
    void thereAndBack(FlowCase c) {
        assumeTrue(c.has(FORWARD) && c.has(INVERSE));
        Made m = made(c);
        Bijection b = bound(m, contexts(m, 6));
        HostArray v = m.values(1, 6);
        Mapped x = b.forwardAndLogDet(resident(v));
        Mapped back = b.inverseAndLogDet(x.value());
        Mapped u = b.inverseAndLogDet(resident(v));
        Mapped forth = b.forwardAndLogDet(u.value());
        assertEquals(Shape.of(6), x.logDet().shape());
        assertEquals(v.shape(), x.value().shape());
        List<double[]> r = eval(
                back.value(),
                x.logDet(),
                back.logDet().neg(),
                forth.value(),
                u.logDet().neg(),
                forth.logDet(),
                x.value());
        assertArrayEquals(v.toDoubles(), r.get(0), c.roundTrip());
        assertArrayEquals(r.get(1), r.get(2), 10 * c.roundTrip());
        assertArrayEquals(v.toDoubles(), r.get(3), c.roundTrip());
        assertArrayEquals(r.get(4), r.get(5), 10 * c.roundTrip());
    }

    @ParameterizedTest
    @MethodSource("table")
    void logDeterminantIsThatOfTheJacobian(FlowCase c) {
        assumeTrue(c.has(EXACT_LOG_DET));
        Made m = made(c);
        int rows = 5;
        Bijection b = bound(m, contexts(m, rows));
        if (c.has(FORWARD)) {
            jacobian(m, b, rows, true);
        }
        if (c.has(INVERSE)) {
            jacobian(m, b, rows, false);
        }
    }

    private static Mapped map(Bijection b, Tensor v, boolean forward) {
        return forward ? b.forwardAndLogDet(v) : b.inverseAndLogDet(v);
    }

    private static void jacobian(Made m, Bijection b, int rows, boolean forward) {
        int d = m.size();
        HostArray v = m.values(2, rows);
        Tensor x = resident(v);
        Mapped y = map(b, x, forward);
        // every value moved up and down along every axis: [2 D, rows, D]
        double h = 1e-5;
        double[] moved = new double[2 * d * rows * d];
        double[] at = v.toDoubles();
        for (int k = 0; k < 2 * d; k++) {
            System.arraycopy(at, 0, moved, k * rows * d, rows * d);
            for (int i = 0; i < rows; i++) {
                moved[(k * rows + i) * d + k / 2] += k % 2 == 0 ? h : -h;
            }
        }
        Mapped near = map(b, resident(HostArray.wrap(moved, Shape.of(2 * d, rows, d))), forward);
        List<double[]> r = eval(y.logDet(), PerRow.jacobian(y.value(), x), near.value());
        for (int i = 0; i < rows; i++) {
            double[][] exact = new double[d][d];
            double[][] differences = new double[d][d];
            for (int j = 0; j < d; j++) {
                for (int k = 0; k < d; k++) {
                    exact[j][k] = r.get(1)[(i * d + j) * d + k];
                    double up = r.get(2)[(2 * k * rows + i) * d + j];
                    double down = r.get(2)[((2 * k + 1) * rows + i) * d + j];
                    differences[j][k] = (up - down) / (2 * h);
                }
            }
            String where = m.what() + (forward ? " forward" : " inverse") + ", row " + i;
            assertEquals(logAbsDet(exact), r.get(0)[i], m.what().logDet(), where);
            // truncation h^2, rounding 1e-16 / h
            assertEquals(logAbsDet(differences), r.get(0)[i], m.what().logDet() + 1e-6, where);
        }
    }

    /** By elimination with row pivots. */
    private static double logAbsDet(double[][] a) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            int p = k;
            for (int i = k; i < a.length; i++) {
                p = Math.abs(a[i][k]) > Math.abs(a[p][k]) ? i : p;
            }
            double[] t = a[p];
            a[p] = a[k];
            a[k] = t;
            sum += Math.log(Math.abs(a[k][k]));
            for (int i = k + 1; i < a.length; i++) {
                double f = a[i][k] / a[k][k];
                for (int j = k; j < a.length; j++) {
                    a[i][j] -= f * a[k][j];
                }
            }
        }
        return sum;
    }

    /** Log density of values and weighted log density of draws, with respect to all parameters, values and context. */
    @ParameterizedTest
    @MethodSource("table")
    void gradients(FlowCase c) {
        assumeTrue(c.has(GRADIENT));
        Made m = made(c);
        List<Parameter> parameters = m.spec().parameters();
        Map<String, HostArray> byPath = Params.ofFlat(m.spec(), m.weights()).toMap();
        List<HostArray> at = new ArrayList<>();
        parameters.forEach(p -> at.add(java.util.Objects.requireNonNull(byPath.get(p.path()))));
        at.add(m.values(3, 2));
        HostArray context = contexts(m, 2);
        if (context != null) {
            at.add(context);
        }
        Weights zero = m.spec().weights(resident(m.weights()));
        GradientCheck.check(
                c.name(),
                in -> {
                    Map<String, Tensor> values = new HashMap<>();
                    for (int i = 0; i < parameters.size(); i++) {
                        values.put(parameters.get(i).path(), in[i]);
                    }
                    Weights p = zero.with("", values);
                    Tensor x = in[parameters.size()];
                    Tensor ctx = context == null ? null : in[parameters.size() + 1];
                    FlowDistribution q = density(m, p, ctx);
                    List<Tensor> out = new ArrayList<>();
                    if (c.has(INVERSE)) {
                        out.add(q.logProb(x));
                    }
                    if (c.has(FORWARD)) {
                        Mapped f = q.map().forwardAndLogDet(x);
                        out.add(f.logDet());
                        out.add(f.value());
                    }
                    return out.toArray(Tensor[]::new);
                },
                at,
                1,
                Evaluator.on(device()));
    }

    /** A row's numbers depend neither on the other rows nor on how many there are. */
    @ParameterizedTest
    @MethodSource("table")
    void rowsAreIndependent(FlowCase c) {
        Made m = made(c);
        int d = m.size();
        HostArray v = m.values(4, 5);
        double[] others = v.toDoubles();
        for (int i = d; i < 5 * d; i++) {
            others[i] = i % 3 == 0 ? 0.9 * c.domain() : -others[i];
        }
        HostArray context = contexts(m, 5);
        List<Tensor> whole = both(m, context, v);
        List<Tensor> changed = both(m, context, HostArray.wrap(others, v.shape()));
        List<Tensor> alone = both(m, context == null ? null : context.rows(0, 1), v.rows(0, 1));
        List<double[]> w = eval(whole.toArray(Tensor[]::new));
        List<double[]> o = eval(changed.toArray(Tensor[]::new));
        List<double[]> a = eval(alone.toArray(Tensor[]::new));
        for (int k = 0; k < w.size(); k++) {
            int n = a.get(k).length;
            // sums in another order at most
            assertArrayEquals(a.get(k), Arrays.copyOf(w.get(k), n), 1e-12);
            assertArrayEquals(a.get(k), Arrays.copyOf(o.get(k), n), 1e-12);
        }
    }

    private static List<Tensor> both(Made m, @Nullable HostArray context, HostArray v) {
        Bijection b = bound(m, context);
        List<Tensor> all = new ArrayList<>();
        for (boolean forward : new boolean[] {true, false}) {
            if (m.what().has(forward ? FORWARD : INVERSE)) {
                Mapped r = map(b, resident(v), forward);
                all.add(r.value());
                all.add(r.logDet());
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("table")
    void emptyBatch(FlowCase c) {
        Made m = made(c);
        HostArray none = HostArray.zeros(DType.F64, Shape.of(0, m.size()));
        HostArray context = contexts(m, 1) == null
                ? null
                : HostArray.zeros(DType.F64, Shape.of(0, m.flow().contextSize()));
        List<Tensor> r = both(m, context, none);
        for (int i = 0; i < r.size(); i++) {
            assertEquals(i % 2 == 0 ? none.shape() : Shape.of(0), r.get(i).shape());
        }
        eval(r.toArray(Tensor[]::new));
    }

    @ParameterizedTest
    @MethodSource("table")
    void wrongSizesAreRefused(FlowCase c) {
        Made m = made(c);
        HostArray context = contexts(m, 2);
        Tensor wrong = Tensors.zeros(DType.F64, Shape.of(2, m.size() + 1));
        Bijection b = bound(m, context);
        for (boolean forward : new boolean[] {true, false}) {
            if (c.has(forward ? FORWARD : INVERSE)) {
                ShapeException e = assertThrows(ShapeException.class, () -> map(b, wrong, forward));
                String message = String.valueOf(e.getMessage());
                assertTrue(message.contains("[2," + (m.size() + 1) + "]"), message);
                assertThrows(ShapeException.class, () -> map(b, Tensors.scalarLike(wrong, 1), forward));
            }
        }
        HostArray odd = HostArray.zeros(DType.F64, Shape.of(2, m.flow().contextSize() + 1));
        assertThrows(ShapeException.class, () -> bound(m, odd));
        if (context != null) {
            assertThrows(ShapeException.class, () -> bound(m, null));
        }
    }

    @ParameterizedTest
    @MethodSource("table")
    void startsAtTheIdentity(FlowCase c) {
        assumeTrue(c.has(IDENTITY_START));
        Made m = made(c);
        HostArray v = m.values(5, 4);
        Bijection b = bound(m, m.first(), contexts(m, 4));
        for (boolean forward : new boolean[] {true, false}) {
            if (c.has(forward ? FORWARD : INVERSE)) {
                Mapped r = map(b, resident(v), forward);
                List<double[]> e = eval(r.value(), r.logDet());
                assertArrayEquals(v.toDoubles(), e.get(0), 1e-12 + c.roundTrip() * 1e-3);
                assertArrayEquals(new double[4], e.get(1), 1e-12 + c.logDet() * 1e-3);
            }
        }
    }

    /** Huge values of either sign give finite or infinite numbers and gradients, never NaN, in both float types. */
    @ParameterizedTest
    @MethodSource("table")
    void hugeValuesGiveNoNaN(FlowCase c) {
        assumeTrue(c.has(EXTREMES));
        for (DType t : new DType[] {DType.F64, DType.F32}) {
            Made m = t == DType.F64 ? made(c) : c.make(t);
            int d = m.size();
            double[] v = new double[4 * d];
            for (int i = 0; i < v.length; i++) {
                int row = i / d;
                v[i] = row == 0 ? 1e6 : row == 1 ? -1e6 : (i + row) % 2 == 0 ? 1e6 : 0.1;
            }
            HostArray values = HostArray.wrap(v, Shape.of(4, d)).cast(t);
            HostArray context = contexts(m, 4);
            Tensor x = resident(values);
            Tensor flat = resident(m.weights());
            FlowDistribution q = density(m, m.spec().weights(flat), context == null ? null : resident(context));
            List<Tensor> all = new ArrayList<>();
            if (c.has(INVERSE)) {
                Tensor log = q.logProb(x);
                all.add(log);
                all.addAll(Gradients.orZeros(log.sum(), List.of(x, flat)));
            }
            if (c.has(FORWARD)) {
                Mapped f = q.map().forwardAndLogDet(x);
                all.add(f.value());
                all.add(f.logDet());
                all.addAll(Gradients.orZeros(f.logDet().sum(), List.of(x, flat)));
            }
            for (double[] a : eval(all.toArray(Tensor[]::new))) {
                assertTrue(Arrays.stream(a).noneMatch(Double::isNaN), c + " in " + t + ": " + Arrays.toString(a));
            }
        }
    }

    /** A value with an infinite element has no density, one with a NaN is NaN; rows and gradients beside it are unmoved. */
    @ParameterizedTest
    @MethodSource("table")
    void infiniteValuesHaveNoDensity(FlowCase c) {
        assumeTrue(c.has(INVERSE));
        Made m = made(c);
        int d = m.size();
        double[] v = m.values(15, 5).toDoubles();
        double[] clean = Arrays.copyOfRange(v, 3 * d, 5 * d);
        v[d - 1] = Double.POSITIVE_INFINITY;
        v[d] = Double.NEGATIVE_INFINITY;
        v[2 * d + d / 2] = Double.NaN;
        HostArray context = contexts(m, 5);
        Tensor flat = resident(m.weights());
        Weights p = m.spec().weights(flat);
        Tensor x = resident(HostArray.wrap(v, Shape.of(5, d)));
        Tensor log = density(m, p, context == null ? null : resident(context)).logProb(x);
        List<Tensor> all = new ArrayList<>(List.of(log));
        all.addAll(Gradients.orZeros(log.slice(0, 3, 5).sum(), List.of(x, flat)));
        List<double[]> r = eval(all.toArray(Tensor[]::new));
        double none = Double.NEGATIVE_INFINITY;
        assertArrayEquals(new double[] {none, none, Double.NaN}, Arrays.copyOf(r.get(0), 3));
        assertArrayEquals(new double[3 * d], Arrays.copyOf(r.get(1), 3 * d));
        // a program of its own: an estimate of the log determinant draws for each row
        Tensor rest = density(m, p, context == null ? null : resident(context.rows(3, 5)))
                .logProb(resident(HostArray.wrap(clean, Shape.of(2, d))));
        List<Tensor> alone = new ArrayList<>(List.of(rest));
        alone.addAll(Gradients.orZeros(rest.sum(), List.of(flat)));
        List<double[]> e = eval(alone.toArray(Tensor[]::new));
        if (c.has(EXACT_LOG_DET)) {
            assertArrayEquals(e.get(0), Arrays.copyOfRange(r.get(0), 3, 5), 1e-12);
            double scale = Arrays.stream(e.get(1)).map(Math::abs).max().orElse(0);
            assertArrayEquals(e.get(1), r.get(2), 1e-11 * (1 + scale));
        }
        assertTrue(Arrays.stream(r.get(2)).allMatch(Double::isFinite), c.name());
    }

    /** Four values of each of three contexts, the context not repeated, are what each row is by itself. */
    @ParameterizedTest
    @MethodSource("table")
    void contextsBroadcastOverValues(FlowCase c) {
        Made m = made(c);
        assumeTrue(m.flow().contextSize() > 0);
        HostArray v = m.values(6, 4, 3);
        HostArray context = m.contexts(21, 3);
        double[] repeated = new double[4 * context.shape().size()];
        for (int i = 0; i < 4; i++) {
            System.arraycopy(
                    context.toDoubles(),
                    0,
                    repeated,
                    i * context.shape().size(),
                    context.shape().size());
        }
        int d = m.size();
        HostArray rows = v.reshape(Shape.of(12, d));
        HostArray rowContext = HostArray.wrap(repeated, Shape.of(12, m.flow().contextSize()));
        List<double[]> many = eval(both(m, context, v).toArray(Tensor[]::new));
        List<double[]> each = eval(both(m, rowContext, rows).toArray(Tensor[]::new));
        for (int k = 0; k < many.size(); k++) {
            assertArrayEquals(each.get(k), many.get(k), 1e-12);
        }
        // one value for all contexts
        List<Tensor> one =
                both(m, context, v.rows(0, 1).reshape(Shape.of(3, d)).rows(0, 1).reshape(Shape.of(d)));
        for (int i = 0; i < one.size(); i++) {
            assertEquals(i % 2 == 0 ? Shape.of(3, d) : Shape.of(3), one.get(i).shape());
        }
        if (c.has(INVERSE)) {
            FlowDistribution q = density(m, m.spec().weights(resident(m.weights())), resident(context));
            assertEquals(Shape.of(3), q.batchShape());
            assertEquals(Shape.of(4, 3), q.logProb(resident(v)).shape());
        }
    }

    @ParameterizedTest
    @MethodSource("table")
    void drawsComeWithTheirDensity(FlowCase c) {
        assumeTrue(c.has(FORWARD) && c.has(INVERSE) && c.has(EXACT_LOG_DET) && c.has(PLANE));
        Made m = made(c);
        HostArray context = contexts(m, 2);
        FlowDistribution q =
                density(m, m.spec().weights(resident(m.weights())), context == null ? null : resident(context));
        Drawn d = q.sampleAndLogProb(Key.of(8), 3);
        List<double[]> r = eval(d.logProb(), q.logProb(d.value()), d.value());
        assertArrayEquals(r.get(0), r.get(1), 100 * c.roundTrip());
        // a program of its own: two draws from one key in one program are an error
        assertArrayEquals(r.get(2), eval(q.rsample(Key.of(8), 3)).get(0), 1e-12 + c.roundTrip() * 1e-2);
    }

    @ParameterizedTest
    @MethodSource("table")
    void stopGradientDetachesWeightsButNotValues(FlowCase c) {
        Made m = made(c);
        HostArray context = contexts(m, 2);
        Tensor flat = resident(m.weights());
        Tensor ctx = context == null ? null : resident(context);
        Bijection b = m.flow().given(m.spec().weights(flat), ctx).stopGradient();
        Tensor x = resident(m.values(7, 2));
        Mapped r = map(b, x, c.has(FORWARD));
        Tensor loss = r.value().sum().add(r.logDet().sum());
        List<Tensor> wrt = ctx == null ? List.of(flat, x) : List.of(flat, x, ctx);
        List<Tensor> g = Gradients.orZeros(loss, wrt);
        List<double[]> e = eval(g.toArray(Tensor[]::new));
        assertArrayEquals(new double[m.spec().size()], e.get(0));
        assertFalse(Arrays.stream(e.get(1)).allMatch(v -> v == 0));
        if (ctx != null) {
            assertTrue(Arrays.stream(e.get(2)).allMatch(v -> v == 0));
        }
    }

    /** Flows of the plane: the density of each of a few contexts integrates to one. */
    @ParameterizedTest
    @MethodSource("table")
    void densityIntegratesToOne(FlowCase c) {
        Made m = made(c);
        assumeTrue(m.size() == 2 && c.has(INVERSE) && c.has(PLANE) && c.has(EXACT_LOG_DET));
        // x = sinh(t) on a grid of t: fine in the middle, and far out where tails are fat
        int side = 261;
        double half = 5;
        double h = 2 * half / (side - 1);
        double[] grid = new double[side * side * 2];
        double[] area = new double[side * side];
        for (int i = 0; i < side * side; i++) {
            int row = i / side;
            int column = i % side;
            double s = -half + h * row;
            double t = -half + h * column;
            grid[2 * i] = Math.sinh(s);
            grid[2 * i + 1] = Math.sinh(t);
            area[i] = h * h * Math.cosh(s) * Math.cosh(t);
        }
        int size = m.flow().contextSize();
        Tensor x = resident(HostArray.wrap(grid, Shape.of(side * side, 2)));
        Tensor in = Tensors.input("context", DType.F64, size);
        Tensor mass = density(m, m.spec().weights(resident(m.weights())), size == 0 ? null : in)
                .logProb(x)
                .exp()
                .mul(resident(HostArray.wrap(area, Shape.of(side * side))))
                .sum();
        Evaluator.Evaluation program = Evaluator.on(device()).prepare(List.of(mass));
        for (int k = 0; k < (size == 0 ? 1 : 20); k++) {
            Map<String, HostArray> feeds = size == 0
                    ? Map.of()
                    : Map.of("context", m.contexts(100 + k, 1).reshape(Shape.of(size)));
            // kinks of splines leave errors of h^2
            assertEquals(1, program.run(feeds).get(0).get(0), 1e-3, c + ", context " + k);
        }
    }

    @ParameterizedTest
    @MethodSource("table")
    void savedAndLoadedItIsTheSameDensity(FlowCase c, @TempDir Path dir) throws IOException {
        assumeTrue(c.has(INVERSE));
        Made m = made(c);
        Path file = dir.resolve("flow.safetensors");
        Params.ofFlat(m.spec(), m.weights()).save(file);
        Made again = c.make(DType.F64);
        Params loaded = Params.load(file, again.spec());
        HostArray v = m.values(9, 7);
        HostArray context = contexts(m, 7);
        Tensor ctx = context == null ? null : resident(context);
        double[] a = eval(density(m, m.spec().weights(resident(m.weights())), ctx)
                        .logProb(resident(v)))
                .get(0);
        double[] b =
                eval(density(again, loaded.frozen(), ctx).logProb(resident(v))).get(0);
        assertArrayEquals(a, b, 0.0);
    }
}
