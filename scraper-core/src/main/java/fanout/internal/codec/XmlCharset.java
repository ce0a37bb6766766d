package fanout.internal.codec;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The encoding in an XML declaration: the HTML standard's "get an XML encoding" (section 13.2.3.2). */
final class XmlCharset {

    private static final String NAME = "encoding";

    /** As the bytes of an XML declaration in UTF-16 begin. */
    private static final String LITTLE_ENDIAN = "<\0?\0x\0";
    private static final String BIG_ENDIAN = "\0<\0?\0x";

    private XmlCharset() {}

    /** Returns UTF-16, if a declaration is written in it. */
    static Optional<CharsetLabel> inUtf16(String text) {
        if (text.startsWith(LITTLE_ENDIAN)) {
            return CharsetLabel.of("utf-16le");
        }
        return text.startsWith(BIG_ENDIAN) ? CharsetLabel.of("utf-16be") : Optional.empty();
    }

    /** Returns what the declaration of XML says that begins with these bytes. */
    static Optional<CharsetLabel> find(byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1);
        return inUtf16(text).or(() -> find(text));
    }

    /** Returns what a declaration in ASCII says. */
    static Optional<CharsetLabel> find(String text) {
        int name = text.indexOf(NAME);
        if (!text.startsWith("<?xml") || name < 0 || name > text.indexOf('>')) {
            return Optional.empty();
        }
        int equals = skipControls(text, name + NAME.length());
        if (!isAt(text, equals, "=")) {
            return Optional.empty();
        }
        int quote = skipControls(text, equals + 1);
        if (!isAt(text, quote, "\"'")) {
            return Optional.empty();
        }
        int end = text.indexOf(text.charAt(quote), quote + 1);
        String label = end < 0 ? "" : text.substring(quote + 1, end);
        // A label with white space around it is not one here.
        return label.chars().allMatch(c -> c > ' ')
                ? CharsetLabel.of(label).flatMap(CharsetLabel::inAscii)
                : Optional.empty();
    }

    private static boolean isAt(String text, int at, String characters) {
        return at < text.length() && characters.indexOf(text.charAt(at)) >= 0;
    }

    private static int skipControls(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        return at;
    }
}
