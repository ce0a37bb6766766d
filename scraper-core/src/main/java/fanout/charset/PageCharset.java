package fanout.charset;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * How a page's bytes become characters: the WHATWG's order, byte order mark before Content-Type header before meta element,
 * UTF-8 if none of them helps. Names that are unknown fall through to the next.
 *
 * @param name the charset's canonical name, as declared: what reports show
 * @param decoder what decodes it; for some declared charsets the superset that browsers take
 * @param bomLength bytes to skip
 */
public record PageCharset(String name, Charset decoder, int bomLength) {

    private static final PageCharset FALLBACK = of(StandardCharsets.UTF_8, 0);

    /** The charset of a page, by its Content-Type header (empty if there is none) and its first bytes. */
    public static PageCharset detect(String contentType, byte[] body) {
        return byBom(body)
                .or(() -> CharsetLabel.inContentType(contentType)
                        .flatMap(CharsetLabel::charset)
                        .or(() -> new MetaCharset(body).find())
                        .map(declared -> of(declared, 0)))
                .orElse(FALLBACK);
    }

    private static Optional<PageCharset> byBom(byte[] body) {
        if (startsWith(body, 0xEF, 0xBB, 0xBF)) {
            return Optional.of(of(StandardCharsets.UTF_8, 3));
        }
        if (startsWith(body, 0xFE, 0xFF)) {
            return Optional.of(of(StandardCharsets.UTF_16BE, 2));
        }
        return startsWith(body, 0xFF, 0xFE) ? Optional.of(of(StandardCharsets.UTF_16LE, 2)) : Optional.empty();
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

    private static PageCharset of(Charset declared, int bomLength) {
        return new PageCharset(declared.name(), superset(declared), bomLength);
    }

    /**
     * The Encoding Standard, section 4.2: pages declared in these are decoded with their supersets, because that is what
     * their authors saw.
     */
    private static Charset superset(Charset declared) {
        String wider = switch (declared.name().toLowerCase(Locale.ROOT)) {
            case "us-ascii", "iso-8859-1" -> "windows-1252";
            case "iso-8859-9" -> "windows-1254";
            case "tis-620" -> "x-windows-874";
            case "gb2312", "gbk" -> "GB18030";
            case "shift_jis" -> "windows-31j";
            case "euc-kr" -> "x-windows-949";
            case "big5" -> "Big5-HKSCS";
            default -> declared.name();
        };
        return Charset.isSupported(wider) ? Charset.forName(wider) : declared;
    }
}
