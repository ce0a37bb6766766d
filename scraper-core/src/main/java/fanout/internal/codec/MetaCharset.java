package fanout.internal.codec;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the charset that a page declares: the HTML standard's "prescan a byte stream to determine its encoding"
 * (section 13.2.3.2), which reads tags without building a tree. Looks at the first 8 KiB rather than 1: tree
 * construction, which changes the encoding where it meets a meta element later (section 13.2.6.4.4), finds most of
 * these.
 *
 * <p>Behind these 8 KiB a meta element counts if only elements of the head stand before it, as in Chromium: a script or
 * a style sheet of any length may be first. The content of a script, a style sheet or a title is text there. Confined
 * to one thread.
 */
final class MetaCharset {

    private static final int PRESCAN = 8 << 10;
    /** Bounds the time that a search takes: a charset behind so many bytes is not found. */
    private static final int LONGEST_HEAD = 1 << 20;
    private static final Set<String> OF_HEAD =
            Set.of("base", "head", "html", "link", "meta", "noscript", "object", "script", "style", "title");
    private static final Set<String> OF_HEAD_ENDING =
            Set.of("base", "link", "meta", "noscript", "object", "script", "style", "title");
    private static final Set<String> TEXTS = Set.of("script", "style", "title");

    private final String text;
    private int at;
    private int nameStart;
    private int nameEnd;
    private int valueStart;
    private int valueEnd;
    private boolean isHeadOver;

    private MetaCharset(byte[] body, int most) {
        // One character a byte: all that matters here is ASCII.
        text = new String(body, 0, Math.min(body.length, most), StandardCharsets.ISO_8859_1);
    }

    /** What a page declares: in a meta element, or else as XML does. */
    static Optional<CharsetLabel> find(byte[] body) {
        MetaCharset start = new MetaCharset(body, PRESCAN);
        return XmlCharset.inUtf16(start.text)
                .or(start::inMeta)
                .or(start::inHead)
                .or(() -> start.isHeadOver || body.length <= PRESCAN ? Optional.empty()
                        : new MetaCharset(body, LONGEST_HEAD).inHead())
                .or(() -> XmlCharset.find(start.text));
    }

    private Optional<CharsetLabel> inMeta() {
        for (at = text.indexOf('<'); at >= 0 && at < text.length(); at = text.indexOf('<', at)) {
            if (startsMeta()) {
                at += 5;
                Optional<CharsetLabel> found = meta();
                if (found.isPresent()) {
                    return found;
                }
            } else if (startsTag()) {
                skipTag();
            } else {
                skipDeclaration();
            }
        }
        return Optional.empty();
    }

    /** Skips a comment, what is taken for one, or a bracket that is text. */
    private void skipDeclaration() {
        if (text.startsWith("<!--", at)) {
            // From the second dash on, so that <!--> is a whole comment.
            skipPast("-->", at + 2);
        } else if (at + 1 < text.length() && "!/?".indexOf(text.charAt(at + 1)) >= 0) {
            skipPast(">", at);
        } else {
            at++;
        }
    }

    /** Returns what a meta element of the head declares; sets {@code isHeadOver} at the first tag of the body. */
    private Optional<CharsetLabel> inHead() {
        for (at = text.indexOf('<'); at >= 0 && at < text.length(); at = text.indexOf('<', at)) {
            if (startsMeta()) {
                at += 5;
                Optional<CharsetLabel> found = meta();
                if (found.isPresent()) {
                    return found;
                }
            } else if (!startsTag()) {
                skipDeclaration();
            } else if (!skipTagOfHead()) {
                isHeadOver = true;
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /**
     * Skips a tag, and the text of its element; returns false if it does not belong to the head. A tag that is cut may.
     */
    private boolean skipTagOfHead() {
        boolean isEnd = text.charAt(at + 1) == '/';
        int from = at + (isEnd ? 2 : 1);
        int to = from;
        while (to < text.length() && !endsName(to)) {
            to++;
        }
        String tag = text.substring(from, to).toLowerCase(Locale.ROOT);
        skipTag();
        if (!isEnd && TEXTS.contains(tag)) {
            skipText(tag);
        }
        return at >= text.length() || (isEnd ? OF_HEAD_ENDING : OF_HEAD).contains(tag);
    }

    private void skipText(String tag) {
        at = text.indexOf("</", at);
        while (at >= 0 && !(text.regionMatches(true, at + 2, tag, 0, tag.length())
                && at + 2 + tag.length() < text.length() && endsName(at + 2 + tag.length()))) {
            at = text.indexOf("</", at + 2);
        }
        if (at < 0) {
            at = text.length();
        }
    }

    private boolean endsName(int place) {
        char c = text.charAt(place);
        return CharsetLabel.isSpace(c) || c == '/' || c == '>';
    }

    private boolean startsMeta() {
        return at + 5 < text.length()
                && (text.charAt(at + 1) | 0x20) == 'm'
                && text.regionMatches(true, at + 1, "meta", 0, 4)
                && (CharsetLabel.isSpace(text.charAt(at + 5)) || text.charAt(at + 5) == '/');
    }

    private boolean startsTag() {
        int letter = at + 1 < text.length() && text.charAt(at + 1) == '/' ? at + 2 : at + 1;
        return letter < text.length() && isLetter(text.charAt(letter));
    }

    private Optional<CharsetLabel> meta() {
        Set<String> seen = new HashSet<>();
        boolean isContentType = false;
        boolean needsContentType = false;
        boolean isDeclared = false;
        Optional<CharsetLabel> found = Optional.empty();
        while (attribute()) {
            String name = text.substring(nameStart, nameEnd).toLowerCase(Locale.ROOT);
            String value = text.substring(valueStart, valueEnd);
            // Of two attributes of one name the first counts.
            switch (seen.add(name) ? name : "") {
                case "http-equiv" -> isContentType = value.equalsIgnoreCase("content-type");
                case "content" -> {
                    Optional<CharsetLabel> inContent = ContentCharset.find(value);
                    if (!isDeclared && inContent.isPresent()) {
                        found = inContent;
                        isDeclared = true;
                        needsContentType = true;
                    }
                }
                case "charset" -> {
                    found = CharsetLabel.of(value);
                    isDeclared = true;
                    needsContentType = false;
                }
                default -> {
                }
            }
        }
        boolean isWhole = at < text.length();
        return isWhole && (isContentType || !needsContentType) ? found.flatMap(CharsetLabel::inAscii)
                : Optional.empty();
    }

    private void skipTag() {
        while (at < text.length() && !CharsetLabel.isSpace(text.charAt(at)) && text.charAt(at) != '>') {
            at++;
        }
        while (attribute()) {
            // Only so that a quoted > does not end the tag.
        }
    }

    private void skipPast(String end, int from) {
        int found = text.indexOf(end, from);
        at = found < 0 ? text.length() : found + end.length();
    }

    /** Reads an attribute, as places in the text; false at the end of the tag. */
    private boolean attribute() {
        while (at < text.length() && (CharsetLabel.isSpace(text.charAt(at)) || text.charAt(at) == '/')) {
            at++;
        }
        if (at >= text.length() || text.charAt(at) == '>') {
            return false;
        }
        nameStart = at++;
        while (at < text.length() && !endsName(at) && text.charAt(at) != '=') {
            at++;
        }
        nameEnd = at;
        valueStart = at;
        valueEnd = at;
        skipSpaces();
        if (at < text.length() && text.charAt(at) == '=') {
            at++;
            skipSpaces();
            if (at < text.length()) {
                readValue();
            }
        }
        return true;
    }

    private void readValue() {
        char quote = text.charAt(at);
        if (quote == '"' || quote == '\'') {
            int end = text.indexOf(quote, at + 1);
            valueStart = end < 0 ? text.length() : at + 1;
            valueEnd = end < 0 ? text.length() : end;
            at = end < 0 ? text.length() : end + 1;
            return;
        }
        valueStart = at;
        while (at < text.length() && !CharsetLabel.isSpace(text.charAt(at)) && text.charAt(at) != '>') {
            at++;
        }
        valueEnd = at;
    }

    private void skipSpaces() {
        while (at < text.length() && CharsetLabel.isSpace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isLetter(char c) {
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }
}
