package org.amortis.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.array.DType;
import org.amortis.spi.Instruction;

/**
 * Parts over the same positions, one after the other in each thread. One float4 a thread where all of them allow it; sums
 * over rows in a fixed order: elements of a thread, lanes of a warp, warps of a block, blocks. What one part stored the next
 * has in registers.
 */
final class Section {
    static final int THREADS = 256;

    private final List<Part> parts;
    private final int size;
    private final int row;
    private final int sharers;
    private final boolean sums;
    private final int width;
    private final int lanes;
    private final int piece;

    /** Registers of what was loaded or stored at the position so far. */
    private final Map<String, List<String>> held = new HashMap<>();

    /**
     * A section.
     *
     * @param parts its parts in order, which depend on each other at the same position alone
     */
    Section(List<Part> parts) {
        this(parts, parts.stream().allMatch(Part::fours) ? 4 : 1);
    }

    private Section(List<Part> parts, int width) {
        this.parts = List.copyOf(parts);
        this.width = width;
        Part shape = parts.get(0);
        for (Part p : parts) {
            shape = p.sums().isEmpty() ? shape : p;
        }
        this.size = shape.size();
        this.row = shape.row();
        this.sharers = shape.sharers();
        this.sums = !shape.sums().isEmpty();
        this.lanes = !sums || row >= Parts.BLOCK_ROW ? THREADS : 32;
        int turns = (row + lanes * width - 1) / (lanes * width);
        this.piece = sums ? (turns + sharers - 1) / sharers * lanes * width : 0;
    }

    /** Parts that are computed where a product is, one position a thread. */
    static Section behind(List<Part> parts) {
        return new Section(parts, 1);
    }

    List<Part> parts() {
        return parts;
    }

    /** Memory that is touched, in the order of the kernel's pointers. */
    List<Operand> operands() {
        List<Operand> r = new ArrayList<>();
        for (Part p : parts) {
            r.addAll(p.in());
            r.addAll(p.out());
            p.sums().forEach(s -> r.add(s.to()));
        }
        return r;
    }

    private int rows() {
        return size / row;
    }

    private int rowBlocks() {
        return lanes == 32 ? (rows() + THREADS / 32 - 1) / (THREADS / 32) : rows();
    }

    /** Blocks of threads it takes. */
    int blocks() {
        return sums ? rowBlocks() * sharers : (size / width + THREADS - 1) / THREADS;
    }

    /** Bytes of shared memory it takes. */
    int shared() {
        int n = parts.stream().mapToInt(p -> p.sums().size()).sum();
        return sums && lanes == THREADS ? n * THREADS / 32 * 8 : 0;
    }

    /**
     * Its text.
     *
     * @param t takes the lines
     * @param number of the section in its kernel
     * @param first place of its pointers in the kernel's parameters
     */
    void text(ChainText t, int number, int first) {
        held.clear();
        t.line("{");
        t.line(".reg .pred %%p;");
        t.line(".reg .b32 %%i, %%t, %%u, %%w, %%e, %%row, %%lane, %%end, %%part;");
        t.line(".reg .b64 %%a, %%o;");
        pointers(t, "NAME", first);
        t.line("mov.u32 %%t, %%tid.x;");
        if (!sums) {
            t.line("mad.lo.s32 %%i, %%block, %d, %%t;", THREADS);
            if (width > 1) {
                t.line("shl.b32 %%i, %%i, 2;");
            }
            t.line("setp.ge.s32 %%p, %%i, %d;", size);
            t.line("@%%p bra DONE;");
            elements(t, List.of());
        } else {
            summed(t, number);
        }
        t.line("}");
    }

    /**
     * The operations as a block that stands in a kernel of products.
     *
     * @param t takes the lines
     * @param kernel name of the kernel
     * @param first place of the pointers in its parameters
     * @param product what the kernel computes
     * @param value register of it
     * @param position register of its position
     */
    void block(ChainText t, String kernel, int first, Operand product, String value, String position) {
        held.clear();
        t.line("{");
        t.line(".reg .b32 %%i, %%u, %%w, %%e;");
        t.line(".reg .b64 %%a, %%o;");
        pointers(t, kernel, first);
        t.line("mov.u32 %%i, %s;", position);
        held.put(key(product), List.of(value));
        elements(t, List.of());
        t.line("}");
    }

    private void pointers(ChainText t, String kernel, int first) {
        int n = operands().size();
        for (int i = 0; i < n; i++) {
            t.line(".reg .b64 %%x%d;", i);
            t.line("ld.param.u64 %%x%d, [%s_param_0+%d];", i, kernel, first + 8 * i);
            t.line("cvta.to.global.u64 %%x%d, %%x%d;", i, i);
        }
    }

    private static String key(Operand o) {
        return o.toString();
    }

    /** Positions from %i on: loads, operations, stores, and sums into registers. */
    private void elements(ChainText t, List<String> accumulators) {
        int pointer = 0;
        int sum = 0;
        for (Part p : parts) {
            List<List<String>> inputs = new ArrayList<>();
            for (Operand o : p.in()) {
                inputs.add(load(t, o, pointer++));
            }
            String[][] registers = new String[p.registers()][];
            for (Instruction.MicroOp m : p.micro()) {
                String[] y = new String[width];
                for (int l = 0; l < width; l++) {
                    List<String> x = new ArrayList<>();
                    for (int k = 0; k < m.operands().size(); k++) {
                        x.add(value(t, m.operands().get(k), m.node().operand(k).dtype(), registers, inputs, l));
                    }
                    y[l] = t.apply(m, x);
                }
                registers[m.target()] = y;
            }
            for (int o = 0; o < p.out().size(); o++) {
                List<String> v = new ArrayList<>();
                for (int l = 0; l < width; l++) {
                    v.add(value(t, p.values().get(o), p.out().get(o).type(), registers, inputs, l));
                }
                store(t, p.out().get(o), pointer++, v);
            }
            for (Part.Sum s : p.sums()) {
                pointer++;
                String[] v = new String[width];
                for (int l = 0; l < width; l++) {
                    v[l] = value(t, s.from(), s.to().type(), registers, inputs, l);
                }
                accumulate(t, accumulators.get(sum++), s.to().type(), v);
            }
        }
    }

    private static String value(
            ChainText t,
            Instruction.Source from,
            DType type,
            String[][] registers,
            List<List<String>> inputs,
            int element) {
        return switch (from) {
            case Instruction.Source.Register r -> registers[r.index()][element];
            case Instruction.Source.Input in -> inputs.get(in.index()).get(element);
            case Instruction.Source.Immediate c -> t.immediate(type, c.value());
        };
    }

    private static void accumulate(ChainText t, String to, DType type, String[] v) {
        if (v.length == 4) {
            String a = t.fresh(DType.F32);
            String b = t.fresh(DType.F32);
            t.line("add.rn.f32 %s, %s, %s;", a, v[0], v[1]);
            t.line("add.rn.f32 %s, %s, %s;", b, v[2], v[3]);
            t.line("add.rn.f32 %s, %s, %s;", a, a, b);
            t.line("add.rn.f32 %s, %s, %s;", to, to, a);
        } else {
            t.line("add.rn.%s %s, %s, %s;", ChainText.register(type), to, to, v[0]);
        }
    }

    /** Address of position %i of an operand into %a. */
    private static void address(ChainText t, Operand o, int pointer) {
        int[] s = o.strides();
        int[] d = o.dims();
        t.line("mov.u32 %%w, %%i;");
        t.line("mov.u32 %%e, 0;");
        boolean any = false;
        for (int a = d.length - 1; a >= 0; a--) {
            boolean rest = false;
            for (int b = 0; b < a; b++) {
                rest |= s[b] != 0;
            }
            if (s[a] != 0) {
                any = true;
                if (a == 0) {
                    t.line("mad.lo.s32 %%e, %%w, %d, %%e;", s[a]);
                } else {
                    t.line("rem.u32 %%u, %%w, %d;", d[a]);
                    t.line("mad.lo.s32 %%e, %%u, %d, %%e;", s[a]);
                }
            }
            if (!rest) {
                break;
            }
            t.line("div.u32 %%w, %%w, %d;", d[a]);
        }
        if (any) {
            t.line("mul.wide.s32 %%o, %%e, %d;", o.type().bytes());
        } else {
            t.line("mov.u64 %%o, 0;");
        }
        t.line("add.s64 %%a, %%x%d, %%o;", pointer);
    }

    private static String memory(DType type) {
        return switch (type) {
            case F32 -> "f32";
            case F64 -> "f64";
            default -> "b32";
        };
    }

    private List<String> load(ChainText t, Operand o, int pointer) {
        List<String> known = held.get(key(o));
        if (known != null) {
            return known;
        }
        DType type = o.type();
        DType carrier = type == DType.BOOL ? DType.I32 : type;
        address(t, o, pointer);
        int loads = o.inner() == 0 ? 1 : width;
        List<String> raw = new ArrayList<>();
        for (int l = 0; l < loads; l++) {
            raw.add(t.fresh(carrier));
        }
        if (loads == 4 && o.foursAligned()) {
            t.line("ld.global.v4.%s {%s}, [%%a];", memory(type), String.join(", ", raw));
        } else {
            for (int l = 0; l < loads; l++) {
                t.line("ld.global.%s %s, [%%a+%d];", memory(type), raw.get(l), l * o.inner() * type.bytes());
            }
        }
        List<String> r = new ArrayList<>();
        for (String x : raw) {
            String v = x;
            if (type == DType.BOOL) {
                v = t.fresh(DType.BOOL);
                t.line("setp.ne.s32 %s, %s, 0;", v, x);
            }
            r.add(v);
        }
        while (r.size() < width) {
            r.add(r.get(0));
        }
        held.put(key(o), r);
        return r;
    }

    private void store(ChainText t, Operand o, int pointer, List<String> values) {
        DType type = o.type();
        List<String> v = new ArrayList<>();
        for (String x : values) {
            v.add(type == DType.BOOL ? t.word(x) : x);
        }
        address(t, o, pointer);
        if (width == 4) {
            t.line("st.global.v4.%s [%%a], {%s};", memory(type), String.join(", ", v));
        } else {
            t.line("st.global.%s [%%a], %s;", memory(type), v.get(0));
        }
        held.put(key(o), values);
    }

    private void summed(ChainText t, int number) {
        t.line("mov.u32 %%u, %%block;");
        if (sharers > 1) {
            t.line("div.u32 %%part, %%u, %d;", rowBlocks());
            t.line("rem.u32 %%u, %%u, %d;", rowBlocks());
        }
        if (lanes == 32) {
            t.line("shr.u32 %%w, %%t, 5;");
            t.line("mad.lo.s32 %%row, %%u, %d, %%w;", THREADS / 32);
            t.line("and.b32 %%lane, %%t, 31;");
            t.line("setp.ge.s32 %%p, %%row, %d;", rows());
            t.line("@%%p bra DONE;");
        } else {
            t.line("mov.u32 %%row, %%u;");
            t.line("mov.u32 %%lane, %%t;");
        }
        List<Operand> targets = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        int pointer = 0;
        for (Part p : parts) {
            pointer += p.in().size() + p.out().size();
            for (Part.Sum s : p.sums()) {
                targets.add(s.to());
                places.add(pointer++);
            }
        }
        List<String> acc = new ArrayList<>();
        for (Operand s : targets) {
            acc.add(t.immediate(s.type(), 0));
        }
        t.line("mul.lo.s32 %%i, %%row, %d;", row);
        t.line("add.s32 %%end, %%i, %d;", row);
        if (sharers > 1) {
            t.line("mad.lo.s32 %%i, %%part, %d, %%i;", piece);
            t.line("add.s32 %%w, %%i, %d;", piece);
            t.line("min.s32 %%end, %%end, %%w;");
        }
        t.line("mad.lo.s32 %%i, %%lane, %d, %%i;", width);
        t.line("LOOP%d:", number);
        t.line("setp.ge.s32 %%p, %%i, %%end;");
        t.line("@%%p bra SUMS%d;", number);
        elements(t, acc);
        t.line("add.s32 %%i, %%i, %d;", lanes * width);
        t.line("bra LOOP%d;", number);
        t.line("SUMS%d:", number);
        for (int s = 0; s < acc.size(); s++) {
            lanesOf(t, acc.get(s), targets.get(s).type());
        }
        if (lanes == THREADS) {
            blockOf(t, acc, targets, number);
        } else {
            t.line("setp.ne.s32 %%p, %%lane, 0;");
            t.line("@%%p bra DONE;");
        }
        for (int s = 0; s < acc.size(); s++) {
            DType type = targets.get(s).type();
            if (sharers > 1) {
                t.line("mad.lo.s32 %%w, %%part, %d, %%row;", rows());
                t.line("mul.wide.s32 %%o, %%w, %d;", type.bytes());
            } else {
                t.line("mul.wide.s32 %%o, %%row, %d;", type.bytes());
            }
            t.line("add.s64 %%a, %%x%d, %%o;", places.get(s));
            t.line("st.global.%s [%%a], %s;", memory(type), acc.get(s));
        }
    }

    /** Adds the lanes of a warp. */
    private static void lanesOf(ChainText t, String acc, DType type) {
        for (int d = 16; d > 0; d /= 2) {
            if (type == DType.F32) {
                String w = t.fresh(DType.I32);
                String v = t.fresh(DType.F32);
                t.line("mov.b32 %s, %s;", w, acc);
                t.line("shfl.sync.bfly.b32 %s, %s, %d, 31, -1;", w, w, d);
                t.line("mov.b32 %s, %s;", v, w);
                t.line("add.rn.f32 %s, %s, %s;", acc, acc, v);
            } else {
                String low = t.fresh(DType.I32);
                String high = t.fresh(DType.I32);
                String v = t.fresh(DType.F64);
                t.line("mov.b64 {%s, %s}, %s;", low, high, acc);
                t.line("shfl.sync.bfly.b32 %s, %s, %d, 31, -1;", low, low, d);
                t.line("shfl.sync.bfly.b32 %s, %s, %d, 31, -1;", high, high, d);
                t.line("mov.b64 %s, {%s, %s};", v, low, high);
                t.line("add.rn.f64 %s, %s, %s;", acc, acc, v);
            }
        }
    }

    /** Adds the warps of a block in thread 0. */
    private static void blockOf(ChainText t, List<String> acc, List<Operand> targets, int number) {
        t.line("and.b32 %%w, %%t, 31;");
        t.line("shr.u32 %%u, %%t, 5;");
        t.line("mov.u32 %%e, part;");
        t.line("mad.lo.s32 %%u, %%u, 8, %%e;");
        t.line("setp.ne.s32 %%p, %%w, 0;");
        t.line("@%%p bra WAIT%d;", number);
        for (int s = 0; s < acc.size(); s++) {
            t.line("st.shared.%s [%%u+%d], %s;", memory(targets.get(s).type()), 64 * s, acc.get(s));
        }
        t.line("WAIT%d:", number);
        t.line("bar.sync 0;");
        t.line("setp.ne.s32 %%p, %%t, 0;");
        t.line("@%%p bra DONE;");
        for (int s = 0; s < acc.size(); s++) {
            DType type = targets.get(s).type();
            for (int w = 1; w < THREADS / 32; w++) {
                String v = t.fresh(type);
                t.line("ld.shared.%s %s, [part+%d];", memory(type), v, 64 * s + 8 * w);
                t.line("add.rn.%s %s, %s, %s;", memory(type), acc.get(s), acc.get(s), v);
            }
        }
    }
}
