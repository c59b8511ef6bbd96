import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes the elementwise kernel classes: one loop per operation and type, because a loop with a pluggable lane function
 * boxes its vectors.
 */
final class GenerateElementwise {
    /** One operation: its expression in float and in double lanes over v (and w, and scalar parameters). */
    private record Op(String name, String doc, String f32, String f64, String parameter) {
        static Op of(String name, String doc, String both) {
            return new Op(name, doc, both, both, "");
        }

        static Op of(String name, String doc, String f32, String f64) {
            return new Op(name, doc, f32, f64, "");
        }
    }

    private static final List<Op> UNARY = List.of(
            Op.of("neg", "-x", "v.neg()"),
            Op.of("abs", "|x|", "v.abs()"),
            Op.of("sign", "-1, 0 or 1; zeros and NaN unchanged", "@Math.sign(v)"),
            Op.of("square", "x squared", "v.mul(v)"),
            Op.of("sqrt", "square root, correctly rounded", "v.sqrt()"),
            Op.of("rsqrt", "1 / sqrt(x), two roundings: 1.5 ulp", "@Vector.broadcast(S, 1).div(v.sqrt())"),
            Op.of("reciprocal", "1 / x, correctly rounded", "@Vector.broadcast(S, 1).div(v)"),
            Op.of("exp", "e^x", "@Math.exp(v)"),
            Op.of("expm1", "e^x - 1", "@Math.expm1(v)"),
            Op.of("log", "natural logarithm", "@Math.log(v)"),
            Op.of("log1p", "log(1 + x)", "@Math.log1p(v)"),
            Op.of("tanh", "hyperbolic tangent", "@Math.tanh(v)"),
            Op.of("sigmoid", "1 / (1 + e^-x)", "@Math.sigmoid(v)"),
            Op.of("softplus", "log(1 + e^x)", "@Math.softplus(v)"),
            Op.of("logSigmoid", "-log(1 + e^-x)", "@Math.logSigmoid(v)"),
            Op.of("relu", "max(x, 0); NaN stays", "v.max(@Vector.zero(S))"),
            new Op(
                    "leakyRelu",
                    "x above zero, a x below",
                    "v.mul(a).blend(v, v.compare(VectorOperators.GT, 0))",
                    "v.mul(a).blend(v, v.compare(VectorOperators.GT, 0))",
                    "a"),
            new Op("elu", "x above zero, a (e^x - 1) below", "@Math.elu(v, a)", "@Math.elu(v, a)", "a"),
            Op.of("silu", "x / (1 + e^-x)", "@Math.silu(v)"),
            Op.of("gelu", "x times the normal distribution function", "@Math.gelu(v)"),
            Op.of("erf", "error function", "@Math.erf(v)"),
            Op.of("erfc", "complement of the error function", "@Math.erfc(v)"),
            Op.of("logNormalCdf", "logarithm of the normal distribution function", "@Math.logNormalCdf(v)"),
            Op.of("inverseMills", "normal density over distribution function", "@Math.inverseMills(v)"),
            Op.of("floor", "largest integer not above x", "@Math.floor(v)"));

    /** Classes other than Unary, so that none gets too long. */
    private static final Map<String, String> GROUPS = Map.ofEntries(
            Map.entry("exp", "Exp"),
            Map.entry("expm1", "Exp"),
            Map.entry("tanh", "Exp"),
            Map.entry("sigmoid", "Exp"),
            Map.entry("silu", "Exp"),
            Map.entry("elu", "Exp"),
            Map.entry("log", "Log"),
            Map.entry("log1p", "Log"),
            Map.entry("softplus", "Log"),
            Map.entry("logSigmoid", "Log"),
            Map.entry("erf", "Erf"),
            Map.entry("erfc", "Erf"),
            Map.entry("logNormalCdf", "Normal"),
            Map.entry("inverseMills", "Normal"),
            Map.entry("gelu", "Erf"));

    /** Two vectors of floats an iteration make more of the processor than one. */
    private static final List<String> TWICE =
            List.of("exp", "expm1", "elu", "tanh", "sigmoid", "silu", "softplus", "logSigmoid");

    /** Special functions; positive: outside its domain the portable function of this name is called. */
    private record Special(String name, boolean positive) {}

    private static final List<Special> SPECIAL = List.of(
            new Special("normalQuantile", false),
            new Special("lgamma", true),
            new Special("digamma", true),
            new Special("trigamma", true));

    private static final List<Op> BINARY = List.of(
            Op.of("add", "a + b", "v.add(w)"),
            Op.of("sub", "a - b", "v.sub(w)"),
            Op.of("mul", "a b", "v.mul(w)"),
            Op.of("div", "a / b", "v.div(w)"),
            Op.of("min", "the smaller; NaN wins, -0 below 0", "v.min(w)"),
            Op.of("max", "the larger; NaN wins, -0 below 0", "v.max(w)"));

    private static final List<String> COMMUTATIVE = List.of("add", "mul", "min", "max");

    private static final List<Op> COMPARE = List.of(
            Op.of("less", "a < b", "LT"),
            Op.of("lessEqual", "a <= b", "LE"),
            Op.of("greater", "a > b", "GT"),
            Op.of("greaterEqual", "a >= b", "GE"),
            Op.of("equal", "a == b", "EQ"),
            Op.of("notEqual", "a != b, true for NaN", "NE"));

    private final boolean f32;
    private final Inliner inliner;
    private final StringBuilder out = new StringBuilder();

    private GenerateElementwise(boolean f32, Inliner inliner) {
        this.f32 = f32;
        this.inliner = inliner;
    }

    static void write(Path dir, boolean f32, Inliner inliner) throws IOException {
        String type = f32 ? "Float" : "Double";
        for (String group : List.of("Unary", "Exp", "Log", "Erf", "Normal")) {
            String source = new GenerateElementwise(f32, inliner).unary(group);
            Files.writeString(dir.resolve(type + group + ".java"), inliner.expand(source));
        }
        if (!f32) {
            Files.writeString(dir.resolve("DoubleSpecial.java"), special(inliner));
        }
        Files.writeString(dir.resolve(type + "Binary.java"), new GenerateElementwise(f32, inliner).binary());
        Files.writeString(dir.resolve(type + "Select.java"), new GenerateElementwise(f32, inliner).select());
    }

    /** Element type e, vector class @Vector, math class @Math in a template. */
    private void emit(String template) {
        out.append(template.replace("@", f32 ? "Float" : "Double").replace("$", f32 ? "float" : "double"));
    }

    private void head(String name, String imports, String doc) {
        emit("""
            package org.amortis.kernels;

            %s
            /**
             * %s
             *
             * <p>Written by src/generator; edit that. Sources are read, y is written; y may be a source at the same
             * offset, any other overlap gives undefined numbers.
             */
            final class @%s {
                private static final VectorSpecies<@> S = Species.%s;
                private static final int L = S.length();
            """.formatted(imports, doc, name, f32 ? "F32" : "F64"));
        if (name.equals("Select")) {
            emit("    private static final VectorSpecies<Integer> I = Species.%s;\n"
                    .formatted(f32 ? "I32" : "I32_HALF"));
        }
        emit("\n    private @%s() {}\n".formatted(name));
    }

    private String unary(String group) {
        head(group, """
            import jdk.incubator.vector.@Vector;
            %simport jdk.incubator.vector.VectorMask;
            import jdk.incubator.vector.VectorOperators;
            import jdk.incubator.vector.VectorSpecies;
            """.formatted(integers()), "y[i] = f(x[i]) over n elements.");
        for (Op op : UNARY) {
            if (!group.equals(GROUPS.getOrDefault(op.name, "Unary"))) {
                continue;
            }
            String formal = op.parameter.isEmpty() ? "" : "$ " + op.parameter + ", ";
            String body = f32 ? op.f32 : op.f64;
            String doc = body.startsWith("@Math") ? inliner.doc(op.name) : capital(op.doc) + ".";
            if (body.startsWith("@Math") && !group.equals("Unary")) {
                padded(doc, "static void " + op.name, formal, op.parameter, body);
                continue;
            }
            // the formula stands in a statement of its own, so that it can be written out in front of it
            emit("""

                    /** %s */
                    static void %s($[] x, int xo, %s$[] y, int yo, int n) {
                        int i = 0;
                        for (int end = S.loopBound(n); i < end; i += L) {
                            @Vector v = @Vector.fromArray(S, x, xo + i);
                            %s.intoArray(y, yo + i);
                        }
                        if (i < n) {
                            VectorMask<@> m = S.indexInRange(i, n);
                            @Vector v = @Vector.fromArray(S, x, xo + i, m);
                            %s.intoArray(y, yo + i, m);
                        }
                    }
                """.formatted(doc, op.name, formal, body, body));
        }
        out.append("}\n");
        return out.toString();
    }

    /**
     * A loop over whole steps without masks, which would make it twice as long for the compiler; the end goes through it in a
     * padded array.
     */
    private void padded(String doc, String head, String formal, String parameter, String body) {
        String name = head.substring(head.lastIndexOf(' ') + 1);
        int times = f32 && TWICE.contains(name) ? 2 : 1;
        String step = times == 1 ? "L" : times + " * L";
        StringBuilder loads = new StringBuilder();
        StringBuilder formulas = new StringBuilder();
        StringBuilder stores = new StringBuilder();
        for (int t = 0; t < times; t++) {
            String at = t == 0 ? "" : t == 1 ? " + L" : " + " + t + " * L";
            char v = (char) ('s' + t);
            loads.append("            @Vector %s = @Vector.fromArray(S, x, xo + i%s);\n".formatted(v, at));
            formulas.append("            @Vector %sy = %s;\n".formatted(v, body.replace("(v", "(" + v)));
            stores.append("            %sy.intoArray(y, yo + i%s);\n".formatted(v, at));
        }
        emit("""

                %s%s($[] x, int xo, %s$[] y, int yo, int n) {
                    int i = 0;
                    for (int end = n - n %% %s; i < end; i += %s) {
            %s%s%s        }
                    if (i < n) {
                        $[] pad = Pads.$s();
                        System.arraycopy(x, xo + i, pad, 0, n - i);
                        %s(pad, 0, %spad, 0, %s);
                        System.arraycopy(pad, 0, y, yo + i, n - i);
                    }
                }
            """.formatted(
                        doc.isEmpty() ? "" : "/** " + doc + " */\n    ",
                        head,
                        formal,
                        times == 1 ? "L" : "(" + step + ")",
                        step,
                        loads,
                        formulas,
                        stores,
                        name,
                        parameter.isEmpty() ? "" : parameter + ", ",
                        step));
    }

    private String integers() {
        return f32 ? "import jdk.incubator.vector.IntVector;\n" : "import jdk.incubator.vector.LongVector;\n";
    }

    private String binary() {
        head(
                "Binary",
                """
                import jdk.incubator.vector.@Vector;
                import jdk.incubator.vector.VectorMask;
                import jdk.incubator.vector.VectorSpecies;
                """,
                "y[i] = f(a[i], b[i]) over n elements, and the same with a scalar on the right or on the left.");
        for (Op op : BINARY) {
            two(op.name, op.doc, op.f32, "$[] a, int ao, $[] b, int bo", "v", "a, ao", "w", "b, bo", "");
            two(op.name + "Scalar", op.doc, op.f32, "$[] a, int ao, $ b", "v", "a, ao", "", "", "b");
            if (!COMMUTATIVE.contains(op.name)) {
                two("scalar" + capital(op.name), op.doc, op.f32, "$ a, $[] b, int bo", "w", "b, bo", "", "", "a");
            }
        }
        pow("pow", "$[] a, int ao, $[] b, int bo", "a[ao + i]", "b[bo + i]");
        pow("powScalar", "$[] a, int ao, $ b", "a[ao + i]", "b");
        pow("scalarPow", "$ a, $[] b, int bo", "a", "b[bo + i]");
        out.append("}\n");
        return out.toString();
    }

    private void pow(String name, String formal, String a, String b) {
        String cast = f32 ? "($) " : "";
        String special = name.equals("powScalar") ? """
                    if (b == 2) {
                        @Unary.square(a, ao, y, yo, n);
                        return;
                    }
            """ : "";
        emit("""

                /** a to the power b: Math.pow of each element. */
                static void %s(%s, $[] y, int yo, int n) {
            %s        for (int i = 0; i < n; i++) {
                        y[yo + i] = %sMath.pow(%s, %s);
                    }
                }
            """.replace("@Math.pow", "Math.pow").formatted(name, formal, special, cast, a, b));
    }

    private static String special(Inliner inliner) {
        GenerateElementwise g = new GenerateElementwise(false, inliner);
        g.special();
        return inliner.expand(g.out.toString());
    }

    private void special() {
        out.append("""
            package org.amortis.kernels;

            import jdk.incubator.vector.DoubleVector;
            import jdk.incubator.vector.LongVector;
            import jdk.incubator.vector.VectorMask;
            import jdk.incubator.vector.VectorOperators;
            import jdk.incubator.vector.VectorSpecies;
            import org.amortis.math.SpecialFunctions;

            /**
             * Special functions. Where a vector formula holds for positive arguments only, blocks with others send these to the
             * portable function: no element's bits depend on its neighbours.
             *
             * <p>Written by src/generator; edit that. y may be x at the same offset.
             */
            final class DoubleSpecial {
                private static final VectorSpecies<Double> S = Species.F64;
                private static final int L = S.length();
                private static final int BLOCK = 1024;

                private DoubleSpecial() {}

                private static boolean allPositive(double[] x, int xo, int n) {
                    int other = 0;
                    for (int i = 0; i < n; i++) {
                        other |= x[xo + i] <= 0 ? 1 : 0;
                    }
                    return other == 0;
                }
            """);
        for (Special op : SPECIAL) {
            String name = op.name;
            if (op.positive) {
                emit("""

                        /** %s */
                        static void %s(double[] x, int xo, double[] y, int yo, int n) {
                            for (int i = 0; i < n; i += BLOCK) {
                                int len = Math.min(BLOCK, n - i);
                                if (allPositive(x, xo + i, len)) {
                                    %sBlock(x, xo + i, y, yo + i, len);
                                } else {
                                    %sMixed(x, xo + i, y, yo + i, len);
                                }
                            }
                        }

                        private static void %sMixed(double[] x, int xo, double[] y, int yo, int n) {
                            int done = 0;
                            for (int j = 0; j < n; j++) {
                                if (x[xo + j] <= 0) {
                                    %sBlock(x, xo + done, y, yo + done, j - done);
                                    y[yo + j] = SpecialFunctions.%s(x[xo + j]);
                                    done = j + 1;
                                }
                            }
                            %sBlock(x, xo + done, y, yo + done, n - done);
                        }
                    """.formatted(inliner.doc(name), name, name, name, name, name, name, name));
            }
            String head = op.positive ? "private static void " + name + "Block" : "static void " + name;
            padded(op.positive ? "" : inliner.doc(name), head, "", "", "DoubleMath." + name + "(v)");
        }
        out.append("}\n");
    }

    private void two(
            String name,
            String doc,
            String body,
            String formal,
            String v1,
            String at1,
            String v2,
            String at2,
            String s) {
        String load = "            @Vector " + v1 + " = @Vector.fromArray(S, " + at1 + " + i);\n";
        String masked = "            @Vector " + v1 + " = @Vector.fromArray(S, " + at1 + " + i, m);\n";
        String before = "";
        if (!v2.isEmpty()) {
            load += "            @Vector " + v2 + " = @Vector.fromArray(S, " + at2 + " + i);\n";
            masked += "            @Vector " + v2 + " = @Vector.fromArray(S, " + at2 + " + i, m);\n";
        } else {
            String other = v1.equals("v") ? "w" : "v";
            before = "        @Vector " + other + " = @Vector.broadcast(S, " + s + ");\n";
        }
        emit("""

                /** %s. */
                static void %s(%s, $[] y, int yo, int n) {
            %s        int i = 0;
                    for (int end = S.loopBound(n); i < end; i += L) {
            %s            %s.intoArray(y, yo + i);
                    }
                    if (i < n) {
                        VectorMask<@> m = S.indexInRange(i, n);
            %s            %s.intoArray(y, yo + i, m);
                    }
                }
            """.formatted(capital(doc), name, formal, before, load, body, masked, body));
    }

    private String select() {
        head("Select", """
            import jdk.incubator.vector.@Vector;
            import jdk.incubator.vector.IntVector;
            import jdk.incubator.vector.VectorMask;
            import jdk.incubator.vector.VectorOperators;
            import jdk.incubator.vector.VectorSpecies;
            """, "Comparisons and choices; a truth value is an int, 0 or 1, and any other int counts as 1.");
        for (Op op : COMPARE) {
            compare(
                    op,
                    op.name,
                    "$[] b, int bo",
                    ", @Vector.fromArray(S, b, bo + i)",
                    ", @Vector.fromArray(S, b, bo + i, m)");
            compare(op, op.name + "Scalar", "$ b", ", b", ", b");
        }
        choose(
                "where",
                "a where c, otherwise b",
                "$[] a, int ao, $[] b, int bo",
                "@Vector.fromArray(S, a, ao + i%s)",
                "@Vector.fromArray(S, b, bo + i%s)");
        choose(
                "whereScalar",
                "a where c, otherwise the scalar b",
                "$[] a, int ao, $ b",
                "@Vector.fromArray(S, a, ao + i%s)",
                "@Vector.broadcast(S, b)");
        choose(
                "scalarWhere",
                "the scalar a where c, otherwise b",
                "$ a, $[] b, int bo",
                "@Vector.broadcast(S, a)",
                "@Vector.fromArray(S, b, bo + i%s)");
        triple(
                "clamp",
                "x between lo and hi; NaN stays",
                "$[] x, int xo, $ lo, $ hi",
                "@Vector.fromArray(S, x, xo + i%s).max(lo).min(hi)");
        triple(
                "axpy",
                "y + a x into y, fused",
                "$ a, $[] x, int xo",
                "@Vector.fromArray(S, x, xo + i%1$s).fma(@Vector.broadcast(S, a), @Vector.fromArray(S, y, yo +"
                        + " i%1$s))");
        triple(
                "fma",
                "a b + c, fused",
                "$[] a, int ao, $[] b, int bo, $[] c, int co",
                "@Vector.fromArray(S, a, ao + i%1$s).fma(@Vector.fromArray(S, b, bo + i%1$s), @Vector.fromArray(S, c,"
                        + " co + i%1$s))");
        triple(
                "scale",
                "a x + b, fused, with scalars a and b",
                "$ a, $[] x, int xo, $ b",
                "@Vector.fromArray(S, x, xo + i%s).fma(@Vector.broadcast(S, a), @Vector.broadcast(S, b))");
        out.append("}\n");
        return out.toString();
    }

    private void compare(Op op, String name, String formal, String full, String masked) {
        emit("""

                /** %s. */
                static void %s($[] a, int ao, %s, int[] y, int yo, int n) {
                    int i = 0;
                    for (int end = S.loopBound(n); i < end; i += L) {
                        VectorMask<@> t = @Vector.fromArray(S, a, ao + i).compare(VectorOperators.%s%s);
                        IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i);
                    }
                    if (i < n) {
                        VectorMask<@> m = S.indexInRange(i, n);
                        VectorMask<@> t = @Vector.fromArray(S, a, ao + i, m).compare(VectorOperators.%s%s);
                        IntVector.zero(I).blend(1, t.cast(I)).intoArray(y, yo + i, m.cast(I));
                    }
                }
            """.formatted(capital(op.doc), name, formal, op.f32, full, op.f32, masked));
    }

    private void choose(String name, String doc, String formal, String a, String b) {
        emit("""

                /** %s. */
                static void %s(int[] c, int co, %s, $[] y, int yo, int n) {
                    int i = 0;
                    for (int end = S.loopBound(n); i < end; i += L) {
                        VectorMask<@> t = IntVector.fromArray(I, c, co + i)
                                .compare(VectorOperators.NE, 0)
                                .cast(S);
                        %s.blend(%s, t).intoArray(y, yo + i);
                    }
                    if (i < n) {
                        VectorMask<@> m = S.indexInRange(i, n);
                        VectorMask<@> t = IntVector.fromArray(I, c, co + i, m.cast(I))
                                .compare(VectorOperators.NE, 0)
                                .cast(S);
                        %s.blend(%s, t).intoArray(y, yo + i, m);
                    }
                }
            """.formatted(
                capital(doc), name, formal, b.formatted(""), a.formatted(""), b.formatted(", m"), a.formatted(", m")));
    }

    private void triple(String name, String doc, String formal, String body) {
        emit("""

                /** %s. */
                static void %s(%s, $[] y, int yo, int n) {
                    int i = 0;
                    for (int end = S.loopBound(n); i < end; i += L) {
                        %s.intoArray(y, yo + i);
                    }
                    if (i < n) {
                        VectorMask<@> m = S.indexInRange(i, n);
                        %s.intoArray(y, yo + i, m);
                    }
                }
            """.formatted(capital(doc), name, formal, body.formatted(""), body.formatted(", m")));
    }

    /** First letter as a capital, unless it is a variable's name. */
    private static String capital(String s) {
        boolean word = s.length() > 1 && Character.isLetter(s.charAt(1));
        return word ? Character.toUpperCase(s.charAt(0)) + s.substring(1) : s;
    }
}
