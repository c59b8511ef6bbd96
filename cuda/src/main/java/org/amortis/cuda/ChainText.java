package org.amortis.cuda;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.amortis.array.DType;
import org.amortis.spi.Instruction;
import org.amortis.tensor.Binary;
import org.amortis.tensor.Cast;
import org.amortis.tensor.Compare;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Logical;
import org.amortis.tensor.ParamUnary;
import org.amortis.tensor.Unary;
import org.amortis.tensor.Where;

/**
 * Operations of a fused group as PTX: plain instructions where the hardware rounds correctly, functions of scalar.cu
 * otherwise. Truth values are predicates. Nothing is contracted, so sums and products have the bits of the processor's.
 */
final class ChainText {
    private final StringBuilder text = new StringBuilder();
    private final Set<String> called = new LinkedHashSet<>();
    private final Functions functions;
    private int values;
    private int uses;

    ChainText(Functions functions) {
        this.functions = functions;
    }

    /** The body so far, with the registers it declares. */
    String text() {
        return text.toString();
    }

    Set<String> called() {
        return called;
    }

    @SuppressWarnings("AnnotateFormatMethod")
    void line(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    /** A fresh register for values of a type. */
    String fresh(DType type) {
        String name = "%v" + values++;
        line(".reg .%s %s;", register(type), name);
        return name;
    }

    static String register(DType type) {
        return switch (type) {
            case F32 -> "f32";
            case F64 -> "f64";
            case I32 -> "b32";
            case BOOL -> "pred";
            case KEY -> "b64";
        };
    }

    private static String suffix(DType type) {
        return switch (type) {
            case F32 -> "f32";
            case F64 -> "f64";
            default -> "i32";
        };
    }

    private static String ptx(DType type) {
        return switch (type) {
            case F32 -> "f32";
            case F64 -> "f64";
            default -> "s32";
        };
    }

    private static String move(DType type) {
        return type == DType.I32 ? "b32" : ptx(type);
    }

    /** A number of a type as PTX writes it. */
    static String constant(DType type, double value) {
        return switch (type) {
            case F32 -> String.format(Locale.ROOT, "0f%08X", Float.floatToRawIntBits((float) value));
            case F64 -> String.format(Locale.ROOT, "0d%016X", Double.doubleToRawLongBits(value));
            default -> Integer.toString((int) value);
        };
    }

    /** A register that holds a number. */
    String immediate(DType type, double value) {
        if (type == DType.BOOL) {
            String p = fresh(type);
            line("setp.ne.s32 %s, %d, 0;", p, value != 0 ? 1 : 0);
            return p;
        }
        String r = fresh(type);
        line("mov.%s %s, %s;", move(type), r, constant(type, value));
        return r;
    }

    private String call(String name, DType result, List<String> arguments, List<String> types) {
        String y = fresh(result);
        String t = result == DType.I32 ? "b32" : ptx(result);
        functions.use(name, y, t, arguments, types, uses++, text, called);
        return y;
    }

    private String plain(String instruction, DType result, List<String> x) {
        String y = fresh(result);
        line("%s %s, %s;", instruction, y, String.join(", ", x));
        return y;
    }

    /** One operation on registers. */
    String apply(Instruction.MicroOp m, List<String> x) {
        DType result = m.node().result(0).dtype();
        DType first = m.node().operand(0).dtype();
        return switch (m.op()) {
            case Unary u -> unary(u, result, x);
            case Binary b -> binary(b, result, x);
            case ParamUnary p -> param(p, result, x);
            case Compare c -> {
                boolean unordered = c == Compare.NE && first.isFloat();
                String test = c.name().toLowerCase(Locale.ROOT) + (unordered ? "u" : "");
                if (first == DType.BOOL) {
                    yield compareTruths(c, x);
                }
                yield plain("setp." + test + "." + ptx(first), DType.BOOL, x);
            }
            case Logical l ->
                plain((l == Logical.NOT ? "not" : l.name().toLowerCase(Locale.ROOT)) + ".pred", DType.BOOL, x);
            case Where w -> where(result, x);
            case Cast c -> cast(first, result, x.get(0));
        };
    }

    private String compareTruths(Compare c, List<String> x) {
        List<String> words = new ArrayList<>();
        for (String p : x) {
            words.add(word(p));
        }
        return plain("setp." + c.name().toLowerCase(Locale.ROOT) + ".s32", DType.BOOL, words);
    }

    /** A truth value as 0 or 1. */
    String word(String predicate) {
        String w = fresh(DType.I32);
        line("selp.b32 %s, 1, 0, %s;", w, predicate);
        return w;
    }

    private String where(DType result, List<String> x) {
        if (result == DType.BOOL) {
            String w = fresh(DType.I32);
            line("selp.b32 %s, %s, %s, %s;", w, word(x.get(1)), word(x.get(2)), x.get(0));
            return plain("setp.ne.s32", DType.BOOL, List.of(w, "0"));
        }
        String y = fresh(result);
        line("selp.%s %s, %s, %s, %s;", move(result), y, x.get(1), x.get(2), x.get(0));
        return y;
    }

    private String cast(DType from, DType to, String x) {
        if (from == to) {
            return x;
        }
        if (from == DType.BOOL) {
            String y = fresh(to);
            line("selp.%s %s, %s, %s, %s;", move(to), y, constant(to, 1), constant(to, 0), x);
            return y;
        }
        return switch (to) {
            case BOOL ->
                plain(
                        from.isFloat() ? "setp.neu." + ptx(from) : "setp.ne.s32",
                        DType.BOOL,
                        List.of(x, constant(from, 0)));
            case F32 -> plain("cvt.rn.f32." + ptx(from), to, List.of(x));
            case F64 -> plain(from == DType.F32 ? "cvt.f64.f32" : "cvt.rn.f64.s32", to, List.of(x));
            case I32 ->
                from == DType.F32
                        ? plain("cvt.rzi.s32.f32", to, List.of(x))
                        : call("am_cast_f64_i32", to, List.of(x), List.of("f64"));
            case KEY -> throw new IllegalStateException("keys are not numbers");
        };
    }

    private String unary(Unary u, DType t, List<String> x) {
        String p = ptx(t);
        if (!t.isFloat()) {
            return switch (u) {
                case NEG -> plain("neg.s32", t, x);
                case ABS -> plain("abs.s32", t, x);
                case SQUARE -> plain("mul.lo.s32", t, List.of(x.get(0), x.get(0)));
                default -> call("am_" + u.name().toLowerCase(Locale.ROOT) + "_i32", t, x, List.of("b32"));
            };
        }
        return switch (u) {
            case NEG -> plain("neg." + p, t, x);
            case ABS -> plain("abs." + p, t, x);
            case SQUARE -> plain("mul.rn." + p, t, List.of(x.get(0), x.get(0)));
            case RECIPROCAL -> plain("rcp.rn." + p, t, x);
            case SQRT -> plain("sqrt.rn." + p, t, x);
            default -> call("am_" + u.name().toLowerCase(Locale.ROOT) + "_" + suffix(t), t, x, List.of(p));
        };
    }

    private String binary(Binary b, DType t, List<String> x) {
        String p = ptx(t);
        boolean f = t.isFloat();
        return switch (b) {
            case ADD -> plain(f ? "add.rn." + p : "add.s32", t, x);
            case SUB -> plain(f ? "sub.rn." + p : "sub.s32", t, x);
            case MUL -> plain(f ? "mul.rn." + p : "mul.lo.s32", t, x);
            case DIV -> f ? plain("div.rn." + p, t, x) : call("am_div_i32", t, x, List.of("b32", "b32"));
            case POW -> call("am_pow_" + suffix(t), t, x, f ? List.of(p, p) : List.of("b32", "b32"));
            case MIN, MAX -> {
                String name = b.name().toLowerCase(Locale.ROOT);
                yield f ? call("am_" + name + "_" + suffix(t), t, x, List.of(p, p)) : plain(name + ".s32", t, x);
            }
        };
    }

    private String param(ParamUnary u, DType t, List<String> x) {
        String p = ptx(t);
        return switch (u) {
            case ParamUnary.LeakyRelu r ->
                call("am_leaky_relu_" + p, t, List.of(x.get(0), constant(t, r.slope())), List.of(p, p));
            case ParamUnary.Elu r -> call("am_elu_" + p, t, List.of(x.get(0), constant(t, r.alpha())), List.of(p, p));
            case ParamUnary.Clamp r ->
                call(
                        "am_clamp_" + p,
                        t,
                        List.of(x.get(0), constant(t, r.low()), constant(t, r.high())),
                        List.of(p, p, p));
            case ParamUnary.Polygamma r ->
                call("am_polygamma_" + p, t, List.of(x.get(0), Integer.toString(r.n())), List.of(p, "b32"));
        };
    }

    /** Whether an operation can be part of a chain on the device. */
    static boolean known(ElementwiseOp op) {
        return !(op instanceof ParamUnary.Polygamma p) || p.n() <= 20;
    }
}
