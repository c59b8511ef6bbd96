package org.amortis.flow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * Pairs (u, x(u)) of a trained flow, to train the velocity again on (Liu et al. 2022). Ways of the new flow are straighter,
 * at the same distribution of x; {@link ContinuousMap#straightness} measures by how much.
 */
public final class Rectification {
    private Rectification() {}

    /**
     * Draws pairs.
     *
     * @param device where to run
     * @param flow flow with the solver that makes the pairs
     * @param params trained parameters
     * @param base density of u
     * @param context a context for each pair [rows, C]; null if the flow takes none
     * @param key key of the draws
     * @param rows number of pairs
     * @param chunk pairs made at once; does not change the pairs but through their draws
     * @return "x0" and "x" [rows, D], and "context" if there is one, as {@link FlowMatching#objective} reads them
     * @throws ShapeException if there are no rows or the context does not have as many
     */
    public static Map<String, HostArray> pairs(
            Device device,
            ContinuousFlow flow,
            Params params,
            Base base,
            @Nullable HostArray context,
            Key key,
            int rows,
            int chunk) {
        int size = Math.min(rows, chunk);
        if (size < 1
                || context != null
                        && (context.shape().rank() != 2 || context.shape().dim(0) != rows)
                || context != null && context.dtype() != params.spec().dtype()) {
            throw new ShapeException("rectification.pairs(rows=" + rows + ", chunk=" + chunk + ", context="
                    + (context == null ? "none" : context.dtype() + " " + context.shape())
                    + "): needs rows, and a context of the parameters' type for each");
        }
        DType type = params.spec().dtype();
        int d = flow.velocity().size();
        Tensor number = Tensors.input("chunk", DType.I32);
        Tensor c = context == null ? null : Tensors.input("context", type, size, flow.contextSize());
        Weights p = params.frozen();
        Tensor u = base.given(p, Shape.of(size)).sample(key.fold(number));
        Tensor x = flow.given(p, c).forward(u);
        // rows that did not arrive are NaN, which the guard refuses
        Runner runner = Program.builder().outputs(u, x).guards(x.sum()).build().open(device);
        HostArray from = HostArray.zeros(type, Shape.of(rows, d));
        HostArray to = HostArray.zeros(type, Shape.of(rows, d));
        HostArray some = c == null ? null : HostArray.zeros(type, c.shape());
        for (int at = 0; at < rows; at += size) {
            runner.feed("chunk", HostArray.wrap(new int[] {at / size}, Shape.SCALAR));
            if (some != null && context != null) {
                copy(context, at, some, 0);
                runner.feed("context", some);
            }
            runner.run();
            copy(runner.output(0), 0, from, at);
            copy(runner.output(1), 0, to, at);
        }
        Map<String, HostArray> pairs = new LinkedHashMap<>();
        pairs.put("x0", from);
        pairs.put("x", to);
        if (context != null) {
            pairs.put("context", context);
        }
        return pairs;
    }

    /** Copies as many rows as there are in both. */
    private static void copy(HostArray source, int at, HostArray target, int to) {
        int width = source.shape().dim(1);
        int rows = Math.min(source.shape().dim(0) - at, target.shape().dim(0) - to);
        Object read = source.dtype() == DType.F32 ? source.floats() : source.doubles();
        Object written = target.dtype() == DType.F32 ? target.floats() : target.doubles();
        System.arraycopy(read, at * width, written, to * width, rows * width);
    }
}
