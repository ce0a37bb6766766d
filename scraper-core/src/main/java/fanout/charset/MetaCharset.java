package fanout.charset;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The HTML standard's "prescan a byte stream to determine its encoding" (section 13.2.3.2), which reads tags without
 * building a tree, and the encoding of an XML declaration. Looks at the first 8 KiB rather than 1, because browsers go on
 * to the end of the head by other means.
 */
final class MetaCharset {

    private static final int PRESCAN = 8 << 10;
    private static final Pattern XML = Pattern.compile("<\\?xml\\s[^>]{0,200}?encoding\\s*=\\s*[\"']([^\"'\\s]+)");

    private final String text;
    private int at;
    private String name = "";
    private String value = "";

    MetaCharset(byte[] body) {
        // One character a byte: all that matters here is ASCII.
        text = new String(body, 0, Math.min(body.length, PRESCAN), StandardCharsets.ISO_8859_1);
    }

    Optional<Charset> find() {
        for (at = text.indexOf('<'); at >= 0 && at < text.length(); at = text.indexOf('<', at)) {
            if (text.startsWith("<!--", at)) {
                // From the second dash on, so that <!--> is a whole comment.
                skipPast("-->", at + 2);
            } else if (startsMeta()) {
                at += 5;
                Optional<Charset> found = meta();
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
        return xmlDeclaration();
    }

    private Optional<Charset> xmlDeclaration() {
        Matcher matcher = XML.matcher(text);
        return matcher.lookingAt() ? declared(matcher.group(1)) : Optional.empty();
    }

    private boolean startsMeta() {
        return text.regionMatches(true, at, "<meta", 0, 5)
                && at + 5 < text.length()
                && (isSpace(text.charAt(at + 5)) || text.charAt(at + 5) == '/');
    }

    private boolean startsTag() {
        int letter = at + 1 < text.length() && text.charAt(at + 1) == '/' ? at + 2 : at + 1;
        return letter < text.length() && isLetter(text.charAt(letter));
    }

    private Optional<Charset> meta() {
        boolean isContentType = false;
        @Nullable
        String charset = null;
        @Nullable
        String inContent = null;
        while (attribute()) {
            switch (name) {
                case "http-equiv" -> isContentType |= value.equalsIgnoreCase("content-type");
                case "content" ->
                        inContent = inContent == null ? CharsetLabel.inContentType(value).orElse(null) : inContent;
                case "charset" -> charset = charset == null ? value : charset;
                default -> {
                }
            }
        }
        if (charset == null && isContentType) {
            charset = inContent;
        }
        return charset == null ? Optional.empty() : declared(charset);
    }

    /** A declaration that could be read as ASCII does not stand in UTF-16, so the standard takes it for UTF-8. */
    private static Optional<Charset> declared(String label) {
        return CharsetLabel.charset(label.toLowerCase(Locale.ROOT).startsWith("utf-16") ? "utf-8" : label);
    }

    private void skipTag() {
        while (at < text.length() && !isSpace(text.charAt(at)) && text.charAt(at) != '>') {
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
        while (at < text.length() && (isSpace(text.charAt(at)) || text.charAt(at) == '/')) {
            at++;
        }
        if (at >= text.length() || text.charAt(at) == '>') {
            return false;
        }
        int start = at++;
        while (at < text.length() && !isSpace(text.charAt(at)) && "=/>".indexOf(text.charAt(at)) < 0) {
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
        while (at < text.length() && !isSpace(text.charAt(at)) && text.charAt(at) != '>') {
            at++;
        }
        return text.substring(start, at);
    }

    private void skipSpaces() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
