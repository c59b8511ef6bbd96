package org.amortis.langevin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.amortis.array.HostArray;
import org.amortis.array.PlanException;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.vi.Context;
import org.amortis.vi.Draw;
import org.amortis.vi.LatentModel;
import org.amortis.vi.LogWeights;
import org.amortis.vi.Variational;

/**
 * What an improvement of an approximate posterior brings, certified: the difference of two evidence lower bounds of one
 * datum, from draws that played no part in choosing the improvement.
 *
 * @param before bound of the first
 * @param after bound of the second
 * @param gain after - before, nats
 * @param standardError of the gain
 */
public record RefinementGain(double before, double after, double gain, double standardError) {
    /** Steps in units of the standard deviations of the base that are tried. */
    private static final double[] STEPS = {0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9};

    /**
     * What is certain but for one case in a thousand.
     *
     * @return gain less 3.1 standard errors
     */
    public double certified() {
        return gain - 3.1 * standardError;
    }

    /**
     * Compares two approximate posteriors on each datum.
     *
     * @param model model
     * @param params its parameters
     * @param data what is observed, arrays of N rows by their names in the context
     * @param first approximate posterior
     * @param second another
     * @param draws draws for each datum and posterior
     * @param key key
     * @param device where to run
     * @return a gain for each datum
     */
    public static List<RefinementGain> of(
            LatentModel model,
            Params params,
            Map<String, HostArray> data,
            Variational first,
            Variational second,
            int draws,
            Key key,
            Device device) {
        if (draws < 2) {
            throw new PlanException("refinementGain(draws=" + draws + "): at least two");
        }
        double[][] a = logWeights(model, params, data, first, draws, key.fold("first"), device);
        double[][] b = logWeights(model, params, data, second, draws, key.fold("second"), device);
        List<RefinementGain> out = new ArrayList<>();
        for (int i = 0; i < a.length; i++) {
            double before = LogWeights.mean(a[i]);
            double after = LogWeights.mean(b[i]);
            double error = Math.hypot(LogWeights.standardDeviation(a[i]), LogWeights.standardDeviation(b[i]))
                    / Math.sqrt(draws);
            out.add(new RefinementGain(before, after, after - before, error));
        }
        return out;
    }

    /**
     * The step size with the largest mean bound, on draws of its own; zero, which changes nothing, if none helps.
     *
     * @param model model
     * @param params its parameters
     * @param data what is observed, arrays of N rows by their names in the context
     * @param refined the improvement
     * @param draws draws for each datum and step size
     * @param key key
     * @param device where to run
     * @return the improvement with that step size
     */
    public static RefinedPosterior choose(
            LatentModel model,
            Params params,
            Map<String, HostArray> data,
            RefinedPosterior refined,
            int draws,
            Key key,
            Device device) {
        double best = Double.NEGATIVE_INFINITY;
        double chosen = 0;
        for (double step : STEPS) {
            double sum = 0;
            for (double[] w :
                    logWeights(model, params, data, refined.stepSize(step), draws, key.fold("choose"), device)) {
                sum += LogWeights.mean(w);
            }
            // what is not a number is not larger
            if (sum > best) {
                best = sum;
                chosen = step;
            }
        }
        return refined.stepSize(chosen);
    }

    /** log p(x, z) - log ratio of each draw, for each datum. */
    static double[][] logWeights(
            LatentModel model,
            Params params,
            Map<String, HostArray> data,
            Variational q,
            int draws,
            Key key,
            Device device) {
        Context context = Context.empty();
        int rows = 0;
        for (Map.Entry<String, HostArray> e : data.entrySet()) {
            HostArray v = e.getValue();
            context = context.with(
                    e.getKey(), Tensors.input(e.getKey(), v.dtype(), v.shape().toArray()));
            rows = v.shape().dim(0);
        }
        Draw d = q.draw(context, params.spec().weights(), key, draws);
        Tensor joint = model.joint(params.spec().weights()).given(context).logDensity(d.z());
        Program program = Program.of(joint.sub(d.logRatio()));
        Runner r = program.open(device, params.store());
        for (Map.Entry<String, HostArray> e : data.entrySet()) {
            // an answer may be the same to everything
            if (program.inputs().contains(e.getKey())) {
                r.feed(e.getKey(), e.getValue());
            }
        }
        r.run();
        double[] all = r.output(0).toDoubles();
        double[][] out = new double[rows][draws];
        for (int i = 0; i < draws; i++) {
            for (int j = 0; j < rows; j++) {
                out[j][i] = all[i * rows + j];
            }
        }
        return out;
    }
}
