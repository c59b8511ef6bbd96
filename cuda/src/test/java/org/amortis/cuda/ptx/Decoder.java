package org.amortis.cuda.ptx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.amortis.cuda.ptx.Code.Instruction;
import org.amortis.cuda.ptx.Code.Kind;
import org.amortis.cuda.ptx.Code.Space;

/** Decodes statements: control, memory and exchange between threads here, arithmetic in {@link Arithmetic}. */
final class Decoder {
    private static final Pattern ADDRESS = Pattern.compile("\\[\\s*([%\\w$.]+)\\s*(?:\\+\\s*(-?\\d+))?\\s*\\]");
    private static final Pattern CALL =
            Pattern.compile("(?:\\(([^)]*)\\)\\s*,\\s*)?([\\w$]+)\\s*(?:,\\s*\\(([^)]*)\\))?", Pattern.DOTALL);

    private final Code code;
    private final Map<String, Long> globals;

    Decoder(Code code, Map<String, Long> globals) {
        this.code = code;
        this.globals = globals;
    }

    void decode(String statement) {
        String s = statement.replaceAll("\\s+", " ").trim();
        int guard = -1;
        boolean negated = false;
        if (s.startsWith("@")) {
            int space = s.indexOf(' ');
            negated = s.charAt(1) == '!';
            guard = code.slot(s.substring(negated ? 2 : 1, space));
            s = s.substring(space + 1).trim();
        }
        int space = s.indexOf(' ');
        String op = space < 0 ? s : s.substring(0, space);
        String rest = space < 0 ? "" : s.substring(space + 1).trim();
        Instruction i = instruction(s, op, rest);
        i.guard = guard;
        i.negated = negated;
        code.body.add(i);
    }

    @SuppressWarnings("RefactorSwitch")
    private Instruction instruction(String s, String op, String rest) {
        String[] p = op.split("\\.");
        switch (p[0]) {
            case "bra" -> {
                Instruction i = new Instruction(s, Kind.BRANCH);
                i.label = rest;
                return i;
            }
            case "ret", "exit" -> {
                return new Instruction(s, Kind.RETURN);
            }
            case "barrier" -> {
                if (p[1].equals("cluster")) {
                    return new Instruction(s, p[2].equals("arrive") ? Kind.CLUSTER_ARRIVE : Kind.CLUSTER_WAIT);
                }
                return new Instruction(s, op.contains("warp") ? Kind.WARP_BARRIER : Kind.BARRIER);
            }
            case "bar" -> {
                return new Instruction(s, op.contains("warp") ? Kind.WARP_BARRIER : Kind.BARRIER);
            }
            case "call" -> {
                return call(s, rest);
            }
            case "ld", "st", "ldu" -> {
                return memory(s, p, rest);
            }
            case "shfl" -> {
                Instruction i = new Instruction(s, Kind.SHUFFLE);
                List<String> o = operands(rest);
                String[] d = o.get(0).split("\\|");
                i.mode = p[2];
                i.registers = new int[] {
                    code.slot(d[0]),
                    d.length > 1 ? code.slot(d[1]) : -1,
                    operand(o.get(1), "b32"),
                    operand(o.get(2), "b32"),
                    operand(o.get(3), "b32"),
                    operand(o.get(4), "b32")
                };
                return i;
            }
            case "mma" -> {
                Instruction i = new Instruction(s, Kind.MULTIPLY);
                i.mode = TensorCore.form(op);
                i.registers = operands(rest).stream()
                        .flatMap(v -> names(v.replace("{", "").replace("}", "")).stream())
                        .mapToInt(x -> operand(x, "b32"))
                        .toArray();
                return i;
            }
            case "vote" -> {
                Instruction i = new Instruction(s, Kind.BALLOT);
                List<String> o = operands(rest);
                i.registers = new int[] {code.slot(o.get(0)), operand(o.get(1), "pred")};
                return i;
            }
            default -> {
                Instruction i = new Instruction(s, Kind.ALU);
                i.alu = new Arithmetic(this, code).decode(op, p, operands(rest));
                return i;
            }
        }
    }

    private Instruction call(String s, String rest) {
        Matcher m = CALL.matcher(rest);
        if (!m.find()) {
            throw new IllegalArgumentException(s);
        }
        Instruction i = new Instruction(s, Kind.CALL);
        i.callee = m.group(2);
        i.results = names(m.group(1));
        i.arguments = names(m.group(3));
        return i;
    }

    private static List<String> names(@org.jspecify.annotations.Nullable String list) {
        List<String> r = new ArrayList<>();
        if (list != null) {
            for (String x : list.split(",")) {
                if (!x.isBlank()) {
                    r.add(x.trim());
                }
            }
        }
        return r;
    }

    private Instruction memory(String s, String[] p, String rest) {
        boolean load = !p[0].equals("st");
        Instruction i = new Instruction(s, load ? Kind.LOAD : Kind.STORE);
        for (String x : p) {
            switch (x) {
                case "shared::cluster" -> i.space = Space.CLUSTER;
                case "shared", "shared::cta" -> i.space = Space.SHARED;
                case "local" -> i.space = Space.LOCAL;
                case "param" -> i.space = Space.PARAM;
                default -> {}
            }
        }
        String type = p[p.length - 1];
        i.bytes = Integer.parseInt(type.substring(1)) / 8;
        i.signed = type.charAt(0) == 's';
        List<String> o = operands(rest);
        String values = load ? o.get(0) : o.get(1);
        String address = load ? o.get(1) : o.get(0);
        List<String> each = names(values.replace("{", "").replace("}", ""));
        i.registers = each.stream().mapToInt(x -> operand(x, type)).toArray();
        Matcher m = ADDRESS.matcher(address);
        if (!m.matches()) {
            throw new IllegalArgumentException(s);
        }
        i.offset = m.group(2) == null ? 0 : Long.parseLong(m.group(2));
        String base = m.group(1);
        if (base.startsWith("%")) {
            i.base = code.slot(base);
        } else if (i.space == Space.GLOBAL) {
            i.offset += globals.get(base);
        } else {
            Integer at = code.places.get(base);
            if (at == null) {
                throw new IllegalArgumentException("no such name: " + s);
            }
            i.offset += at;
        }
        return i;
    }

    /** Operands at the outermost commas. */
    static List<String> operands(String rest) {
        List<String> r = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= rest.length(); i++) {
            char c = i == rest.length() ? ',' : rest.charAt(i);
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            if (c == ',' && depth == 0) {
                if (i > from) {
                    r.add(rest.substring(from, i).trim());
                }
                from = i + 1;
            }
        }
        return r;
    }

    /** Register of an operand; constants and addresses of names are registers too. */
    int operand(String x, String type) {
        if (x.startsWith("%")) {
            return code.slot(x);
        }
        Long global = globals.get(x);
        if (global != null) {
            return code.constant(global);
        }
        Integer place = code.places.get(x);
        if (place != null) {
            return code.constant(place);
        }
        if (x.equals("WARP_SZ")) {
            return code.constant(32);
        }
        return code.constant(Module.bits(x, type));
    }
}
