package org.amortis.train;

import static org.amortis.optim.Transforms.adam;
import static org.amortis.optim.Transforms.ema;
import static org.amortis.optim.Transforms.sgd;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.io.Safetensors;
import org.amortis.optim.Transform;
import org.amortis.param.ParamSpec;
import org.amortis.param.Params;
import org.amortis.runtime.Device;
import org.amortis.tensor.Key;
import org.amortis.tensor.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CheckpointTest {
    @TempDir
    Path directory;

    private static Device one() {
        return Device.builder().threads(1).build();
    }

    private static Trainer trainer(Device d, DType t, int hidden, long seed, Transform... chain) {
        Models.Vae vae = Models.Vae.of(t, 12, hidden, 2);
        return Trainer.on(d)
                .params(vae.spec(), Key.of(seed))
                .objective(vae.elbo())
                .batches(Batches.shuffled(Models.prototypes(50, 12, 3, 0.1).cast(t), 16))
                .optimizer(chain)
                .build();
    }

    private static Trainer trainer(Device d, long seed) {
        return trainer(d, DType.F32, 8, seed, adam(1e-2), ema(0.9));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> s = Files.list(directory)) {
            return s.map(p -> String.valueOf(p.getFileName())).sorted().toList();
        }
    }

    private static void assertSameStates(Trainer want, Trainer got) {
        for (int i = 0; i < want.states().size(); i++) {
            State a = want.states().get(i);
            HostArray x = want.params().store().get(a);
            HostArray y = got.params().store().get(got.states().get(i));
            if (x.dtype().isFloat()) {
                assertArrayEquals(x.toDoubles(), y.toDoubles(), 0, a.name());
            } else {
                assertArrayEquals(x.ints(), y.ints(), a.name());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F64"})
    void aResumedRunContinuesBitForBitWhateverItsOwnSeed(DType t) throws IOException {
        try (Device d = one();
                Trainer whole = trainer(d, t, 8, 1, adam(1e-2), ema(0.9));
                Trainer first = trainer(d, t, 8, 1, adam(1e-2), ema(0.9));
                Trainer second = trainer(d, t, 8, 99, adam(1e-2), ema(0.9))) {
            History curve = History.every(4);
            whole.run(25, curve);
            first.run(11, History.every(4), Checkpoint.every(10, directory));
            assertEquals(List.of("step-0000000010.safetensors", "step-0000000011.safetensors"), files());
            second.resume(Checkpoint.latest(directory).orElseThrow());
            assertEquals(11, second.steps());
            assertSameStates(first, second);
            History resumed = History.every(4);
            second.runTo(25, resumed);
            assertSameStates(whole, second);
            assertArrayEquals(curve.curve("loss"), resumed.curve("loss"));
            assertArrayEquals(new double[] {4, 8, 12, 16, 20, 24}, resumed.curve("step"));
        }
    }

    @Test
    void theLastFilesAreKeptAndDamagedOnesPassedOver() throws IOException {
        assertEquals(Optional.empty(), Checkpoint.latest(directory.resolve("absent")));
        assertEquals(Optional.empty(), Checkpoint.latest(directory));
        try (Device d = one();
                Trainer t = trainer(d, 1)) {
            t.run(9, Checkpoint.every(2, directory).keep(3));
            assertEquals(
                    List.of(
                            "step-0000000006.safetensors",
                            "step-0000000008.safetensors",
                            "step-0000000009.safetensors"),
                    files());
            byte[] whole = Files.readAllBytes(directory.resolve("step-0000000009.safetensors"));
            Files.write(
                    directory.resolve("step-0000000009.safetensors"), java.util.Arrays.copyOf(whole, whole.length - 1));
            Files.writeString(directory.resolve("step-0000000010.safetensors"), "");
            Files.writeString(directory.resolve(".step-0000000011.safetensors.x.tmp"), "half");
            assertEquals(
                    directory.resolve("step-0000000008.safetensors"),
                    Checkpoint.latest(directory).orElseThrow());
        }
    }

    @Test
    void halfFilesOfKilledProcessesAreRemovedWhenOld() throws IOException {
        Path old = directory.resolve(".step-0000000011.safetensors.x.tmp");
        Path fresh = directory.resolve(".step-0000000012.safetensors.x.tmp");
        Path foreign = directory.resolve(".other.tmp");
        for (Path p : List.of(old, fresh, foreign)) {
            Files.writeString(p, "half");
        }
        FileTime hourAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        Files.setLastModifiedTime(old, hourAgo);
        Files.setLastModifiedTime(foreign, hourAgo);
        try (Device d = one();
                Trainer t = trainer(d, 1)) {
            t.run(1, Checkpoint.every(1, directory));
            assertEquals(
                    List.of(".other.tmp", ".step-0000000012.safetensors.x.tmp", "step-0000000001.safetensors"),
                    files());
        }
    }

    @Test
    void anotherModelOrOptimizerIsRefusedAndNothingChanges() throws IOException {
        Path file = directory.resolve("a.safetensors");
        try (Device d = one();
                Trainer t = trainer(d, 1);
                Trainer wider = trainer(d, DType.F32, 9, 1, adam(1e-2), ema(0.9));
                Trainer doubles = trainer(d, DType.F64, 8, 1, adam(1e-2), ema(0.9));
                Trainer plain = trainer(d, DType.F32, 8, 1, sgd(1e-2))) {
            t.run(3);
            t.save(file);
            for (Trainer other : List.of(wider, doubles)) {
                HostArray before = other.params().flat();
                FormatException e = assertThrows(FormatException.class, () -> other.resume(file));
                assertTrue(e.getMessage().contains(Params.fingerprint(t.params().spec())), e.getMessage());
                assertTrue(
                        e.getMessage()
                                .contains(Params.fingerprint(other.params().spec())),
                        e.getMessage());
                assertTrue(e.getMessage().contains("encoder/0/w"), e.getMessage());
                assertArrayEquals(before.toDoubles(), other.params().flat().toDoubles());
                assertEquals(0, other.steps());
            }
            FormatException e = assertThrows(FormatException.class, () -> plain.resume(file));
            assertTrue(e.getMessage().contains("state:optim/0.adam/m"), e.getMessage());
        }
    }

    @Test
    void aCheckpointIsAFileOfParametersToo() throws IOException {
        Path file = directory.resolve("a.safetensors");
        try (Device d = one();
                Trainer t = trainer(d, 1)) {
            t.run(3);
            t.save(file);
            ParamSpec spec = Models.Vae.of(DType.F32, 12, 8, 2).spec();
            Params loaded = Params.load(file, spec);
            assertArrayEquals(t.params().flat().floats(), loaded.flat().floats());

            Path own = directory.resolve("p.safetensors");
            t.averaged().orElseThrow().save(own);
            assertArrayEquals(
                    t.averaged().orElseThrow().flat().floats(),
                    Params.load(own, spec).flat().floats());
            Map<String, HostArray> less = Safetensors.read(own);
            less.remove("decoder/1/b");
            Safetensors.write(own, less, Map.of());
            FormatException e = assertThrows(FormatException.class, () -> Params.load(own, spec));
            assertTrue(e.getMessage().contains("decoder/1/b[12] is missing"), e.getMessage());
            assertThrows(FormatException.class, () -> t.resume(own));
        }
    }

    @Test
    void anUnwritableDirectoryEndsTheRunWithItsName() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        try (Device d = one();
                Trainer t = trainer(d, 1)) {
            UncheckedIOException e =
                    assertThrows(UncheckedIOException.class, () -> t.run(2, Checkpoint.every(1, file)));
            assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        }
    }
}
