package fanout.internal.text;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jspecify.annotations.Nullable;

/** What is written in preformatted text, and in which language, if it is code. */
final class Preformatted {

    /** Of the element itself, of the code in it, and of what is around it, as highlighters write it. */
    private static final Pattern LANGUAGE =
            Pattern.compile("(?:^|\\s)(?:language-|lang-|highlight-source-|highlight-|brush:\\s*)"
                    + "([a-z0-9+#._-]{1,30})(?:\\s|;|$)", Pattern.CASE_INSENSITIVE);
    private static final int ANCESTORS = 2;

    private Preformatted() {}

    /** Returns the text with its white space, without empty lines at its ends. */
    static String textOf(Element element, TextView view) {
        StringBuilder text = new StringBuilder();
        append(element, view, text);
        int end = text.length();
        while (end > 0 && Shape.isSpace(text.charAt(end - 1))) {
            end--;
        }
        int begin = 0;
        for (int i = 0; i < end && Shape.isSpace(text.charAt(i)); i++) {
            if (text.charAt(i) == '\n') {
                begin = i + 1;
            }
        }
        return text.substring(Math.min(begin, end), end);
    }

    private static void append(Element element, TextView view, StringBuilder out) {
        int count = element.childNodeSize();
        for (int i = 0; i < count; i++) {
            Node child = element.childNode(i);
            TextView.spend(0);
            switch (child) {
                case TextNode text -> {
                    String whole = text.getWholeText();
                    TextView.spend(whole.length());
                    out.append(whole.indexOf('\r') < 0 ? whole : whole.replace("\r\n", "\n").replace('\r', '\n'));
                }
                case DataNode data -> out.append(data.getWholeData()); // of listing, xmp and plaintext
                case Element inner -> {
                    Shape shape = Shape.of(inner);
                    if (shape == Shape.LINE_BREAK) {
                        out.append('\n');
                    } else if (!view.passesOver(inner, shape) && !Shape.isPermalink(inner)) {
                        boolean isLine = !shape.isInline();
                        if (isLine && !out.isEmpty() && out.charAt(out.length() - 1) != '\n') {
                            out.append('\n');
                        }
                        append(inner, view, out);
                    }
                }
                default -> {} // a comment
            }
            view.memory().accept(out.length());
        }
    }

    /** Returns the language, as fences have it. */
    static Optional<String> languageOf(Element element) {
        Optional<String> own = language(element);
        Element code = element.firstElementChild();
        if (own.isEmpty() && code != null && code.normalName().equals("code")) {
            own = language(code);
        }
        @Nullable
        Element around = element.parent();
        for (int i = 0; own.isEmpty() && around != null && i < ANCESTORS; i++) {
            own = language(around);
            around = around.parent();
        }
        return own;
    }

    private static Optional<String> language(Element element) {
        String named = element.attributesSize() == 0 ? "" : element.attr("data-lang") + element.attr("data-language");
        Matcher classes = LANGUAGE.matcher(named.isEmpty() && element.attributesSize() > 0 ? element.className()
                : named.isEmpty() ? "" : "lang-" + named);
        return classes.find()
                ? Optional.of(classes.group(1).toLowerCase(Locale.ROOT)).filter(Preformatted::isLanguage)
                : Optional.empty();
    }

    private static boolean isLanguage(String name) {
        return switch (name) {
            case "default", "none", "text", "plain", "plaintext", "notranslate", "wrapper", "box", "block" -> false;
            default -> true;
        };
    }
}
