package org.amortis.flow;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.param.ParamScope;
import org.amortis.param.ParamSpec;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;

/**
 * A flow of vectors that goes through all tests of {@link FlowsTest}. A family has a file of its own with its cases;
 * {@link #all} joins them.
 *
 * @param name what messages call it
 * @param make declares the flow
 * @param lacks what it does not have or do
 * @param roundTrip largest error of a value mapped there and back; 1e-9 where both directions are closed forms
 * @param logDet largest error of the log determinant against the Jacobian by differentiation; differences add 1e-6
 * @param spread standard deviation of what is added to the first weights
 * @param domain half the width of the cube that test values are drawn from
 */
record FlowCase(
        String name,
        Function<ParamScope, Flow> make,
        Set<Lack> lacks,
        double roundTrip,
        double logDet,
        double spread,
        double domain) {

    /** What a flow need not have; every one of these takes tests away. */
    enum Lack {
        /** No forward direction. */
        FORWARD,
        /** No inverse direction, so no density of given values. */
        INVERSE,
        /** Not the identity with its first weights. */
        IDENTITY_START,
        /** Values of 1e6 may overflow. */
        EXTREMES,
        /** Its log determinant is an estimate. */
        EXACT_LOG_DET,
        /** Gradients of log densities are not compared with differences. */
        GRADIENT,
        /** Lives on a bounded cube (of {@code domain}): the density is not integrated over the plane. */
        PLANE
    }

    static FlowCase of(String name, Function<ParamScope, Flow> make) {
        return new FlowCase(name, make, EnumSet.noneOf(Lack.class), 1e-9, 1e-9, 0.3, 2.5);
    }

    FlowCase without(Lack... more) {
        Set<Lack> all = EnumSet.noneOf(Lack.class);
        all.addAll(lacks);
        all.addAll(List.of(more));
        return new FlowCase(name, make, all, roundTrip, logDet, spread, domain);
    }

    FlowCase tolerances(double there, double determinant) {
        return new FlowCase(name, make, lacks, there, determinant, spread, domain);
    }

    FlowCase spread(double sd) {
        return new FlowCase(name, make, lacks, roundTrip, logDet, sd, domain);
    }

    FlowCase domain(double half) {
        return new FlowCase(name, make, lacks, roundTrip, logDet, spread, half);
    }

    boolean has(Lack what) {
        return !lacks.contains(what);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Every flow of every family. */
    static List<FlowCase> all() {
        List<FlowCase> all = new ArrayList<>();
        all.addAll(CouplingFlowCases.all());
        all.addAll(AutoregressiveFlowCases.all());
        all.addAll(ResidualFlowCases.all());
        all.addAll(ImageFlowCases.all());
        all.addAll(ContinuousFlowCases.all());
        return all;
    }

    /** A flow with numbers. */
    record Made(FlowCase what, ParamSpec spec, Flow flow, HostArray first, HostArray weights) {
        int size() {
            return flow.inputShape().dim(0);
        }

        /** Test values [n.., D] in the case's cube. */
        HostArray values(int seed, int... lead) {
            Shape s = Shape.of(lead).concat(flow.inputShape());
            return Run.eval(Random.uniform(Key.of(seed), spec.dtype(), s)
                    .mul(2 * what.domain)
                    .sub(what.domain));
        }

        /** Contexts [n.., C]. */
        HostArray contexts(int seed, int... lead) {
            Shape s = Shape.of(lead).concat(Shape.of(flow.contextSize()));
            return Run.eval(Random.normal(Key.of(seed), spec.dtype(), s));
        }
    }

    Made make(DType dtype) {
        ParamSpec spec = new ParamSpec(dtype);
        Flow flow = make.apply(spec.at("flow"));
        HostArray first = Run.eval(spec.initialValue(Key.of(11)));
        HostArray moved = Run.eval(spec.initialValue(Key.of(11))
                .add(Random.normal(Key.of(12), dtype, Shape.of(spec.size())).mul(spread)));
        return new Made(this, spec, flow, first, moved);
    }
}
