package fanout.internal.parse;

import java.util.Optional;

/** A page's title, as browsers have it in {@code document.title}. */
final class PageTitle {

    /** Titles are capped because results wait in a queue. */
    private static final int LONGEST = 10_000;

    private PageTitle() {}

    /** The title that a title element's text makes; empty if there is nothing but white space. */
    static Optional<String> of(String text) {
        String title = collapsed(text);
        return title.isEmpty() ? Optional.empty()
                : Optional.of(title.substring(0, Math.min(title.length(), LONGEST)));
    }

    /**
     * The text without white space at its ends, and with one space for each run of it within. That is ASCII's
     * alone: no-break and zero-width spaces and soft hyphens are characters of the title.
     */
    private static String collapsed(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean isPending = false;
        for (int i = 0; i < text.length(); i++) {
            char c = isHalfOfAPair(text, i) ? '\uFFFD' : text.charAt(i);
            if (isSpace(c)) {
                isPending = !out.isEmpty();
            } else {
                if (isPending) {
                    out.append(' ');
                    isPending = false;
                }
                out.append(c);
            }
        }
        return out.toString();
    }

    /** A reference may name a surrogate, which the HTML standard replaces and jsoup does not. */
    private static boolean isHalfOfAPair(String text, int at) {
        char c = text.charAt(at);
        return (Character.isHighSurrogate(c)
                && (at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))))
                || (Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1))));
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
    }
}
