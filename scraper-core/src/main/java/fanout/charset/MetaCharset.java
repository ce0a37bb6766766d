package fanout.charset;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The HTML standard's "prescan a byte stream to determine its encoding" (section 13.2.3.2), which reads tags without
 * building a tree. Looks at the first 8 KiB rather than 1, because browsers go on to the end of the head by other means.
 */
final class MetaCharset {

    private static final int PRESCAN = 8 << 10;

    /** As the bytes of an XML declaration in UTF-16 begin. */
    private static final String XML_LITTLE_ENDIAN = "<\0?\0x\0";
    private static final String XML_BIG_ENDIAN = "\0<\0?\0x";

    private final String text;
    private int at;
    private String name = "";
    private String value = "";

    MetaCharset(byte[] body) {
        // One character a byte: all that matters here is ASCII.
        text = new String(body, 0, Math.min(body.length, PRESCAN), StandardCharsets.ISO_8859_1);
    }

    Optional<CharsetLabel> find() {
        if (text.startsWith(XML_LITTLE_ENDIAN)) {
            return CharsetLabel.of("utf-16le");
        }
        if (text.startsWith(XML_BIG_ENDIAN)) {
            return CharsetLabel.of("utf-16be");
        }
        return inMeta().or(() -> XmlCharset.find(text));
    }

    private Optional<CharsetLabel> inMeta() {
        for (at = text.indexOf('<'); at >= 0 && at < text.length(); at = text.indexOf('<', at)) {
            if (text.startsWith("<!--", at)) {
                // From the second dash on, so that <!--> is a whole comment.
                skipPast("-->", at + 2);
            } else if (startsMeta()) {
                at += 5;
                Optional<CharsetLabel> found = meta();
                if (found.isPresent()) {
                    return found;
                }
            } else if (startsTag()) {
                skipTag();
            } else if (at + 1 < text.length() && "!/?".indexOf(text.charAt(at + 1)) >= 0) {
                skipPast(">", at);
            } else {
                at++;
            }
        }
        return Optional.empty();
    }

    private boolean startsMeta() {
        return text.regionMatches(true, at, "<meta", 0, 5)
                && at + 5 < text.length()
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

    /** Reads an attribute into name and value; false at the end of the tag. */
    private boolean attribute() {
        while (at < text.length() && (CharsetLabel.isSpace(text.charAt(at)) || text.charAt(at) == '/')) {
            at++;
        }
        if (at >= text.length() || text.charAt(at) == '>') {
            return false;
        }
        int start = at++;
        while (at < text.length() && !CharsetLabel.isSpace(text.charAt(at)) && "=/>".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        name = text.substring(start, at).toLowerCase(Locale.ROOT);
        value = "";
        skipSpaces();
        if (at < text.length() && text.charAt(at) == '=') {
            at++;
            skipSpaces();
            value = attributeValue();
        }
        return true;
    }

    private String attributeValue() {
        if (at >= text.length()) {
            return "";
        }
        char quote = text.charAt(at);
        int start = at;
        if (quote == '"' || quote == '\'') {
            int end = text.indexOf(quote, start + 1);
            at = end < 0 ? text.length() : end + 1;
            return end < 0 ? "" : text.substring(start + 1, end);
        }
        while (at < text.length() && !CharsetLabel.isSpace(text.charAt(at)) && text.charAt(at) != '>') {
            at++;
        }
        return text.substring(start, at);
    }

    private void skipSpaces() {
        while (at < text.length() && CharsetLabel.isSpace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
