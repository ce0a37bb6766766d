package fanout.app.reportpage;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Drawings in SVG. Lengths are shares of the drawing and no styles, which the page's policy forbids, so they fit any
 * width. Stateless.
 */
final class Charts {

    private static final double TOP = 12;
    private static final double BOTTOM = 86;

    private Charts() {}

    /** A part of a bar or column: how much, and the class of its colour. */
    record Part(long value, String colour) {}

    /** A column and the word below it. */
    record Bar(String label, List<Part> parts) {

        Bar {
            parts = List.copyOf(parts);
        }

        long sum() {
            return parts.stream().mapToLong(Part::value).sum();
        }
    }

    /**
     * Writes one bar of several parts.
     *
     * @param all what the whole width stands for
     * @param said what it shows, in words; empty if words stand next to it
     */
    static void bar(Markup markup, List<Part> parts, long all, String said) throws IOException {
        markup.open("svg", "class", "meter", "width", "100%", "height", "9", "role", said.isEmpty() ? null : "img",
                "aria-label", said.isEmpty() ? null : said, "aria-hidden", said.isEmpty() ? "true" : null);
        double at = 0;
        for (Part part : parts) {
            double width = all == 0 ? 0 : 100.0 * part.value / all;
            if (width > 0) {
                markup.open("rect", "class", part.colour, "x", percent(at), "width", percent(width), "height", "9")
                        .close("rect");
            }
            at += width;
        }
        markup.close("svg");
    }

    /**
     * Writes columns next to one another.
     *
     * @param said what they show, in words
     */
    static void columns(Markup markup, List<Bar> bars, String said) throws IOException {
        long most = Math.max(1, bars.stream().mapToLong(Bar::sum).max().orElse(1));
        markup.open("svg", "class", "columns", "width", "100%", "height", "180", "role", "img", "aria-label", said);
        for (int i = 0; i <= 2; i++) {
            String y = percent(TOP + (BOTTOM - TOP) * i / 2);
            markup.open("line", "class", "grid", "x1", "0", "x2", "100%", "y1", y, "y2", y).close("line");
        }
        double step = 100.0 / Math.max(1, bars.size());
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double x = step * i;
            double y = BOTTOM;
            for (Part part : bar.parts) {
                double height = (BOTTOM - TOP) * part.value / most;
                y -= height;
                if (part.value > 0) {
                    double shown = Math.max(height, 0.6); // one of many is seen, too
                    markup.open("rect", "class", part.colour, "x", percent(x + step * 0.14), "width",
                            percent(step * 0.72), "y", percent(y + height - shown), "height", percent(shown))
                            .close("rect");
                }
            }
            if (bar.sum() > 0) {
                markup.element("text", compact(bar.sum()), "class", "value", "x", percent(x + step / 2), "y",
                        percent(y - 2));
            }
            markup.element("text", bar.label, "class", i % 2 == 0 ? "label" : "label odd", "x",
                    percent(x + step / 2), "y", "96%");
        }
        markup.close("svg").line();
    }

    /** Writes what the colours mean. */
    static void legend(Markup markup, List<Part> parts, List<String> names) throws IOException {
        long all = parts.stream().mapToLong(Part::value).sum();
        markup.open("p", "class", "legend");
        for (int i = 0; i < parts.size(); i++) {
            markup.open("span")
                    .open("svg", "class", "key", "width", "10", "height", "10", "aria-hidden", "true")
                    .open("rect", "class", parts.get(i).colour, "width", "10", "height", "10", "rx", "3")
                    .close("rect")
                    .close("svg")
                    .text(names.get(i) + " " + Words.number(parts.get(i).value) + " ("
                            + Words.percent(parts.get(i).value, all) + ")")
                    .close("span")
                    .text(" ");
        }
        markup.close("p").line();
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f%%", value);
    }

    private static String compact(long value) {
        return value < 10_000 ? Words.number(value)
                : value < 1_000_000 ? String.format(Locale.ROOT, "%.0fk", value / 1000.0)
                        : String.format(Locale.ROOT, "%.1fM", value / 1_000_000.0);
    }
}
