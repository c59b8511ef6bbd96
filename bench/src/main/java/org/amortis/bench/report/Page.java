package org.amortis.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A page that holds everything it shows: it opens from disk, without network and without fonts of its own. Figures are
 * Vega-Lite specifications; the libraries that draw them are copied into the page.
 */
public final class Page {
    private static final String VEGA = "/META-INF/resources/webjars/vega/5.32.0/vega.min.js";
    private static final String VEGA_LITE = "/META-INF/resources/webjars/vega-lite/5.23.0/vega-lite.min.js";

    private static final String LICENCE =
            "<!-- Vega 5.32.0 and Vega-Lite 5.23.0: Copyright (c) University of Washington Interactive Data Lab,"
                    + " BSD-3-Clause; see https://vega.github.io -->\n";

    private static final String STYLE = """
        :root { color-scheme: light; }
        * { box-sizing: border-box; }
        body { margin: 0; background: #f6f7f9; color: #1d2733;
          font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 32px 24px 64px; }
        h1 { font-size: 27px; line-height: 1.25; margin: 0 0 6px; letter-spacing: -0.01em; }
        h2 { font-size: 18px; margin: 0 0 4px; }
        .lead { color: #4a5867; margin: 0 0 22px; max-width: 76ch; }
        section { background: #fff; border: 1px solid #e1e5ea; border-radius: 10px; padding: 20px 24px 22px;
          margin: 0 0 18px; }
        section > p { color: #4a5867; margin: 0 0 14px; max-width: 84ch; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(480px, 1fr)); gap: 18px; }
        .pair section { min-width: 0; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin: 0 0 18px; }
        .card { background: #fff; border: 1px solid #e1e5ea; border-radius: 10px; padding: 14px 16px; }
        .card .name { color: #5b6977; font-size: 13px; }
        .card .value { font-size: 25px; font-weight: 600; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
        .card .note { color: #5b6977; font-size: 12.5px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: 6px 10px; border-bottom: 1px solid #edf0f3; white-space: nowrap; }
        th { color: #5b6977; font-weight: 600; font-size: 13px; }
        th:first-child, td:first-child { text-align: left; }
        .words th:last-child, .words td:last-child { text-align: left; white-space: normal; padding-left: 24px; }
        table.text td { text-align: left; white-space: normal; vertical-align: top; }
        table.text td:first-child { white-space: nowrap; }
        tr:last-child td { border-bottom: 0; }
        code { font: 13px/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace; }
        .scroll { overflow-x: auto; }
        .chart svg { display: block; }
        figure { margin: 0 0 10px; }
        figcaption { color: #5b6977; font-size: 13px; margin: 0 0 3px; }
        img.pixels { image-rendering: pixelated; display: block; width: 100%; border: 1px solid #e1e5ea; }
        .legend { font-size: 13px; color: #4a5867; }
        """;

    private static final String CONFIG = """
        {"background": "#ffffff", "font": "system-ui, 'Liberation Sans', Arial, sans-serif",
         "view": {"stroke": null},
         "axis": {"labelColor": "#4a5867", "titleColor": "#1d2733", "titleFontWeight": 600, "labelFontSize": 12,
           "titleFontSize": 12.5, "gridColor": "#eceff2", "domainColor": "#c3cad1", "tickColor": "#c3cad1",
           "titlePadding": 9},
         "legend": {"labelColor": "#1d2733", "titleColor": "#4a5867", "labelFontSize": 12.5, "symbolSize": 90,
           "orient": "top", "title": null, "offset": 6},
         "range": {"category": ["#2f6db3", "#d9772b", "#5b9a68", "#8a63ae"]}}\
        """;

    private final String title;
    private final StringBuilder body = new StringBuilder();
    private final Map<String, String> figures = new LinkedHashMap<>();

    /**
     * An empty page.
     *
     * @param title its title
     * @param lead what it is about
     */
    public Page(String title, String lead) {
        this.title = title;
        body.append("<h1>")
                .append(escape(title))
                .append("</h1>\n<p class=\"lead\">")
                .append(escape(lead))
                .append("</p>\n");
    }

    /**
     * Text made safe for a page.
     *
     * @param text any text
     * @return markup that shows it
     */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /**
     * A number that matters.
     *
     * @param name what it is
     * @param value the number with its unit
     * @param note its error or meaning
     */
    public record Card(String name, String value, String note) {}

    /**
     * Adds numbers that matter.
     *
     * @param cards in a row
     * @return this
     */
    public Page cards(List<Card> cards) {
        body.append("<div class=\"cards\">\n");
        for (Card c : cards) {
            body.append("<div class=\"card\"><div class=\"name\">")
                    .append(escape(c.name()))
                    .append("</div><div class=\"value\">")
                    .append(escape(c.value()))
                    .append("</div><div class=\"note\">")
                    .append(escape(c.note()))
                    .append("</div></div>\n");
        }
        body.append("</div>\n");
        return this;
    }

    /**
     * Begins two columns.
     *
     * @return this
     */
    public Page beginPair() {
        body.append("<div class=\"pair\">\n");
        return this;
    }

    /**
     * Ends two columns.
     *
     * @return this
     */
    public Page endPair() {
        body.append("</div>\n");
        return this;
    }

    private Page section(String heading, String meaning, String content) {
        body.append("<section><h2>")
                .append(escape(heading))
                .append("</h2>\n<p>")
                .append(escape(meaning))
                .append("</p>\n")
                .append(content)
                .append("</section>\n");
        return this;
    }

    /**
     * Adds a figure.
     *
     * @param id its name in the page
     * @param heading title
     * @param meaning what it shows, in a sentence
     * @param specification Vega-Lite, JSON; its data are named "rows"; without width it fills its box
     * @param rows the data: maps of strings and numbers
     * @return this
     */
    public Page figure(
            String id, String heading, String meaning, String specification, List<Map<String, Object>> rows) {
        figures.put(id, "{\"spec\": " + specification + ", \"rows\": " + Json.of(rows) + "}");
        return section(heading, meaning, "<div id=\"" + escape(id) + "\" class=\"chart\"></div>\n");
    }

    /**
     * A row of images.
     *
     * @param caption what they are
     * @param image the images
     */
    public record Strip(String caption, Png image) {}

    /**
     * Adds images.
     *
     * @param heading title
     * @param meaning what they show, in a sentence
     * @param strips one above the other
     * @return this
     */
    public Page images(String heading, String meaning, List<Strip> strips) {
        StringBuilder b = new StringBuilder();
        for (Strip s : strips) {
            b.append("<figure><figcaption>")
                    .append(escape(s.caption()))
                    .append("</figcaption><img class=\"pixels\" alt=\"")
                    .append(escape(s.caption()))
                    .append("\" width=\"")
                    .append(s.image().width())
                    .append("\" height=\"")
                    .append(s.image().height())
                    .append("\" style=\"height:auto\" src=\"")
                    .append(s.image().dataUri())
                    .append("\"></figure>\n");
        }
        return section(heading, meaning, b.toString());
    }

    /** What the cells of a table hold. */
    public enum Cells {
        /** A name, then numbers. */
        NUMBERS("numbers"),
        /** A name, numbers, and words in the last column. */
        NUMBERS_AND_WORDS("words"),
        /** Words. */
        TEXT("text");

        private final String style;

        Cells(String style) {
            this.style = style;
        }
    }

    /**
     * Adds a table.
     *
     * @param heading title
     * @param meaning what it shows, in a sentence
     * @param head names of the columns
     * @param rows cells, as many as columns
     * @param kind what the cells hold
     * @return this
     */
    public Page table(String heading, String meaning, List<String> head, List<List<String>> rows, Cells kind) {
        StringBuilder b = new StringBuilder("<div class=\"scroll\"><table class=\"")
                .append(kind.style)
                .append("\">");
        if (!head.isEmpty()) {
            b.append("<thead><tr>");
            head.forEach(h -> b.append("<th>").append(escape(h)).append("</th>"));
            b.append("</tr></thead>");
        }
        b.append("<tbody>\n");
        for (List<String> r : rows) {
            b.append("<tr>");
            r.forEach(c -> b.append("<td>").append(escape(c)).append("</td>"));
            b.append("</tr>\n");
        }
        b.append("</tbody></table></div>\n");
        return section(heading, meaning, b.toString());
    }

    /**
     * Writes the page.
     *
     * @param to stream, not closed
     * @throws IOException if it cannot be written
     */
    public void writeTo(OutputStream to) throws IOException {
        text(
                to,
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
                        + escape(title)
                        + "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n"
                        + STYLE
                        + "</style>\n</head>\n<body>\n<main>\n"
                        + body
                        + "</main>\n");
        if (!figures.isEmpty()) {
            text(to, LICENCE);
            script(to, VEGA);
            script(to, VEGA_LITE);
            StringBuilder b = new StringBuilder("<script>\nconst config = " + CONFIG + ";\nconst figures = {\n");
            figures.forEach(
                    (id, s) -> b.append(Json.of(id)).append(": ").append(s).append(",\n"));
            b.append("""
                };
                for (const [id, figure] of Object.entries(figures)) {
                  const box = document.getElementById(id);
                  const lite = {width: Math.max(280, box.clientWidth - 10), height: 300,
                    autosize: {type: 'fit', contains: 'padding'}, ...figure.spec, datasets: {rows: figure.rows}};
                  const spec = vegaLite.compile(lite, {config}).spec;
                  new vega.View(vega.parse(spec), {renderer: 'svg', container: box, hover: true}).runAsync();
                }
                </script>
                """);
            text(to, b.toString());
        }
        text(to, "</body>\n</html>\n");
    }

    private static void script(OutputStream to, String resource) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource + ": missing from the class path; build again");
            }
            text(to, "<script>");
            in.transferTo(to);
            text(to, "</script>\n");
        }
    }

    private static void text(OutputStream to, String s) throws IOException {
        to.write(s.getBytes(StandardCharsets.UTF_8));
    }
}
