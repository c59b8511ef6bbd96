package org.amortis.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.amortis.bench.study.StudyResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PeersTest {
    private static Row row(String id) {
        return Row.TABLE.stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
    }

    @Test
    void identifiersAreUnique() {
        Set<String> ids = new HashSet<>();
        Row.TABLE.forEach(r -> assertTrue(ids.add(r.id()), r.id()));
        assertEquals(27, ids.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void resultsOfBothJavaLibrariesAreRight(int threads) {
        Peer amortis = PeerKind.AMORTIS.load();
        ((AmortisPeer) amortis).start(threads, false);
        Peer ejml = PeerKind.EJML.load();
        ejml.start(threads);
        int compared = 0;
        for (Row row : Row.TABLE) {
            if (row.threads() != threads || row.op().isStep() || row.work() > 1e8) {
                continue;
            }
            for (Peer p : List.of(amortis, ejml)) {
                Work w = p.work(row);
                if (w != null) {
                    w.run();
                    // draws: six standard errors; products of 784 terms: their root times 2^-24, several times over
                    double bound = row.op() == Row.Op.NORMAL ? 6 : 2e-5;
                    assertTrue(w.error() < bound, p.version() + " " + row.id() + ": " + w.error());
                    compared++;
                }
            }
            assertNotNull(amortis.work(row), row.id());
        }
        assertTrue(compared >= (threads == 1 ? 15 : 2), compared + " compared");
        ((AmortisPeer) amortis).close();
    }

    @Test
    void aWrongResultIsSeen() {
        for (String id : List.of("gemm/16x64x64/1", "exp/65536/1", "sum/1048576/1", "softmax/128x64/1")) {
            Row row = row(id);
            int n = row.op() == Row.Op.SUM ? 1 : row.m() * row.n();
            assertTrue(Reference.error(row, new float[n]) > 1e-3, id);
            float[] nan = new float[n];
            nan[0] = Float.NaN;
            assertTrue(Double.isNaN(Reference.error(row, nan)), id);
        }
        assertTrue(Reference.error(row("normal/65536/1"), new float[65_536]) > 100);
    }

    @Test
    void ratiosAreBestOverBestWithTheRangeOfTheRounds() {
        Measured m = new Measured();
        Row row = row("gemm/256x256x256/1");
        m.add(PeerKind.AMORTIS, row, 12, 10, 1e-6);
        m.add(PeerKind.AMORTIS, row, 12, 8, 2e-6);
        m.add(PeerKind.OPENBLAS, row, 30, 20, 0);
        m.add(PeerKind.OPENBLAS, row, 30, 24, 0);
        m.add(PeerKind.TORCH, row, 30, 22, 0);
        m.add(PeerKind.TORCH, row, 30, 18, 0);
        m.add(PeerKind.OPENBLAS_WIDE, row, 9, 9, 0);
        m.add(PeerKind.OPENBLAS_WIDE, row, 9, 12, 0);
        assertEquals(new Ratio(18.0 / 8, 2, 18.0 / 8), Ratio.of(m.of(row), false));
        assertEquals(new Ratio(9.0 / 8, 0.9, 1.5), Ratio.of(m.of(row), true));
        StringWriter text = new StringWriter();
        PeersTable.print(m, new PrintWriter(text));
        assertTrue(
                text.toString().contains("2.25 (2.00-2.25) | 1.85 met | 1.13 (0.90-1.50) | 1.00 met | 2.0e-06 |"),
                text::toString);
        StudyResult result = new StudyResult();
        PeersTable.put(m, result);
        assertEquals(8.0, result.values().get("gemm/256x256x256/1.amortis.best.1"));
        assertEquals(2.25, result.values().get("gemm/256x256x256/1.overStock"));
    }

    @Test
    void withoutThisEngineOrWithoutOthersThereIsNoRatio() {
        Measured m = new Measured();
        Row row = row("exp/65536/1");
        m.add(PeerKind.TORCH, row, 30, 20, 0);
        assertNull(Ratio.of(m.of(row), false));
        Measured own = new Measured();
        own.add(PeerKind.AMORTIS, row, 30, 20, 0);
        assertNull(Ratio.of(own.of(row), true));
    }
}
