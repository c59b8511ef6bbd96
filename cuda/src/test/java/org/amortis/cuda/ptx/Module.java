package org.amortis.cuda.ptx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A PTX module, parsed. */
public final class Module {
    private static final Pattern FUNCTION = Pattern.compile(
            "^\\s*(?:\\.visible\\s+|\\.weak\\s+)?\\.(entry|func)\\s*(?:\\(([^)]*)\\))?\\s*([\\w$]+)\\s*(?:\\(([^)]*)\\))?",
            Pattern.DOTALL);
    private static final Pattern ARRAY = Pattern.compile(
            "\\.(global|const|shared|local)\\s+(?:\\.align\\s+\\d+\\s+)?\\.(\\w+)\\s+([\\w$]+)(?:\\[(\\d*)\\])?(?:\\[(\\d+)\\])?\\s*(?:=\\s*\\{?([^}]*)\\}?)?");
    private static final Pattern CLUSTER =
            Pattern.compile("\\.reqnctapercluster\\s+(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)");
    private static final Pattern PARAMETER =
            Pattern.compile("\\.param\\s+(?:\\.align\\s+\\d+\\s+)?\\.(\\w+)\\s+([\\w$]+)(?:\\[(\\d+)\\])?");

    private final Map<String, String[]> sources = new HashMap<>();
    private final Map<String, Code> functions = new HashMap<>();
    private final Arena memory;
    final Map<String, Long> globals = new HashMap<>();
    private final Map<String, Integer> sharedSizes = new HashMap<>();

    /**
     * Parses a module and puts its tables into memory.
     *
     * @param text PTX
     * @param memory where its tables go
     */
    public Module(String text, Arena memory) {
        this.memory = memory;
        String s = text.replaceAll("//[^\n]*", "");
        int at = 0;
        while (at < s.length()) {
            int semicolon = s.indexOf(';', at);
            int brace = s.indexOf('{', at);
            if (semicolon < 0 && brace < 0) {
                break;
            }
            boolean function = brace >= 0
                    && (semicolon < 0 || brace < semicolon)
                    && !s.substring(at, brace).contains("=");
            if (!function) {
                int end = s.indexOf(';', at);
                array(s.substring(at, end), memory, null);
                at = end + 1;
                continue;
            }
            int end = brace + 1;
            for (int depth = 1; depth > 0; end++) {
                char c = s.charAt(end);
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            }
            String head = s.substring(at, brace);
            int from = Math.max(head.lastIndexOf(".entry"), head.lastIndexOf(".func"));
            Matcher m = FUNCTION.matcher(head.substring(from));
            if (!m.find()) {
                throw new IllegalArgumentException("no function: " + head);
            }
            sources.put(m.group(3), new String[] {head.substring(from), s.substring(brace + 1, end - 1)});
            at = end;
        }
    }

    /** A function, decoded when it is first asked for; null if there is none. */
    @Nullable
    Code code(String name) {
        Code known = functions.get(name);
        String[] source = sources.get(name);
        if (known == null && source != null) {
            Code made = decoded(source[0], source[1]);
            made.body.forEach(i -> {
                if (i.label != null) {
                    Integer to = made.labels.get(i.label);
                    if (to == null) {
                        throw new IllegalArgumentException("no label " + i.label + " in " + made.name);
                    }
                    i.target = to;
                }
            });
            functions.put(name, made);
            return made;
        }
        return known;
    }

    /**
     * Names of the kernels and functions.
     *
     * @return names
     */
    public java.util.Set<String> names() {
        return sources.keySet();
    }

    private static int size(String type) {
        return type.equals("pred") ? 4 : Integer.parseInt(type.substring(1)) / 8;
    }

    private void array(String statement, Arena memory, @Nullable Code code) {
        Matcher m = ARRAY.matcher(statement);
        if (!m.find()) {
            return;
        }
        String type = m.group(2);
        String name = m.group(3);
        int unit = size(type);
        int n = m.group(4) == null ? 1 : m.group(4).isEmpty() ? 0 : Integer.parseInt(m.group(4));
        n *= m.group(5) == null ? 1 : Integer.parseInt(m.group(5));
        switch (m.group(1)) {
            case "global", "const" -> {
                long address = memory.allocate((long) n * unit);
                globals.put(name, address);
                int to = memory.at(address, 1);
                java.util.Arrays.fill(memory.bytes(), to, to + n * unit, (byte) 0);
                if (m.group(6) != null) {
                    String[] values = m.group(6).trim().split("\\s*,\\s*");
                    for (int i = 0; i < values.length; i++) {
                        long bits = bits(values[i], type);
                        for (int b = 0; b < unit; b++) {
                            memory.bytes()[to + i * unit + b] = (byte) (bits >>> 8 * b);
                        }
                    }
                }
            }
            case "shared" -> {
                if (code == null) {
                    sharedSizes.put(name, n * unit);
                } else {
                    code.places.put(name, code.sharedBytes);
                    code.sharedBytes = (code.sharedBytes + n * unit + 15) / 16 * 16;
                }
            }
            default -> {
                if (code != null) {
                    code.places.put(name, code.localBytes);
                    code.localBytes = (code.localBytes + n * unit + 15) / 16 * 16;
                }
            }
        }
    }

    static long bits(String literal, String type) {
        String s = literal.trim();
        if (s.startsWith("0f") || s.startsWith("0F")) {
            return Integer.parseUnsignedInt(s.substring(2), 16);
        }
        if (s.startsWith("0d") || s.startsWith("0D")) {
            return Long.parseUnsignedLong(s.substring(2), 16);
        }
        if (s.endsWith("U")) {
            s = s.substring(0, s.length() - 1);
        }
        if (s.startsWith("0x") || s.startsWith("0X")) {
            return Long.parseUnsignedLong(s.substring(2), 16);
        }
        return s.startsWith("-") ? Long.parseLong(s) : Long.parseUnsignedLong(s);
    }

    private static List<String> parameters(@Nullable String list, Code code) {
        List<String> r = new ArrayList<>();
        if (list != null) {
            Matcher m = PARAMETER.matcher(list);
            while (m.find()) {
                int n = m.group(3) == null ? 1 : Integer.parseInt(m.group(3));
                code.place(m.group(2), n * size(m.group(1)));
                r.add(m.group(2));
            }
        }
        return r;
    }

    private Code decoded(String head, String body) {
        Matcher m = FUNCTION.matcher(head);
        if (!m.find()) {
            throw new IllegalArgumentException("no function: " + head);
        }
        Code code = new Code(m.group(3));
        Matcher blocks = CLUSTER.matcher(head);
        if (blocks.find()) {
            for (int a = 0; a < 3; a++) {
                code.cluster[a] = Integer.parseInt(blocks.group(a + 1));
            }
        }
        code.parameters.addAll(parameters(m.group(4), code));
        code.returns.addAll(parameters(m.group(2), code));
        sharedSizes.forEach((name, bytes) -> {
            // of the module: every kernel that names it has it
            if (body.contains(name)) {
                code.places.put(name, code.sharedBytes);
                code.sharedBytes = (code.sharedBytes + bytes + 15) / 16 * 16;
            }
        });
        Decoder decoder = new Decoder(code, globals);
        StringBuilder statement = new StringBuilder();
        int inside = 0;
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == ';') {
                String text = statement.toString().trim();
                statement.setLength(0);
                inside = 0;
                if (text.startsWith(".shared") || text.startsWith(".local")) {
                    array(text, memory, code);
                } else if (text.startsWith(".param")) {
                    parameters(text, code);
                } else if (!text.startsWith(".") && !text.isEmpty()) {
                    decoder.decode(text);
                }
            } else if (c == ':' && statement.toString().trim().matches("[\\w$]+")) {
                code.labels.put(statement.toString().trim(), code.body.size());
                statement.setLength(0);
            } else if ((c == '{' || c == '}')
                    && inside == 0
                    && statement.toString().isBlank()) {
                // a scope of its own; names in it are unique all the same
                statement.setLength(0);
            } else {
                statement.append(c);
                inside += c == '{' ? 1 : c == '}' ? -1 : 0;
            }
        }
        return code;
    }
}
