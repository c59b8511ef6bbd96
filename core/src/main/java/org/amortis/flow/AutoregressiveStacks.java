package org.amortis.flow;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.PlanException;
import org.amortis.param.ParamScope;

/** Whole autoregressive flows with settings that are known to work. */
public final class AutoregressiveStacks {
    private AutoregressiveStacks() {}

    /**
     * Masked autoregressive flow with affine maps: densities in one pass.
     *
     * @param at where the parameters go
     * @param size elements of a value
     * @param contextSize elements of the context, 0 for none
     * @param layers how many
     * @param net network of each layer
     * @return flow
     */
    public static Flow maf(ParamScope at, int size, int contextSize, int layers, Net net) {
        return masked(at, size, contextSize, layers, Transformer.affine(), net);
    }

    /**
     * Masked autoregressive flow with rational-quadratic splines, the strongest density estimator here for its size.
     *
     * @param at where the parameters go
     * @param size elements of a value
     * @param contextSize elements of the context, 0 for none
     * @param layers how many
     * @param net network of each layer
     * @param bins bins of each spline, 8 as a rule
     * @param bound half the interval of each spline: 3 to 5 for standardised data
     * @return flow
     */
    public static Flow splineMaf(
            ParamScope at, int size, int contextSize, int layers, Net net, int bins, double bound) {
        Transformer spline = RationalQuadratic.of(bins, bound).scaledBy(net.width());
        return masked(at, size, contextSize, layers, new InverseTransformer(spline), net);
    }

    /**
     * Neural autoregressive flow: sums of sigmoids. Draws solve an equation for each element.
     *
     * @param at where the parameters go
     * @param size elements of a value
     * @param contextSize elements of the context, 0 for none
     * @param layers how many
     * @param net network of each layer
     * @param units sigmoids of each element
     * @return flow
     */
    public static Flow naf(ParamScope at, int size, int contextSize, int layers, Net net, int units) {
        return masked(at, size, contextSize, layers, new SigmoidTransformer(units), net);
    }

    /**
     * Layers of a normalisation, an LU matrix and an autoregressive map, with a matrix at the end; one pass from the data
     * to the base. The matrices change the order of elements, and mix them: with residual networks they are worth more than
     * most changes of the map.
     *
     * @param at where the parameters go
     * @param size elements of a value
     * @param contextSize elements of the context, 0 for none
     * @param layers how many, at least 1
     * @param transformer map of each element
     * @param net network of each layer
     * @return flow
     */
    public static Flow masked(ParamScope at, int size, int contextSize, int layers, Transformer transformer, Net net) {
        checkLayers(layers);
        List<Flow> parts = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            ParamScope layer = at.at(i);
            parts.add(ActNorm.of(layer.at("norm"), size).inverted());
            parts.add(LinearFlow.lu(layer.at("linear"), size));
            if (i % 2 != 0) {
                parts.add(Flows.of(Permutation.reverse(size)));
            }
            parts.add(Autoregressive.of(layer.at("masked"), size, contextSize, transformer, net)
                    .inverted());
            if (i % 2 != 0) {
                parts.add(Flows.of(Permutation.reverse(size)));
            }
        }
        parts.add(LinearFlow.lu(at.at("linear"), size));
        return Flows.chain(parts.toArray(Flow[]::new)).inverted();
    }

    /**
     * Inverse autoregressive flow for posteriors (Kingma and others 2016): gated steps with the order reversed between
     * them, one pass for a draw and its density. The context is what an encoder gives beside mean and scale.
     *
     * @param at where the parameters go
     * @param size elements of a value
     * @param contextSize elements of the context, 0 for none
     * @param steps how many, at least 1
     * @param net network of each step
     * @return flow
     */
    public static Flow iaf(ParamScope at, int size, int contextSize, int steps, Net net) {
        checkLayers(steps);
        List<Flow> parts = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            if (i > 0) {
                parts.add(Flows.of(Permutation.reverse(size)));
            }
            parts.add(Autoregressive.of(at.at(i), size, contextSize, new GatedTransformer(1.5), net)
                    .inverted());
        }
        return Flows.chain(parts.toArray(Flow[]::new));
    }

    private static void checkLayers(int layers) {
        if (layers < 1) {
            throw new PlanException("flow stack(layers=" + layers + "): needs a layer");
        }
    }
}
