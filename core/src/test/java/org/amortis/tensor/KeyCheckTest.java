package org.amortis.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.grad.Gradients;
import org.junit.jupiter.api.Test;

final class KeyCheckTest {
    private static final Shape THREE = Shape.of(3);
    private final ScanFixtures f = new ScanFixtures();

    private static Tensor normal(Key key) {
        return Random.normal(key, DType.F64, THREE);
    }

    private static Tensor uniform(Key key) {
        return Random.uniform(key, DType.F64, THREE);
    }

    private static String refusal(Tensor... roots) {
        return assertThrows(PlanException.class, () -> KeyCheck.check(List.of(roots)))
                .getMessage();
    }

    @Test
    void differentDrawsFromOneKeyAreRefusedNamingBothLines() {
        Key k = Key.of(7).fold("noise");
        Tensor a = Random.normal(k, DType.F64, THREE);
        Tensor b = Random.uniform(k, DType.F64, THREE);
        String message = refusal(a, b);
        Matcher lines = Pattern.compile("KeyCheckTest\\.java:(\\d+)").matcher(message);
        assertTrue(lines.find(), message);
        int first = Integer.parseInt(lines.group(1));
        assertTrue(lines.find(), message);
        assertEquals(first + 1, Integer.parseInt(lines.group(1)), message);
        assertTrue(message.contains("key.fold"), message);
    }

    @Test
    void keysAreComparedAsFormulas() {
        String message = refusal(normal(Key.of(7).fold("a")), uniform(Key.of(7).fold("a")));
        assertTrue(message.contains("two draws from one key"), message);
        refusal(normal(Key.of(7).split(4).at(2)), uniform(Key.of(7).split(4).at(2)));
        Key k = Key.of(7);
        Tensor one = Tensors.scalarLike(Tensors.iota(Shape.of(2), 0), 1);
        refusal(normal(k.fold(one)), uniform(k.fold(one)));
        // the same draw on two lines: twice the same numbers where two were meant
        Tensor a = Random.normal(k, DType.F64, THREE);
        Tensor b = Random.normal(k, DType.F64, THREE);
        refusal(a, b);
    }

    @Test
    void differentKeysAndRepeatedFunctionsPass() {
        Key k = Key.of(7);
        Key[] keys = {
            k,
            Key.of(8),
            k.fold("a"),
            k.fold("b"),
            k.fold(0),
            k.fold(1),
            k.split(4).at(2),
            k.split(4).at(3)
        };
        Tensor sum = uniform(k.fold("last"));
        for (Key key : keys) {
            sum = sum.add(normal(key));
        }
        Tensor total = sum;
        assertDoesNotThrow(() -> KeyCheck.check(List.of(total)));
        // one line called twice with one key: common random numbers
        Tensor[] same = {normal(k), normal(k)};
        assertDoesNotThrow(() -> KeyCheck.check(List.of(same)));
    }

    @Test
    void drawsInALoopNeedTheStep() {
        Tensor a = f.input("a", 3);
        Key k = Key.of(7);
        Tensor r = Scan.of(4)
                .carry(a)
                .body((t, c, x) -> Scan.Step.of(c.get(0).add(normal(k.fold(t)))))
                .last(0);
        KeyCheck.check(List.of(r));
        double[] e = f.eval(a);
        for (int t = 0; t < 4; t++) {
            double[] eps = f.eval(normal(k.fold(t)));
            for (int i = 0; i < 3; i++) {
                e[i] += eps[i];
            }
        }
        assertArrayEquals(e, f.eval(r), 1e-14);
        PlanException refused = assertThrows(
                PlanException.class,
                () -> Scan.of(4)
                        .carry(a)
                        .body((t, c, x) -> Scan.Step.of(c.get(0).add(normal(k)))));
        assertTrue(refused.getMessage().contains("does not depend on the step"), refused.getMessage());
        assertTrue(refused.getMessage().contains("Scan.hoist"), refused.getMessage());
        assertTrue(refused.getMessage().contains("KeyCheckTest.java"), refused.getMessage());
    }

    @Test
    void innerLoopsNeedTheirOwnStep() {
        Tensor a = f.input("a", 3);
        Key k = Key.of(7);
        PlanException refused = assertThrows(
                PlanException.class,
                () -> Scan.of(2)
                        .carry(a)
                        .body((i, c, x) -> Scan.Step.of(Scan.of(2)
                                .carry(c.get(0))
                                .body((j, d, y) -> Scan.Step.of(d.get(0).add(normal(k.fold(i)))))
                                .last(0))));
        assertTrue(refused.getMessage().contains("does not depend on the step"), refused.getMessage());
        Tensor r = Scan.of(2)
                .carry(a)
                .body((i, c, x) -> Scan.Step.of(Scan.of(2)
                        .carry(c.get(0))
                        .body((j, d, y) ->
                                Scan.Step.of(d.get(0).add(normal(k.fold(i).fold(j)))))
                        .last(0)))
                .last(0);
        KeyCheck.check(List.of(r));
    }

    @Test
    void hoistedKeysAndDrawsFromOutsidePass() {
        Tensor a = f.input("a", 3);
        Key k = Key.of(7);
        Tensor outside = normal(k);
        Tensor r = Scan.of(4)
                .carry(a)
                .body((t, c, x) -> Scan.Step.of(
                        c.get(0).add(normal(Scan.hoist(k).fold("same"))).add(outside)))
                .last(0);
        KeyCheck.check(List.of(r));
        double[] e = f.eval(a);
        double[] one = f.eval(normal(k.fold("same")));
        double[] two = f.eval(outside);
        for (int i = 0; i < 3; i++) {
            e[i] += 4 * (one[i] + two[i]);
        }
        assertArrayEquals(e, f.eval(r), 1e-14);
        // a mark does not make another key of it
        refusal(normal(k), uniform(Scan.hoist(k)));
    }

    /** A gamma draw depends on the step through its parameter while its key does not. */
    @Test
    void aDrawWithAParameterOfTheStepNeedsAKeyOfTheStep() {
        Tensor a = f.input("a", 3).square();
        Key k = Key.of(7);
        PlanException refused = assertThrows(
                PlanException.class,
                () -> Scan.of(4).carry(a).body((t, c, x) -> Scan.Step.of(Random.gamma(k, c.get(0)))));
        assertTrue(refused.getMessage().contains("does not depend on the step"), refused.getMessage());
        Key same = Scan.hoist(k);
        Scan.Body body = (t, c, x) -> Scan.Step.of(Random.gamma(same, c.get(0).add(1)));
        Tensor e = a;
        for (int i = 0; i < 8; i++) {
            e = Random.gamma(k, e.add(1));
        }
        Tensor plain = Scan.of(8).carry(a).body(body).last(0);
        Tensor chunks = Scan.of(8).carry(a).checkpointEvery(3).body(body).last(0);
        f.assertSame(List.of(e, e), List.of(plain, chunks));
        f.assertSame(Gradients.of(e.sum(), List.of(a)), Gradients.of(plain.sum(), List.of(a)));
        f.assertSame(Gradients.of(e.sum(), List.of(a)), Gradients.of(chunks.sum(), List.of(a)));
    }

    @Test
    void aKeyCarriedUnchangedIsSeenWhenTheProgramIsChecked() {
        Tensor a = f.input("a", 3);
        Tensor k = Key.of(7).tensor();
        Tensor r = Scan.of(4)
                .carry(a, k)
                .body((t, c, x) -> Scan.Step.of(c.get(0).add(normal(Key.of(c.get(1)))), c.get(1)))
                .last(0);
        assertTrue(refusal(r).contains("does not depend on the step"));
        Tensor s = Scan.of(4)
                .carry(a, k)
                .body((t, c, x) -> {
                    Key[] next = {
                        Key.of(c.get(1)).split(2).at(0),
                        Key.of(c.get(1)).split(2).at(1)
                    };
                    return Scan.Step.of(c.get(0).mul(normal(next[0])), next[1].tensor());
                })
                .last(0);
        KeyCheck.check(List.of(s, Gradients.of(s.sum(), a)));
    }

    @Test
    void bodiesAreCheckedToo() {
        Tensor a = f.input("a", 3);
        Key k = Key.of(7);
        Tensor r = Scan.of(4)
                .carry(a)
                .body((t, c, x) -> Scan.Step.of(c.get(0).add(normal(k.fold(t))).add(uniform(k.fold(t)))))
                .last(0);
        assertTrue(refusal(r).contains("two draws from one key"));
    }

    @Test
    void gradientsRepeatDrawsWithoutOffence() {
        Tensor a = f.input("a", 3);
        Key k = Key.of(7);
        for (int every : new int[] {0, 3}) {
            Scan scan = Scan.of(7).carry(a);
            if (every > 0) {
                scan.checkpointEvery(every);
            }
            Tensor r = scan.body((t, c, x) ->
                            Scan.Step.of(c.get(0).mul(normal(k.fold(t))).sin()))
                    .last(0);
            Tensor e = a;
            for (int t = 0; t < 7; t++) {
                e = e.mul(normal(k.fold(t))).sin();
            }
            Tensor g = Gradients.of(r.sum(), a);
            KeyCheck.check(List.of(r, g, Gradients.of(g.square().sum(), a)));
            f.assertSameToSecondOrder(ScanFixtures.mix(List.of(e)), ScanFixtures.mix(List.of(r)), List.of(a));
        }
    }
}
