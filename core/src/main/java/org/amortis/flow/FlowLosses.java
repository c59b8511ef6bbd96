package org.amortis.flow;

import org.amortis.array.PlanException;
import org.amortis.dist.Distribution;
import org.amortis.dist.LogDensity;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.train.Loss;

/** What a flow is trained by: data, or a density that can be evaluated but not drawn from. */
public final class FlowLosses {
    private FlowLosses() {}

    /**
     * Maximum likelihood. Metric: "logLikelihood", the mean in nats.
     *
     * @param q distribution of x
     * @param x data [.., batch, event]
     * @return minus the mean log density
     */
    public static Loss maximumLikelihood(Distribution q, Tensor x) {
        Tensor mean = q.logProb(x).mean();
        return Loss.maximise(mean).metric("logLikelihood", mean);
    }

    /**
     * KL(q, target) up to the logarithm of the target's normaliser, by draws of q. Gradients go along the paths of the
     * draws only (Roeder, Wu and Duvenaud 2017): the density of q at the draws sees fixed weights, so that the gradient
     * has no noise where q is the target. Draws find one mode and stay there. Costs an inverse pass beside the forward
     * one. Metric: "divergence", the value.
     *
     * @param q distribution with draws that are differentiable
     * @param target log density, of values of q
     * @param key key of the draws
     * @param draws draws of each member of q's batch, at least 1
     * @return the mean of log q - log target
     * @throws PlanException if q's draws are not differentiable, or there are none
     */
    public static Loss reverseKl(Distribution q, LogDensity target, Key key, int draws) {
        check("reverseKl", draws, 1);
        if (!q.reparameterized()) {
            throw new PlanException("reverseKl(" + q + "): its draws are not differentiable; use forwardKl");
        }
        Tensor x = q.rsample(key, draws);
        Tensor value = q.stopGradient().logProb(x).sub(target.logDensity(x)).mean();
        return Loss.minimise(value).metric("divergence", value);
    }

    /**
     * KL(target, q) up to a constant, by draws of q with self-normalised importance weights: covers all modes that draws
     * reach. Its bias falls with the number of draws that count. Metric: "effective", the share of draws that count,
     * 1 / sum w^2 over their number; below a few per cent the gradient is noise.
     *
     * @param q distribution; draws need not be differentiable
     * @param target log density, of values of q
     * @param key key of the draws
     * @param draws draws of each member of q's batch, at least 2
     * @return the weighted mean of minus log q
     * @throws PlanException if there are too few draws
     */
    public static Loss forwardKl(Distribution q, LogDensity target, Key key, int draws) {
        check("forwardKl", draws, 2);
        Tensor x = q.sample(key, draws).stopGradient();
        Tensor log = q.logProb(x);
        Tensor w = target.logDensity(x).sub(log).stopGradient().softmax(0);
        Tensor effective = w.square().sum(0).mul(draws).rdiv(1);
        return Loss.maximise(w.mul(log).sum(0).mean()).metric("effective", effective.mean());
    }

    private static void check(String name, int draws, int least) {
        if (draws < least) {
            throw new PlanException(name + "(draws=" + draws + "): at least " + least);
        }
    }
}
