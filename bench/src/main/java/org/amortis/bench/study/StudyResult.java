package org.amortis.bench.study;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The numbers of a study: one flat JSON object, keys in the order they were put. A key of several parts is joined by
 * dots, as in {@code test.amortizationGap.mean}. Numbers that do not exist are null.
 */
public final class StudyResult {
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Without values. */
    public StudyResult() {}

    /**
     * Adds a text.
     *
     * @param key key
     * @param value text
     * @return this
     */
    public StudyResult put(String key, String value) {
        return add(key, value);
    }

    /**
     * Adds a real number.
     *
     * @param key key
     * @param value number; NaN and infinities are written as null
     * @return this
     */
    public StudyResult put(String key, double value) {
        return add(key, value);
    }

    /**
     * Adds a whole number.
     *
     * @param key key
     * @param value number
     * @return this
     */
    public StudyResult put(String key, long value) {
        return add(key, value);
    }

    private StudyResult add(String key, Object value) {
        if (values.put(key, value) != null) {
            throw new IllegalArgumentException("result " + key + " is there twice");
        }
        return this;
    }

    /**
     * All values.
     *
     * @return key to String, Double or Long, unmodifiable
     */
    public Map<String, Object> values() {
        return Collections.unmodifiableMap(values);
    }

    /**
     * Writes the JSON text.
     *
     * @param to stream, not closed
     * @throws IOException if it cannot be written
     */
    public void writeTo(OutputStream to) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(to)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            for (Map.Entry<String, Object> e : values.entrySet()) {
                json.writeFieldName(e.getKey());
                switch (e.getValue()) {
                    case String s -> json.writeString(s);
                    case Long n -> json.writeNumber(n);
                    case Double d -> {
                        if (Double.isFinite(d)) {
                            json.writeNumber(d);
                        } else {
                            json.writeNull();
                        }
                    }
                    default -> throw new IllegalStateException(e.toString());
                }
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }
}
