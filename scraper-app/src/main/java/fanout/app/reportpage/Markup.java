package fanout.app.reportpage;

import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * Writes HTML. What comes from the web passes through here as text or as the value of an attribute, and can become
 * nothing else; what could hide or turn the text around it is replaced. Confined to one thread; does not own the
 * writer.
 */
final class Markup {

    /** Longer URLs are shown and lead nowhere: ten thousand of them would make the page too large. */
    private static final int LONGEST_LINK = 2_000;
    private static final int LONGEST_SHOWN = 300;
    private static final char REPLACEMENT = '\uFFFD';

    private final Writer out;

    Markup(Writer out) {
        this.out = out;
    }

    /** Writes a part of the page. */
    @FunctionalInterface
    interface Content {
        void writeTo(Markup markup) throws IOException;
    }

    /**
     * Writes a start tag.
     *
     * @param attributes names and values by turns; one without a value is null
     */
    Markup open(String tag, @Nullable String... attributes) throws IOException {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            String value = attributes[i + 1];
            if (value != null) {
                out.append(' ').append(attributes[i]).append("=\"");
                escape(value);
                out.append('"');
            }
        }
        out.append('>');
        return this;
    }

    Markup close(String tag) throws IOException {
        out.append("</").append(tag).append('>');
        return this;
    }

    Markup text(String text) throws IOException {
        escape(text);
        return this;
    }

    /** Writes an element with text in it; attributes as in {@link #open}. */
    Markup element(String tag, String text, @Nullable String... attributes) throws IOException {
        return open(tag, attributes).text(text).close(tag);
    }

    /** Writes what is part of the program, as it is. */
    Markup own(String html) throws IOException {
        out.append(html);
        return this;
    }

    Markup line() throws IOException {
        out.append('\n');
        return this;
    }

    /** Writes text of the web, whose direction does not reach what stands around it. */
    Markup foreign(String text) throws IOException {
        return element("bdi", cut(text));
    }

    /** Writes a URL as a link, if it leads to a page of the web, and as text otherwise. */
    Markup link(String url) throws IOException {
        boolean isOfTheWeb =
                url.regionMatches(true, 0, "http://", 0, 7) || url.regionMatches(true, 0, "https://", 0, 8);
        if (!isOfTheWeb || url.length() > LONGEST_LINK) {
            return foreign(url);
        }
        return element("a", cut(url), "href", url, "target", "_blank", "rel", "noopener noreferrer nofollow", "dir",
                "ltr");
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "\u2026";
    }

    private void escape(String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> {
                    if (Character.isHighSurrogate(c) && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                    } else {
                        out.append(isHarmful(c) ? REPLACEMENT : c);
                    }
                }
            }
        }
    }

    /** Controls, what turns the direction of the text around it, line separators, and what is no character. */
    private static boolean isHarmful(char c) {
        boolean isControl = Character.isISOControl(c) && c != '\n' && c != '\t';
        boolean turns = switch (c) {
            case '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069', '\u200E',
                    '\u200F', '\u061C' -> true;
            default -> false;
        };
        boolean endsALine = c == '\u2028' || c == '\u2029';
        return isControl || turns || endsALine || Character.isSurrogate(c) || c >= '\uFFFE';
    }
}
