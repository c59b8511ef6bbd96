package org.amortis.optim;

import static org.amortis.nn.Mlp.sizes;
import static org.amortis.optim.Transforms.adam;
import static org.amortis.optim.Transforms.clipGlobalNorm;
import static org.amortis.optim.Transforms.ema;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Shape;
import org.amortis.dist.Bernoulli;
import org.amortis.dist.Normal;
import org.amortis.grad.Gradients;
import org.amortis.nn.Activation;
import org.amortis.nn.Mlp;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.param.Weights;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Graphs;
import org.amortis.tensor.Key;
import org.amortis.tensor.LeafOp;
import org.amortis.tensor.RefArray;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A small variational autoencoder through parameters, layers, distributions, optimizer and compiled program. */
class TrainingTest {
    private static final int BATCH = 16;
    private static final int PIXELS = 12;

    private static final class Model {
        final ParamSpec spec;
        final Mlp encoder;
        final Mlp decoder;
        final Optimizer optimizer;
        final State count = new State("step", new TensorType(DType.I32, Shape.SCALAR));
        final Tensor loss;
        final OptimizerStep step;
        final Map<State, Tensor> updates;
        final Map<State, HostArray> start = new LinkedHashMap<>();

        Model(DType t) {
            spec = new ParamSpec(t);
            encoder = Mlp.of(spec.at("encoder"), sizes(PIXELS, 10, 4), Activation.TANH);
            decoder = Mlp.of(spec.at("decoder"), sizes(2, 10, PIXELS), Activation.TANH);
            optimizer = Optimizer.of(spec, clipGlobalNorm(10), adam(0.02), ema(0.9));
            Weights p = spec.weights();
            Tensor x = Tensors.resident(images(t));
            Normal q = Normal.ofMeanLogStd(encoder.apply(p, x).split(Tensor.LAST, 2, 2));
            Tensor z = q.rsample(Key.of(5).fold(count.value()).fold("z"));
            Tensor logLik = Bernoulli.ofLogits(decoder.apply(p, z)).logProb(x).sum(Tensor.LAST);
            Tensor kl = q.klTo(Normal.standardLike(z)).sum(Tensor.LAST);
            loss = kl.sub(logLik).mean();
            step = optimizer.step(Gradients.of(loss, p.flat()), count.value());
            updates = new LinkedHashMap<>(step.updates());
            updates.put(count, count.value().add(1));
            Params first = Params.init(spec, Key.of(1));
            start.put(spec.flat(), first.flat());
            optimizer
                    .initialValues(Tensors.resident(first.flat()))
                    .forEach((s, f) -> start.put(s, org.amortis.runtime.Run.eval(f)));
            start.put(count, HostArray.wrap(new int[] {0}, Shape.SCALAR));
        }

        /** Two kinds of image: left half on, right half on. */
        private static HostArray images(DType t) {
            double[] x = new double[BATCH * PIXELS];
            for (int i = 0; i < x.length; i++) {
                boolean left = i % PIXELS < PIXELS / 2;
                x[i] = left == ((i / PIXELS) % 2 == 0) ? 1 : 0;
            }
            return HostArray.wrap(x, Shape.of(BATCH, PIXELS)).cast(t);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F64"})
    void programAgreesWithTheReferenceLoops(DType t) {
        Model m = new Model(t);
        StateStore store = new StateStore();
        m.start.forEach(store::set);
        Map<State, RefArray> values = new HashMap<>();
        m.start.forEach((s, h) -> values.put(s, RefArray.of(h)));
        List<Tensor> formulas = new ArrayList<>(m.updates.values());
        formulas.add(m.loss);
        List<State> states = new ArrayList<>(m.updates.keySet());
        try (Device d = Device.builder().threads(1).build()) {
            Runner r = Program.of(List.of(m.loss, m.step.gradientNorm()), m.updates)
                    .open(d, store);
            double tolerance = t == DType.F32 ? 2e-4 : 1e-10;
            for (int k = 0; k < 3; k++) {
                List<RefArray> next =
                        Graphs.evaluate(formulas, leaf -> switch (leaf.node().op()) {
                            case LeafOp.StateValue s -> Objects.requireNonNull(values.get(s.state()));
                            case LeafOp.Resident res -> RefArray.of(res.data());
                            default -> throw new IllegalArgumentException(leaf.toString());
                        });
                r.run();
                assertEquals(next.get(states.size()).get(0), r.scalar(0), tolerance * 10);
                for (int i = 0; i < states.size(); i++) {
                    values.put(states.get(i), next.get(i));
                }
            }
            double[] expected = values.get(m.spec.flat()).doubles();
            double[] actual = store.get(m.spec.flat()).toDoubles();
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], actual[i], tolerance, "parameter " + i);
            }
        }
    }

    @Test
    void learns() {
        Model m = new Model(DType.F32);
        StateStore store = new StateStore();
        m.start.forEach(store::set);
        try (Device d = Device.builder().threads(1).build()) {
            Runner r = Program.of(List.of(m.loss, m.step.gradientNorm()), m.updates)
                    .open(d, store);
            r.run();
            double first = r.scalar(0);
            for (int k = 0; k < 1000; k++) {
                r.run();
            }
            // pixels apart cost 12 log 2 = 8.32 nats; one bit tells the two kinds apart: log 2 = 0.69
            assertTrue(first > 8, "first " + first);
            assertTrue(r.scalar(0) < 1.5, "last " + r.scalar(0));
            assertEquals(1001, store.get(m.count).get(0));
            State average = m.optimizer.average().orElseThrow();
            assertTrue(store.get(average).get(0) != store.get(m.spec.flat()).get(0));
        }
    }
}
