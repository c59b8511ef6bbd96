import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes calls of a formula class out as statements. C2 inlines methods without {@code @ForceInline} only until a compilation
 * has 18,000 nodes (NodeCountInliningCutoff), which some forty vector operations reach; a call beyond that boxes its vectors.
 * Loops whose only calls are those of the vector classes do not depend on that limit, nor on any profile.
 *
 * <p>Formulas are straight-line: declarations, assignments, one return.
 */
final class Inliner {
    private record Formula(String doc, String result, List<String> types, List<String> names, List<String> body) {}

    private static final Pattern METHOD = Pattern.compile(
            "(?:/\\*\\*((?:(?!\\*/).)*?)\\*/\\s*)?(?:private )?static (\\w+) (\\w+)\\(([^)]*)\\) \\{(.*?)\n    }",
            Pattern.DOTALL);
    private static final Pattern CONSTANT =
            Pattern.compile("static final (?:int|long|float|double) (\\w+) = ([^;()]+);");
    private static final Pattern DECLARATION = Pattern.compile("^(\\w+(?:<\\w+>)?) (\\w+) = (.*)$", Pattern.DOTALL);

    private final String type;
    private final Map<String, Formula> formulas = new LinkedHashMap<>();
    private final Map<String, String> constants = new LinkedHashMap<>();
    private final Set<String> given = new HashSet<>();
    private int unique;

    Inliner(String source) {
        type = source.contains("final class FloatMath") ? "FloatMath" : "DoubleMath";
        Matcher c = CONSTANT.matcher(source);
        while (c.find()) {
            constants.put(c.group(1), c.group(2));
        }
        Matcher m = METHOD.matcher(source);
        while (m.find()) {
            List<String> types = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (String p : m.group(4).split(",")) {
                String[] two = p.trim().split(" ");
                types.add(two[0]);
                names.add(two[1]);
            }
            List<String> body = new ArrayList<>();
            for (String s : m.group(5).replaceAll("//[^\n]*", "").split(";")) {
                if (!s.isBlank()) {
                    body.add(s.strip().replaceAll("\\s+", " "));
                }
            }
            String doc = m.group(1) == null
                    ? ""
                    : m.group(1).replaceAll("\\s*\n\\s*\\*\\s*", " ").strip();
            formulas.put(m.group(3), new Formula(doc, m.group(2), types, names, body));
        }
    }

    /** The sentence above a formula. */
    String doc(String name) {
        return formulas.get(name).doc;
    }

    /** The source with every call of a formula written out. */
    String expand(String source) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        int depth = 0;
        for (int i = 0; i < source.length(); i++) {
            char ch = source.charAt(i);
            if (source.startsWith("/*", i) || source.startsWith("//", i)) {
                i = source.indexOf(ch == '/' && source.charAt(i + 1) == '*' ? "*/" : "\n", i);
                continue;
            }
            depth += ch == '(' ? 1 : ch == ')' ? -1 : 0;
            if (depth == 0 && (ch == ';' || ch == '{' || ch == '}')) {
                String statement = source.substring(from, i + 1);
                from = i + 1;
                if (ch == '{' && statement.contains("static ")) {
                    unique = 0;
                    given.clear();
                }
                if (ch == ';' && statement.contains(type + ".")) {
                    List<String> before = new ArrayList<>();
                    String last = expression(statement, before, true);
                    for (String s : before) {
                        out.append('\n').append(s).append(';');
                    }
                    out.append('\n').append(last.strip());
                } else {
                    out.append(statement);
                }
            }
        }
        return out.append(source.substring(from)).toString();
    }

    private String expression(String e, List<String> before, boolean qualified) {
        Pattern call = Pattern.compile(qualified ? "\\b" + type + "\\.(\\w+)\\(" : "(?<![\\w.])(\\w+)\\(");
        int at = 0;
        StringBuilder out = new StringBuilder();
        Matcher m = call.matcher(e);
        while (m.find(at)) {
            Formula f = formulas.get(m.group(1));
            if (f == null) {
                out.append(e, at, m.end());
                at = m.end();
                continue;
            }
            out.append(e, at, m.start());
            List<String> arguments = new ArrayList<>();
            int end = arguments(e, m.end(), arguments);
            out.append(call(m.group(1), f, arguments, before, qualified));
            at = end;
        }
        return out.append(e.substring(at)).toString();
    }

    /** Splits at commas of this level; returns the position behind the closing parenthesis. */
    private static int arguments(String e, int from, List<String> arguments) {
        int depth = 0;
        int start = from;
        for (int i = from; ; i++) {
            char ch = e.charAt(i);
            if (depth == 0 && (ch == ',' || ch == ')')) {
                arguments.add(e.substring(start, i).strip());
                start = i + 1;
                if (ch == ')') {
                    return i + 1;
                }
            }
            depth += ch == '(' ? 1 : ch == ')' ? -1 : 0;
        }
    }

    private String call(String name, Formula f, List<String> arguments, List<String> before, boolean qualified) {
        Map<String, String> rename = new HashMap<>(constants);
        for (int i = 0; i < f.names.size(); i++) {
            String argument = expression(arguments.get(i), before, qualified);
            if (argument.matches("-?[\\w.+-]+")) {
                rename.put(f.names.get(i), argument);
            } else {
                String variable = fresh(f.names.get(i));
                before.add(f.types.get(i) + " " + variable + " = " + argument);
                rename.put(f.names.get(i), variable);
            }
        }
        for (int i = 0; i < f.body.size() - 1; i++) {
            Matcher d = DECLARATION.matcher(f.body.get(i));
            if (d.matches()) {
                String value = expression(rename(d.group(3), rename), before, false);
                String variable = fresh(d.group(2));
                rename.put(d.group(2), variable);
                before.add(d.group(1) + " " + variable + " = " + value);
            } else {
                before.add(expression(rename(f.body.get(i), rename), before, false));
            }
        }
        String result = f.body.getLast().substring("return ".length());
        result = expression(rename(result, rename), before, false);
        if (f.body.size() == 1) {
            return result;
        }
        String variable = fresh(name);
        before.add(f.result + " " + variable + " = " + result);
        return variable;
    }

    /** A name not given before: r2 with number 8 would meet r with number 28. */
    private String fresh(String name) {
        String variable = name + ++unique;
        while (!given.add(variable)) {
            variable = name + ++unique;
        }
        return variable;
    }

    private static String rename(String e, Map<String, String> names) {
        Matcher m = Pattern.compile("(?<![\\w.])([A-Za-z_]\\w*)\\b(?!\\()").matcher(e);
        StringBuilder out = new StringBuilder();
        while (m.find()) {
            m.appendReplacement(out, Matcher.quoteReplacement(names.getOrDefault(m.group(1), m.group(1))));
        }
        // a negative constant under a minus sign
        return m.appendTail(out).toString().replace("--", "");
    }
}
