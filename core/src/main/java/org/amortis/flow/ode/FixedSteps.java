package org.amortis.flow.ode;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.tensor.Scan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** Equal steps, the same for all rows. Its cost is known and its gradient cheap: the default where gradients are wanted. */
public final class FixedSteps implements OdeSolver {
    private final Tableau tableau;
    private final int steps;
    private final int every;

    private FixedSteps(Tableau tableau, int steps, int every) {
        if (steps < 1 || every < 0) {
            throw new PlanException("fixedSteps(" + tableau + ", steps=" + steps + ", checkpointEvery=" + every
                    + "): needs at least one step and checkpoints at least one step apart");
        }
        this.tableau = tableau;
        this.steps = steps;
        this.every = every;
    }

    /**
     * So many steps.
     *
     * @param tableau method
     * @param steps steps, at least 1
     * @return the solver
     * @throws PlanException if there is no step
     */
    public static FixedSteps of(Tableau tableau, int steps) {
        return new FixedSteps(tableau, steps, 0);
    }

    /**
     * So many steps of the classical method.
     *
     * @param steps steps, at least 1
     * @return the solver
     * @throws PlanException if there is no step
     */
    public static FixedSteps rk4(int steps) {
        return of(Tableau.RK4, steps);
    }

    /**
     * The same solver that stores every k-th state for the gradient and computes the others again. By default it stores
     * all of them as far as they fit into {@link Scan#STORE_LIMIT}.
     *
     * @param k steps between stored states
     * @return new solver
     * @throws PlanException if k is not positive
     */
    public FixedSteps checkpointEvery(int k) {
        if (k < 1) {
            throw new PlanException("fixedSteps.checkpointEvery(k=" + k + "): needs at least 1");
        }
        return new FixedSteps(tableau, steps, k);
    }

    @Override
    public OdeSolution solve(OdeSystem f, List<Tensor> y, double from, double to, @Nullable RowIntegrals integrals) {
        Shape rows = RungeKutta.rows(y, from, to);
        DType type = y.get(0).dtype();
        double size = (to - from) / steps;
        int stages = tableau.lastIsFirst() ? tableau.stages() - 1 : tableau.stages();
        Scan loop = Scan.of(steps).carry(y);
        if (integrals != null) {
            loop.carry(integrals.zeros());
        }
        if (every > 0) {
            loop.checkpointEvery(every);
        } else {
            loop.checkpointAuto();
        }
        Scan.Result r = loop.body((i, carry, x) -> {
            List<Tensor> now = carry.subList(0, y.size());
            Tensor t = i.cast(type).mul(size).add(from).broadcastTo(rows);
            Tensor h = RungeKutta.everywhere(size, now.get(0), rows);
            RungeKutta step = new RungeKutta(tableau, f, t, now, h, null, stages);
            List<Tensor> next = new ArrayList<>(step.next(now));
            if (integrals != null) {
                next.addAll(step.add(integrals, carry.subList(y.size(), carry.size()), h));
            }
            return Scan.Step.of(next);
        });
        return new OdeSolution(
                r.finals().subList(0, y.size()),
                r.finals().subList(y.size(), r.finals().size()),
                Tensors.ones(DType.BOOL, rows),
                Tensors.fill(steps * stages, DType.I32, rows),
                Tensors.fill(steps, DType.I32, rows),
                Tensors.zeros(DType.I32, rows));
    }

    @Override
    public String toString() {
        return steps + " steps of " + tableau;
    }
}
