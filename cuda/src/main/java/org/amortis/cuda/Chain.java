package org.amortis.cuda;

import java.util.List;
import java.util.Set;

/**
 * Sections as one generated kernel, each with blocks of its own. The text depends on shapes, strides and operations alone,
 * so the driver finds it in its cache.
 */
final class Chain {
    private final List<Section> sections;
    private final boolean gated;

    /**
     * A kernel.
     *
     * @param sections sections that do not depend on each other
     * @param gated whether nothing is written where a flag is not 0
     */
    Chain(List<Section> sections, boolean gated) {
        this.sections = List.copyOf(sections);
        this.gated = gated;
    }

    private int pointers() {
        return sections.stream().mapToInt(s -> s.operands().size()).sum();
    }

    /** The kernel's text; NAME stands for its name. */
    String text(Functions functions, Set<String> called) {
        ChainText t = new ChainText(functions);
        int shared = sections.stream().mapToInt(Section::shared).max().orElse(0);
        t.line(".visible .entry NAME(");
        t.line(".param .align 8 .b8 NAME_param_0[%d]", 8 * (pointers() + (gated ? 1 : 0)));
        t.line(")");
        t.line("{");
        if (shared > 0) {
            t.line(".shared .align 8 .b8 part[%d];", shared);
        }
        t.line(".reg .pred %%q;");
        t.line(".reg .b32 %%block, %%g;");
        if (gated) {
            t.line(".reg .b64 %%gate;");
            t.line("ld.param.u64 %%gate, [NAME_param_0+%d];", 8 * pointers());
            t.line("cvta.to.global.u64 %%gate, %%gate;");
            t.line("ld.global.u32 %%g, [%%gate];");
            t.line("setp.ne.s32 %%q, %%g, 0;");
            t.line("@%%q bra DONE;");
        }
        t.line("mov.u32 %%block, %%ctaid.x;");
        int first = 0;
        for (int k = 0; k < sections.size(); k++) {
            Section s = sections.get(k);
            boolean last = k == sections.size() - 1;
            if (!last) {
                t.line("setp.ge.s32 %%q, %%block, %d;", s.blocks());
                t.line("@%%q bra NEXT%d;", k);
            }
            s.text(t, k, first);
            if (!last) {
                t.line("bra DONE;");
                t.line("NEXT%d:", k);
                t.line("sub.s32 %%block, %%block, %d;", s.blocks());
            }
            first += 8 * s.operands().size();
        }
        t.line("DONE:");
        t.line("ret;");
        t.line("}");
        called.addAll(t.called());
        return t.text();
    }

    /** The launch. */
    Launch launch(String name, Addresses memory, long gate) {
        Args a = new Args();
        int blocks = 0;
        for (Section s : sections) {
            s.operands().forEach(o -> a.pointer(memory.of(o.base())));
            blocks += s.blocks();
        }
        if (gated) {
            a.pointer(gate);
        }
        return new Launch(Launch.CHAINS, name, blocks, 1, 1, Section.THREADS, 1, a.bytes());
    }
}
