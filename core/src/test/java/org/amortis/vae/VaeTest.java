package org.amortis.vae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.grad.Gradients;
import org.amortis.nn.Activation;
import org.amortis.param.Initializer;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Run;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.amortis.vi.AmortizedGaussian;
import org.amortis.vi.Bound;
import org.amortis.vi.Context;
import org.amortis.vi.Estimate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class VaeTest {
    static Stream<String> likelihoods() {
        return Stream.of("bernoulli", "fixed", "shared", "perElement");
    }

    private static Likelihood likelihood(String name, ParamSpec spec) {
        return switch (name) {
            case "bernoulli" -> Likelihood.bernoulli();
            case "fixed" -> Likelihood.gaussian(.7);
            case "shared" -> Likelihood.gaussianShared(spec.at("noise"), .7);
            default -> Likelihood.gaussianPerElement();
        };
    }

    /** log p(x | z) against a sum in plain Java over what the decoder gives, samples in front and rows apart. */
    @ParameterizedTest
    @MethodSource("likelihoods")
    void logLikelihoodIsTheSumOverElements(String name) {
        ParamSpec spec = new ParamSpec(DType.F64);
        Likelihood lik = likelihood(name, spec);
        Vae vae = Vae.mlp(spec, 4, new int[] {5, 3}, 2, Activation.ELU, lik, Initializer.zeros());
        Weights p = Params.init(spec, Key.of(2)).frozen();
        double[] data = {1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1};
        Tensor x = Tensors.constant(HostArray.wrap(data, Shape.of(3, 4)));
        Tensor z = Random.normal(Key.of(5), DType.F64, Shape.of(2, 3, 2));
        var decoded = vae.decode(p, z);
        List<HostArray> v =
                Run.eval(List.of(vae.logLikelihood(p, Context.of(x), z), decoded.mean(), decoded.variance()));
        for (int s = 0; s < 2; s++) {
            for (int b = 0; b < 3; b++) {
                double want = 0;
                for (int j = 0; j < 4; j++) {
                    double m = v.get(1).at(s, b, j);
                    double var = v.get(2).at(s, b, j);
                    double e = data[4 * b + j];
                    want += name.equals("bernoulli")
                            ? e * Math.log(m) + (1 - e) * Math.log(1 - m)
                            : -.5 * (Math.log(2 * Math.PI * var) + (e - m) * (e - m) / var);
                }
                assertEquals(want, v.get(0).at(s, b), 1e-10);
            }
        }
        if (name.equals("fixed") || name.equals("shared")) {
            assertEquals(.49, v.get(2).get(0), 1e-12);
        }
        HostArray drawn = Run.eval(vae.simulate(p, z.at(0, 0), Key.of(1)));
        assertEquals(Shape.of(3, 4), drawn.shape());
    }

    /** Every bound has finite gradients in float32, even where the encoder's last layer explodes. */
    @Test
    void hugeEncoderOutputsKeepEverythingFinite() {
        ParamSpec spec = new ParamSpec(DType.F32);
        Vae vae = Vae.mlp(spec, 6, new int[] {8}, 3, Activation.TANH, Likelihood.bernoulli(), Initializer.zeros());
        HostArray flat = Params.init(spec, Key.of(2)).flat();
        var bias = spec.parameter("encoder/1/b");
        Arrays.fill(flat.floats(), bias.offset() + 3, bias.end(), 1e4f);
        Tensor x = Tensors.ones(DType.F32, Shape.of(4, 6));
        for (Bound b : List.of(Bound.elbo(1), Bound.elboStl(2), Bound.iwae(3), Bound.dreg(3))) {
            Tensor values = Tensors.resident(flat);
            Estimate e = b.of(vae, vae.posterior(), Context.of(x), spec.weights(values), Key.of(3));
            List<HostArray> v = Run.eval(List.of(e.value(), Gradients.of(e.loss(), values)));
            for (HostArray a : v) {
                for (float f : a.floats()) {
                    assertTrue(Float.isFinite(f), b + ": " + f);
                }
            }
        }
        Tensor variance = vae.posterior()
                .given(Context.of(x), spec.weights(Tensors.resident(flat)))
                .variance();
        assertEquals(Math.exp(AmortizedGaussian.CLAMP), Run.eval(variance).get(0), 1e-4 * Math.exp(15));
    }

    @Test
    void lastBiasStartsAtTheLogitsOfTheMean() {
        HostArray data = HostArray.wrap(new float[] {1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0}, Shape.of(4, 3));
        ParamSpec spec = new ParamSpec(DType.F32);
        Vae.mlp(spec, 3, new int[] {4}, 2, Activation.ELU, Likelihood.bernoulli(), Vae.logitsOfMean(data, DType.F32));
        HostArray b = Params.init(spec, Key.of(1)).get("decoder/1/b");
        double[] mean = {.75, .5, .25};
        for (int j = 0; j < 3; j++) {
            assertEquals(Math.log(mean[j] / (1 - mean[j])), b.get(j), 1e-6);
        }
        HostArray constant = HostArray.wrap(new float[] {1, 0}, Shape.of(1, 2));
        double[] limited = Run.eval(Vae.logitsOfMean(constant, DType.F64)
                        .value(Key.of(1), DType.F64, Shape.of(2), org.amortis.param.Fans.of(Shape.of(2))))
                .doubles();
        assertArrayEquals(new double[] {Math.log(999), -Math.log(999)}, limited, 1e-9);
        assertThrows(
                ShapeException.class, () -> Vae.logitsOfMean(HostArray.zeros(DType.F32, Shape.of(0, 3)), DType.F32));
    }

    /** Cremer's shapes: 784-200-200-(50, 50) and 50-200-200-784. */
    @Test
    void parametersOfThePublishedShape() {
        ParamSpec spec = new ParamSpec(DType.F32);
        Vae.mlp(spec, 784, new int[] {200, 200}, 50, Activation.ELU, Likelihood.bernoulli(), Initializer.zeros());
        int encoder = 784 * 200 + 200 + 200 * 200 + 200 + 200 * 100 + 100;
        int decoder = 50 * 200 + 200 + 200 * 200 + 200 + 200 * 784 + 784;
        assertEquals(encoder + decoder, spec.count());
    }
}
