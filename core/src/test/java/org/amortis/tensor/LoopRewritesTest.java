package org.amortis.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.junit.jupiter.api.Test;

final class LoopRewritesTest {
    private final ScanFixtures f = new ScanFixtures();

    private List<Tensor> simplified(List<Tensor> roots) {
        List<Tensor> r = LoopRewrites.simplify(roots);
        f.assertSame(roots, r);
        // a fixed point: a second run finds nothing to do
        assertEquals(ScanFixtures.size(r), ScanFixtures.size(LoopRewrites.simplify(r)));
        return r;
    }

    @Test
    void theForwardLoopRunsOnceForValueAndGradients() {
        Tensor a = f.input("a", 3);
        Tensor w = f.input("w", 3);
        Tensor y = Scan.of(5)
                .carry(a)
                .body((t, c, x) -> Scan.Step.of(c.get(0).mul(w).sin()))
                .last(0)
                .sum();
        List<Tensor> roots = new ArrayList<>(List.of(y, Gradients.of(y, a), Gradients.of(y, w)));
        assertEquals(5, ScanFixtures.loops(roots).size());
        List<Tensor> r = simplified(roots);
        assertEquals(1, ScanFixtures.loops(r).stream().filter(s -> !s.reverse()).count());
        roots.addAll(Gradients.of(ScanFixtures.mix(Gradients.of(y, List.of(a, w))), List.of(a, w)));
        List<Tensor> second = simplified(roots);
        ScanOp forward = ScanFixtures.loops(second).stream()
                .filter(s -> !s.reverse())
                .filter(s -> s.captureVariables().size() == 1)
                .findFirst()
                .orElseThrow();
        assertTrue(forward.outputs().size() <= 1, "carries are put out once");
    }

    @Test
    void bodiesAreSimplifiedToo() {
        Tensor a = f.input("a", 2);
        Tensor r = Scan.of(3)
                .carry(a)
                .body((t, c, x) -> {
                    Tensor z = Scan.of(2)
                            .carry(c.get(0))
                            .body((s, d, y) -> Scan.Step.of(d.get(0).sin()))
                            .last(0)
                            .sum();
                    return Scan.Step.of(c.get(0).sub(Gradients.of(z, c.get(0)).mul(z)));
                })
                .last(0);
        ScanOp outer = ScanFixtures.loops(List.of(r)).get(0);
        assertEquals(3, ScanFixtures.loops(outer.bodyResults()).size());
        ScanOp better = ScanFixtures.loops(simplified(List.of(r))).get(0);
        assertEquals(2, ScanFixtures.loops(better.bodyResults()).size());
    }

    @Test
    void whatNobodyReadsIsDropped() {
        Tensor a = f.input("a", 2);
        Tensor b = f.input("b", 2);
        Tensor xs = f.input("xs", 4, 2);
        Scan.Result s = Scan.of(4).carry(a, b, a).sequences(xs).body((t, c, x) -> {
            Tensor next = c.get(0).mul(b).sin();
            return Scan.Step.of(next, c.get(1).add(c.get(2)), c.get(2).mul(x.get(0)))
                    .output(c.get(1), c.get(0), x.get(0).exp());
        });
        ScanOp first = ScanFixtures.loops(simplified(List.of(s.last(0)))).get(0);
        assertEquals(1, first.carryVariables().size());
        assertEquals(0, first.outputs().size());
        assertEquals(0, first.sequenceVariables().size());
        ScanOp second = ScanFixtures.loops(simplified(List.of(s.output(0)))).get(0);
        assertEquals(2, second.carryVariables().size());
        assertEquals(0, second.captureVariables().size());
        ScanOp third = ScanFixtures.loops(simplified(List.of(s.output(2), s.output(1))))
                .get(0);
        assertEquals(1, third.carryVariables().size());
        assertEquals(2, third.outputs().size());
        List<Tensor> all = List.of(s.last(0), s.last(1), s.last(2), s.output(0), s.output(1), s.output(2));
        assertSame(s.last(0).node(), simplified(all).get(0).node());
    }

    @Test
    void aChainOfLoopsIsSlimmedThroughout() {
        Tensor a = f.input("a", 2);
        Scan.Result one = Scan.of(3)
                .carry(a, a)
                .body((t, c, x) -> Scan.Step.of(c.get(0).sin(), c.get(1).cos()).output(c.get(1)));
        Scan.Result two = Scan.of(3)
                .carry(one.last(0), one.last(1))
                .sequences(one.output(0))
                .body((t, c, x) -> Scan.Step.of(c.get(0).exp(), c.get(1).add(x.get(0))));
        for (ScanOp op : ScanFixtures.loops(simplified(List.of(two.last(0))))) {
            assertEquals(1, op.carryVariables().size());
            assertEquals(0, op.outputs().size());
            assertEquals(0, op.sequenceVariables().size());
        }
    }

    @Test
    void stopMarksAreKept() {
        Tensor a = f.input("a", 2);
        Scan.Result s = Scan.until(9)
                .carry(a, a)
                .body((t, c, x) -> Scan.Step.of(c.get(0).add(1), c.get(1).sin())
                        .output(c.get(1))
                        .doneWhen(c.get(0).gt(2)));
        List<Tensor> roots = List.of(s.last(1));
        ScanOp op = ScanFixtures.loops(simplified(roots)).get(0);
        assertEquals(3, op.carryVariables().size(), "both carries and the mask");
        Tensor loss = ScanFixtures.mix(List.of(s.last(1), s.output(0)));
        simplified(List.of(loss, Gradients.of(loss, a)));
    }

    @Test
    void chunksKeepTheirMemoryWhenSimplified() {
        Tensor a = f.input("a", 4);
        Tensor w = f.input("w", 4);
        Tensor y = Scan.of(23)
                .carry(a)
                .checkpointEvery(5)
                .body((t, c, x) -> Scan.Step.of(c.get(0).mul(w).sin()))
                .last(0)
                .sum();
        List<Tensor> r = simplified(List.of(y, Gradients.of(y, w)));
        int stored = ScanFixtures.loops(r).stream()
                .mapToInt(op -> op.steps() * op.outputs().size())
                .sum();
        assertEquals(4 + 3, stored, "starts of four chunks and the steps of the tail");
    }

    @Test
    void emptyTypesSurvive() {
        Tensor none = Tensors.zeros(DType.F64, Shape.of(0));
        Scan.Result s = Scan.of(2)
                .carry(none)
                .body((t, c, x) -> Scan.Step.of(c.get(0).sin()).output(t));
        simplified(List.of(s.last(0)));
        simplified(List.of(s.output(0)));
    }
}
