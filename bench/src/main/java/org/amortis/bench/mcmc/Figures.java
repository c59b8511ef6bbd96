package org.amortis.bench.mcmc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows and specifications of figures that both kinds of study show. */
final class Figures {
    private static final int BARS = 40;

    private static final String MARGINALS = """
        {"data": {"name": "rows"}, "width": 210, "height": 130, "autosize": "pad", "columns": 4,
         "facet": {"field": "quantity", "type": "nominal", "title": null, "sort": null},
         "spec": {"width": 200, "height": 130,
          "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 1.5},
          "encoding": {
           "x": {"field": "at", "type": "quantitative", "title": null, "scale": {"zero": false},
                 "axis": {"tickCount": 4}},
           "y": {"field": "density", "type": "quantitative", "title": null, "axis": {"tickCount": 3}},
           "color": {"field": "which", "type": "nominal", "sort": null,
                     "scale": {"domain": [NAMES], "range": [COLOURS]}}}},
         "resolve": {"scale": {"x": "independent", "y": "independent"}}}\
        """;

    private static final List<String> COLOURS = List.of("#2f6db3", "#d9772b", "#5b9a68", "#8a63ae");

    private Figures() {}

    static Map<String, Object> row(Object... pairs) {
        Map<String, Object> m = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            m.put((String) pairs[i], pairs[i + 1]);
        }
        return m;
    }

    /** The range that all but a few numbers are in, with some room. */
    static double[] range(double... values) {
        double[] v = values.clone();
        Arrays.sort(v);
        double low = v[(int) (0.002 * (v.length - 1))];
        double high = v[(int) Math.ceil(0.998 * (v.length - 1))];
        double room = Math.max(0.05 * (high - low), 1e-6 * Math.max(1e-30, Math.abs(high)));
        return new double[] {low - room, high + room};
    }

    /** A histogram as a density, in steps. */
    static List<Map<String, Object>> histogram(String quantity, String which, double[] range, double... v) {
        int[] counts = new int[BARS];
        double step = (range[1] - range[0]) / BARS;
        for (double x : v) {
            int k = (int) Math.floor((x - range[0]) / step);
            if (k >= 0 && k < BARS) {
                counts[k]++;
            }
        }
        List<Map<String, Object>> out = new ArrayList<>();
        for (int k = 0; k <= BARS; k++) {
            out.add(row(
                    "quantity",
                    quantity,
                    "which",
                    which,
                    "at",
                    range[0] + k * step,
                    "density",
                    k == BARS ? 0 : counts[k] / (v.length * step)));
        }
        return out;
    }

    /** Histograms side by side; "exact" is black. */
    static String marginals(List<String> which) {
        List<String> names = new ArrayList<>();
        List<String> colours = new ArrayList<>();
        for (String w : which) {
            names.add(quoted(w));
            colours.add(quoted(w.equals("exact") ? "#1d2733" : COLOURS.get(colours.size() % COLOURS.size())));
        }
        return MARGINALS.replace("NAMES", String.join(", ", names)).replace("COLOURS", String.join(", ", colours));
    }

    private static String quoted(String s) {
        return '"' + s + '"';
    }

    /** Scatter plots of each pair of up to three quantities, whose values the rows hold. */
    static String pairs(List<String> quantities) {
        return pairs(quantities, "");
    }

    /** The same with "draw" or "divergent" in "kind". */
    static String pairsWithDivergent(List<String> quantities) {
        return pairs(
                quantities,
                ", \"color\": {\"field\": \"kind\", \"type\": \"nominal\", \"scale\": {\"domain\": [\"draw\","
                        + " \"divergent\"]}, \"legend\": {\"orient\": \"bottom\"}}");
    }

    private static String pairs(List<String> quantities, String colour) {
        List<String> plots = new ArrayList<>();
        int n = quantities.size();
        int width = n == 2 ? 420 : 240;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                plots.add("{\"width\": " + width + ", \"height\": " + width + ", \"mark\": {\"type\": \"point\","
                        + " \"filled\": true, \"size\": 8, \"opacity\": 0.5, \"clip\": true}, \"encoding\": {\"x\":"
                        + axis(quantities.get(i)) + ", \"y\":" + axis(quantities.get(j)) + colour + "}}");
            }
        }
        return "{\"data\": {\"name\": \"rows\"}, \"autosize\": \"pad\", \"hconcat\": [" + String.join(", ", plots)
                + "]}";
    }

    private static String axis(String quantity) {
        return " {\"field\": " + quoted(quantity) + ", \"type\": \"quantitative\", \"scale\": {\"zero\": false}}";
    }
}
