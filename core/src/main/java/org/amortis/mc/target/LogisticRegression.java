package org.amortis.mc.target;

import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.mc.Target;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;

/**
 * Posteriors of logistic regression. The sign of a label goes into its row of the design, so that the likelihood of a row
 * is -softplus of one product: nothing cancels, and value, gradient and its gradient are one product each with an
 * elementwise group behind it.
 */
public final class LogisticRegression {
    private LogisticRegression() {}

    /**
     * With independent normal priors of the weights.
     *
     * @param name name
     * @param design X, F64 [n, d]
     * @param labels n numbers, 0 or 1
     * @param priorStd standard deviation of the weights; positive infinity for none, and then nothing is added for it
     * @return the target: sum of log p(y | X w) + log N(w; 0, priorStd^2)
     */
    public static Target of(String name, HostArray design, double[] labels, double priorStd) {
        if (design.shape().rank() != 2
                || design.shape().dim(0) != labels.length
                || design.shape().size() == 0) {
            throw new ShapeException("logisticRegression(design=" + design.shape() + ", labels=" + labels.length
                    + "): needs [n, d] and n labels");
        }
        if (!(priorStd > 0)) {
            throw new PlanException("logisticRegression(priorStd=" + priorStd + "): not positive");
        }
        int n = labels.length;
        int d = design.shape().dim(1);
        double[] x = design.toDoubles();
        double[] away = new double[n * d];
        for (int i = 0; i < n; i++) {
            if (labels[i] != 0 && labels[i] != 1) {
                throw new PlanException("logisticRegression(labels): label " + i + " is " + labels[i] + ", not 0 or 1");
            }
            for (int j = 0; j < d; j++) {
                away[i * d + j] = labels[i] == 1 ? -x[i * d + j] : x[i * d + j];
            }
        }
        HostData a = HostData.of(Shape.of(n, d), away);
        boolean prior = priorStd < Double.POSITIVE_INFINITY;
        double precision = prior ? 1 / (priorStd * priorStd) : 0;
        double constant = prior ? d * (Math.log(priorStd) + Gaussian.LOG_2PI / 2) : 0;
        return Target.of(name, d, z -> {
            // one product, whatever the leading axes
            Tensor rows = z.shape().rank() == 2 ? z : z.reshape(-1, d);
            Tensor fit = Tensors.matmul(rows, a.like(z), false, true)
                    .softplus()
                    .sum(-1)
                    .neg();
            Tensor log =
                    prior ? fit.sub(rows.square().sum(-1).mul(precision / 2)).sub(constant) : fit;
            return log.reshape(z.shape().drop(-1));
        });
    }
}
