package fanout.charset;

import java.nio.charset.Charset;
import java.util.Optional;

/**
 * How a page's bytes become characters, and its links' queries bytes: as the HTML standard and the Encoding Standard say.
 * A byte order mark comes before the Content-Type header, that before the meta element, and that before an XML declaration;
 * UTF-8 if none of them helps. Labels that are unknown fall through to the next. Immutable.
 *
 * @param name the charset's name, as declared: what reports show
 * @param decoder what decodes it; for some declared charsets the superset that browsers take
 * @param bomLength bytes to skip
 */
public record PageCharset(String name, Charset decoder, int bomLength) {

    /** The charset of a page, by its Content-Type header (empty if there is none) and its first bytes. */
    public static PageCharset detect(String contentType, byte[] body) {
        return byBom(body)
                .orElseGet(() -> HeaderCharset.find(contentType)
                        .or(() -> new MetaCharset(body).find())
                        .map(declared -> new PageCharset(declared.name(), declared.charset(), 0))
                        .orElseGet(() -> unicode("UTF-8", 0)));
    }

    /** UTF-8 as the Encoding Standard reads it. */
    public static Charset utf8() {
        return Encodings.of("UTF-8");
    }

    /** Whether the page is in UTF-8. */
    public boolean isUtf8() {
        return decoder instanceof Utf8;
    }

    private static Optional<PageCharset> byBom(byte[] body) {
        if (startsWith(body, 0xEF, 0xBB, 0xBF)) {
            return Optional.of(unicode("UTF-8", 3));
        }
        if (startsWith(body, 0xFE, 0xFF)) {
            return Optional.of(unicode("UTF-16BE", 2));
        }
        return startsWith(body, 0xFF, 0xFE) ? Optional.of(unicode("UTF-16LE", 2)) : Optional.empty();
    }

    private static PageCharset unicode(String name, int bomLength) {
        return new PageCharset(name, Encodings.of(name), bomLength);
    }

    private static boolean startsWith(byte[] body, int... start) {
        if (body.length < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if ((body[i] & 0xFF) != start[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The query of a link on the page as it is asked for: percent-encoded in the page's encoding, where a character that
     * the encoding lacks is a decimal character reference. Unchanged if that is UTF-8, which every URL is written in, or has
     * no encoder.
     */
    public String query(String text) {
        return decoder instanceof LegacyCharset legacy ? legacy.query(text) : text;
    }
}
