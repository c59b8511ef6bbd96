package org.amortis.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** JSON text of maps, lists, strings and numbers, safe inside a script element. */
final class Json {
    private Json() {}

    static String of(Object value) {
        StringWriter w = new StringWriter();
        try (JsonGenerator g = new JsonFactory().createGenerator(w)) {
            write(g, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // "</script>" and "<!--" would end or change the element that holds the text
        return w.toString().replace("<", "\\u003c");
    }

    private static void write(JsonGenerator g, Object value) throws IOException {
        switch (value) {
            case String s -> g.writeString(s);
            case Boolean b -> g.writeBoolean(b);
            case Integer i -> g.writeNumber(i);
            case Number n -> {
                double d = n.doubleValue();
                if (Double.isFinite(d)) {
                    // seven digits draw the same picture
                    g.writeNumber(new java.math.BigDecimal(d).round(new java.math.MathContext(7)));
                } else {
                    g.writeNull();
                }
            }
            case List<?> l -> {
                g.writeStartArray();
                for (Object o : l) {
                    write(g, o);
                }
                g.writeEndArray();
            }
            case Map<?, ?> m -> {
                g.writeStartObject();
                for (Map.Entry<?, ?> e : m.entrySet()) {
                    g.writeFieldName(String.valueOf(e.getKey()));
                    write(g, e.getValue());
                }
                g.writeEndObject();
            }
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }
}
