package org.amortis.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.spi.Instruction;
import org.amortis.spi.View;

/**
 * A fused group as one generated kernel. One float4 a thread where the innermost axis allows it; sums over trailing axes in
 * a fixed order: elements of a thread, lanes of a warp, warps of a block, blocks. The text depends on shapes, strides and
 * operations alone, so the driver finds it in its cache.
 */
final class Chain {
    private static final int THREADS = 256;

    /** Rows at least so long are shared by a block instead of a warp. */
    private static final int BLOCK_ROW = 512;

    /** Blocks that share a long row when there are few rows: as many as keep a large card busy. */
    private static final int SHARERS = 264;

    private final Instruction.Fused group;
    private final long[] addresses;
    private final int[] dims;
    private final int[][] strides;
    private final int size;
    private final int row;
    private final boolean sums;
    private final int width;
    private final int lanes;
    private final int sharers;
    private final int piece;
    private final boolean gated;
    private final int given;
    private String value = "";

    /**
     * A group bound to memory.
     *
     * @param group the group
     * @param memory where views lie
     * @param gated whether nothing is written where a flag is not 0
     */
    Chain(Instruction.Fused group, Addresses memory, boolean gated) {
        this(group, memory, gated, -1);
    }

    /** A group that is computed where one of its inputs is: that input is no memory but a value. */
    static Chain behind(Instruction.Fused group, Addresses memory, int given) {
        return new Chain(group, memory, false, given);
    }

    private Chain(Instruction.Fused group, Addresses memory, boolean gated, int given) {
        this.group = group;
        this.given = given;
        this.gated = gated;
        this.size = group.shape().size();
        this.sums = !group.sums().isEmpty();
        this.row = sums ? size / group.sums().get(0).to().size() : size;
        int n = group.in().size();
        this.addresses = new long[n + group.out().size()];
        int[][] s = new int[n + 1][];
        for (int i = 0; i < n; i++) {
            addresses[i] = memory.of(group.in().get(i).view());
            s[i] = group.in().get(i).strides().toArray();
        }
        for (int i = 0; i < group.out().size(); i++) {
            addresses[n + i] = memory.of(group.out().get(i));
        }
        // the last list keeps what is joined contiguous in the group's own order, and rows apart
        s[n] = group.shape().strides();
        int[][] joined = split(group.shape().toArray(), s);
        this.dims = joined[0];
        this.strides = Arrays.copyOfRange(joined, 1, n + 1);
        this.width = given < 0 && vector() ? 4 : 1;
        this.lanes = !sums || row >= BLOCK_ROW ? THREADS : 32;
        int rows = row == 0 ? 0 : size / row;
        int turns = (row + lanes * width - 1) / (lanes * width);
        this.sharers = sums && lanes == THREADS && rows < SHARERS
                ? Math.max(1, Math.min(SHARERS / Math.max(1, rows), (turns + 3) / 4))
                : 1;
        this.piece = sums ? (turns + sharers - 1) / sharers * lanes * width : 0;
    }

    /** Joins axes of the rows and axes inside a row apart. */
    private int[][] split(int[] d, int[][] s) {
        int inside = d.length;
        for (int n = 1; sums && inside > 0 && n < row; ) {
            inside--;
            n *= d[inside];
        }
        if (!sums) {
            return Args.joined(d, s);
        }
        int cut = inside;
        int[][] head = Args.joined(
                Arrays.copyOf(d, cut),
                Arrays.stream(s).map(x -> Arrays.copyOf(x, cut)).toArray(int[][]::new));
        int[][] tail = Args.joined(
                Arrays.copyOfRange(d, cut, d.length),
                Arrays.stream(s).map(x -> Arrays.copyOfRange(x, cut, x.length)).toArray(int[][]::new));
        int[][] r = new int[head.length][];
        for (int k = 0; k < r.length; k++) {
            r[k] = Arrays.copyOf(head[k], head[k].length + tail[k].length);
            System.arraycopy(tail[k], 0, r[k], head[k].length, tail[k].length);
        }
        return r;
    }

    private boolean vector() {
        int inner = dims.length == 0 ? 1 : dims[dims.length - 1];
        boolean ok = inner % 4 == 0 && (!sums || row % 4 == 0);
        for (Instruction.FusedInput i : group.in()) {
            ok &= i.view().type().dtype().bytes() == 4;
        }
        for (Instruction.MicroOp m : group.micro()) {
            ok &= m.node().result(0).dtype().bytes() == 4;
        }
        for (int i = group.in().size(); i < addresses.length; i++) {
            ok &= addresses[i] % 16 == 0;
        }
        return ok;
    }

    /** Whether four elements of an input are one load. */
    private boolean loadsFour(int input) {
        int[] s = strides[input];
        int last = s.length - 1;
        boolean ok = last >= 0 && s[last] == 1 && addresses[input] % 16 == 0;
        for (int a = 0; a < last; a++) {
            ok &= s[a] % 4 == 0;
        }
        return ok;
    }

    /** Blocks that share a row; with more than one, sums go to a workspace and are added by another kernel. */
    int sharers() {
        return sharers;
    }

    /** Rows that are summed. */
    int rows() {
        return sums && row > 0 ? size / row : 0;
    }

    /** The kernel's text without its name. */
    String text(Functions functions, Set<String> called) {
        ChainText t = new ChainText(functions);
        int n = group.in().size();
        int outs = group.out().size();
        int results = group.sums().size();
        int pointers = n + outs + results;
        t.line(".reg .pred %%p, %%q;");
        t.line(".reg .b32 %%i, %%t, %%u, %%w, %%e, %%row, %%lane, %%end;");
        t.line(".reg .b64 %%a, %%o;");
        for (int i = 0; i < pointers; i++) {
            t.line(".reg .b64 %%x%d;", i);
            t.line("ld.param.u64 %%x%d, [NAME_param_0+%d];", i, 8 * i);
            t.line("cvta.to.global.u64 %%x%d, %%x%d;", i, i);
        }
        if (gated) {
            t.line("ld.param.u64 %%a, [NAME_param_0+%d];", 8 * pointers);
            t.line("cvta.to.global.u64 %%a, %%a;");
            t.line("ld.global.u32 %%t, [%%a];");
            t.line("setp.ne.s32 %%p, %%t, 0;");
            t.line("@%%p bra DONE;");
        }
        t.line("mov.u32 %%t, %%tid.x;");
        t.line("mov.u32 %%u, %%ctaid.x;");
        if (!sums) {
            t.line("mad.lo.s32 %%i, %%u, %d, %%t;", THREADS);
            if (width > 1) {
                t.line("shl.b32 %%i, %%i, 2;");
            }
            t.line("setp.ge.s32 %%p, %%i, %d;", size);
            t.line("@%%p bra DONE;");
            element(t, List.of());
        } else {
            summed(t, results, n + outs);
        }
        called.addAll(t.called());
        StringBuilder b = new StringBuilder();
        b.append(".visible .entry NAME(\n.param .align 8 .b8 NAME_param_0[")
                .append(8 * (pointers + (gated ? 1 : 0)))
                .append("]\n)\n{\n");
        if (sums && lanes == THREADS) {
            b.append(".shared .align 8 .b8 part[").append(8 * 8 * results).append("];\n");
        }
        return b.append(t.text()).append("DONE:\nret;\n}\n").toString();
    }

    /**
     * The operations as a block that stands in a kernel.
     *
     * @param functions scalar functions
     * @param called takes those that are called
     * @param kernel name of the kernel
     * @param first place of the addresses in its parameters
     * @param value register of the value
     * @param position register of its position
     */
    String block(Functions functions, Set<String> called, String kernel, int first, String value, String position) {
        ChainText t = new ChainText(functions);
        t.line("{");
        t.line(".reg .b32 %%i, %%u, %%w, %%e;");
        t.line(".reg .b64 %%a, %%o;");
        for (int i = 0; i < addresses.length; i++) {
            if (i != given) {
                t.line(".reg .b64 %%x%d;", i);
                t.line("ld.param.u64 %%x%d, [%s_param_0+%d];", i, kernel, first + 8 * i);
                t.line("cvta.to.global.u64 %%x%d, %%x%d;", i, i);
            }
        }
        t.line("mov.u32 %%i, %s;", position);
        this.value = value;
        element(t, List.of());
        t.line("}");
        called.addAll(t.called());
        return t.text();
    }

    /** Addresses of inputs and outputs. */
    long[] addresses() {
        return addresses.clone();
    }

    /** Elements from %i on: loads, operations, stores, and sums into registers. */
    private void element(ChainText t, List<String> sumRegisters) {
        List<List<String>> inputs = new ArrayList<>();
        for (int i = 0; i < group.in().size(); i++) {
            inputs.add(load(t, i));
        }
        String[][] registers = new String[group.registers()][];
        for (Instruction.MicroOp m : group.micro()) {
            String[] y = new String[width];
            for (int l = 0; l < width; l++) {
                List<String> x = new ArrayList<>();
                for (int k = 0; k < m.operands().size(); k++) {
                    x.add(
                            switch (m.operands().get(k)) {
                                case Instruction.Source.Register r -> registers[r.index()][l];
                                case Instruction.Source.Input in ->
                                    inputs.get(in.index()).get(l);
                                case Instruction.Source.Immediate c ->
                                    t.immediate(m.node().operand(k).dtype(), c.value());
                            });
                }
                y[l] = t.apply(m, x);
            }
            registers[m.target()] = y;
        }
        for (int o = 0; o < group.out().size(); o++) {
            store(
                    t,
                    group.in().size() + o,
                    group.out().get(o),
                    registers[group.outRegisters().get(o)]);
        }
        for (int s = 0; s < sumRegisters.size(); s++) {
            String[] v = registers[group.sums().get(s).register()];
            String f = ChainText.register(group.sums().get(s).to().type().dtype());
            String acc = sumRegisters.get(s);
            if (width == 4) {
                String a = t.fresh(DType.F32);
                String b = t.fresh(DType.F32);
                t.line("add.rn.f32 %s, %s, %s;", a, v[0], v[1]);
                t.line("add.rn.f32 %s, %s, %s;", b, v[2], v[3]);
                t.line("add.rn.f32 %s, %s, %s;", a, a, b);
                t.line("add.rn.f32 %s, %s, %s;", acc, acc, a);
            } else {
                t.line("add.rn.%s %s, %s, %s;", f, acc, acc, v[0]);
            }
        }
    }

    /** Offset of element %i in an input into %o, in bytes. */
    private void offset(ChainText t, int input, int bytes) {
        int[] s = strides[input];
        t.line("mov.u32 %%w, %%i;");
        t.line("mov.u32 %%e, 0;");
        boolean any = false;
        for (int a = dims.length - 1; a >= 0; a--) {
            boolean rest = false;
            for (int b = 0; b < a; b++) {
                rest |= s[b] != 0;
            }
            if (s[a] != 0) {
                any = true;
                if (a == 0) {
                    t.line("mad.lo.s32 %%e, %%w, %d, %%e;", s[a]);
                } else {
                    t.line("rem.u32 %%u, %%w, %d;", dims[a]);
                    t.line("mad.lo.s32 %%e, %%u, %d, %%e;", s[a]);
                }
            }
            if (!rest) {
                break;
            }
            t.line("div.u32 %%w, %%w, %d;", dims[a]);
        }
        if (any) {
            t.line("mul.wide.s32 %%o, %%e, %d;", bytes);
        } else {
            t.line("mov.u64 %%o, 0;");
        }
        t.line("add.s64 %%a, %%x%d, %%o;", input);
    }

    private static String memory(DType type) {
        return switch (type) {
            case F32 -> "f32";
            case F64 -> "f64";
            default -> "b32";
        };
    }

    private List<String> load(ChainText t, int input) {
        if (input == given) {
            return List.of(value);
        }
        DType type = group.in().get(input).view().type().dtype();
        DType carrier = type == DType.BOOL ? DType.I32 : type;
        offset(t, input, type.bytes());
        int[] s = strides[input];
        int inner = s.length == 0 ? 0 : s[s.length - 1];
        List<String> raw = new ArrayList<>();
        int loads = inner == 0 ? 1 : width;
        for (int l = 0; l < loads; l++) {
            raw.add(t.fresh(carrier));
        }
        if (loads == 4 && loadsFour(input)) {
            t.line("ld.global.v4.%s {%s}, [%%a];", memory(type), String.join(", ", raw));
        } else {
            for (int l = 0; l < loads; l++) {
                t.line("ld.global.%s %s, [%%a+%d];", memory(type), raw.get(l), l * inner * type.bytes());
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
        return r;
    }

    private void store(ChainText t, int pointer, View to, String[] registers) {
        DType type = to.type().dtype();
        List<String> v = new ArrayList<>();
        for (String x : registers) {
            v.add(type == DType.BOOL ? t.word(x) : x);
        }
        t.line("mul.wide.s32 %%o, %%i, %d;", type.bytes());
        t.line("add.s64 %%a, %%x%d, %%o;", pointer);
        if (width == 4) {
            t.line("st.global.v4.%s [%%a], {%s};", memory(type), String.join(", ", v));
        } else {
            t.line("st.global.%s [%%a], %s;", memory(type), v.get(0));
        }
    }

    private void summed(ChainText t, int results, int firstPointer) {
        int rows = size / row;
        if (lanes == 32) {
            t.line("shr.u32 %%w, %%t, 5;");
            t.line("mad.lo.s32 %%row, %%u, %d, %%w;", THREADS / 32);
            t.line("and.b32 %%lane, %%t, 31;");
            t.line("setp.ge.s32 %%p, %%row, %d;", rows);
            t.line("@%%p bra DONE;");
        } else {
            t.line("mov.u32 %%row, %%u;");
            t.line("mov.u32 %%lane, %%t;");
        }
        List<String> acc = new ArrayList<>();
        for (int s = 0; s < results; s++) {
            acc.add(t.immediate(group.sums().get(s).to().type().dtype(), 0));
        }
        t.line("mul.lo.s32 %%i, %%row, %d;", row);
        t.line("add.s32 %%end, %%i, %d;", row);
        if (sharers > 1) {
            t.line(".reg .b32 %%part;");
            t.line("mov.u32 %%part, %%ctaid.y;");
            t.line("mad.lo.s32 %%i, %%part, %d, %%i;", piece);
            t.line("add.s32 %%w, %%i, %d;", piece);
            t.line("min.s32 %%end, %%end, %%w;");
        }
        t.line("mad.lo.s32 %%i, %%lane, %d, %%i;", width);
        t.line("LOOP:");
        t.line("setp.ge.s32 %%p, %%i, %%end;");
        t.line("@%%p bra SUMS;");
        element(t, acc);
        t.line("add.s32 %%i, %%i, %d;", lanes * width);
        t.line("bra LOOP;");
        t.line("SUMS:");
        for (int s = 0; s < results; s++) {
            lanesOf(t, acc.get(s), group.sums().get(s).to().type().dtype());
        }
        if (lanes == THREADS) {
            blockOf(t, acc);
        } else {
            t.line("setp.ne.s32 %%p, %%lane, 0;");
            t.line("@%%p bra DONE;");
        }
        for (int s = 0; s < results; s++) {
            DType type = group.sums().get(s).to().type().dtype();
            if (sharers > 1) {
                t.line("mad.lo.s32 %%w, %%part, %d, %%row;", rows);
                t.line("mul.wide.s32 %%o, %%w, %d;", type.bytes());
            } else {
                t.line("mul.wide.s32 %%o, %%row, %d;", type.bytes());
            }
            t.line("add.s64 %%a, %%x%d, %%o;", firstPointer + s);
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
    private void blockOf(ChainText t, List<String> acc) {
        t.line("and.b32 %%w, %%t, 31;");
        t.line("shr.u32 %%u, %%t, 5;");
        t.line("mov.u32 %%e, part;");
        t.line("mad.lo.s32 %%u, %%u, 8, %%e;");
        t.line("setp.ne.s32 %%p, %%w, 0;");
        t.line("@%%p bra WAIT;");
        for (int s = 0; s < acc.size(); s++) {
            t.line("st.shared.%s [%%u+%d], %s;", memory(type(s)), 64 * s, acc.get(s));
        }
        t.line("WAIT:");
        t.line("bar.sync 0;");
        t.line("setp.ne.s32 %%p, %%t, 0;");
        t.line("@%%p bra DONE;");
        for (int s = 0; s < acc.size(); s++) {
            for (int w = 1; w < THREADS / 32; w++) {
                String v = t.fresh(type(s));
                t.line("ld.shared.%s %s, [part+%d];", memory(type(s)), v, 64 * s + 8 * w);
                t.line("add.rn.%s %s, %s, %s;", memory(type(s)), acc.get(s), acc.get(s), v);
            }
        }
    }

    private DType type(int sum) {
        return group.sums().get(sum).to().type().dtype();
    }

    /** The launch. Sums go to the addresses given: those of the group, or a workspace of sharers times rows each. */
    Launch launch(String name, long[] sumAddresses, long gate) {
        Args a = new Args().pointers(addresses).pointers(sumAddresses);
        if (gated) {
            a.pointer(gate);
        }
        int rows = rows();
        int blocks = !sums
                ? (size / width + THREADS - 1) / THREADS
                : lanes == 32 ? (rows + THREADS / 32 - 1) / (THREADS / 32) : rows;
        return new Launch(Launch.CHAINS, name, blocks, sharers, 1, THREADS, 1, a.bytes());
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s width=%d lanes=%d sharers=%d", group.shape(), width, lanes, sharers);
    }
}
