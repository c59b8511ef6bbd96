package org.amortis.langevin;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.HostArray;
import org.amortis.array.NonFiniteException;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** Runs lost paths once more, with everything put out, and says at which kernel which quantity went wrong first. */
final class PathDiagnosis {
    private final LearnedPath path;
    private final LogDensity target;
    private final Params params;
    private final Device device;

    PathDiagnosis(LearnedPath path, LogDensity target, Params params, Device device) {
        this.path = path;
        this.target = target;
        this.params = params;
        this.device = device;
    }

    /**
     * The exception for paths of a key.
     *
     * @param what which paths, for the message
     * @param exact what they started from when run backwards; null for paths from q0
     * @param n number of paths in the block
     * @param row the path to look at; -1 for the first that is lost
     * @param key key of the block
     */
    NonFiniteException explain(String what, @Nullable HostArray exact, int n, int row, Key key) {
        if (exact != null) {
            return new NonFiniteException("langevin(" + path + ", " + what + "): log w is not finite");
        }
        PathSample s = path.sample(params.spec().weights(), null, target, Shape.of(n), Noise.of(key, path.dtype()));
        int k = path.steps();
        Tensor all =
                k == 0 ? s.start().expandDims(0) : Tensors.concat(0, s.start().expandDims(0), s.points());
        List<Tensor> out = new ArrayList<>(List.of(all, s.increments(), target.logDensity(s.x()), s.logRatio()));
        Tensor flat = all.reshape((k + 1) * n, path.size());
        out.add(target.logDensity(flat).reshape(k + 1, n));
        out.add(new Scores(target, path.values(params.spec().weights(), null).first(), Double.POSITIVE_INFINITY)
                .target(flat)
                .reshape(all.shape()));
        StateStore store = new StateStore();
        store.set(params.spec().flat(), params.flat());
        Runner r = Program.of(out.toArray(Tensor[]::new)).open(device, store);
        r.run();
        double[][] v = new double[out.size()][];
        for (int i = 0; i < v.length; i++) {
            v[i] = r.output(i).toDoubles();
        }
        for (int i = 0; i <= k; i++) {
            for (int j = Math.max(0, row); j < (row < 0 ? n : row + 1); j++) {
                String found = at(v, i, j, n, k);
                if (found != null) {
                    return new NonFiniteException("langevin(" + path + ", " + what + "): " + found
                            + "; take a smaller first step, limit the score (scoreLimit), or look at the target there");
                }
            }
        }
        return new NonFiniteException(
                "langevin(" + path + ", " + what + "): all states and weights are finite, a gradient is not");
    }

    private @Nullable String at(double[][] v, int i, int j, int n, int k) {
        int d = path.size();
        String where = (i == 0 ? "at the start" : "after kernel " + (i - 1)) + ", path " + j + ": ";
        for (int c = 0; c < d; c++) {
            double x = v[0][(i * n + j) * d + c];
            if (!Double.isFinite(x)) {
                return where + "x[" + c + "] is " + x;
            }
        }
        double g = v[4][i * n + j];
        if (Double.isNaN(g) || g == Double.POSITIVE_INFINITY) {
            return where + "log density of the target is " + g;
        }
        for (int c = 0; c < d && k > 0; c++) {
            double a = v[5][(i * n + j) * d + c];
            if (!Double.isFinite(a)) {
                return where + "score[" + c + "] of the target is " + a;
            }
        }
        if (i > 0 && !Double.isFinite(v[1][(i - 1) * n + j])) {
            return where + "log B - log F is " + v[1][(i - 1) * n + j];
        }
        if (i == k && !Double.isFinite(v[2][j])) {
            return where + "log density of the target is " + v[2][j];
        }
        return i == k && !Double.isFinite(v[3][j]) ? where + "log ratio is " + v[3][j] : null;
    }
}
