package org.amortis.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The scalar functions that generated chains use, from the PTX that was built from scalar.cu. Short ones are written into the
 * chain, with registers and labels of their own; long ones are called.
 */
final class Functions {
    /** Lines of a body that is still written into the chain. */
    private static final int SHORT = 90;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_$][\\w$]*");
    private static final Pattern REGISTER = Pattern.compile("%(p|f|r|rd|fd|rs)(\\d+)\\b");
    private static final Pattern DECLARED = Pattern.compile("\\.reg \\.(\\w+)\\s+%(\\w+)<(\\d+)>;");
    private static final Functions INSTANCE = new Functions(Images.text("scalar"));

    /** A function or a table, in the order of the file. */
    private record Item(String text, boolean function, Set<String> names) {}

    private final Map<String, Item> items = new LinkedHashMap<>();

    private Functions(String ptx) {
        int at = ptx.indexOf(".address_size");
        at = ptx.indexOf('\n', at) + 1;
        while (at < ptx.length()) {
            int end = end(ptx, at);
            String text = ptx.substring(at, end).strip();
            at = end;
            if (text.isEmpty()) {
                continue;
            }
            boolean function = text.contains(".func");
            boolean declaration = function && !text.contains("{");
            String name = name(text, function);
            if (!declaration) {
                Set<String> names = new LinkedHashSet<>();
                Matcher m = NAME.matcher(text);
                while (m.find()) {
                    names.add(m.group());
                }
                names.remove(name);
                items.put(name, new Item(text.replace(".visible ", ""), function, names));
            }
        }
    }

    static Functions shipped() {
        return INSTANCE;
    }

    /** End of the item that begins at a place: a statement up to its semicolon, or a function with its body. */
    private static int end(String s, int from) {
        int depth = 0;
        boolean body = false;
        for (int i = from; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '{') {
                depth++;
                body = true;
            } else if (c == '}') {
                depth--;
                if (depth == 0 && s.substring(from, i).contains(".func")) {
                    return i + 1;
                }
            } else if (c == ';' && depth == 0 && (!body || !s.substring(from, i).contains(".func"))) {
                return i + 1;
            }
        }
        return s.length();
    }

    private static String name(String text, boolean function) {
        Matcher m = Pattern.compile(
                        function
                                ? "\\.func\\s*(?:\\([^)]*\\))?\\s*([\\w$]+)"
                                : "\\.(?:b8|b32|b64|f32|f64|u32|u64)\\s+([\\w$]+)")
                .matcher(text);
        if (!m.find()) {
            throw new IllegalStateException("scalar.ptx: " + text);
        }
        return m.group(1);
    }

    boolean has(String name) {
        return items.containsKey(name);
    }

    /** Names of the functions a chain may use. */
    List<String> names() {
        return items.entrySet().stream()
                .filter(e -> e.getKey().startsWith("am_") && e.getValue().function())
                .map(Map.Entry::getKey)
                .toList();
    }

    private Item item(String name) {
        Item i = items.get(name);
        if (i == null) {
            throw new IllegalStateException("no function " + name + " in scalar.ptx; run cuda/build-kernels");
        }
        return i;
    }

    private boolean inline(Item i) {
        return i.text().lines().count() < SHORT
                && !i.text().contains(".local")
                && !i.text().contains("call.uni")
                && i.names().stream().noneMatch(items::containsKey);
    }

    /** Writes a call or the body itself. Arguments and result are registers or constants of the types given. */
    void use(
            String name,
            String result,
            String resultType,
            List<String> arguments,
            List<String> types,
            int number,
            StringBuilder to,
            Set<String> called) {
        Item i = item(name);
        if (!inline(i)) {
            called.add(name);
            to.append("{\n");
            for (int k = 0; k < arguments.size(); k++) {
                to.append(".param .b")
                        .append(types.get(k).substring(1))
                        .append(" a")
                        .append(k)
                        .append(";\n");
                to.append("st.param.")
                        .append(types.get(k))
                        .append(" [a")
                        .append(k)
                        .append("], ");
                to.append(arguments.get(k)).append(";\n");
            }
            to.append(".param .b").append(resultType.substring(1)).append(" y;\n");
            to.append("call.uni (y), ").append(name).append(", (");
            for (int k = 0; k < arguments.size(); k++) {
                to.append(k == 0 ? "a" : ", a").append(k);
            }
            to.append(");\nld.param.")
                    .append(resultType)
                    .append(' ')
                    .append(result)
                    .append(", [y];\n}\n");
            return;
        }
        String body = i.text().substring(i.text().indexOf('{') + 1, i.text().lastIndexOf('}'));
        String end = "$E" + number;
        to.append("{\n");
        List<String> lines = new ArrayList<>(
                body.lines().map(String::strip).filter(l -> !l.isEmpty()).toList());
        boolean jumps = false;
        for (int l = 0; l < lines.size(); l++) {
            String line = lines.get(l);
            Matcher declared = DECLARED.matcher(line);
            if (declared.matches()) {
                line = ".reg ." + declared.group(1) + " %" + declared.group(2) + "_" + number + "_<" + declared.group(3)
                        + ">;";
            } else {
                line = REGISTER.matcher(line)
                        .replaceAll("%$1_" + number + "_$2")
                        .replace("$L__", "\\$I" + number + "_")
                        .replace("\\$", "$");
                for (int k = 0; k < arguments.size(); k++) {
                    String parameter = "[" + name + "_param_" + k + "]";
                    if (line.contains(parameter)) {
                        line = line.replaceFirst("ld\\.param", "mov").replace(parameter, arguments.get(k));
                    }
                }
                if (line.contains("[func_retval0")) {
                    line = line.replaceFirst("st\\.param\\.(\\w+)\\s+\\[func_retval0[^\\]]*\\]", "mov.$1 " + result);
                }
                if (line.equals("ret;")) {
                    if (l == lines.size() - 1) {
                        continue;
                    }
                    line = "bra " + end + ";";
                    jumps = true;
                }
            }
            to.append(line).append('\n');
        }
        to.append(jumps ? end + ":\n" : "").append("}\n");
    }

    /** Definitions of what is called, with all that it needs, in the order of the file. */
    String definitions(Set<String> called) {
        Set<String> needed = new LinkedHashSet<>();
        List<String> open = new ArrayList<>(called);
        while (!open.isEmpty()) {
            String n = open.remove(open.size() - 1);
            if (needed.add(n)) {
                item(n).names().stream().filter(items::containsKey).forEach(open::add);
            }
        }
        StringBuilder tables = new StringBuilder();
        StringBuilder heads = new StringBuilder();
        StringBuilder bodies = new StringBuilder();
        items.forEach((name, i) -> {
            if (needed.contains(name)) {
                if (i.function()) {
                    heads.append(i.text(), 0, i.text().indexOf('{')).append(";\n");
                    bodies.append(i.text()).append('\n');
                } else {
                    tables.append(i.text()).append('\n');
                }
            }
        });
        return tables.append(heads).append(bodies).toString();
    }
}
