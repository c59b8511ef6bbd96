package org.amortis.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.array.HostArray;
import org.amortis.check.OpCatalog;
import org.amortis.check.Sample;
import org.amortis.runtime.Program;
import org.amortis.spi.Plan;
import org.amortis.tensor.Tensor;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text of generated kernels: the same every time, taken by the assembler, vectors where they pay. */
class ChainTest {
    private static void add(Chains to, Tensor... outputs) {
        Plan plan = Program.of(outputs).plan();
        for (Unit u : Schedule.of(plan.compute(), plan.outputs(), new Temporaries(plan), false, false)) {
            if (u instanceof Unit.Generated g) {
                to.add(new Chain(g.sections.stream().map(Section::new).toList(), false));
            }
        }
    }

    private static Tensor[] inputs(List<HostArray> arrays) {
        Tensor[] x = new Tensor[arrays.size()];
        for (int i = 0; i < x.length; i++) {
            HostArray a = arrays.get(i);
            x[i] = Tensors.input("x" + i, a.dtype(), a.shape().toArray());
        }
        return x;
    }

    /** One chain for each elementwise operation and type, and sums of all kinds. */
    private static Chains all() {
        Chains chains = new Chains();
        Set<String> seen = new LinkedHashSet<>();
        for (Sample s : OpCatalog.samples()) {
            for (DType t : List.of(DType.F32, DType.F64)) {
                String name = s.name().replaceAll("[\\[ ].*", "");
                if (s.arrays(t).get(0).shape().size() > 7 && seen.add(name + t)) {
                    add(chains, s.formula().of(inputs(s.arrays(t))));
                }
            }
        }
        for (DType t : List.of(DType.F32, DType.F64)) {
            for (int[] d : new int[][] {{5, 12}, {3, 2048}, {1, 70_000}, {300, 600}}) {
                Tensor x = Tensors.input("x", t, d);
                add(
                        chains,
                        x.tanh().mul(Tensors.input("b", t, d[1])).sum(1),
                        x.mul(x.sum(1).keepDims(x, 1)));
            }
        }
        return chains;
    }

    @Test
    void theTextIsTheSameToTheByte() {
        String first = all().text();
        assertTrue(all().count() > 60);
        assertEquals(first, all().text());
        assertFalse(first.contains("NAME"));
    }

    @Test
    void theAssemblerTakesAllOfIt(@TempDir Path dir) throws IOException, InterruptedException {
        Assumptions.assumeTrue(BuiltKernelsTest.Tools.onPath("ptxas"), "no ptxas");
        Path file = dir.resolve("chains.ptx");
        Files.writeString(file, all().text());
        for (String sm : List.of("sm_75", "sm_90")) {
            BuiltKernelsTest.Tools.run(List.of(
                    "ptxas", "-arch", sm, "-O0", "-o", dir.resolve("out").toString(), file.toString()));
        }
    }

    @Test
    void fourAtOnceWhereTheInnerAxisAllows() {
        Chains four = new Chains();
        Tensor x = Tensors.input("x", DType.F32, 8, 12);
        add(four, x.add(Tensors.input("row", DType.F32, 12)).mul(Tensors.input("column", DType.F32, 8, 1)));
        String text = four.text();
        assertTrue(text.contains("ld.global.v4.f32") && text.contains("st.global.v4.f32"), text);
        Chains one = new Chains();
        add(one, Tensors.input("x", DType.F32, 8, 13).add(Tensors.input("row", DType.F32, 13)));
        assertFalse(one.text().contains(".v4."), one.text());
    }

    @Test
    void shortFunctionsAreWrittenOutLongOnesCalled() {
        Chains c = new Chains();
        add(c, Tensors.input("x", DType.F32, 64).tanh().exp());
        assertFalse(c.text().contains("call"), c.text());
        Chains d = new Chains();
        add(d, Tensors.input("x", DType.F32, 64).lgamma());
        assertTrue(d.text().contains("call.uni (y), am_lgamma_f32"), d.text());
    }
}
