package org.amortis.langevin;

import static org.amortis.optim.Transforms.adam;

import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.optim.Schedule;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.train.Batches;
import org.amortis.train.Loss;
import org.amortis.train.Trainer;
import org.amortis.vi.Bound;
import org.amortis.vi.Context;
import org.amortis.vi.LatentModel;
import org.amortis.vi.LogWeights;
import org.amortis.vi.Variational;

/**
 * What one task loses because its posterior came from a network for all tasks: the bound after all of the posterior's
 * parameters were trained on this task alone, against the bound before. The bound belongs to each task, so the gap does
 * too.
 *
 * @param fineTuning bounds before and after, and the gap
 * @param logZ estimate of log p(x) from the fine-tuned paths
 */
public record AmortizationGap(RefinementGain fineTuning, double logZ) {
    /** Adam steps of the fine-tuning, as published. */
    public static final int STEPS = 200;

    private static final int PATHS = 16;

    /**
     * What is left between the amortized bound and the evidence.
     *
     * @return log Z estimate less the bound before
     */
    public double total() {
        return logZ - fineTuning.before();
    }

    /**
     * Of one task.
     *
     * @param model model
     * @param q approximate posterior
     * @param params parameters of both, not changed
     * @param fixed paths of parameters that are the model's and stay; none if it has no parameters
     * @param task what is observed, arrays of one row by their names in the context
     * @param rate learning rate of the fine-tuning
     * @param draws draws of each evaluation
     * @param key key
     * @param device where to run
     * @return the gap
     */
    public static AmortizationGap of(
            LatentModel model,
            Variational q,
            Params params,
            String[] fixed,
            Map<String, HostArray> task,
            double rate,
            int draws,
            Key key,
            Device device) {
        task.forEach((name, v) -> {
            if (v.shape().rank() == 0 || v.shape().dim(0) != 1) {
                throw new PlanException(
                        "amortizationGap(" + name + "=" + v.dtype() + v.shape() + "): one task is one row");
            }
        });
        double[] before = RefinementGain.logWeights(model, params, task, q, draws, key.fold("before"), device)[0];
        Params tuned = params.copy();
        try (Trainer t = Trainer.on(device)
                .params(tuned, key.fold("tune"))
                .objective(s -> {
                    Context c = Context.empty();
                    for (String name : s.names()) {
                        c = c.with(name, s.in(name));
                    }
                    Weights w = s.params();
                    for (String prefix : fixed) {
                        w = w.stopGradient(prefix);
                    }
                    return Loss.minimise(Bound.elboSampled(PATHS)
                            .of(model, q, c, w, s.key().fold("paths"))
                            .loss());
                })
                .batches(Batches.full(task))
                .optimizer(adam(Schedule.cosine(rate, rate / 100, STEPS)))
                .build()) {
            t.run(STEPS);
        }
        double[] after = RefinementGain.logWeights(model, tuned, task, q, draws, key.fold("after"), device)[0];
        double a = LogWeights.mean(before);
        double b = LogWeights.mean(after);
        double error = Math.hypot(LogWeights.standardDeviation(before), LogWeights.standardDeviation(after))
                / Math.sqrt(draws);
        return new AmortizationGap(new RefinementGain(a, b, b - a, error), LogWeights.logMeanExp(after));
    }
}
