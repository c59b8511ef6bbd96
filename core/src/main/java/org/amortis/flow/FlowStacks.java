package org.amortis.flow;

import java.util.List;
import org.amortis.array.PlanException;
import org.amortis.param.ParamScope;

/**
 * Whole flows with settings that are known to work for tabular data and for posteriors: mixing by LU matrices between
 * the layers, halves that change places, residual networks. One element has nothing to be coupled with, so its layers see
 * the context alone.
 */
public final class FlowStacks {
    private FlowStacks() {}

    /**
     * Affine couplings, each with a normalisation and an LU matrix beside it.
     *
     * @param at where the parameters go
     * @param size elements of a value
     * @param contextSize elements of the context, 0 for none
     * @param layers couplings, an even number so that every element is changed equally often
     * @param net network of each coupling
     * @return flow
     */
    public static Flow affineCoupling(ParamScope at, int size, int contextSize, int layers, Net net) {
        return stack(at, size, contextSize, layers, Transformer.affine(), net);
    }

    /**
     * Neural spline flow with rational-quadratic couplings (Durkan and others 2019): an LU matrix and a coupling for each
     * layer and one more matrix. Data go through the splines' own formula, draws through its inverse.
     *
     * @param at where the parameters go
     * @param size elements of a value
     * @param contextSize elements of the context, 0 for none
     * @param layers couplings
     * @param net network of each coupling
     * @param bins bins of each spline, 8 as a rule
     * @param bound half the interval of each spline: 3 to 5 for standardised data
     * @return flow
     */
    public static Flow rqNsf(ParamScope at, int size, int contextSize, int layers, Net net, int bins, double bound) {
        return stack(
                at, size, contextSize, layers, RationalQuadratic.of(bins, bound).scaledBy(net.width()), net);
    }

    /**
     * A flow of layers, each a normalisation, an LU matrix and a coupling, with a matrix at the
     * end; written from the data to the base, so that densities go through the transformer's own formula.
     *
     * @param at where the parameters go
     * @param size elements of a value
     * @param contextSize elements of the context, 0 for none
     * @param layers couplings
     * @param transformer what the changed elements of each coupling go through
     * @param net network of each coupling
     * @return flow
     */
    public static Flow stack(ParamScope at, int size, int contextSize, int layers, Transformer transformer, Net net) {
        if (layers < 1) {
            throw new PlanException("flow stack(layers=" + layers + "): needs a layer");
        }
        Flow[] parts = new Flow[3 * layers + 1];
        for (int i = 0; i < layers; i++) {
            ParamScope layer = at.at(i);
            parts[3 * i] = ActNorm.of(layer.at("norm"), size).inverted();
            parts[3 * i + 1] = LinearFlow.lu(layer.at("linear"), size);
            parts[3 * i + 2] = Coupling.of(layer.at("coupling"), Split.halves(size, i), contextSize, transformer, net);
        }
        parts[3 * layers] = LinearFlow.lu(at.at("linear"), size);
        return Flows.chain(parts).inverted();
    }

    /**
     * A flow by its name: "affine" (8 affine couplings), "nsf" (8 spline couplings of 8 bins on [-5, 5]), "nice" (8
     * shifts, the matrices carry the scales), "maf" and "spline-maf" (5 masked layers), "naf" (3 layers of 8 sigmoids), "iaf"
     * (4 gated steps); networks of two residual blocks 64 wide.
     *
     * @param name one of {@link #names}
     * @param at where the parameters go
     * @param size elements of a value
     * @param contextSize elements of the context, 0 for none
     * @return flow
     * @throws PlanException if there is none of that name
     */
    public static Flow named(String name, ParamScope at, int size, int contextSize) {
        return named(name, at, size, contextSize, Net.residual(64, 2));
    }

    /**
     * A flow by its name with other networks.
     *
     * @param name one of {@link #names}
     * @param at where the parameters go
     * @param size elements of a value
     * @param contextSize elements of the context, 0 for none
     * @param net network of each layer
     * @return flow
     * @throws PlanException if there is none of that name
     */
    public static Flow named(String name, ParamScope at, int size, int contextSize, Net net) {
        return switch (name) {
            case "affine" -> affineCoupling(at, size, contextSize, 8, net);
            case "nsf" -> rqNsf(at, size, contextSize, 8, net, 8, 5);
            case "nice" -> stack(at, size, contextSize, 8, Transformer.shift(), net);
            case "maf" -> AutoregressiveStacks.maf(at, size, contextSize, 5, net);
            case "spline-maf" -> AutoregressiveStacks.splineMaf(at, size, contextSize, 5, net, 8, 5);
            case "naf" -> AutoregressiveStacks.naf(at, size, contextSize, 3, net, 8);
            case "iaf" -> AutoregressiveStacks.iaf(at, size, contextSize, 4, net);
            default ->
                throw new PlanException("flow(name=" + name + "): unknown; there are " + String.join(", ", names()));
        };
    }

    /**
     * Names that {@link #named} knows.
     *
     * @return names
     */
    public static List<String> names() {
        return List.of("affine", "nsf", "nice", "maf", "spline-maf", "naf", "iaf");
    }
}
