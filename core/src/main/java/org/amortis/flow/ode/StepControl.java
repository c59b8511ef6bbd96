package org.amortis.flow.ode;

import org.amortis.array.PlanException;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * How the next step size follows from errors relative to the tolerance: safety times error^-(1/q - 0.75 beta) times the
 * error before^beta, q the order of the estimate plus one, within limits (Hairer, Norsett and Wanner, Solving Ordinary
 * Differential Equations I, II.4 and IV.2). Steps with an error of at most 1 are accepted; after a rejected one no step
 * grows.
 *
 * @param safety factor below 1
 * @param least smallest change of the step size
 * @param most largest change
 * @param beta weight of the error before; 0 for the plain controller
 */
public record StepControl(double safety, double least, double most, double beta) {
    /** Errors are kept above this: a step without error grows by the largest factor. */
    private static final double FLOOR = 1e-10;

    /** Checks the numbers. */
    public StepControl {
        if (!(safety > 0 && safety < 1 && least > 0 && least < 1 && most > 1 && beta >= 0 && beta < 0.2)) {
            throw new PlanException("stepControl(safety=" + safety + ", least=" + least + ", most=" + most + ", beta="
                    + beta + "): needs 0 < safety, least < 1 < most and 0 <= beta < 0.2");
        }
    }

    /**
     * Safety 0.9, changes between a fifth and ten times, beta 0.04.
     *
     * @return the usual control
     */
    public static StepControl usual() {
        return new StepControl(0.9, 0.2, 10, 0.04);
    }

    /** Factor of the step size of each row. */
    Tensor factor(Tensor error, Tensor before, Tensor accepted, int errorOrder) {
        double q = 1.0 / (errorOrder + 1);
        Tensor log = error.maximum(FLOOR).log();
        Tensor now = log.mul(-(q - 0.75 * beta));
        Tensor free = now.add(before.log().mul(beta)).exp().mul(safety).clamp(least, most);
        Tensor after = log.mul(-q).exp().mul(safety).clamp(least, 1);
        return Tensors.where(accepted, free, after);
    }

    /** What the next step is given as the error before. */
    static Tensor memory(Tensor error) {
        return error.maximum(1e-4);
    }
}
