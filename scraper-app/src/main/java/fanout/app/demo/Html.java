package fanout.app.demo;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Markup. A value in a template is escaped, unless it is markup itself. */
record Html(String markup) {

    static final Html NOTHING = new Html("");

    /** A template with its values, each a {@code %s}. */
    @FormatMethod
    static Html of(@FormatString String template, Object... values) {
        return new Html(String.format(Locale.ROOT, template, Arrays.stream(values).map(Html::escaped).toArray()));
    }

    static Html all(Stream<Html> parts) {
        return new Html(parts.map(Html::markup).collect(Collectors.joining()));
    }

    private static String escaped(Object value) {
        if (value instanceof Html html) {
            return html.markup;
        }
        return value.toString()
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
