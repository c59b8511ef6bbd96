package org.amortis.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.array.Precision;
import org.amortis.array.Shape;
import org.amortis.runtime.Device;
import org.amortis.runtime.Program;
import org.amortis.runtime.Runner;
import org.amortis.runtime.StateStore;
import org.amortis.tensor.Key;
import org.amortis.tensor.Random;
import org.amortis.tensor.Scan;
import org.amortis.tensor.State;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.TensorType;
import org.junit.jupiter.api.Test;

/** Draws that derive their keys themselves: the words of the processor, and no launch for keys that nobody else reads. */
class KeysTest {
    private static final State ROOT = new State("root", new TensorType(DType.KEY, Shape.SCALAR));
    private static final State COUNT = new State("count", new TensorType(DType.I32, Shape.SCALAR));

    /** Keys of all shapes that depend on states, and what is drawn from them. */
    private static final class Maker {
        final SplittableRandom random;
        final List<Key> keys = new ArrayList<>();
        final List<Tensor> drawn = new ArrayList<>();

        Maker(long seed) {
            random = new SplittableRandom(seed);
            keys.add(Key.of(ROOT.value()));
            keys.add(Key.of(ROOT.value()).fold(COUNT.value()));
        }

        private Tensor numbers(Shape s) {
            List<Tensor> fit = drawn.stream()
                    .filter(t -> t.dtype() == DType.I32 && t.shape().equals(s))
                    .toList();
            return fit.isEmpty() ? COUNT.value().add(random.nextInt(9)) : fit.get(random.nextInt(fit.size()));
        }

        private Key own(Key k) {
            return k.fold("draw" + drawn.size());
        }

        void step() {
            Key k = keys.get(random.nextInt(keys.size()));
            Shape s = k.tensor().shape();
            switch (random.nextInt(9)) {
                case 0 -> keys.add(k.fold("name" + random.nextInt(3)));
                case 1 -> keys.add(k.fold(random.nextInt(5)));
                case 2 -> keys.add(k.fold(numbers(s)));
                case 3 -> keys.add(s.rank() < 2 ? k.split(random.nextInt(1, 4)) : k.fold(7));
                case 4 -> keys.add(s.rank() > 0 ? k.at(random.nextInt(s.dim(0))) : k.fold("x"));
                case 5 -> keys.add(Key.of(k.fold("a").tensor().reshape(s.size())));
                case 6 -> drawn.add(Random.uniform(own(k), DType.F32, s.insert(s.rank(), random.nextInt(1, 9))));
                case 7 -> drawn.add(Random.uniform(own(k), DType.F64, s.insert(s.rank(), random.nextInt(1, 9))));
                default -> {
                    drawn.add(Random.bits(own(k), s.insert(s.rank(), random.nextInt(1, 9))));
                    drawn.add(Random.bits(own(k), s));
                }
            }
        }

        Program program() {
            int steps = random.nextInt(4, 40);
            for (int i = 0; i < steps; i++) {
                step();
            }
            Key last = keys.getLast();
            drawn.add(Random.bits(own(last), last.tensor().shape()));
            Key inner = keys.get(random.nextInt(keys.size()));
            Scan.Result loop = Scan.of(random.nextInt(1, 4))
                    .carry(Key.of(ROOT.value()).fold("carry").tensor())
                    .body((t, c, in) -> {
                        Key k = Key.of(c.get(0)).fold(t);
                        return Scan.Step.of(k.fold("next").tensor())
                                .output(
                                        Random.bits(k.fold("now"), Shape.of(3)),
                                        Random.bits(
                                                inner.fold(t), inner.tensor().shape()));
                    });
            List<Tensor> out = new ArrayList<>(drawn);
            out.add(loop.output(0));
            out.add(loop.output(1));
            out.add(keys.get(random.nextInt(keys.size())).tensor());
            Key next = Key.of(keys.get(random.nextInt(keys.size())).tensor().reshape(-1))
                    .at(0);
            Map<State, Tensor> updates = new LinkedHashMap<>();
            updates.put(
                    ROOT,
                    random.nextBoolean()
                            ? next.tensor()
                            : Key.of(loop.last(0)).fold(1).tensor());
            updates.put(COUNT, COUNT.value().add(1));
            return Program.builder()
                    .outputs(out.toArray(Tensor[]::new))
                    .updates(updates)
                    .reuseMemory(random.nextInt(4) > 0)
                    .build();
        }
    }

    private static List<Object> run(Device d, Program p, int outputs) {
        StateStore store = new StateStore();
        store.set(ROOT, HostArray.wrap(DType.KEY, new int[] {3, 4}, Shape.SCALAR));
        store.set(COUNT, HostArray.wrap(new int[1], Shape.SCALAR));
        List<Object> r = new ArrayList<>();
        Runner run = p.open(d, store);
        for (int t = 0; t < 2; t++) {
            run.poison();
            run.run();
            for (int i = 0; i < outputs; i++) {
                HostArray a = run.output(i);
                r.add(a.dtype().isFloat() ? a.toDoubles() : a.ints().clone());
            }
        }
        run.close();
        r.add(store.get(ROOT).ints().clone());
        return r;
    }

    /** Keys of keys of keys, per row, in loops, read by others, overwritten: beside the processor. */
    @Test
    void randomProgramsHaveTheWordsOfTheProcessor() {
        int n = Integer.getInteger("amortis.programs", 40);
        try (Device d = Device.builder().backend(Backend.NAME).threads(1).build();
                Device cpu = Device.builder().backend("scalar").threads(1).build()) {
            for (long seed = 1; seed <= n; seed++) {
                Program p = new Maker(seed).program();
                int outputs = p.plan().outputs().size();
                List<Object> a = run(cpu, p, outputs);
                List<Object> b = run(d, p, outputs);
                for (int i = 0; i < a.size(); i++) {
                    String what = "program " + seed + " result " + i;
                    if (a.get(i) instanceof int[] x) {
                        assertArrayEquals(x, (int[]) b.get(i), what);
                    } else {
                        assertArrayEquals((double[]) a.get(i), (double[]) b.get(i), what);
                    }
                }
            }
        }
    }

    private static List<String> launches(Tensor... outputs) {
        Program p = Program.of(List.of(outputs), Map.of(COUNT, COUNT.value().add(1)));
        CudaDevice device = new CudaDevice(new EmulatedDriver(), Precision.FP32);
        try {
            return CardSteps.execution(device, new PeerSteps.Step("draws", p, new StateStore()))
                    .describe();
        } finally {
            device.close();
        }
    }

    private static Tensor normal(Key k) {
        return Random.normal(k, DType.F32, Shape.of(5));
    }

    @Test
    void drawsOfAStepAreOneLaunch() {
        Key k = Key.of(ROOT.value()).fold(COUNT.value());
        // the counter is advanced in a launch of its own
        assertEquals(
                2,
                launches(normal(k.fold("a").fold(1)), normal(k.fold("b")), Random.bits(k, Shape.of(3)))
                        .size());
        // the key is read by somebody else: it is stored beside the draw
        List<String> both = launches(normal(k.fold("a")), k.fold("a").tensor());
        assertEquals(2, both.stream().filter(c -> c.startsWith("am_draw_f32")).count() + 1, both.toString());
        // more steps than a draw takes: the first are stored
        Key deep = k;
        for (int i = 0; i < Keys.FOLDS; i++) {
            deep = deep.fold(i);
        }
        List<String> two = launches(normal(deep));
        assertEquals(2, two.stream().filter(c -> c.startsWith("am_draw_f32")).count(), two.toString());
        // large draws derive nothing in each thread
        List<String> large = launches(Random.uniform(k, DType.F32, Shape.of(1 << 18)));
        assertEquals(2, large.stream().filter(c -> c.startsWith("am_draw_f32")).count(), large.toString());
        // doubles have a kernel of their own
        assertTrue(
                launches(Random.normal(k, DType.F64, Shape.of(5))).stream().anyMatch(c -> c.startsWith("am_draw_f64")));
    }
}
