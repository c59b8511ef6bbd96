package org.amortis.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.LogDensity;
import org.amortis.langevin.Control;
import org.amortis.langevin.ControlInput;
import org.amortis.langevin.DiagonalInitial;
import org.amortis.langevin.Integrator;
import org.amortis.langevin.Method;
import org.amortis.langevin.Noise;
import org.amortis.langevin.Path;
import org.amortis.langevin.PathSample;
import org.amortis.langevin.PathValues;
import org.amortis.param.ParamSpec;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Run;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Langevin paths of given noise on every backend and in both types, against log weights known to twelve digits. */
final class LangevinVectorsTest {
    private static Tensor numbers(DType type, Shape shape, double... v) {
        return Tensors.constant(HostArray.wrap(v, shape).cast(type));
    }

    /** log g = -(x - c)' P (x - c) / 2 with c = (1, -1) and P = [[2, .5], [.5, 1]]. */
    private static final LogDensity TARGET = x -> {
        Tensor e = x.sub(numbers(x.dtype(), Shape.of(2), 1, -1));
        Tensor a = e.slice(-1, 0, 1);
        Tensor b = e.slice(-1, 1, 2);
        return a.square().mul(2).add(a.mul(b)).add(b.square()).sum(-1).mul(-.5);
    };

    private record Given(DType type) implements Noise {
        @Override
        public Tensor start(Shape shape) {
            return numbers(type, shape, .5, -1);
        }

        @Override
        public Tensor momentum(Shape shape) {
            return numbers(type, shape, .2, .4);
        }

        @Override
        public Tensor step(Tensor k, int draw, Shape shape) {
            Shape all = shape.insert(0, 2);
            Tensor t = draw == 0 ? numbers(type, all, -.7, .3, 1.1, -.6) : numbers(type, all, .4, -.9, -.2, .8);
            return t.gather(0, k);
        }
    }

    /** .1 (k + 1) (x_2, -x_1) without, .1 (k + 1) (x + v/2) with momentum. */
    private record Net() implements Control {
        @Override
        public Tensor times(Weights p, int steps) {
            return Tensors.iota(Shape.of(steps + 1, 1), 0)
                    .add(1)
                    .cast(p.dtype())
                    .mul(.1);
        }

        @Override
        public Tensor apply(Weights p, ControlInput in) {
            Tensor x = in.x();
            Tensor y = in.hasMomentum()
                    ? x.add(in.v().mul(.5))
                    : Tensors.concat(-1, x.slice(-1, 1, 2), x.slice(-1, 0, 1).neg());
            return y.mul(in.time());
        }
    }

    /** Kernels and their log weights. */
    enum Kernel {
        ULA(Method.ULA.path(2), 2.076203913465),
        MCD(Method.MCD.path(2, new Net()), 2.139936512251),
        CMCD(Method.CMCD.path(2, new Net()), 2.009893733409),
        UHA(Method.UHA.path(2), 2.176286916378),
        UHA_OU(Method.UHA_EXACT.path(2), 2.174478545914),
        LDVI(Method.LDVI.path(2, new Net()), 1.972817216379),
        CMCD_UD(Method.CMCD_UD.path(2, new Net()), 2.277143743511),
        OBABO(Method.LDVI.path(2, new Net()).integrator(Integrator.OBABO), 2.067408501364);

        private final Path path;
        private final double logWeight;

        Kernel(Path path, double logWeight) {
            this.path = path;
            this.logWeight = logWeight;
        }
    }

    @ParameterizedTest
    @EnumSource
    void logWeights(Kernel kernel) {
        for (DType type : new DType[] {DType.F32, DType.F64}) {
            List<Tensor> out = new ArrayList<>();
            // written out, and as a loop
            for (int unrolled : new int[] {0, 2}) {
                PathValues v = new PathValues(
                        new DiagonalInitial(
                                numbers(type, Shape.of(2), .3, -.2),
                                numbers(type, Shape.of(2), .8, 1.2).log()),
                        numbers(type, Shape.of(2, 1), .25, .7),
                        numbers(type, Shape.of(2, 1), .1, .1),
                        numbers(type, Shape.of(1), 1.5),
                        null);
                PathSample s = kernel.path
                        .unrolled(unrolled)
                        .sample(v, TARGET, new ParamSpec(type).weights(), null, Shape.of(1), 2, new Given(type));
                out.add(TARGET.logDensity(s.x()).sub(s.logRatio()));
            }
            for (Device.Builder b : List.of(Device.builder().backend("scalar"), Device.builder())) {
                try (Device device = b.threads(1).build()) {
                    for (HostArray w : Run.eval(device, out)) {
                        assertEquals(
                                kernel.logWeight, w.get(0), type == DType.F32 ? 2e-4 : 1e-10, type + " on " + device);
                    }
                }
            }
        }
    }
}
