package org.amortis.flow.ode;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** One step of an explicit Runge-Kutta method, as formulas. */
final class RungeKutta {
    private final Tableau tableau;
    private final Tensor h;
    private final List<Tensor> times = new ArrayList<>();
    private final List<List<Tensor>> points = new ArrayList<>();
    private final List<List<Tensor>> slopes = new ArrayList<>();

    /**
     * Evaluates the stages.
     *
     * @param t time of each row [rows..]
     * @param y state
     * @param h step of each row [rows..]
     * @param first slopes at the start if they are known
     * @param stages how many; fewer than all if the last is not needed
     */
    RungeKutta(
            Tableau tableau,
            OdeSystem f,
            Tensor t,
            List<Tensor> y,
            Tensor h,
            @Nullable List<Tensor> first,
            int stages) {
        this.tableau = tableau;
        this.h = h;
        for (int i = 0; i < stages; i++) {
            Tensor time = i == 0 ? t : t.add(h.mul(tableau.c(i)));
            List<Tensor> point = new ArrayList<>();
            for (int n = 0; n < y.size(); n++) {
                Tensor sum = null;
                for (int j = 0; j < i; j++) {
                    sum = plus(sum, slopes.get(j).get(n), tableau.a(i, j));
                }
                point.add(sum == null ? y.get(n) : y.get(n).add(sum.mul(h.expandDims(-1))));
            }
            times.add(time);
            points.add(point);
            slopes.add(i == 0 && first != null ? first : checked(f.slopes(time, point), y));
        }
    }

    private static @Nullable Tensor plus(@Nullable Tensor sum, Tensor k, double weight) {
        if (weight == 0) {
            return sum;
        }
        Tensor term = weight == 1 ? k : k.mul(weight);
        return sum == null ? term : sum.add(term);
    }

    static List<Tensor> checked(List<Tensor> slopes, List<Tensor> y) {
        if (slopes.size() != y.size()) {
            throw new ShapeException(
                    "ode(state=" + y.size() + "): " + slopes.size() + " slopes; there must be one for each tensor");
        }
        for (int i = 0; i < y.size(); i++) {
            if (!slopes.get(i).type().equals(y.get(i).type())) {
                throw new ShapeException("ode(y" + i + "=" + y.get(i).describe() + "): its slope is "
                        + slopes.get(i).describe() + "; both must be of one type");
            }
        }
        return List.copyOf(slopes);
    }

    /** Common leading axes of a state. */
    static Shape rows(List<Tensor> y, double from, double to) {
        if (y.isEmpty() || !Double.isFinite(from) || !Double.isFinite(to)) {
            throw new ShapeException("ode(state=" + y.size() + " tensors, from=" + from + ", to=" + to
                    + "): needs a state and finite times");
        }
        for (Tensor t : y) {
            Shape s = t.shape();
            if (!t.dtype().isFloat() || s.rank() == 0) {
                throw new ShapeException("ode(y=" + t.describe() + "): needs float tensors [rows.., n]");
            }
            Shape first = y.get(0).shape();
            if (t.dtype() != y.get(0).dtype() || !s.slice(0, s.rank() - 1).equals(first.slice(0, first.rank() - 1))) {
                throw new ShapeException("ode(y=" + y.get(0).describe() + ", " + t.describe()
                        + "): all parts of a state need the same rows and float type");
            }
        }
        Shape s = y.get(0).shape();
        return s.slice(0, s.rank() - 1);
    }

    /** State after the step. */
    List<Tensor> next(List<Tensor> y) {
        int last = slopes.size() - 1;
        if (tableau.lastIsFirst() && slopes.size() == tableau.stages()) {
            return points.get(last);
        }
        List<Tensor> r = new ArrayList<>();
        for (int n = 0; n < y.size(); n++) {
            Tensor sum = null;
            for (int i = 0; i < slopes.size(); i++) {
                sum = plus(sum, slopes.get(i).get(n), tableau.b(i));
            }
            r.add(sum == null ? y.get(n) : y.get(n).add(sum.mul(h.expandDims(-1))));
        }
        return r;
    }

    /** Slopes at the last stage. */
    List<Tensor> last() {
        return slopes.get(slopes.size() - 1);
    }

    /** Estimated errors of the state after the step. */
    List<Tensor> errors() {
        List<Tensor> r = new ArrayList<>();
        for (int n = 0; n < slopes.get(0).size(); n++) {
            Tensor sum = null;
            for (int i = 0; i < slopes.size(); i++) {
                sum = plus(sum, slopes.get(i).get(n), tableau.e(i));
            }
            r.add(java.util.Objects.requireNonNull(sum).mul(h.expandDims(-1)));
        }
        return r;
    }

    /** The integrals after the step; a row adds its size times the weights of the tableau. */
    List<Tensor> add(RowIntegrals integrals, List<Tensor> sums, Tensor size) {
        List<Tensor> r = new ArrayList<>(sums);
        for (int i = 0; i < slopes.size(); i++) {
            if (tableau.b(i) == 0) {
                continue;
            }
            List<Tensor> terms = integrals.weighted(times.get(i), points.get(i), size.mul(tableau.b(i)));
            for (int k = 0; k < r.size(); k++) {
                r.set(k, r.get(k).add(terms.get(k)));
            }
        }
        return r;
    }

    /** One number for all rows. */
    static Tensor everywhere(double value, Tensor like, Shape rows) {
        return Tensors.fill(value, like.dtype(), rows);
    }
}
